"""Raw documents rewritten without what is erased: nothing of it is in their bytes, and a run makes the same of them."""

import gzip
import json
import shutil

import polars as pl
import pytest
import zstandard
from support import CHECKOUT, page
from support.youtube import write_answer
from typer.testing import CliRunner

from threadmill import cli, pipeline, schema
from threadmill.errors import Mistake
from threadmill.pipeline import erasing
from threadmill.pipeline.matching import Wanted
from threadmill.privacy import erasures
from threadmill.privacy.scan import scan
from threadmill.storage import tables

ADA = "Ada_Quill"
LINES = [
    ("c1", "t3_p1", ADA, "I think zorbium cures nothing at all, whatever the leaflet says. Ask Bo."),
    ("c2", "t1_c1", "Bo", "> I think zorbium cures nothing at all, whatever the leaflet says.\n\nAda_Quill is right."),
    ("c3", "t1_c2", "ada_quill2", "Somebody else, who is called nearly the same."),
    ("c4", "t1_c1", "Cy", "Yes. u/Ada_Quill too."),
    ("c5", "t1_c4", ADA, "Yes."),
    ("c6", "t1_c5", "Dë", "Yes."),
]  # fmt: skip
TABLE = """Comment,Who,Says,Answers
1,Ada Quill,"I said, and say again: no leaflet ever cured anybody.",
2,Bo,Ada Quill is right,1
3,Ada Quill,Yes,2
"""
MAPPING = 'comment_id = "Comment"\nauthor_name = "Who"\ntext = "Says"\nparent_id = "Answers"\n'


def list_lines():
    for own, above, author, text in LINES:
        said = {
            "id": own, "link_id": "t3_p1", "parent_id": above, "author": author, "body": text,
            "created_utc": 1_700_000_000 + int(own[1:]) * 60, "permalink": f"/r/zorb/comments/p1/_/{own}/",
            "subreddit": "zorb", "author_flair_text": f"{author} of Zorb",
        }  # fmt: skip
        yield json.dumps(said) + "\n"


def write_page(raw):
    folder = raw / "substack"
    shutil.copytree(CHECKOUT / "data" / "raw" / "substack", folder)


def write_dump(raw, ending="", pack=bytes):
    (raw / "reddit").mkdir()
    path = raw / "reddit" / f"talk.ndjson{ending}"
    path.write_bytes(pack("".join(list_lines()).encode()))


def write_json(raw):
    named = (
        ("Ugx1.r1", "@bo", "@una nor am I, not at all sure."),
        ("Ugx1.r2", "@una", "On it again."),
    )
    write_answer(
        raw / "youtube" / "a.json",
        ("Ugx1", "@una", "On it, as I always am, and will be for many years to come."),
        *named,
    )


def write_table(raw):
    (raw / "forum").mkdir()
    (raw / "forum" / "columns.toml").write_text(MAPPING)
    (raw / "forum" / "talk.csv").write_text(TABLE)


QUICK = ("page", "dump")
"""Forms that every run of the suite rewrites; `make test-fire` does all."""
FORMS = {
    "page": (write_page, ("Helen", "Gavin Giovannoni")),
    "dump": (write_dump, (ADA,)),
    "gz": (lambda raw: write_dump(raw, ".gz", gzip.compress), (ADA,)),
    "zst": (lambda raw: write_dump(raw, ".zst", zstandard.compress), (ADA,)),
    "json": (write_json, ("youtube:UCuna",)),
    "table": (write_table, ("Ada Quill",)),
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    (folder / "data" / "raw").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


def read(home):
    """Return all tables but what hashes the documents, and the run."""
    snapshot = (home / "data" / "processed" / "current").resolve()
    gone = {"source_sha256", "run_id"}
    return {
        name: rows.drop(gone & {*rows.columns})
        for name in schema.TABLES
        if name != "runs" and (rows := pl.read_parquet(tables.files(snapshot, name))).width
    }


def erase(names, raw_files):
    named = [word for name in names for word in ("--author", name)]
    asked = ["erase", *named, "--raw-files", raw_files, "--yes", "--jobs", "1"]
    ended = CliRunner().invoke(cli.app, asked)
    assert ended.exit_code == 0, ended.output + str(ended.exception)


@pytest.mark.parametrize(
    "form",
    [form if form in QUICK else pytest.param(form, marks=pytest.mark.slow) for form in FORMS],
)
def test_a_run_makes_of_rewritten_documents_what_it_makes_of_those_left_as_they_are(form, home):
    write, names = FORMS[form]
    raw = home / "data" / "raw"
    write(raw)
    pipeline.run(jobs=1)
    places = erasing.Places(raw, (home / "data" / "processed",))
    needles = erasing.find(places, Wanted(authors=names), 1).needles
    assert scan([raw], needles).hits
    shutil.copytree(home / "data", home.parent / "data", symlinks=True)
    erase(names, "record")
    recorded = read(home)
    shutil.rmtree(home / "data")
    shutil.move(home.parent / "data", home / "data")
    erase(names, "rewrite")
    kept = [path for path in (home / "data").iterdir() if path.name != "processed"]
    assert scan(kept, needles).hits == []
    for name, rows in read(home).items():
        assert rows.equals(recorded[name]), name
    (receipt,) = (erasures.find_folder(raw) / "receipts").iterdir()
    assert json.loads(receipt.read_text())["raw_files_left"] == []
    assert not list(erasures.find_folder(raw).glob("rewritten-*"))
    # From the new documents alone.
    pipeline.run(jobs=1, full=True)
    assert all(rows.equals(recorded[name]) for name, rows in read(home).items())


def test_what_can_not_be_rewritten_is_named_and_nothing_happens(home):
    raw = home / "data" / "raw"
    write_dump(raw)
    (raw / "substack").mkdir()
    (raw / "substack" / "one.txt").write_text(page())
    rows = pl.DataFrame(
        {"Comment": ["1"], "Who": [ADA], "Says": ["No, thank you."], "Answers": [None]}
    )
    (raw / "forum").mkdir()
    (raw / "forum" / "columns.toml").write_text(MAPPING)
    rows.write_parquet(raw / "forum" / "talk.parquet")
    pipeline.run(jobs=1)
    before = {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()}
    places = erasing.Places(raw, (home / "data" / "processed",))
    ids = sorted(
        one for one in read(home)["comments"].filter(author_name=ADA)["author_id"].unique()
    )
    matched = erasing.find(places, Wanted(authors=tuple(ids)), 1)
    with pytest.raises(
        Mistake, match=r"nothing was erased: forum/talk\.parquet can't be rewritten"
    ):
        erasing.rewrite_raw(places, matched)
    assert {path: path.read_bytes() for path in raw.rglob("*") if path.is_file()} == before
    assert not erasing.is_pending(raw)
    assert not list(erasures.find_folder(raw).glob("rewritten-*"))


def test_a_whole_thread_leaves_with_its_document(home):
    raw = home / "data" / "raw"
    write_dump(raw)
    pipeline.run(jobs=1)
    asked = ["erase", "--thread", "reddit:p1", "--raw-files", "rewrite", "--yes", "--jobs", "1"]
    CliRunner().invoke(cli.app, asked, catch_exceptions=False)
    assert not list((raw / "reddit").iterdir())


def rewrite(places, matched):
    rewritten = erasing.rewrite_raw(places, matched)
    erasing.note(places, matched, "", erasing.REWRITE, rewritten)
    return erasing.resume(places, 1)


@pytest.mark.parametrize("step", ["add_stones", "put_in_place", "replaced"])
def test_cut_off_at_any_step_the_documents_are_rewritten_all_the_same(step, home, monkeypatch):
    raw = home / "data" / "raw"
    write_page(raw)
    pipeline.run(jobs=1)
    places = erasing.Places(raw, (home / "data" / "processed",))
    matched = erasing.find(places, Wanted(authors=("Gavin Giovannoni",)), 1)
    assert len(matched.documents) == 2

    def cut_off(*_arguments, **_named):
        raise KeyboardInterrupt

    target = {
        "add_stones": erasures,
        "put_in_place": erasing.rewriting,
        "replaced": erasing.rewriting,
    }
    name = {"replaced": "sync_folder"}.get(step, step)
    with monkeypatch.context() as patch:
        patch.setattr(target[step], name, cut_off)
        with pytest.raises(KeyboardInterrupt):
            rewrite(places, matched)
    if step == "add_stones":
        # Nothing was noted, so nothing is erased, by no run.
        assert not erasing.is_pending(raw)
        (ended,) = rewrite(places, matched)
    else:
        (ended,) = erasing.resume(places, 1)
    assert ended.is_done
    assert scan([home / "data" / "raw", erasures.find_folder(raw)], matched.needles).hits == []
