"""Threads with true trees from real files teach the platform's priors, and can be scored."""

import json
import random
import re

import polars as pl
import pytest
from support import renderers, run_threadmill
from support.renderers import Said

from threadmill.publish import snapshots

WORDS = [
    "rope",
    "knot",
    "anchor",
    "tide",
    "sail",
    "harbour",
    "reef",
    "wind",
    "storm",
    "splice",
    "cleat",
]
PEOPLE = ["Ada", "Bo", "Cy", "Dee", "Eli", "Fay", "Gus", "Hal"]


def talk(seed, size=45):
    """Return a thread in pre-order in which answers take up words of what they answer."""
    chance = random.Random(seed)
    said: list[Said] = []
    way: list[int] = []
    for number in range(size):
        del way[chance.choice([0, 1, 1, 2, 3]) :]
        parent = way[-1] if way else None
        own = " ".join(chance.choices(WORDS, k=9))
        taken = said[parent].words.split()[:3] if parent is not None else []
        author = chance.choice(
            [one for one in PEOPLE if parent is None or one != said[parent].author]
        )
        said.append(
            Said(number, parent, author, " ".join([*taken, own]), 1_700_000_000 + 60 * number, 0)
        )
        way.append(number)
    return said


def topic(seed):
    """Return the topic's JSON with ids of its own, as one forum gives them."""
    data = json.loads(renderers.discourse(talk(seed)))
    data["id"] = seed
    for post in data["post_stream"]["posts"]:
        post["id"] += 10_000 * seed
    return json.dumps(data)


@pytest.fixture
def topics(project):
    folder = project / "data" / "raw" / "discourse"
    folder.mkdir()
    for seed in range(1, 6):
        (folder / f"topic-{seed}.json").write_text(topic(seed), encoding="utf-8")
    return folder


def test_topics_of_a_forum_teach_its_prior(project, topics):
    ran = run_threadmill("run", cwd=project)
    assert ran.returncode == 0, ran.stderr
    snapshot = snapshots.locate_current(project / "data" / "processed")
    threads = pl.read_parquet(snapshot / "threads.parquet").filter(
        pl.col("platform") == "discourse"
    )
    assert threads["comment_count"].to_list() == [45] * 5
    comments = pl.read_parquet(snapshot / "comments").filter(pl.col("platform") == "discourse")
    assert set(comments["parent_status"]) == {"top_level", "explicit"}
    fitted = run_threadmill("replies", "fit", cwd=project)
    assert fitted.returncode == 0, fitted.stderr
    said = re.search(
        r"^discourse: (?:not )?fitted; .*held-out threads.*$", fitted.stdout, re.MULTILINE
    )
    assert said, fitted.stdout


def test_raw_files_with_true_trees_are_scored(project, topics):
    ended = run_threadmill("evaluate", "replies", *sorted(topics.iterdir()), "--json", cwd=project)
    assert ended.returncode == 0, ended.stderr
    measured = json.loads(ended.stdout)["sources"]["discourse"]
    assert measured["edges"] == 5 * 44
    assert 0.2 < measured["edge_accuracy"] < 1


def test_a_dump_is_scored_and_labelled_threads_still_are(project):
    folder = project / "reddit"
    folder.mkdir()
    (folder / "RC_1.ndjson").write_text(renderers.reddit_dump(talk(1)), encoding="utf-8")
    known = project / "known.ndjson"
    lines = [
        {"thread_id": "t", "comment_id": one.number, "parent_id": one.parent}
        | {"author": one.author, "text": one.words}
        for one in talk(1)
    ]
    known.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    ended = run_threadmill(
        "evaluate", "replies", folder / "RC_1.ndjson", known, "--json", cwd=project
    )
    assert ended.returncode == 0, ended.stderr
    measured = json.loads(ended.stdout)["sources"]
    assert measured["reddit"]["edge_accuracy"] == measured["known"]["edge_accuracy"]


def test_a_page_that_lost_its_tree_is_refused(project):
    page = project / "data" / "raw" / "substack" / "ms-lazarus-effect.txt"
    ended = run_threadmill("evaluate", "replies", page, cwd=project)
    assert ended.returncode == 2
    assert "doesn't tell of any whole thread who answers whom" in ended.stderr
