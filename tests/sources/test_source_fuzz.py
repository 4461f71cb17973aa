"""Broken input of every format: no crash, no memory kept, and every document is in threads or in rejects."""

import copy
import gc
import json
import random
from pathlib import Path

import polars as pl
import pytest
from support.renderers import FORMATS, MAPPING, Said

from threadmill import mentions, paths, sources
from threadmill.read.discover import Document
from threadmill.read.sidecars import Sidecar
from threadmill.schema.frames import DOCUMENT
from threadmill.threads import build, identify

PACKS = mentions.read_packs(paths.vocabulary_folder())
INPUTS = 10_000
BATCH = 250
"""Documents that are parsed together, as the pipeline does."""
JUNK = (
    *(
        '"',
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        "&",
        "&#0;",
        "\\ud800",
        "\n",
        "null",
        "-1",
        "1e999",
        "> ",
        "</",
        "<p>",
    ),
    *(
        "<blockquote>",
        "<![CDATA[",
        "]]>",
        "true",
        "9" * 30,
        '"id": 3,',
        '"children": [',
        "\u2028",
        "é",
        ",",
        "\ufdd0",
    ),
)
VALUES = (
    None,
    True,
    -1,
    2**70,
    1e300,
    "",
    "\ud800",
    "x\0y",
    [],
    {},
    [[]],
    {"id": 1},
    "0",
    "c0",
    "1970-01-01T00:00:00Z",
)


def said(chance):
    places = range(chance.randrange(1, 6))
    return [
        Said(n, chance.choice([None, 0]) if n else None, "Ada", f"word {n}", 1_700_000_000 + n, n)
        for n in places
    ]


def mutated(chance, text):
    """Return `text` with a few wounds: of characters, and of values where it is JSON."""
    if text[0] in "{[" and chance.random() < 0.5 and "\n" not in text:
        value = json.loads(text)
        for _ in range(chance.randrange(1, 4)):
            wound(chance, value)
        return json.dumps(value)
    for _ in range(chance.randrange(1, 5)):
        place, length = chance.randrange(len(text) + 1), chance.randrange(12)
        junk = chance.choice(JUNK) if chance.random() < 0.7 else text[place - 40 : place]
        text = text[:place] + junk + text[place + length :]
    return text[: chance.randrange(len(text) + 1)] if chance.random() < 0.1 else text


def wound(chance, value):
    """Replace something deep in `value`."""
    here = value
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            return
        key = chance.choice(keys)
        below = here[key]
        if isinstance(below, dict | list) and below and chance.random() < 0.85:
            here = below
            continue
        here[key] = copy.deepcopy(chance.choice(VALUES))
        return


def frame(format_, texts):
    platform = FORMATS[format_][0]
    mapping = MAPPING if format_ == "table" else None
    rows = [
        (f"{platform}/{n}.txt", platform, text, 1, mapping, mapping and False, None)
        for n, text in enumerate(texts)
    ]
    return pl.DataFrame(rows, schema=DOCUMENT, orient="row")


def check(format_, texts):
    given = frame(format_, texts)
    result = sources.parse(given)
    seen = set(result.threads["path"]) | set(result.rejects["source_path"])
    assert seen == set(given["path"])
    place = ["path", "thread_native_id"]
    threads = result.threads.select("path", thread_native_id="native_id")
    assert result.comments.join(threads, on=place, how="anti", nulls_equal=True).is_empty()
    told = [
        (Document(path, platform, 1, "", "", ""), Sidecar())
        for path, platform in given.select("path", "platform").iter_rows()
    ]
    complete = identify.identify_rows(result, identify.collect_facts(told))
    assert complete.comments.height == result.comments.height
    published = build.build_threads(complete, PACKS)
    assert not published.comments["parent_status"].has_nulls()
    assert not published.comments.select("thread_id", "position").is_duplicated().any()


@pytest.mark.parametrize("format_", FORMATS)
def test_broken_documents_break_nothing(format_):
    fuzz(format_, 40)


def fuzz(format_, count):
    chance = random.Random(format_)
    for size in batches(count):
        check(format_, broken(format_, chance, size))


def batches(count):
    return [min(BATCH, count - start) for start in range(0, count, BATCH)]


def broken(format_, chance, count):
    render = FORMATS[format_][1]
    return [mutated(chance, render(said(chance))) for _ in range(count)]


ONE_BY_ONE = ("reddit_dump_ndjson", "reddit_list_json", "table")
"""Formats of which each document costs frames of its own."""
QUICK = (
    "reddit_thread_json", "discourse_topic_json", "youtube_api_json", "substack_comments_html", "table",
)  # fmt: skip
"""Formats whose memory is looked at in every run of the suite."""
STATM = Path("/proc/self/statm")
PAGE_BYTES = 4096
LEAST_MIB = 0.4
"""What is kept of ten times thirty documents is more than this; what allocators take by chance is less."""
only_linux = pytest.mark.skipif(not STATM.is_file(), reason="only Linux tells what is resident")


def resident_mib():
    gc.collect()
    return int(STATM.read_text(encoding="ascii").split()[1]) * PAGE_BYTES / 2**20


@only_linux
@pytest.mark.parametrize(
    "format_",
    [one if one in QUICK else pytest.param(one, marks=pytest.mark.slow) for one in FORMATS],
)
def test_reading_broken_documents_again_takes_no_more_memory(format_):
    count = 5 if format_ in ONE_BY_ONE else 30
    given = frame(format_, broken(format_, random.Random(format_), count))
    grown = []
    # Allocators take more now and then; what is kept grows each time, frames alone by a MiB.
    while not grown or (min(grown) >= LEAST_MIB and len(grown) < 15):
        before = resident_mib()
        for _ in range(10):
            sources.parse(given)
        grown.append(resident_mib() - before)
    assert min(grown) < LEAST_MIB, grown


@only_linux
@pytest.mark.slow
@pytest.mark.parametrize("format_", FORMATS)
def test_ten_thousand_broken_documents_break_nothing_and_leave_nothing(format_):
    chance = random.Random(format_)
    taken = []
    for size in batches(INPUTS):
        check(format_, broken(format_, chance, size))
        taken.append(resident_mib())
    # What is set up once is there after a fifth; 6 KiB a document is more than its text and frames.
    assert taken[-1] - max(taken[: len(taken) // 5]) < 48, taken
