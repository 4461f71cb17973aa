"""Topics for any thread: how often they are right, and that they give way; keywords of few threads."""

import shutil

import pytest
from support import CHECKOUT, SAMPLE

import threadmill
from threadmill import paths, topics
from threadmill.cli import topics as topic_commands
from threadmill.measure.topic_packs import evaluate_pack
from threadmill.models import running
from threadmill.publish import snapshots

GOLD = CHECKOUT / "tests" / "mentions" / "gold"
THREADS = [
    path for path in sorted(GOLD.glob("*/thread.ndjson")) if '"topics"' in path.read_text("utf-8")
]
LABELLED = [*THREADS, CHECKOUT / "tests" / "topics" / "chauffage_fr.ndjson"]
COLUMNS = """
comment_id = "comment_id"
thread_id = "thread_id"
parent_id = "parent_id"
author_name = "author"
created_at = "created_at"
text = "text"
"""


@pytest.fixture(scope="module")
def figures():
    return evaluate_pack(LABELLED, paths.shipped_vocabulary(), "generic")


def test_a_generic_topic_is_rarely_said_wrongly(figures):
    assert figures["texts"] == 284
    assert {topic for topic, one in figures["kinds"].items() if one["precision"] < 0.8} == set()
    assert figures["precision"] > 0.93
    assert figures["recall"] > 0.5


def test_topics_that_the_pack_has_not_are_ignored(figures):
    assert "asking" not in figures["kinds"]


@pytest.mark.parametrize(
    ("line", "finding"),
    [('{"text": "x"}\n', "--pack needs text and topics"), ("no json\n", "newline-delimited JSON")],
)
def test_unlabelled_texts_are_refused_in_a_sentence(tmp_path, line, finding):
    file = tmp_path / "texts.ndjson"
    file.write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match=finding):
        evaluate_pack([file], paths.shipped_vocabulary(), "generic")


def test_the_sample_has_the_topics_of_its_own_pack_alone(milled):
    with running.open_tables(snapshots.locate_current(milled), None) as con:
        found = con.execute("select distinct origin from comment_topics").fetchall()
        scopes = con.execute("from topic_scopes where origin = 'pack:generic'").fetchall()
    assert found == [("pack:neuro-ms",)]
    assert scopes == [("pack:generic", "except_pack", "pack:neuro-ms")]


def test_a_pack_that_is_not_there_takes_nothing_away(tmp_path):
    shutil.copytree(paths.shipped_vocabulary() / "neuro-ms", tmp_path / "neuro-ms")
    kinds = set(topics.read_scopes(tmp_path)["scope_kind"])
    assert kinds == {"thread"}


def test_suggest_says_what_is_missing(project):
    page = project / "data" / "raw" / "substack" / "short.txt"
    for path in page.parent.iterdir():
        path.unlink()
    page.write_text(
        "Ann's avatar\nAnn\nNov 17\nThanks, dear all.\nLike (1)\nReply\nShare\n", "utf-8"
    )
    threadmill.run()
    processed = snapshots.locate_processed(None)
    assert topic_commands.suggest(processed, "generic", write=False) == (
        [],
        "no word is in 5 of 1 published comment, the fewest that tell; add threads",
    )
    none = topic_commands.suggest(processed, "neuro-ms", write=False).why_none
    assert none.startswith("none of 1 published comment has a topic of neuro-ms")


def test_keywords_need_other_threads_to_compare_with(tmp_path):
    raw = tmp_path / "raw"
    (raw / "substack").mkdir(parents=True)
    (raw / "forum").mkdir()
    shutil.copy(SAMPLE, raw / "substack")
    threadmill.run(raw, tmp_path / "processed")
    query = "select string_agg(word, ' ' order by rank) from thread_keywords where thread_id = ? and rank <= 10"

    def read_keywords():
        with running.open_tables(snapshots.locate_current(tmp_path / "processed"), None) as con:
            return con.execute(query, ["substack:ms-lazarus-effect"]).fetchall()[0][0]

    assert read_keywords() is None
    (raw / "forum" / "columns.toml").write_text(COLUMNS, encoding="utf-8")
    for path in THREADS:
        shutil.copy(path, raw / "forum" / f"{path.parent.name}.ndjson")
    threadmill.run(raw, tmp_path / "processed")
    first = "ebv chinese cure interesting bcma therapy trial ageing drug edss"
    assert read_keywords() == first
