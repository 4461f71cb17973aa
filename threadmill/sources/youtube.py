"""YouTube: comments as the Data API, yt-dlp and youtube-comment-downloader give them. Mostly two levels."""

import re
from collections import Counter
from typing import Any

import polars as pl

from threadmill.read.rejects import Reject, Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import html, nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import count_key
from threadmill.sources.nested import Read, Rejects

API = "youtube_api_json"
YT_DLP = "youtube_ytdlp_json"
DOWNLOADER = "youtube_downloader_ndjson"
MAX_DEPTH = 1
_ROUNDED = re.compile(r"(\d+(?:\.\d+)?)([KMB])\Z")
_EDITED = re.compile(r"\s*\([^()]*\)\Z")
THOUSANDS = {"K": 10**3, "M": 10**6, "B": 10**9}
CHANNEL = "https://www.youtube.com/channel/"
WATCH = "https://www.youtube.com/watch?v="


def recognise_api(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are the API's answers."""
    return nested.match_json(
        documents["text"], r'"youtube#comment(?:Thread)?(?:ListResponse)?"|"topLevelComment"\s*:'
    )


def recognise_ytdlp(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are what yt-dlp writes."""
    texts = documents["text"]
    video = nested.match_json(texts, r'"comments"\s*:', r'"(?:extractor|webpage_url|parent)"')
    return video | nested.match_json(texts, r'"parent"\s*:\s*"root"')


def recognise_downloader(documents: pl.DataFrame) -> pl.Series:
    """Return which documents are what youtube-comment-downloader writes."""
    return nested.match_json(documents["text"], *DOWNLOADER_MARKS)


def parse_api(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of the API's answers."""
    return nested.parse(documents, API, read_api, COUNT_API)


def parse_ytdlp(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of yt-dlp's files."""
    return nested.parse(documents, YT_DLP, read_ytdlp, COUNT_YT_DLP)


def parse_downloader(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of youtube-comment-downloader's files."""
    return nested.parse_chunks(documents, DOWNLOADER, read_downloader, COUNT_DOWNLOADER)


def read_api(text: str) -> Read:
    """Return what the API's answers hold: pages or items in a list or on lines, of one or several videos.

    Answers of comments.list, which has the replies that commentThreads.list leaves out, may stand among them.
    """
    rejects = Rejects()
    pages = [page for _, page in nested.load_values(text, 1, rejects)]
    items = [
        nested.as_object(item)
        for page in map(nested.as_object, pages)
        for item in (nested.as_list(page.get("items")) if "items" in page else [page])
    ]
    comments: list[Comment] = []
    alone: list[Comment] = []
    videos: dict[str | None, None] = {}
    totals: dict[str, int] = {}
    for item in items:
        about = nested.as_object(item.get("snippet"))
        if "topLevelComment" not in about and ("textDisplay" in about or "textOriginal" in about):
            alone += _build_comments([item], None, None, 0, rejects)
            continue
        top = nested.as_object(about.get("topLevelComment"))
        top_id = scalars.read_id(top.get("id")) or scalars.read_id(item.get("id"))
        if top_id is None:
            rejects.append(Reject("no_id", "an item without an id", None, str(item)[:80]))
            continue
        replies = nested.as_list(nested.as_object(item.get("replies")).get("comments"))
        if (total := scalars.read_integer(about.get("totalReplyCount"))) is not None:
            totals[top_id] = total
        tops = [top | {"id": top_id}] if top else []
        video = scalars.read_id(about.get("videoId")) or _find_video([*tops, *replies[::-1]])
        videos[video] = None
        comments += _build_comments(tops, None, video, len(comments), rejects)
        # The API gives the newest reply first.
        comments += _build_comments(replies[::-1], top_id, video, len(comments), rejects)
    known = {one.native_id for one in comments} if alone else set()
    more = [one for one in alone if one.native_id not in known]
    settled = _count_hidden(_settle_videos(comments + more), totals)
    threads = dict.fromkeys(one.thread_native_id for one in settled) or videos
    repeats = len(alone) - len(more)
    return _complete([Thread(native_id=one) for one in threads], settled, rejects, repeats)


def _find_video(resources: list[Any]) -> str | None:
    """Return the first video that comments of one item name."""
    about = (
        nested.as_object(one.get("snippet"))
        for one in map(nested.as_object, resources)
        if scalars.read_id(one.get("id"))
    )
    return next(filter(None, (scalars.read_id(one.get("videoId")) for one in about)), None)


def _settle_videos(comments: list[Comment]) -> list[Comment]:
    """Return `comments` each with its video: comments.list doesn't name it, but the comment above does."""
    if all(one.thread_native_id for one in comments):
        return comments
    known = {one.native_id: one.thread_native_id for one in comments if one.thread_native_id}
    only = next(iter(known.values())) if len(set(known.values())) == 1 else None
    return [
        one._replace(
            thread_native_id=one.thread_native_id or known.get(one.parent_native_id) or only
        )
        for one in comments
    ]


def _build_comments(
    resources: list[Any], above: str | None, video: str | None, place: int, rejects: Rejects
) -> list[Comment]:
    """Return one comment per resource, from `place`; those without a `parentId` answer `above`."""
    found: list[Comment] = []
    for resource in map(nested.as_object, resources):
        own_id = scalars.read_id(resource.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a comment without an id", None, str(resource)[:80]))
        else:
            found.append(_build_comment(resource, own_id, above, video, place + len(found)))
    return found


def _build_comment(
    resource: dict[str, Any], own_id: str, above: str | None, video: str | None, place: int
) -> Comment:
    own = nested.as_object(resource.get("snippet"))
    parent = scalars.read_id(own.get("parentId")) or above
    original = scalars.clean_text(own.get("textOriginal")).strip()
    created = scalars.read_iso(own.get("publishedAt"))
    channel = scalars.read_id(nested.as_object(own.get("authorChannelId")).get("value"))
    is_same = own.get("updatedAt") == own.get("publishedAt")
    updated = created if is_same else scalars.read_iso(own.get("updatedAt"))
    name = scalars.read_name(own.get("authorDisplayName"))
    return Comment(
        native_id=own_id,
        text=original or html.extract_text(scalars.clean_text(own.get("textDisplay"))),
        position=place,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level",
        author_name=name,
        author_native_id=channel,
        author_handle=name[1:] or None if name and name.startswith("@") else None,
        author_url=scalars.read_link(own.get("authorChannelUrl")),
        created_at=created,
        is_edited=updated > created if created and updated else None,
        is_host=None
        if not own.get("channelId") or not channel
        else own.get("channelId") == channel,
        like_count=scalars.read_integer(own.get("likeCount")),
        thread_native_id=video or scalars.read_id(own.get("videoId")),
    )


def read_ytdlp(text: str) -> Read:
    """Return what videos' files hold, or a list of comments alone, or lines of either."""
    rejects = Rejects()
    values = [nested.as_object(value) for _, value in nested.load_values(text, 1, rejects)]
    videos = [value for value in values if "comments" in value or "extractor" in value]
    if alone := [value for value in values if "parent" in value and "comments" not in value]:
        videos.append({"comments": alone})
    threads: list[Thread] = []
    comments: list[Comment] = []
    for info in videos or values:
        thread, found = _read_video(info, rejects)
        threads.append(thread)
        comments += found
    return _complete(threads, comments, rejects)


def _read_video(info: dict[str, Any], rejects: Rejects) -> tuple[Thread, list[Comment]]:
    """Return a video and its comments. Days that yt-dlp works out from `3 days ago` are no times."""
    video = scalars.read_id(info.get("id"))
    comments: list[Comment] = []
    for item in nested.as_list(info.get("comments")):
        own = nested.as_object(item)
        own_id = scalars.read_id(own.get("id"))
        if own_id is None:
            rejects.append(Reject("no_id", "a comment without an id", None, str(item)[:80]))
            continue
        parent = scalars.read_id(own.get("parent"))
        parent = None if parent == "root" else parent
        ago = scalars.read_name(own.get("_time_text")) or scalars.read_name(own.get("time_text"))
        name = scalars.read_name(own.get("author"))
        channel = scalars.read_id(own.get("author_id"))
        comments.append(
            Comment(
                native_id=own_id,
                text=scalars.clean_text(own.get("text")).strip(),
                position=len(comments),
                parent_native_id=parent,
                parent_status="explicit" if parent else "top_level",
                author_name=name,
                author_native_id=channel,
                author_handle=name[1:] or None if name and name.startswith("@") else None,
                author_url=scalars.read_link(own.get("author_url"))
                or (f"{CHANNEL}{channel}" if channel else None),
                # Counted back from words such as `2 years ago`, a timestamp is exact in looks only.
                created_at=None if ago else scalars.read_epoch(own.get("timestamp")),
                created_text=ago,
                is_edited=scalars.read_truth(own.get("is_edited")),
                is_host=scalars.read_truth(own.get("author_is_uploader")),
                like_count=scalars.read_integer(own.get("like_count")),
                thread_native_id=video,
            )
        )
    thread = Thread(
        native_id=video,
        title=scalars.read_name(info.get("title")),
        url=scalars.read_link(info.get("webpage_url")),
        published_at=scalars.read_epoch(info.get("timestamp")),
        host_name=scalars.read_name(info.get("uploader")) or scalars.read_name(info.get("channel")),
        declared_comment_count=scalars.read_integer(info.get("comment_count")),
    )
    return thread, comments


def read_downloader(text: str, first: int = 1) -> Read:
    """Return what youtube-comment-downloader wrote of a video: lines, or a list as `comments`; it names no video."""
    rejects = Rejects()
    values = [nested.as_object(value) for _, value in nested.load_values(text, first, rejects)]
    items = [
        item
        for value in values
        for item in (nested.as_list(value["comments"]) if "comments" in value else [value])
    ]
    comments: list[Comment] = []
    totals: dict[str, int] = {}
    for own in map(nested.as_object, items):
        own_id = scalars.read_id(own.get("cid"))
        if own_id is None:
            rejects.append(Reject("no_id", "a comment without a cid", None, str(own)[:80]))
            continue
        # An id of a reply is that of the comment above, a dot and its own.
        parent = own_id.rpartition(".")[0] or None
        ago = scalars.read_name(own.get("time"))
        name = scalars.read_name(own.get("author"))
        channel = scalars.read_id(own.get("channel"))
        if (total := scalars.read_integer(own.get("replies"))) is not None:
            totals[own_id] = total
        comments.append(
            Comment(
                native_id=own_id,
                text=scalars.clean_text(own.get("text")).strip(),
                position=len(comments),
                parent_native_id=parent,
                parent_status="explicit" if parent else "top_level",
                author_name=name,
                author_native_id=channel,
                author_handle=name[1:] or None if name and name.startswith("@") else None,
                author_url=f"{CHANNEL}{channel}" if channel else None,
                # `time_parsed` is counted back from these words.
                created_text=_EDITED.sub("", ago) or None if ago else None,
                is_edited=bool(_EDITED.search(ago)) if ago else None,
                like_count=_read_likes(own.get("votes")),
            )
        )
    return _complete([Thread()], _count_hidden(comments, totals), rejects)


def _read_likes(value: object) -> int | None:
    """Return a count as YouTube shows it, which may be rounded: `1.2K`."""
    if found := _ROUNDED.match(scalars.clean_text(value).strip()):
        return round(float(found[1]) * THOUSANDS[found[2]])
    return scalars.read_integer(value)


def _count_hidden(comments: list[Comment], totals: dict[str, int]) -> list[Comment]:
    """Return `comments` with how many of their replies, of which `totals` has all, aren't there."""
    if not totals:
        return comments
    shown = Counter(one.parent_native_id for one in comments)
    return [
        one._replace(hidden_reply_count=max(0, totals[own_id] - shown[own_id]))
        if (own_id := one.native_id) in totals
        else one
        for one in comments
    ]


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
    placed = [
        one if one.position == place else one._replace(position=place)
        for place, one in enumerate(comments)
    ]
    # Newer answers go deeper than two levels.
    return Read(nested.raise_max_depth(found, placed), placed, rejects, left_out)


COUNT_API = count_key(
    "comments with words",
    r'"kind"\s*:\s*"youtube#comment"',
    r'"textDisplay"\s*:',
    r'"textOriginal"\s*:',
)
COUNT_YT_DLP = count_key("objects with a parent", r'"parent"\s*:\s*"')
COUNT_DOWNLOADER = count_key("objects with a cid", r'"cid"\s*:')
DOWNLOADER_MARKS = (r'"cid"\s*:\s*"', r'"votes"\s*:', r'"text"\s*:')
SOURCE = (
    Source(
        platform="youtube",
        name="commentThreads",
        formats=(
            Format(
                API,
                "answers of commentThreads.list or comments.list: pages or items, in a list or on lines",
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
                "a video's .info.json with comments, or the list of its comments alone",
                "yt-dlp --write-comments --skip-download <address>",
            ),
        ),
        parse=parse_ytdlp,
        recognise=recognise_ytdlp,
        marks=(
            r"\A\s*[\[{]",
            r'"comments"\s*:\s*\[|"parent"\s*:\s*"root"',
            r'"(?:extractor|extractor_key)"\s*:\s*"[Yy]ou[Tt]ube|"webpage_url"\s*:\s*"https://www\.youtube\.com|"author_is_uploader"\s*:',
        ),
    ),
    Source(
        platform="youtube",
        name="youtube-comment-downloader",
        formats=(
            Format(
                DOWNLOADER,
                "a comment with its cid on each line",
                "youtube-comment-downloader --youtubeid <id> --output <file>",
            ),
        ),
        parse=parse_downloader,
        recognise=recognise_downloader,
        marks=(r"\A\s*[\[{]", *DOWNLOADER_MARKS),
        reads_chunks=True,
    ),
)
