"""Hostile input for discovery, sidecars and the published folder: what must hold for each of many inputs."""

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from threadmill.publish import snapshots
from threadmill.read import sidecars
from threadmill.read.discover import READMES, discover

MEMORY = Path("/dev/shm")
IN_MEMORY = MEMORY if os.access(MEMORY, os.W_OK) else None
"""On disk, making and removing folders takes most of the time."""
NAME = st.one_of(
    st.sampled_from(
        [
            "a.txt",
            "a.toml",
            "a.replies.csv",
            "a@b.txt",
            "@.txt",
            ".hidden",
            "README",
            "readme.Md",
            "README-too.txt",
            "x" * 200,
            "-rf",
            "a.txt.gz",
            "columns.toml",
            # Bytes that aren't UTF-8, as Python names them.
            "a\udcff.txt",
            "\udcff",
        ]
    ),
    st.text(
        st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12
    ),
)
KIND = st.sampled_from(
    ["file", "empty", "out", "out_folder", "in", "loop", "itself", "gone", "pipe", "folder"]
)
TREE = st.lists(st.tuples(st.lists(NAME, min_size=1, max_size=3), KIND), max_size=6)

PLACES = ("host", "title", "url", "publication", "published_at", "captured_at", "timezone")
VALUE = st.one_of(
    st.text(max_size=20).map(json.dumps),
    st.sampled_from(
        [
            *(
                "1",
                "true",
                "[]",
                "{}",
                "nan",
                '""',
                '"../etc"',
                '"https://[::1"',
                '"https://a.example"',
            ),
            *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-01-01", "12:00:00"),
            *("[" * 5_000, "9" * 5_000, "{a=" * 2_000, '"' + "A/" * 2_000 + '"'),
            *('"Europe/London"', '"/etc/passwd"', '"Europe"', "2026-01-01T10:00:00"),
        ]
    ),
)
TOML = st.one_of(
    st.binary(max_size=60),
    st.lists(st.tuples(st.sampled_from([*PLACES, "hots", '"a.b"']), VALUE), max_size=4).map(
        lambda rows: "\n".join(f"{key} = {value}" for key, value in rows).encode(
            "utf-8", "surrogatepass"
        )
    ),
)
CELL = st.one_of(
    st.sampled_from(["0", "1", "", '"', "comment", "parent", "\r", "\0"]), st.text(max_size=8)
)
EDGES = st.one_of(
    st.binary(max_size=60),
    st.lists(st.lists(CELL, max_size=3).map(",".join), max_size=5).map(
        lambda lines: "\n".join(["comment,parent", *lines]).encode("utf-8", "surrogatepass")
    ),
    st.just(b'comment,parent\n"' + b"x" * 200_000),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
KEYS = ("run_id", "raw", "made_with", "documents", "rejects", "files", "summary")
MANIFEST = st.one_of(
    st.binary(max_size=40),
    st.dictionaries(st.sampled_from(KEYS), JSON, min_size=5).map(
        lambda said: json.dumps(said).encode()
    ),
)


def _put(place, kind, outside):
    place.parent.mkdir(parents=True, exist_ok=True)
    if os.path.lexists(place):
        # Writing to a pipe that is there would wait for a reader.
        return
    if kind in ("file", "empty"):
        place.write_bytes(b"text\n" * (kind == "file"))
    elif kind == "folder":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    else:
        target = {
            "out": outside / "secret.txt",
            "out_folder": outside,
            "in": Path("a.txt"),
            "loop": place.parent,
            "itself": place,
            "gone": Path("nowhere"),
        }[kind]
        place.symlink_to(target)


def check_discovery(tree):
    """Every file is a document inside the raw folder, a reject, or one of those that are passed over."""
    folder = Path(tempfile.mkdtemp(prefix="hostile-", dir=IN_MEMORY))
    try:
        raw, outside = folder / "raw", folder / "outside"
        raw.mkdir()
        outside.mkdir()
        (outside / "secret.txt").write_text("password = 1\n", encoding="utf-8")
        for names, kind in tree:
            # Names that can't be, or stand in each other's way, aren't hostile.
            with contextlib.suppress(OSError):
                _put(raw.joinpath(*names), kind, outside)
        found = discover(raw, {})
        for document in found.documents:
            place = raw / document.path
            assert place.resolve().is_relative_to(raw.resolve())
            assert place.is_file()
        told = {document.path for document in found.documents}
        told |= {reject.source_path for reject in found.rejects}
        stack = [raw]
        while stack:
            for place in stack.pop().iterdir():
                if place.name.startswith("."):
                    continue
                if place.is_dir() and not place.is_symlink():
                    stack.append(place)
                elif place.name.lower() in READMES:
                    continue
                elif not place.name.endswith((".toml", ".csv")) or place.is_fifo():
                    path = place.relative_to(raw).as_posix()
                    assert path.encode("utf-8", "backslashreplace").decode() in told
        assert discover(raw, {d.path: d for d in found.documents}) == found
    finally:
        shutil.rmtree(folder)


def said(read, what):
    """Return the sentence of refusal, or the names of what was read."""
    try:
        read(what)
    except ValueError as error:
        return str(error)
    return "page.toml, page.replies.csv"


def check_sidecar(content):
    """A sidecar is read or refused in a sentence that names it."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = Path(folder, "page.toml")
        path.write_bytes(content)
        assert "page.toml" in said(sidecars.read_sidecars, [path])


def check_edges(content):
    """Corrections are read or refused in a sentence that names them."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        path = Path(folder, "page.replies.csv")
        path.write_bytes(content)
        assert "page.replies.csv" in said(sidecars.read_edits, path)


def check_manifest(content):
    """A manifest that no run wrote is no published state to build on, and stops nothing."""
    with tempfile.TemporaryDirectory(dir=IN_MEMORY) as folder:
        processed = Path(folder)
        snapshot = processed / ".snapshots" / "20260101T000000000000Z-aaaa"
        snapshot.mkdir(parents=True)
        (snapshot / "manifest.json").write_bytes(content)
        (processed / "current").symlink_to(snapshot.relative_to(processed))
        snapshots.tidy(processed)
        before = snapshots.read_current(processed)
        assert before is None or before.run_id == snapshot.name
        assert snapshots.begin(processed).is_dir()


CHECKS = {
    "discovery": (check_discovery, TREE),
    "sidecars": (check_sidecar, TOML),
    "corrections": (check_edges, EDGES),
    "manifests": (check_manifest, MANIFEST),
}


def fuzz(name, examples):
    """Try `examples` inputs of the kind `name`."""
    check, inputs = CHECKS[name]
    run = given(inputs)(lambda given_input: check(given_input))
    settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))(run)()
