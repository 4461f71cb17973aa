"""Sources with true trees: what is written is read back, and broken input costs only itself."""

import json

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import renderers
from support.renderers import FORMATS, MAPPING, Said

from threadmill import mentions, paths, sources
from threadmill.read.discover import Document
from threadmill.read.sidecars import Sidecar
from threadmill.schema.frames import DOCUMENT
from threadmill.sources import html
from threadmill.threads import build, identify
from threadmill.threads.left_out import sum_left_out

PACKS = mentions.read_packs(paths.vocabulary_folder())
TABLES = "any table (CSV, JSON, Parquet) is read with a columns.toml, see `threadmill help sources`"
SAVING = "save as HTML only"


def frame(platform, text, mapping=None):
    return pl.DataFrame(
        [(f"{platform}/a.txt", platform, text, 1, mapping, mapping and False, None)],
        schema=DOCUMENT,
        orient="row",
    )


def parsed(format_, text):
    mapping = MAPPING if format_ == "table" else None
    return sources.parse(frame(FORMATS[format_][0], text, mapping))


def milled(result, platform, path=None):
    document = Document(path or f"{platform}/a.txt", platform, 1, "", "", "")
    complete = identify.identify_rows(result, identify.collect_facts([(document, Sidecar())]))
    return build.build_threads(complete, PACKS)


def tree(rows):
    """Return author, words, time and likes of each comment with its place and its parent's."""
    places = {own: place for place, own in enumerate(rows["comment_id"])}
    return [
        (places.get(row["parent_comment_id"]), row["author_name"], row["text"], row["created_at"])
        for row in rows.sort("position").iter_rows(named=True)
    ]


def expected(said):
    from datetime import UTC, datetime

    return [
        (
            one.parent,
            one.author,
            one.words,
            datetime.fromtimestamp(one.second, UTC).replace(tzinfo=None),
        )
        for one in said
    ]


def check_round_trip(format_, said):
    platform, render, max_depth, shows_likes = FORMATS[format_]
    result = parsed(format_, render(said))
    assert result.rejects.is_empty()
    assert result.threads["source_format"].to_list() == [format_]
    published = milled(result, platform)
    rows = published.comments.sort("position")
    got = tree(rows)
    if format_ == "youtube_ytdlp_json":
        assert published.threads["platform_max_depth"].to_list() == [max_depth]
    given = expected(said)
    if format_ == "youtube_downloader_ndjson":  # its times are only `2 days ago`
        assert {at for *_, at in got} == {None}
        got, given = [one[:3] for one in got], [one[:3] for one in given]
    if format_ == "reddit_request_csv":  # it doesn't name the person who asked for it
        given = [(parent, None, words, at) for parent, _, words, at in given]
    if format_ in ("fourchan_thread_json", "discourse_raw_text"):  # what a text quotes stays in it
        got = [(parent, who, words.partition("\n\n")[2], at) for parent, who, words, at in got]
    assert got == given
    top = "unknown" if format_ == "telegram_export_json" else "top_level"
    assert set(rows["parent_status"]) <= {top, "explicit"}
    assert published.reply_candidates.is_empty()
    assert published.replies.height == sum(one.parent is not None for one in said)
    assert set(published.replies["is_inferred"]) <= {False}
    assert set(published.replies["confidence"]) <= {1.0}
    if shows_likes:
        assert rows["like_count"].to_list() == [one.likes for one in said]


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_rendered_is_read_back(format_, data):
    check_round_trip(format_, data.draw(renderers.threads(max_depth=FORMATS[format_][2])))


@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_rendered_in_a_hundred_ways_is_read_back(format_, data):
    check_round_trip(format_, data.draw(renderers.threads(max_depth=FORMATS[format_][2])))


def reddit(*things):
    """Return a dump of comments, each given as id and parent."""
    return "".join(
        json.dumps(
            {
                "id": own,
                "parent_id": parent,
                "link_id": "t3_post",
                "author": own,
                "body": f"Word {own}.",
            }
            | {"created_utc": 1_700_000_000 + place}
        )
        + "\n"
        for place, (own, parent) in enumerate(things)
    )


def dump(*things):
    return milled(parsed("reddit_dump_ndjson", reddit(*things)), "reddit")


def test_a_parent_that_is_not_there_is_missing_and_keeps_its_id():
    found = dump(("a", "t3_post"), ("b", "t1_gone"), ("c", "t1_b"))
    rows = found.comments.select("comment_id", "parent_status", "parent_comment_id", "depth")
    assert sorted(rows.rows()) == [
        ("reddit:a", "top_level", None, 0),
        ("reddit:b", "missing", "reddit:gone", None),
        ("reddit:c", "explicit", "reddit:b", None),
    ]
    assert found.replies["comment_id"].to_list() == ["reddit:c"]


def test_a_loop_is_rejected_with_its_place_and_what_hangs_on_it_stays():
    found = dump(("a", "t1_b"), ("b", "t1_a"), ("c", "t1_a"), ("d", "t1_d"), ("e", "t3_post"))
    assert sorted(found.comments["comment_id"]) == ["reddit:c", "reddit:e"]
    assert sum_left_out(found.left_out).select("line", "reason_code", "excerpt").rows() == [
        (1, "parent_loop", "a"),
        (2, "parent_loop", "b"),
        (4, "parent_loop", "d"),
    ]


def test_the_first_of_a_repeated_id_stays():
    found = dump(("a", "t3_post"), ("b", "t1_a"), ("a", "t1_b"))
    assert sorted(found.comments["comment_id"]) == ["reddit:a", "reddit:b"]
    left_out = sum_left_out(found.left_out)
    assert left_out.select("line", "reason_code").rows() == [(3, "repeated_id")]


def test_a_reply_older_than_its_parent_stands_below_it_and_keeps_its_sign():
    found = dump(("b", "t1_a"), ("a", "t3_post"))
    assert found.comments["comment_id"].to_list() == ["reddit:a", "reddit:b"]
    assert found.replies["response_s"].to_list() == [-1]


def test_positions_are_pre_order_however_deep():
    chain = [("c0", "t3_post"), *((f"c{n}", f"t1_c{n - 1}") for n in range(1, 3000))]
    found = dump(*chain[::-1])
    assert found.comments["comment_id"].to_list() == [f"reddit:c{n}" for n in range(3000)]
    assert found.comments["depth"].to_list() == list(range(3000))


def test_a_bad_line_costs_only_itself():
    good = reddit(("a", "t3_post"), ("b", "t1_a")).split("\n")
    text = "\n".join(
        [
            good[0],
            '{"id": "x", "body": "cut',
            "",
            "[1]",
            "null",
            "\0",
            '{"id": {"a": 1}}',
            good[1],
            '{"id": "y"',
        ]
    )
    result = parsed("reddit_dump_ndjson", text)
    assert result.comments["native_id"].to_list() == ["a", "b"]
    assert [(row[2], row[3]) for row in result.rejects.rows()] == [
        (line, "bad_line") for line in (2, 4, 5, 6, 7, 9)
    ]


def test_a_dump_whose_first_lines_tell_nothing_is_known_by_the_others(monkeypatch):
    monkeypatch.setattr(sources, "DUMP_HEAD_BYTES", 100)
    text = "{}\n" * 50 + reddit(("a", "t3_p"), ("b", "t1_a"))
    found = sources.parse(frame("reddit", text).with_columns(line_count=text.count("\n")))
    assert found.comments["native_id"].to_list() == ["a", "b"]
    assert len(found.rejects) == 50


def test_bad_lines_of_a_long_dump_are_found_where_they_stand():
    good = [
        line for line in reddit(*((f"c{n}", "t3_post") for n in range(3000))).split("\n") if line
    ]
    bad = {0: "[]", 700: "cut", 701: "", 2900: '{"id": 1', 3003: "{}"}
    for place, line in bad.items():
        good.insert(place, line)
    result = parsed("reddit_dump_ndjson", "\n".join(good) + "\n")
    assert result.rejects["line"].to_list() == [1, 701, 2901, 3004]
    numbers = [n for n in range(1, 3006) if n - 1 not in bad]
    assert result.comments["line"].to_list() == numbers
    assert result.comments["native_id"].to_list() == [f"c{n}" for n in range(3000)]


def test_a_deleted_comment_stays_as_a_row():
    text = json.dumps(
        {
            "id": "a",
            "parent_id": "t3_p",
            "link_id": "t3_p",
            "author": "[deleted]",
            "body": "[removed]",
        }
    )
    found = milled(
        parsed(
            "reddit_dump_ndjson", text + "\n" + reddit(("b", "t1_a")).replace("t3_post", "t3_p")
        ),
        "reddit",
    )
    row = found.comments.row(0, named=True)
    assert (row["is_deleted"], row["text"], row["author_id"], row["like_count"]) == (
        True,
        "",
        None,
        None,
    )
    assert found.replies["comment_id"].to_list() == ["reddit:b"]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY e SYSTEM "file:///etc/hostname">]>'
)


@pytest.mark.parametrize("format_", ["disqus_xml", "wordpress_wxr"])
def test_entities_stay_as_written_and_so_do_the_comments(format_):
    said = [
        Said(0, None, "Ada", "one", 1_700_000_000, 0),
        Said(1, 0, "Bo", "two", 1_700_000_060, 0),
    ]
    text = (
        FORMATS[format_][1](said)
        .replace("<![CDATA[<p>one</p>]]>", "&c;&e;")
        .replace("<![CDATA[one]]>", "&c;&e;")
    )
    result = parsed(format_, BOMB + text[text.index("?>") + 2 :])
    assert result.comments["text"].to_list() == ["&c;&e;", "two"]


@pytest.mark.parametrize("format_", ["disqus_xml", "wordpress_wxr"])
def test_mails_and_addresses_are_not_carried_on(format_):
    said = [Said(0, None, "Ada", "one", 1_700_000_000, 0)]
    result = parsed(format_, FORMATS[format_][1](said))
    assert (
        "mail.example"
        not in str(result) + result.comments.write_json() + result.threads.write_json()
    )
    assert "192.0.2.7" not in result.comments.write_json()


def test_xml_that_breaks_off_keeps_what_came_before():
    said = [Said(n, None, "Ada", f"word {n}", 1_700_000_000, 0) for n in range(9)]
    text = renderers.disqus(said)
    result = parsed("disqus_xml", text[: text.index("word 6")])
    assert result.comments["text"].to_list() == [f"word {n}" for n in range(6)]
    assert result.rejects["reason_code"].to_list() == ["truncated_xml"]


@pytest.mark.parametrize(
    "format_", ["reddit_thread_json", "discourse_topic_json", "substack_comments_json"]
)
def test_truncated_json_is_a_reject_with_its_line(format_):
    said = [Said(0, None, "Ada", "one", 1_700_000_000, 0)]
    result = parsed(format_, FORMATS[format_][1](said)[:-3])
    assert result.rejects["reason_code"].to_list() == ["truncated_json"]
    assert result.rejects["line"].to_list() == [1]


def test_preloaded_data_and_the_list_of_a_page_are_one():
    said = [Said(n, n - 1 if n else None, "Ada", f"word {n}", 1_700_000_000, n) for n in range(4)]
    shown = renderers.substack_html(said)
    carried = renderers.substack_preloads(said[:2])
    script = carried[carried.index("<script>") : carried.index("</body>")]
    result = parsed("substack_comments_html", shown + script)
    assert result.comments["native_id"].to_list() == ["500", "501", "502", "503"]
    assert result.comments["like_count"].to_list() == [0, 1, None, None]


@pytest.mark.parametrize("address", ["https://[x.example/p", "https://", "https://a b.example/"])
def test_what_is_no_address_is_left_out(address):
    said = [Said(0, None, "Ada", "one", 1_700_000_000, 0)]
    text = renderers.clip(said).replace("https://x.example/p", address)
    found = milled(parsed("web_clip_markdown", text), "anywhere")
    assert found.threads["url"].to_list() == [None]
    assert found.comments["text"].to_list() == ["one"]


def test_html_keeps_paragraphs_quotes_and_links():
    from threadmill.sources import html

    written = (
        '<p>One<br>two</p><blockquote><p>said</p></blockquote><p>See <a href="https://a.example/x">this</a>, '
        '<a href="https://a.example/y">https://a.example/y</a></p><script>bad()</script>'
    )
    assert (
        html.extract_text(written)
        == "One\ntwo\n\n> said\n\nSee this <https://a.example/x>, https://a.example/y"
    )


REDIRECTED = [
    "https://disq.us/url?url=https%3A%2F%2Fexample.com%2Fa-page%3AzjHJ9CS7YTS6D6-FWtZRTF8swk4&amp;cuid=7",
    "http://disq.us/?url=https%3A%2F%2Fexample.com%2Fa-page%3AzjHJ9CS7YTS6D6-FWtZRTF8swk4",
    "https://www.youtube.com/redirect?event=comments&amp;redir_token=x&amp;q=https%3A%2F%2Fexample.com%2Fa-page",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.com%2Fa-page&amp;h=AT0",
    "https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Fa-page&amp;sa=D",
]


@pytest.mark.parametrize("address", REDIRECTED)
@pytest.mark.parametrize("shown", ["https://example.com/a-page", "https://example.com/a-p…"])
def test_a_link_that_counts_clicks_is_the_address_it_leads_to(address, shown):
    assert (
        html.extract_text(f'See <a href="{address}">{shown}</a>.')
        == "See https://example.com/a-page."
    )


def test_an_address_within_an_address_is_no_redirect():
    kept = 'a <a href="https://example.com/url?url=https%3A%2F%2Fb.example%2F">b</a>'
    assert html.extract_text(kept) == "a b <https://example.com/url?url=https%3A%2F%2Fb.example%2F>"
    assert (
        html.unwrap_redirect("https://disq.us/url?url=nothing") == "https://disq.us/url?url=nothing"
    )


def test_a_thread_that_only_a_later_comment_names_has_them_all():
    said = [Said(n, n - 1 if n else None, "Ada", f"word {n}", 1_700_000_000, 0) for n in range(3)]
    listings = json.loads(renderers.reddit_thread(said))
    listings[0]["data"]["children"] = []
    del listings[1]["data"]["children"][0]["data"]["link_id"]
    found = milled(parsed("reddit_thread_json", json.dumps(listings)), "reddit")
    assert found.comments["thread_id"].to_list() == ["reddit:post"] * 3
    assert found.comments["depth"].to_list() == [0, 1, 2]


def test_two_levels_say_so_and_a_name_says_who_is_meant():
    said = [
        Said(0, None, "Ada", "one", 1_700_000_000, 0),
        Said(1, 0, "Bo", "@Cy not so", 1_700_000_060, 0),
    ]
    found = milled(parsed("youtube_ytdlp_json", renderers.youtube_ytdlp(said)), "youtube")
    assert found.threads["platform_max_depth"].to_list() == [1]
    assert found.replies["evidence"].to_list() == ["given by the source; addressed to @Cy"]


def youtube(*said):
    """Return a video's comments, each given as parent, author and words."""
    rows = [Said(n, *one, 1_700_000_000 + n, 0) for n, one in enumerate(said)]
    video = json.loads(renderers.youtube_ytdlp(rows))
    for one in video["comments"]:
        one["author_id"] = f"UC{one['author']}"
    return milled(parsed("youtube_ytdlp_json", json.dumps(video)), "youtube")


@pytest.mark.parametrize(
    ("between", "target"),
    [
        ([(0, "Cyril", "two")], 1),
        ([(0, "Cyril", "two"), (0, "Dot", "three")], 1),
        ([(0, "Cyril", "two"), (0, "Cyril", "three")], 2),  # the latest
        ([(0, "Dot", "two"), (None, "Cyril", "three")], None),  # in another branch
        ([(0, "Dot", "two")], None),  # nobody of that name
    ],
)
def test_the_person_named_first_is_found_below_the_top(between, target):
    found = youtube((None, "Ada", "one"), *between, (0, "Bo", "@Cyril not so"), (0, "Cyril", "oh"))
    ids = dict(found.comments.select("text", "comment_id").iter_rows())
    said = ["one", *(words for *_, words in between)]
    reply = found.replies.filter(comment_id=ids["@Cyril not so"])
    assert reply["parent_comment_id"].to_list() == [ids["one"]]
    assert reply["confidence"].to_list() == [1.0]
    assert set(found.comments["parent_status"]) <= {"top_level", "explicit"}
    beside = found.reply_candidates.select(
        "comment_id", "rank", "kind", "parent_comment_id", "probability", "is_inferred"
    )
    own = (ids["@Cyril not so"], "comment")
    assert beside.rows() == (
        []
        if target is None
        else [
            (own[0], 1, own[1], ids[said[target]], 0.94, False),
            (own[0], 2, own[1], ids["one"], 0.06, False),
        ]
    )
    named = found.mentions.filter(comment_id=ids["@Cyril not so"])
    assert named["target_comment_id"].to_list() == [None if target is None else ids[said[target]]]
    cyril = found.comments.filter(author_name="Cyril")["author_id"].unique().to_list()
    assert named["target_author_id"].to_list() == cyril


def test_a_name_without_an_at_means_the_only_comment_of_that_person():
    alone = youtube((None, "Ada", "one"), (0, "Cyril", "two"), (0, "Bo", "Cyril, not so"))
    assert alone.mentions["target_comment_id"].to_list() == ["youtube:y1"]
    assert alone.reply_candidates.is_empty()
    twice = youtube(
        (None, "Ada", "one"), (0, "Cyril", "two"), (0, "Cyril", "three"), (0, "Bo", "Cyril, not so")
    )
    assert twice.mentions["target_comment_id"].to_list() == [None]


@pytest.mark.parametrize("other", ["Dot", "In reply"])
def test_in_reply_to_says_who_is_meant(other):
    found = youtube(
        (None, "Ada", "one"),
        (0, "Cyril", "two"),
        (0, other, "three"),
        (0, "Bo", "In reply to Cyril: no"),
    )
    assert found.reply_candidates["parent_comment_id"].to_list() == ["youtube:y1", "youtube:y0"]


def test_a_person_named_first_may_have_two_names():
    found = youtube(
        (None, "Ada", "one"), (0, "Cyril Quill", "two"), (0, "Bo", "@Cyril Quill not so")
    )
    named = found.mentions.filter(pl.col("comment_id").str.ends_with("y2"))
    targets = named.select("kind", "target_comment_id").rows()
    assert targets == [("handle", "youtube:y1")]
    assert found.reply_candidates["parent_comment_id"].to_list() == ["youtube:y1", "youtube:y0"]


def test_the_top_named_by_its_own_reply_is_no_further_candidate():
    found = youtube((None, "Ada", "one"), (0, "Bo", "two"), (0, "Bo", "@Ada not so"))
    assert found.reply_candidates.is_empty()


def test_whom_a_reply_names_is_no_candidate_where_nesting_goes_on():
    said = [
        Said(0, None, "Ada", "one", 1_700_000_000, 0),
        Said(1, 0, "Cyril", "two", 1_700_000_060, 0),
        Said(2, 0, "Bo", "@Cyril not so", 1_700_000_120, 0),
    ]
    found = milled(parsed("table", renderers.table_csv(said)), "forum")
    assert found.mentions["target_author_id"].null_count() == 0
    assert found.reply_candidates.is_empty()


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        ('txet = "words"', 'key "txet" is not known; did you mean "text"?'),
        ("text = 3", "text is 3; it is a column's name"),
        ('author_name = "who"', 'no key "text"'),
        ('text = "words"\nparent_id = "under"', '"parent_id" without "comment_id"'),
        ('text = "words"\ntime_unit = "h"', "time_unit is 'h'; it takes s, ms, us"),
        ('text = "words"\ntimezone = "Mars"', "timezone 'Mars' is not known"),
        ("text", "not valid TOML"),
    ],
)
def test_a_wrong_mapping_is_a_clear_error(said, finding):
    with pytest.raises(ValueError, match=r"columns\.toml for forum/a\.txt: ") as error:
        sources.parse(frame("forum", "words\nhello\n", said))
    assert finding in str(error.value)


def test_a_column_that_is_not_there_is_a_reject_that_says_what_is():
    result = sources.parse(frame("forum", "word,who\nhello,Ada\n", 'text = "words"'))
    assert result.rejects["reason"].to_list() == ['no column "words"; did you mean "word"?']


@pytest.mark.parametrize(
    ("platform", "text", "finding", "hint"),
    [
        (
            "reddit",
            '[{"author": "Ada"}]',
            "JSON that looks like nothing that is read of reddit",
            TABLES,
        ),
        ("nowhere", '[{"author": "Ada"}]', "platform nowhere isn't read", TABLES),
        ("substack", "<!doctype html><p>Words", "looks like HTML without comments", SAVING),
        (
            "substack",
            '<html><ol class="comment-list"></ol>',
            "a saved page without any comment",
            SAVING,
        ),
    ],
)
def test_a_reject_says_what_to_do_instead(platform, text, finding, hint):
    (reason,) = sources.parse(frame(platform, text)).rejects["reason"]
    assert reason.startswith(finding)
    assert hint in reason


def test_a_table_without_parents_is_inferred():
    table = "words,who\nhello there,Ada\ngood day,Bo\n"
    result = sources.parse(frame("forum", table, 'text = "words"\nauthor_name = "who"'))
    found = milled(result, "forum")
    assert found.comments["position"].to_list() == [0, 1]
    assert found.reply_candidates.height > 0


def test_a_table_of_objects_reads_as_one_of_rows():
    said = [
        Said(0, None, "Ada", "one", 1_700_000_000, 3),
        Said(1, 0, "Bo", "two", 1_700_000_060, 0),
    ]
    rows = [
        milled(sources.parse(frame("forum", render(said), MAPPING)), "forum").comments.drop(
            "bucket"
        )
        for render in (renderers.table_csv, renderers.table_lines)
    ]
    assert rows[0].equals(rows[1])


BOMBS = {
    "deep": "<div>" * 100_000,
    "lists": "<ul><li>" * 100_000,
    "closed by nothing": "<div></x>" * 100_000,
    "repeated": "".join(f"<p><font size={n}>" for n in range(100_000)),
    "attributes": "<div " + " ".join(f"a{n}=1" for n in range(300_000)) + ">",
}


@pytest.mark.parametrize("name", BOMBS)
def test_html_that_is_a_bomb_costs_only_its_tags(name):
    assert html.extract_text(BOMBS[name] + "<b>some</b> words") == "some  words"


@pytest.mark.parametrize("name", BOMBS)
def test_a_page_that_is_a_bomb_is_a_reject(name):
    said = [Said(0, None, "Ada", "one word", 1_700_000_000, 0)]
    page = renderers.substack_html(said).replace("one word", BOMBS[name])
    assert html.is_bomb(page)
    result = parsed("substack_comments_html", page)
    assert result.rejects["reason_code"].to_list() == ["nested_too_deep"]


@pytest.mark.parametrize(
    "page",
    [
        "<div><p>a<p>b</div>" * 50_000,
        "<b>open" * 2 + "<p>word</p>" * 50_000,
        "<a href=x>word</a><br>" * 50_000,
        "<script>" + "<div>" * 50_000 + "</script>",
        "<!--" + "<div>" * 50_000 + "-->",
        "<" * 100_000,
    ],
)
def test_long_pages_are_no_bombs(page):
    assert not html.is_bomb(page)


def test_comments_nested_without_lists_cost_no_square():
    nested = "".join(
        f'<div class="comment"><p id="comment-{n}"></p><p class="comment-body">w{n}</p>'
        for n in range(900)
    )
    page = f'<html><body><div class="comment-list">{nested}'
    result = parsed("substack_comments_html", page)
    assert result.comments["text"].to_list() == [f"w{n}" for n in range(900)]


YAML_BOMBS = {
    "aliases": (
        "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(9)),
        "yaml_alias",
    ),
    "deep": ("x: " + "[" * 5_000, "nested_too_deep"),
    "objects of Python": ("x: !!python/object/apply:os.system [ls]\n", None),
    "not YAML": ("x: y: z\n", "broken_yaml"),
}


@pytest.mark.parametrize("name", YAML_BOMBS)
def test_yaml_is_only_objects_lists_and_text(name):
    more, code = YAML_BOMBS[name]
    said = [Said(0, None, "Ada", "one word", 1_700_000_000, 0)]
    text = renderers.reddit_archive_yaml(said) + more
    result = parsed("reddit_archive_yaml", text)
    assert result.rejects["reason_code"].to_list() == ([code] if code else [])
    assert result.comments.height == (code in (None, "broken_yaml"))


def test_things_inside_things_of_a_page_cost_no_square():
    deep = "".join(
        f'<div class="thing comment" id="thing_t1_c{n}"><a class="author"><div class="usertext-body">w{n}'
        for n in range(300)
    )
    flat = '<div class="thing comment" id="thing_t1_d"></div>' * 2_000
    result = parsed("reddit_thread_html", f"<html><body>{deep}{flat}")
    assert result.comments.height == 2_300
    # What holds further comments is none's text.
    assert set(result.comments["text"]) == {""}


@pytest.mark.parametrize("language", ["xml", "yaml"])
def test_of_an_archive_that_breaks_off_whole_comments_are_read(language):
    said = [Said(n, None, "Ada", f"word {n}", 1_700_000_000 + n, 0) for n in range(4)]
    text = FORMATS[f"reddit_archive_{language}"][1](said)
    text = text[: text.index("word 2") + 6] + ("" if language == "xml" else '\n  - "cut')
    result = parsed(f"reddit_archive_{language}", text)
    assert result.comments["text"].to_list() == ["word 0", "word 1"]
    assert result.rejects.height > 0
