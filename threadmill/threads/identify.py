"""Parsed rows → rows with ids: thread, comment, author, bucket."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

import polars as pl

from threadmill.read.discover import Document
from threadmill.read.sidecars import Sidecar
from threadmill.schema.frames import COMMENT, REJECT, THREAD, Parsed
from threadmill.sources import dates
from threadmill.storage.buckets import FEWEST, buckets, digests
from threadmill.storage.spool import IdentifiedRows
from threadmill.threads.hosts import normalise_name

_TEXTS = "path platform source_sha256 thread_id publication scope host title url timezone stem first_name"
FACTS = pl.Schema(
    {name: pl.String() for name in _TEXTS.split()}
    | {name: pl.Datetime("us") for name in ("published_at", "captured_at")}
)
"""What is known of a document besides its text. `scope` is where a name means one person; `first_name` is the thread's
id, where an earlier capture of the stem gave it."""


def collect_facts(
    documents: Iterable[tuple[Document, Sidecar]], names: Mapping[str, str] = MappingProxyType({})
) -> pl.DataFrame:
    """Return what is known of `documents` besides their text, one row each, as `FACTS`.

    `names` are the ids of threads that captures not among `documents` gave, by `Document.thread`.
    """
    rows = []
    addresses = []
    for document, sidecar in documents:
        host_name = urlsplit(sidecar.url).hostname if sidecar.url else None
        publication = sidecar.publication or (host_name or "").removeprefix("www.") or None
        thread_id = document.thread
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
                names.get(thread_id),
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

    A Substack post's `/comments` page is the post. What can't be taken apart stays as it is.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    path = parts.path.rstrip("/").removesuffix("/comments")
    # Forums that name the thread in the query keep it.
    query = f"?{parts.query}" if parts.query and not path.startswith("/p/") else ""
    return f"{(parts.hostname or '').removeprefix('www.')}{path}{query}"


PAGED = ("substack",)
"""Platforms also read from pages that show no ids: a known address names their threads before an id does."""


ACCOUNT_PLATFORMS = (
    "bluesky",
    "github",
    "hackernews",
    "instagram",
    "lemmy",
    "mastodon",
    "reddit",
    "tiktok",
    "twitter",
    "x",
    "youtube",
)
"""Platforms on which a name is an account: it means one person in every thread."""
NAMED_PLATFORMS = ("github", "hackernews", "reddit")
"""Of these, the account's name is its id in every format, so a table of names has the ids of a dump."""
ACCOUNT = r"^\s*(?:/?u/|@|app/)?([A-Za-z0-9_-]+)(?:\[bot\])?\s*$"
"""The account in a name, as `u/ann`, `@ann` or `ann[bot]`."""
NUMBER = r"^(?:t2_\w+|\d+)$"
"""An account's number, which only some formats give."""


def identify_rows(
    parsed: Parsed, known: pl.DataFrame, bucket_count: int = FEWEST
) -> IdentifiedRows:
    """Return rows of `threads` and `comments` for `parsed`, with `known` as from `collect_facts`.

    What a sidecar says goes before what the source says. What takes all captures of a thread (host,
    duplicates, parents) is not decided yet. Threads are dealt to `bucket_count` buckets.
    """
    key = ["path", "thread_native_id"]
    threads = _identify_threads(parsed.threads, known)
    counts = parsed.comments.group_by(key).agg(
        comment_count=pl.len().cast(pl.Int64),
        tells_tree=pl.col("parent_status").is_not_null().any(),
    )
    threads = threads.join(
        counts, on=key, how="left", nulls_equal=True, maintain_order="left"
    ).with_columns(
        pl.col("comment_count").fill_null(0),
        pl.col("tells_tree").fill_null(False),
        source_path="path",
        bucket=buckets(threads["thread_id"], bucket_count),
    )
    per_thread = threads.select(
        *key,
        "stem",
        "platform",
        "thread_id",
        "scope",
        "site",
        "is_id_local",
        "is_named",
        "captured_at",
        "timezone",
        "platform_max_depth",
        "bucket",
    ).unique(key, keep="first", maintain_order=True)
    comments = parsed.comments.join(
        per_thread, on=key, how="left", nulls_equal=True, maintain_order="left"
    )
    comments = dates.date_comments(_identify_comments(comments))
    words = pl.col("text").str.count_matches(r"\S+").cast(pl.Int32)
    return IdentifiedRows(threads, comments.with_columns(word_count=words))


def build_no_comments() -> pl.DataFrame:
    """Return comments as `identify_rows` does, none of them."""
    nothing = Parsed(THREAD.to_frame(), COMMENT.to_frame(), REJECT.to_frame())
    return identify_rows(nothing, collect_facts([])).comments


def _identify_threads(threads: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with what `known` says of their documents, and with `thread_id` and `scope`."""
    known_documents = known.rename({name: f"{name}_said" for name in _OVERRIDDEN})
    address = pl.col("page_url").str.extract(r"^https?://(?:www\.)?([^/?#:]+)").str.to_lowercase()
    threads = (
        threads.rename(
            {
                "native_id": "thread_native_id",
                "publication": "publication_given",
                "host_name": "given_host",
            }
        )
        .with_columns(page_url="url")
        .join(known_documents, on="path", how="left", maintain_order="left")
        .with_columns(pl.coalesce(f"{name}_said", name).alias(name) for name in _OVERRIDDEN)
        .with_columns(
            publication=pl.coalesce("publication", "publication_given", address),
            is_id_local=pl.col("is_id_local").fill_null(False),
        )
    )
    # Without a known site the file stands for it.
    site = pl.coalesce(
        "publication", "site", pl.col("stem").str.strip_prefix(pl.col("platform") + ":")
    )
    local = pl.format("{}:{}/{}", "platform", site, "thread_native_id")
    own = pl.format("{}:{}", "platform", "thread_native_id")
    threads = threads.with_columns(
        site=site,
        own_id=pl.when("is_id_local").then(local).otherwise(own),
        is_paged=pl.col("platform").is_in(PAGED),
    )
    is_account = pl.col("platform").is_in(ACCOUNT_PLATFORMS)
    author_scope = pl.coalesce("author_scope", pl.when(is_account).then(pl.lit("platform")))
    # A name without an id is known within its thread only, where its document has several.
    nearest = pl.when(pl.col("own_id").is_not_null()).then("thread_id").otherwise("scope")
    return (
        _settle_thread_ids(threads)
        .with_columns(
            scope=pl.when(author_scope == "platform")
            .then("platform")
            .when(author_scope == "thread")
            .then("thread_id")
            .otherwise(pl.coalesce("publication", nearest)),
            is_named=pl.col("platform").is_in(NAMED_PLATFORMS) & (author_scope == "platform"),
        )
        .drop("own_id", "is_paged", "author_scope")
    )


_OVERRIDDEN = ("title", "url", "published_at")


def _settle_thread_ids(threads: pl.DataFrame) -> pl.DataFrame:
    """Return `threads` with their `thread_id`: the sidecar's address, the page's, the own id, the stem.

    The own id goes before addresses but for `PAGED` platforms. Of several documents with one stem, each
    of one thread, the first decides, so that a later capture changes no id; `name` is what a document offers.
    """
    is_own = pl.col("own_id").is_not_null() & ~pl.col("is_paged")
    is_named = pl.col("thread_id") != pl.col("stem")
    is_alone = pl.col("thread_native_id").n_unique().over("path") == 1
    rest = threads.filter(~is_own & ~is_named)
    shown = rest["page_url"].drop_nulls().unique(maintain_order=True)
    addresses = pl.DataFrame(
        {"page_url": shown, "address": [canonical_url(url) for url in shown]},
        schema={"page_url": pl.String, "address": pl.String},
    )
    hashed = addresses.with_columns(digest=digests(addresses, "address")).drop("address")
    joined = threads.join(hashed, on="page_url", how="left", maintain_order="left").with_columns(
        named=pl.when(is_own)
        .then("own_id")
        .when(is_named)
        .then("thread_id")
        .otherwise(pl.coalesce(pl.format("{}:{}", "platform", "digest"), "own_id", "stem")),
        is_free=~is_own & ~is_named & is_alone,
    )
    first = (
        joined.filter(~is_own & is_alone)
        .sort("path")
        .group_by("stem", maintain_order=True)
        .agg(pl.col("named").first().alias("first_named"))
    )
    return (
        joined.join(first, on="stem", how="left", maintain_order="left")
        .with_columns(
            thread_id=pl.when("is_free")
            .then(pl.coalesce("first_name", "first_named"))
            .otherwise("named"),
            name=pl.when(~is_own & is_alone).then("named"),
        )
        .drop("named", "first_name", "first_named", "is_free", "digest")
    )


def _identify_comments(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `comment_id`, `given_parent_id` and `author_id`.

    They are the platform's own where the source gives them. Ids that are only the site's are told apart by
    the site, those of a thread known by its file alone by the thread: it may be here twice, and so may
    they. A page's are then hashes, as for comments without an id.
    """
    is_filed = pl.col("thread_id") == pl.col("stem")
    inner = pl.col("thread_id").str.strip_prefix(pl.col("platform") + ":") + "/"
    scope = pl.col("scope").str.strip_prefix(pl.col("platform") + ":") + "/"
    nowhere = pl.lit("")
    local = pl.when("is_id_local").then(scope).otherwise(nowhere)
    within = pl.when(is_filed).then(inner).otherwise(local)
    site = pl.when("is_id_local").then(pl.col("site") + "/").otherwise(nowhere)
    # In one piece: Polars 2.1.0 panics here on a frame of several, as two formats in one run give.
    named = (
        comments.rechunk()
        .with_row_index("row")
        .with_columns(
            author_name=pl.coalesce("author_name", "author_handle", "author_native_id"),
            author_own_id=_find_author_ids(site),
            given_parent_id=pl.format("{}:{}{}", "platform", within, "parent_native_id"),
        )
    )
    tells = pl.col("parent_status").is_not_null()
    has_id = named.select(pl.col("native_id").is_not_null() & (~is_filed | tells)).to_series()
    people = _identify_people(named.filter(~has_id | named["author_own_id"].is_null()))
    named = named.join(people, on=people.columns[:3], how="left", maintain_order="left")
    parts = [
        named.filter(has_id).with_columns(
            comment_id=pl.format("{}:{}{}", "platform", within, "native_id")
        )
    ]
    if not has_id.all():
        parts.append(_hash_comment_ids(named.filter(~has_id)))
    return (
        pl.concat(parts)
        .sort("row")
        .with_columns(author_id=pl.coalesce("author_own_id", "author_id"))
        .drop("row", "stem", "site", "is_named", "author_own_id", "normal_name")
    )


def _find_author_ids(site: pl.Expr) -> pl.Expr:
    """Return the `author_id` of who has an account, or an id within `site`; null for who has a name alone."""
    handle, own, name = (
        pl.col(f"author_{one}").str.extract(ACCOUNT) for one in ("handle", "native_id", "name")
    )
    account = pl.coalesce(handle, pl.when(~own.str.contains(NUMBER)).then(own), name)
    return pl.coalesce(
        pl.format("{}:{}", "platform", pl.when("is_named").then(account)),
        pl.format("{}:{}{}", "platform", site, "author_native_id"),
    )


def _hash_comment_ids(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `comment_id` as a hash.

    Captures of one comment agree on its id though they differ in line breaks. Comments alike in thread,
    author and text (or in their hash) are told apart by their occurrence: `…-2` is the second.
    """
    words = pl.col("text").str.replace_all("\n", "", literal=True)
    author = pl.col("normal_name").fill_null("")
    keys = comments.select(comment=pl.concat_str("thread_id", author, words, separator="\x1f"))
    comments = comments.with_columns(digest=digests(keys, "comment"))
    # Few are alike, and to count each among all takes long.
    again = (
        comments.filter(comments["digest"].is_duplicated())
        .select("row", occurrence=pl.int_range(1, pl.len() + 1).over("path", "digest"))
        .filter(pl.col("occurrence") > 1)
    )
    own = pl.format("{}:{}", "platform", "digest")
    return (
        comments.join(again, on="row", how="left", maintain_order="left")
        .with_columns(comment_id=pl.coalesce(pl.format("{}-{}", own, "occurrence"), own))
        .drop("digest", "occurrence")
    )


def _identify_people(comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per name that runs in a scope: `normal_name`, and `author_id`, a hash of that."""
    people = (
        comments.select("platform", "scope", "author_name")
        .unique()
        .drop_nulls("author_name")
        .with_columns(normal_name=normalise_name(pl.col("author_name")))
    )
    keys = people.select(author=pl.concat_str("platform", "scope", "normal_name", separator="\x1f"))
    return people.with_columns(author_id=pl.format("{}:{}", "platform", digests(keys, "author")))
