"""The documentation site: built strictly, whole, and without a single request to elsewhere."""

import json
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
from support import CHECKOUT

DOCS = CHECKOUT / "docs"
LOADED = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?([^"'\s>]+)|<link\b[^>]*\bhref=["']?([^"'\s>]+)"""
    r"""|url\(["']?([^"')]+)|@import\s+["']([^"']+)"""
)


def build(folder):
    """Build the site of the docs in `folder` as `make docs` does, and return how that ended."""
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict", "--clean"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def pages(tmp_path):
    """A copy of what the site is built from."""
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(CHECKOUT / "zensical.toml", tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The built site."""
    folder = tmp_path_factory.mktemp("pages")
    shutil.copytree(DOCS, folder / "docs")
    shutil.copy(CHECKOUT / "zensical.toml", folder)
    ended = build(folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder / "site"


def test_every_page_is_in_the_navigation_once():
    config = tomllib.loads((CHECKOUT / "zensical.toml").read_text(encoding="utf-8"))
    listed = re.findall(r"'([\w-]+\.md)'", str(config["project"]["nav"]))
    assert sorted(listed) == sorted(path.name for path in DOCS.glob("*.md"))


def test_every_page_is_built_and_can_be_searched(site):
    index = json.loads((site / "search.json").read_text(encoding="utf-8"))
    found = {item["location"].split("#")[0] for item in index["items"]}
    assert found == {f"{path.stem}.html" for path in DOCS.glob("*.md")}
    assert all((site / name).is_file() for name in found)
    # Opened from a folder, a page may load scripts only.
    assert (site / "search.js").is_file()


def test_nothing_is_loaded_from_elsewhere(site):
    loaded = {
        next(filter(None, found))
        for path in site.rglob("*")
        if path.suffix in {".html", ".css"}
        for found in LOADED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(loaded) > 3
    assert not {address for address in loaded if re.match(r"(https?:)?//", address)}


@pytest.mark.parametrize("broken", ["[gone](gone.md)", "[gone](tables.md#gone)"])
def test_a_broken_link_fails_the_build(broken, pages):
    with (pages / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{broken}\n")
    assert build(pages).returncode != 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_search_works_in_a_page_opened_from_its_folder(scheme, site, browser):
    page = browser.new_page(color_scheme=scheme)
    heard = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda asked: heard.append(asked.url) if "://" in asked.url[:8] else None)
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("expectation")
    page.get_by_text(re.compile(r"^\d+ results$")).wait_for()
    asked = [words for words in heard if not words.startswith("file:///")]
    page.close()
    assert asked == []
