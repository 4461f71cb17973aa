"""Captures of one thread are one thread; hosts and duplicates are found in it."""

import polars as pl
import pytest
import renders

import flows
from flows.duplicates import duplicates

FIRST = """Discussion about this post
Ada Quill's avatar
Ada Quill
Nov 17

The tide comes in twice a day on this coast, they say.

Expand full comment
Like (2)
Reply
Share
Bo's avatar
Bo
Nov 18

Thank you!

Expand full comment
Like
Reply
Share
1 reply by Cy Moss
"""
SECOND = (
    FIRST.replace("Like (2)", "Like (9)")
    .replace("twice a day on this coast, they say.", "twice a day on this coast, as they say.")
    .replace("Nov 17", "Nov 17Edited")
    .replace(
        "1 reply by Cy Moss\n",
        "Cy Moss's avatar\nCy Moss\nNov 19\n\nYou are welcome.\n\nExpand full comment\nLike\nReply\nShare\n",
    )
)


@pytest.fixture
def published(tmp_path):
    raw = tmp_path / "raw" / "substack"
    raw.mkdir(parents=True)

    def publish(**documents):
        for name, text in documents.items():
            (raw / name.replace("_at_", "@").replace("_", ".")).write_text(text)
        flows.run(tmp_path / "raw", tmp_path / "processed")
        return flows.connect(tmp_path / "processed")

    return publish


def test_a_later_capture_keeps_ids_and_adds_what_is_new(published):
    with published(post_txt=FIRST) as con:
        before = con.execute("select comment_id from comments order by position").fetchall()
    with published(**{"post_at_2026-01-05_txt": SECOND}) as con:
        rows = con.execute(
            "select comment_id, author_name, like_count, is_edited from comments order by position"
        ).fetchall()
        assert [(row[0],) for row in rows[:2]] == before
        assert [row[1:] for row in rows] == [
            ("Ada Quill", 9, True),
            ("Bo", 0, False),
            ("Cy Moss", 0, False),
        ]
        assert con.execute("select count(*) from threads").fetchall() == [(1,)]
        counted = con.execute(
            "select capture_number, added_comment_count, edited_comment_count, lost_comment_count, "
            "added_like_count from captures order by 1"
        ).fetchall()
        assert counted == [(1, 2, 0, 0, 0), (2, 1, 1, 0, 7)]


def test_another_variant_of_the_page_is_the_same_thread(published):
    thread = [
        renders.Said(
            "Ada Quill", "Nov 17", False, None, 1, 0, None, "The tide comes in again.", False
        ),
        renders.Said("Bo", "Nov 18", False, None, 0, 0, None, "So it does, so it does.", False),
    ]
    with published(
        post_txt="\n".join(renders.post(thread)),
        post_at_2_md="\n".join(renders.clip(thread)),
    ) as con:
        rows = con.execute(
            "select author_name, url, like_count from comments order by position"
        ).fetchall()
        assert rows == [
            ("Ada Quill", f"{renders.POST}/comment/100", 1),
            ("Bo", f"{renders.POST}/comment/101", 0),
        ]


def test_the_person_named_most_often_is_the_host(published):
    with published(post_txt=FIRST) as con:
        assert con.execute("select host_name, host_source from threads").fetchall() == [
            ("Cy Moss", "replied_by")
        ]


def test_a_tie_names_no_host(published):
    tie = FIRST.replace("Nov 17", "Nov 17\nLiked by Bo")
    with published(post_txt=tie) as con:
        assert con.execute("select host_name, host_source from threads").fetchall() == [
            (None, None)
        ]


def said(*texts):
    return pl.DataFrame(
        {
            "comment_id": [str(number) for number in range(len(texts))],
            "thread_id": "t",
            "author_id": "a",
            "position": range(len(texts)),
            "text": texts,
        }
    )


LONG = "The harbour wall was built by my grandfather and three of his brothers in one summer."


@pytest.mark.parametrize(
    "later",
    [
        LONG,
        LONG.replace("three", "four"),
        LONG + " It still stands, against all storms we had.",
        LONG[:60],
    ],
)
def test_a_comment_said_again_is_a_duplicate(later):
    assert duplicates(said(LONG, "Other words.", later)).rows() == [("2", "0")]


@pytest.mark.parametrize("courtesy", ["Thank you!", "Thanks so much for this!", "谢谢你！"])
def test_courtesies_are_no_duplicates(courtesy):
    assert duplicates(said(courtesy, courtesy, "Thank you, Ada!")).is_empty()
