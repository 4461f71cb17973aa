"""Broken copied pages: each is read or refused, with lines that it has, and the same by every way to read it."""

import random

import polars as pl
import pytest
from support import copied_pages

from threadmill.measure.bench.corpus import make_threads
from threadmill.sources import substack

RENDERERS = ["avatar", "post", "bare", "old", "clip", "glued"]
JUNK = [
    "Comment deleted", "Removed (Banned)Jan 1", "Nov 3", "", "Share", "Reply", "ReplyShare", "Like (3)", "Edited",
    "Expand full comment", "Bo's avatar", "User's avatar", "Tom", "No posts", "6 more comments...", "•", "12 Comments",
    "Discussion about this post", "2 replies by Ada", "[", "](https://substack.com/profile/1-a)", "![x's avatar](y)",
    "\u2028", "\u00a0", "\u200e", "的头像", "x" * 500,
]  # fmt: skip


def render_pages(dice):
    """Return pages of invented threads as lists of lines."""
    pages = []
    for _, thread in zip(range(8), make_threads(), strict=False):
        said = [
            copied_pages.Said(
                one.author,
                one.created or "3h",
                one.is_edited,
                None,
                one.likes,
                0,
                None,
                one.text,
                False,
            )
            for one in thread.comments[:20]
        ]
        said = [
            one if dice.random() > 0.15 else one._replace(deleted=True, text="", likes=0)
            for one in said
        ]
        pages += ["\n".join(getattr(copied_pages, name)(said)).split("\n") for name in RENDERERS]
    return pages


def damage(dice, lines):
    """Return a part of a page with lines lost, put in or cut."""
    start = 0 if dice.random() < 0.5 else dice.randrange(len(lines))
    kept = lines[start : start + dice.randint(1, 60)]
    for _ in range(dice.randint(0, 8)):
        place = dice.randrange(len(kept))
        way = dice.random()
        if way < 0.3 and kept[1:]:
            del kept[place]
        elif way < 0.7:
            kept.insert(place, dice.choice(JUNK))
        else:
            kept[place] = kept[place][: dice.randint(0, len(kept[place]))] + dice.choice(JUNK)
    return "\n".join(kept)


@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
def test_broken_copied_pages_are_read_alike_by_every_way_or_refused(count):
    dice = random.Random(20_261_129)
    pages = render_pages(dice)
    for batch in range(0, count, 250):
        texts = [damage(dice, dice.choice(pages)) for _ in range(250)]
        paths = [f"{number:05}" for number in range(batch, batch + 250)]
        documents = pl.DataFrame({"path": paths, "platform": "substack", "text": texts})
        parsed = substack.parse(documents)
        refused = parsed.rejects.filter(pl.col("reason_code") == substack.REFUSED)["source_path"]
        assert sorted([*parsed.threads["path"], *refused]) == paths
        ends = pl.DataFrame({"path": paths, "end": [text.count("\n") + 1 for text in texts]})
        assert (
            parsed.comments.join(ends, on="path").filter(pl.col("line") > pl.col("end")).is_empty()
        )
        careful = substack.arrange(documents, substack.explain(documents))
        assert sort(parsed.comments).equals(sort(careful.comments))


def sort(comments):
    return comments.sort("path", "position")
