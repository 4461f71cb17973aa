"""ConvoKit: the utterances of a corpus, one on each line, of any platform."""

from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "convokit_utterances_ndjson"
GONE = ("[deleted]", "[removed]")
# The first is rare elsewhere and quickly not found.
MARKS = (
    r'"reply[-_]to"\s*:',
    r'"(?:conversation_id|root)"\s*:',
    r'"(?:speaker|user)"\s*:',
    r'"text"\s*:',
)


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are utterances."""
    return nested.match_all(documents["text"], MARKS[0], nested.JSON_START, *MARKS[1:])


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of utterances: a thread for each conversation."""
    return nested.parse_chunks(documents, FORMAT, read, COUNT)


def read(text: str, first: int = 1) -> Read:
    """Return what lines, counted from `first`, hold; an utterance that its conversation is named by is the post."""
    rejects = Rejects()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    left_out = 0
    for line, value in nested.load_values(text, first, rejects):
        own = nested.as_object(value)
        own_id = scalars.read_id(own.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "an utterance without an id", line, str(own)[:80]))
            continue
        thread_id = scalars.read_id(own.get("conversation_id")) or scalars.read_id(own.get("root"))
        if own_id == thread_id:
            left_out += 1
            threads[thread_id] = _build_post(own, own_id)
        else:
            threads.setdefault(thread_id, Thread(native_id=thread_id))
            comments.append(_build_comment(own, own_id, thread_id, line))
    if not threads and not rejects:
        raise Unreadable("no_thread", "no utterances")
    return Read([*threads.values()], comments, rejects, left_out)


def _build_post(own: dict[str, Any], own_id: str) -> Thread:
    subreddit = scalars.read_name(_read_meta(own).get("subreddit"))
    return Thread(
        native_id=own_id,
        title=scalars.read_name(_read_meta(own).get("title")),
        published_at=scalars.read_epoch(own.get("timestamp")),
        host_name=_read_speaker(own),
        publication=f"r/{subreddit}" if subreddit else None,
    )


def _build_comment(
    own: dict[str, Any], own_id: str, thread_id: str | None, line: int | None
) -> Comment:
    answered = scalars.read_id(own.get("reply-to")) or scalars.read_id(own.get("reply_to"))
    parent = None if answered == thread_id else answered
    speaker = _read_speaker(own)
    body = scalars.clean_text(own.get("text")).strip()
    is_deleted = body in GONE
    return Comment(
        native_id=own_id,
        text="" if is_deleted else body,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=speaker,
        author_native_id=speaker,
        created_at=scalars.read_epoch(own.get("timestamp")),
        is_deleted=is_deleted,
        like_count=scalars.read_integer(_read_meta(own).get("score")),
        thread_native_id=thread_id,
        line=line,
    )


def _read_meta(own: dict[str, Any]) -> dict[str, Any]:
    return nested.as_object(own.get("meta"))


def _read_speaker(own: dict[str, Any]) -> str | None:
    given = own.get("speaker", own.get("user"))
    # Old corpora have an object there.
    speaker = scalars.read_id(given.get("id") if isinstance(given, dict) else given)
    return None if speaker in GONE else speaker


COUNT = count_key("objects with reply-to", r'"reply[-_]to"\s*:')
SOURCE = (
    Source(
        platform="convokit",
        name="utterances",
        formats=(
            Format(
                FORMAT,
                "an utterance with its conversation and reply-to on each line",
                "utterances.jsonl of a corpus of ConvoKit, in a folder named as where it was said, or convokit",
            ),
        ),
        parse=parse,
        recognise=recognise,
        reads_chunks=True,
        marks=(r"\A\s*[\[{]", *MARKS),
    ),
    # In the folder of any platform; its formats are told above.
    Source(
        platform="",
        name="ConvoKit utterances",
        formats=(),
        parse=parse,
        recognise=recognise,
        reads_chunks=True,
    ),
)
