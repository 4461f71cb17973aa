"""What readers rely on doesn't change unsaid: a change of a table or column has its line in the changelog.

`contract.csv` is what the last release, or the start of the first one, had; `python -m threadmill.docs release`
writes it.
"""

import csv
import re

import pytest
from support import CHECKOUT

import threadmill
from threadmill import docs, schema

CHANGELOG = CHECKOUT / "CHANGELOG.md"
SINCE = re.compile(r"deprecated since (\d+)\.(\d+)")


def newest(changelog):
    """Return the lines of the changelog's first section as items, each with the lines that go on with it."""
    section = changelog.split("\n## ")[1]
    return re.split(r"\n(?=- |\n)", section)


def names(changelog):
    """Return the names in code spans of each item of the first section; one span may list several."""
    spans = ("`".join(re.findall(r"`([^`]+)`", item)) for item in newest(changelog))
    return [set(re.findall(r"[a-z][a-z0-9_]*", words)) for words in spans]


def unsaid(before, now, changelog, version):
    """Return what readers would find changed without a word, or gone too early."""
    items = names(changelog)
    tables = {name.split(".")[0] for name in before}
    found = []
    for name in sorted(before.keys() | now.keys()):
        if before.get(name) == now.get(name):
            continue
        table, column = name.split(".")
        words = {table} if table not in tables else {table, column}
        if not any(words <= item for item in items):
            found.append(f"{name}: CHANGELOG.md doesn't name it in one item")
        if name not in now:
            since = SINCE.search(before[name])
            if not since or tuple(map(int, since.groups())) >= version:
                found.append(f"{name}: gone without one minor version as deprecated")
    return found


def minor(version):
    return tuple(int(part) for part in version.split(".")[:2])


def recorded():
    with docs.CONTRACT.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    return rows[0][1], dict(rows[1:])


def test_every_change_of_the_schema_is_in_the_changelog():
    _, before = recorded()
    changelog = CHANGELOG.read_text(encoding="utf-8")
    assert unsaid(before, schema.contract(), changelog, minor(threadmill.__version__)) == []


def test_the_recorded_contract_is_the_last_releases():
    sections = re.findall(r"^## (\S+) — (.*)$", CHANGELOG.read_text("utf-8"), re.MULTILINE)
    assert sections[0][0] == threadmill.__version__
    released = [version for version, when in sections if when != "unreleased"]
    assert recorded()[0] == (released or [threadmill.__version__])[0]


BEFORE = {
    "comments.comment_id": "VARCHAR, never null",
    "comments.old": "VARCHAR, null, deprecated since 0.2",
    "threads.thread_id": "VARCHAR, never null",
}


@pytest.mark.parametrize(
    ("change", "said", "version", "finding"),
    [
        ({}, "Nothing.", (0, 2), None),
        ({"comments.new": "BIGINT, null"}, "Faster.", (0, 2), "comments.new: CHANGELOG"),
        ({"comments.new": "BIGINT, null"}, "`comments` has `new`.", (0, 2), None),
        ({"comments.new": "BIGINT, null"}, "`comments` is faster.\n- `new`", (0, 2), "comments.new"),
        ({"comments.comment_id": "VARCHAR, null"}, "Other.", (0, 2), "comments.comment_id"),
        ({"comments.comment_id": "VARCHAR, null"}, "`comment_id` in `comments`.", (0, 2), None),
        ({"words.word": "VARCHAR, null"}, "New: `threads, words`.", (0, 2), None),
        ({"comments.old": None}, "`comments`: `old` is gone.", (0, 2), "comments.old: gone"),
        ({"comments.old": None}, "`comments`: `old` is gone.", (0, 3), None),
        ({"comments.old": None}, "Cleaner.", (0, 3), "comments.old: CHANGELOG"),
        ({"threads.thread_id": None}, "`threads`: `thread_id` gone.", (9, 0), "threads.thread_id: gone"),
    ],
)  # fmt: skip
def test_a_change_needs_its_line_and_a_column_its_time(change, said, version, finding):
    now = {name: what for name, what in (BEFORE | change).items() if what}
    changelog = (
        f"# Changelog\n\n## 0.2.0 — unreleased\n\n- {said}\n\n## 0.1.0 — 2026-01-05\n\n- `new`.\n"
    )
    found = unsaid(BEFORE, now, changelog, version)
    assert not found if finding is None else found[0].startswith(finding)


def test_a_deprecated_column_says_so_in_the_contract(monkeypatch):
    column = schema.COLUMNS["host_name"]._replace(meaning="Deprecated since 0.2: use `host`.")
    monkeypatch.setitem(schema.COLUMNS, "host_name", column)
    assert schema.contract()["threads.host_name"] == "VARCHAR, null, deprecated since 0.2"
