"""Shapes that scripts and forums write beside the usual ones: all comments are read, with their parents."""

import json
from datetime import datetime

import polars as pl
import pytest
from support.milling import put, run, table
from support.renderers import FORMATS, Said

from threadmill import sources
from threadmill.cli import preview
from threadmill.models import summary
from threadmill.schema.frames import DOCUMENT
from threadmill.sources import scalars


def lines(count):
    rows = [
        {"id": f"post{n}", "parent_id": f"t1_post{n - 1}" if n else "t3_post", "link_id": "t3_post", "author": "ada",
         "body": f"Words of {n}.", "created_utc": 1_700_000_000 + n}
        for n in range(count)
    ]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


def posts(**words):
    return [
        {"id": 100 + number, "post_number": number, "reply_to_post_number": parent, "topic_id": 7,
         "topic_slug": "tides", "topic_title": "Tides", "username": f"u{number}", **words}
        for number, parent in ((3, 2), (2, None))
    ]  # fmt: skip


ITEMS = [
    {"id": 1, "type": "story", "by": "op", "title": "Tides"},
    {"id": 2, "type": "comment", "by": "ada", "text": "One.", "parent": 1},
    {"id": 3, "type": "comment", "by": "bo", "text": "Two.", "parent": 2},
]
NESTED = {**ITEMS[0], "kids": [{**ITEMS[1], "parent": None, "kids": [ITEMS[2]]}]}


@pytest.mark.parametrize(
    ("path", "value", "parent"),
    [
        ("discourse/a.json", {"latest_posts": posts(cooked="<p>Typed.</p>")}, "tides/7/102"),
        ("discourse/a.json", posts(raw="Typed."), "tides/7/102"),
        ("hackernews/a.json", NESTED, "2"),
        ("hackernews/a.json", {one["id"]: one for one in ITEMS}, "2"),
    ],
)
def test_a_shape_beside_the_usual_one_is_read(tmp_path, path, value, parent):
    put(tmp_path, path, json.dumps(value))
    run(tmp_path)
    parent = f"{path.partition('/')[0]}:{parent}"
    found = table(tmp_path, "comments")
    assert found["parent_comment_id"].to_list() == [None, parent]
    assert found["comment_id"][0] == parent
    assert table(tmp_path, "threads")["title"].to_list() == ["Tides"]
    assert table(tmp_path, "rejects").is_empty()


def test_a_last_line_without_an_end_finds_its_parent_above(tmp_path):
    """Without `link_id` only its parent tells its thread."""
    rows = [json.loads(line) for line in lines(2).splitlines()]
    for row in rows:
        del row["link_id"]
    put(tmp_path, "reddit/a.ndjson", "\n".join(map(json.dumps, rows)))
    run(tmp_path)
    assert table(tmp_path, "threads")["comment_count"].to_list() == [2]
    assert table(tmp_path, "replies")["parent_comment_id"].to_list() == ["reddit:post0"]


@pytest.mark.parametrize("nothing", ["null", "NaN", '""', '"None"'])
def test_a_parent_that_says_nothing_is_unknown(tmp_path, nothing):
    first, second = lines(2).splitlines()
    put(tmp_path, "reddit/a.ndjson", f"{first}\n" + second.replace('"t1_post0"', nothing))
    run(tmp_path)
    assert table(tmp_path, "comments")["parent_status"].to_list()[1] in ("unknown", "inferred")


@pytest.mark.parametrize(
    ("written", "is_edited"), [('"False"', False), ("0", False), ("1700000100.0", True)]
)
def test_an_edit_is_what_says_when(tmp_path, written, is_edited):
    put(tmp_path, "reddit/a.ndjson", lines(1).replace('"id"', f'"edited": {written}, "id"'))
    run(tmp_path)
    assert table(tmp_path, "comments")["is_edited"].to_list() == [is_edited]


def test_a_comment_with_a_name_and_no_id_is_read(tmp_path):
    put(tmp_path, "reddit/a.ndjson", lines(2).replace('"id": "post0"', '"name": "t1_post0"'))
    run(tmp_path)
    assert table(tmp_path, "comments")["comment_id"].to_list() == ["reddit:post0", "reddit:post1"]


def test_what_a_server_says_above_an_export_costs_nothing(tmp_path):
    said = "\n<br />\n<b>Warning</b>: no such file\n"
    export = (
        '<?xml version="1.0"?>\n<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel>\n<item><wp:post_id>1</wp:post_id>'
        "\n<wp:comment><wp:comment_id>5</wp:comment_id><wp:comment_content>Words.</wp:comment_content>"
        "<wp:comment_approved>1</wp:comment_approved></wp:comment></item></channel></rss>"
    )
    put(tmp_path, "wordpress/a.xml", said + export)
    run(tmp_path)
    assert table(tmp_path, "comments")["text"].to_list() == ["Words."]
    assert table(tmp_path, "rejects").select("line", "reason_code").rows() == [(2, "bad_character")]


def test_a_project_without_a_comment_is_published(tmp_path):
    put(tmp_path, "substack/a.txt", "Discussion about this post\nCommentsRestacks\n")
    run(tmp_path)
    assert table(tmp_path, "threads")["comment_count"].to_list() == [0]
    assert table(tmp_path, "comments").is_empty()


@pytest.mark.parametrize(("zone", "zoneless"), [("", 1), ('timezone = "Europe/Berlin"\n', 0)])
def test_times_that_name_no_zone_are_counted(tmp_path, zone, zoneless):
    table_ = "text,at\na word,2024-01-03 10:00\ntwo,2024-01-03\nthree,2024-01-03T10:00:00Z\n"
    put(tmp_path, "forum/a.csv", table_)
    mapping = tmp_path / "raw" / "forum" / "columns.toml"
    mapping.write_text(f'text = "text"\ncreated_at = "at"\n{zone}')
    figures = run(tmp_path).figures
    assert figures["zoneless"] == zoneless
    said = "1 time names no zone, so only its day is known: set timezone"
    shown = " ".join(text for _, text in summary.lines(figures, tmp_path))
    assert (said in shown) == bool(zoneless)
    reading = preview.read(mapping.with_name("a.csv"), "forum", {"columns.toml": mapping})
    assert reading.zoneless == zoneless


@pytest.mark.parametrize(
    "format_", ["substack_comments_html", "hackernews_item_html", "reddit_thread_html"]
)
def test_a_page_that_is_cut_is_told(tmp_path, format_):
    platform, render, _, _ = FORMATS[format_]
    said = [Said(n, None, f"Ada{n}", f"Words of {n}", 1_700_000_000 + n, 0) for n in range(9)]
    whole = render(said)
    for text, reasons in ((whole, []), (whole[: len(whole) // 2], ["truncated_html"])):
        document = pl.DataFrame(
            [(f"{platform}/a.html", platform, text, 1, None, None, None)],
            schema=DOCUMENT,
            orient="row",
        )
        parsed = sources.parse(document)
        assert parsed.comments.height > 0
        assert parsed.rejects["reason_code"].to_list() == reasons


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2024-01-03 10:00:00 +0200", 8),
        ("2024-01-03 10:00:00.000 +02:00", 8),
        ("2024-01-03T10:00:00Z", 10),
    ],
)
def test_an_offset_may_stand_apart(written, hour):
    assert scalars.read_iso(written) == datetime(2024, 1, 3, hour)  # noqa: DTZ001


def test_ids_that_pandas_wrote_with_a_point_are_whole_numbers(tmp_path):
    put(tmp_path, "forum/a.csv", "id,parent,text\n1.0,,a\n2.0,1,b\n3,2.0,c\n")
    mapping = tmp_path / "raw" / "forum" / "columns.toml"
    mapping.write_text('text = "text"\ncomment_id = "id"\nparent_id = "parent"\n')
    run(tmp_path)
    assert table(tmp_path, "comments")["depth"].to_list() == [0, 1, 2]
