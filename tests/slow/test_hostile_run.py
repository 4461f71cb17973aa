"""Everything hostile at once through the command itself: exit 0, each told, every good comment published."""

import contextlib
import gzip
import json
import os
import resource
import socket
import subprocess

import polars as pl
import pyarrow as pa
import pytest
import zstandard
from pyarrow import parquet
from support import command, renderers, surroundings
from support.renderers import Said

pytestmark = pytest.mark.slow
LONGEST_S = 600
MOST_MIB = 4_096

SAID = [
    Said(0, None, "Ada", "one word", 1_700_000_000, 3),
    Said(1, 0, "Bo", "two words", 1_700_000_060, 0),
]
DEEP = "[" * 100_000 + "]" * 100_000
LOLS = "<!DOCTYPE x [<!ENTITY l0 'lol'>{}]>".format(
    "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
)


def post(own_id, words="good"):
    return json.dumps({"id": own_id, "link_id": "t3_p", "body": words, "author": "ada"}) + "\n"


def item(own_id, more=""):
    return (
        f'{{"id": {own_id}, "type": "comment", "parent": 1, "by": "ada", "text": "good"{more}}}\n'
    )


def xml(text, dtd, words):
    head, mark, rest = text.partition("?>")
    return head + mark + dtd + rest.replace("one word", words, 1)


def nested_replies(depth):
    """Return a Reddit thread of which each comment answers the one before, as deep as JSON nests."""
    inner = '""'
    for number in range(depth, 0, -1):
        own = f'"id": "n{number}", "body": "deep", "author": "a", "replies": {inner}'
        inner = (
            f'{{"kind": "Listing", "data": {{"children": [{{"kind": "t1", "data": {{{own}}}}}]}}}}'
        )
    first = '{"kind": "t3", "data": {"id": "nested"}}'
    return f'[{{"kind": "Listing", "data": {{"children": [{first}]}}}}, {inner}]'


def disqus():
    text = renderers.disqus(SAID)
    yield "bomb.xml", xml(text, LOLS, "&l9;"), None
    yield (
        "attribute.xml",
        xml(text, LOLS, "").replace("<message>", '<message a="&l9;">', 1),
        "broken_xml",
    )
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    yield "outside.xml", xml(text, outside, "&e;"), None
    yield "outside_dtd.xml", xml(text, '<!DOCTYPE x SYSTEM "file:///etc/passwd">', "w"), None
    attributes = " ".join(f'a{n}="v"' for n in range(1_000_000))
    yield "attributes.xml", text.replace("<message>", f"<message {attributes}>", 1), None
    yield "deep.xml", text.replace("<post ", "<post>" * 100_000 + "<post ", 1), "broken_xml"
    yield "cut.xml", text[: len(text) // 3], "truncated_xml"


def reddit():
    thread = renderers.reddit_thread(SAID)
    yield "deep.json", DEEP, "format_not_recognised"
    yield "deep_inside.json", thread.replace('"one word"', DEEP), "nested_too_deep"
    yield "nested.json", nested_replies(10_000), "nested_too_deep"
    yield "cut.json", thread[:-20], "truncated_json"
    yield "latin.json", b'[{"kind": "Listing", "x": "\xe9"}]', "wrong_encoding"
    yield "nul.json", b'[{"kind": "Listing", "x": "\0"}]', "binary"
    yield "empty.json", b"", "empty"
    yield "bomb.json.gz", gzip.compress(b"[" + b" " * 300 * 2**20), "bomb"
    yield "cut.json.zst", zstandard.compress(thread.encode())[:-9], "broken_archive"
    yield "bomb.ndjson.zst", zstandard.compress(post("z1").encode() + b"\n" * 2**28), "bomb"
    frames = b"".join(zstandard.compress(post(f"f{n}").encode()) for n in range(1_000))
    yield "frames.ndjson.zst", frames + b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd", None
    yield "long.ndjson", post("l1") + post("l2", "x" * 50_000_000) + post("l3"), "huge_line"
    bad = [DEEP, '{"id": "cut', "\0", '{"id": [1]}', '{"id": true}', '{"id": 1e400}', '{"id": NaN}']
    lines = "".join(f"{line}\n{post(f'b{n}')}" for n, line in enumerate(bad))
    yield "lines.ndjson", lines, "bad_line"
    for number in range(40):
        yield (
            f"small_{number}.json.gz",
            gzip.compress(b"{" + b" " * 60_000_000),
            "format_not_recognised",
        )
    odd = [
        "1e400",
        "-1",
        "9" * 30,
        '"nan"',
        "true",
        "[1]",
        '{"a": 1}',
        '"\\ud800"',
        '"\\ufdd0"',
        "NaN",
    ]
    keys = ["created_utc", "score", "parent_id", "author", "body", "permalink", "edited", "title"]
    values = "".join(
        f'{{"id": "v{key}{place}", "link_id": "t3_p", "{key}": {value}}}\n'.replace("_", "")
        .replace("linkid", "link_id")
        .replace("t3p", "t3_p")
        for key in keys
        for place, value in enumerate(odd)
    )
    yield "values.ndjson", values, None
    loops = "".join(
        json.dumps({"id": own, "link_id": "t3_p", "parent_id": f"t1_{other}", "body": "w"}) + "\n"
        for own, other in (("o1", "o2"), ("o2", "o1"))
    )
    yield "loop.ndjson", loops + post("twice") + post("twice", "again"), "parent_loop"
    yield "many.ndjson", post("m1") + "x\n" * 500_000 + post("m2"), "bad_line"


def hackernews():
    lines = [
        DEEP,
        '{"id": ',
        "\0",
        '{"id": [1], "type": "comment"}',
        '{"id": 1e400, "type": "job"}',
    ]
    odd = [
        '"time": 1e400',
        '"time": NaN',
        '"parent": [1]',
        '"text": "\\ud800"',
        '"kids": {}',
        f'"x": {DEEP}',
    ]
    story = '{"id": 1, "type": "story", "by": "h"}\n'
    bad = "".join(f"{line}\n{item(500 + n)}" for n, line in enumerate(lines))
    more = "".join(item(600 + n, f", {words}") for n, words in enumerate(odd))
    yield "items.ndjson", story + bad + more, "bad_line"
    tree = renderers.algolia(SAID)
    yield (
        "markup.json",
        tree.replace(
            "one word",
            "<font size=0>"
            + "".join(f"<p><font size={n}>" for n in range(50_000)).replace('"', ""),
        ),
        None,
    )
    yield "big.json", tree.replace("one word", "word " * 2_000_000).replace("100", "300"), None


def forum():
    yield "open.csv", 'id,words\n1,good\n2,"open\n3,good\n', None
    yield "long_name.csv", "id," + "w" * 900_000 + "\n1,a\n", "column_missing"
    yield "half.ndjson", '{"\\ud800": 1}\n{"id": "h", "words": "good"}\n', "column_missing"
    yield (
        "empty.parquet",
        table(words=pa.array([], pa.string()), id=pa.array([], pa.int64())),
        "empty",
    )
    yield "nested.parquet", table(words=["good"], id=["n"], more=[[{"a": [1]}]]), None
    texts = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000_000, pa.int32()), ["x" * 2_000])
    yield "bomb.parquet", table(words=texts, id=range(1_000_000)), "too_large"


def table(**columns):
    sink = pa.BufferOutputStream()
    parquet.write_table(
        pa.table(
            {
                name: pa.array(values) if not isinstance(values, pa.Array) else values
                for name, values in columns.items()
            }
        ),
        sink,
    )
    return sink.getvalue().to_pybytes()


def substack():
    page = renderers.substack_html(SAID)
    yield "deep.html", page.replace("one word", "<div>" * 10_000), "nested_too_deep"
    attributes = "<div " + " ".join(f"a{n}" for n in range(300_000)) + ">"
    yield "attributes.html", page.replace("one word", attributes), "nested_too_deep"
    yield "long.txt", "User's avatar\nAda's avatar\n\n" + "x" * 2**21 + "\n", "huge_line"
    avatars = "Ada's avatar\n\nw \ufdd0 \ufdd1\n\nExpand full comment\n" * 1_000
    yield "marks.txt", "User's avatar\n" + avatars, None


SOURCES = (disqus, forum, hackernews, reddit, substack)
NAMES = (b"new\nline", b"esc\x1b[2J", b"[red]", b"$(id)", b"%s", b"x" * 240, b"CASE", b"case", b" ")


def fill(raw):
    """Put everything there; return the code of each path that is to be rejected."""
    told = {}
    for source in SOURCES:
        folder = raw / source.__name__
        folder.mkdir(parents=True)
        for name, content, code in source():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
            told |= {f"{source.__name__}/{name}": code} if code else {}
    (raw / "forum" / "columns.toml").write_text(
        'text = "words"\ncomment_id = "id"\n', encoding="utf-8"
    )
    names = raw / "reddit" / "names"
    names.mkdir()
    for number, name in enumerate(NAMES):
        (names / os.fsdecode(name + b".ndjson")).write_text(post(f"name{number}"), encoding="utf-8")
    (names / os.fsdecode(b"\xff.ndjson")).touch()
    told["reddit/names/\\udcff.ndjson"] = "unreadable_name"
    odd = raw / "reddit" / "folder.json"
    odd.mkdir()
    (odd / "inside.ndjson").write_text(post("inside"), encoding="utf-8")
    for name, target in (("out", "/etc/passwd"), ("itself", "itself.json"), ("up", "..")):
        (odd / f"{name}.json").symlink_to(target)
    os.mkfifo(odd / "pipe.zst")
    with socket.socket(socket.AF_UNIX) as listening, contextlib.chdir(odd):
        # The path of a socket has at most some hundred bytes.
        listening.bind("socket.json")
    codes = (
        ("out", "outside_raw"),
        ("itself", "unreadable"),
        ("up", "not_a_file"),
        ("socket", "not_a_file"),
    )
    told |= {f"reddit/folder.json/{name}.json": code for name, code in codes}
    return told | {"reddit/folder.json/pipe.zst": "not_a_file"}


def test_a_run_ends_well_and_tells_each_place(tmp_path):
    told = fill(tmp_path / "raw")
    ended = subprocess.run(
        command("run", "--raw", tmp_path / "raw", "--processed", tmp_path / "p", "--jobs", 2),
        env=surroundings(), cwd=tmp_path, capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    # Of the largest of its processes, in KiB.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    assert peak < MOST_MIB
    current = (tmp_path / "p" / "current").resolve()
    rejects = pl.read_parquet(current / "rejects.parquet")
    found = set(rejects.select("source_path", "reason_code").rows())
    assert set(told.items()) - found == set()
    assert rejects["reason"].str.len_chars().min() > 0
    comments = pl.read_parquet(current / "comments")
    good = comments.filter(text="good").group_by("platform").len().sort("platform").rows()
    assert good == [("forum", 4), ("hackernews", 9), ("reddit", 1_000 + 2 + 7 + 1 + 1 + 2 + 9 + 1)]
    assert not comments["text"].str.contains("root:").any()
