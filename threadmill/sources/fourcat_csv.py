"""4CAT: the CSV of a dataset, whatever it was collected from: a row per post with `thread_id` and `body`."""

import re
from datetime import datetime
from urllib.parse import urlsplit

import polars as pl

from threadmill.read.rejects import Reject
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, rows, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.nested import Read, Rejects

FORMAT = "fourcat_csv"
Row = dict[str, str]
MARKS = (
    r"\A[^\n{\[<]*\bthread_id\b",
    r"\A[^\n]*\bbody\b",
    r"\A[^\n]*\btimestamp\b",
    r'\A(?:[^\n]*,)?"?id"?[ \t]*(?:,|\n)',
)
"""Of the heading: the columns that 4CAT demands of every dataset."""
NAMES = ("author_name", "author_fullname", "author_full", "author_display_name", "author")
HANDLES = ("author_username", "author_screen_name", "author")
LIKES = ("likes", "like_count", "score", "num_likes")
LINKS = ("comment_url", "link")
NOBODY = ("", "anonymous", "[deleted]", "[removed]", "unknown", "redacted")
GONE = ("[deleted]", "[removed]")
ANSWERED = (
    "parent",
    "reply_to",
    "in_reply_to_comment_id",
    "replied_to_post",
    "is_comment_on_comment",
)
"""Columns of what a post answers: of Reddit, Telegram, VK, Bluesky and TikTok."""
UNTOLD = ("reply_to",)
"""Of these an empty one doesn't mean that a post answers the thread."""
_LINK = re.compile(r">>(\d+)")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents have the heading of 4CAT."""
    return nested.match_all(documents["text"].str.slice(0, 16_384), *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of datasets."""
    return nested.parse(documents, FORMAT, read)


def read(text: str) -> Read:
    """Return what one dataset holds. A row whose id is its thread's is the post itself."""
    rejects = Rejects()
    posts: dict[str | None, Row] = {}
    kept: list[tuple[int, Row, str | None]] = []
    left_out = 0
    for line, row in rows.read_rows(text, rejects):
        if scalars.read_id(row.get("id")) is None:
            rejects.append(Reject("no_id", "a row without id", line, str(row)[:80]))
            continue
        thread_id = _read_thread(row)
        if scalars.read_id(row["id"]) == thread_id:
            posts.setdefault(thread_id, row)
            left_out += 1
        else:
            kept.append((line, row, thread_id))
    known = {scalars.read_id(row["id"]) or "": thread_id for _, row, thread_id in kept}
    ends = {own.rpartition("/")[2]: own for own in known if own.startswith("at://")}
    comments = [
        _build_comment(line, row, thread_id, known, ends, place)
        for place, (line, row, thread_id) in enumerate(kept)
    ]
    used: dict[str | None, Row] = {}
    for _, row, thread_id in kept:
        used.setdefault(thread_id, row)
    used |= posts
    threads = [_build_thread(one, row, posts.get(one, {})) for one, row in used.items()]
    return Read(threads or [Thread()], comments, rejects, left_out)


def _read_thread(row: Row) -> str | None:
    """Return the id of a row's thread; TikTok's names the comment above there, and its post elsewhere."""
    if "is_comment_on_comment" in row:
        return scalars.read_id(row.get("post_id"))
    return scalars.read_id(row.get("thread_id"))


def _first(row: Row, names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := scalars.read_name(row.get(name)))), None)


def _build_thread(thread_id: str | None, row: Row, post: Row) -> Thread:
    board, subreddit, chat = (
        scalars.read_name(row.get(one)) for one in ("board", "subreddit", "chat")
    )
    address = scalars.read_link(row.get("post_url")) or scalars.read_link(_first(post, LINKS))
    return Thread(
        native_id=thread_id,
        title=scalars.read_name(post.get("subject")) or scalars.read_name(row.get("post_body")),
        url=address,
        published_at=_read_time(post),
        host_name=_read_author(post, NAMES),
        publication=board or (f"r/{subreddit}" if subreddit else chat),
        # Ids of Reddit and Bluesky and those with the chat's name hold everywhere, numbers within their board.
        is_id_local=not (subreddit or chat or (thread_id or "").startswith("at://")),
        is_chronological=True,
    )


def _read_author(row: Row, names: tuple[str, ...]) -> str | None:
    name = _first(row, names)
    return None if (name or "").lower() in NOBODY else name


def _read_time(row: Row) -> datetime | None:
    """Return when a row was written; 4CAT gives times in UTC, also as seconds."""
    return scalars.read_epoch(row.get("unix_timestamp")) or scalars.read_utc(row.get("timestamp"))


def _build_comment(
    line: int,
    row: Row,
    thread_id: str | None,
    known: dict[str, str | None],
    ends: dict[str, str],
    position: int,
) -> Comment:
    words = scalars.clean_text(row.get("body")).strip()
    parent, status = _find_parent(row, words, thread_id, known, ends)
    likes = (scalars.read_integer(row.get(one)) for one in LIKES)
    at = _read_time(row)
    return Comment(
        native_id=scalars.read_id(row.get("id")),
        text="" if words in GONE else words,
        position=position,
        parent_native_id=parent,
        parent_status=status,
        author_name=_read_author(row, NAMES),
        author_native_id=_read_author(row, ("author_id", "author")),
        author_handle=_read_author(row, HANDLES),
        created_at=at,
        created_text=None if at else scalars.read_name(row.get("timestamp")),
        is_deleted=words in GONE,
        like_count=next((count for count in likes if count is not None), None),
        url=scalars.read_link(_first(row, LINKS)),
        thread_native_id=thread_id,
        line=line,
    )


def _find_parent(
    row: Row,
    words: str,
    thread_id: str | None,
    known: dict[str, str | None],
    ends: dict[str, str],
) -> tuple[str | None, str | None]:
    """Return what a row answers, and its `parent_status`."""
    column = next((one for one in ANSWERED if one in row), None)
    answered = scalars.read_id(row[column]) if column else None
    if column == "parent" and answered:
        answered = answered[3:] if answered.startswith(("t1_", "t3_")) else answered
    elif column == "reply_to" and answered:
        answered = f"{thread_id}-{answered.removesuffix('.0')}"
    elif column == "replied_to_post" and answered:
        end = (
            urlsplit(answered).path.rpartition("/")[2] if scalars.read_link(answered) else answered
        )
        root = (thread_id or "").rpartition("/")[2]
        answered = thread_id if end == root else ends.get(end, end)
    elif column == "is_comment_on_comment":
        answered = scalars.read_id(row.get("thread_id")) if answered == "yes" else None
    elif column is None and "board" in row:
        linked = (found[1] for found in _LINK.finditer(words))
        here = (one for one in linked if one == thread_id or known.get(one, "") == thread_id)
        answered = next(here, None)
    if answered and answered != thread_id:
        return answered, "explicit"
    is_told = answered is not None or (column is not None and column not in UNTOLD)
    return None, "top_level" if is_told else None


SOURCE = (
    Source(
        platform="4cat",
        name="dataset",
        formats=(
            Format(
                FORMAT,
                "a row per comment with id, thread_id, body, author and timestamp, whatever it was collected from",
                "4CAT: Download dataset as CSV; put it into a folder named as its platform, or 4cat",
            ),
        ),
        parse=parse,
        recognise=recognise,
        marks=MARKS,
    ),
    # In the folder of any platform; its formats are told above.
    Source(platform="", name="4CAT dataset", formats=(), parse=parse, recognise=recognise),
)
