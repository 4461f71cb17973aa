"""Offsets are code points of the original text, in every script."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.mention_threads import VOCABULARY, found_in, thread

from threadmill import schema
from threadmill.mentions import find_mentions
from threadmill.mentions.text.spans import find_spans

PIECES = st.sampled_from(
    [
        "@ann",
        "#tag",
        "https://example.com/x",
        "10.1000/x.y",
        "PMID: 12345",
        '"some quoted words"',
        "“so it said”",
        "MS",
        "EDSS",
        "Prof G",
        "aged 17",
        "\n    ",
        "in 1987",
        "10%",
        "$5",
        "20 years ago",
        "a year",
        "Figure 1",
        "phase 2",
        "a@b.org",
        "Jane Smith",
        "`code`",
        "```",
        ">",
        "(",
        ")",
        ".",
        ",",
        "İ",
        "ς",
        "é",
        "👩🏽\u200d⚕️",
        "日本",
        "ไทย",
        "\ufdd0",
        "\ufdd1\n    ",
        "\x01",
        "\x02\n    ",
        "\xa0",
        "\u200b",
        "\n\n",
        "    ",
        "China",
        "EBV",
        "the Chinese",
        "multiple sclerosis",
        "multiple-",
        "Ann",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=20).map(" ".join) | st.lists(
    st.one_of(PIECES, st.text(max_size=4)), max_size=20
).map("".join)


def assert_placed(comments):
    mentions = found_in(comments)
    texts = dict(comments.select("comment_id", "text").iter_rows())
    for comment, start, end, surface in mentions.select(
        "comment_id", "start_char", "end_char", "surface"
    ).iter_rows():
        assert 0 <= start < end
        assert texts[comment][start:end] == surface
    return mentions


@given(st.lists(TEXTS, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_every_surface_is_the_text_at_its_place(texts):
    authors = ["Ann Lee", "Gavin Giovannoni", "Bob"] * 2
    mentions = assert_placed(thread(*texts, authors=authors[: len(texts)]))
    assert mentions.columns == list(schema.TABLES["mentions"].columns)
    key = list(schema.TABLES["mentions"].key)
    assert mentions.select(key).is_unique().all()


@given(st.lists(TEXTS, min_size=4, max_size=4))
@settings(max_examples=25, deadline=None)
def test_a_threads_mentions_do_not_depend_on_the_frames_other_threads(texts):
    first = thread(*texts[:2], authors=["Ann", "Bob"], name="a")
    second = thread(*texts[2:], authors=["Bob", "Ann"], name="b")
    both = find_mentions(pl.concat([first, second]), VOCABULARY)
    alone = [find_mentions(first, VOCABULARY), find_mentions(second, VOCABULARY)]
    assert both.mentions.equals(pl.concat([one.mentions for one in alone]))
    assert both.candidates.equals(pl.concat([one.candidates for one in alone]))


@given(st.text(max_size=60))
@settings(max_examples=50, deadline=None)
def test_spans_are_those_of_a_plain_search(text):
    import re

    clean = re.sub("[\x01\x02]", "\ufffd", text)
    frame = pl.DataFrame({"row": [0], "masked": [clean]}, {"row": pl.UInt32, "masked": pl.String})
    expected = [match.span() for match in re.finditer(r"[a-m0-5]+", clean)]
    assert find_spans(frame, "[a-m0-5]+").select("start", "end").rows() == expected


@pytest.mark.parametrize(
    ("script", "text"),
    [
        ("Latin", "Ça, @zoë, à 10 % déjà #été"),
        ("Greek", "Γειά @γιάννης, 10% και #άνοιξη"),
        ("Cyrillic", "Привет @иван, 10% и #весна"),
        ("Hebrew", "שלום @דוד ועוד 10% וגם #אביב"),
        ("Arabic", "مرحبا @علي و 10% و #ربيع"),
        ("Devanagari", "नमस्ते @राम और 10% और #वसंत"),
        ("Thai", "สวัสดี @สมชาย และ 10% และ #ฤดูใบไม้ผลิ"),
        ("Han", "你好 @小明 还有 10% 和 #春天"),
        ("Japanese", "こんにちは @たろう と 10% と #はる"),
        ("Hangul", "안녕 @민수 그리고 10% 그리고 #봄"),
        ("Georgian", "გამარჯობა @ნინო და 10% და #გაზაფხული"),
        ("outside the BMP", "𝒳𝒴 👩🏽‍⚕️ @ann 😀 10% 😀 #tag"),
    ],
)
def test_handles_shares_and_tags_are_found_in_every_script(script, text):
    kinds = assert_placed(thread(text))["kind"].to_list()
    assert kinds == ["handle", "percentage", "hashtag"]


def test_candidates_show_the_words_around_them_as_people_read_them():
    text = "I met Östen Ring at https://a.org/b near `x = 1`, ZQX. iPhone Östen"
    found = find_mentions(thread(text), VOCABULARY).candidates
    assert found.select("candidate", "example").rows() == [
        ("ZQX", "n Ring at https://a.org/b near `x = 1`, ZQX. iPhone Östen"),
        ("Östen Ring", "I met Östen Ring at https://a.org/b near `x = 1`, ZQX. i"),
    ]


def test_a_quotation_is_named_by_all_its_words():
    mention = found_in(thread("“See https://a.org/b and `x = 1` for this”")).filter(
        rule="quotation"
    )
    assert mention["canonical_id"].to_list() == [
        "scare_quote:“see https://a.org/b and `x = 1` for this”"
    ]
    assert mention["canonical_name"].to_list() == mention["surface"].to_list()


def test_no_comments_give_no_mentions_but_all_columns():
    found = find_mentions(thread(), VOCABULARY)
    assert found.mentions.columns == list(schema.TABLES["mentions"].columns)
    assert found.candidates.columns == list(schema.TABLES["mention_candidates"].columns)
    assert find_mentions(thread("", ""), VOCABULARY).mentions.is_empty()
