"""Captures of one thread are one thread; hosts and duplicates are found in it."""

import polars as pl
import pytest
from support import copied_pages

import threadmill
from threadmill.read.discover import Document
from threadmill.threads.duplicates import find_duplicates

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
        threadmill.run(tmp_path / "raw", tmp_path / "processed")
        return threadmill.connect(tmp_path / "processed")

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


ORDER = "select source_path from captures order by thread_id, capture_number"


def test_a_capture_without_a_time_is_later_than_those_with_one(published, tmp_path):
    """An export that joins an older page has newer comments: the page doesn't lose them."""
    url = 'url = "https://quill.substack.com/p/tides"\n'
    raw = tmp_path / "raw" / "substack"
    (raw / "export.toml").write_text(url, encoding="utf-8")
    (raw / "page.toml").write_text(f"{url}captured_at = 2026-01-05T10:00:00Z\n", encoding="utf-8")
    with published(export_txt=SECOND, page_txt=FIRST) as con:
        counted = con.execute(
            "select source_path, added_comment_count, lost_comment_count "
            "from captures order by capture_number"
        ).fetchall()
        assert counted == [("substack/page.txt", 2, 0), ("substack/export.txt", 1, 0)]


def test_what_others_are_named_as_later_captures_of_is_first(published):
    names = ["post.txt", "post@2026-01-05.txt", "post@2026-02-05.txt", "post@again.txt"]
    with published(**{name.replace("@", "_at_").replace(".", "_"): FIRST for name in names}) as con:
        assert con.execute(ORDER).fetchall() == [(f"substack/{name}",) for name in names]


@pytest.mark.parametrize(
    ("path", "thread"),
    [
        ("post@2026-01-05.txt", "post"),
        ("a/@ada.csv", "a/@ada"),
        ("a/@ada@2026-01-05.csv", "a/@ada"),
        ("a@b/post.txt", "a@b/post"),
        ("@a/post@2.json.zst", "@a/post"),
        ("@.txt", "@"),
        ("@@.txt", "@"),
        ("post@a@b.txt", "post"),
    ],
)
def test_a_capture_is_named_by_the_at_of_its_own_name(path, thread):
    document = Document(f"substack/{path}", "substack", 1, "", "", "")
    assert document.thread_stem == thread


def test_files_that_begin_with_at_are_threads_of_their_own(published, tmp_path):
    (tmp_path / "raw" / "substack" / "people").mkdir()
    with published(**{"people/@ada_txt": FIRST, "people/@bo_txt": SECOND}) as con:
        rows = con.execute("select thread_id, comment_count from threads order by 1").fetchall()
        assert rows == [("substack:people/@ada", 2), ("substack:people/@bo", 3)]


def test_another_variant_of_the_page_is_the_same_thread(published):
    thread = [
        copied_pages.Said(
            "Ada Quill", "Nov 17", False, None, 1, 0, None, "The tide comes in again.", False
        ),
        copied_pages.Said(
            "Bo", "Nov 18", False, None, 0, 0, None, "So it does, so it does.", False
        ),
    ]
    with published(
        post_txt="\n".join(copied_pages.post(thread)),
        post_at_2_md="\n".join(copied_pages.clip(thread)),
    ) as con:
        rows = con.execute(
            "select author_name, url, like_count from comments order by position"
        ).fetchall()
        assert rows == [
            ("Ada Quill", f"{copied_pages.POST}/comment/100", 1),
            ("Bo", f"{copied_pages.POST}/comment/101", 0),
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


NAMES = ["Ada Quill", "Bo", "Cy Moss", "Dee", "Eve Lark", "Fay"]
COUNTS = (
    "select added_comment_count, edited_comment_count, lost_comment_count, added_like_count "
    "from captures order by capture_number"
)


def thread(*likes, lost=(), edited=()):
    """Return comments with so many likes each, without those in `lost`, with words added to those in `edited`."""
    return [
        copied_pages.Said(
            NAMES[at], "Nov 17", at in edited, None, like, 0, None,
            f"The tide number {at} comes in over these flats at dawn." + " So it does." * (at in edited), False,
        )
        for at, like in enumerate(likes)
        if at not in lost
    ]  # fmt: skip


def page(render, *arguments, **options):
    return "\n".join(render(thread(*arguments, **options)))


def test_three_captures_say_what_each_added_edited_lost_and_liked(published):
    with published(
        post_txt=page(copied_pages.post, 1, 0, 2),
        **{
            "post_at_2026-01-05_txt": page(copied_pages.post, 1, 4, 2, 0, lost=[0]),
            "post_at_2026-02-05_txt": page(copied_pages.post, 3, 5, 2, 1, 7, edited=[2], lost=[3]),
        },
    ) as con:
        assert con.execute(COUNTS).fetchall() == [(3, 0, 0, 0), (1, 0, 1, 4), (1, 1, 1, 3)]
        rows = con.execute(
            "select author_name, like_count, is_edited from comments order by position"
        )
        assert rows.fetchall() == [
            ("Ada Quill", 3, False), ("Bo", 5, False), ("Cy Moss", 2, True), ("Eve Lark", 7, False), ("Dee", 0, False)
        ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "later", [copied_pages.bare, copied_pages.clip, copied_pages.glued, copied_pages.avatar]
)
@pytest.mark.parametrize("first", [copied_pages.post, copied_pages.bare, copied_pages.avatar])
def test_any_two_variants_of_a_page_are_one_thread(published, first, later):
    file = (
        "post_at_2026-01-05_md"
        if later in (copied_pages.clip, copied_pages.glued)
        else "post_at_2026-01-05_txt"
    )
    with published(
        **{"post_txt": page(first, 1, 0, 2), file: page(later, 1, 4, 2, 0, edited=[2])}
    ) as con:
        assert con.execute("select count(*) from threads").fetchall() == [(1,)]
        names = con.execute(
            "select author_name, comment_id from comments order by position"
        ).fetchall()
        assert [name for name, _ in names] == NAMES[:4]
        assert con.execute(COUNTS).fetchall()[1][:3] == (1, 1, 0)


def test_words_that_a_capture_cuts_off_stay(published):
    whole = page(copied_pages.post, 1, 0, edited=[1])
    with published(
        post_txt=whole, **{"post_at_2026-01-05_txt": page(copied_pages.post, 1, 0)}
    ) as con:
        texts = con.execute("select text from comments where author_name = 'Bo'").fetchall()
        assert texts[0][0].endswith("So it does.")


def test_clips_of_one_post_under_two_hosts_do_not_fail_the_run(published):
    clip = page(copied_pages.clip, 1, 0)
    other = clip.replace("quill.substack.com", "www.tides.example")
    with published(one_md=clip, two_md=other) as con:
        ids = con.execute("select count(*), count(distinct comment_id) from comments").fetchall()
        assert ids == [(2, 2)]
        rejected = con.execute("select source_path, reason_code from rejects").fetchall()
        assert [code for _, code in rejected] == ["id_of_another_thread"] * 2  # one a line


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
    assert find_duplicates(said(LONG, "Other words.", later)).rows() == [("2", "0")]


@pytest.mark.parametrize("courtesy", ["Thank you!", "Thanks so much for this!", "谢谢你！"])
def test_courtesies_are_no_duplicates(courtesy):
    assert find_duplicates(said(courtesy, courtesy, "Thank you, Ada!")).is_empty()
