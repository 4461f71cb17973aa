"""Files as they lie: packed, damaged, huge, hostile; through the whole pipeline."""

import gzip
import json
import tracemalloc

import polars as pl
import pytest
import zstandard
from support import renderers
from support.milling import put, run, table
from support.renderers import FORMATS, MAPPING, Said

from threadmill.read import documents, dumps
from threadmill.read.discover import discover
from threadmill.sources import nested

SAID = [
    Said(0, None, "Ada", "one word", 1_700_000_000, 3),
    Said(1, 0, "Bo", "two words", 1_700_000_060, 0),
    Said(2, None, "Cy", "three words here", 1_700_000_120, 1),
]


SAME_IDS = {
    "reddit_thread_json", "reddit_list_json", "reddit_thread_html", "youtube_ytdlp_json",
    "hackernews_firebase_json", "hackernews_search_json", "hackernews_item_html",
    "substack_comments_html", "disqus_api_json", "wordpress_rest_json", "reddit_archive_xml",
    "reddit_archive_yaml", "reddit_request_csv", "substack_notes_json",
}  # fmt: skip
"""Formats whose comments have the ids of another one's here."""


def test_every_format_is_published(tmp_path):
    others = [one for one in FORMATS if one not in SAME_IDS]
    for format_ in others:
        platform, render, _, _ = FORMATS[format_]
        ending = "ndjson" if format_ == "reddit_dump_ndjson" else "txt"
        text = render([one for one in SAID if one.number != 1])
        put(tmp_path, f"{platform}/{format_}.{ending}", text)
    put(tmp_path, "forum/columns.toml", MAPPING)
    run(tmp_path)
    assert table(tmp_path, "rejects").is_empty()
    assert table(tmp_path, "comments").height == 2 * len(others)


def lines(count, thread="post"):
    return "".join(
        json.dumps(
            {
                "id": f"{thread}{n}",
                "parent_id": f"t1_{thread}{n - 1}" if n % 3 else f"t3_{thread}",
                "link_id": f"t3_{thread}",
                "author": f"user{n % 7}",
                "body": f"Words of {n}.",
                "created_utc": 1_700_000_000 + n,
            }
        )
        + "\n"
        for n in range(count)
    )


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(dumps, "CHUNK_BYTES", 1000)


PACKINGS = {
    "RC_2020-01.ndjson": lambda content: content,
    "RC_2020-01.jsonl.gz": gzip.compress,
    "RC_2020-01.zst": zstandard.ZstdCompressor(
        compression_params=zstandard.ZstdCompressionParameters(window_log=31)
    ).compress,
    "RC_2020-01.json.zst": lambda content: b"".join(
        zstandard.compress(content[start : start + 5000]) for start in range(0, len(content), 5000)
    ),
}


@pytest.mark.parametrize("name", PACKINGS)
def test_a_dump_reads_the_same_however_packed_and_cut(tmp_path, small_parts, name):
    if name == "RC_2020-01.json.zst":
        name = "RC_2020-01.ndjson.zst"
        pack = PACKINGS["RC_2020-01.json.zst"]
    else:
        pack = PACKINGS[name]
    put(tmp_path, f"reddit/{name}", pack(lines(200).encode()))
    run(tmp_path)
    found = table(tmp_path, "comments").sort("position")
    assert found["comment_id"].to_list() == [f"reddit:post{n}" for n in range(200)]
    assert table(tmp_path, "rejects").is_empty()
    assert table(tmp_path, "threads")["comment_count"].to_list() == [200]


def test_dumps_of_one_thread_complete_each_other(tmp_path):
    both = lines(60).splitlines(keepends=True)
    put(tmp_path, "reddit/RC_1.ndjson", "".join(both[:40]))
    put(tmp_path, "reddit/RC_2.ndjson", "".join(both[30:]))
    post = {"id": "post", "title": "A post", "author": "user0", "num_comments": 60, "is_self": True}
    put(tmp_path, "reddit/RS_1.ndjson", json.dumps(post) + "\n")
    run(tmp_path)
    assert table(tmp_path, "comments").height == 60
    thread = table(tmp_path, "threads").row(0, named=True)
    assert (thread["title"], thread["host_name"], thread["comment_count"]) == (
        "A post",
        "user0",
        60,
    )
    assert table(tmp_path, "rejects").is_empty()


def test_two_dumps_of_the_same_threads_are_merged_thread_by_thread(tmp_path):
    put(tmp_path, "reddit/RC_1.ndjson", lines(5, "a") + lines(3, "b") + lines(4, "c"))
    put(tmp_path, "reddit/RC_2.ndjson", lines(7, "a") + lines(6, "b") + lines(2, "c"))
    run(tmp_path)
    counts = table(tmp_path, "threads").select("thread_id", "comment_count").sort("thread_id")
    assert counts.rows() == [("reddit:a", 7), ("reddit:b", 6), ("reddit:c", 4)]
    assert table(tmp_path, "comments").height == 17
    assert table(tmp_path, "captures").height == 6


def test_lines_that_are_no_text_cost_only_themselves(tmp_path, small_parts, monkeypatch):
    monkeypatch.setattr(dumps, "LINE_MAX_BYTES", 3000)
    good = lines(30).encode().splitlines(keepends=True)
    bad = [b'{"id": "x\xff"}\n', b"ab\0cd\n", b'{"id": "' + b"y" * 9000 + b'"}\n', b"{}\n"]
    put(tmp_path, "reddit/RC.ndjson", b"".join([*good[:10], *bad, *good[10:], b'{"id": "cut']))
    run(tmp_path)
    assert table(tmp_path, "comments").height == 30
    rejects = table(tmp_path, "rejects").sort("line").select("line", "reason_code").rows()
    assert rejects == [
        (11, "bad_line"),
        (12, "bad_line"),
        (13, "huge_line"),
        (14, "bad_line"),
        (35, "bad_line"),
    ]


@pytest.mark.parametrize("name", ["RC_1.ndjson", "RC_1.zst", "unnamed.zst"])
def test_a_dump_may_begin_with_a_line_of_any_length(tmp_path, name):
    long = json.dumps({"body": "word " * 40_000} | json.loads(lines(1, "first"))) + "\n"
    content = (long.replace("Words of 0.", "word " * 40_000) + lines(50)).encode()
    put(tmp_path, f"reddit/{name}", zstandard.compress(content) if "zst" in name else content)
    run(tmp_path)
    assert table(tmp_path, "comments").height == 51
    assert table(tmp_path, "rejects").is_empty()


@pytest.mark.parametrize("name", ["RC_1.ndjson", "unnamed.zst"])
def test_a_first_line_that_is_too_long_costs_only_itself(tmp_path, monkeypatch, name):
    monkeypatch.setattr(dumps, "LINE_MAX_BYTES", 2**18)
    monkeypatch.setattr(dumps, "CHUNK_BYTES", 2**16)
    content = b'{"id": "' + b"y" * 2**19 + b'"}\n' + lines(50).encode()
    put(tmp_path, f"reddit/{name}", zstandard.compress(content) if "zst" in name else content)
    run(tmp_path)
    assert table(tmp_path, "comments").height == 50
    assert table(tmp_path, "rejects").select("line", "reason_code").rows() == [(1, "huge_line")]


def test_a_line_of_a_gigabyte_costs_only_itself_and_no_memory(tmp_path):
    path = put(tmp_path, "RC.ndjson", lines(2))
    with path.open("r+b") as file:
        # A hole, which takes no disk.
        file.seek(2**30, 2)
        file.write(b"\n" + lines(3).encode())
    tracemalloc.start()
    above, long, below = dumps.cut_chunks(path.parent, path.name)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (bytes(above.content), above.reject) == (lines(2).encode(), None)
    assert (long.first_line, long.reject.reason_code) == (3, "huge_line")
    assert (below.first_line, bytes(below.content)) == (4, lines(3).encode())
    assert peak < 4 * dumps.LINE_MAX_BYTES


def test_many_bad_lines_at_the_start_of_a_dump_cost_only_themselves(tmp_path):
    put(tmp_path, "reddit/RC_1.ndjson", "broken\n" * 30 + lines(9))
    run(tmp_path)
    assert table(tmp_path, "comments").height == 9
    assert table(tmp_path, "rejects").height == 30


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_damaged_archive_keeps_what_came_before(tmp_path, pack):
    ending = "gz" if pack is gzip.compress else "zst"
    packed = bytearray(b"".join(pack(lines(500, f"t{n}").encode()) for n in range(4)))
    start = len(packed) * 3 // 4
    packed[start : start + 40] = b"\xff" * 40
    put(tmp_path, f"reddit/RC.ndjson.{ending}", bytes(packed))
    run(tmp_path)
    assert table(tmp_path, "comments").height >= 900
    assert "broken_archive" in table(tmp_path, "rejects")["reason_code"].to_list()


@pytest.mark.parametrize(("ending", "pack"), [("gz", gzip.compress), ("zst", zstandard.compress)])
def test_a_cut_archive_keeps_all_that_can_be_unpacked(tmp_path, ending, pack):
    packed = pack(lines(9000).encode())
    path = put(tmp_path, f"RC.ndjson.{ending}", packed[: len(packed) * 3 // 4])
    *whole, cut, end = dumps.cut_chunks(path.parent, path.name)
    assert (end.reject.reason_code, end.reject.reason) == (
        "broken_archive",
        "ends in the midst of what is packed in it",
    )
    assert b"".join(bytes(part.content) for part in [*whole, cut]) in lines(9000).encode()
    assert sum(part.line_count for part in whole) > 5400
    assert not bytes(cut.content).endswith(b"\n")


def test_zeros_behind_an_archive_are_no_damage(tmp_path):
    put(tmp_path, "reddit/RC.ndjson.gz", gzip.compress(lines(9).encode()) + bytes(5000))
    run(tmp_path)
    assert table(tmp_path, "comments").height == 9
    assert table(tmp_path, "rejects").is_empty()


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_what_unpacks_to_far_more_than_text_does_is_not_read_on(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(dumps, "RATIO_FREE_BYTES", 2**20)
    monkeypatch.setattr(dumps, "CHUNK_BYTES", 2**18)
    ending = "gz" if pack is gzip.compress else "zst"
    bomb = pack(lines(5).encode() + b"\n" * 2**24)
    put(tmp_path, f"reddit/RC.ndjson.{ending}", bomb)
    run(tmp_path)
    assert table(tmp_path, "comments").height == 5
    assert table(tmp_path, "rejects")["reason_code"].to_list() == ["bomb"]


def test_json_may_have_lines_of_megabytes_and_pages_may_not(tmp_path):
    said = [SAID[0]._replace(number=n, words=f"Word {n} " + "x" * 900) for n in range(1200)]
    put(tmp_path, "reddit/long.json", renderers.reddit_thread(said))
    put(tmp_path, "substack/long.txt", "x" * 2**21)
    run(tmp_path)
    assert table(tmp_path, "comments").height == 1200
    assert table(tmp_path, "rejects")["reason_code"].to_list() == ["huge_line"]


def test_only_what_is_called_as_a_readme_is_none_of_the_documents(tmp_path):
    for name in ("README", "readme.md", "Readme.TXT", "readme-drama.csv", "readme.csv"):
        put(tmp_path, f"forum/{name}", "words\nhello\n")
    put(tmp_path, "forum/readme/t.csv", "words\nhello\n")
    put(tmp_path, "forum/columns.toml", 'text = "words"')
    run(tmp_path)
    assert table(tmp_path, "threads")["source_path"].sort().to_list() == [
        "forum/readme-drama.csv",
        "forum/readme.csv",
        "forum/readme/t.csv",
    ]


def test_odd_files_are_rejects_and_the_rest_goes_on(tmp_path):
    put(tmp_path, "reddit/good.json", renderers.reddit_thread(SAID))
    put(tmp_path, "reddit/empty.ndjson", "")
    put(tmp_path, "reddit/blank.ndjson", " \n\n")
    put(tmp_path, "reddit/latin.json", b'[{"kind": "Listing", "x": "\xe9"}]')
    put(tmp_path, "reddit/nul.json", b'[{"kind": "Listing", "x": "\0"}]')
    put(tmp_path, "forum/table.parquet", b"PAR1 and nothing else PAR1")
    (tmp_path / "raw" / "reddit" / "folder.json").mkdir()
    put(tmp_path, "outside.json", "[]").rename(tmp_path / "outside.json")
    (tmp_path / "raw" / "reddit" / "link.json").symlink_to(tmp_path / "outside.json")
    run(tmp_path)
    assert table(tmp_path, "comments").height == 3
    rejects = table(tmp_path, "rejects").select("source_path", "reason_code").rows()
    assert rejects == [
        ("forum/table.parquet", "broken_parquet"),
        ("reddit/blank.ndjson", "empty"),
        ("reddit/empty.ndjson", "empty"),
        ("reddit/latin.json", "wrong_encoding"),
        ("reddit/link.json", "outside_raw"),
        ("reddit/nul.json", "binary"),
    ]


def test_a_parquet_table_is_read_by_its_mapping(tmp_path):
    rows = pl.read_csv(renderers.table_csv(SAID).encode())
    path = put(tmp_path, "forum/t.parquet", "")
    rows.write_parquet(path)
    put(tmp_path, "forum/t.columns.toml", MAPPING)
    run(tmp_path)
    found = table(tmp_path, "comments").sort("position")
    assert found["text"].to_list() == [one.words for one in SAID]
    assert found["depth"].to_list() == [0, 1, 0]


def test_a_changed_mapping_is_seen(tmp_path):
    put(tmp_path, "forum/t.csv", renderers.table_csv(SAID))
    put(tmp_path, "forum/columns.toml", MAPPING)
    run(tmp_path)
    put(tmp_path, "forum/columns.toml", MAPPING.replace('like_count = "hearts"\n', ""))
    run(tmp_path)
    assert table(tmp_path, "comments")["like_count"].null_count() == 3


def test_rejects_of_a_dump_stay_when_another_document_changes(tmp_path):
    looped = (
        lines(9, "a")
        + lines(9, "b").replace('"t3_b"', '"t3_b"')
        + '{"id": "l", "link_id": "t3_z", "parent_id": "t1_l", "body": "w"}\n'
    )
    put(tmp_path, "reddit/RC.ndjson", looped)
    other = put(tmp_path, "reddit/other.ndjson", lines(3, "a2"))
    run(tmp_path)
    before = table(tmp_path, "rejects")
    for number in range(4):
        other.write_text(lines(3 + number, "a"), encoding="utf-8")
        run(tmp_path)
        assert table(tmp_path, "rejects").equals(before)
    assert before["reason_code"].to_list() == ["parent_loop"]


def test_items_of_a_dump_are_counted_through_its_parts(tmp_path, small_parts):
    items = [
        item
        for n in range(100, 160, 2)
        for item in (
            {"id": n, "type": "story", "by": "host", "title": "A story", "kids": [n + 1]},
            {"id": n + 1, "type": "comment", "by": "ada", "parent": n, "text": "One word."},
        )
    ]
    good = [json.dumps(item) for item in items]
    put(
        tmp_path,
        "hackernews/items.ndjson",
        "\n".join([*good[:40], "cut", *good[40:], "cut"]) + "\n",
    )
    run(tmp_path)
    assert table(tmp_path, "comments").height == 30
    assert table(tmp_path, "rejects").sort("line")["line"].to_list() == [41, 62]


def test_many_small_archives_are_not_unpacked_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "FRAME_BYTES", 2**20)
    for number in range(20):
        put(tmp_path, f"reddit/{number}.json.gz", gzip.compress(b"{" + b" " * 400_000))
    found = discover(tmp_path / "raw", {}).documents
    sizes = [
        texts["text"].str.len_bytes().sum()
        for texts, _ in documents.read_frames(tmp_path / "raw", found)
    ]
    assert sum(sizes) == 20 * 400_001
    assert max(sizes) < 2**20 + 400_001


def test_captures_of_a_thread_have_a_limit_together(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "FRAME_BYTES", 4_000)
    monkeypatch.setattr(dumps, "WHOLE_MAX_BYTES", 10_000)
    put(tmp_path, "reddit/a@1.json", renderers.reddit_thread(SAID))
    for number in range(2, 9):
        put(tmp_path, f"reddit/a@{number}.json.gz", gzip.compress(b"[" + b" " * 3_000))
    put(tmp_path, "reddit/b.ndjson", lines(3))
    put(tmp_path, "youtube/b.json", renderers.youtube_api(SAID))
    run(tmp_path)
    codes = table(tmp_path, "rejects")["reason_code"].to_list()
    assert codes.count("too_large") == 4
    assert table(tmp_path, "comments").height == 3 + 3 + 3


def test_parquet_that_unpacks_to_far_more_is_not_read_on(tmp_path, monkeypatch):
    monkeypatch.setattr(dumps, "WHOLE_MAX_BYTES", 2**20)
    path = put(tmp_path, "forum/bomb.parquet", "")
    pl.DataFrame({"words": ["x" * 2_000]}).select(
        pl.col("words").repeat_by(100_000).explode()
    ).write_parquet(path)
    assert path.stat().st_size < 2**19
    put(tmp_path, "forum/good.csv", "words\nhello\n")
    put(tmp_path, "forum/columns.toml", 'text = "words"')
    run(tmp_path)
    assert table(tmp_path, "comments")["text"].to_list() == ["hello"]
    assert table(tmp_path, "rejects")["reason_code"].to_list() == ["too_large"]


def test_bytes_that_are_no_text_cost_parquet_only_themselves(tmp_path):
    path = put(tmp_path, "forum/t.parquet", "")
    pl.DataFrame(
        {"words": [b"good", b"b\xffd", None], "other": [b"\xff", b"\0", b""]}
    ).write_parquet(path)
    put(tmp_path, "forum/columns.toml", 'text = "words"')
    run(tmp_path)
    found = table(tmp_path, "comments").sort("position")["text"].to_list()
    assert found == ["good", "b\ufffdd", ""]


@pytest.mark.parametrize(
    ("name", "good"), [("reddit/RC.ndjson", lines(2)), ("hackernews/items.ndjson", "")]
)
def test_of_thousands_of_bad_lines_the_first_are_told_and_the_rest_counted(
    tmp_path, monkeypatch, name, good
):
    monkeypatch.setattr(nested, "REJECTS_MAX", 10)
    items = '{"id": 1, "type": "story"}\n{"id": 2, "type": "comment", "parent": 1, "text": "w"}\n'
    put(tmp_path, name, (good or items) + "broken\n" * 3_000 + (good or items).replace("post", "q"))
    run(tmp_path)
    rejects = table(tmp_path, "rejects").filter(reason_code="bad_line").sort("line")
    assert rejects["line"].to_list() == list(range(3, 14))
    assert rejects["reason"][-1].startswith("here and 2989 × below: not JSON")


def test_names_of_columns_may_be_no_text(tmp_path):
    put(tmp_path, "forum/half.json", '[{"\\ud800": 1}]')
    put(tmp_path, "forum/half.ndjson", '{"\\ud800": 1}\n{"words": "a\\udfff"}\n')
    put(tmp_path, "forum/long.json", '[{"' + "k" * 100_000 + '": 1}]')
    put(tmp_path, "forum/columns.toml", 'text = "words"')
    run(tmp_path)
    assert table(tmp_path, "comments")["text"].to_list() == ["a?"]
    rejects = table(tmp_path, "rejects")
    assert rejects["reason_code"].sort().to_list() == ["column_missing", *["mapping_mistake"] * 2]
    assert rejects["reason"].str.len_chars().max() <= nested.REASON_MAX_CHARS


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        ('id,words\n1,a\n2,"open\n3,c\n4,d\n', ["a", "open", "c", "d"]),
        ('id,words\n1,"open\n2,"open too\n3,c\n', ["open", "open too", "c"]),
        ('id,"words\n1,a\n2,b\n', ["a", "b"]),
        ('id,words\n1,"two\nlines"\n2,"say ""a"""\n', ["two\nlines", 'say "a"']),
        ('id,words,end\n1,"two\nlines"!,x\n2,b,x\n', ["two\nlines!", "b"]),
        ('id,words\n1,"a" b\n\n2,c"d\n3,"last', ["a b", 'c"d', "last"]),
    ],
)
def test_a_quote_that_nothing_closes_costs_no_other_row(tmp_path, content, texts):
    put(tmp_path, "forum/t.csv", content)
    put(tmp_path, "forum/columns.toml", 'text = "words"\ncomment_id = "id"')
    run(tmp_path)
    assert table(tmp_path, "comments").sort("position")["text"].to_list() == texts


@pytest.mark.parametrize("words", ["text = " + "[" * 100_000, "#" * 2**21, "text = " + "9" * 5_000])
def test_a_hostile_mapping_is_refused_in_a_sentence(tmp_path, words):
    put(tmp_path, "forum/t.csv", "words\nhello\n")
    put(tmp_path, "forum/columns.toml", words)
    run(tmp_path)
    ((code, reason),) = table(tmp_path, "rejects").select("reason_code", "reason").rows()
    assert code == "mapping_mistake"
    assert "columns.toml: " in reason[:20]


@pytest.mark.parametrize("name", ["t.csv", "t.ndjson"])
def test_rows_may_end_in_any_way(tmp_path, name):
    put(tmp_path, f"forum/{name}", 'id,words\r1,a\r\n2,"b\rc"\r\n')
    put(tmp_path, "forum/columns.toml", 'text = "words"')
    run(tmp_path)
    assert table(tmp_path, "comments").sort("position")["text"].to_list() == ["a", "b\nc"]


@pytest.mark.parametrize("format_", ["youtube_downloader_ndjson", "convokit_utterances_ndjson"])
def test_lines_may_end_as_windows_ends_them(tmp_path, format_):
    platform, render, _, _ = FORMATS[format_]
    put(tmp_path, f"{platform}/lines.jsonl", render(SAID).replace("\n", "\r\n"))
    run(tmp_path)
    assert table(tmp_path, "rejects").is_empty()
    assert table(tmp_path, "comments").height == len(SAID)


def test_json_of_more_values_than_memory_is_for_costs_only_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(nested, "VALUES_MAX_BYTES", 2**20)
    put(tmp_path, "reddit/many.json", '[{"kind": "Listing"}, ' + "[], " * 20_000 + "1]")
    put(tmp_path, "reddit/good.json", renderers.reddit_thread(SAID))
    run(tmp_path)
    assert table(tmp_path, "comments").height == 3
    assert table(tmp_path, "rejects")["reason_code"].to_list() == ["too_large"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"id": 1}\n{"id": 2}', True),
        (" \n[1] \t\r\n\n [2]", True),
        ('{"id": 1, "bo\n{"id": 2}', True),
        ('[{"id": 1}, {"id": 2}]\n', False),
        ('[\n{"id": 1},\n{"id": 2}\n]', False),
        ('[{"id": 1},\n{"id": 2}]', False),
        ('{"a":\n{"id": 2}}', False),
        ('id\n{"id": 2}', False),
    ],
)
def test_two_values_on_lines_of_their_own_are_lines(text, expected):
    assert nested.starts_lines(text) is expected
