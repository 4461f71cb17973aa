"""Substack pages as lines: what each of them is, by itself. `blocks` puts them together to comments.

Lines repeat a lot (buttons, dates, names), so each different one is looked at once per batch.
"""

from enum import IntEnum
from typing import NamedTuple

import polars as pl

from flows.sources import marks
from flows.sources.marks import CUT, FOLD

MARK_MAX_BYTES = 400
"""Longer lines are text, whatever they look like."""
BLANK = " \t\u00a0\u200b\u200e\u200f\ufeff\u2007\u202f\u3000\x0b\x0c\u2028\u2029\u0085"


class Kind(IntEnum):
    """What a line is by itself."""

    TEXT = 0
    AVATAR = 1
    META = 2
    BADGE = 3
    TOMBSTONE = 4
    TERMINATOR = 5
    ACTIONS = 6
    COLLAPSED = 7
    MORE = 8
    PAGE = 9
    TAIL = 10
    HEADING = 11
    COMPOSER = 12
    # Only links say so.
    NAME = 13
    PUBLICATION = 14


TERMINATED, LIKED, REPLIED, SHARED, COLLAPSED, MORE = (1 << bit for bit in range(6))
"""The parts of a foot, in their order."""
BUTTONS = LIKED | REPLIED | SHARED
FOOT = (Kind.TERMINATOR, Kind.ACTIONS, Kind.COLLAPSED, Kind.MORE)
_TOMB = rf"(?P<tomb>{marks.TOMBSTONE})\s?·?\s?(?P<tomb_created>{marks.DATE})?(?P<tomb_edited>{marks.EDITED})?"
_WHOLE = {
    Kind.COMPOSER: marks.COMPOSER,
    Kind.AVATAR: marks.AVATAR,
    Kind.TERMINATOR: marks.TERMINATOR,
    Kind.ACTIONS: rf"(?:{marks.TERMINATOR})?\s*{marks.ACTIONS}",
    Kind.TOMBSTONE: _TOMB,
    Kind.HEADING: rf"(?:#+ )?{marks.HEADING}",
    Kind.MORE: marks.MORE,
    Kind.COLLAPSED: marks.COLLAPSED,
    Kind.META: marks.META,
    Kind.BADGE: marks.BADGE,
    Kind.TAIL: rf"(?:#+ )?{marks.TAIL}",
    Kind.PAGE: rf"(?:#+ )?{marks.PAGE}",
}
_GLUED_META = rf"^{marks.WRITES}$"


def _unnamed(pattern: str) -> str:
    """Return `pattern` with its named groups made plain, which matches faster."""
    parts = pattern.split("(?P<")
    return parts[0] + "".join("(?:" + part.partition(">")[2] for part in parts[1:])


_ANY = "^(?:" + "|".join(_unnamed(pattern) for pattern in _WHOLE.values()) + ")$"
_ANY_GLUED = rf"^{_unnamed(marks.WRITES)}$"


class Lines(NamedTuple):
    """The lines of some documents that aren't blank, and what is known of the marks among them."""

    rows: pl.DataFrame
    """One row per line: `doc, start, end` (bytes in its document), `row`, `written` (the
    lines as written, counted through), `gap` (blank lines before it), `glued` (to the piece before), `bare`,
    `mark` (row of `marks`), `kind`."""
    marks: pl.DataFrame
    """One row per different mark; the first is for lines that are none."""


def split(texts: pl.Series) -> pl.DataFrame:
    """Return one row per line of `texts` that isn't blank, without `mark` and `kind`."""
    frame = texts.alias("line").to_frame().with_row_index("doc")
    every = frame.with_columns(pl.col("line").str.split("\n")).explode(
        "line", empty_as_null=False, keep_nulls=False
    )
    size = pl.col("line").str.len_bytes().cast(pl.Int64)
    sizes = texts.str.len_bytes().cast(pl.Int64) + 1
    base = pl.lit(sizes.cum_sum() - sizes).gather(pl.col("doc"))
    every = every.with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64),
        start=(size + 1).cum_sum() - size - 1 - base,
        end=(size + 1).cum_sum() - 1 - base,
        bare=pl.col("line").str.strip_chars(BLANK + "\r" + CUT),
    )
    cut = texts.str.contains(CUT, literal=True).any()
    # A written line is cut into pieces that end in CUT, but for the last.
    opens = ~pl.col("line").str.ends_with(CUT).shift(1, fill_value=False) if cut else pl.lit(True)
    every = every.with_columns(written=opens.cum_sum() if cut else pl.col("row"))
    before = pl.col("written").shift(1, fill_value=-1)
    return (
        every.filter(pl.col("bare") != "")
        .drop("line")
        .with_columns(
            glued=pl.col("written") == before,
            gap=(pl.col("written") - before > 1)
            | (pl.col("doc") != pl.col("doc").shift(1)).fill_null(True),
        )
    )


def read(rows: pl.DataFrame) -> Lines:
    """Return `rows`, as from `split`, with `mark` and `kind`, and what their marks say."""
    bare = pl.col("bare")
    can_be = (bare.str.len_bytes() <= MARK_MAX_BYTES) & (
        bare.str.contains(_ANY) | bare.str.contains(_ANY_GLUED)
    )
    found = rows.with_row_index("place").filter(can_be).select("place", "bare")
    known = _ranks(_marks(found["bare"].unique(maintain_order=True)))
    numbered = known.select("bare", mark=pl.int_range(pl.len(), dtype=pl.UInt32))
    places = found.join(numbered, on="bare", how="left", maintain_order="left")
    mark = pl.zeros(rows.height, pl.UInt32, eager=True).scatter(places["place"], places["mark"])
    return Lines(
        rows.with_columns(mark=mark, kind=known["kind"].gather(mark)), known.drop("bare", "other")
    )


def _marks(texts: pl.Series) -> pl.DataFrame:
    """Return what each of `texts`, all different, is and says; before them a row for what is no mark."""
    bare = pl.col("bare")
    kind = pl.lit(int(Kind.META), pl.UInt8)  # what is left is glued to a publication
    # Most are avatar lines; the others alone are tried for what else they may be.
    is_avatar = texts.str.contains(f"^{marks.AVATAR}$") & ~texts.str.contains(f"^{marks.COMPOSER}$")
    is_avatar = pl.concat([pl.Series([False]), is_avatar])
    for one, pattern in reversed(_WHOLE.items()):
        kind = (
            pl.when(pl.col("other").str.contains(f"^{_unnamed(pattern)}$"))
            .then(pl.lit(int(one), pl.UInt8))
            .otherwise(kind)
        )
    frame = pl.concat([pl.Series("bare", [None], pl.String), texts.alias("bare")]).to_frame()
    frame = frame.with_columns(other=pl.when(~pl.Series(is_avatar)).then(bare)).with_columns(
        kind=pl.when(bare.is_null())
        .then(pl.lit(0, pl.UInt8))
        .when(pl.Series(is_avatar))
        .then(pl.lit(int(Kind.AVATAR), pl.UInt8))
        .otherwise(kind)
    )

    def said(one: Kind, pattern: str) -> pl.Expr:
        return pl.when(pl.col("kind") == int(one)).then(bare).str.extract_groups(f"^(?:{pattern})$")

    groups = frame.select(
        *(
            said(one, _WHOLE[one]).alias(one.name)
            for one in (
                Kind.ACTIONS,
                Kind.TOMBSTONE,
                Kind.META,
                Kind.COLLAPSED,
                Kind.MORE,
            )
        ),
        said(Kind.META, marks.WRITES).alias("GLUED"),
        said(Kind.PAGE, rf"(?:#+ )?{marks.DECLARED}").alias("PAGE"),
    )
    flat = groups.unnest(*groups.columns)

    def first(*names: str) -> pl.Expr:
        return pl.coalesce(*(pl.col(name).replace("", None) for name in names))

    is_kind = {one: frame["kind"] == int(one) for one in Kind}
    ends = frame["bare"].str.contains(f"^{marks.TERMINATOR}").fill_null(False)
    told = flat.with_columns(frame["bare"])
    has: dict[int, pl.Series | pl.Expr] = {
        TERMINATED: is_kind[Kind.TERMINATOR] | (is_kind[Kind.ACTIONS] & ends),
        LIKED: first("like").is_not_null(),
        REPLIED: first("reply").is_not_null(),
        SHARED: first("share").is_not_null(),
        COLLAPSED: is_kind[Kind.COLLAPSED],
        MORE: is_kind[Kind.MORE],
    }
    return frame.with_columns(
        told.select(
            name=pl.when(is_kind[Kind.AVATAR]).then(
                pl.col("bare").str.replace(marks.NAME_OF, "").str.strip_chars(BLANK)
            ),
            created=first("created", "created_glued", "tomb_created"),
            is_edited=first("edited", "edited_glued", "tomb_edited").is_not_null(),
            liker=first("liker"),
            like_count=pl.when(first("like").is_not_null()).then(
                _count(pl.col("likes")).fill_null(0)
            ),
            hidden=_count(first("hidden", "hidden_zh")),
            replier=first("by", "by_zh"),
            more=_count(first("more", "more_zh")),
            declared=_count(pl.col("declared")),
            parts=pl.sum_horizontal(
                pl.when(part).then(bit).otherwise(0) for bit, part in has.items()
            ).cast(pl.UInt8),
            head_rank=pl.when(is_kind[Kind.META])
            .then(
                pl.when(first("created", "created_glued").is_not_null())
                .then(3)
                .when(first("edited").is_not_null())
                .then(4)
                .otherwise(5)
            )
            .when(is_kind[Kind.BADGE] | is_kind[Kind.TOMBSTONE])
            .then(-1)
            .otherwise(0)
            .cast(pl.Int8),
        )
    )


def _ranks(known: pl.DataFrame) -> pl.DataFrame:
    """Return `known` with the places in a foot of each mark's first and last part, from 1; 0 for no part."""
    parts = pl.col("parts")
    some = pl.when(parts > 0)
    return known.with_columns(
        first_rank=some.then(parts.bitwise_trailing_zeros() + 1).otherwise(0).cast(pl.Int8),
        last_rank=(8 - parts.bitwise_leading_zeros()).cast(pl.Int8),
    )


def _count(number: pl.Expr) -> pl.Expr:
    """Return `number` as written, such as 1,204 or 3.1K, as an integer."""
    thousands = number.str.extract(r"^([\d.,]+)[Kk]$").str.replace(",", ".", literal=True)
    plain = number.str.replace_all(r"[.,]", "").cast(pl.Int64, strict=False)
    return pl.coalesce((thousands.cast(pl.Float64, strict=False) * 1000).cast(pl.Int64), plain)


def whole(piece: pl.Expr) -> pl.Expr:
    """Return text cut by `CUT` and `FOLD` as it was."""
    return piece.str.replace_all(f"{CUT}\n?", "").str.replace_all(FOLD, "\n", literal=True)
