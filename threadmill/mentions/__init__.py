"""Mentions: what comments talk about, whom they address and what they cite, with exact places."""

from typing import NamedTuple

import polars as pl

from threadmill.mentions import candidates, vocabulary
from threadmill.mentions.packs import Packs, read_packs
from threadmill.mentions.resolve import resolve_overlaps
from threadmill.mentions.rules import (
    code,
    identifiers,
    institutions,
    people,
    quantities,
    quotes,
    references,
)
from threadmill.mentions.text.boundaries import HAS_ICU, UNSPACED_EDGE
from threadmill.mentions.text.fold import add_folded
from threadmill.mentions.text.signs import add_signs
from threadmill.mentions.text.spans import (
    MASK,
    RESERVED,
    concat_hits,
    cut_surfaces,
    keep_capitalised,
    mask,
)

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it

__all__ = ["Found", "Packs", "find_mentions", "read_packs"]


class Found(NamedTuple):
    """What `find_mentions` returns."""

    mentions: pl.DataFrame
    """One row per mention, as `schema.TABLES["mentions"]`."""
    candidates: pl.DataFrame
    """One row per thread and candidate, as `schema.TABLES["mention_candidates"]`."""


def find_mentions(comments: pl.DataFrame, packs: Packs) -> Found:
    """Return the mentions of `comments`, and the candidates that no rule and no pack covers.

    `comments` has comment_id, thread_id, platform, position, author_id, author_name, author_handle,
    is_host and text, sorted by thread_id and position, with all comments of a thread together. It may have
    `publication`; without it, packs that are limited to publications hold nowhere.
    The mentions of a thread don't depend on the other threads of the frame.
    """
    sites, mail, texts = _mask_covered(_prepare_texts(comments))
    threads = vocabulary.list_places(comments)
    authors = people.list_authors(comments)
    numbers = identifiers.find_identifiers(texts, sites, mail)
    capitalised = keep_capitalised(texts)
    is_handle = pl.col("kind") == "handle"
    found = concat_hits(
        [
            numbers.filter(~is_handle),
            people.resolve_handles(numbers.filter(is_handle), comments, authors),
            people.find_people(texts, capitalised, comments, authors),
            quotes.find_quotes(texts, comments),
            quotes.find_headed_quotes(texts, comments),
            references.find_references(texts),
            quantities.find_quantities(texts),
            institutions.find_institutions(texts, capitalised),
            vocabulary.find_terms(texts, threads, packs),
        ]
    )
    found = resolve_overlaps(found)
    return Found(
        _build_table(found, comments), candidates.list_candidates(capitalised, found, comments)
    )


def _prepare_texts(comments: pl.DataFrame) -> pl.DataFrame:
    """Return row, plain and masked text of each comment that has text."""
    texts = comments.select(plain="text").with_row_index("row").filter(pl.col("plain") != "")
    clean = pl.col("plain").str.replace_all(RESERVED, "\ufffd")
    if texts["plain"].str.contains(RESERVED).any():
        texts = texts.with_columns(plain=clean)
    return texts.with_columns(masked="plain")


def _mask_covered(texts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return the spans of web addresses, those of e-mail addresses, and `texts` with code and both masked."""
    covered = mask(texts, code.find_code(texts), "plain").with_columns(masked="plain")
    covered = mask(covered, code.find_other_addresses(covered))
    covered = covered.with_columns(plain="masked")
    sites, mail = identifiers.find_addresses(covered)
    places = [found.select("row", "start", "end") for found in (sites, mail)]
    return sites, mail, add_signs(add_folded(mask(covered, pl.concat(places))))


def _build_table(found: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return `found` as the table `mentions`, with the words of the original text."""
    own = comments.select("comment_id", "thread_id", "author_id").with_row_index("row")
    surface = cut_surfaces(comments.select("text").with_row_index("row"), found, "text")
    is_checked = (pl.col("rule") == vocabulary.RULE) & HAS_ICU
    id_, name = pl.col("id"), pl.col("name")
    # What rules must not read stands in a quotation all the same.
    hidden = id_.str.contains(MASK, literal=True), name.str.contains(MASK, literal=True)
    id_ = pl.when(hidden[0]).then(surface.str.to_lowercase()).otherwise(id_)
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
            canonical_id=pl.concat_str("kind", pl.lit(":"), id_),
            canonical_name=pl.when(hidden[1]).then(surface).otherwise(name),
            target_comment_id="target_comment_id",
            target_author_id="target_author_id",
            rule="rule",
            pack="pack",
            pack_version="pack_version",
            confidence=pl.col("confidence").round(6),
        )
        .with_columns(is_word=~pl.col("surface").str.contains(UNSPACED_EDGE) | is_checked)
    )
