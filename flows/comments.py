"""What sources give → rows of `threads` and `comments`: ids, host, times, duplicates."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import duckdb
import polars as pl

from flows import times
from flows.discover import Document
from flows.hosts import normalised_name
from flows.sidecars import Sidecar
from flows.sources.contract import Parsed

BUCKETS = 64
"""Threads are dealt to so many buckets, whatever the amount of data: the unit of rebuilding."""
HASH_CHARS = 20
"""80 bits: among a billion comments, two share one with a chance of 4 in 10 million."""

_TEXTS = "path platform source_sha256 thread_id publication scope host title url timezone stem"
FACTS = pl.Schema(
    {name: pl.String() for name in _TEXTS.split()}
    | {name: pl.Datetime("us") for name in ("published_at", "captured_at")}
)
"""What is known of a document besides its text. `scope` is where a name means one person."""


class Complete(NamedTuple):
    """Rows of `threads` and `comments`, parents not yet decided, each with its `bucket`."""

    threads: pl.DataFrame
    comments: pl.DataFrame


def facts(documents: Iterable[tuple[Document, Sidecar]]) -> pl.DataFrame:
    """Return what is known of `documents` besides their text, one row each, as `FACTS`."""
    rows = []
    addresses = []
    for document, sidecar in documents:
        host_name = urlsplit(sidecar.url).hostname if sidecar.url else None
        publication = sidecar.publication or (host_name or "").removeprefix("www.") or None
        thread_id = f"{document.platform}:{document.thread_stem}"
        addresses.append(canonical_url(sidecar.url) if sidecar.url else "")
        rows.append(
            (
                document.path,
                document.platform,
                document.sha256,
                thread_id,
                publication,
                # Without a publication a name is known within its thread only.
                publication or thread_id,
                sidecar.host,
                sidecar.title,
                sidecar.url,
                sidecar.timezone,
                thread_id,
                sidecar.published_at,
                sidecar.captured_at,
            )
        )
    named = pl.DataFrame(rows, schema=FACTS, orient="row").with_columns(
        address=pl.Series(addresses, dtype=pl.String)
    )
    by_address = pl.format("{}:{}", "platform", digests(named, "address"))
    return named.with_columns(
        thread_id=pl.when(pl.col("address") != "").then(by_address).otherwise("thread_id")
    ).drop("address")


def canonical_url(url: str) -> str:
    """Return `url` as one of the ways to write it: without scheme, `www.`, query, fragment or end slash.

    A Substack post's `/comments` page is the post.
    """
    parts = urlsplit(url)
    path = parts.path.rstrip("/").removesuffix("/comments")
    # Forums that name the thread in the query keep it.
    query = f"?{parts.query}" if parts.query and not path.startswith("/p/") else ""
    return f"{(parts.hostname or '').removeprefix('www.')}{path}{query}"


def digests(frame: pl.DataFrame, column: str) -> pl.Series:
    """Return a stable hash of each text in `column`, `HASH_CHARS` hexadecimal digits."""
    with _hasher().cursor() as con:
        con.register("texts", frame.select(text=column).to_arrow())
        hashed: pl.DataFrame = con.sql(
            f"select left(md5(text), {HASH_CHARS}) as digest from texts"
        ).pl()
    return hashed["digest"]


@cache
def _hasher() -> duckdb.DuckDBPyConnection:
    # Opening one costs more than hashing a thread.
    return duckdb.connect()


def complete(parsed: Parsed, known: pl.DataFrame) -> Complete:
    """Return rows of `threads` and `comments` for `parsed`, with `known` as from `facts`.

    What takes all captures of a thread (host, duplicates, parents) is not decided yet.
    """
    threads = parsed.threads.rename({"url": "page_url"}).join(
        known, on="path", how="left", maintain_order="left"
    )
    counts = parsed.comments.group_by("path").agg(comment_count=pl.len().cast(pl.Int64))
    address = pl.col("page_url").str.extract(r"^https?://(?:www\.)?([^/?#:]+)")
    threads = _addressed(threads).join(counts, on="path", how="left", maintain_order="left")
    threads = threads.with_columns(
        pl.col("comment_count").fill_null(0),
        url=pl.coalesce("url", "page_url"),
        publication=pl.coalesce("publication", address),
        scope=pl.coalesce("publication", address, "scope"),
        source_path="path",
        bucket=buckets(threads["thread_id"]),
    )
    per_thread = threads.select(
        "path", "stem", "platform", "thread_id", "scope", "captured_at", "timezone", "bucket"
    )
    comments = parsed.comments.join(per_thread, on="path", how="left", maintain_order="left")
    comments = times.dated(_named(comments))
    words = pl.col("text").str.count_matches(r"\S+").cast(pl.Int32)
    return Complete(threads, comments.with_columns(word_count=words))


def _addressed(threads: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with the address their page shows in their id, where no sidecar gives one.

    Of several documents with one stem the first decides, so that a later capture changes no id.
    """
    shown = threads["page_url"].drop_nulls().unique(maintain_order=True)
    if shown.is_empty():
        return threads
    written = pl.DataFrame({"page_url": shown, "address": [canonical_url(url) for url in shown]})
    hashed = written.with_columns(digest=digests(written, "address")).drop("address")
    own = threads.join(hashed, on="page_url", how="left", maintain_order="left").with_columns(
        own_id=pl.when(pl.col("thread_id") != pl.col("stem"))
        .then("thread_id")
        .otherwise(pl.coalesce(pl.format("{}:{}", "platform", "digest"), "stem"))
    )
    first = own.sort("path").group_by("stem", maintain_order=True).agg(pl.col("own_id").first())
    joined = own.drop("own_id", "digest").join(first, on="stem", how="left", maintain_order="left")
    is_named = pl.col("thread_id") != pl.col("stem")
    return joined.with_columns(
        thread_id=pl.when(is_named).then("thread_id").otherwise("own_id")
    ).drop("own_id")


def buckets(thread_ids: pl.Series) -> pl.Series:
    """Return the bucket of each thread, from 0 to `BUCKETS` - 1."""
    digest = digests(thread_ids.alias("thread_id").to_frame(), "thread_id")
    number = digest.str.slice(0, 4).str.to_integer(base=16) % BUCKETS
    return number.cast(pl.Int32).alias("bucket")


def _named(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `comment_id` and `author_id`, the platform's own where the page shows them.

    Captures of one comment agree on its id though they differ in line breaks. Comments alike in thread,
    author and text (or in their hash) are told apart by their occurrence: `…-2` is the second.
    """
    words = pl.col("text").str.replace_all("\n", "", literal=True)
    # Without its address a thread may be here twice, and so may the platform's ids.
    is_native = pl.col("native_id").is_not_null() & (pl.col("thread_id") != pl.col("stem"))
    author = normalised_name(pl.col("author_name"))
    keys = comments.select(
        comment=pl.concat_str("thread_id", author.fill_null(""), words, separator="\x1f"),
    )
    authors = comments.select("platform", "scope", "author_name").unique(maintain_order=True)
    authors = authors.drop_nulls("author_name").with_columns(
        author=pl.concat_str("platform", "scope", author, separator="\x1f")
    )
    authors = authors.with_columns(
        author_id=pl.format("{}:{}", "platform", digests(authors, "author"))
    ).drop("author")
    occurrence = pl.int_range(1, pl.len() + 1).over("path", "digest")
    return (
        comments.with_columns(
            digest=pl.when(is_native).then("native_id").otherwise(digests(keys, "comment"))
        )
        .with_columns(occurrence=occurrence)
        .with_columns(
            comment_id=pl.format("{}:{}", "platform", "digest")
            + pl.when(pl.col("occurrence") > 1)
            .then(pl.format("-{}", "occurrence"))
            .otherwise(pl.lit(""))
        )
        .join(
            authors,
            on=["platform", "scope", "author_name"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            author_id=pl.coalesce(pl.format("{}:{}", "platform", "author_native_id"), "author_id")
        )
        .drop("digest", "occurrence", "stem")
    )
