"""What a run redoes when one thing of the code is another: each changed alone, in a copy of the package."""

import json
import re
import shutil
import subprocess
import sys
from typing import NamedTuple

import polars as pl
import pytest
from support import CHECKOUT, surroundings

from threadmill import paths, pipeline, schema, sources
from threadmill.pipeline import code_hashes, fingerprint, status
from threadmill.publish import snapshots
from threadmill.read.discover import hash_files
from threadmill.storage import tables

DOCUMENTS = (
    "youtube/boilers-youtube-api-json.json",
    "reddit/boilers-reddit-thread-json.json",
    "hackernews/boilers-hackernews-algolia-json.json",
    "forum/boilers-table.csv",
    "forum/columns.toml",
)
CODE = "\n\nSURPLUS = 1\n"
LIMIT = "\nlimit 1000000000\n"
PACK = 'name = "own"\nversion = "1"\nlicence = "CC0-1.0"\nlanguage = "en"\n[topics]\nboilers = "Boilers"\n'
MACRO = "\n;create or replace macro surplus() as 1;\n"


class Redone(NamedTuple):
    """What a run did again."""

    is_new: bool
    documents: int
    tables: frozenset[str]
    """Tables in parts of which a part was written again."""


NOTHING = Redone(False, 0, frozenset())
IN_PARTS = frozenset(name for name, table in schema.TABLES.items() if table.in_parts)
OF_MODELS = frozenset(name for name in IN_PARTS if schema.TABLES[name].group != "parsed")
OF_MENTIONS = OF_MODELS | {"mentions", "mention_candidates", "reply_candidates"}


class Copy:
    """A copy of the checkout, and in it a project that was run with it."""

    def __init__(self, folder, raw):
        self.folder, self.package, self.sql = folder, folder / "threadmill", folder / "sql"
        self.raw = raw

    def run(self):
        return pipeline.run(self.raw, jobs=1)

    def append(self, name, words=CODE):
        path = self.folder / name
        path.write_text(path.read_text(encoding="utf-8") + words, encoding="utf-8")

    def raise_version(self, name):
        path = self.package / name
        words = path.read_text(encoding="utf-8")
        version = fingerprint.declared_version(path)
        assert f"VERSION = {version} " in words
        path.write_text(words.replace(f"VERSION = {version} ", f"VERSION = {version + 1} "))

    def redo(self):
        """Run, and return what that did again."""
        before = self._parts()
        done = self.run()
        after = self._parts()
        written = {name.partition("/")[0] for name in after if after[name] != before.get(name)}
        return Redone(done.is_new, done.documents_read, frozenset(written))

    def _parts(self):
        snapshot = snapshots.locate_current(self.folder / "data" / "processed")
        names = {
            path: path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*.parquet")
        }
        return {
            name: path.stat().st_ino
            for path, name in names.items()
            if tables.bucket(name) is not None
        }


def use(copy, monkeypatch):
    monkeypatch.setattr(paths, "PACKAGE", copy.package)
    monkeypatch.setattr(paths, "CHECKOUT", copy.folder)
    monkeypatch.setattr(paths, "FILES", copy.package / "_files")
    monkeypatch.chdir(copy.folder)
    # The raw folder is the same for all.
    monkeypatch.setenv("THREADMILL_STORE", str(copy.folder / "data" / "parsed"))
    return copy


def copied(one, place, monkeypatch):
    # Times and sizes stay, so that neither a file nor a part of a table counts as another.
    shutil.copytree(one.folder, place, symlinks=True)
    return use(Copy(place, one.raw), monkeypatch)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    folder = tmp_path_factory.mktemp("copy") / "checkout"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(paths.PACKAGE, folder / "threadmill", ignore=ignored)
    shutil.copytree(CHECKOUT / "sql", folder / "sql")
    shutil.copytree(CHECKOUT / "data" / "vocabulary", folder / "data" / "vocabulary")
    for name in DOCUMENTS:
        path = folder / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(CHECKOUT / "tests" / "digests" / "raw" / name, path)
    # Topics of its own: those that ship hold for other threads.
    pack = folder / "data" / "vocabulary" / "own"
    pack.mkdir()
    (pack / "pack.toml").write_text(PACK)
    (pack / "topics.csv").write_text("topic,term\nboilers,boiler\n")
    (folder / "data" / "raw" / "youtube" / "odd.json").write_text('{"odd": 1}')
    copy = Copy(folder, folder / "data" / "raw")
    with pytest.MonkeyPatch.context() as monkeypatch:
        use(copy, monkeypatch).run()
    return copy


@pytest.fixture(scope="module")
def release(checkout, tmp_path_factory):
    with pytest.MonkeyPatch.context() as monkeypatch:
        copy = copied(checkout, tmp_path_factory.mktemp("release") / "installed", monkeypatch)
        files = copy.package / "_files"
        shutil.copytree(copy.sql, files / "sql")
        shutil.copytree(copy.folder / "data" / "vocabulary", files / "vocabulary")
        copy.run()
    return copy


@pytest.fixture
def copy(checkout, tmp_path, monkeypatch):
    return copied(checkout, tmp_path / "copy", monkeypatch)


@pytest.fixture
def installed(release, tmp_path, monkeypatch):
    return copied(release, tmp_path / "installed", monkeypatch)


def drop_a_column(store, kind):
    """Make the rows of `kind` such as code wrote them that knew a column less."""
    index = json.loads((store / "index.json").read_text(encoding="utf-8"))
    names = [name for name in index["files"] if name.startswith(f"{kind}-")]
    for name in names:
        rows = pl.read_ipc((store / name).read_bytes())
        rows.drop(rows.columns[-1]).write_ipc(store / name)
        index["files"][name][0] = (store / name).stat().st_size
        index["files"][name][2] = hash_files(store / name)
    (store / "index.json").write_text(json.dumps(index), encoding="utf-8")
    assert names


def test_rows_that_earlier_code_parsed_with_other_columns_are_read_again(copy):
    for kind in ("threads", "comments"):
        drop_a_column(copy.folder / "data" / "parsed", kind)
    copy.append("threadmill/schema/frames.py")
    assert copy.redo() == Redone(True, 5, IN_PARTS)


def modules(folder):
    return sorted(path for path in folder.rglob("*.py") if "measure" not in path.parts)


def test_docstrings_and_comments_redo_nothing(copy):
    for path in modules(copy.package):
        words = path.read_text(encoding="utf-8")
        words = re.sub(r'^"""', '"""Surplus. ', words, count=1)
        path.write_text(f'# Surplus.\n{words}\n"""Surplus."""  # Surplus.\n', encoding="utf-8")
    for path in copy.sql.rglob("*.sql"):
        path.write_text(path.read_text(encoding="utf-8").rstrip() + "\n-- surplus\n")
    assert copy.redo() == NOTHING


def test_entries_and_what_trains_or_evaluates_redo_nothing(copy):
    rooms = [copy.package / name for name in sorted(fingerprint.NOTHING)]
    files = [room.with_suffix(".py") for room in rooms] + [
        path for room in rooms for path in room.rglob("*.py")
    ]
    changed = [path for path in files if path.is_file()]
    assert {path.relative_to(copy.package).parts[0] for path in changed} >= {
        "cli", "report", "measure", "schedule", "wording.py", "docs.py", "export.py",
    }  # fmt: skip
    for path in changed:
        copy.append(path)
    assert copy.redo() == NOTHING


@pytest.mark.parametrize(
    "name",
    ["read/discover.py", "sources/nested.py", "sources/__init__.py", "threads/identify.py", "schema/frames.py",
     "storage/parsed.py", "pipeline/reading.py"],
)  # fmt: skip
def test_what_all_documents_pass_reads_all_again(copy, name):
    copy.append(f"threadmill/{name}")
    assert copy.redo() == Redone(True, 5, IN_PARTS)


@pytest.mark.parametrize(
    "name",
    ["threads/build.py", "replies/model/tree.py", "schema/base.py", "storage/tables.py", "pipeline/plan.py"],
)  # fmt: skip
def test_what_comes_after_parsing_builds_all_threads_and_reads_nothing(copy, name):
    copy.append(f"threadmill/{name}")
    assert copy.redo() == Redone(True, 0, IN_PARTS)


def test_other_weights_build_all_threads_again(copy):
    weights = copy.package / "replies" / "model" / "weights.json"
    weights.write_text(weights.read_text() + "\n")
    assert copy.redo() == Redone(True, 0, IN_PARTS)


def test_a_room_that_nobody_placed_reads_all_again(copy):
    (copy.package / "unplaced.py").write_text("SURPLUS = 1\n")
    assert copy.redo().documents == 5


@pytest.mark.parametrize("name", ["youtube.py", "table/records.py"])
def test_one_format_reads_its_documents_again_and_what_none_read(copy, name):
    copy.append(f"threadmill/sources/{name}")
    redone = copy.redo()
    assert (redone.is_new, redone.documents) == (True, 2)


@pytest.mark.parametrize("name", ["__init__.py", "rules/people.py", "text/fold.py", "packs.py"])
def test_mentions_are_found_again_and_candidates_by_addressee_with_them(copy, name):
    copy.append(f"threadmill/mentions/{name}")
    assert copy.redo() == Redone(True, 0, OF_MENTIONS)


NOBODY_ANSWERED = """

def add_answered_comments(found, comments):
    return found
"""
RUN = "import sys, threadmill; threadmill.run(*sys.argv[1:3], jobs=1, full=len(sys.argv) > 3)"


def test_candidates_found_again_are_those_of_a_full_run(copy):
    def run(processed, *full):
        subprocess.run(
            [sys.executable, "-P", "-c", RUN, copy.raw, copy.folder / "data" / processed, *full],
            env=surroundings(PYTHONPATH=str(copy.folder)),
            check=True,
        )
        snapshot = snapshots.locate_current(copy.folder / "data" / processed)
        files = (path for path in snapshot.rglob("*.parquet") if path.stem != "runs")
        return {path.relative_to(snapshot).as_posix(): path.read_bytes() for path in files}

    before = run("processed")
    copy.append("threadmill/mentions/rules/people.py", NOBODY_ANSWERED)
    after = run("processed")
    others = {name.partition("/")[0] for name in before if after.get(name) != before[name]}
    assert others & IN_PARTS == {"mentions", "reply_candidates"}
    assert after == run("full", "full")


@pytest.mark.parametrize(
    "name",
    ["threadmill/topics/__init__.py", "threadmill/models/summary.py", "sql/engagement/questions.sql",
     "sql/checks/positions_with_gaps.sql", "sql/macros/wilson.sql"],
)  # fmt: skip
def test_models_alone_run_again(copy, name):
    copy.append(name, MACRO if "macros" in name else LIMIT if name.endswith(".sql") else CODE)
    assert copy.redo() == Redone(True, 0, OF_MODELS)


@pytest.mark.parametrize("name", ["report/threads.sql", "fitting/expansion.sql"])
def test_queries_that_make_no_table_redo_nothing(copy, name):
    copy.append(f"sql/{name}", LIMIT)
    assert copy.redo() == NOTHING


def test_publishing_builds_nothing(copy):
    copy.append("threadmill/publish/catalog.py")
    assert copy.redo() == Redone(True, 0, frozenset())


def test_status_says_what_the_next_run_redoes_and_for_how_long(copy):
    processed = copy.folder / "data" / "processed"
    before = status.read(processed)
    assert (before.redone, before.redone_s) == ([], None)
    copy.append("threadmill/sources/youtube.py")
    copy.append("sql/engagement/questions.sql", LIMIT)
    said = status.read(processed)
    sentences = [
        "documents of youtube are read again: their code changed",
        "models are run again: queries changed",
    ]
    assert said.redone == sentences
    shown = [words for _, words in status.lines(said)]
    assert shown[-3] == sentences[0]
    assert re.fullmatch(rf"{sentences[1]}; about \d+ s", shown[-2])
    assert copy.run().reasons == sentences
    assert status.read(processed).redone == []


def test_each_room_is_placed_once():
    placed = [
        fingerprint.PARSING, fingerprint.BUILDING, fingerprint.MENTIONS, fingerprint.AGGREGATES,
        fingerprint.PUBLISHING, fingerprint.NOTHING,
    ]  # fmt: skip
    names = [name for rooms in placed for name in rooms]
    assert len(names) == len(set(names))
    rooms = {
        path.stem
        for path in paths.PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert rooms <= set(names)


def test_every_format_is_known_by_its_module():
    formats = {
        name.removeprefix(fingerprint.FORMAT)
        for name, _ in fingerprint.rooms()
        if name.startswith(fingerprint.FORMAT)
    }
    assert {
        sources.find_module(one.name) for source in sources.SOURCES for one in source.formats
    } == formats


def test_of_a_release_the_declared_versions_decide(installed):
    for path in modules(installed.package):
        installed.append(path)
    assert installed.redo() == NOTHING


@pytest.mark.parametrize(
    ("name", "redone"),
    [
        ("replies/__init__.py", Redone(True, 0, IN_PARTS)),
        ("threads/__init__.py", Redone(True, 5, IN_PARTS)),
        ("sources/__init__.py", Redone(True, 5, IN_PARTS)),
        ("mentions/__init__.py", Redone(True, 0, OF_MENTIONS)),
        ("models/__init__.py", Redone(True, 0, OF_MODELS)),
        ("publish/__init__.py", Redone(True, 0, frozenset())),
    ],
)
def test_another_version_in_a_release_redoes_what_code_does_in_a_checkout(installed, name, redone):
    installed.raise_version(name)
    assert installed.redo() == redone


def test_a_format_of_a_release_has_a_version_of_its_own(installed):
    installed.append("threadmill/sources/youtube.py", "\nVERSION = 2\n")
    assert installed.redo().documents == 2


def test_code_is_hashed_again_when_its_file_changes_and_only_then(tmp_path):
    module = tmp_path / "threadmill" / "module.py"
    module.parent.mkdir()
    module.write_text("ONE = 1\n")

    def hash_it():
        known = code_hashes.CodeHashes(tmp_path)
        found = known.hash_files([module], module.parent)
        known.keep()
        return found, known.has_more

    first, is_new = hash_it()
    assert is_new
    assert hash_it() == (first, False)
    module.write_text("ONE = 2\n")
    second, is_new = hash_it()
    assert is_new
    assert second != first


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"x": [1, 2]}', "no JSON"])
def test_a_damaged_cache_of_hashes_costs_only_time(tmp_path, content):
    module = tmp_path / "module.py"
    module.write_text("ONE = 1\n")
    known = code_hashes.CodeHashes(tmp_path)
    expected = known.hash_files([module], module.parent)
    known.keep()
    known.file.write_text(content.replace("x", f"{tmp_path.name}/{module.name}"))
    assert code_hashes.CodeHashes(tmp_path).hash_files([module], module.parent) == expected


@pytest.mark.parametrize(
    ("code", "other", "is_same"),
    [
        ("def f(): return 1", 'def f():\n    """Words."""\n    # Words.\n    return 1', True),
        ("A = 1", 'A = 1\n"""Words."""', True),
        ("A = 'words'", "A = 'others'", False),
        ("A = 1", "A = 2", False),
        ("def f(): '''Words.'''", "def f(): pass", False),
    ],
)
def test_only_code_counts_in_a_module(tmp_path, code, other, is_same):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text(code)
    two.write_text(other)
    assert (code_hashes.hash_code(one) == code_hashes.hash_code(two)) == is_same


@pytest.mark.parametrize(
    ("query", "other", "is_same"),
    [
        ("select 1", "-- words\nselect 1 -- words", True),
        ("select 1", "select 1 /* words\nand more */", True),
        ("select '-- a'", "select '-- b'", False),
        ("select 'it''s -- a'", "select 'it''s -- b'", False),
        ("select 1", "select 2", False),
    ],
)
def test_only_code_counts_in_a_query(tmp_path, query, other, is_same):
    one, two = tmp_path / "one.sql", tmp_path / "two.sql"
    one.write_text(query)
    two.write_text(other)
    assert (code_hashes.hash_code(one) == code_hashes.hash_code(two)) == is_same
