"""Substack: the text of a copied page, with a line `NAME's avatar` before each comment.

The page ends each comment with `Expand full comment`. Nesting is lost, most dates too. Pages with nothing
else on them, which most are, are cut at these lines here, faster than line by line; any others with avatar
lines and without buttons `substack_post` reads, to the same result.
"""

import polars as pl

from flows.sources import marks
from flows.sources.contract import COMMENT, REJECT, THREAD, Parsed, filled

FORMAT = "substack_avatar_page"
MEANING = "a copied page: NAME's avatar before each comment, no buttons"

BLANKS = r"[ \t\u{a0}]*"
AVATAR = rf"['’]s avatar{BLANKS}"
TERMINATOR = "Expand full comment"
CUT = "\ufdd0"
"""A Unicode noncharacter, which no text may hold, where a document is cut into blocks."""

META = rf"^{marks.META}{BLANKS}$"
"""A line between the author's and the text. The empty line matches too and is sorted out before."""

DECLARED = r"(?m)^(\d[\d,.]*) (?:Comments?|comments?)$"
MORE = r"(?m)^(\d+) more comments?(?:\.\.\.|…)$"
TAIL_LINE = rf"(?:{marks.MORE}|{marks.TAIL})"
FURNITURE = rf"^(?:{marks.PAGE}|{TAIL_LINE}|User{AVATAR}|{TERMINATOR})$"
HINTS = [
    "Like", "Reply", "Share", "repl", "Pinned", "Author", "ubscriber", "ounding", "Paid", "emoved", "eleted",
    "User was", "Discussion about", "Commenting", "Comments have", "Comments are", "](http",
]  # fmt: skip
"""Words of lines that such a page doesn't have."""
OTHER = (
    rf"(?m)^{BLANKS}(?:{marks.ACTIONS_SAID}|{marks.COLLAPSED_SAID}|(?:{marks.TOMBSTONE}).*|{marks.BADGE}"
    rf"|{marks.HEADING}|{marks.CLOSED}|\[.*\]\(http.*){BLANKS}$"
)
"""Lines of which this module knows nothing."""


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are such pages: avatar lines and ends of comments, and no other marks."""
    text = documents["text"]
    # The reader's own box may be the only avatar line.
    composer = text.str.count_matches(rf"(?m)^User{AVATAR}$")
    avatars = text.str.count_matches(rf"(?m)\S{AVATAR}$") - composer
    # Where bodies alone hold such lines, comments are ended more often than that.
    ends = text.str.count_matches(rf"(?m)^{TERMINATOR}{BLANKS}$")
    may_be = (avatars > 0) & (ends > 0) & (avatars * 2 >= ends)
    other = may_be & text.str.contains_any(HINTS)
    if other.any():
        other = other.scatter(other.arg_true(), text.filter(other).str.contains(OTHER))
    return may_be & ~other


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of copied Substack pages.

    Each of `documents` is one that `claims` says is such a page.
    """
    pages = _open(documents)
    blocks = _blocks(pages)
    comments = _comments(_merge(blocks.filter("is_body")))
    return Parsed(
        _threads(pages, blocks, comments),
        filled(comments, COMMENT),
        REJECT.to_frame(),
    )


def _open(pages: pl.DataFrame) -> pl.DataFrame:
    """Return `pages` with `header`, all before the first comment, and `body`, from its avatar line on.

    The first avatar line may be the composer's, the reader's own box; then the next one counts.
    """
    avatar_line = rf"(?m)^[^\n]*\S{AVATAR}$"
    composer = rf"^User{AVATAR}\n?"

    def split(column: str, place: pl.Expr, before: str, after: str) -> list[pl.Expr]:
        raw = pl.col(column).cast(pl.Binary)
        return [
            raw.bin.head(place).cast(pl.String).alias(before),
            raw.bin.slice(place).cast(pl.String).alias(after),
        ]

    first = pl.col("text").str.find(avatar_line)
    second = pl.col("rest").str.find(avatar_line)
    return (
        pages.with_columns(split("text", first, "header", "body"))
        .with_columns(composer=pl.col("body").str.extract(f"({composer})").fill_null(""))
        .with_columns(rest=pl.col("body").str.replace(composer, ""))
        .with_columns(
            split("rest", second.fill_null(pl.col("rest").str.len_bytes()), "gap", "body")
        )
        .select("path", "body", header=pl.concat_str("header", "composer", "gap"))
    )


def _blocks(pages: pl.DataFrame) -> pl.DataFrame:
    """Return one row per block of text between terminators.

    `starts` marks those that open a comment; `is_body` is false for what follows the last one.
    """
    terminator = rf"(?m)^{BLANKS}{TERMINATOR}{BLANKS}$"
    cut = pages.with_columns(block=pl.col("body").str.replace_all(terminator, CUT).str.split(CUT))
    blocks = (
        cut.select("path", "block", index=pl.int_ranges(0, pl.col("block").list.len()))
        .explode("block", "index", empty_as_null=False, keep_nulls=False)
        .with_columns(is_last=pl.col("path") != pl.col("path").shift(-1, fill_value=""))
    )
    line = pl.col("block").str.strip_chars_start(" \t\n\u00a0").str.splitn("\n", 2).struct
    blocks = blocks.with_columns(
        first=line.field("field_0").str.strip_chars_end(" \t\u00a0"),
        rest=line.field("field_1").fill_null(""),
    )
    has_name = pl.col("first").str.contains(r"\S['’]s avatar$")
    blocks = blocks.with_columns(starts=has_name | (pl.col("index") == 0))
    return blocks.with_columns(
        is_body=pl.col("starts") | ~pl.col("is_last"), comment=pl.col("starts").cum_sum()
    )


def _merge(blocks: pl.DataFrame) -> pl.DataFrame:
    """Return one row per comment: blocks that open none go on with the one before.

    The terminator that cut them off was a line of its text.
    """
    split = blocks.filter(~pl.col("starts"))
    if split.is_empty():
        return blocks
    broken = blocks["comment"].is_in(split["comment"].unique().implode())
    whole = (
        blocks.filter(broken)
        .with_columns(
            pl.when("starts").then("rest").otherwise(TERMINATOR + pl.col("block")).alias("rest")
        )
        .group_by("comment", maintain_order=True)
        .agg(
            pl.exclude("rest", "is_last").first(),
            pl.col("rest").str.join(""),
            pl.col("is_last").last(),
        )
    )
    return pl.concat([blocks.filter(~broken), whole.select(blocks.columns)]).sort("comment")


def _comments(blocks: pl.DataFrame) -> pl.DataFrame:
    """Return the comments of `blocks`, with their count of furniture lines."""
    rest = pl.col("rest")
    ends = blocks["is_last"].arg_true()
    # Only there, since a search to the end of every text costs as much as all else here.
    found = blocks["rest"].gather(ends).str.extract(rf"(?ms)(^{TAIL_LINE}$.*)\z").fill_null("")
    comments = blocks.with_columns(
        tail=pl.repeat("", blocks.height, eager=True).scatter(ends, found),
        author_name=pl.col("first").str.replace(r"['’]s avatar$", "").str.strip_chars(),
    ).with_columns(rest.str.strip_suffix(pl.col("tail")))
    has_meta = ~rest.str.contains(rf"\A{BLANKS}(?:\n|\z)")
    comments = comments.with_columns(has_meta=has_meta)
    meta = _meta(comments.filter("has_meta"))
    comments = comments.join(meta, on="comment", how="left", maintain_order="left")
    after = rest.cast(pl.Binary).bin.slice(pl.col("meta_bytes").fill_null(0)).cast(pl.String)
    return comments.select(
        "path",
        "author_name",
        "created_text",
        "is_edited",
        "liker",
        "tail",
        position=pl.int_range(pl.len(), dtype=pl.Int32).over("path"),
        is_deleted=False,
        text=after.str.strip_chars(),
        furniture_line_count=1 + pl.col("meta_line_count").fill_null(0),
    )


def _meta(comments: pl.DataFrame) -> pl.DataFrame:
    """Return what the lines right below the author's say, one row per comment that has any.

    They end at the first line that is blank or of no known kind; with that the text starts, `meta_bytes`
    from their beginning.
    """
    line = pl.col("line")
    is_name = line.str.strip_chars() == pl.col("author_name")
    paragraph = pl.col("rest").str.splitn("\n\n", 2).struct.field("field_0")
    lines = (
        comments.select("comment", "author_name", line=paragraph.str.split("\n"))
        .with_columns(index=pl.int_ranges(pl.col("line").list.len()))
        .explode("line", "index", empty_as_null=False, keep_nulls=False)
        .with_columns(is_meta=(line.str.contains(META) & (line.str.strip_chars() != "")) | is_name)
    )
    ends = lines.filter(~pl.col("is_meta")).group_by("comment").agg(end=pl.col("index").min())
    return (
        lines.join(ends, on="comment", how="left", maintain_order="left")
        .filter(pl.col("end").is_null() | (pl.col("index") < pl.col("end")))
        .with_columns(said=line.str.extract_groups(META))
        .unnest("said")
        .group_by("comment", maintain_order=True)
        .agg(
            created_text=pl.col("created").drop_nulls().first(),
            edited=pl.col("edited").is_not_null().any(),
            liker=pl.col("liker").drop_nulls().first(),
            meta_line_count=pl.len().cast(pl.Int64),
            meta_bytes=(line.str.len_bytes() + 1).sum(),
        )
        .with_columns(
            is_edited=pl.when(pl.col("edited") | pl.col("created_text").is_not_null()).then(
                "edited"
            )
        )
        .drop("edited")
    )


def _threads(pages: pl.DataFrame, blocks: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per page: what it declares, and where each of its lines went."""
    within = _within(comments)
    around = _around(pages, blocks, within)
    declared = pl.col("around").str.extract(DECLARED).str.replace_all(r"[,.]", "")
    furniture = pl.sum_horizontal("known_lines", "terminators", "furniture", "cards")
    return filled(
        around.join(within.drop("tail"), on="path", how="left", maintain_order="left")
        .with_columns(
            pl.col("text_lines").fill_null(0),
            pl.col("unrecognised_line_count").fill_null(0) - pl.col("cards"),
            likers=pl.col("likers").fill_null([]),
            furniture_line_count=furniture,
        )
        .select(
            "path",
            "furniture_line_count",
            "unrecognised_line_count",
            source_format=pl.lit(FORMAT),
            shows_likers=pl.col("likers").list.len() > 0,
            declared_comment_count=declared.cast(pl.Int64, strict=False),
            hidden_comment_count=pl.col("around").str.extract(MORE).cast(pl.Int64),
            line_count=pl.col("text_lines")
            + pl.col("furniture_line_count")
            + pl.col("unrecognised_line_count"),
        ),
        THREAD,
    )


def _within(comments: pl.DataFrame) -> pl.DataFrame:
    """Return of each page with comments the lines of their text and the page's own ones among them.

    `tail` is what belongs to the page's end though it stands below the last comment's text; `likers` are all
    whom a mark names.
    """
    lines_of_text = (
        pl.when(pl.col("text") != "")
        .then(pl.col("text").str.count_matches(r"\n\s*") + 1)
        .otherwise(0)
    )
    return comments.group_by("path", maintain_order=True).agg(
        text_lines=lines_of_text.sum().cast(pl.Int64),
        known_lines=pl.col("furniture_line_count").sum().cast(pl.Int64),
        likers=pl.col("liker").drop_nulls().unique(),
        tail=pl.col("tail").last(),
    )


def _around(pages: pl.DataFrame, blocks: pl.DataFrame, within: pl.DataFrame) -> pl.DataFrame:
    """Return one row per page: `around`, all before its first and after its last comment, and its lines.

    They are the page's own (`furniture`), `cards` at its end, which recommend other posts, or not recognised;
    `terminators` are those between the comments.
    """
    after = blocks.group_by("path", maintain_order=True).agg(
        terminators=(~pl.col("is_last")).sum().cast(pl.Int64)
        - (pl.col("is_body") & ~pl.col("starts")).sum().cast(pl.Int64),
        after=pl.col("block").filter(~pl.col("is_body")).str.join("\n"),
    )
    end = pl.concat_str("tail", pl.lit("\n"), "after", ignore_nulls=True)
    threads = (
        pages.select("path", "header")
        .join(within.select("path", "tail"), on="path", how="left", maintain_order="left")
        .join(after, on="path", how="left", maintain_order="left")
        .with_columns(
            around=pl.concat_str("header", pl.lit("\n"), end, ignore_nulls=True),
            # Between the marks of the page's end stand cards that recommend other posts.
            cards=end.str.extract(rf"(?ms)\A(.*)^(?:{marks.TAIL})$")
            .str.extract_all(r"(?m)^[^\n]*[^\s][^\n]*$")
            .list.eval(~pl.element().str.strip_chars().str.contains(FURNITURE))
            .list.sum()
            .fill_null(0)
            .cast(pl.Int64),
        )
    )
    is_furniture = pl.col("line").str.contains(FURNITURE)
    lines = (
        threads.select("path", line=pl.col("around").str.split("\n"))
        .explode("line", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("line").str.strip_chars())
        .filter(pl.col("line") != "")
        .group_by("path")
        .agg(
            furniture=is_furniture.sum().cast(pl.Int64),
            unrecognised_line_count=(~is_furniture).sum().cast(pl.Int64),
        )
    )
    return threads.join(lines, on="path", how="left", maintain_order="left")
