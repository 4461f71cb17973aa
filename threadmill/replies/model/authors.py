"""Find who wrote each comment of some threads, and who the host is."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NO_AUTHOR = ("", "none", "null", "deleted", "[deleted]", "[removed]", "anonymous", "guest", "user")
HOST_COMMENTS, HOST_SHARE, HOST_LEAD = 3, 0.08, 1.5
"""Without a known host, the commenter with the most comments counts as one if they have at least this many, this share
of the thread, and this many times those of the second."""

HOST_DOUBLES = 0.2
"""A known host whose comments follow their own at least this often starts conversations rather than answers."""


def index_threads(comments: pl.DataFrame) -> tuple[Ints, Ints]:
    """Return the index of each comment's thread, and the number of comments of each thread."""
    runs = comments["thread_id"].rle_id().to_numpy().astype(np.int64)
    return runs, np.bincount(runs).astype(np.int64) if len(runs) else np.zeros(0, dtype=np.int64)


def index_authors(comments: pl.DataFrame, thread: Ints) -> tuple[Ints, list[str]]:
    """Return each comment's author as an index into the names; each author belongs to one thread."""
    name = pl.col("author_name").fill_null("").str.strip_chars().str.strip_prefix("@")
    frame = comments.select(
        thread=pl.Series(thread, dtype=pl.Int64),
        name=name.str.to_lowercase(),
        own=pl.col("author_id"),
    ).with_row_index("row")
    lacking = pl.col("name").is_in(NO_AUTHOR)
    frame = frame.with_columns(
        key=pl.when(lacking & pl.col("own").is_null())
        .then(pl.format("\0{}", "row"))
        .when(lacking)
        .then(pl.format("\0{}", "own"))
        .otherwise(pl.coalesce("own", "name")),
        name=pl.when(lacking).then(pl.lit("")).otherwise("name"),
    )
    authors = frame.group_by("thread", "key", maintain_order=True).agg(pl.col("name").first())
    codes = frame.join(authors.with_row_index("author"), on=["thread", "key"], how="left")
    return codes.sort("row")["author"].to_numpy().astype(np.int64), authors["name"].to_list()


def find_hosts(
    comments: pl.DataFrame, thread: Ints, sizes: Ints, author: Ints
) -> tuple[Floats, NDArray[np.bool_]]:
    """Return per comment 1 if it is by the host, known or guessed, and whether the source says who the host is."""
    is_host = comments["is_host"].cast(pl.Boolean)
    host = is_host.fill_null(value=False).to_numpy().astype(np.float64)
    known = np.bincount(thread, is_host.is_not_null().to_numpy(), minlength=len(sizes)) > 0
    counts = np.bincount(author)
    of_thread = np.zeros(len(counts), dtype=np.int64)
    of_thread[author] = thread
    order = np.lexsort((np.arange(len(counts)), -counts, of_thread))
    ends = np.searchsorted(of_thread[order], np.arange(len(sizes)))
    most = order[ends]
    following = np.minimum(ends + 1, len(order) - 1)
    second = np.where(
        (of_thread[order[following]] == np.arange(len(sizes))) & (following > ends),
        counts[order[following]],
        0,
    )
    busiest = counts[most]
    sure = (
        (busiest >= HOST_COMMENTS)
        & (busiest >= HOST_SHARE * sizes)
        & (busiest >= HOST_LEAD * second)
        & ~known
    )
    guessed = sure[thread] & (author == most[thread])
    return np.where(guessed, 1.0, host), known[thread]


def mask_starting_hosts(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with the host unknown in threads where the host starts conversations.

    The model learned hosts from blogs, whose authors answer. Forums also call whoever opened a thread its host,
    and those continue at top level: they write the first comment, or follow their own comments.
    """
    host, position = pl.col("is_host").cast(pl.Boolean).fill_null(False), pl.col("position")
    follows = host & host.shift(1).over("thread_id").fill_null(False)
    doubles = follows.sum().over("thread_id")
    opens = (host & (position == position.min().over("thread_id"))).any().over("thread_id")
    starts = opens | ((doubles > 0) & (doubles >= HOST_DOUBLES * host.sum().over("thread_id")))
    return comments.with_columns(is_host=pl.when(~starts).then(pl.col("is_host").cast(pl.Boolean)))
