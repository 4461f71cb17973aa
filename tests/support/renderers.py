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


def disqus_api(said):
    """As `threads/listPosts` answers with `related=thread`: newest first."""
    thread = {"id": "3", "title": "A post", "link": "https://blog.example/a", "posts": len(said)}
    posts = [
        {
            "id": str(10 + one.number),
            "parent": 10 + one.parent if one.parent is not None else None,
            "thread": thread,
            "forum": "knots",
            "author": {"name": one.author, "username": one.author, "email": "hidden@mail.example"},
            "ipAddress": "192.0.2.7",
            "message": as_html(one.words),
            "raw_message": one.words,
            "createdAt": iso(one.second)[:19],
            "likes": one.likes,
            "isEdited": False,
            "isApproved": True,
            "isDeleted": False,
            "isSpam": False,
        }
        for one in said[::-1]
    ]
    return json.dumps({"cursor": {"hasNext": False}, "code": 0, "response": posts})


def wordpress_rest(said):
    return json.dumps(
        [
            {
                "id": 20 + one.number,
                "post": 8,
                "parent": 20 + one.parent if one.parent is not None else 0,
                "author": 0,
                "author_name": one.author,
                "author_url": "",
                "date": iso(one.second)[:19],
                "date_gmt": iso(one.second)[:19],
                "content": {"rendered": as_html(one.words)},
                "link": f"https://blog.example/a#comment-{20 + one.number}",
                "status": "approved",
                "type": "comment",
                "author_avatar_urls": {"24": "https://gravatar.example/avatar/hidden"},
                "meta": [],
            }
            for one in said
        ]
    )


def blogger(said):
    kind = "<category scheme='http://schemas.google.com/g/2005#kind' term='http://schemas.google.com/blogger/2008/kind#{}'/>"
    feed = "http://www.blogger.com/feeds/1/10/comments/default/"
    comments = "".join(
        f"<entry><id>tag:blogger.com,1999:blog-1.post-{100 + one.number}</id>"
        f"<published>{iso(one.second)}</published>{kind.format('comment')}<title type='text'>Cut …</title>"
        f"<content type='html'>{escape(as_html(one.words))}</content>"
        f"<author><name>{one.author}</name><email>hidden@mail.example</email></author>"
        "<thr:in-reply-to href='http://knots.example/a.html' ref='tag:blogger.com,1999:blog-1.post-10'/>"
        + (
            f"<link rel='related' href='{feed}{100 + one.parent}'/>"
            if one.parent is not None
            else ""
        )
        + "</entry>\n"
        for one in said
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' "
        "xmlns:thr='http://purl.org/syndication/thread/1.0'><id>tag:blogger.com,1999:blog-1.archive</id>\n"
        f"<entry><id>tag:blogger.com,1999:blog-1.post-10</id>{kind.format('post')}<title type='text'>A post</title>"
        f"<content type='html'>Words</content><author><name>host</name></author></entry>\n{comments}</feed>"
    )


def stackexchange_dump(said):
    rows = "".join(
        f'  <row Id="{1 + one.number}" PostId="8" Score="{one.likes}" Text={quoteattr(one.words)} '
        f'CreationDate="{iso(one.second)[:19]}.000" UserDisplayName="{one.author}" />\n'
        for one in said
    )
    return f'\ufeff<?xml version="1.0" encoding="utf-8"?>\n<comments>\n{rows}</comments>'


def stackexchange_api(said):
    def item(one, key):
        return {
            "owner": {"user_id": 70 + one.number, "display_name": one.author},
            "score": one.likes,
            "creation_date": one.second,
            key: 100 + one.number,
            "body": as_html(one.words),
        }

    answers = [
        item(one, "answer_id")
        | {
            "question_id": 5,
            "comments": [
                item(reply, "comment_id") | {"post_id": 100 + one.number, "edited": False}
                for reply in children(said, one.number)
            ],
        }
        for one in children(said, None)
    ]
    question = {"question_id": 5, "title": "A question", "owner": {"display_name": "host"}}
    question |= {"link": "https://knots.example/questions/5/a", "answers": answers}
    return json.dumps({"items": [question], "has_more": False, "quota_max": 300})


def hackernews_page(said):
    depths = {}
    for one in said:
        depths[one.number] = depths.get(one.parent, -1) + 1
    rows = "".join(
        f'<tr class="athing comtr" id="{100 + one.number}"><td><table border="0"><tr>'
        f'<td class="ind" indent="{depths[one.number]}"><img src="s.gif" width="{40 * depths[one.number]}"></td>'
        '<td class="default"><div><span class="comhead">'
        f'<a href="user?id={one.author}" class="hnuser">{one.author}</a> '
        f'<span class="age" title="{iso(one.second)[:19]} {one.second}"><a href="item?id={100 + one.number}">1 hour ago'
        f'</a></span></span></div><br><div class="comment"><div class="commtext c00">{as_html(one.words)}</div>'
        '<div class="reply"><p><font size="1"><u><a href="reply?id=1">reply</a></u></font></div></div></td></tr>'
        "</table></td></tr>\n"
        for one in said
    )
    return (
        '<html lang="en" op="item"><head><title>A story | Hacker News</title></head><body><table id="hnmain">'
        '<tr><td><table class="fatitem"><tr class="athing submission" id="1"><td class="title"><span class="titleline">'
        '<a href="https://knots.example/a">A story</a></span></td></tr><tr><td class="subtext"><a class="hnuser">host'
        f'</a></td></tr></table><table class="comment-tree">{rows}</table></td></tr></table></body></html>'
    )


def reddit_page(said):
    def thing(one):
        below = "".join(thing(reply) for reply in children(said, one.number))
        return (
            f'<div class=" thing id-t1_c{one.number} noncollapsed comment " id="thing_t1_c{one.number}" '
            f'data-fullname="t1_c{one.number}" data-type="comment" data-author="{one.author}" '
            f'data-permalink="/r/knots/comments/post/a_post/c{one.number}/"><p class="parent"><a name="c{one.number}">'
            '</a></p><div class="entry unvoted"><p class="tagline"><a class="author may-blank">'
            f'{one.author}</a> <span class="score unvoted" title="{one.likes}">{one.likes} points</span> '
            f'<time datetime="{iso(one.second)}">1 year ago</time></p><form class="usertext">'
            f'<div class="usertext-body"><div class="md">{as_html(one.words)}</div></div></form></div>'
            f'<div class="child"><div class="sitetable listing">{below}</div></div></div>\n'
        )

    top = "".join(thing(one) for one in children(said, None))
    return (
        '<!doctype html><html><head><title>A post : knots</title></head><body><div id="siteTable">'
        '<div class=" thing id-t3_post self link " data-fullname="t3_post" data-author="host" data-comments-count="3">'
        '<a class="title may-blank">A post</a></div></div><div class="commentarea">'
        f'<div class="sitetable nestedlisting">{top}</div></div></body></html>'
    )


def github(said):
    """As GraphQL answers about a discussion: two levels."""

    def comment(one):
        return {
            "id": f"DC_{one.number}",
            "url": f"https://github.com/knots/rope/discussions/7#discussioncomment-{100 + one.number}",
            "author": {"login": one.author},
            "body": one.words,
            "createdAt": iso(one.second),
            "lastEditedAt": None,
            "upvoteCount": one.likes,
        }

    top = [
        comment(one)
        | {"replies": {"nodes": [comment(reply) for reply in children(said, one.number)]}}
        for one in children(said, None)
    ]
    discussion = {
        "number": 7,
        "title": "A discussion",
        "url": "https://github.com/knots/rope/discussions/7",
        "author": {"login": "host"},
        "body": "The first words",
        "createdAt": iso(START_S),
        "comments": {"totalCount": len(said), "nodes": top},
    }
    return json.dumps({"data": {"repository": {"discussion": discussion}}})


def substack_notes(said):
    note = {
        "id": 400,
        "body": "The note",
        "name": "host",
        "ancestor_path": "",
        "date": iso(START_S),
    }
    paths = {}
    for one in said:
        above = "400" if one.parent is None else f"{paths.get(one.parent, 400)}.{500 + one.parent}"
        paths[one.number] = above

    def entry(one):
        own = {
            "id": 500 + one.number,
            "body": one.words,
            "date": iso(one.second),
            "edited_at": None,
            "name": one.author,
            "handle": None,
            "user_id": 9000 + one.number,
            "post_id": None,
            "type": "feed",
            "ancestor_path": paths[one.number],
            "reaction_count": one.likes,
            "children_count": len(children(said, one.number)),
        }
        return {"type": "comment", "comment": own}

    def below(one):
        return [
            found for reply in children(said, one.number) for found in [entry(reply), *below(reply)]
        ]

    branches = [entry(one) | {"descendantComments": below(one)} for one in children(said, None)]
    return json.dumps(
        {"rootComment": note, "commentBranches": branches, "moreBranches": 0, "nextCursor": None}
    )


def discourse_raw(said):
    """Each post quotes what it answers."""
    names = {None: "host"} | {one.number: one.author for one in said}
    posts = ["host | 2023-11-14 22:00:00 UTC | #1\n\nThe article\n"]
    for one in said:
        time = iso(one.second)[:19].replace("T", " ")
        answered = 1 if one.parent is None else one.parent + 2
        quote = f'[quote="{names.get(one.parent)}, post:{answered}, topic:5"]\nsome words\n[/quote]'
        posts.append(f"{one.author} | {time} UTC | #{one.number + 2}\n\n{quote}\n\n{one.words}\n")
    return "".join(f"{post}\n-------------------------\n\n" for post in posts)


def _archive(said):
    """Return a post with its comments as bdfr lays them out."""

    def comment(one):
        return {
            "author": one.author,
            "author_flair": None,
            "body": one.words,
            "created_utc": float(one.second),
            "distinguished": None,
            "id": f"c{one.number}",
            "is_submitter": False,
            "parent_id": f"t1_c{one.parent}" if one.parent is not None else "t3_post",
            "replies": [comment(reply) for reply in children(said, one.number)],
            "score": one.likes,
            "stickied": False,
            "submission": "post",
            "subreddit": "knots",
        }

    return {
        "author": "host",
        "comments": [comment(one) for one in children(said, None)],
        "created_utc": float(START_S),
        "id": "post",
        "name": "t3_post",
        "num_comments": len(said),
        "permalink": "/r/knots/comments/post/a_post/",
        "selftext": "",
        "title": "A post",
    }


def reddit_archive_yaml(said):
    import yaml

    return yaml.safe_dump(_archive(said))


def reddit_archive_xml(said):
    """As dict2xml writes: an element per key, lists by repeating theirs."""

    def write(key, value, depth):
        tabs = "\t" * depth
        if isinstance(value, list):
            return "".join(write(key, one, depth) for one in value) or f"{tabs}<{key}></{key}>\n"
        if isinstance(value, dict):
            inner = "".join(write(name, one, depth + 1) for name, one in value.items())
            return f"{tabs}<{key}>\n{inner}{tabs}</{key}>\n"
        return f"{tabs}<{key}>{escape(str(value))}</{key}>\n"

    return write("root", _archive(said), 0)


def reddit_request(said):
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "id",
            "permalink",
            "date",
            "ip",
            "subreddit",
            "gildings",
            "link",
            "parent",
            "body",
            "media",
        ]
    )
    place = "https://www.reddit.com/r/knots/comments/post/a_post/"
    for one in said:
        date = iso(one.second)[:19].replace("T", " ") + " UTC"
        parent = f"c{one.parent}" if one.parent is not None else ""
        own = [f"c{one.number}", f"{place}c{one.number}/", date, "192.0.2.7", "knots", 0]
        writer.writerow([*own, place, parent, one.words, ""])
    return out.getvalue()


def fourcat(said):
    """A dataset of Reddit."""
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        [
            "thread_id",
            "id",
            "timestamp",
            "body",
            "subject",
            "author",
            "subreddit",
            "parent",
            "score",
            "unix_timestamp",
        ]
    )
    writer.writerow(["post", "post", "", "The post", "A post", "host", "knots", "", 1, START_S])
    for one in said:
        date = iso(one.second)[:19].replace("T", " ")
        parent = f"t1_c{one.parent}" if one.parent is not None else "t3_post"
        own = ["post", f"c{one.number}", date, one.words, "", one.author, "knots", parent]
        writer.writerow([*own, one.likes, one.second])
    return out.getvalue()


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
    "disqus_api_json": ("disqus", disqus_api, None, True),
    "wordpress_rest_json": ("wordpress", wordpress_rest, None, False),
    "blogger_atom": ("blogger", blogger, None, False),
    "stackexchange_comments_xml": ("stackexchange", stackexchange_dump, 0, True),
    "stackexchange_api_json": ("stackexchange", stackexchange_api, 1, True),
    "hackernews_item_html": ("hackernews", hackernews_page, None, False),
    "reddit_thread_html": ("reddit", reddit_page, None, True),
    "reddit_archive_xml": ("reddit", reddit_archive_xml, None, True),
    "reddit_archive_yaml": ("reddit", reddit_archive_yaml, None, True),
    "reddit_request_csv": ("reddit", reddit_request, None, False),
    "substack_notes_json": ("substack", substack_notes, None, True),
    "discourse_raw_text": ("discourse", discourse_raw, None, False),
    "github_comments_json": ("github", github, 1, True),
    "fourcat_csv": ("4cat", fourcat, None, True),
    "table": ("forum", table_csv, None, True),
    "web_clip_markdown": ("anywhere", clip, None, True),
}
"""Each `source_format` → platform, renderer, deepest nesting, and whether it shows likes."""
