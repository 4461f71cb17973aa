"""Random threads, and each written as every platform would: what the sources must read back."""

import html
import json
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from hypothesis import strategies as st

START_S = 1_700_000_000


class Said(NamedTuple):
    """A comment as it was written; `parent` is a place in the list before it, or None."""

    number: int
    parent: int | None
    author: str | None
    words: str
    second: int
    likes: int


WORD = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn", "Co", "Cf"),
        exclude_characters="<>&*[]()|\"'",
    ),
    min_size=1,
    max_size=8,
).filter(lambda word: word not in ("deleted", "removed") and not word.startswith(("-", "@")))
PARAGRAPH = st.lists(WORD, min_size=1, max_size=5).map(" ".join)
WORDS = st.lists(PARAGRAPH, min_size=1, max_size=3).map("\n\n".join)
NAME = st.from_regex(r"\A[A-Za-z][A-Za-z0-9]{2,9}\Z")


@st.composite
def threads(draw, max_depth=None, size=12):
    """Return comments in pre-order."""
    count = draw(st.integers(1, size))
    depths: list[int] = []
    way: list[int] = []
    said = []
    for number in range(count):
        deepest = len(way) if max_depth is None else min(len(way), max_depth)
        depth = draw(st.integers(0, deepest))
        del way[depth:]
        parent = way[-1] if way else None
        way.append(number)
        depths.append(depth)
        said.append(
            Said(
                number,
                parent,
                draw(NAME),
                draw(WORDS),
                START_S + number * 60,
                draw(st.integers(0, 2000)),
            )
        )
    return said


def children(said, parent):
    return [one for one in said if one.parent == parent]


def iso(second):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(second, UTC).isoformat().replace("+00:00", "Z")


def as_html(words):
    return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in words.split("\n\n"))


def reddit_thread(said):
    def thing(one):
        replies = children(said, one.number)
        return {
            "kind": "t1",
            "data": {
                "id": f"c{one.number}",
                "parent_id": f"t1_c{one.parent}" if one.parent is not None else "t3_post",
                "link_id": "t3_post",
                "author": one.author,
                "body": one.words,
                "created_utc": float(one.second),
                "score": one.likes,
                "edited": False,
                "replies": listing([thing(reply) for reply in replies]) if replies else "",
            },
        }

    def listing(things):
        return {"kind": "Listing", "data": {"children": things}}

    post = {
        "kind": "t3",
        "data": {"id": "post", "title": "A post", "author": "host", "subreddit": "knots"},
    }
    top = [thing(one) for one in children(said, None)]
    return json.dumps([listing([post]), listing(top)])


def reddit_dump(said):
    lines = [
        {
            "id": f"c{one.number}",
            "parent_id": f"t1_c{one.parent}" if one.parent is not None else "t3_post",
            "link_id": "t3_post",
            "author": one.author,
            "body": one.words,
            "created_utc": one.second if one.number % 2 else str(one.second),
            "score": one.likes,
            "edited": False,
            "subreddit": "knots",
        }
        for one in said
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def reddit_list(said):
    """As PullPush answers: newest first."""
    lines = reddit_dump(said).splitlines()
    return json.dumps({"data": [json.loads(line) for line in lines[::-1]], "error": None})


def algolia(said):
    def item(one):
        return {
            "id": 100 + one.number,
            "parent_id": 100 + one.parent if one.parent is not None else 1,
            "story_id": 1,
            "type": "comment",
            "author": one.author,
            "text": as_html(one.words),
            "created_at_i": one.second,
            "points": None,
            "children": [item(reply) for reply in children(said, one.number)],
        }

    top = [item(one) for one in children(said, None)]
    return json.dumps(
        {
            "id": 1,
            "type": "story",
            "title": "A story",
            "author": "host",
            "points": 3,
            "children": top,
        }
    )


def firebase(said):
    items = [
        {
            "id": 1,
            "type": "story",
            "by": "host",
            "kids": [100 + one.number for one in children(said, None)],
        }
    ]
    items += [
        {
            "id": 100 + one.number,
            "parent": 100 + one.parent if one.parent is not None else 1,
            "type": "comment",
            "by": one.author,
            "text": as_html(one.words),
            "time": one.second,
            "kids": [100 + reply.number for reply in children(said, one.number)],
        }
        for one in said[::-1]
    ]
    return json.dumps(items)


def search(said):
    hits = [
        {
            "objectID": str(100 + one.number),
            "parent_id": 100 + one.parent if one.parent is not None else 1,
            "story_id": 1,
            "story_title": "A story",
            "author": one.author,
            "comment_text": as_html(one.words),
            "created_at_i": one.second,
            "children": [100 + reply.number for reply in children(said, one.number)],
            "_tags": ["comment", f"author_{one.author}", "story_1"],
        }
        for one in said[::-1]
    ]
    return json.dumps({"hits": hits, "nbHits": len(hits), "page": 0})


def _substack(said, parent=None, path=""):
    return [
        {
            "id": 500 + one.number,
            "body": one.words,
            "date": iso(one.second),
            "edited_at": None,
            "name": one.author,
            "handle": None,
            "user_id": 9000 + one.number,
            "post_id": 77,
            "ancestor_path": path,
            "reaction_count": one.likes,
            "children_count": len(children(said, one.number)),
            "children": _substack(said, one.number, f"{path}.{500 + one.number}".strip(".")),
        }
        for one in children(said, parent)
    ]


def substack_api(said):
    return json.dumps({"comments": _substack(said)})


def substack_preloads(said):
    data = json.dumps({"post": {"id": 77, "title": "A post"}, "initialComments": _substack(said)})
    script = f"window._preloads = JSON.parse({json.dumps(data)})".replace("</", "<\\/")
    return f"<!DOCTYPE html><html><head></head><body><script>{script}</script></body></html>"


def substack_html(said):
    def comment(one):
        replies = "".join(comment(reply) for reply in children(said, one.number))
        return (
            f'<div class="comment"><div id="comment-{500 + one.number}"></div>'
            f'<div role="article" class="comment-content"><a href="https://substack.com/@{one.author}">{one.author}</a>'
            f'<time datetime="{iso(one.second)}">Nov 14</time>'
            f'<div class="comment-body">{as_html(one.words)}</div><div class="comment-actions">Like</div></div>'
            f'<div class="comment-list"><div class="comment-list-items">{replies}</div></div></div>'
        )

    top = "".join(comment(one) for one in children(said, None))
    return f'<!DOCTYPE html><html><body><div class="comment-list"><div class="comment-list-items">{top}</div></div>'


def discourse(said):
    posts = [
        {
            "id": 1000,
            "post_number": 1,
            "username": "host",
            "cooked": "<p>The article</p>",
            "topic_id": 5,
        }
    ]
    posts += [
        {
            "id": 1001 + one.number,
            "post_number": 2 + one.number,
            "reply_to_post_number": 2 + one.parent if one.parent is not None else None,
            "username": one.author,
            "name": "",
            "user_id": 70 + one.number,
            "cooked": as_html(one.words),
            "created_at": iso(one.second),
            "actions_summary": [{"id": 2, "count": one.likes}],
            "version": 1,
        }
        for one in said
    ]
    return json.dumps(
        {"id": 5, "title": "A topic", "posts_count": len(posts), "post_stream": {"posts": posts}}
    )


def _snippet(one):
    parent = {"parentId": f"y{one.parent}"} if one.parent is not None else {}
    return {
        "id": f"y{one.number}",
        "snippet": {
            "textOriginal": one.words,
            "authorDisplayName": one.author,
            "authorChannelId": {"value": f"UC{one.number}"},
            "publishedAt": iso(one.second),
            "updatedAt": iso(one.second),
            "likeCount": one.likes,
            **parent,
        },
    }


def youtube_api(said):
    items = [
        {
            "kind": "youtube#commentThread",
            "id": f"y{one.number}",
            "snippet": {
                "videoId": "vid",
                "topLevelComment": _snippet(one),
                "totalReplyCount": len(children(said, one.number)),
            },
            "replies": {
                "comments": [_snippet(reply) for reply in children(said, one.number)][::-1]
            },
        }
        for one in children(said, None)
    ]
    return json.dumps({"items": items})


def youtube_ytdlp(said):
    comments = [
        {
            "id": f"y{one.number}",
            "parent": f"y{one.parent}" if one.parent is not None else "root",
            "text": one.words,
            "author": one.author,
            "author_id": f"UC{one.number}",
            "timestamp": one.second,
            "like_count": one.likes,
        }
        for one in said
    ]
    return json.dumps(
        {"id": "vid", "title": "A film", "extractor": "youtube", "comments": comments}
    )


def youtube_downloader(said):
    """Lines without times that can be trusted, so the words alone are said."""
    lines = [
        {
            "cid": f"y{one.parent}.y{one.number}" if one.parent is not None else f"y{one.number}",
            "text": one.words,
            "author": one.author,
            "channel": f"UC{one.number}",
            "votes": str(one.likes),
            "replies": "",
            "heart": False,
            "reply": one.parent is not None,
        }
        for one in said
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def mastodon(said):
    descendants = [
        {
            "id": str(100 + one.number),
            "created_at": iso(one.second),
            "in_reply_to_id": str(100 + one.parent) if one.parent is not None else "1",
            "content": as_html(one.words),
            "account": {"id": str(900 + one.number), "acct": one.author, "display_name": ""},
            "favourites_count": one.likes,
            "reblog": None,
        }
        for one in said
    ]
    return json.dumps({"ancestors": [], "descendants": descendants})


def lemmy(said):
    paths = {}
    for one in said:
        above = "0" if one.parent is None else paths.get(one.parent, f"0.{11 + one.parent}")
        paths[one.number] = f"{above}.{11 + one.number}"
    items = [
        {
            "comment": {
                "id": 11 + one.number,
                "creator_id": 70 + one.number,
                "post_id": 5,
                "content": one.words,
                "published": iso(one.second),
                "deleted": False,
                "path": paths[one.number],
            },
            "creator": {"id": 70 + one.number, "name": one.author},
            "post": {"id": 5, "name": "A post", "creator_id": 1},
            "counts": {"score": one.likes},
        }
        for one in said
    ]
    return json.dumps({"comments": items})


def bluesky(said):
    def node(number, author, words, second, likes, parent):
        reply = {"root": {"uri": "at://p/0"}, "parent": {"uri": f"at://p/{parent}"}}
        return {
            "$type": "app.bsky.feed.defs#threadViewPost",
            "post": {
                "uri": f"at://p/{number}",
                "author": {"did": f"did:plc:{number}", "handle": author, "displayName": ""},
                "record": {"text": words, "createdAt": iso(second)}
                | ({} if parent is None else {"reply": reply}),
                "likeCount": likes,
            },
            "replies": [
                node(one.number + 1, one.author, one.words, one.second, one.likes, number)
                for one in children(said, None if parent is None else number - 1)
            ],
        }

    return json.dumps({"thread": node(0, "host", "The post", START_S, 1, None)})


def telegram(said):
    messages = [
        {"id": 1, "type": "service", "date": "2023-11-14T22:13:20", "action": "create_group"}
    ]
    messages += [
        {
            "id": 10 + one.number,
            "type": "message",
            "date": iso(one.second)[:19],
            "date_unixtime": str(one.second),
            "from": one.author,
            "from_id": f"user{one.author}",
            "text": [one.words[:1], {"type": "bold", "text": one.words[1:]}],
            "reactions": [{"type": "emoji", "count": one.likes, "emoji": "+"}],
        }
        | ({"reply_to_message_id": 10 + one.parent} if one.parent is not None else {})
        for one in said
    ]
    return json.dumps({"name": "Knots", "type": "public_supergroup", "id": 7, "messages": messages})


def fourchan(said):
    posts = [{"no": 1, "resto": 0, "name": "Anonymous", "sub": "Knots", "com": "The article"}]
    posts += [
        {
            "no": 100 + one.number,
            "resto": 1,
            "time": one.second,
            "name": one.author,
            "com": f'<a href="#p{answered}" class="quotelink">&gt;&gt;{answered}</a><br><br>{as_html(one.words)}',
        }
        for one in said
        for answered in [1 if one.parent is None else 100 + one.parent]
    ]
    return json.dumps({"posts": posts})


def convokit(said):
    post = {"id": "p", "conversation_id": "p", "text": "The post", "speaker": "host"}
    lines = [post | {"reply-to": None, "timestamp": START_S, "meta": {"title": "A post"}}]
    lines += [
        {
            "id": f"u{one.number}",
            "conversation_id": "p",
            "text": one.words,
            "speaker": one.author,
            "reply-to": f"u{one.parent}" if one.parent is not None else "p",
            "timestamp": one.second,
            "meta": {"score": one.likes},
            "vectors": [],
        }
        for one in said
    ]
    return "".join(json.dumps(line) + "\n" for line in lines)


def disqus(said):
    posts = "".join(
        f'<post dsq:id="{10 + one.number}"><id/><message><![CDATA[{as_html(one.words)}]]></message>'
        f"<createdAt>{iso(one.second)}</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>"
        f"<author><email>hidden@mail.example</email><name>{escape(one.author)}</name>"
        f"<isAnonymous>false</isAnonymous><username>{escape(one.author)}</username></author>"
        f'<ipAddress>192.0.2.7</ipAddress><thread dsq:id="3"/>'
        + (f"<parent dsq:id={quoteattr(str(10 + one.parent))}/>" if one.parent is not None else "")
        + "</post>\n"
        for one in said
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">'
        f'\n<thread dsq:id="3"><link>https://blog.example/a</link><title>A post</title></thread>\n{posts}</disqus>'
    )


def wordpress(said):
    comments = "".join(
        f"<wp:comment><wp:comment_id>{20 + one.number}</wp:comment_id>"
        f"<wp:comment_author><![CDATA[{one.author}]]></wp:comment_author>"
        "<wp:comment_author_email>hidden@mail.example</wp:comment_author_email>"
        "<wp:comment_author_IP>192.0.2.7</wp:comment_author_IP>"
        f"<wp:comment_date_gmt>{iso(one.second)[:19].replace('T', ' ')}</wp:comment_date_gmt>"
        f"<wp:comment_content><![CDATA[{one.words}]]></wp:comment_content>"
        "<wp:comment_approved>1</wp:comment_approved><wp:comment_type>comment</wp:comment_type>"
        f"<wp:comment_parent>{20 + one.parent if one.parent is not None else 0}</wp:comment_parent></wp:comment>\n"
        for one in said
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>A post</title>'
        "<link>https://blog.example/a</link><dc:creator>host</dc:creator><wp:post_id>8</wp:post_id>"
        f"\n{comments}</item></channel></rss>"
    )


def table_csv(said):
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["key", "under", "who", "words", "at", "hearts"])
    for one in said:
        parent = f"k{one.parent}" if one.parent is not None else ""
        writer.writerow([f"k{one.number}", parent, one.author, one.words, one.second, one.likes])
    return out.getvalue()


def table_lines(said):
    return "".join(
        json.dumps(
            {
                "key": f"k{one.number}",
                "under": f"k{one.parent}" if one.parent is not None else None,
                "who": one.author,
                "words": one.words,
                "at": one.second,
                "hearts": one.likes,
            }
        )
        + "\n"
        for one in said
    )


def clip(said):
    def block(one, depth):
        mark = "> " * depth
        lines = [
            f"**{one.author}** · [{iso(one.second)}](https://x.example/c/{one.number}) · {one.likes} points",
            "",
        ]
        lines += one.words.split("\n")
        own = "\n".join(mark + line for line in lines)
        below = [block(reply, depth + 1) for reply in children(said, one.number)]
        return f"\n{mark}\n".join([own, *below])

    top = "\n\n".join(block(one, 1) for one in children(said, None))
    return f'---\ntitle: "A page"\nsource: "https://x.example/p"\n---\n\nThe article.\n\n{top}\n'


MAPPING = """comment_id = "key"
parent_id = "under"
author_name = "who"
text = "words"
created_at = "at"
like_count = "hearts"
"""

FORMATS = {
    "reddit_thread_json": ("reddit", reddit_thread, None, True),
    "reddit_dump_ndjson": ("reddit", reddit_dump, None, True),
    "reddit_list_json": ("reddit", reddit_list, None, True),
    "hackernews_algolia_json": ("hackernews", algolia, None, False),
    "hackernews_firebase_json": ("hackernews", firebase, None, False),
    "hackernews_search_json": ("hackernews", search, None, False),
    "substack_comments_json": ("substack", substack_api, None, True),
    "substack_comments_html": ("substack", substack_html, None, False),
    "discourse_topic_json": ("discourse", discourse, None, True),
    "youtube_api_json": ("youtube", youtube_api, 1, True),
    "youtube_ytdlp_json": ("youtube", youtube_ytdlp, 1, True),
    "youtube_downloader_ndjson": ("youtube", youtube_downloader, 1, True),
    "mastodon_statuses_json": ("mastodon", mastodon, None, True),
    "lemmy_comments_json": ("lemmy", lemmy, None, True),
    "bluesky_thread_json": ("bluesky", bluesky, None, True),
    "telegram_export_json": ("telegram", telegram, None, True),
    "fourchan_thread_json": ("4chan", fourchan, None, False),
    "convokit_utterances_ndjson": ("convokit", convokit, None, True),
    "disqus_xml": ("disqus", disqus, None, False),
    "wordpress_wxr": ("wordpress", wordpress, None, False),
    "table": ("forum", table_csv, None, True),
    "web_clip_markdown": ("anywhere", clip, None, True),
}
"""Each `source_format` → platform, renderer, deepest nesting, and whether it shows likes."""
