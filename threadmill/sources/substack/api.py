"""Substack: the JSON of a post's comments, as its API gives it and its pages carry it."""

import polars as pl

from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read
from threadmill.sources.substack import preloads

FORMAT = "substack_comments_json"


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are the API's answer, or the list of comments in it alone."""
    text = documents["text"]
    is_list = nested.match_all(text, r"\A\s*\[\s*\{", r'"ancestor_path"\s*:')
    return is_list | nested.match_all(text, r"\A\s*\{", r'"comments"\s*:\s*\[')


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, FORMAT, read, COUNT)


def read(text: str) -> Read:
    """Return what one answer holds."""
    given = nested.parse_json(text)
    listed = given if isinstance(given, list) else nested.as_object(given).get("comments")
    comments = preloads.listed(nested.as_list(listed))
    post = next((one.thread_native_id for one in comments if one.thread_native_id), None)
    return Read([Thread(native_id=post, shows_likers=False)], with_thread(comments, post))


def with_thread(comments: list[Comment], post: str | None) -> list[Comment]:
    """Return `comments` as those of one post."""
    return [
        one if one.thread_native_id == post else one._replace(thread_native_id=post)
        for one in comments
    ]


COUNT = count_key("objects with ancestor_path", r'"ancestor_path"\s*:')
SOURCE = Source(
    platform="substack",
    name="comments JSON",
    formats=(
        Format(
            FORMAT,
            "the JSON of a post's comments",
            "save <publication>/api/v1/post/<id>/comments?token=&all_comments=true",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(r"\A\s*[\[{]", r'"(?:ancestor_path|children_count)"\s*:', r'"body"\s*:'),
)
