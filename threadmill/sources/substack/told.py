"""What the lines of comments tell: rows of comments and threads from lines with their roles."""

import polars as pl

from threadmill.schema.frames import COMMENT, THREAD, fill_columns
from threadmill.sources.substack.lines import Kind, Lines, whole

HEAD, TEXT, PART, PAGE, STRANGE = range(5)
"""What became of a line: head or foot of a comment, its text, known page furniture, unknown."""


def comments(documents: pl.DataFrame, lines: Lines, rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per comment, in the order of the lines."""
    own = rows.filter("is_comment")
    firsts = own.filter("opens").select("group", "doc", "start_name", name_mark="mark")
    texts = (
        own.filter(pl.col("role") == TEXT)
        .group_by("group", maintain_order=True)
        .agg(pl.col("start").first(), pl.col("end").last(), text_lines=pl.len().cast(pl.Int64))
    )
    said = _said(lines, own)
    found = firsts.join(texts, on="group", how="left", maintain_order="left").join(
        said, on="group", how="left", maintain_order="left"
    )
    doc = found["doc"]
    offset = found["start"]
    text = (
        documents["text"]
        .gather(doc)
        .cast(pl.Binary)
        .alias("text")
        .to_frame()
        .select(
            pl.col("text")
            .bin.slice(offset.fill_null(0), (found["end"] - found["start"]).fill_null(0))
            .cast(pl.String)
        )
        .to_series()
    )
    text = pl.select(whole(pl.lit(text))).to_series() if lines.links is not None else text
    shown = lines.marks["hidden"].is_not_null().any()
    found = found.with_columns(
        path=documents["path"].gather(doc),
        text=text.str.strip_chars(),
        author_name=pl.coalesce("start_name", "link_name")
        if "link_name" in found.columns
        else "start_name",
    )
    is_deleted = pl.col("is_tombstone").fill_null(False) & (pl.col("text") == "")
    return found.with_columns(
        position=pl.int_range(pl.len(), dtype=pl.Int32).over("doc"),
        is_deleted=is_deleted,
        hidden_reply_count=pl.col("hidden_reply_count")
        if not shown
        else pl.when(pl.col("hidden_reply_count").is_not_null().any().over("doc")).then(
            pl.col("hidden_reply_count").fill_null(0)
        ),
    ).match_to_schema(
        pl.Schema(dict(COMMENT) | {"doc": pl.UInt32, "group": pl.Int64}),
        missing_columns="insert",
        extra_columns="ignore",
    )


def _said(lines: Lines, own: pl.DataFrame) -> pl.DataFrame:
    """Return what head and foot of each comment say, one row per comment that has any."""
    marked = own.filter(
        (pl.col("role") != TEXT)
        & (
            (pl.col("mark") > 0)
            | pl.col("is_name")
            | pl.col("opens")
            | (pl.col("kind") == int(Kind.META))
        )
    )
    at = marked["mark"]
    facts = lines.marks.select("created", "is_edited", "liker", "like_count", "hidden", "replier")
    said = marked.select("group", "kind").with_columns(
        **{name: facts[name].gather(at) for name in facts.columns}
    )
    names = []
    if lines.links is not None:
        names = lines.links.columns
        said = said.with_columns(lines.links[marked["link"]])
    is_meta = pl.col("kind").is_in([int(Kind.META), int(Kind.TOMBSTONE)])
    has_date_line = pl.col("created").is_not_null() | pl.col("is_edited")
    if "title_time" in said.columns:
        has_date_line |= pl.col("title_time").is_not_null()
    return (
        said.group_by("group", maintain_order=True)
        .agg(
            pl.col("created").first(ignore_nulls=True).alias("created_text"),
            *(pl.col(name).first(ignore_nulls=True) for name in names),
            is_edited=pl.when((is_meta & has_date_line).any()).then(
                (is_meta & pl.col("is_edited")).any()
            ),
            liker=pl.col("liker").first(ignore_nulls=True),
            is_tombstone=(pl.col("kind") == int(Kind.TOMBSTONE)).any(),
            like_count=pl.col("like_count").first(ignore_nulls=True),
            hidden_reply_count=pl.col("hidden").first(ignore_nulls=True),
            replier=pl.col("replier").first(ignore_nulls=True),
        )
        .with_columns(
            created_text=pl.coalesce("title_time", "created_text")
            if "title_time" in said.columns
            else "created_text"
        )
    )


def threads(
    documents: pl.DataFrame,
    lines: Lines,
    rows: pl.DataFrame,
    said: pl.DataFrame,
    source_format: str,
) -> pl.DataFrame:
    """Return one row per document: what it declares, and where each of its lines went."""
    people = said.group_by("doc").agg(
        likers=pl.col("liker").drop_nulls().unique(),
        hidden=pl.col("hidden_reply_count").drop_nulls(),
        post_url=pl.col("url").first(ignore_nulls=True).str.replace(r"/comment/\d+.*$", ""),
    )
    every = documents.select("path").with_row_index("doc")
    for part in (_line_counts(rows), _declared(lines, rows), people):
        every = every.join(part, on="doc", how="left", maintain_order="left")
    likers = pl.col("likers").fill_null([])
    hidden = pl.col("hidden").fill_null([])
    is_said = pl.col("more").is_not_null() | (hidden.list.len() > 0)
    said = every.select(
        "path",
        source_format=pl.lit(source_format),
        url="post_url",
        shows_likers=likers.list.len() > 0,
        declared_comment_count="declared",
        hidden_comment_count=pl.when(is_said).then(pl.col("more").fill_null(0) + hidden.list.sum()),
        line_count=pl.col("line_count").fill_null(0),
        furniture_line_count=pl.col("furniture_line_count").fill_null(0),
        unrecognised_line_count=pl.col("unrecognised_line_count").fill_null(0),
    )
    return fill_columns(said, THREAD)


def _line_counts(rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per document: how many lines it has, known and unknown furniture among them."""
    per_line = rows.select(
        "doc", "glued", "role", "mark", folds=pl.col("folds") if "folds" in rows.columns else 0
    )
    # A line in pieces is text if one of them is, else unknown if one of them is.
    weight = (
        per_line.with_columns(line=(~pl.col("glued")).cum_sum())
        .group_by("line", maintain_order=True)
        .agg(
            pl.col("doc").first(),
            is_text=(pl.col("role") == TEXT).any(),
            is_strange=(pl.col("role") == STRANGE).any(),
            lines=1 + pl.col("folds").sum(),
        )
        if rows["glued"].any() or "folds" in rows.columns
        else per_line.select(
            "doc",
            is_text=pl.col("role") == TEXT,
            is_strange=pl.col("role") == STRANGE,
            lines=pl.lit(1),
        )
    )
    return weight.group_by("doc").agg(
        line_count=pl.col("lines").sum().cast(pl.Int64),
        unrecognised_line_count=pl.col("lines")
        .filter(pl.col("is_strange") & ~pl.col("is_text"))
        .sum()
        .cast(pl.Int64),
        furniture_line_count=pl.col("lines")
        .filter(~pl.col("is_strange") & ~pl.col("is_text"))
        .sum()
        .cast(pl.Int64),
    )


def _declared(lines: Lines, rows: pl.DataFrame) -> pl.DataFrame:
    """Return one row per document: how many comments it says there are (`declared`), and how many `more`."""
    around = rows.filter((pl.col("role") != TEXT) & (pl.col("mark") > 0)).select("doc", "mark")
    said = lines.marks.select("declared", "more")[around["mark"]]
    return (
        around.with_columns(said)
        .group_by("doc")
        .agg(pl.col("declared").first(ignore_nulls=True), pl.col("more").last(ignore_nulls=True))
    )
