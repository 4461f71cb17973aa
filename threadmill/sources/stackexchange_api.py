"""Stack Exchange: what its API answers. Comments on a post stand by time; some name a person."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects
from threadmill.sources.scalars import EPOCH

FORMAT = "stackexchange_api_json"
MARKS = (
    r'"(?:comment_id|answer_id|question_id)"\s*:\s*\d',
    r'"(?:post_id|owner)"\s*:',
    r'"(?:body|body_markdown)"\s*:',
)
_NAMED = re.compile(r"(?:\A|\s)@\w")


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are the API's answers."""
    return nested.match_json(documents["text"], *MARKS)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what answers hold: comments, or questions and answers with theirs.

    Answers answer their question, the thread; what is said below an answer answers that, or whom it names.
    """
    rejects = Rejects()
    threads: dict[str | None, Thread] = {}
    comments: list[Comment] = []
    called: dict[int, str] = {}
    for item, thread_id, above in _walk(
        [value for _, value in nested.load_values(text, 1, rejects)]
    ):
        if "question_id" in item and "answer_id" not in item:
            threads[thread_id] = _build_thread(thread_id, item)
            continue
        if "comment_id" not in item and "answer_id" not in item:
            rejects.append(Reject("no_id", "an item without an id", None, str(item)[:80]))
            continue
        threads.setdefault(thread_id, _build_thread(thread_id, {}, item))
        if person := scalars.read_id(nested.as_object(item.get("reply_to_user")).get("user_id")):
            called[len(comments)] = person
        comments.append(_build_item(item, thread_id, above, len(comments)))
    if not threads and not rejects:
        raise Unreadable("no_thread", "an answer without comments")
    return Read([*threads.values()], _link_called(comments, called), rejects)


def _link_called(comments: list[Comment], called: dict[int, str]) -> list[Comment]:
    """Return `comments` with the parents that `reply_to_user` tells; `called` has the persons, by place in the list.

    Who has one comment above it is answered there, who has none is the author of the post.
    """
    linked = list(comments)
    said: dict[tuple[str | None, str | None, str | None], list[str | None]] = {}
    for place in sorted(range(len(comments)), key=lambda one: comments[one].created_at or EPOCH):
        one = comments[place]
        post = (one.thread_native_id, one.parent_native_id)
        earlier = said.get((*post, called[place]), []) if place in called else []
        if len(earlier) == 1:
            linked[place] = one._replace(parent_native_id=earlier[0], parent_status="explicit")
        elif place in called and not earlier and one.parent_status is None:
            linked[place] = one._replace(parent_status="top_level")
        said.setdefault((*post, one.author_native_id), []).append(one.native_id)
    return linked


def _walk(values: list[Any]) -> Iterator[tuple[dict[str, Any], str | None, str | None]]:
    """Yield questions, answers and comments in display order, with their thread and the answer above."""
    stack: list[tuple[Any, str | None, str | None]] = [(one, None, None) for one in values[::-1]]
    while stack:
        value, thread_id, above = stack.pop()
        if isinstance(value, list) or (isinstance(value, dict) and "items" in value):
            inner = value if isinstance(value, list) else nested.as_list(value["items"])
            stack += [(one, thread_id, above) for one in inner[::-1]]
            continue
        item = nested.as_object(value)
        answer = scalars.read_id(item.get("answer_id"))
        own = scalars.read_id(item.get("question_id")) or thread_id
        yield item, own or scalars.read_id(item.get("post_id")), above
        below = [
            *(
                (one, own, f"a{answer}" if answer else None)
                for one in nested.as_list(item.get("comments"))
            ),
            *((one, own, None) for one in nested.as_list(item.get("answers"))),
        ]
        stack += below[::-1]


def _build_thread(
    thread_id: str | None, question: dict[str, Any], comment: dict[str, Any] | None = None
) -> Thread:
    owner = nested.as_object(question.get("owner"))
    named = nested.as_object((comment or question).get("owner")).get("link")
    address = scalars.read_link(question.get("link")) or scalars.read_link(named)
    return Thread(
        native_id=thread_id,
        title=scalars.read_name(html.extract_text(scalars.clean_text(question.get("title")))),
        url=scalars.read_link(question.get("link")),
        published_at=scalars.read_epoch(question.get("creation_date")),
        host_name=_read_name(owner),
        publication=urlsplit(address).hostname if address else None,
        # Each site has its own ids.
        is_id_local=True,
        is_chronological=True,
    )


def _read_name(owner: dict[str, Any]) -> str | None:
    return scalars.read_name(html.extract_text(scalars.clean_text(owner.get("display_name"))))


def _tell_place(words: str, *, names: bool = False) -> str | None:
    """Return `top_level`, or null where a comment names a person: on the site the others are for the post's author."""
    return None if names or _NAMED.search(words) else "top_level"


def _build_item(
    item: dict[str, Any], thread_id: str | None, above: str | None, position: int
) -> Comment:
    answer = scalars.read_id(item.get("answer_id"))
    owner = nested.as_object(item.get("owner"))
    body = scalars.clean_text(item.get("body"))
    words = html.extract_text(body) or scalars.clean_text(item.get("body_markdown")).strip()
    names = "reply_to_user" in item
    status = "explicit" if above else "top_level" if answer else _tell_place(words, names=names)
    edited = item.get("edited")
    return Comment(
        # Answers and comments are counted apart.
        native_id=f"a{answer}" if answer else scalars.read_id(item.get("comment_id")),
        text=words,
        position=position,
        parent_native_id=above,
        parent_status=status,
        author_name=_read_name(owner),
        author_native_id=scalars.read_id(owner.get("user_id")),
        author_url=scalars.read_link(owner.get("link")),
        created_at=scalars.read_epoch(item.get("creation_date")),
        is_edited="last_edit_date" in item if answer else scalars.read_truth(edited),
        like_count=scalars.read_integer(item.get("score")),
        url=scalars.read_link(item.get("link")),
        thread_native_id=thread_id,
    )


COUNT = count_key("comments and answers", r'"(?:comment|answer)_id"\s*:')
SOURCE = Source(
    platform="stackexchange",
    name="API",
    formats=(
        Format(
            FORMAT,
            "comments, or questions with their answers and comments, as the API answers",
            "save api.stackexchange.com/2.3/posts/<id>/comments?site=<site>&filter=withbody",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(
        r"\A\s*[\[{]",
        r'"(?:comment_id|answer_id|question_id)"\s*:\s*\d',
        r'"owner"\s*:\s*\{',
    ),
)
