"""Lines of Substack pages put together to comments, the same way for every variant.

A variant says which lines start a comment. From there on a comment is a head (name, publication, date,
marks), its text, and a foot (`Expand full comment`, buttons, collapsed replies), each in that order: what
looks like a mark elsewhere is text.
"""

from typing import NamedTuple

import polars as pl

from threadmill.schema.frames import COMMENT, REJECT, Parsed
from threadmill.sources.substack import told
from threadmill.sources.substack.firsts import is_kind, neighbour
from threadmill.sources.substack.lines import FOOT, Kind, Lines
from threadmill.sources.substack.told import HEAD, PAGE, PART, STRANGE, TEXT

NAME_MAX_CHARS = 80
PUBLICATION_MAX_BYTES = 200
PUBLICATION = r"(?:Substack|[Nn]ewsletter|[Bb]log|[Bb]oletín)$|^(?:Writes|Escribe) "
SENTENCE = r"[!?;:…“”]|[a-z]{2}\. |[a-z]{3}\.$|,$|(?:\S+\s+){7}"


class Blocks(NamedTuple):
    """Documents taken apart."""

    parsed: Parsed
    roles: pl.DataFrame
    """One row per line: `doc, written, glued, role, bare`."""


def before_tail(rows: pl.DataFrame, ends: pl.Series) -> pl.Series:
    """Return whether each line is above the page's end.

    That starts at the first of its marks after which none of `ends`, lines of comments, comes.
    """
    last = rows.filter(ends).group_by("doc").agg(last=pl.col("row").max())
    place = rows.select("doc", "row", "kind").join(
        last, on="doc", how="left", maintain_order="left"
    )
    opens = place.select(
        (pl.col("kind") == int(Kind.TAIL)) & (pl.col("row") > pl.col("last").fill_null(-1))
    ).to_series()
    first = rows.filter(opens).group_by("doc").agg(tail=pl.col("row").min())
    place = place.join(first, on="doc", how="left", maintain_order="left")
    return place.select((pl.col("row") < pl.col("tail")).fill_null(True)).to_series()


def in_comments(rows: pl.DataFrame, starts: pl.Series) -> pl.Series:
    """Return those of `starts` that are below the comments' heading and above the page's end."""
    above = before_tail(rows, rows["below"] & is_kind(rows, *FOOT, Kind.AVATAR))
    return starts & rows["below"] & above


def is_dated_name(lines: Lines) -> pl.Series:
    """Return whether a date follows each line, or a line that may be a publication and then a date."""
    rows = lines.rows
    rank = lines.marks["head_rank"].gather(rows["mark"])
    dated = neighbour(rows, rank == 3, -1).fill_null(False)
    two = neighbour(rows, rank == 3, -2).fill_null(False)
    text = rows["kind"] == int(Kind.TEXT)
    between = text & dated
    apart = (between & rows["gap"]).arg_true()
    publication = rows["bare"].gather(apart).str.contains(PUBLICATION)
    near = neighbour(rows, between.scatter(apart, publication), -1)
    after = rows["first"] & neighbour(rows, text, -1).fill_null(False)
    return text & (dated | (two & (near.fill_null(False) | after)))


def is_name_like(rows: pl.DataFrame, tried: pl.Series) -> pl.Series:
    """Return which of the lines `tried` read like a name rather than a sentence."""
    places = tried.arg_true()
    bare = rows["bare"].gather(places)
    is_name = (bare.str.len_chars() <= NAME_MAX_CHARS) & ~bare.str.contains(SENTENCE)
    return tried.clone().scatter(places, is_name)


def build(
    documents: pl.DataFrame, lines: Lines, starts: pl.Series, names: pl.Series, source_format: str
) -> Blocks:
    """Return the comments of `documents`, which start at `starts` of their `lines`, by `names`."""
    rows = _groups(lines, starts).with_columns(start_name=names)
    rows = _zones(rows)
    comments = told.comments(documents, lines, rows)
    threads = told.threads(documents, lines, rows, comments, source_format)
    parsed = Parsed(threads, comments.select(COMMENT.names()), REJECT.to_frame())
    return Blocks(parsed, rows.select("doc", "written", "glued", "role", "bare"))


def _groups(lines: Lines, starts: pl.Series) -> pl.DataFrame:
    """Return the lines with their `group` (a comment, or what is before or after them) and ranks."""
    rows = lines.rows.with_columns(is_start=starts)
    above = before_tail(rows, (starts | is_kind(rows, *FOOT)) & rows["below"])
    above &= ~_after_last(rows)
    opens = starts | (rows["doc"] != rows["doc"].shift(1)).fill_null(True)
    opens |= ~above & neighbour(rows, above, 1).fill_null(True)
    ranks = lines.marks.select("first_rank", "last_rank", "head_rank")
    mark = rows["mark"]
    rows = rows.with_columns(
        group=opens.cum_sum().cast(pl.Int64),
        opens=opens,
        is_post=~rows["below"],
        is_tail=~above,
        **{name: ranks[name].gather(mark) for name in ranks.columns},
    )
    # A comment's link is its date, in whatever words.
    is_link = (pl.col("kind") == int(Kind.META)) & (pl.col("mark") == 0)
    rows = rows.with_columns(
        head_rank=pl.when(is_link).then(3).otherwise("head_rank").cast(pl.Int8)
    )
    return rows.with_columns(
        is_comment=pl.col("is_start").gather(
            pl.int_range(pl.len()).filter(pl.col("opens")).gather(pl.col("group") - 1)
        )
    )


def _after_last(rows: pl.DataFrame) -> pl.Series:
    """Return whether each line is below the whole foot of its document's last comment."""
    last = rows.group_by("doc").agg(
        start=pl.col("row").filter("is_start").max(),
        close=pl.col("row").filter(pl.col("closes") > 0).max(),
    )
    ended = last.filter(pl.col("close") > pl.col("start")).select("doc", "close")
    place = rows.select("doc", "row").join(ended, on="doc", how="left", maintain_order="left")
    return place.select((pl.col("row") > pl.col("close")).fill_null(False)).to_series()


def _zones(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with `role`, and `is_head` and `is_foot` of those in comments."""
    rows = _ranked(rows)
    rows = rows.with_columns(
        is_head=pl.col("is_comment") & _in_head(rows),
        is_foot=pl.col("is_comment") & ~pl.col("opens") & _in_foot(),
    )
    rows = rows.with_columns(is_foot=pl.col("is_foot") & ~pl.col("is_head"))
    return _undelete(rows).with_columns(role=_role())


def _ranked(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with `rank`, their place in a head: name 1, publication 2, date 3, marks from 4.

    0 is none, -1 anywhere in it. `is_name` repeats the name of the comment's first line.
    """
    after_start = pl.col("is_start").shift(1, fill_value=False) & ~pl.col("opens")
    is_name = after_start & (
        (pl.col("kind") == int(Kind.NAME))
        | (pl.col("bare") == pl.col("start_name").shift(1)).fill_null(False)
    )
    rows = rows.with_columns(is_name=is_name)
    after_name = after_start | (pl.col("is_name").shift(1, fill_value=False) & ~pl.col("opens"))
    next_created = (_goes_on() & (pl.col("head_rank").shift(-1) == 3)).fill_null(False)
    is_publication = (pl.col("kind") == int(Kind.PUBLICATION)) | (
        (pl.col("kind") == int(Kind.TEXT))
        & after_name
        & next_created
        & (pl.col("bare").str.len_bytes() <= PUBLICATION_MAX_BYTES)
    )
    rank = (
        pl.when("opens")
        .then(pl.max_horizontal("head_rank", 0))
        .when("is_name")
        .then(1)
        .when(is_publication)
        .then(2)
        .otherwise("head_rank")
    )
    return rows.with_columns(rank=rank.cast(pl.Int64))


def _goes_on() -> pl.Expr:
    """Whether the next line is in the same group."""
    return pl.col("group") == pl.col("group").shift(-1)


def _in_head(rows: pl.DataFrame) -> pl.Expr:
    """Whether all lines of the group, from its first to this one, fit a head: ranks climb, nothing is between."""
    starts_text = (
        pl.col("opens") & (pl.col("kind") == int(Kind.TEXT)) & pl.col("start_name").is_null()
    )
    # Each group begins above all of the one before.
    climb = pl.col("group") * 10 + pl.max_horizontal("rank", 0)
    climbs = climb > climb.cum_max().shift(1, fill_value=0)
    ends_head = pl.lit(_is_tight(rows)) & pl.col("gap") & (pl.col("kind") != int(Kind.TOMBSTONE))
    fits = (pl.col("opens") & ~starts_text) | (
        ~pl.col("opens") & ((pl.col("rank") == -1) | ((pl.col("rank") > 0) & climbs)) & ~ends_head
    )
    faults = (~fits).cast(pl.Int64).cum_sum()
    first = pl.int_range(pl.len()).filter(pl.col("opens"))
    # Those of the groups before.
    before = (faults - (~fits).cast(pl.Int64)).gather(first.gather(pl.col("group") - 1))
    return faults == before


def _in_foot() -> pl.Expr:
    """Whether every line of the group, from this one to its last, is a foot's, in the order of a foot."""
    same = _goes_on()
    follows = same & (pl.col("last_rank") < pl.col("first_rank").shift(-1))
    steps = (pl.col("first_rank") > 0) & (follows.fill_null(False) | ~same.fill_null(False))
    slips = (~steps).cast(pl.Int64).cum_sum()
    first = pl.int_range(pl.len()).filter(pl.col("opens"))
    last = (first.shift(-1) - 1).fill_null(pl.len() - 1)
    return steps & (slips == slips.gather(last.gather(pl.col("group") - 1)))


def _is_tight(rows: pl.DataFrame) -> pl.Series:
    """Return whether in the line's document heads have no blank lines in them; then one ends the head."""
    second = rows.filter(
        pl.col("is_start").shift(1, fill_value=False) & ~pl.col("opens") & (pl.col("rank") != 0)
    )
    tight = second.group_by("doc").agg(tight=(~pl.col("gap")).mean() >= 0.5)
    place = rows.select("doc").join(tight, on="doc", how="left", maintain_order="left")
    return place["tight"].fill_null(False)


def _undelete(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with words of a tombstone that have text after them made text."""
    tombs = rows.filter(pl.col("is_head") & (pl.col("kind") == int(Kind.TOMBSTONE)))
    if tombs.is_empty():
        return rows
    texts = rows.filter(pl.col("is_comment") & ~pl.col("is_head") & ~pl.col("is_foot"))
    spoken = tombs.join(texts.select("group").unique(), on="group", how="semi")
    if spoken.is_empty():
        return rows
    since = spoken.group_by("group").agg(since=pl.col("row").min())
    joined = rows.join(since, on="group", how="left", maintain_order="left")
    return joined.with_columns(
        is_head=pl.col("is_head") & (pl.col("row") < pl.col("since")).fill_null(True)
    ).drop("since")


def _role() -> pl.Expr:
    # Between the marks of the page's end stand cards that recommend other posts.
    mark = pl.col("is_tail") & (pl.col("kind") == int(Kind.TAIL))
    card = pl.col("is_tail") & (mark.cast(pl.Int64).cum_sum(reverse=True).over("doc") > 0)
    known = pl.col("is_post") | (pl.col("kind") != int(Kind.TEXT)) | card
    return (
        pl.when("is_comment")
        .then(pl.when("is_head").then(HEAD).when("is_foot").then(PART).otherwise(TEXT))
        .otherwise(pl.when(known).then(PAGE).otherwise(STRANGE))
    )
