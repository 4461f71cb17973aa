"""Mentions: what comments talk about, whom they address and what they cite, and where exactly."""

from typing import NamedTuple

import polars as pl

from threadmill.mentions import candidates, vocabulary
from threadmill.mentions.packs import Packs, packs
from threadmill.mentions.resolve import resolved
from threadmill.mentions.rules import identifiers, people, quantities, quotes, references
from threadmill.mentions.text.boundaries import HAS_ICU, UNSPACED_EDGE
from threadmill.mentions.text.fold import alike
from threadmill.mentions.text.spans import NONCHARACTERS, capitals, cut, masked, named

__all__ = ["Found", "Packs", "find", "packs"]


class Found(NamedTuple):
    """What `find` makes of comments."""

    mentions: pl.DataFrame
    """One row per mention, as `schema.TABLES["mentions"]`."""
    candidates: pl.DataFrame
    """One row per thread and candidate, as `schema.TABLES["mention_candidates"]`."""


def find(comments: pl.DataFrame, packs: Packs) -> Found:
    """Return what `comments` mention, and what they may mention that nothing here knows.

    `comments` has comment_id, thread_id, platform, position, author_id, author_name, author_handle,
    is_host and text, sorted by thread_id and position, all comments of a thread together. What is
    found in a thread doesn't depend on the other threads of the frame.
    """
    sites, mail, texts = _covered(_texts(comments))
    threads = comments.select("thread_id", "platform").with_row_index("row")
    authors = people.authors(comments)
    numbers = identifiers.identifiers(texts, sites, mail)
    capitalised = capitals(texts)
    signed = people.signed(capitalised)
    is_handle = pl.col("kind") == "handle"
    found = named(
        [
            numbers.filter(~is_handle),
            people.addressed(numbers.filter(is_handle), comments, authors),
            people.participants(texts, signed, comments, authors),
            people.persons(signed),
            quotes.quotes(texts, comments),
            quotes.headed(texts, comments),
            references.references(texts),
            quantities.quantities(texts),
            vocabulary.terms(texts, threads, packs),
        ]
    )
    found = resolved(found)
    return Found(_mentions(found, comments), candidates.candidates(capitalised, found, comments))


def _texts(comments: pl.DataFrame) -> pl.DataFrame:
    """Return row, plain and masked text of each comment that has one."""
    texts = comments.select(plain="text").with_row_index("row").filter(pl.col("plain") != "")
    clean = pl.col("plain").str.replace_all(NONCHARACTERS, "\ufffd")
    if texts["plain"].str.contains(NONCHARACTERS).any():
        texts = texts.with_columns(plain=clean)
    return texts.with_columns(masked="plain")


def _covered(texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the spans of addresses and of e-mail, and `texts` without code, and without all three."""
    code = identifiers.code(texts)
    covered = masked(texts, code, "plain").with_columns(masked="plain")
    sites, mail = identifiers.addresses(covered)
    places = [found.select("row", "start", "end") for found in (sites, mail)]
    return sites, mail, alike(masked(covered, pl.concat(places)))


def _mentions(found: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return `found` as the table, with the words of the original text."""
    own = comments.select("comment_id", "thread_id", "author_id").with_row_index("row")
    surface = cut(comments.select("text").with_row_index("row"), found, "text")
    told_by_icu = (pl.col("rule") == vocabulary.RULE) & HAS_ICU
    return (
        found.join(own, on="row", how="left", maintain_order="left")
        .select(
            "comment_id",
            "thread_id",
            "author_id",
            start_char="start",
            end_char="end",
            surface=surface,
            kind="kind",
            canonical_id=pl.concat_str("kind", pl.lit(":"), pl.col("id")),
            canonical_name="name",
            target_comment_id="target_comment_id",
            target_author_id="target_author_id",
            rule="rule",
            pack="pack",
            pack_version="pack_version",
            confidence=pl.col("confidence").round(6),
        )
        .with_columns(is_word=~pl.col("surface").str.contains(UNSPACED_EDGE) | told_by_icu)
    )
