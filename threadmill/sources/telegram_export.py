"""Telegram: what Telegram Desktop exports of one chat or of all, as JSON. Messages stand by time."""

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

FORMAT = "telegram_export_json"
MARKS = (
    r'"messages"\s*:\s*\[',
    r'"type"\s*:\s*"(?:message|service)"',
    r'"(?:from_id|actor_id|date_unixtime|text_entities)"\s*:',
)
_PEER = re.compile(r"\A(?:user|chat|channel)(?=\d)")
"""What stands before the number of another chat, whose own `id` is the number alone."""


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are exports of chats."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of exports: a thread for each chat."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what an export holds. Only `reply_to_message_id` tells who answers whom."""
    rejects = Rejects()
    threads: list[Thread] = []
    comments: list[Comment] = []
    for chat in _list_chats(nested.as_object(nested.parse_json(text))):
        chat_id = scalars.read_id(chat.get("id"))
        threads.append(
            Thread(
                native_id=chat_id,
                title=scalars.read_name(chat.get("name")),
                is_chronological=True,
            )
        )
        comments += _read_messages(chat, chat_id, rejects)
    if not threads:
        raise Unreadable("no_thread", "an export without a chat")
    return Read(threads, comments, rejects)


def _list_chats(export: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each chat of `export` once."""
    groups = [nested.as_object(export.get(key)) for key in ("chats", "left_chats")]
    seen = set()
    for chat in [export, *(one for group in groups for one in nested.as_list(group.get("list")))]:
        own = nested.as_object(chat)
        own_id = scalars.read_id(own.get("id"))
        if isinstance(own.get("messages"), list) and own_id not in seen:
            seen.add(own_id)
            yield own


def _read_messages(
    chat: dict[str, Any], chat_id: str | None, rejects: Rejects
) -> Iterator[Comment]:
    notices = {
        scalars.read_id(one.get("id"))
        for one in map(nested.as_object, chat["messages"])
        if one.get("type") == "service"
    }
    for place, message in enumerate(map(nested.as_object, chat["messages"])):
        if message.get("type") != "message":
            continue
        own_id = scalars.read_id(message.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a message without an id", None, str(message)[:80]))
            continue
        answered = scalars.read_id(message.get("reply_to_message_id"))
        other = _PEER.sub("", scalars.read_id(message.get("reply_to_peer_id")) or "")
        # Below a notice, such as of a new topic, a message answers nobody.
        parent = answered if answered not in notices else None
        at = scalars.read_epoch(message.get("date_unixtime"))
        yield Comment(
            native_id=_write_id(chat_id, own_id),
            text=_read_text(message.get("text")),
            position=place,
            parent_native_id=_write_id(other or chat_id, parent) if parent else None,
            parent_status="explicit" if parent else None,
            author_name=scalars.read_name(message.get("from")),
            author_native_id=_read_person(message.get("from_id")),
            created_at=at,
            created_text=None if at else scalars.read_name(message.get("date")),
            is_edited="edited" in message or "edited_unixtime" in message,
            like_count=_count_reactions(message.get("reactions")),
            thread_native_id=chat_id,
        )


def _read_person(given: object) -> str | None:
    """Return who wrote it; a person's number alone, as older exports and 4CAT give it."""
    own_id = scalars.read_id(given)
    return own_id.removeprefix("user") if own_id else None


def _write_id(chat_id: str | None, own_id: str) -> str:
    """Return the id of a message: its number counts within its chat."""
    return f"{chat_id}/{own_id}" if chat_id else own_id


def _read_text(written: object) -> str:
    """Return a text, or one of parts of which some are links, names or bold."""
    parts = written if isinstance(written, list) else [written]
    words = []
    for part in parts:
        own = nested.as_object(part)
        words.append(scalars.clean_text(own.get("text") if own else part))
        if address := scalars.read_link(own.get("href")):
            words.append(f" <{address}>")
    return "".join(words).strip()


def _count_reactions(given: object) -> int | None:
    if not isinstance(given, list):
        return None
    return sum(scalars.read_integer(nested.as_object(one).get("count")) or 0 for one in given)


COUNT = count_key("objects of type message", r'"type"\s*:\s*"message"')
SOURCE = Source(
    platform="telegram",
    name="export",
    formats=(
        Format(
            FORMAT,
            "result.json of a chat or of all: messages by time",
            "Telegram Desktop: Export chat history, Machine-readable JSON",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*\{", *MARKS),
)
