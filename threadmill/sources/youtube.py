"""YouTube: comments as the Data API gives them and as yt-dlp does. Two levels only."""

from typing import Any

import polars as pl

from threadmill.sources import html, nested
from threadmill.sources.contract import Parsed
from threadmill.sources.nested import Comment, Read, Thread, Unreadable

API = "youtube_api_json"
YT_DLP = "youtube_ytdlp_json"
FORMATS = {
    API: "answers of commentThreads.list: a page, a list of pages or of items",
    YT_DLP: "a video's .info.json with comments",
}
HINTS = {
    API: "commentThreads.list of the Data API, with part=snippet,replies",
    YT_DLP: "yt-dlp --write-comments --skip-download <address>",
}
MAX_DEPTH = 1
CHANNEL = "https://www.youtube.com/channel/"
WATCH = "https://www.youtube.com/watch?v="


def claims_api(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are the API's answers."""
    return nested.starts_as(documents["text"], r'"youtube#commentThread|"topLevelComment"\s*:')


def claims_ytdlp(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are what yt-dlp writes."""
    marks = (r'"comments"\s*:', r'"(?:extractor|webpage_url|parent)"')
    return nested.starts_as(documents["text"], *marks)


def parse_api(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, API, read_api)


def parse_ytdlp(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of yt-dlp's files."""
    return nested.parse(documents, YT_DLP, read_ytdlp)


def read_api(text: str) -> Read:
    """Return what the API's answers hold: one page, a list of pages, or a list of items."""
    given = nested.load(text)
    pages = given if isinstance(given, list) else [given]
    items = [
        nested.mapping(item)
        for page in map(nested.mapping, pages)
        for item in (nested.sequence(page.get("items")) if "items" in page else [page])
    ]
    comments: list[Comment] = []
    video: str | None = None
    for item in items:
        about = nested.mapping(item.get("snippet"))
        top = nested.mapping(about.get("topLevelComment"))
        top_id = nested.own_id(top.get("id")) or nested.own_id(item.get("id"))
        if top_id is None:
            continue
        video = video or nested.own_id(about.get("videoId"))
        replies = nested.sequence(nested.mapping(item.get("replies")).get("comments"))
        total = nested.integer(about.get("totalReplyCount"))
        hidden = None if total is None else max(0, total - len(replies))
        if top:
            one = _of_api(top, top_id, None, len(comments))
            comments.append(one._replace(hidden_reply_count=hidden))
        # The API gives the newest reply first.
        ordered = [nested.mapping(reply) for reply in replies][::-1]
        for reply in ordered:
            own_id = nested.own_id(reply.get("id"))
            if own_id is not None:
                parent = (
                    nested.own_id(nested.mapping(reply.get("snippet")).get("parentId")) or top_id
                )
                comments.append(_of_api(reply, own_id, parent, len(comments)))
    return _whole(Thread(native_id=video), comments)


def _of_api(resource: dict[str, Any], own_id: str, parent: str | None, position: int) -> Comment:
    own = nested.mapping(resource.get("snippet"))
    original = nested.words(own.get("textOriginal")).strip()
    created = nested.iso(own.get("publishedAt"))
    channel = nested.own_id(nested.mapping(own.get("authorChannelId")).get("value"))
    updated = nested.iso(own.get("updatedAt"))
    name = nested.name(own.get("authorDisplayName"))
    return Comment(
        native_id=own_id,
        text=original or html.text(nested.words(own.get("textDisplay"))),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=name,
        author_native_id=channel,
        author_handle=name[1:] or None if name and name.startswith("@") else None,
        author_url=nested.link(own.get("authorChannelUrl")),
        created_at=created,
        is_edited=updated > created if created and updated else None,
        is_host=None
        if not own.get("channelId") or not channel
        else own.get("channelId") == channel,
        like_count=nested.integer(own.get("likeCount")),
    )


def read_ytdlp(text: str) -> Read:
    """Return what a video's file holds. Days that yt-dlp works out from `3 days ago` are no times."""
    info = nested.mapping(nested.load(text))
    comments: list[Comment] = []
    for item in nested.sequence(info.get("comments")):
        own = nested.mapping(item)
        own_id = nested.own_id(own.get("id"))
        if own_id is None:
            continue
        parent = nested.own_id(own.get("parent"))
        parent = None if parent == "root" else parent
        ago = nested.name(own.get("_time_text")) or nested.name(own.get("time_text"))
        name = nested.name(own.get("author"))
        channel = nested.own_id(own.get("author_id"))
        comments.append(
            Comment(
                native_id=own_id,
                text=nested.words(own.get("text")).strip(),
                position=len(comments),
                parent_native_id=parent,
                parent_status="explicit" if parent else "top_level",
                author_name=name,
                author_native_id=channel,
                author_handle=name[1:] or None if name and name.startswith("@") else None,
                author_url=nested.link(own.get("author_url"))
                or (f"{CHANNEL}{channel}" if channel else None),
                # Counted back from words such as `2 years ago`, a timestamp is exact in looks only.
                created_at=None if ago else nested.epoch(own.get("timestamp")),
                created_text=ago,
                is_edited=nested.truth(own.get("is_edited")),
                is_host=nested.truth(own.get("author_is_uploader")),
                like_count=nested.integer(own.get("like_count")),
            )
        )
    video = nested.own_id(info.get("id"))
    thread = Thread(
        native_id=video,
        title=nested.name(info.get("title")),
        url=nested.link(info.get("webpage_url")),
        published_at=nested.epoch(info.get("timestamp")),
        host_name=nested.name(info.get("uploader")) or nested.name(info.get("channel")),
        declared_comment_count=nested.integer(info.get("comment_count")),
    )
    return _whole(thread, comments)


def _whole(thread: Thread, comments: list[Comment]) -> Read:
    if thread.native_id is None and not comments:
        raise Unreadable(None, "no_thread", "neither a video's id nor comments")
    video = thread.native_id
    url = thread.url or (f"{WATCH}{video}" if video else None)
    whole = thread._replace(url=url, platform_max_depth=MAX_DEPTH, publication="youtube.com")
    return Read([whole], [one._replace(thread_native_id=video) for one in comments])
