"""Which way a Substack page was copied: evidence weighed over the whole document."""

import polars as pl

from threadmill.schema.frames import REJECT
from threadmill.sources.substack import bare, blocks, clip, html, old, page, post
from threadmill.sources.substack.firsts import is_kind, neighbour
from threadmill.sources.substack.lines import BUTTONS, COLLAPSED, FOOT, Kind, Lines

EMPTY = "substack_empty_page"
EMPTY_MEANING = "a page that shows its comments' heading or that they are closed, and no comment"
REFUSED = "variant_not_supported"


def weigh(documents: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """Return one row per document: what was counted in it, the `variant` it is, and `why` in words."""
    counts = _seen(documents, lines).group_by("doc").agg(pl.exclude("doc").sum())
    every = documents.select("path").with_row_index("doc")
    every = every.join(counts, on="doc", how="left", maintain_order="left")
    every = every.with_columns(
        pl.exclude("doc", "path").fill_null(0), is_clip=clip.claims(documents)
    )
    said = pl.format(
        "avatar lines: {}; lines that end a comment (Expand full comment, buttons, collapsed replies): {}; "
        "first lines with a name and a date: {} of {}, with a date alone: {}",
        "avatar",
        "foot",
        "first_named",
        "first",
        "first_date",
    )
    return every.with_columns(variant=_variant(), why=said)


def _seen(documents: pl.DataFrame, lines: Lines) -> pl.DataFrame:
    """Return what each line is evidence of, one row per line."""
    rows = lines.rows
    below = rows["below"]
    above = blocks.before_tail(rows, below & is_kind(rows, *FOOT, Kind.AVATAR))
    kind = rows["kind"]
    first = rows["first"] & below & above
    last = neighbour(rows, is_kind(rows, *FOOT), -1).fill_null(True)
    over = neighbour(rows, is_kind(rows, Kind.AVATAR, Kind.PAGE, Kind.TAIL), -1).fill_null(True)
    rank = lines.marks["head_rank"].gather(rows["mark"])
    text = kind == int(Kind.TEXT)
    nothing = pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    # Names and dates matter only where no avatar lines are.
    headed = first & is_kind(rows, Kind.AVATAR)
    is_bare = rows.filter(headed)["doc"].n_unique() < documents.height
    dated = blocks.is_dated_name(lines) if is_bare else nothing
    heads = (dated & rows["gap"] & below & above) | (first & text & ~last)
    like_name = blocks.is_name_like(rows, heads) if is_bare else nothing
    return rows.select(
        "doc",
        first_avatar=headed,
        closes=(rows["closes"] > 0) & below & above,
        buttoned=((rows["closes"] & BUTTONS) > 0) & below & above,
        collapsed=((rows["closes"] & COLLAPSED) > 0) & below & above & over,
        avatar=is_kind(rows, Kind.AVATAR) & below,
        foot=is_kind(rows, Kind.TERMINATOR, Kind.ACTIONS, Kind.COLLAPSED) & below & above,
        page=is_kind(rows, Kind.PAGE, Kind.TAIL, Kind.HEADING, Kind.COMPOSER, Kind.MORE),
        text=text & below & above,
        first=first & (text | (rank == 3)),
        first_date=first & (rank == 3),
        first_named=first & dated,
        named=dated & rows["gap"] & like_name & below & above,
        first_name=first & text & ~last & like_name,
        tomb=(kind == int(Kind.TOMBSTONE)) & below & above,
    )


def _variant() -> pl.Expr:
    """Return the variant that the counts of `_seen` speak for, null for none."""
    few = pl.col("first") * 0.5
    names = (pl.col("first_named") >= few) & (pl.col("first_named") > 0)
    named_only = (
        (pl.col("foot") == 0) & (pl.col("named") > 0) & (pl.col("named") * 40 >= pl.col("text"))
    )
    undated = (pl.col("first_name") >= 0.9 * pl.col("first")) & (pl.col("first_name") > 0)
    # Bodies may hold such lines too, but comments don't begin with them.
    heads = pl.col("first_avatar") > few
    is_avatar = heads | ((pl.col("avatar") > 0) & (pl.col("foot") == 0))
    has_buttons = (pl.col("buttoned") * 2 > pl.col("closes")) | (pl.col("collapsed") > 0)
    return (
        pl.when(pl.col("is_clip") & is_avatar)
        .then(pl.lit(clip.FORMAT))
        .when(is_avatar & has_buttons)
        .then(pl.lit(post.FORMAT))
        .when(is_avatar)
        .then(pl.lit(page.FORMAT))
        .when(((pl.col("foot") > 0) & names) | named_only)
        .then(pl.lit(bare.FORMAT))
        .when((pl.col("foot") > 0) & (pl.col("first_date") > 0))
        .then(pl.lit(old.FORMAT))
        .when((pl.col("foot") > 0) & undated)
        .then(pl.lit(bare.FORMAT))
        .when((pl.col("foot") > 0) & (pl.col("text") > 0))
        .then(pl.lit(old.FORMAT))
        .when((pl.col("text") == 0) & (pl.col("tomb") > 0))
        .then(pl.lit(old.FORMAT))
        .when((pl.col("text") == 0) & (pl.col("page") > 0))
        .then(pl.lit(EMPTY))
    )


def refused(documents: pl.DataFrame, weighed: pl.DataFrame) -> pl.DataFrame:
    """Return a reject for each document that `weigh` found no variant for."""
    lost = documents.filter(weighed["variant"].is_null())
    return lost.select(
        source_path="path",
        platform="platform",
        line=pl.lit(None, pl.Int64),
        reason_code=pl.lit(REFUSED),
        reason=pl.when(pl.col("text").str.contains(html.HTML))
        .then(
            pl.lit(
                f"looks like HTML without comments of Substack; {html.HINT}, "
                "or copy the page's text into a .txt"
            )
        )
        .otherwise(
            pl.lit(
                "looks like text without any mark between comments (avatar lines, names with dates, "
                "Expand full comment, buttons), so where one ends can't be known; copy the page anew with its names"
            )
        ),
        excerpt=pl.col("text").str.strip_chars().str.slice(0, 80),
    ).match_to_schema(REJECT)
