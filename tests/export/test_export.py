"""What `threadmill export` writes, read back by the tools it is for."""

import csv
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import duckdb
import networkx as nx
import pandas as pd
import polars as pl
import pytest
from support import model_cases

from threadmill import export, schema

CASE = Path(__file__).with_name("odd_characters.txt")


@pytest.fixture
def con():
    with model_cases.warehouse() as con:
        for grid in model_cases.read(CASE).given:
            model_cases.fill(con, grid)
        model_cases.make(con, *model_cases.queries())
        yield con


def test_networkx_reads_the_networks_back(con, tmp_path):
    con.execute("update comments set author_name = 'Ann' || chr(7) where author_id = 'bob'")
    model_cases.make(con, *model_cases.queries())
    said = export.write(con, "graphml", tmp_path / "out")
    replies = nx.read_graphml(tmp_path / "out" / "replies.graphml")
    mentions = nx.read_graphml(tmp_path / "out" / "mentions.graphml")
    assert dict(replies.nodes(data="author_name")) == {"ann": "Ann <&> 李", "bob": "Ann"}
    edge = {"weight": 1.0, "reply_count": 1, "expected_reply_count": 1.0, "is_mutual": True}
    assert dict(replies.nodes(data="label")) == dict(replies.nodes(data="author_name"))
    assert list(replies.edges(data=True)) == [("ann", "bob", edge), ("bob", "ann", edge)]
    assert list(mentions.edges(data=True)) == [("bob", "ann", {"weight": 1.0, "mention_count": 1})]
    assert said["replies.graphml"] == "2 authors, 2 pairs"


def test_networkx_reads_gephis_own_format_back(con, tmp_path):
    con.execute("update comments set created_on = '2026-01-05' where author_id = 'bob'")
    con.execute(
        "update author_engagement set first_created_on = '2026-01-05' where author_id = 'bob'"
    )
    export.write(con, "gexf", tmp_path / "out")
    replies = nx.read_gexf(tmp_path / "out" / "replies.gexf", version="1.3")
    assert replies.nodes["ann"]["label"] == "Ann <&> 李"
    assert replies.nodes["bob"]["start"] == "2026-01-05"
    edge = replies.edges["bob", "ann"]
    assert (edge["weight"], edge["start"], edge["is_mutual"]) == (1.0, "2026-01-05", True)
    mentions = nx.read_gexf(tmp_path / "out" / "mentions.gexf", version="1.3")
    assert [weight for *_, weight in mentions.edges(data="weight")] == [1.0]


def test_a_star_of_single_files_is_read_by_polars_pandas_and_duckdb(con, tmp_path):
    export.write(con, "parquet", tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(schema.TABLES)
    comments, authors = (tmp_path / "out" / f"{name}.parquet" for name in ("comments", "authors"))
    asked = "select author_name, count(*) from comments join authors using (author_id) group by all order by 1"
    asked = asked.replace("comments", f"'{comments}' comments").replace(
        "authors", f"'{authors}' authors"
    )
    rows = [("Ann <&> 李", 2), ("Bob", 1)]
    assert duckdb.execute(asked.replace("author_name", "authors.author_name")).fetchall() == rows
    joined = pl.read_parquet(comments).join(pl.read_parquet(authors), on="author_id")
    assert sorted(joined.group_by("author_name_right").len().rows()) == rows
    merged = pd.read_parquet(comments).merge(pd.read_parquet(authors), on="author_id")
    assert [*merged.groupby("author_name_y").size().items()] == rows


def test_the_corpus_has_the_counts_of_the_tables(con, tmp_path):
    said = export.write(con, "convokit", tmp_path / "out")
    lines = (tmp_path / "out" / "utterances.jsonl").read_text().splitlines()
    utterances = [json.loads(line) for line in lines]
    assert [(u["id"], u["reply-to"], u["speaker"]) for u in utterances] == [
        ("c1", None, "ann"),
        ("c2", "c1", "bob"),
        ("c3", "c2", "ann"),
        ("c4", None, export.UNNAMED),
    ]
    assert list(said.values()) == ["4 utterances", "3 speakers", "1 conversations"]


def test_csv_tells_an_empty_text_from_null(con, tmp_path):
    export.write(con, "csv", tmp_path / "out")
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(schema.TABLES)
    written = (tmp_path / "out" / "comments.csv").read_text(encoding="utf-8")
    with (tmp_path / "out" / "comments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == ["", 'a\n"b", c', "é", "x"]
    assert ',,"",' in written


def test_a_spreadsheet_gets_no_formula(con, tmp_path):
    said = ['=HYPERLINK("http://a.example","x")', "+1", "-1", "@a", "\tx", "a = b", "'quoted'"]
    con.execute("delete from comments")
    for number, text in enumerate(said):
        con.execute("insert into comments (comment_id, text) values (?, ?)", [str(number), text])
    export.write(con, "spreadsheet", tmp_path / "out")
    assert (tmp_path / "out" / "comments.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out" / "comments.csv").open(encoding="utf-8-sig", newline="") as file:
        written = [row["text"] for row in csv.DictReader(file)]
    assert written == [*(f"'{text}" for text in said[:5]), *said[5:]]


def test_a_folder_that_holds_something_is_refused(con, tmp_path):
    (tmp_path / "mine.txt").touch()
    with pytest.raises(ValueError, match="is not empty; export writes to a new or empty folder"):
        export.write(con, "csv", tmp_path)


READ_BACK = """
import json, sys
from convokit import Corpus
corpus = Corpus(filename=sys.argv[1])
print(json.dumps([
    [u.id, u.reply_to, u.speaker.id, u.timestamp, u.text] for u in corpus.iter_utterances()
]))
print(json.dumps([len(list(corpus.iter_speakers())), len(list(corpus.iter_conversations()))]))
"""
LOADER_NEEDS = "pandas scikit-learn tqdm pymongo pyyaml requests"


@pytest.fixture(scope="module")
def convokit_python(tmp_path_factory):
    """Return a Python that has ConvoKit's loader, without the models it otherwise brings (gigabytes)."""
    if "CONVOKIT_PYTHON" in os.environ:
        return os.environ["CONVOKIT_PYTHON"]
    home = tmp_path_factory.mktemp("convokit")
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    # Compiling all of it took longer than loading it.
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-compile",
    ]
    for what in (["--no-deps", "convokit==5.0.0"], LOADER_NEEDS.split()):
        subprocess.run([*install, *what], check=True)
    return python


@pytest.mark.slow
def test_convokit_reads_the_corpus_back(con, tmp_path, convokit_python):
    export.write(con, "convokit", tmp_path / "out")
    found = subprocess.run(
        [convokit_python, "-I", "-c", READ_BACK, tmp_path / "out"],
        check=True,
        capture_output=True,
        text=True,
        # It writes a configuration to its user's home.
        env={**os.environ, "HOME": str(tmp_path)},
    )
    utterances, counts = map(json.loads, found.stdout.splitlines()[-2:])
    assert utterances == [
        ["c1", None, "ann", 1767571200, ""],
        ["c2", "c1", "bob", None, 'a\n"b", c'],
        ["c3", "c2", "ann", None, "é"],
        ["c4", None, export.UNNAMED, None, "x"],
    ]
    assert counts == [3, 1]
