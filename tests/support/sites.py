"""A server on loopback that answers as the APIs do that `threadmill.fetch` asks; a process of its own.

Each part follows public documentation, or the code that serves or reads it:

    Discourse       https://docs.discourse.org; discourse/discourse: topics_controller, topic_view, list_controller
    Hacker News     https://hn.algolia.com/api (items); HackerNews/API on GitHub (Firebase)
    Substack        none is public; NHagar/substack_api and other clients on GitHub read archive, posts and comments
    WordPress       https://developer.wordpress.org/rest-api: pagination, comments, posts
    Mastodon        https://docs.joinmastodon.org: methods/statuses, methods/accounts, entities/Status
    Lemmy           LemmyNet/lemmy-js-client; LemmyNet/lemmy: db_views/src/comment_view.rs
    Bluesky         bluesky-social/atproto: lexicons app.bsky.feed, com.atproto.identity
    Stack Exchange  https://api.stackexchange.com/docs: filters, questions, throttle, wrapper

What it serves, and how it fails, is in `state.json` of its folder, which a test may write again at any moment; each
request is a line of `requests.ndjson` there.
"""

import hashlib
import http.server
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

CHUNK, PRINTED = 20, 1000  # Discourse's posts a page


def iso(at, end=".000Z"):
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}{end}"


class Missing(Exception):  # noqa: N818
    """There is no such thing."""


class Site:
    """Answers as all the APIs at once: their paths differ."""

    def __init__(self, state, host):
        self.threads = {str(one["id"]): one for one in state["threads"]}
        self.state = state
        self.host = host
        self.headers = {}

    def thread(self, name):
        if name not in self.threads:
            raise Missing
        return self.threads[name]

    def answer(self, path, query):
        """The JSON that the address has."""
        parts = path.strip("/").split("/")
        if parts[0] == "t" or parts[0] == "c" or path == "/latest.json":
            return self.discourse(parts, query)
        if parts[:3] == ["api", "v1", "items"]:
            return self.algolia(self.thread(parts[3]))
        if parts[:2] == ["v0", "item"]:
            return self.firebase(parts[2].removesuffix(".json"))
        if parts[:2] == ["api", "v1"] and parts[2] in ("posts", "post", "archive"):
            return self.substack(parts, query)
        if parts[:3] == ["wp-json", "wp", "v2"]:
            return self.wordpress(parts[3], query)
        if parts[:2] == ["api", "v1"]:
            return self.mastodon(parts, query)
        if parts[:2] == ["api", "v3"]:
            return self.lemmy("/".join(parts[2:]), query)
        if parts[0] == "xrpc":
            return self.bluesky(parts[1], query)
        if parts[0] == "2.3":
            return self.stackexchange(parts, query)
        raise Missing

    # Discourse

    def discourse(self, parts, query):
        if parts[0] != "t":
            return self.topic_list(query)
        topic = self.thread(parts[1].removesuffix(".json"))
        own = [
            {
                "id": int(topic["id"]) * 10_000,
                "by": topic["by"],
                "text": topic["title"],
                "at": topic["at"],
                "parent": None,
            }
        ]
        posts = [*own, *topic["comments"]]
        ids = [one["id"] for one in posts]
        size = PRINTED if query.get("print") == "true" else CHUNK
        page = int(query.get("page", 1))
        shown = posts[(page - 1) * size : page * size]
        stream = {
            "posts": [
                {
                    "id": one["id"],
                    "name": one["by"].title(),
                    "username": one["by"],
                    "created_at": iso(one["at"]),
                    "cooked": f"<p>{one['text']}</p>",
                    "post_number": ids.index(one["id"]) + 1,
                    "post_type": 1,
                    "updated_at": iso(one["at"]),
                    "reply_count": 0,
                    "reply_to_post_number": ids.index(one["parent"]) + 1
                    if one["parent"] in ids
                    else None,
                    "topic_id": int(topic["id"]),
                    "topic_slug": "topic",
                    "version": 1,
                    "actions_summary": [],
                    "user_id": 1 + sum(one["by"].encode()),
                }
                for one in shown
            ],
            "stream": ids,
        }
        return {
            "post_stream": stream,
            "id": int(topic["id"]),
            "title": topic["title"],
            "slug": "topic",
            "posts_count": len(posts),
            "created_at": iso(topic["at"]),
            "last_posted_at": iso(posts[-1]["at"]),
            "chunk_size": size,
        }

    def topic_list(self, query):
        page, size = int(query.get("page", 0)), 30
        topics = sorted(self.threads.values(), key=lambda one: -one["at"])
        more = (
            {"more_topics_url": f"/latest?page={page + 1}"}
            if len(topics) > (page + 1) * size
            else {}
        )
        return {
            "topic_list": {
                "per_page": size,
                "topics": [
                    {
                        "id": int(one["id"]),
                        "created_at": iso(one["at"]),
                        "bumped_at": iso(one["at"]),
                        "pinned": False,
                    }
                    for one in topics[page * size : (page + 1) * size]
                ],
                **more,
            }
        }

    # Hacker News

    def algolia(self, story):
        def below(parent):
            return [
                {
                    "id": one["id"],
                    "created_at": iso(one["at"]),
                    "created_at_i": one["at"],
                    "type": "comment",
                    "author": one["by"],
                    "title": None,
                    "text": f"<p>{one['text']}",
                    "points": None,
                    "parent_id": one["parent"] or int(story["id"]),
                    "story_id": int(story["id"]),
                    "children": below(one["id"]),
                }
                for one in story["comments"]
                if one["parent"] == parent
            ]

        return {
            "id": int(story["id"]),
            "created_at": iso(story["at"]),
            "created_at_i": story["at"],
            "type": "story",
            "author": story["by"],
            "title": story["title"],
            "text": None,
            "points": 9,
            "parent_id": None,
            "story_id": int(story["id"]),
            "children": below(None),
        }

    def firebase(self, name):
        for story in self.threads.values():
            kids = [one["id"] for one in story["comments"] if one["parent"] is None]
            if name == str(story["id"]):
                return {"id": int(name), "type": "story", "by": story["by"], "time": story["at"],
                        "title": story["title"], "descendants": len(story["comments"]), "kids": kids}  # fmt: skip
            for one in story["comments"]:
                if name == str(one["id"]):
                    below = [
                        other["id"] for other in story["comments"] if other["parent"] == one["id"]
                    ]
                    more = {"kids": below} if below else {}
                    return {"id": one["id"], "type": "comment", "by": one["by"], "time": one["at"], "text": one["text"],
                            "parent": one["parent"] or int(story["id"]), **more}  # fmt: skip
        return None

    # Substack

    def substack(self, parts, query):
        def post(one):
            return {
                "id": int(one["id"]),
                "slug": f"post-{one['id']}",
                "title": one["title"],
                "post_date": iso(one["at"]),
                "canonical_url": f"https://elsewhere.example/p/post-{one['id']}",
                "audience": "everyone",
                "publishedBylines": [{"id": 5, "name": one["by"].title(), "handle": one["by"]}],
                "comment_count": len(one["comments"]),
            }

        if parts[2] == "archive":
            # Fewer than asked for.
            start = int(query.get("offset", 0))
            posts = sorted(self.threads.values(), key=lambda one: -one["at"])
            return [post(one) for one in posts[start : start + min(int(query["limit"]), 10)]]
        if parts[2] == "posts":
            return post(self.thread(parts[3].removeprefix("post-")))
        own = self.thread(parts[3])

        def below(parent, path):
            return [
                {
                    "id": one["id"],
                    "body": one["text"],
                    "name": one["by"].title(),
                    "handle": one["by"],
                    "user_id": 1 + sum(one["by"].encode()),
                    "date": iso(one["at"]),
                    "edited_at": None,
                    "deleted": False,
                    "post_id": int(own["id"]),
                    "ancestor_path": path,
                    "reactions": {"❤": 0},
                    "reaction_count": 0,
                    "children_count": 0,
                    "children": below(one["id"], f"{path}.{one['id']}".strip(".")),
                }
                for one in own["comments"]
                if one["parent"] == parent
            ]

        return {"comments": below(None, "")}

    # WordPress

    def wordpress(self, what, query):
        page, size = int(query.get("page", 1)), int(query.get("per_page", 10))
        if what == "posts":
            posts = sorted(self.threads.values(), key=lambda one: -one["at"])
            if "slug" in query:
                posts = [one for one in posts if f"post-{one['id']}" == query["slug"]]
            if "after" in query:
                after = datetime.fromisoformat(query["after"]).timestamp()
                posts = [one for one in posts if one["at"] > after]
            items = [
                {
                    "id": int(one["id"]),
                    "slug": f"post-{one['id']}",
                    "link": f"http://{self.host}/2026/post-{one['id']}/",
                    "date_gmt": iso(one["at"], ""),
                }
                for one in posts
            ]
        else:
            post = self.thread(query["post"])
            items = [
                {
                    "id": one["id"],
                    "post": int(post["id"]),
                    "parent": one["parent"] or 0,
                    "author": 0,
                    "author_name": one["by"].title(),
                    "author_url": "",
                    "date": iso(one["at"], ""),
                    "date_gmt": iso(one["at"], ""),
                    "content": {"rendered": f"<p>{one['text']}</p>\n"},
                    "link": f"http://{self.host}/2026/post-{post['id']}/#comment-{one['id']}",
                    "status": "approved",
                    "type": "comment",
                }
                for one in post["comments"]
            ]
        self.headers |= {
            "X-WP-Total": str(len(items)),
            "X-WP-TotalPages": str(-(-len(items) // size)),
        }
        return items[(page - 1) * size : page * size]

    # Mastodon

    def status(self, own_id, one, parent):
        account = {
            "id": str(1 + sum(one["by"].encode())),
            "username": one["by"],
            "acct": one["by"],
            "display_name": one["by"].title(),
            "url": f"http://{self.host}/@{one['by']}",
        }
        return {
            "id": str(own_id),
            "created_at": iso(one["at"]),
            "in_reply_to_id": parent,
            "spoiler_text": "",
            "visibility": "public",
            "url": f"http://{self.host}/@{one['by']}/{own_id}",
            "content": f"<p>{one.get('text', one.get('title'))}</p>",
            "reblog": None,
            "edited_at": None,
            "favourites_count": 0,
            "account": account,
            "mentions": [],
        }

    def mastodon(self, parts, query):
        if parts[2] == "accounts":
            if parts[3] == "lookup":
                return {"id": "77", "acct": query["acct"]}
            own = sorted(self.threads.values(), key=lambda one: -int(one["id"]))
            own = [one for one in own if int(one["id"]) < int(query.get("max_id", 10**9))]
            return [self.status(one["id"], one, None) for one in own[: int(query.get("limit", 20))]]
        thread = self.thread(parts[3])
        if len(parts) == 4:
            return self.status(thread["id"], thread, None)
        below = [
            self.status(one["id"], one, str(one["parent"] or thread["id"]))
            for one in thread["comments"]
        ]
        return {"ancestors": [], "descendants": below}

    # Lemmy

    def lemmy(self, what, query):
        page, size = int(query.get("page", 1)), min(int(query.get("limit", 10)), 50)
        if what == "post/list":
            posts = sorted(self.threads.values(), key=lambda one: -one["at"])
            return {
                "posts": [
                    {"post": self.lemmy_post(one)} for one in posts[(page - 1) * size : page * size]
                ]
            }
        thread = self.thread(query["post_id"])
        paths = {None: "0"}
        items = []
        for one in thread["comments"]:
            paths[one["id"]] = f"{paths[one['parent']]}.{one['id']}"
            creator = 1 + sum(one["by"].encode())
            items.append(
                {
                    "comment": {
                        "id": one["id"],
                        "creator_id": creator,
                        "post_id": int(thread["id"]),
                        "content": one["text"],
                        "removed": False,
                        "deleted": False,
                        "published": iso(one["at"], ".123456Z"),
                        "ap_id": f"http://{self.host}/comment/{one['id']}",
                        "local": True,
                        "path": paths[one["id"]],
                        "distinguished": False,
                        "language_id": 0,
                    },
                    "creator": {
                        "id": creator,
                        "name": one["by"],
                        "actor_id": f"http://{self.host}/u/{one['by']}",
                        "local": True,
                    },
                    "post": self.lemmy_post(thread),
                    "counts": {"score": 1, "upvotes": 1, "downvotes": 0, "child_count": 0},
                }
            )
        if "max_depth" in query:
            return {"comments": items[:300]}
        return {"comments": items[(page - 1) * size : page * size]}

    def lemmy_post(self, one):
        return {
            "id": int(one["id"]),
            "name": one["title"],
            "creator_id": 1 + sum(one["by"].encode()),
            "published": iso(one["at"], ".123456Z"),
            "ap_id": f"http://{self.host}/post/{one['id']}",
            "local": True,
        }

    # Bluesky

    def bluesky(self, method, query):
        did = "did:plc:abc"

        def post(own_id, one, reply=None):
            record = {
                "$type": "app.bsky.feed.post",
                "createdAt": iso(one["at"]),
                "text": one.get("text", one.get("title")),
            }
            author = {
                "did": f"did:plc:{one['by']}",
                "handle": f"{one['by']}.example",
                "displayName": one["by"].title(),
            }
            return {
                "uri": f"at://{did}/app.bsky.feed.post/{own_id}",
                "cid": "bafy",
                "author": author,
                "record": record | ({"reply": reply} if reply else {}),
                "replyCount": 0,
                "likeCount": 0,
                "indexedAt": iso(one["at"]),
            }

        if method == "com.atproto.identity.resolveHandle":
            return {"did": did}
        if method == "app.bsky.feed.getAuthorFeed":
            own = sorted(self.threads.values(), key=lambda one: -one["at"])
            start = int(query.get("cursor", 0))
            size = int(query["limit"])
            more = {"cursor": str(start + size)} if len(own) > start + size else {}
            return {
                "feed": [{"post": post(one["id"], one)} for one in own[start : start + size]]
            } | more
        name = query["uri"].rpartition("/")[2]
        if name not in self.threads:
            self.headers[":status"] = "400"
            return {"error": "NotFound", "message": f"Post not found: {query['uri']}"}
        thread = self.threads[name]

        def view(own_id, one, parent):
            uri = f"at://{did}/app.bsky.feed.post/"
            reply = {"root": {"uri": uri + name}, "parent": {"uri": f"{uri}{parent or name}"}}
            return {
                "$type": "app.bsky.feed.defs#threadViewPost",
                "post": post(own_id, one, reply if "parent" in one else None),
                "replies": [
                    view(other["id"], other, other["parent"])
                    for other in thread["comments"]
                    if other["parent"] == (own_id if "parent" in one else None)
                ],
            }

        return {"thread": view(thread["id"], thread, None)}

    # Stack Exchange

    def stackexchange(self, parts, query):
        # Without a filter that leaves it out, each wrapper has another quota.
        if parts[1:] == ["filters", "create"]:
            return {"items": [{"filter": "!made)Here", "filter_type": "safe"}], "has_more": False}
        wrapper = {"has_more": False} | self.state.get("wrapper", {})
        link = "https://stackoverflow.com"

        def owner(by):
            number = 1 + sum(by.encode())
            return {
                "user_id": number,
                "display_name": by.title(),
                "link": f"{link}/users/{number}/{by}",
            }

        def comment(one, post):
            return {"comment_id": one["id"], "post_id": post, "owner": owner(one["by"]), "body": one["text"],
                    "score": 0, "edited": False, "creation_date": one["at"]}  # fmt: skip

        def question(one):
            found = {"question_id": int(one["id"]), "title": one["title"], "owner": owner(one["by"]),
                     "creation_date": one["at"], "link": f"{link}/questions/{one['id']}/words"}  # fmt: skip
            if query.get("filter") != "!made)Here":
                return found
            answers = []
            for own in one["comments"]:
                if own["parent"] is None:
                    below = [
                        comment(other, own["id"])
                        for other in one["comments"]
                        if other["parent"] == own["id"]
                    ]
                    answers.append({"answer_id": own["id"], "question_id": int(one["id"]), "owner": owner(own["by"]),
                                    "body": f"<p>{own['text']}</p>", "score": 1, "creation_date": own["at"],
                                    **({"comments": below} if below else {})})  # fmt: skip
            return found | {"body": f"<p>{one['title']}</p>", "answers": answers}

        if len(parts) == 3:
            return wrapper | {
                "items": [
                    question(one) for one in self.threads.values() if str(one["id"]) == parts[2]
                ]
            }
        page, size = int(query["page"]), int(query["pagesize"])
        own = [one for one in self.threads.values() if one["at"] >= int(query["fromdate"])]
        own = sorted(own, key=lambda one: -one["at"])
        return {
            "items": [question(one) for one in own[(page - 1) * size : page * size]],
            "has_more": len(own) > page * size,
        }


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path
    counts: dict

    def log_message(self, *_arguments):
        pass

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        state = json.loads((self.folder / "state.json").read_text())
        said = {"path": self.path, "at": time.monotonic(), "headers": dict(self.headers)}
        with (self.folder / "requests.ndjson").open("a") as file:
            file.write(json.dumps(said) + "\n")
        fault = self.find_fault(state.get("faults", []))
        if fault and not fault.get("body"):
            return self.fail(fault)
        if parts.path == "/robots.txt":
            robots = state.get("robots")
            return self.send(
                404 if robots is None else 200,
                (robots or "").encode(),
                {"Content-Type": "text/plain"},
            )
        site = Site(state, self.headers["Host"])
        try:
            body = json.dumps(site.answer(parts.path, query), separators=(",", ":")).encode()
        except Missing:
            return self.send(state.get("missing", 404), b'{"error":"not found"}', {})
        if fault:
            return self.send_badly(fault["body"], body)
        headers = {"Content-Type": "application/json"} | site.headers
        status = int(headers.pop(":status", 200))
        # As Rack and others make them: of the bytes.
        etag = f'W/"{hashlib.sha256(body).hexdigest()[:16]}"'
        if state.get("etags", True):
            headers["ETag"] = etag
            if self.headers.get("If-None-Match") == etag:
                return self.send(304, b"", {"ETag": etag})
        return self.send(status, body, headers)

    def find_fault(self, faults):
        for number, fault in enumerate(faults):
            key = json.dumps([number, fault])
            if self.path.startswith(fault["path"]) and self.counts.get(key, 0) < fault.get(
                "times", 1_000
            ):
                self.counts[key] = self.counts.get(key, 0) + 1
                return fault
        return None

    def fail(self, fault):
        self.send(fault["status"], b"{}", fault.get("headers", {}))

    def send_badly(self, how, body):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        if how == "cut":
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.close_connection = True
        if how in ("cut", "cut without length"):
            self.wfile.write(body[: len(body) // 2])
        elif how == "slow":
            for place in range(0, len(body), 20):
                self.wfile.write(body[place : place + 20])
                self.wfile.flush()
                time.sleep(0.05)
        elif how == "page":
            self.wfile.write(b"<!doctype html><title>Just a moment</title>")

    def send(self, status, body, headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main(folder):
    Handler.folder, Handler.counts = Path(folder), {}
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port = Path(folder, "port.part")
    port.write_text(str(server.server_port))
    port.rename(Path(folder, "port"))
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
