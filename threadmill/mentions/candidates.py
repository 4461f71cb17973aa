"""The review queue: acronyms and names that no rule and no pack covers."""

import polars as pl

from threadmill.mentions.text.names import NOT_SURNAMES
from threadmill.mentions.text.spans import cut_surfaces, find_spans, is_whole_word

ACRONYM = r"[A-Z][A-Za-z]{0,2}[A-Z0-9][A-Z0-9-]{0,8}s?|[A-Z]{2,10}s?(?:-?[0-9]{1,3}[A-Za-z]?)?"
NAME = r"(?:(?-u:\b)[A-Z]|[\p{Lu}--[A-Z]])\p{Ll}+(?:[ -](?:of |the |and |de |van )?\p{Lu}[\p{L}’'-]*\p{Ll})+"
SHOUTED = (
    r"^(?:I|A|OK|TV|PS|AM|PM|LOL|OMG|IMO|IMHO|BTW|FYI|EDIT|UPDATE|AFAIK|TLDR|DIY|FAQ|ASAP|NOT|AND|THE|IS|ARE|YOU"
    r"|NO|YES|SO|BUT|ALL|VERY|ANY|IT|TO|OF|IN|ON|OR|IF|MY|ME|WE|DO|BE)$"
)
EXAMPLE_CHARS = 40

CANDIDATE = pl.Schema(
    {
        "thread_id": pl.String,
        "candidate": pl.String,
        "candidate_kind": pl.String,
        "comment_count": pl.Int64,
        "mention_count": pl.Int64,
        "example": pl.String,
    }
)
"""One row per thread and candidate, as `schema.TABLES["mention_candidates"]`."""


def list_candidates(
    texts: pl.DataFrame, mentions: pl.DataFrame, comments: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per thread and candidate: acronyms and capitalised names outside mentions.

    `texts` are the rows of `keep_capitalised`, `mentions` the resolved hits (row, start, end). A comment
    mostly in capitals has no acronyms. `example` is the first occurrence in the thread, with the text
    around it as the comment has it.
    """
    acronyms = find_spans(texts, rf"(?-u:\b)(?:{ACRONYM})(?-u:\b)")
    acronyms = acronyms.filter(
        is_whole_word(),
        ~pl.col("found").str.contains(SHOUTED),
        pl.col("found").str.contains("[A-Z].*[A-Z]"),
    )
    shouting = pl.col("masked").str.count_matches(r"[A-Z]") * 3 > pl.col("masked").str.len_chars()
    read = texts.join(acronyms.select("row").unique(), on="row", how="semi")
    acronyms = acronyms.join(read.filter(shouting), on="row", how="anti")
    names = find_spans(
        texts,
        NAME,
        is_whole_word(),
        ~pl.col("found")
        .str.extract(r"^(\S+)", 1)
        .is_in([*NOT_SURNAMES, "My", "We", "It", "He", "She", "This"]),
    )
    found = pl.concat(
        [
            acronyms.with_columns(candidate_kind=pl.lit("acronym")),
            names.with_columns(candidate_kind=pl.lit("name")),
        ]
    )
    known = mentions.filter(~pl.col("kind").is_in(["quote", "reported_speech", "scare_quote"]))
    place = comments.select("thread_id", "position").with_row_index("row")
    listed = (
        _drop_covered(found, known)
        .join(place, on="row")
        .sort("thread_id", "position", "start")
        .group_by("thread_id", candidate="found", candidate_kind="candidate_kind")
        .agg(
            comment_count=pl.col("row").n_unique().cast(pl.Int64),
            mention_count=pl.len().cast(pl.Int64),
            row=pl.col("row").first(),
            start=pl.max_horizontal(pl.col("start").first() - EXAMPLE_CHARS, 0),
            end=pl.col("end").first() + EXAMPLE_CHARS,
        )
        .sort("thread_id", "candidate", "candidate_kind")
    )
    example = cut_surfaces(comments.select("text").with_row_index("row"), listed, "text")
    return listed.with_columns(
        example=example.str.replace_all(r"\s+", " ").str.strip_chars()
    ).select(CANDIDATE.names())


def _drop_covered(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the spans of `found` that overlap none of `known`."""
    row = pl.col("row").cast(pl.Int64) * 2**31
    ends = known.select(begin=row + pl.col("start"), until=row + pl.col("end")).sort("begin")
    ends = ends.with_columns(pl.col("until").cum_max())
    places = found.with_columns(begin=row + pl.col("start"), last=row + pl.col("end") - 1)
    near = places.sort("last").join_asof(
        ends, left_on="last", right_on="begin", strategy="backward"
    )
    return near.filter(pl.col("until").fill_null(-1) <= pl.col("begin")).select(found.columns)
