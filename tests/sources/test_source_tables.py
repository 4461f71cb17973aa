"""Tables of anyone's own: what a mapping makes of them, and what is told of what it can't read."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from threadmill import sources
from threadmill.read.discover import Document
from threadmill.read.sidecars import Sidecar
from threadmill.sources import dates
from threadmill.sources.table import records
from threadmill.threads import identify

TREE = 'text = "words"\ncomment_id = "id"\nparent_id = "parent"'
TIMED = 'text = "words"\ncreated_at = "at"'
BERLIN = "Europe/Berlin"
YEARS = datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2037-01-01")
MORNING = datetime.fromisoformat("2024-01-03T10:00")


def read(text, mapping, first=1):
    """Return what a table is read as, or from line `first` on a part of one."""
    documents = pl.DataFrame(
        {"path": ["forum/a.csv"], "platform": ["forum"], "text": [text], "mapping": [mapping]}
    )
    return sources.parse(documents.with_columns(first_line=pl.lit(first)))


def lines(items):
    return "".join(json.dumps(item) + "\n" for item in items)


def told(parsed):
    return parsed.rejects.select("line", "reason_code", "reason").rows()


def timed(*values, more=""):
    """Return a table with a comment for each of `values` as its time."""
    rows = "".join(json.dumps({"at": value, "words": "w"}) + "\n" for value in values)
    return read(rows, TIMED + more)


def test_an_item_of_a_list_may_lack_what_is_optional():
    items = [
        {"id": n, "words": f"w{n}"} | ({"parent": n - 1} if n % 3 else {}) for n in range(1, 9)
    ]
    in_list, on_lines = (read(text, TREE) for text in (json.dumps(items), lines(items)))
    assert in_list.rejects.is_empty()
    assert in_list.comments.drop("line", "position").equals(
        on_lines.comments.drop("line", "position")
    )
    assert in_list.comments["parent_native_id"].null_count() == 3


def test_an_item_without_words_costs_only_itself():
    items = [{"id": 1, "words": "a", "parent": None}, {"id": 2}, 7, {"id": 3, "words": "b"}]
    parsed = read(json.dumps(items), TREE)
    assert parsed.comments["native_id"].to_list() == ["1", "3"]
    assert told(parsed) == [
        (None, "bad_line", '2 items without column "words", counted from 1: 2, 3')
    ]


def test_a_column_that_no_item_has_is_named():
    items = [{"id": n, "words": "w", "parent": None} for n in range(3)]
    mapping = TREE.replace('"parent"', '"parnet"')
    finding = 'no column "parnet"; did you mean "parent"?'
    for text in (json.dumps(items), lines(items)):
        parsed = read(text, mapping)
        assert parsed.comments.is_empty()
        assert told(parsed) == [(1, "column_missing", finding)]


ROWS = [{"id": 1, "words": "a"}, {"id": 2, "words": "b"}]
FLAT = "id,words\n1,a\n2,b\n"


@pytest.mark.parametrize(
    ("text", "more", "count"),
    [
        (FLAT, 'like_count = "hearts"', 2),
        (json.dumps(ROWS), 'like_count = "hearts"', 2),
        (lines(ROWS), 'parent_id = "parent"', 2),
        (FLAT, 'parent_id = "parent"', 0),
        (lines([one | {"score": 3} for one in ROWS]), 'like_count = "scores"', 0),
        (FLAT.replace("id,", "id,parent_ids,").replace("1,", "1,,"), 'parent_id = "parent_id"', 0),
    ],
)
def test_a_table_may_lack_what_a_folders_mapping_names_unless_it_seems_misspelt(text, more, count):
    """A heading says whom comments answer, or that nothing does; objects without parents may all be at top level."""
    documents = pl.DataFrame(
        {"path": "forum/a", "platform": "forum", "text": [text]}
        | {"mapping": f'text = "words"\ncomment_id = "id"\n{more}', "is_mapping_shared": True}
    )
    parsed = sources.parse(documents)
    assert parsed.comments.height == count
    ((_, code, reason),) = told(parsed)
    assert code == "column_missing"
    assert reason.startswith("in all rows, read without it: no column" if count else "no column")
    # For a table alone nothing it names may lack.
    own = sources.parse(documents.with_columns(is_mapping_shared=False))
    assert own.comments.is_empty()


def test_a_part_of_a_dump_may_lack_what_is_rare(monkeypatch):
    monkeypatch.setattr(records, "PART_CHARS", 10)
    rare = 'text = "words"\nlike_count = "hearts"'
    assert read(lines(ROWS), rare).comments.height == 2
    assert read(lines(ROWS), rare, first=9).rejects.is_empty()
    misspelt = rare.replace("hearts", "haerts")
    assert read(lines([{"words": "a", "hearts": 1}]), misspelt, first=9).comments.is_empty()


NUMBERS = [
    (1_704_276_000, "s", MORNING),
    ("1704276000.5", "s", MORNING + timedelta(seconds=0.5)),
    ("1704276000000", "ms", MORNING),
    (1_704_276_000_000_000, "us", MORNING),
    ("2024-01-03T11:00+01:00", "s", MORNING),
]


@pytest.mark.parametrize(("value", "unit", "instant"), NUMBERS)
def test_a_number_in_its_unit_is_an_instant(value, unit, instant):
    parsed = timed(value, more=f'\ntime_unit = "{unit}"')
    assert parsed.comments.select("created_at", "created_text").rows() == [(instant, None)]
    assert parsed.rejects.is_empty()


@pytest.mark.parametrize(
    "value",
    [
        *("2024", "1704276000000", "20241345", "4102444800", "999999999999999999999", "0", "-1"),
        *("nan", "inf", "1e400", "True", "not a date"),
        *("03.01.2024 10:00", "01/02/2024 10:00", "2024-13-01"),
    ],
)
def test_what_is_no_time_is_kept_in_its_words_and_told(value):
    parsed = timed(value, value)
    assert parsed.comments.select("created_at", "created_text").rows() == [(None, value)] * 2
    ((line, code, reason),) = told(parsed)
    assert (line, code) == (None, "created_at_not_read")
    assert reason.startswith(f"2 ×, first: line 1: column \"at\" is '{value}'; created_at takes")


def test_a_number_in_another_unit_says_which():
    ((_, _, reason),) = told(timed(1_704_276_000_000))
    assert reason.endswith('; with time_unit = "ms" it would be 2024-01-03')


@pytest.mark.parametrize("value", ["20240103", 20_240_103, "2024-01-03 10:00", "Jan 3, 2024"])
def test_a_day_without_an_instant_is_known(value):
    parsed = timed(value)
    assert parsed.rejects.is_empty()
    assert completed(parsed)["created_on"].to_list() == [MORNING.date()]


def completed(parsed):
    document = Document("forum/a.csv", "forum", 0, "", "", "")
    return identify.identify_rows(parsed, identify.collect_facts([(document, Sidecar())])).comments


def test_a_part_of_a_dump_tells_its_own():
    parsed = read('{"words": "w", "at": "no"}\n', TIMED, first=500)
    assert parsed.rejects["line"].to_list() == [500]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())))
def test_no_time_is_lost_without_a_word(values):
    parsed = timed(*values, more=f'\ntimezone = "{BERLIN}"')
    found = parsed.comments.select("created_at", "created_text").rows()
    assert len(found) == len(values) or not values
    for value, (at, written) in zip(values, found, strict=bool(values)):
        is_nothing = value is None or value != value or not str(value).split()
        assert is_nothing or (at is None) != (written is None)
        assert at is None or 1980 <= at.year < 2100 or isinstance(value, str)


@settings(deadline=None)
@given(st.datetimes(YEARS[0], YEARS[1]))
def test_clock_times_are_read_as_those_of_pages_are(local):
    assert instant(local) == [as_on_a_page(local)]


@pytest.mark.parametrize("local", ["2024-03-31 02:30:00", "2024-10-27 02:30:00"])
def test_a_time_that_clocks_skip_or_repeat_is_no_instant(local):
    at = datetime.fromisoformat(local)
    assert instant(at) == [None] == [as_on_a_page(at)]


def instant(local):
    """Return the instant of `local` in Berlin as a table gives it, which zoneinfo confirms."""
    found = timed(str(local), more=f'\ntimezone = "{BERLIN}"').comments["created_at"].to_list()
    if found != [None]:
        there = found[0].replace(tzinfo=UTC).astimezone(ZoneInfo(BERLIN))
        other = found[0].replace(tzinfo=UTC) + timedelta(hours=1)
        assert there.replace(tzinfo=None) == local
        assert other.astimezone(ZoneInfo(BERLIN)).replace(tzinfo=None) != local
    return found


def as_on_a_page(local):
    page = pl.DataFrame(
        {
            "created_text": [f"{local:%Y-%m-%d %H:%M:%S}"],
            "captured_at": pl.Series([None], dtype=pl.Datetime("us")),
            "timezone": [BERLIN],
            "created_at": pl.Series([None], dtype=pl.Datetime("us")),
        }
    )
    at = dates.date_comments(page)["created_at"][0]
    return at and at + timedelta(microseconds=local.microsecond)


def test_what_a_column_does_not_take_is_told_once():
    table = "hearts,gone,host,words\n3.5,t,y,a\nmany,f,n,b\n3.0,x,1.0,c\n7,,maybe,d\n"
    parsed = read(
        table, 'text = "words"\nlike_count = "hearts"\nis_deleted = "gone"\nis_host = "host"'
    )
    assert parsed.comments.select("like_count", "is_deleted", "is_host", "text").rows() == [
        (None, True, True, ""),
        (None, False, False, "b"),
        (3, False, True, "c"),
        (7, False, None, "d"),
    ]
    assert told(parsed) == [
        (
            None,
            "like_count_not_read",
            "2 ×, first: line 2: column \"hearts\" is '3.5'; like_count takes a whole number",
        ),
        (
            None,
            "is_deleted_not_read",
            "line 4: column \"gone\" is 'x'; is_deleted takes true or false",
        ),
        (
            None,
            "is_host_not_read",
            "line 5: column \"host\" is 'maybe'; is_host takes true or false",
        ),
    ]


def test_a_mapped_column_that_is_there_twice_is_refused():
    mapping = 'text = "words"\nauthor_name = "who"'
    assert told(read("who,who,words\nAda,Bo,w\n", mapping)) == [
        (1, "column_twice", 'column "who" is there 2 times; name the one that is meant')
    ]
    assert read("who,words,,\nAda,w,,\n", mapping).comments["author_name"].to_list() == ["Ada"]


def test_the_delimiter_is_the_one_that_gives_the_columns():
    parsed = read("words;who;at;a,b,c,d\nhello, all;Ada;;1\n", 'text = "words"')
    assert parsed.comments["text"].to_list() == ["hello, all"]


def test_fields_that_do_not_fit_are_counted_in_a_sentence():
    parsed = read('id,who,words\n1,"Ada,hello\n2,Bo\n3,Cy,w\n', 'text = "words"')
    assert [reason for _, _, reason in told(parsed)] == [
        "2 fields; the heading has 3; a quote (\") in it isn't closed, or not doubled within quotes",
        "2 fields; the heading has 3",
    ]


def test_parents_as_pandas_writes_them_are_found():
    # A column of whole numbers with gaps becomes one of floats.
    parsed = read("id,parent,words\n12,,a\n13,12.0,b\n", TREE)
    assert parsed.comments["parent_native_id"].to_list() == [None, "12"]
    named = read("id,parent,words\nv1.0,,a\nv2.0,v1.0,b\n1.0,,c\n2.0,1.0,d\n", TREE)
    assert named.comments["parent_native_id"].to_list() == [None, "v1.0", None, "1.0"]
