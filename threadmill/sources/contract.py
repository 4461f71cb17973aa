"""What every source gets and gives: frames of documents in, frames of threads and comments out."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import polars as pl

INSTANT: Any = pl.Datetime("us")
"""In UTC. `Any`, as mypy finds no common type of this and type classes."""


DOCUMENT = pl.Schema({"path": pl.String, "platform": pl.String, "text": pl.String})
"""What a source gets, one row per document. Lines end in LF, there is no BOM, and none is longer than a MiB
if it is a page's. Besides, `documents` gives `first_line` (of the part of a dump that the text is, from 1),
`line_count` (of such a part, else null) and `mapping` (the words of the `columns.toml` for it, null if none)."""

THREAD = pl.Schema(
    {
        "path": pl.String,
        "source_format": pl.String,
        "url": pl.String,  # of the post, if the page shows it
        "shows_likers": pl.Boolean,  # the page has marks "Liked by …" at all
        "declared_comment_count": pl.Int64,
        "hidden_comment_count": pl.Int64,
        "platform_max_depth": pl.Int32,
        "line_count": pl.Int64,
        "furniture_line_count": pl.Int64,
        "unrecognised_line_count": pl.Int64,
        "native_id": pl.String,  # the platform's own id of the thread
        "title": pl.String,
        "published_at": INSTANT,  # UTC
        "host_name": pl.String,
        "publication": pl.String,
        "is_id_local": pl.Boolean,  # ids are the site's, not the platform's; null is false
        "is_chronological": pl.Boolean,  # comments stand by time, not below what they answer; null is false
    }
)
"""One row per thread read of a document, which can have one without `native_id` or any number with.

A dump's parts may repeat a thread. Counts and nulls as in `schema.COLUMNS`.
"""

COMMENT = pl.Schema(
    {
        "path": pl.String,
        "position": pl.Int32,
        "author_name": pl.String,
        "created_text": pl.String,
        "is_edited": pl.Boolean,
        "is_deleted": pl.Boolean,
        "liker": pl.String,  # as shown; several are separated by ", "
        "text": pl.String,
        "native_id": pl.String,  # the platform's own id of the comment
        "author_native_id": pl.String,
        "author_handle": pl.String,
        "author_url": pl.String,
        "url": pl.String,
        "like_count": pl.Int64,
        "hidden_reply_count": pl.Int64,
        "replier": pl.String,  # the one person named in "2 replies by … and others"
        "parent_native_id": pl.String,
        "parent_status": pl.String,  # "top_level" or "explicit"; null: lost, to be inferred
        "created_at": INSTANT,  # UTC
        "is_host": pl.Boolean,  # null: the source doesn't say
        "thread_native_id": pl.String,  # as in `THREAD`
        "line": pl.Int64,  # of the document, where it has lines that tell
    }
)
"""One row per comment, in display order within each document. Nulls as in `schema.COLUMNS`.

Where `parent_status` says the tree, `position` orders the replies to one comment; null orders them by time.
"""

REJECT = pl.Schema(
    {
        "source_path": pl.String,
        "platform": pl.String,
        "line": pl.Int64,
        "reason_code": pl.String,
        "reason": pl.String,
        "excerpt": pl.String,
    }
)
"""As `schema.TABLES["rejects"]`."""


def filled(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return `frame` with the columns of `schema` alone, those that it lacks as nulls, in declared order."""
    return frame.match_to_schema(schema, missing_columns="insert", extra_columns="ignore")


class Parsed(NamedTuple):
    """What a source makes of a frame of documents: each is in `threads` or in `rejects`."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    rejects: pl.DataFrame


class Source(NamedTuple):
    """A way to read the documents of one platform in one form."""

    platform: str
    """Its folder in data/raw; empty if it reads documents of any."""
    name: str
    parse: Callable[[pl.DataFrame], Parsed]
    formats: Mapping[str, str] = {}
    """Each `source_format` it gives → what such a document looks like."""
    claims: Callable[[pl.DataFrame], pl.Series] | None = None
    """Which documents it reads, by their content; None reads all that no other source claims."""
    reads_parts: bool = False
    """Whether it reads a dump part by part; the parts after the first are its, whatever they hold."""
    hints: Mapping[str, str] = {}
    """Each `source_format` → how to get such a document."""
