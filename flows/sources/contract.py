"""What every source gets and gives: frames of documents in, frames of threads and comments out."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl

DOCUMENT = pl.Schema({"path": pl.String, "platform": pl.String, "text": pl.String})
"""What a source gets, one row per document. Lines end in LF, there is no BOM, and none is longer than a MiB."""

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
    }
)
"""One row per document read. Counts and nulls as in `schema.COLUMNS`."""

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
    }
)
"""One row per comment, in display order within each document. Nulls as in `schema.COLUMNS`."""

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


class Parsed(NamedTuple):
    """What a source makes of a frame of documents: each is in `threads` or in `rejects`."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    rejects: pl.DataFrame


class Source(NamedTuple):
    """A way to read the documents of one platform in one form."""

    platform: str
    name: str
    parse: Callable[[pl.DataFrame], Parsed]
    formats: Mapping[str, str] = {}
    """Each `source_format` it gives → what such a document looks like."""
