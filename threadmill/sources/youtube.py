"""YouTube: comments as the Data API gives them and as yt-dlp does. Two levels only."""

from typing import Any

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested
from threadmill.sources.contract import Format, Source
from threadmill.sources.nested import Read

API = "youtube_api_json"
YT_DLP = "youtube_ytdlp_json"
MAX_DEPTH = 1
CHANNEL = "https://www.youtube.com/channel/"
WATCH = "https://www.youtube.com/watch?v="


def recognise_api(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are the API's answers."""
    return nested.match_json(documents["text"], r'"youtube#commentThread|"topLevelComment"\s*:')


def recognise_ytdlp(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are what yt-dlp writes."""
    marks = (r'"comments"\s*:', r'"(?:extractor|webpage_url|parent)"')
    return nested.match_json(documents["text"], *marks)


def parse_api(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, API, read_api)


def parse_ytdlp(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of yt-dlp's files."""
    return nested.parse(documents, YT_DLP, read_ytdlp)


def read_api(text: str) -> Read:
    """Return what the API's answers hold: one page, a list of pages, or a list of items."""
    given = nested.parse_json(text)
    pages = given if isinstance(given, list) else [given]
    items = [
        nested.as_object(item)
        for page in map(nested.as_object, pages)
        for item in (nested.as_list(page.get("items")) if "items" in page else [page])
    ]
    comments: list[Comment] = []
    video: str | None = None
    for item in items:
        about = nested.as_object(item.get("snippet"))
        top = nested.as_object(about.get("topLevelComment"))
        top_id = nested.read_id(top.get("id")) or nested.read_id(item.get("id"))
        if top_id is None:
            continue
        video = video or nested.read_id(about.get("videoId"))
        replies = nested.as_list(nested.as_object(item.get("replies")).get("comments"))
        total = nested.read_integer(about.get("totalReplyCount"))
        hidden = None if total is None else max(0, total - len(replies))
        if top:
            one = _build_comment(top, top_id, None, len(comments))
            comments.append(one._replace(hidden_reply_count=hidden))
        # The API gives the newest reply first.
        ordered = [nested.as_object(reply) for reply in replies][::-1]
        for reply in ordered:
            own_id = nested.read_id(reply.get("id"))
            if own_id is not None:
                parent = (
                    nested.read_id(nested.as_object(reply.get("snippet")).get("parentId")) or top_id
                )
                comments.append(_build_comment(reply, own_id, parent, len(comments)))
    return _complete(Thread(native_id=video), comments)


def _build_comment(
    resource: dict[str, Any], own_id: str, parent: str | None, position: int
) -> Comment:
    own = nested.as_object(resource.get("snippet"))
    original = nested.clean_text(own.get("textOriginal")).strip()
    created = nested.read_iso(own.get("publishedAt"))
    channel = nested.read_id(nested.as_object(own.get("authorChannelId")).get("value"))
    updated = nested.read_iso(own.get("updatedAt"))
    name = nested.read_name(own.get("authorDisplayName"))
    return Comment(
        native_id=own_id,
        text=original or html.extract_text(nested.clean_text(own.get("textDisplay"))),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=name,
        author_native_id=channel,
        author_handle=name[1:] or None if name and name.startswith("@") else None,
        author_url=nested.read_link(own.get("authorChannelUrl")),
        created_at=created,
        is_edited=updated > created if created and updated else None,
        is_host=None
        if not own.get("channelId") or not channel
        else own.get("channelId") == channel,
        like_count=nested.read_integer(own.get("likeCount")),
    )


def read_ytdlp(text: str) -> Read:
    """Return what a video's file holds. Days that yt-dlp works out from `3 days ago` are no times."""
    info = nested.as_object(nested.parse_json(text))
    comments: list[Comment] = []
    for item in nested.as_list(info.get("comments")):
        own = nested.as_object(item)
        own_id = nested.read_id(own.get("id"))
        if own_id is None:
            continue
        parent = nested.read_id(own.get("parent"))
        parent = None if parent == "root" else parent
        ago = nested.read_name(own.get("_time_text")) or nested.read_name(own.get("time_text"))
        name = nested.read_name(own.get("author"))
        channel = nested.read_id(own.get("author_id"))
        comments.append(
            Comment(
                native_id=own_id,
                text=nested.clean_text(own.get("text")).strip(),
                position=len(comments),
                parent_native_id=parent,
                parent_status="explicit" if parent else "top_level",
                author_name=name,
                author_native_id=channel,
                author_handle=name[1:] or None if name and name.startswith("@") else None,
                author_url=nested.read_link(own.get("author_url"))
                or (f"{CHANNEL}{channel}" if channel else None),
                # Counted back from words such as `2 years ago`, a timestamp is exact in looks only.
                created_at=None if ago else nested.read_epoch(own.get("timestamp")),
                created_text=ago,
                is_edited=nested.read_truth(own.get("is_edited")),
                is_host=nested.read_truth(own.get("author_is_uploader")),
                like_count=nested.read_integer(own.get("like_count")),
            )
        )
    video = nested.read_id(info.get("id"))
    thread = Thread(
        native_id=video,
        title=nested.read_name(info.get("title")),
        url=nested.read_link(info.get("webpage_url")),
        published_at=nested.read_epoch(info.get("timestamp")),
        host_name=nested.read_name(info.get("uploader")) or nested.read_name(info.get("channel")),
        declared_comment_count=nested.read_integer(info.get("comment_count")),
    )
    return _complete(thread, comments)


def _complete(thread: Thread, comments: list[Comment]) -> Read:
    if thread.native_id is None and not comments:
        raise Unreadable("no_thread", "neither a video's id nor comments")
    video = thread.native_id
    url = thread.url or (f"{WATCH}{video}" if video else None)
    whole = thread._replace(url=url, platform_max_depth=MAX_DEPTH, publication="youtube.com")
    return Read([whole], [one._replace(thread_native_id=video) for one in comments])


SOURCE = (
    Source(
        platform="youtube",
        name="commentThreads",
        formats=(
            Format(
                API,
                "answers of commentThreads.list: a page, a list of pages or of items",
                "commentThreads.list of the Data API, with part=snippet,replies",
            ),
        ),
        parse=parse_api,
        recognise=recognise_api,
    ),
    Source(
        platform="youtube",
        name="yt-dlp",
        formats=(
            Format(
                YT_DLP,
                "a video's .info.json with comments",
                "yt-dlp --write-comments --skip-download <address>",
            ),
        ),
        parse=parse_ytdlp,
        recognise=recognise_ytdlp,
    ),
)
