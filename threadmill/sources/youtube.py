"""YouTube: comments as the Data API gives them and as yt-dlp does. Two levels only."""

from collections import Counter
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

API = "youtube_api_json"
YT_DLP = "youtube_ytdlp_json"
MAX_DEPTH = 1
CHANNEL = "https://www.youtube.com/channel/"
WATCH = "https://www.youtube.com/watch?v="


def recognise_api(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are the API's answers."""
    return nested.match_json(
        documents["text"], r'"youtube#comment(?:Thread)?(?:ListResponse)?"|"topLevelComment"\s*:'
    )


def recognise_ytdlp(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are what yt-dlp writes."""
    marks = (r'"comments"\s*:', r'"(?:extractor|webpage_url|parent)"')
    return nested.match_json(documents["text"], *marks)


def parse_api(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, API, read_api, COUNT_API)


def parse_ytdlp(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of yt-dlp's files."""
    return nested.parse(documents, YT_DLP, read_ytdlp, COUNT_YT_DLP)


def read_api(text: str) -> Read:
    """Return what the API's answers hold: one page, a list of pages or of items, of one or several videos.

    Answers of comments.list, which has the replies that commentThreads.list leaves out, may stand among them.
    """
    given = nested.parse_json(text)
    pages = given if isinstance(given, list) else [given]
    items = [
        nested.as_object(item)
        for page in map(nested.as_object, pages)
        for item in (nested.as_list(page.get("items")) if "items" in page else [page])
    ]
    rejects = Rejects()
    comments: list[Comment] = []
    alone: list[Comment] = []
    videos: dict[str | None, None] = {}
    totals: dict[str, int] = {}
    for item in items:
        about = nested.as_object(item.get("snippet"))
        if "topLevelComment" not in about and ("textDisplay" in about or "textOriginal" in about):
            alone += _build_comments([item], None, rejects)
            continue
        top = nested.as_object(about.get("topLevelComment"))
        top_id = nested.read_id(top.get("id")) or nested.read_id(item.get("id"))
        if top_id is None:
            rejects.append(Reject("no_id", "an item without an id", None, str(item)[:80]))
            continue
        replies = nested.as_list(nested.as_object(item.get("replies")).get("comments"))
        if (total := nested.read_integer(about.get("totalReplyCount"))) is not None:
            totals[top_id] = total
        # The API gives the newest reply first.
        found = _build_comments([top | {"id": top_id}] if top else [], None, rejects)
        found += _build_comments(replies[::-1], top_id, rejects)
        video = nested.read_id(about.get("videoId"))
        video = video or next((one.thread_native_id for one in found if one.thread_native_id), None)
        videos[video] = None
        comments += [one._replace(thread_native_id=video) for one in found]
    known = {one.native_id for one in comments}
    more = [one for one in alone if one.native_id not in known]
    settled = _find_videos(comments + more)
    shown = Counter(one.parent_native_id for one in settled)
    settled = [
        one._replace(hidden_reply_count=max(0, totals[own_id] - shown[own_id]))
        if (own_id := one.native_id) in totals
        else one
        for one in settled
    ]
    threads = dict.fromkeys(one.thread_native_id for one in settled) or videos
    repeats = len(alone) - len(more)
    return _complete([Thread(native_id=one) for one in threads], settled, rejects, repeats)


def _find_videos(comments: list[Comment]) -> list[Comment]:
    """Return `comments` each with its video: comments.list doesn't name it, but the comment above does."""
    known = {one.native_id: one.thread_native_id for one in comments if one.thread_native_id}
    only = next(iter(known.values())) if len(set(known.values())) == 1 else None
    return [
        one._replace(
            thread_native_id=one.thread_native_id or known.get(one.parent_native_id) or only
        )
        for one in comments
    ]


def _build_comments(resources: list[Any], above: str | None, rejects: Rejects) -> list[Comment]:
    """Return one comment per resource; those without a `parentId` answer `above`."""
    found = []
    for resource in map(nested.as_object, resources):
        own_id = nested.read_id(resource.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a comment without an id", None, str(resource)[:80]))
        else:
            found.append(_build_comment(resource, own_id, above))
    return found


def _build_comment(resource: dict[str, Any], own_id: str, above: str | None) -> Comment:
    own = nested.as_object(resource.get("snippet"))
    parent = nested.read_id(own.get("parentId")) or above
    original = nested.clean_text(own.get("textOriginal")).strip()
    created = nested.read_iso(own.get("publishedAt"))
    channel = nested.read_id(nested.as_object(own.get("authorChannelId")).get("value"))
    updated = nested.read_iso(own.get("updatedAt"))
    name = nested.read_name(own.get("authorDisplayName"))
    return Comment(
        native_id=own_id,
        text=original or html.extract_text(nested.clean_text(own.get("textDisplay"))),
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
        thread_native_id=nested.read_id(own.get("videoId")),
    )


def read_ytdlp(text: str) -> Read:
    """Return what a video's file holds. Days that yt-dlp works out from `3 days ago` are no times."""
    info = nested.as_object(nested.parse_json(text))
    comments: list[Comment] = []
    rejects = Rejects()
    for item in nested.as_list(info.get("comments")):
        own = nested.as_object(item)
        own_id = nested.read_id(own.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a comment without an id", None, str(item)[:80]))
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
    return _complete([thread], [one._replace(thread_native_id=video) for one in comments], rejects)


def _complete(
    threads: list[Thread], comments: list[Comment], rejects: Rejects, left_out: int = 0
) -> Read:
    """Return what was read, comments in their order, each thread with what holds of all videos."""
    if not comments and all(one.native_id is None for one in threads):
        for reject in rejects:
            raise Unreadable(reject.reason_code, reject.reason)
        raise Unreadable("no_thread", "neither a video's id nor comments")
    found = [
        thread._replace(
            url=thread.url or (f"{WATCH}{thread.native_id}" if thread.native_id else None),
            platform_max_depth=MAX_DEPTH,
            publication="youtube.com",
        )
        for thread in threads
    ]
    placed = [one._replace(position=place) for place, one in enumerate(comments)]
    # Newer answers go deeper than two levels.
    return Read(nested.raise_max_depth(found, placed), placed, rejects, left_out)


COUNT_API = count_key("objects of kind comment", r'"kind"\s*:\s*"youtube#comment"')
COUNT_YT_DLP = count_key("objects with a parent", r'"parent"\s*:\s*"')
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
        marks=(r"\A\s*[\[{]", r'"youtube#comment|"topLevelComment"\s*:'),
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
        marks=(
            r"\A\s*[\[{]",
            r'"comments"\s*:\s*\[',
            r'"(?:extractor|extractor_key)"\s*:\s*"[Yy]ou[Tt]ube|"webpage_url"\s*:\s*"https://www\.youtube\.com',
        ),
    ),
)
