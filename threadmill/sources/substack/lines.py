"""Substack pages as lines: what each of them is, by itself. `blocks` puts them together to comments.

Lines repeat a lot (buttons, dates, names), so each different one is looked at once per batch.
"""

from enum import IntEnum
from typing import NamedTuple

import polars as pl

from threadmill.sources.substack import marks
from threadmill.sources.substack.marks import CUT, FOLD

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


def _unnamed(pattern: str) -> str:
    """Return `pattern` with its named groups made plain, which matches faster."""
    parts = pattern.split("(?P<")
    return parts[0] + "".join("(?:" + part.partition(">")[2] for part in parts[1:])


_EARLY = _WHOLE | {
    Kind.COLLAPSED: marks.COLLAPSED_EARLY,
    Kind.PAGE: rf"(?:#+ )?{marks.PAGE_EARLY}",
}
_EARLY.pop(Kind.AVATAR)
_ANY_EARLY = "^(?:" + "|".join(map(_unnamed, _EARLY.values())) + ")$"
_LATE = (marks.AVATAR, marks.COLLAPSED, marks.PAGE, marks.WRITES)
_ANY_LATE = "^(?:" + "|".join(map(_unnamed, _LATE)) + ")$"
_AVATAR, _COMPOSER = f"^{marks.AVATAR}$", f"^{marks.COMPOSER}$"


class Lines(NamedTuple):
    """The lines of some documents that aren't blank, and what is known of the marks among them."""

    rows: pl.DataFrame
    """One row per line: `doc, start, end` (bytes in its document), `row`, `written` (the
    lines as written, counted through), `gap` (blank lines before it), `glued` (to the piece before), `bare`,
    `mark` (row of `marks`), `kind`."""
    marks: pl.DataFrame
    """One row per different mark; the first is for lines that are none."""
    links: pl.DataFrame | None = None
    """What links say, where rows have `link`, a row of it; the first is for lines that are none."""


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
    bare = rows["bare"]
    short = rows.select(place=pl.int_range(pl.len(), dtype=pl.UInt32), bare="bare").filter(
        bare.str.len_bytes() <= MARK_MAX_BYTES
    )
    found = short.filter(_can_be_mark(short["bare"]))
    known = _marks(found["bare"].unique(maintain_order=True))
    numbered = known.select("bare", mark=pl.int_range(pl.len(), dtype=pl.UInt32))
    places = found.join(numbered, on="bare", how="left", maintain_order="left")
    mark = pl.zeros(rows.height, pl.UInt32, eager=True).scatter(places["place"], places["mark"])
    return Lines(rows.with_columns(mark=mark, kind=known["kind"].gather(mark)), known.drop("bare"))


def _can_be_mark(bare: pl.Series) -> pl.Series:
    """Return which lines are marks; patterns that begin with anything are tried where their words stand."""
    can_be = bare.str.contains(_ANY_EARLY)
    rest = (~can_be).arg_true()
    late = rest.filter(bare.gather(rest).str.contains_any(marks.LATE_WORDS))
    return can_be.scatter(late.filter(bare.gather(late).str.contains(_ANY_LATE)), True)


def _marks(texts: pl.Series) -> pl.DataFrame:
    """Return what each of `texts`, all different, is and says; before them a row for what is no mark."""
    # Most are avatar lines; the others alone are tried for what else they may be.
    is_avatar = texts.str.contains(_AVATAR) & ~texts.str.contains(_COMPOSER)
    names = pl.col("bare").str.replace(marks.NAME_OF, "").str.strip_chars(BLANK)
    avatars = texts.filter(is_avatar).alias("bare").to_frame().with_columns(name=names)
    others = _said(_kinds(texts.filter(~is_avatar).alias("bare").to_frame()))
    none = pl.DataFrame({"bare": [None]}, schema={"bare": pl.String})
    kinds = (
        none.with_columns(kind=pl.lit(int(Kind.TEXT), pl.UInt8)),
        others,
        avatars.with_columns(kind=pl.lit(int(Kind.AVATAR), pl.UInt8)),
    )
    told = pl.concat(kinds, how="diagonal")
    ranks = ("parts", "first_rank", "last_rank", "head_rank")
    return told.with_columns(pl.col(*ranks).fill_null(0), pl.col("is_edited").fill_null(False))


def _kinds(texts: pl.DataFrame) -> pl.DataFrame:
    """Return `texts`, marks but avatar lines, with the `kind` of each."""
    kind = pl.lit(int(Kind.META), pl.UInt8)  # what is left is glued to a publication
    for one, pattern in reversed(_WHOLE.items()):
        is_one = pl.col("bare").str.contains(f"^{_unnamed(pattern)}$")
        kind = pl.when(is_one).then(pl.lit(int(one), pl.UInt8)).otherwise(kind)
    return texts.with_columns(kind=kind)


def _said(found: pl.DataFrame) -> pl.DataFrame:
    """Return `found`, as from `_kinds`, with what each of them says."""

    def groups(one: Kind, pattern: str) -> pl.Expr:
        own = pl.when(pl.col("kind") == int(one)).then("bare")
        return own.str.extract_groups(f"^(?:{pattern})$")

    def first(*names: str) -> pl.Expr:
        return pl.coalesce(*(pl.when(pl.col(name) != "").then(name) for name in names))

    whole = (Kind.ACTIONS, Kind.TOMBSTONE, Kind.META, Kind.COLLAPSED, Kind.MORE)
    parts = found.select(
        "bare",
        "kind",
        *(groups(one, _WHOLE[one]).alias(one.name) for one in whole),
        groups(Kind.META, marks.WRITES).alias("GLUED"),
        groups(Kind.PAGE, rf"(?:#+ )?{marks.DECLARED}").alias("PAGE"),
    ).unnest(*(one.name for one in whole), "GLUED", "PAGE")
    likes = _count(pl.col("likes")).fill_null(0)
    return parts.select(
        "bare",
        "kind",
        created=first("created", "created_glued", "tomb_created"),
        is_edited=first("edited", "edited_glued", "tomb_edited").is_not_null(),
        liker=first("liker"),
        like_count=pl.when(first("like").is_not_null()).then(likes),
        hidden=_count(first("hidden", "hidden_zh")),
        replier=first("by", "by_zh"),
        more=_count(first("more", "more_zh")),
        declared=_count(pl.col("declared")),
        has_like=first("like").is_not_null(),
        has_reply=first("reply").is_not_null(),
        has_share=first("share").is_not_null(),
    ).pipe(_ranks)


def _ranks(said: pl.DataFrame) -> pl.DataFrame:
    """Return `said` with the places of each mark in a comment's foot and head.

    `parts` are bits; `first_rank` and `last_rank` those of the first and last part, from 1, and 0 for none;
    `head_rank` is 3 for a date, 4 for "edited", 5 for a liker, -1 for what may stand anywhere in a head.
    """

    def is_kind(*kinds: Kind) -> pl.Expr:
        return pl.col("kind").is_in([int(kind) for kind in kinds])

    ends = is_kind(Kind.ACTIONS) & pl.col("bare").str.contains(f"^{marks.TERMINATOR}")
    has = {
        TERMINATED: is_kind(Kind.TERMINATOR) | ends,
        LIKED: pl.col("has_like"),
        REPLIED: pl.col("has_reply"),
        SHARED: pl.col("has_share"),
        COLLAPSED: is_kind(Kind.COLLAPSED),
        MORE: is_kind(Kind.MORE),
    }
    bits = pl.sum_horizontal(pl.when(part).then(bit).otherwise(0) for bit, part in has.items())
    some = pl.col("parts") > 0
    dated = pl.when(pl.col("created").is_not_null()).then(3)
    return (
        said.with_columns(parts=bits.cast(pl.UInt8))
        .with_columns(
            first_rank=pl.when(some)
            .then(pl.col("parts").bitwise_trailing_zeros() + 1)
            .otherwise(0)
            .cast(pl.Int8),
            last_rank=(8 - pl.col("parts").bitwise_leading_zeros()).cast(pl.Int8),
            head_rank=pl.when(is_kind(Kind.META))
            .then(dated.when("is_edited").then(4).otherwise(5))
            .when(is_kind(Kind.BADGE, Kind.TOMBSTONE))
            .then(-1)
            .otherwise(0)
            .cast(pl.Int8),
        )
        .drop("has_like", "has_reply", "has_share")
    )


def _count(number: pl.Expr) -> pl.Expr:
    """Return `number` as written, such as 1,204 or 3.1K, as an integer."""
    thousands = number.str.extract(r"^([\d.,]+)[Kk]$").str.replace(",", ".", literal=True)
    plain = number.str.replace_all(r"[.,]", "").cast(pl.Int64, strict=False)
    return pl.coalesce((thousands.cast(pl.Float64, strict=False) * 1000).cast(pl.Int64), plain)


def whole(piece: pl.Expr) -> pl.Expr:
    """Return text cut by `CUT` and `FOLD` as it was."""
    return piece.str.replace_all(f"{CUT}\n?", "").str.replace_all(FOLD, "\n", literal=True)
