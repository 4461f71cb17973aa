"""What sources give → rows of `threads` and `comments`: ids, host, times, duplicates."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple
from urllib.parse import urlsplit

import duckdb
import polars as pl

from flows import times
from flows.discover import Document
from flows.sidecars import Sidecar
from flows.sources.contract import Parsed

BUCKETS = 64
"""Threads are dealt to so many buckets, whatever the amount of data: the unit of rebuilding."""
HASH_CHARS = 20
"""80 bits: among a billion comments, two share one with a chance of 4 in 10 million."""

_TEXTS = "path platform source_sha256 thread_id publication scope host title url"
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


PAGED = ("substack",)
"""Platforms also read from pages that show no ids: a known address names their threads before an id does."""


def complete(parsed: Parsed, known: pl.DataFrame) -> Complete:
    """Return rows of `threads` and `comments` for `parsed`, with `known` as from `facts`.

    What a sidecar says goes before what the source says. The host is the sidecar's, else the source's,
    else the one person shown as liking comments, else not known.
    """
    key = ["path", "thread_native_id"]
    threads = _identified(parsed.threads, known)
    counts = parsed.comments.group_by(key).agg(
        comment_count=pl.len().cast(pl.Int64),
        tells_tree=pl.col("parent_status").is_not_null().any(),
    )
    threads = threads.join(
        counts, on=key, how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(
        pl.col("comment_count").fill_null(0),
        pl.col("tells_tree").fill_null(False),
        host_name=pl.coalesce("host", "host_name", "liked_by"),
        host_source=pl.when(pl.col("host").is_not_null())
        .then(pl.lit("sidecar"))
        .when(pl.col("host_name").is_not_null())
        .then(pl.lit("source"))
        .when(pl.col("liked_by").is_not_null())
        .then(pl.lit("liked_by")),
        source_path="path",
        bucket=buckets(threads["thread_id"]),
    )
    per_thread = threads.select(
        *key,
        "platform",
        "thread_id",
        "scope",
        "is_id_local",
        "host_name",
        "host_source",
        "shows_likers",
        "captured_at",
        "platform_max_depth",
        "bucket",
    ).unique(key, keep="first", maintain_order=True)
    comments = parsed.comments.join(
        per_thread, on=key, how="left", nulls_equal=True, maintain_order="left"
    )
    comments = times.dated(_named(comments))
    host = normalised_name(pl.col("host_name"))
    is_liked = (normalised_name(pl.col("liker")) == host).fill_null(False)
    by_name = normalised_name(pl.col("author_name")) == host
    return Complete(
        threads,
        comments.with_columns(
            is_host=pl.when(pl.col("host_source") == "sidecar")
            .then(by_name)
            .otherwise(pl.coalesce("is_host", by_name)),
            is_liked_by_host=pl.when(host.is_not_null() & pl.col("shows_likers")).then(is_liked),
            word_count=pl.col("text").str.count_matches(r"\S+").cast(pl.Int32),
        ),
    )


def _identified(threads: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with what `known` says of their documents, and with `thread_id` and `scope`."""
    said = known.rename({name: f"{name}_said" for name in ("title", "url", "published_at")})
    stem = pl.col("thread_id")
    threads = (
        threads.rename({"native_id": "thread_native_id", "publication": "publication_given"})
        .join(said, on="path", how="left", maintain_order="left")
        .with_columns(pl.coalesce(f"{name}_said", name).alias(name) for name in _SAID)
        .with_columns(
            publication=pl.coalesce(
                "publication",
                "publication_given",
                pl.col("url").str.extract(r"^https?://(?:www\.)?([^/:?#]+)").str.to_lowercase(),
            ),
            is_id_local=pl.col("is_id_local").fill_null(False),
        )
    )
    addresses = [canonical_url(url) if url else None for url in threads["url"].to_list()]
    by_address = pl.format(
        "{}:{}", "platform", digests(pl.DataFrame({"url": addresses}, {"url": pl.String}), "url")
    )
    local = pl.format("{}:{}/{}", "platform", "publication", "thread_native_id")
    own = (
        pl.when("is_id_local")
        .then(local)
        .otherwise(pl.format("{}:{}", "platform", "thread_native_id"))
    )
    is_paged = pl.col("platform").is_in(PAGED)
    return threads.with_columns(
        thread_id=pl.coalesce(pl.when(is_paged).then(by_address), own, by_address, stem)
    ).with_columns(scope=pl.coalesce("publication", "thread_id"))


_SAID = ("title", "url", "published_at")


def normalised_name(name: pl.Expr) -> pl.Expr:
    """Return `name` as the same for every way to write it: compatible forms, case, white space."""
    return (
        name.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    )


def buckets(thread_ids: pl.Series) -> pl.Series:
    """Return the bucket of each thread, from 0 to `BUCKETS` - 1."""
    digest = digests(thread_ids.alias("thread_id").to_frame(), "thread_id")
    number = digest.str.slice(0, 4).str.to_integer(base=16) % BUCKETS
    return number.cast(pl.Int32).alias("bucket")


def _named(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `comment_id`, `given_parent_id` and `author_id`.

    They are the platform's own where the source gives them. An id that is only the site's is told apart by
    the site, or by the thread if the site isn't known. Else they are hashes.
    """
    within = (
        pl.when("is_id_local")
        .then(pl.col("scope").str.strip_prefix(pl.col("platform") + ":") + "/")
        .otherwise(pl.lit(""))
    )
    named = comments.with_columns(
        author_name=pl.coalesce("author_name", "author_handle", "author_native_id"),
        given_parent_id=pl.format("{}:{}{}", "platform", within, "parent_native_id"),
    )
    has_id = named["native_id"].is_not_null()
    own = named.filter(has_id).with_columns(
        comment_id=pl.format("{}:{}{}", "platform", within, "native_id")
    )
    parts = [own] if has_id.all() else [_hashed(named.filter(~has_id))]
    if has_id.any() and not has_id.all():
        order = pl.col("row")
        rows = named.with_row_index("row").select("row").to_series()
        both = [
            own.with_columns(row=rows.filter(has_id)),
            parts[0].with_columns(row=rows.filter(~has_id)),
        ]
        parts = [pl.concat(both).sort(order).drop("row")]
    by_name = _authors(parts[0])
    return by_name.with_columns(
        author_id=pl.coalesce(
            pl.format("{}:{}{}", "platform", within, "author_native_id"), "author_id"
        )
    )


def _hashed(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `comment_id` as a hash.

    Captures of one comment agree on its id though they differ in line breaks. Comments alike in thread,
    author and text (or in their hash) are told apart by their occurrence: `…-2` is the second.
    """
    words = pl.col("text").str.replace_all("\n", "", literal=True)
    author = normalised_name(pl.col("author_name"))
    keys = comments.select(
        comment=pl.concat_str("thread_id", author.fill_null(""), words, separator="\x1f"),
    )
    occurrence = pl.int_range(1, pl.len() + 1).over("thread_id", "digest")
    return (
        comments.with_columns(digests(keys, "comment"))
        .with_columns(occurrence=occurrence)
        .with_columns(
            comment_id=pl.format("{}:{}", "platform", "digest")
            + pl.when(pl.col("occurrence") > 1)
            .then(pl.format("-{}", "occurrence"))
            .otherwise(pl.lit(""))
        )
        .drop("digest", "occurrence")
    )


def _authors(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `author_id` as a hash of the name where it runs; null without a name."""
    author = normalised_name(pl.col("author_name"))
    authors = (
        comments.filter(pl.col("author_native_id").is_null())
        .select("platform", "scope", "author_name")
        .unique(maintain_order=True)
        .drop_nulls("author_name")
        .with_columns(author=pl.concat_str("platform", "scope", author, separator="\x1f"))
    )
    authors = authors.with_columns(
        author_id=pl.format("{}:{}", "platform", digests(authors, "author"))
    ).drop("author")
    return comments.join(
        authors, on=["platform", "scope", "author_name"], how="left", maintain_order="left"
    )


PIECE = r"[^.!?\n]{20,}"
"""A sentence or so; shorter ones are courtesies that many write."""
SAME_SHARE = 0.8


def duplicates(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` and `duplicate_of`, one row per comment that repeats an earlier one.

    Both are by one author in one thread, and at least `SAME_SHARE` of the shorter one's text stands in the
    other, counted in whole sentences of 20 characters or more.
    """
    author = pl.struct("thread_id", "author_id")
    pieces = (
        comments.filter(pl.col("author_id").is_not_null() & author.is_duplicated())
        .select(
            "thread_id",
            "author_id",
            "comment_id",
            "position",
            piece=pl.col("text").str.to_lowercase().str.extract_all(PIECE),
        )
        .explode("piece", empty_as_null=False, keep_nulls=False)
        .with_columns(pl.col("piece").str.strip_chars())
        .unique(["comment_id", "piece"], maintain_order=True)
        .with_columns(chars=pl.col("piece").str.len_chars())
        .with_columns(whole=pl.col("chars").sum().over("comment_id"))
    )
    shared = pieces.filter(pl.struct("thread_id", "author_id", "piece").is_duplicated())
    return (
        shared.join(shared, on=["thread_id", "author_id", "piece"], suffix="_earlier")
        .filter(pl.col("position_earlier") < pl.col("position"))
        .group_by("comment_id", "comment_id_earlier", "position_earlier")
        .agg(
            shared=pl.col("chars").sum(),
            shorter=pl.min_horizontal(pl.col("whole").first(), pl.col("whole_earlier").first()),
        )
        .filter(pl.col("shared") >= SAME_SHARE * pl.col("shorter"))
        .sort("comment_id", "position_earlier")
        .unique("comment_id", keep="first", maintain_order=True)
        .select("comment_id", duplicate_of="comment_id_earlier")
    )
