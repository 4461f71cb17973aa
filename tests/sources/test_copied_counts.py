"""A mark on a copied page that became no comment is told with its line; words that a text quotes aren't."""

import polars as pl
import pytest
from support import copied_pages

from threadmill.sources import substack
from threadmill.sources.substack.counter import Made, compare_page

TEXTS = [
    "Low tide.",
    "The boats lie on their sides.\n\nI think.",
    "Yes.",
    "Dredged in May.",
    "By whom?",
    "Ask Ada.",
]
NAMES = ["Ada Moss", "Bo Lind", "Ida Falk", "Ada Moss", "Cy Ode", "Bo Lind"]
THREAD = [
    copied_pages.Said(name, f"Mar {day}", False, None, day, 0, None, text, False)
    for day, (name, text) in enumerate(zip(NAMES, TEXTS, strict=True), 2)
]


def undated(thread):
    return [line for line in copied_pages.avatar(thread) if not line.startswith("Mar ")]


def read(text):
    return substack.parse(pl.DataFrame({"path": ["a.txt"], "platform": "substack", "text": [text]}))


def lose(render, first, *others):
    """Return a page without the lines from the one that begins with `first` on, each as `others` begin."""
    lines = "\n".join(render(THREAD)).split("\n")
    place = next(place for place, line in enumerate(lines) if line.startswith(first))
    for begin in (first, *others):
        assert lines.pop(place).startswith(begin)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("render", "lost", "line"),
    [
        (undated, ["Ida Falk's avatar"], 16),
        (copied_pages.post, ["Share", "Bo Lind's avatar"], 14),
        (copied_pages.bare, ["Ida Falk ", "Mar 4"], 25),
        (copied_pages.bare, ["Share", "Bo Lind"], 11),
        (copied_pages.old, ["Mar 4"], 17),
        (copied_pages.clip, ["[![Ida", "", "[Ida Falk]", "", "[Mar 4]"], 38),
    ],
)
def test_a_comment_that_lost_its_head_is_told_by_the_line_where_it_begins(render, lost, line):
    parsed = read(lose(render, *lost))
    assert parsed.comments.height == 5
    assert parsed.rejects.select("reason_code", "line", "reason").rows() == [
        (
            "count_differs",
            line,
            f"6 lines that end comments, but 5 comments made; look at line {line}",
        )
    ]


@pytest.mark.parametrize(("render", "line"), [(undated, 23), (copied_pages.avatar, 22)])
def test_an_avatar_line_below_a_text_without_end_is_told(render, line):
    """Ada Moss wrote another comment, so the second of hers is hardly quoted."""
    page = "\n".join(render(THREAD)).replace("Yes.\n\nExpand full comment", "Yes.\n")
    reject = read(page).rejects.row(0, named=True)
    assert page.split("\n")[reject["line"] - 1] == "Ada Moss's avatar"


@pytest.mark.parametrize(
    "quoted",
    [
        "Tom's avatar",
        "In the queue I saw Tom's avatar",
        "It reads\n\nTom's avatar\n\nto me.",
        "Tom's avatar\u200e\n\nis odd.",
        "Under it are\n\nReply\n\nand no more.",
        "It says Expand full comment\n\nbut doesn't.",
        "Press\nExpand full comment\n\nto read it.",
        "Expand full comment\n\nis what I see.",
        "All ends with\n\nExpand full comment",
        "One is gone:\n\nComment deleted\n\nand one more.",
    ],
)
@pytest.mark.parametrize("deleted", [False, True])
@pytest.mark.parametrize(
    "render", [undated, *map(copied_pages.__dict__.get, ["avatar", "post", "bare", "clip"])]
)
def test_what_a_text_quotes_is_no_mark(render, deleted, quoted):
    below = THREAD[3]._replace(deleted=deleted, text="" if deleted else "Yes.", likes=0)
    parsed = read(
        "\n".join(render([*THREAD[:2], THREAD[2]._replace(text=quoted), below, *THREAD[4:]]))
    )
    assert parsed.comments.height == 6
    assert parsed.rejects.is_empty()


def test_a_comment_with_neither_head_nor_end_is_told():
    end = "\n\nExpand full comment\n\n"
    page = f"9 Comments\n\nOne.{end}It said\n\nComment deleted\n\nand no more.{end}Two.{end}"
    reject = compare_page(page, [Made(line, False, None) for line in (3, 7, 11, 15)])
    assert (reject.reason_code, reject.line) == ("count_differs", 7)


def test_lines_of_comments_are_those_of_the_file_though_links_are_split_over_blank_ones():
    page = "\n".join(copied_pages.clip(THREAD, split=True))
    lines = page.split("\n")
    assert [lines[line - 1] + lines[line] for line in read(page).comments["line"]] == [
        f"[![{name}'s avatar]({copied_pages.IMAGE})" for name in NAMES
    ]
