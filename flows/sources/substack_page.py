"""Substack: the text of a copied page, with a line `NAME's avatar` before each comment.

The page ends each comment with `Expand full comment`; some publications don't, and then the next
avatar line is the only boundary. Nesting is lost, most dates too.
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
NAME_MAX_CHARS = 80

DATE = (
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{1,2}(?:, \d{4})?"
    r"|\d{4}-\d\d-\d\d|\d+ ?(?:s|m|min|h|hr|d|w|mo|y))"
)
EDITED = rf"(?:·? ?[Ee]dited(?: {DATE})?)"
META = (
    rf"^(?P<created>{DATE})?(?P<edited>{EDITED})?(?:{BLANKS}Liked by (?P<liker>[^\n]+?))?{BLANKS}$"
)
"""A line between the author's and the text. The empty line matches too and is sorted out before."""
TOMBSTONES = ("Comment deleted", "Comment removed")

DECLARED = r"(?m)^(\d[\d,.]*) (?:Comments?|comments?)$"
MORE = r"(?m)^(\d+) more comments?(?:\.\.\.|…)$"
TAIL_LINE = r"(?:\d+ more comments?(?:\.\.\.|…)|No posts|Ready for more\?|© \d{4}.*)"
FURNITURE = (
    r"^(?:\d[\d,.]* [Cc]omments?|Discussion about this post|Comments?|Restacks|CommentsRestacks"
    r"|Top|Latest|Discussions|TopLatest(?:Discussions)?|Top first|Write a comment(?:\.\.\.|…)"
    rf"|User{AVATAR}|{TERMINATOR}|{TAIL_LINE})$"
)
MARKDOWN = r"(?m)^\[!?\["

OTHER = (
    rf"(?m)^(?:{marks.ACTIONS_SAID}|{marks.COLLAPSED_SAID}"
    r"|(?:Comment )?[Rr]emoved \([^()\n]+\).*|Pinned|Author)$"
)
"""Lines of which this module knows nothing."""


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are such pages: avatar lines, and no marks that only other variants have."""
    text = documents["text"]
    # The reader's own box may be the only avatar line.
    composer = text.str.count_matches(rf"(?m)^User{AVATAR}$")
    avatars = text.str.count_matches(rf"(?m)\S{AVATAR}$") - composer
    # Where bodies alone hold such lines, comments are ended more often than that.
    ends = text.str.count_matches(rf"(?m)^{TERMINATOR}{BLANKS}$")
    return (
        (text.str.count_matches(rf"(?m)\S{AVATAR}$") > composer)
        & (avatars * 2 >= ends)
        & ~text.str.contains(OTHER)
        & ~text.str.contains(MARKDOWN)
    )


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
    """Return one row per block of text from an avatar line or terminator to the next.

    `starts` marks those that open a comment; `is_body` is false for what follows the last one.
    """
    body = pl.col("body")
    terminator = rf"(?m)^{BLANKS}{TERMINATOR}{BLANKS}$"
    candidate = rf"(?m)^([^\n]{{1,{NAME_MAX_CHARS}}}{AVATAR})$"
    ends = pl.col("is_terminated")
    cut = pages.with_columns(is_terminated=body.str.contains(terminator))
    blocks = (
        pl.concat(
            [
                cut.filter(ends).with_columns(
                    block=body.str.replace_all(terminator, CUT).str.split(CUT)
                ),
                cut.filter(~ends).with_columns(
                    block=body.str.replace_all(candidate, CUT + "${1}")
                    .str.strip_prefix(CUT)
                    .str.split(CUT)
                ),
            ]
        )
        .select(
            "path", "is_terminated", "block", index=pl.int_ranges(0, pl.col("block").list.len())
        )
        .explode("block", "index", empty_as_null=False, keep_nulls=False)
        .with_columns(is_last=pl.col("path") != pl.col("path").shift(-1, fill_value=""))
    )
    line = pl.col("block").str.strip_chars_start(" \t\n\u00a0").str.splitn("\n", 2).struct
    blocks = blocks.with_columns(
        first=line.field("field_0").str.strip_chars_end(" \t\u00a0"),
        rest=line.field("field_1").fill_null(""),
    )
    has_name = pl.col("first").str.contains(r"\S['’]s avatar$")
    blocks = blocks.with_columns(starts=has_name & (ends | _is_heading()) | (pl.col("index") == 0))
    return blocks.with_columns(
        is_body=pl.col("starts") | ~(ends & pl.col("is_last")),
        comment=pl.col("starts").cum_sum(),
    )


def _is_heading() -> pl.Expr:
    """Whether a block's first line heads a comment where nothing but avatar lines divides a page.

    It stands alone, with blank lines or dates around it, and reads like a name. On pages where avatar lines
    mostly follow the text directly, they need no blank line before.
    """
    after_blank = pl.col("block").shift(1).str.strip_chars_end(" \t\u00a0").str.ends_with("\n\n")
    usual = after_blank.mean().over("path") >= 0.5
    before_text = pl.col("rest").str.contains(
        rf"\A(?:{BLANKS}(?:\n|\z)|(?:{DATE}|{EDITED}|Liked by )[^\n]*(?:\n|\z))"
    )
    sentence = pl.col("first").str.contains(r"[!?;:…“”]|[a-z]{2}\. |(?:\S+\s+){7}")
    return (after_blank | ~usual) & before_text & ~sentence


def _merge(blocks: pl.DataFrame) -> pl.DataFrame:
    """Return one row per comment: blocks that open none go on with the one before.

    What cut them off, a terminator or an avatar line, was a line of its text.
    """
    split = blocks.filter(~pl.col("starts"))
    if split.is_empty():
        return blocks
    broken = blocks["comment"].is_in(split["comment"].unique().implode())
    glue = pl.when("is_terminated").then(pl.lit(TERMINATOR)).otherwise(pl.lit(""))
    whole = (
        blocks.filter(broken)
        .with_columns(
            pl.when("starts").then("rest").otherwise(glue + pl.col("block")).alias("rest")
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
    tail = pl.when("is_last").then(rest.str.extract(rf"(?ms)(^{TAIL_LINE}$.*)\z"))
    comments = blocks.with_columns(tail=tail.fill_null("")).with_columns(
        rest=pl.when(pl.col("tail") != "")
        .then(
            rest.cast(pl.Binary)
            .bin.head(rest.str.len_bytes() - pl.col("tail").str.len_bytes())
            .cast(pl.String)
        )
        .otherwise(rest),
        author_name=pl.col("first").str.replace(r"['’]s avatar$", "").str.strip_chars(),
    )
    has_meta = ~rest.str.contains(rf"\A{BLANKS}(?:\n|\z)")
    comments = comments.with_columns(has_meta=has_meta)
    meta = _meta(comments.filter("has_meta"))
    comments = comments.join(meta, on="comment", how="left", maintain_order="left")
    text = pl.coalesce("after_meta", "rest").str.strip_chars()
    is_deleted = pl.col("is_tombstone").fill_null(False) | text.is_in(TOMBSTONES)
    return comments.select(
        "path",
        "author_name",
        "created_text",
        "is_edited",
        "liker",
        "tail",
        position=pl.int_range(pl.len(), dtype=pl.Int32).over("path"),
        is_deleted=is_deleted,
        text=pl.when(is_deleted).then(pl.lit("")).otherwise(text),
        furniture_line_count=1 + pl.col("meta_line_count").fill_null(0) + text.is_in(TOMBSTONES),
    )


def _meta(comments: pl.DataFrame) -> pl.DataFrame:
    """Return what the lines right below the author's say, one row per comment that has any.

    They end at the first line that is blank or of no known kind; with that the text starts.
    """
    line = pl.col("line")
    said = line.str.extract_groups(META).struct
    is_name = line.str.strip_chars() == pl.col("author_name")
    is_tombstone = line.str.strip_chars().is_in(TOMBSTONES)
    is_known = (line.str.contains(META) & (line.str.strip_chars() != "")) | is_name | is_tombstone
    paragraph = pl.col("rest").str.splitn("\n\n", 2).struct
    first = pl.col("is_meta")
    return (
        comments.select(
            "comment",
            "author_name",
            line=paragraph.field("field_0").str.split("\n"),
            below=paragraph.field("field_1").fill_null(""),
        )
        .explode("line", empty_as_null=False, keep_nulls=False)
        .with_columns(
            is_known.cum_min().over("comment").cast(pl.Boolean).alias("is_meta"),
            said.field("created", "edited", "liker"),
            is_tombstone=is_tombstone,
        )
        .group_by("comment", maintain_order=True)
        .agg(
            created_text=pl.col("created").filter(first).drop_nulls().first(),
            edited=pl.col("edited").filter(first).is_not_null().any(),
            liker=pl.col("liker").filter(first).drop_nulls().first(),
            is_tombstone=pl.col("is_tombstone").filter(first).any(),
            meta_line_count=first.sum().cast(pl.Int64),
            after_meta=line.filter(~first).str.join("\n") + "\n\n" + pl.col("below").first(),
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
    lines_of_text = (
        pl.when(pl.col("text") != "")
        .then(pl.col("text").str.count_matches(r"\n\s*") + 1)
        .otherwise(0)
    )
    per_page = comments.group_by("path", maintain_order=True).agg(
        text_lines=lines_of_text.sum().cast(pl.Int64),
        known_lines=pl.col("furniture_line_count").sum().cast(pl.Int64),
        likers=pl.col("liker").drop_nulls().unique(),
        tail=pl.col("tail").last(),
    )
    after = blocks.group_by("path", maintain_order=True).agg(
        terminators=(pl.col("is_terminated") & ~pl.col("is_last")).sum().cast(pl.Int64)
        - (pl.col("is_terminated") & pl.col("is_body") & ~pl.col("starts")).sum().cast(pl.Int64),
        after=pl.col("block").filter(~pl.col("is_body")).str.join("\n"),
    )
    threads = (
        pages.select("path", "header")
        .join(per_page, on="path", how="left", maintain_order="left")
        .join(after, on="path", how="left", maintain_order="left")
        .with_columns(
            around=pl.concat_str(
                "header", pl.lit("\n"), "tail", pl.lit("\n"), "after", ignore_nulls=True
            )
        )
    )
    around = (
        threads.select("path", line=pl.col("around").str.split("\n"))
        .explode("line", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("line").str.strip_chars())
        .filter(pl.col("line") != "")
        .group_by("path")
        .agg(
            furniture=pl.col("line").str.contains(FURNITURE).sum().cast(pl.Int64),
            unrecognised_line_count=(~pl.col("line").str.contains(FURNITURE)).sum().cast(pl.Int64),
        )
    )
    count = (
        pl.col("around")
        .str.extract(DECLARED)
        .str.replace_all(r"[,.]", "")
        .cast(pl.Int64, strict=False)
    )
    furniture = pl.sum_horizontal("known_lines", "terminators", "furniture")
    return filled(
        threads.join(around, on="path", how="left", maintain_order="left")
        .with_columns(
            pl.col("unrecognised_line_count", "text_lines").fill_null(0),
            likers=pl.col("likers").fill_null([]),
            furniture_line_count=furniture,
        )
        .select(
            "path",
            source_format=pl.lit(FORMAT),
            shows_likers=pl.col("likers").list.len() > 0,
            declared_comment_count=count,
            hidden_comment_count=pl.col("around").str.extract(MORE).cast(pl.Int64),
            line_count=pl.col("text_lines") + furniture + pl.col("unrecognised_line_count"),
            furniture_line_count="furniture_line_count",
            unrecognised_line_count="unrecognised_line_count",
        ),
        THREAD,
    )
