"""Substack: the text of a post's page, with avatar lines and buttons (`Like (7)`, `Reply`, `Share`) below.

Only some comments are shown: replies are collapsed to `2 replies by NAME and others`, the rest to
`6 more comments...`. A line `NAME's avatar` starts a comment where the one before has ended.
"""

import polars as pl

from flows.sources import blocks
from flows.sources.lines import Kind, Lines

FORMAT = "substack_post_page"
MEANING = "a post's page: NAME's avatar before each comment, buttons or collapsed replies after it"


def starts(lines: Lines) -> tuple[pl.Series, pl.Series]:
    """Return which lines start a comment, and whose it is."""
    rows = lines.rows
    kind = rows["kind"]
    # A button's name may be a line of text, but then not all of them follow.
    after = blocks.follows_foot(lines)
    around = blocks.is_after_comment(rows)
    next_kind = blocks.neighbour(rows, kind, -1)
    names = lines.marks["name"].gather(rows["mark"])
    # The reader's own box stands above all comments; later, User is somebody's name.
    composer = kind == int(Kind.COMPOSER)
    again = composer & around & (composer | (kind == int(Kind.AVATAR))).cum_sum().is_not_null()
    earlier = (
        rows.select(
            ((pl.col("kind") == int(Kind.AVATAR)).cum_sum().over("doc") > 0).alias("earlier")
        )["earlier"]
        if composer.any()
        else composer
    )
    again &= earlier & (next_kind != int(Kind.PAGE)).fill_null(True)
    avatar = (kind == int(Kind.AVATAR)) | again
    names = pl.select(pl.when(again).then(pl.lit("User")).otherwise(names)).to_series()
    repeated = (blocks.neighbour(rows, rows["bare"], -1) == names).fill_null(False)
    linked = (next_kind == int(Kind.NAME)).fill_null(False)
    dated = next_kind.is_in([int(Kind.META), int(Kind.TOMBSTONE)]).fill_null(False)
    below = blocks.after_heading(rows)
    firsts = rows.select("doc", one=avatar & below).select(
        (pl.col("one") & (pl.col("one").cum_sum().over("doc") == 1)).alias("one")
    )
    after |= firsts["one"]
    if (avatar & ~after).any():
        seen = rows.select("doc", after=after, avatar=avatar).filter("avatar").group_by("doc")
        share = seen.agg(usual=pl.col("after").mean() >= 0.5)
        usual = rows.select("doc").join(share, on="doc", how="left", maintain_order="left")
        # Where nothing ends a comment, a line of its own that reads like a name does.
        alone = rows["gap"] & ~rows["bare"].str.contains(blocks.SENTENCE)
        loose = ~usual["usual"].fill_null(True) & (dated | alone)
        headed = avatar & (after | repeated | linked | loose)
    else:
        headed = avatar
    tomb = (kind == int(Kind.TOMBSTONE)) & blocks.follows_foot(lines)
    named_tomb = (
        (kind == int(Kind.TEXT)) & after & (next_kind == int(Kind.TOMBSTONE)).fill_null(False)
    )
    # A clip may have lost the picture's link.
    person = (
        (kind == int(Kind.NAME))
        & after
        & next_kind.is_in([int(Kind.META), int(Kind.PUBLICATION)]).fill_null(False)
    )
    headed |= person
    # The line after an avatar's is never a comment of its own.
    below = blocks.neighbour(rows, headed, 1).fill_null(False)
    lone = (tomb | named_tomb) & ~below
    whose = pl.select(
        pl.when(named_tomb & lone).then(rows["bare"]).when(headed).then(names)
    ).to_series()
    return blocks.in_comments(rows, headed | lone), whose
