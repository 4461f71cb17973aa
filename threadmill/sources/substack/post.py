"""Substack: the text of a post's page, with avatar lines and buttons (`Like (7)`, `Reply`, `Share`) below.

Only some comments are shown: replies are collapsed to `2 replies by NAME and others`, the rest to
`6 more comments...`. A line `NAME's avatar` starts a comment where the one before has ended.
"""

import polars as pl

from threadmill.sources.substack import blocks
from threadmill.sources.substack.firsts import is_kind, neighbour
from threadmill.sources.substack.lines import Kind, Lines

FORMAT = "substack_post_page"
MEANING = "a post's page: NAME's avatar before each comment, buttons or collapsed replies after it"

ENDS_SHARE = 0.25
"""Where so many of the avatar lines that may start a comment stand below another's end, all must."""


def starts(lines: Lines) -> tuple[pl.Series, pl.Series]:
    """Return which lines start a comment, and whose it is."""
    rows = lines.rows
    kind = rows["kind"]
    next_kind = neighbour(rows, kind, -1)
    avatar, names = _avatars(lines, next_kind)
    headed = avatar & _is_headed(rows, avatar, names, next_kind)
    # A clip may have lost the picture's link.
    person = (kind == int(Kind.NAME)) & rows["first"]
    headed |= person & next_kind.is_in([int(Kind.META), int(Kind.PUBLICATION)]).fill_null(False)
    tomb = (kind == int(Kind.TOMBSTONE)) & rows["first"]
    named_tomb = (kind == int(Kind.TEXT)) & rows["first"]
    named_tomb &= (next_kind == int(Kind.TOMBSTONE)).fill_null(False)
    # The line after an avatar's is never a comment of its own.
    lone = (tomb | named_tomb) & ~neighbour(rows, headed, 1).fill_null(False)
    whose = pl.when(named_tomb & lone).then(rows["bare"]).when(headed).then(names)
    return blocks.in_comments(rows, headed | lone), pl.select(whose).to_series()


def _avatars(lines: Lines, next_kind: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return which lines are somebody's avatar, and the names of all lines.

    The reader's own box, `User's avatar`, stands above all comments; further down, User is somebody's name.
    """
    rows = lines.rows
    avatar = is_kind(rows, Kind.AVATAR)
    names = lines.marks["name"].gather(rows["mark"])
    composer = is_kind(rows, Kind.COMPOSER)
    if not composer.any():
        return avatar, names
    first = rows.filter(avatar).group_by("doc").agg(first=pl.col("row").min())
    place = rows.select("doc", "row").join(first, on="doc", how="left", maintain_order="left")
    user = composer & rows["first"] & (place["row"] > place["first"]).fill_null(False)
    user &= (next_kind != int(Kind.PAGE)).fill_null(True)
    whose = pl.when(user).then(pl.lit("User")).otherwise(names)
    return avatar | user, pl.select(whose).to_series()


def _is_headed(
    rows: pl.DataFrame, avatar: pl.Series, names: pl.Series, next_kind: pl.Series
) -> pl.Series:
    """Return which of the lines `avatar` start a comment, by what is usual in their document.

    Three things tell: a comment has ended above, the name stands again below, and then a date, a
    publication or a tombstone. Where names are repeated, two of them must hold; elsewhere the first must. Where
    nothing ends comments, one must if names are repeated; else a line of its own that reads like a name does.
    """
    below = rows.select("doc", one=avatar & rows["below"]).select(
        (pl.col("one") & (pl.col("one").cum_sum().over("doc") == 1)).alias("one")
    )["one"]
    ended = rows["first"] | below
    again = (neighbour(rows, rows["bare"], -1) == names).fill_null(False)
    again |= (next_kind == int(Kind.NAME)).fill_null(False)
    dates = [int(Kind.META), int(Kind.TOMBSTONE)]
    two_next = neighbour(rows, rows["kind"], -2)
    dated = next_kind.is_in(dates) | (again & two_next.is_in([*dates, int(Kind.PUBLICATION)]))
    dated |= two_next.is_in(dates) & (next_kind == int(Kind.PUBLICATION))
    dated |= again & neighbour(rows, rows["kind"], -3).is_in(dates) & (two_next == int(Kind.TEXT))
    dated = dated.fill_null(False)
    alone = rows["gap"] & ~rows["bare"].str.contains(blocks.SENTENCE)
    loose = ended | dated | again | alone
    seen = rows.select("doc", ended=ended, again=again, later=loose & ~below).filter(avatar)
    later = pl.col("ended").filter("later")
    usual = seen.group_by("doc").agg(
        ends=(later.mean() >= ENDS_SHARE).fill_null(True),
        repeats=(pl.col("again") & pl.col("ended")).sum() * 2 >= pl.col("ended").sum(),
        always=pl.col("again").sum() * 2 > pl.len(),
    )
    place = rows.select("doc").join(usual, on="doc", how="left", maintain_order="left")
    two = (ended & again) | (ended & dated) | (again & dated)
    open_ended = pl.when(place["always"]).then(ended | again | dated).otherwise(loose)
    footed = pl.when(place["repeats"]).then(two).otherwise(ended)
    chosen = pl.when(place["ends"]).then(footed).otherwise(open_ended)
    return pl.select(chosen.fill_null(False)).to_series()
