"""Discourse: the words of a topic as `/raw` gives them: a line with name, time and number, then markdown."""

import re
from typing import NamedTuple

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.schema.frames import Comment, Parsed, Thread
from threadmill.sources import nested, scalars
from threadmill.sources.contract import Format, Source
from threadmill.sources.counts import Count
from threadmill.sources.nested import Read

FORMAT = "discourse_raw_text"
RULE = "-------------------------"
QUOTE_MAX_DEPTH = 5
"""Deeper quotes are written as this deep: hostile nesting would square the text."""
MARK = r"(?m)^[^|\n]{1,80} \| \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \| #\d{1,9}[ \t]*$"
_HEAD = re.compile(
    r"(?P<name>[^|\n]{1,80}) \| (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC) \| #(?P<number>\d{1,9})\s*\Z"
)
_QUOTE = re.compile(r"\[quote(?:=\"?([^\]\n]{0,200}?)\"?)?\]|\[/quote\]")
_QUOTED = re.compile(r"(?P<name>[^,]+), post:(?P<number>\d{1,9}), topic:(?P<topic>\d{1,18})")


class _Post(NamedTuple):
    """A post as it stands in the text."""

    line: int
    name: str
    time: str
    number: int
    words: str


def recognise(documents: pl.DataFrame) -> pl.Series:
    """Return which documents begin with the head of a post and have rules between posts, or one post alone."""
    head = rf"\A\s*{MARK.removeprefix('(?m)^').removesuffix('$')}\n"
    return nested.match_all(documents["text"], head)


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of topics as words."""
    return nested.parse(documents, FORMAT, read, _count)


def read(text: str) -> Read:
    """Return what one page of a topic holds. The first post is the article; only quotes tell who answers whom."""
    posts = _split_posts(text)
    if not posts:
        raise Unreadable("no_thread", "no line with name, time and number, as /raw begins a post")
    names = {post.number: post.name for post in posts}
    topic = _find_topic(posts, names)
    article = next((post for post in posts if post.number == 1), None)
    thread = Thread(
        native_id=topic,
        published_at=scalars.read_iso(article.time) if article else None,
        host_name=scalars.read_name(article.name) if article else None,
        # Each site has its own numbers.
        is_id_local=True,
        is_chronological=True,
    )
    comments = [
        _build_comment(post, topic, names, place)
        for place, post in enumerate(one for one in posts if one.number != 1)
    ]
    return Read([thread], comments, left_out=sum(post.number == 1 for post in posts))


def _split_posts(text: str) -> list[_Post]:
    """Return the posts of `text`: a head counts at the start and below a rule, elsewhere it is words."""
    posts: list[_Post] = []
    own: list[str] = []
    head: re.Match[str] | None = None
    start, is_open = 0, True
    for number, line in enumerate(text.split("\n"), 1):
        found = _HEAD.match(line) if is_open else None
        if found:
            if head:
                posts.append(_build_post(head, start, own))
            head, start, own = found, number, []
        else:
            own.append(line)
        is_open = line.strip() == RULE or (is_open and not line.strip())
    if head:
        posts.append(_build_post(head, start, own))
    return posts


def _build_post(head: re.Match[str], line: int, lines: list[str]) -> _Post:
    words = scalars.clean_text("\n".join(lines)).strip()
    words = words.removesuffix(RULE).strip()
    return _Post(line, head["name"], head["time"], int(head["number"]), words)


def _find_topic(posts: list[_Post], names: dict[int, str]) -> str | None:
    """Return the topic's id, which quotes of its own posts tell: those whose name and number fit."""
    for post in posts:
        for found in _QUOTE.finditer(post.words):
            quoted = _QUOTED.match(found[1] or "")
            if quoted and names.get(int(quoted["number"])) == quoted["name"]:
                return quoted["topic"]
    return None


def _build_comment(post: _Post, topic: str | None, names: dict[int, str], position: int) -> Comment:
    answered = _find_answered(post, topic, names)
    parent = f"{topic}-{answered}" if answered and answered > 1 else None
    return Comment(
        native_id=f"{topic}-{post.number}" if topic else None,
        text=_write_quotes(post.words),
        position=position,
        parent_native_id=parent,
        parent_status="explicit" if parent else "top_level" if answered else None,
        author_name=scalars.read_name(post.name),
        author_native_id=scalars.read_name(post.name),
        author_handle=scalars.read_name(post.name),
        created_at=scalars.read_iso(post.time),
        thread_native_id=topic,
        line=post.line,
    )


def _find_answered(post: _Post, topic: str | None, names: dict[int, str]) -> int | None:
    """Return the number of the post that a text quotes first, if it is an earlier one of this topic."""
    for found in _QUOTE.finditer(post.words):
        quoted = _QUOTED.match(found[1] or "")
        number = int(quoted["number"]) if quoted else 0
        if quoted and quoted["topic"] == topic and number < post.number and number in names:
            return number
    return None


def _write_quotes(words: str) -> str:
    """Return `words` with what stands between `[quote]` and `[/quote]` as lines that begin with `> `."""
    if "[quote" not in words:
        return words
    lines: list[str] = []
    depth = place = 0
    for found in (*_QUOTE.finditer(words), None):
        end = found.start() if found else len(words)
        mark = "> " * min(depth, QUOTE_MAX_DEPTH)
        part = words[place:end].strip()
        lines += [*((mark + line).rstrip() for line in part.split("\n")), ""] if part else []
        if found is None:
            break
        place = found.end()
        depth = max(0, depth + (-1 if found[0] == "[/quote]" else 1))
    return "\n".join(lines).strip()


def _count(text: str) -> Count | None:
    """Count the rules, of which one ends each post but may be left off the last."""
    heads = re.findall(MARK, text)
    rules = sum(line.strip() == RULE for line in text.split("\n"))
    return None if len(heads) != rules else Count(rules, "rules between posts")


SOURCE = Source(
    platform="discourse",
    name="raw words",
    formats=(
        Format(
            FORMAT,
            "the words of a topic: name | time | #number before each post, rules between",
            "save <forum>/raw/<topic>?page=1, page by page",
        ),
    ),
    parse=parse,
    recognise=recognise,
    marks=(MARK, rf"(?m)^{RULE}[ \t]*$"),
)
