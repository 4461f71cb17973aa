"""The frames that stages exchange: columns declared once, and their rows where rows are made one by one."""

from datetime import datetime
from typing import Any, NamedTuple, get_type_hints

import polars as pl

INSTANT: Any = pl.Datetime("us")
"""In UTC. `Any`, as mypy finds no common type of this and type classes."""
_TYPES = {str: pl.String(), int: pl.Int64(), bool: pl.Boolean(), datetime: INSTANT}
_SMALL = ("position", "platform_max_depth")


def _declare(row: type) -> pl.Schema:
    """Return the columns of a frame whose rows are `row`: nullable text, numbers, truths and instants."""
    hints = get_type_hints(row)
    return pl.Schema(
        {
            name: pl.Int32() if name in _SMALL else _TYPES[_strip_null(hint)]
            for name, hint in hints.items()
        }
    )


def _strip_null(hint: Any) -> Any:
    return next((one for one in getattr(hint, "__args__", ()) if one is not type(None)), hint)


DOCUMENT = pl.Schema(
    {
        "path": pl.String,
        "platform": pl.String,
        "text": pl.String,
        "first_line": pl.Int64,  # of the chunk of a dump that the text is, from 1
        "mapping": pl.String,  # the text of the `columns.toml` for it
        "is_mapping_shared": pl.Boolean,  # whether that may be for other documents too
        "line_count": pl.Int64,  # of a dump's chunk, else null
    }
)
"""One row per document, or per chunk of a dump: from `read` to `sources`. Lines end in LF, there is no BOM, and
none is longer than a MiB if it is a page's."""


class Thread(NamedTuple):
    """A thread that a source read of a document. Counts and nulls as in `schema.COLUMNS`."""

    path: str = ""
    source_format: str = ""
    url: str | None = None
    """Of the post, if the page shows it."""
    shows_likers: bool | None = None
    """Whether the page has "Liked by …" anywhere."""
    declared_comment_count: int | None = None
    hidden_comment_count: int | None = None
    platform_max_depth: int | None = None
    line_count: int | None = None
    furniture_line_count: int | None = None
    unrecognised_line_count: int | None = None
    native_id: str | None = None
    """The platform's own id of the thread."""
    title: str | None = None
    published_at: datetime | None = None
    host_name: str | None = None
    publication: str | None = None
    is_id_local: bool | None = False
    """Whether ids are the site's rather than the platform's; null is false."""
    is_chronological: bool | None = None
    """Whether comments stand by time rather than below what they answer; null is false."""

    site: str | None = None
    """Tells sites apart whose address isn't known, where ids are the site's: a slug."""
    author_scope: str | None = None
    """Within what a name alone means one person: `platform`, `publication` or `thread`; null leaves it open."""


THREAD = _declare(Thread)
"""One row per thread read of a document, which can have one without `native_id` or any number with. Chunks of a
dump may repeat a thread."""


NUMBERED = "post-number-"
"""Begins the `parent_native_id` of a comment whose parent only its number in the thread names: that one's `position`."""


class Comment(NamedTuple):
    """A comment that a source read of a document. Nulls as in `schema.COLUMNS`."""

    path: str = ""
    position: int | None = None
    author_name: str | None = None
    created_text: str | None = None
    is_edited: bool | None = None
    is_deleted: bool = False
    liker: str | None = None
    """As shown; several are separated by ", "."""
    text: str = ""
    native_id: str | None = None
    """The platform's own id of the comment."""
    author_native_id: str | None = None
    author_handle: str | None = None
    author_url: str | None = None
    url: str | None = None
    like_count: int | None = None
    hidden_reply_count: int | None = None
    replier: str | None = None
    """The one person named in "2 replies by … and others"."""
    parent_native_id: str | None = None
    parent_status: str | None = None
    """`top_level` or `explicit`; null if the source lost it, so that it is inferred."""
    created_at: datetime | None = None
    is_host: bool | None = None
    """Null if the source doesn't say."""
    thread_native_id: str | None = None
    """As `Thread.native_id`."""
    line: int | None = None
    """Of the document, where lines mean something."""


COMMENT = _declare(Comment)
"""One row per comment, in display order within each document. Where `parent_status` gives the tree, `position`
orders the replies to one comment; null orders them by time."""

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
"""One row per reject; the row is `read.rejects.Reject`, which every run imports and so lies apart from Polars."""

ANCHOR = pl.Schema(
    {
        "stem": pl.String,  # of the thread's documents: `platform:stem`
        "thread_id": pl.String,
        "comment_id": pl.String,
        "parent_comment_id": pl.String,
        "kind": pl.String,
    }
)
"""One row per parent that a person corrected."""

BESIDE = pl.Schema({"path": pl.String, "file": pl.String, "text": pl.String})
"""One row per document and file that held for it when it was last read; `file` is null where none did."""


class Parsed(NamedTuple):
    """What a source makes of documents: each is in `threads` or in `rejects`."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    rejects: pl.DataFrame


def fill_columns(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Return `frame` with the columns of `schema` alone, in declared order; those it lacks are null."""
    return frame.match_to_schema(schema, missing_columns="insert", extra_columns="ignore")
