"""Pages and exports of one thread are one thread, and an id is one thread's: whatever is read first."""

import json

import polars as pl
import pytest
from support import copied_pages, renderers
from support.milling import put, run, table
from support.renderers import Said

from threadmill.models import summary

ADDRESS = 'url = "https://harbour.example/p/tides"\n'
SAID = [
    Said(
        0, None, "Ada", "The tide comes in twice a day on this coast, they say.", 1_700_000_000, 3
    ),
    Said(1, None, "Bo", "Thank you!", 1_700_000_060, 0),
    Said(2, 1, "Cy", "You are welcome, and come again.", 1_700_000_120, 1),
    Said(3, 1, "Ada", "I also say thanks for this long answer.", 1_700_000_180, 0),
]
PASTE = "\n".join(
    copied_pages.post(
        [
            copied_pages.Said(one.author, "Nov 14", False, None, 0, 0, None, one.words, False)
            for one in SAID
        ]
    )
)


@pytest.mark.parametrize("names", [("a.txt", "a@2.json"), ("a@2.txt", "a.json")])
@pytest.mark.parametrize("sidecar", ["", ADDRESS])
def test_the_edges_of_an_export_replace_guesses(tmp_path, names, sidecar):
    put(tmp_path, f"substack/{names[0]}", PASTE)
    if sidecar:
        put(tmp_path, "substack/a.toml", sidecar)
    run(tmp_path)
    put(tmp_path, f"substack/{names[1]}", renderers.substack_api(SAID))
    run(tmp_path)
    comments = table(tmp_path, "comments").sort("position")
    assert comments["text"].to_list() == [one.words for one in SAID]
    assert comments["parent_status"].to_list() == ["top_level"] * 2 + ["explicit"] * 2
    assert comments["parent_comment_id"].to_list() == [None, None, *[comments["comment_id"][1]] * 2]
    assert comments["created_precision"].to_list() == ["second"] * 4
    assert table(tmp_path, "reply_candidates").is_empty()
    replies = table(tmp_path, "replies")
    assert replies.select("is_inferred", "confidence", "evidence").unique().rows() == [
        (False, 1.0, "given by the source")
    ]
    assert table(tmp_path, "threads")["source_format"].to_list() == ["substack_comments_json"]
    assert table(tmp_path, "captures")["capture_number"].to_list() == [1, 2]
    assert table(tmp_path, "rejects").is_empty()


def test_what_only_the_page_shows_is_rebuilt_around_the_known_tree(tmp_path):
    put(tmp_path, "substack/a.txt", PASTE)
    put(tmp_path, "substack/a@2.json", renderers.substack_api([*SAID[:2], SAID[3]]))
    run(tmp_path)
    comments = table(tmp_path, "comments").sort("position")
    assert comments["text"].to_list() == [one.words for one in SAID]
    known = comments.filter(text=SAID[3].words)
    assert known.select("parent_status", "depth").row(0) == ("explicit", 1)
    # What follows answers Bo, so nothing between is at top level.
    own = comments["comment_id"][2]
    assert comments["parent_comment_id"].to_list() == [None, None, *[comments["comment_id"][1]] * 2]
    assert comments["parent_status"].to_list() == ["top_level"] * 2 + ["inferred", "explicit"]
    candidates = table(tmp_path, "reply_candidates")
    assert set(candidates["comment_id"]) == {own}
    assert candidates.filter(kind="top_level")["probability"].to_list() == [0]
    replies = table(tmp_path, "replies").sort("is_inferred")
    assert replies["evidence"][0] == "given by the source"
    assert replies["is_inferred"].to_list() == [False, True]
    assert table(tmp_path, "threads")["reply_prior"].to_list() == ["preset"]
    assert table(tmp_path, "capture_completeness")["parent_known_share"].to_list() == [0.75]


def test_where_page_and_tree_differ_the_parent_stays_open(tmp_path):
    shown = PASTE.replace(SAID[3].words, "This is only on the page.")
    put(tmp_path, "substack/a.txt", shown)
    # Behind Cy the tree goes on with an answer to Bo; the page ends there.
    put(
        tmp_path,
        "substack/a@2.json",
        renderers.substack_api([*SAID[:3], SAID[3]._replace(author="Di")]),
    )
    run(tmp_path)
    comments = table(tmp_path, "comments")
    found = dict(comments.select("text", "parent_status").rows())
    assert found["This is only on the page."] == "unknown"
    assert found[SAID[3].words] == "explicit"
    assert table(tmp_path, "reply_candidates").is_empty()
    assert table(tmp_path, "threads")["reply_prior"].to_list() == [None]


TALK = [
    Said(0, None, "Ada", "The kettle is older than the house it stands in.", 1_700_000_000, 3),
    Said(1, None, "Bodo", "Nice weather at the harbour today.", 1_700_000_060, 0),
    Said(2, None, "Cy", "> The kettle is older than the house\nBy how much?", 1_700_000_120, 1),
    Said(3, None, "Dee", "@Bodo it rains here.", 1_700_000_180, 0),
]
FLAT = renderers.MAPPING.replace('parent_id = "under"\n', "")


@pytest.mark.parametrize("step", [1, -1])
def test_a_table_by_time_has_edges_by_name_and_quote_only(tmp_path, step):
    put(tmp_path, "forum/talk.csv", renderers.table_csv(TALK[::step]))
    put(tmp_path, "forum/columns.toml", FLAT)
    run(tmp_path)
    comments = table(tmp_path, "comments").sort("position")
    assert comments["author_name"].to_list() == ["Ada", "Bodo", "Cy", "Dee"]
    assert comments["parent_status"].to_list() == ["unknown"] * 2 + ["inferred"] * 2
    ids = comments["comment_id"].to_list()
    assert comments["parent_comment_id"].to_list() == [None, None, ids[0], ids[1]]
    assert table(tmp_path, "replies").sort("confidence")["confidence"].to_list() == [0.6, 0.8]
    assert table(tmp_path, "threads")["reply_prior"].to_list() == [None]
    engagement = table(tmp_path, "comment_engagement").sort("created_at")
    assert engagement["reply_probability"].to_list() == [None, None, 1, 1]


@pytest.mark.parametrize(
    ("said", "order"),
    [(TALK, 'order = "replies"\n'), ([TALK[0], TALK[2], TALK[1], TALK[3]], "")],
)
def test_a_table_in_reply_order_is_rebuilt(tmp_path, said, order):
    put(tmp_path, "forum/talk.csv", renderers.table_csv(said))
    put(tmp_path, "forum/columns.toml", FLAT + order)
    run(tmp_path)
    comments = table(tmp_path, "comments").sort("position")
    assert comments["text"].to_list() == [one.words for one in said]
    assert "unknown" not in comments["parent_status"].to_list()
    assert table(tmp_path, "threads")["reply_prior"].to_list() == ["preset"]


def test_a_table_says_that_it_stands_by_time(tmp_path):
    put(tmp_path, "forum/talk.csv", renderers.table_csv([TALK[1], TALK[0], *TALK[2:]]))
    put(tmp_path, "forum/columns.toml", FLAT + 'order = "time"\n')
    run(tmp_path)
    comments = table(tmp_path, "comments").sort("position")
    assert comments["author_name"].to_list() == ["Ada", "Bodo", "Cy", "Dee"]
    assert comments["parent_status"].to_list() == ["unknown"] * 2 + ["inferred"] * 2


def test_two_ids_are_two_comments_though_they_say_the_same(tmp_path):
    twice = [SAID[1], SAID[1]._replace(number=7)]
    put(tmp_path, "substack/a.json", renderers.substack_api(twice[:1]))
    put(tmp_path, "substack/a@2.json", renderers.substack_api(twice[1:]))
    run(tmp_path)
    assert table(tmp_path, "comments").height == 2


def reddit(thread, *ids):
    rows = [
        {"id": own, "parent_id": f"t3_{thread}", "link_id": f"t3_{thread}", "author": "a"}
        | {"body": f"Words of {own}.", "created_utc": 1_700_000_000}
        for own in ids
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


TABLES = ("threads", "comments", "rejects", "captures", "replies")


def test_an_id_is_one_threads_whatever_is_read_first(tmp_path):
    put(tmp_path, "reddit/b.ndjson", reddit("bbb", "same", "own"))
    run(tmp_path)
    assert table(tmp_path, "rejects").is_empty()
    first = put(tmp_path, "reddit/c.ndjson", reddit("aaa", "same", "other"))
    run(tmp_path)
    rejects = table(tmp_path, "rejects").select("source_path", "line", "reason_code", "excerpt")
    assert rejects.rows() == [("reddit/b.ndjson", 1, "id_of_another_thread", "same")]
    found = table(tmp_path, "comments").select("thread_id", "comment_id").sort("comment_id")
    assert found.rows() == [
        ("reddit:aaa", "reddit:other"),
        ("reddit:bbb", "reddit:own"),
        ("reddit:aaa", "reddit:same"),
    ]
    before = {name: table(tmp_path, name) for name in TABLES}
    run(tmp_path, full=True)
    assert all(table(tmp_path, name).equals(before[name]) for name in TABLES)
    first.unlink()
    run(tmp_path)
    assert table(tmp_path, "rejects").is_empty()
    assert sorted(table(tmp_path, "comments")["comment_id"]) == ["reddit:own", "reddit:same"]


def test_an_id_in_two_threads_of_one_dump_is_the_first_threads(tmp_path):
    put(tmp_path, "reddit/d.ndjson", reddit("bbb", "same") + reddit("aaa", "same"))
    run(tmp_path)
    assert table(tmp_path, "comments")["thread_id"].to_list() == ["reddit:aaa"]
    assert table(tmp_path, "threads")["comment_count"].to_list() == [1, 0]


def test_ids_of_files_are_told_apart_by_the_file(tmp_path):
    put(tmp_path, "forum/one.csv", renderers.table_csv(SAID))
    put(tmp_path, "forum/two.csv", renderers.table_csv(SAID))
    lines = [line for line in renderers.MAPPING.splitlines() if not line.startswith("thread")]
    put(tmp_path, "forum/columns.toml", "\n".join(lines) + "\n")
    run(tmp_path)
    assert table(tmp_path, "rejects").is_empty()
    assert table(tmp_path, "comments")["comment_id"].n_unique() == 2 * len(SAID)


def test_a_paste_a_saved_page_and_the_json_of_one_post_are_one_thread(tmp_path):
    canonical = '<head><link rel="canonical" href="https://harbour.example/p/tides"></head>'
    page = renderers.substack_html(SAID).replace("<html>", f"<html>{canonical}", 1)
    put(tmp_path, "substack/paste.txt", PASTE)
    put(tmp_path, "substack/paste.toml", ADDRESS)
    put(tmp_path, "substack/saved.html", page)
    put(tmp_path, "substack/api.json", renderers.substack_api(SAID))
    put(tmp_path, "substack/api.toml", ADDRESS)
    run(tmp_path)
    assert table(tmp_path, "threads")["comment_count"].to_list() == [len(SAID)]
    assert table(tmp_path, "captures").height == 3
    comments = table(tmp_path, "comments").sort("position")
    assert comments["text"].to_list() == [one.words for one in SAID]
    assert comments["parent_status"].to_list() == ["top_level"] * 2 + ["explicit"] * 2
    assert table(tmp_path, "reply_candidates").is_empty()
    assert table(tmp_path, "rejects").is_empty()


@pytest.mark.parametrize(
    ("gone", "said"), [((), None), (("own",), "1 orphan: it"), (("own", "x"), "2 orphans: they")]
)
def test_a_run_counts_comments_whose_parent_is_not_there(tmp_path, gone, said):
    text = reddit("aaa", "top", "own", "x")
    for own in gone:
        text = text.replace(
            f'"id": "{own}", "parent_id": "t3_aaa"', f'"id": "{own}", "parent_id": "t1_gone"'
        )
    put(tmp_path, "reddit/a.ndjson", text)
    lines = dict(summary.lines(run(tmp_path).figures, tmp_path))["Replies"].splitlines()
    assert lines[0] == "0, as the source gives them"
    assert [line.partition(" answer")[0] for line in lines[1:]] == ([said] if said else [])
    missing = table(tmp_path, "comments").filter(parent_status="missing")
    assert missing["parent_comment_id"].to_list() == ["reddit:gone"] * len(gone)


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_reply_finds_its_parent_on_another_page_of_its_topic(tmp_path, order):
    def post(number, answered=None):
        own = {"id": 100 + number, "post_number": number, "topic_id": 7, "topic_slug": "tides"}
        words = {"username": f"u{number}", "cooked": f"<p>word {number}</p>"}
        return own | words | {"reply_to_post_number": answered}

    pages = {
        "a": [post(1), post(2), post(3, 2)],
        "b": [post(4, 2), post(5, 4), post(6, 1), post(7, 99)],
    }
    for name in order:
        posts = json.dumps({"post_stream": {"posts": pages[name]}, "id": 7})
        put(tmp_path, f"discourse/{name}.json", posts)
        run(tmp_path)
    rows = table(tmp_path, "comments").sort("text")
    assert rows.select(
        pl.col("text").str.extract(r"(\d)"),
        pl.col("parent_comment_id").str.extract(r"([^/]+)$"),
        "parent_status",
    ).rows() == [
        ("2", None, "top_level"),
        ("3", "102", "explicit"),
        ("4", "102", "explicit"),
        ("5", "104", "explicit"),
        ("6", None, "top_level"),
        ("7", "post-number-99", "missing"),
    ]
