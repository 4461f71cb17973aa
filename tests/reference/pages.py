"""Copied Substack pages with avatar lines → rows of comments and threads."""

import hashlib
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from reference import hosts
from reference.dates import dated, utc
from reference.hosts import Row, normalised
from reference.patterns import compiled, extract

_BLANK = " \t\u00a0"
_AVATARS = ("'s avatar", "’s avatar")
_COMPOSERS = tuple(f"User{ending}" for ending in _AVATARS)
"""The box for the reader's own comment."""
_TERMINATOR = "Expand full comment"
_ID_DIGITS = 20

_MONTH = (
    r"(?:[Jj]an|[Ff]e[bv]|[Ff]évr|[Mm][aä]r|[Aa]pr|[Aa]br|[Aa]vr|[Mm]a[iygj]|[Jj]u[nlií]|[Gg]iu|[Ll]ug|[Aa]ug|[Aa]go|[Aa]oû"
    r"|[Ss]e[pt]|[Oo][ck]t|[Oo]ut|[Oo]tt|[Nn]ov|[Dd]e[czs]|[Dd]éc|[Dd]ic|[Ee]ne|[Gg]en)\p{Ll}*\.?"
)
_DATE = (
    rf"(?:{_MONTH} \d{{1,2}}(?:, \d{{4}})?"
    rf"|\d{{1,2}}\.? (?:de )?{_MONTH}(?:,? (?:de )?\d{{4}})?"
    r"|(?:\d{4} ?年 ?)?\d{1,2} ?月 ?\d{1,2} ?日"
    r"|\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|(?:[Hh]ace )?\d+ ?(?:s|mins?|m|hrs?|h|d|w|mo|y|días?|horas?|sem|meses|mes|años?)(?: ago)?"
    r"|\d+ ?(?:秒|分钟|小时|天|周|个月|年)前?|[Jj]ust now|刚刚)"
)
_EDITED = rf"\s?·?\s?\(?(?:[Ee]dited|[Ee]ditado|已编辑)(?: {_DATE})?\)?"
_LIKED = "(?:Liked by|Le gusta a|Le gustó a|作者赞过|点赞者：?|被赞：?)"
_META = compiled(
    rf"(?P<created>{_DATE})?(?P<edited>{_EDITED})?\s?·?\s?(?:{_LIKED} ?(?P<liker>[^\n]+?))?[{_BLANK}]*"
)
"""What stands between an author and their words."""
_NUMBER = r"\d[\d.,]*"
_DOTS = r"(?:\.\.\.|…)?"
_MORE = rf"{_NUMBER} (?:more comments?|comentarios? más){_DOTS}|(?:还有|另有|其他) ?{_NUMBER} ?条评论{_DOTS}"
_ON_SUBSTACK = r"\]\(https?://(?:www\.)?substack\.com"
_END = (
    r"TopLatest(?:Discussions)?|Top|Ready for more\?|No posts|See all|¿Quieres más\?|Sin publicaciones"
    r"|没有帖子|© ?\d{4}.*"
    rf"|(?:\[ ?Start your Substack ?{_ON_SUBSTACK}/signup[^\s()]*\)|\[ ?Get the app ?{_ON_SUBSTACK}/app[^\s()]*\))+"
    rf"|(?:Substack ?[∙·] ?)?\[Privacy{_ON_SUBSTACK}/privacy[^\s()]*\)[^\n]*"
)
"""What opens the page's end."""
_BUTTONS = (
    r"Latest|Discussions|Top first|New(?:est)? first|Oldest first|New|Chronological|Previous|Next|PreviousNext"
    r"|(?:Comments?|Comentarios?) ?Restacks?|Comments?|Restacks?|Comentarios|评论 ?转发|评论|转发|Log in|Sign in"
    rf"|(?:Write|Leave|Add) a comment{_DOTS}|Escrib[ei]r? un comentario{_DOTS}|写(?:一?条)?评论{_DOTS}"
    r"|Load more(?: comments)?|Subscribe|SubscribeSign in|Suscribirse|订阅|Get the app"
)
_SENTENCES = (
    r"No comments(?: yet)?\.?|Be the first to comment\.?|Sin comentarios|还没有评论"
    r"|Discussion about this (?:post|episode|video|podcast|note)"
    r"|(?:Discusión|Debate|Conversación) sobre (?:esta publicación|este post|este episodio)"
    r"|关于(?:此|这篇|本)(?:帖子?|文章?)的讨论|(?:此|这篇|本)(?:帖子?|文章?)的讨论"
    r"|Comment(?:s|ing) (?:has been|have been|are|is) (?:turned off|disabled|closed)[^\n]*"
    r"|Los comentarios (?:están|se han) (?:desactivados?|cerrados?)[^\n]*|评论(?:功能)?已关闭[^\n]*"
    r"|Start (?:writing|your Substack)[^\n]*|Privacy ?[∙·] ?Terms.*"
    r"|.*Substack(?:\]\([^)]*\))? ?is the home for great culture"
)
_FURNITURE = compiled(
    rf"(?:{_NUMBER} ?(?:[Cc]omments?|[Cc]omentarios?|条评论)|{_BUTTONS}|{_SENTENCES}|{_MORE}|{_END}"
    rf"|User['’]s avatar[{_BLANK}]*|{_TERMINATOR})"
)
_TAIL = compiled(f"(?:{_MORE}|{_END})")
_CARDS = compiled(rf"(?ms)\A(.*)^(?:{_END})$")
"""What stands between the comments and the page's end."""
_DECLARED = compiled(r"(?m)^(\d[\d,.]*) (?:Comments?|comments?)$")
_HIDDEN = compiled(r"(?m)^(\d+) more comments?(?:\.\.\.|…)$")


def _make_plain(text: str) -> str:
    """Return `text` without blanks at the ends of its lines."""
    return "\n".join(line.rstrip() for line in text.split("\n"))


def read(raw: Path, path: Path) -> tuple[Row, list[Row]]:
    """Return the thread on the page at `path` below `raw`, and its comments in order."""
    content = path.read_bytes()
    text = _make_plain(content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    place = path.relative_to(raw)
    platform, _, stem = place.with_suffix("").as_posix().partition("/")
    beside = path.with_suffix(".toml")
    said = tomllib.loads(beside.read_text(encoding="utf-8-sig")) if beside.exists() else {}
    comments, counts = _page(text)
    thread = {
        "thread_id": f"{platform}:{re.sub(r'(?<=[^/])@[^/]*$', '', stem)}",
        "platform": platform,
        "source_format": "substack_avatar_page",
        "title": said.get("title"),
        "url": None,
        "publication": said.get("publication"),
        "published_at": utc(said.get("published_at")),
        "captured_at": utc(said.get("captured_at")),
        "comment_count": len(comments),
        "platform_max_depth": None,
        "reply_prior": "preset",
        **counts,
        "source_path": place.as_posix(),
        "source_sha256": hashlib.sha256(content).hexdigest(),
    }
    _identify(thread, comments)
    hosts.mark(thread, comments, said.get("host"))
    return thread, comments


class _Lines(NamedTuple):
    """The lines of a page that aren't blank."""

    written: list[str]
    """All lines, blank ones too."""
    numbers: list[int]
    bare: list[str]
    names: list[str | None]
    """Whose avatar each line is."""


def _lines(text: str) -> _Lines:
    written = text.split("\n")
    numbers = [number for number, line in enumerate(written) if line.strip(_BLANK)]
    bare = [written[number].strip(_BLANK) for number in numbers]
    return _Lines(written, numbers, bare, [_avatar(line) for line in bare])


def _avatar(line: str) -> str | None:
    for ending in _AVATARS:
        if line.endswith(ending) and (name := line.removesuffix(ending)) and not name[-1].isspace():
            return name.strip()
    return None


def _page(text: str) -> tuple[list[Row], Row]:
    """Return what stands on a page: its comments, and what its lines are."""
    lines = _lines(text)
    written, numbers = lines.written, lines.numbers
    avatars = [at for at, name in enumerate(lines.names) if name]
    # The first may be the reader's own box.
    body = avatars[written[numbers[avatars[0]]].rstrip(_BLANK) in _COMPOSERS]
    starts = [
        at for at in avatars if at == body or (at > body and lines.bare[at - 1] == _TERMINATOR)
    ]
    stop, is_closed = _stop(lines, starts[-1])
    stops = [*(at - 1 for at in starts[1:]), stop]
    comments, furniture, said = [], len(starts) - 1 + is_closed, 0
    for position, (start, end) in enumerate(zip(starts, stops, strict=True)):
        first, meta = _meta(lines, start, end)
        comments.append(
            {
                "position": position,
                "author_name": lines.names[start],
                **meta,
                "text": _text(lines, first, end),
            }
        )
        furniture += first - start
        said += sum(bool(written[numbers[at]].strip()) for at in range(first, end))
    after = numbers[stop] + is_closed if stop < len(numbers) else len(written)
    counts = _around("\n".join(written[: numbers[body]]), "\n".join(written[after:]))
    counts["furniture_line_count"] += furniture
    told = counts["furniture_line_count"] + counts["unrecognised_line_count"]
    return comments, counts | {"line_count": said + told}


def _stop(lines: _Lines, last: int) -> tuple[int, bool]:
    """Return the line after those of the `last` comment, and whether it is the one that ends a comment."""
    ends = [at for at, line in enumerate(lines.bare) if line == _TERMINATOR]
    if ends and ends[-1] > last:
        return ends[-1], True
    below = range(last + 1, len(lines.bare))
    tails = (at for at in below if _TAIL.fullmatch(lines.written[lines.numbers[at]]))
    return next(tails, len(lines.bare)), False


def _meta(lines: _Lines, start: int, end: int) -> tuple[int, Row]:
    """Return the first line of a comment's text, and what the lines between it and the author's say."""
    said: Row = dict.fromkeys(("created", "edited", "liker"))
    at = start + 1
    while at < end and lines.numbers[at] == lines.numbers[at - 1] + 1:
        line = lines.written[lines.numbers[at]]
        found = _said(line)
        if found is None and line.strip() != lines.names[start]:
            break
        said = {
            name: said[name] if said[name] is not None else (found or {}).get(name) for name in said
        }
        at += 1
    is_edited = said["edited"] is not None
    return at, {
        "created_text": said["created"],
        "is_edited": is_edited if is_edited or said["created"] is not None else None,
        "liker": said["liker"],
    }


@cache
def _said(line: str) -> dict[str, str | None] | None:
    """Return what a line below the author's says; None if it is none. Few are different."""
    match = _META.fullmatch(line)
    return match.groupdict() if match and line.strip() else None


def _text(lines: _Lines, first: int, end: int) -> str:
    if first >= end:
        return ""
    block = lines.written[lines.numbers[first] : lines.numbers[end - 1] + 1]
    if _TERMINATOR in lines.bare[first:end]:
        block = [_TERMINATOR if line.strip(_BLANK) == _TERMINATOR else line for line in block]
    return "\n".join(block).strip()


def _around(header: str, end: str) -> Row:
    """Return what the page says above and below its comments, with the count of lines there."""
    around = f"{header}\n{end}"
    own = _FURNITURE.fullmatch
    shown = [line.strip() for line in around.split("\n") if line.strip()]
    furniture = sum(bool(own(line)) for line in shown)
    between = [line.strip() for line in (extract(_CARDS, end) or "").split("\n")]
    cards = sum(bool(line) and not own(line) for line in between)
    declared, more = extract(_DECLARED, around), extract(_HIDDEN, around)
    return {
        "declared_comment_count": declared and int(declared.replace(",", "").replace(".", "")),
        "hidden_comment_count": more and int(more),
        "furniture_line_count": furniture + cards,
        "unrecognised_line_count": len(shown) - furniture - cards,
    }


def digest(*parts: str) -> str:
    """Return the beginning of the MD5 of `parts`, which is an id."""
    return hashlib.md5("\x1f".join(parts).encode()).hexdigest()[:_ID_DIGITS]  # no secret


def _identify(thread: Row, comments: list[Row]) -> None:
    """Give each comment its ids, its day and its size."""
    platform, thread_id = thread["platform"], thread["thread_id"]
    scope = thread["publication"] or thread_id
    seen: Counter[str] = Counter()
    for comment in comments:
        author, text = normalised(comment["author_name"]), comment["text"]
        key = digest(thread_id, author, text.replace("\n", ""))
        seen[key] += 1
        comment |= {
            "comment_id": f"{platform}:{key}" + (f"-{seen[key]}" if seen[key] > 1 else ""),
            "thread_id": thread_id,
            "platform": platform,
            "author_id": f"{platform}:{digest(platform, scope, author)}",
            # What such a page never shows.
            **dict.fromkeys(("author_handle", "author_url", "url")),
            **dict.fromkeys(("like_count", "hidden_reply_count")),
            "is_deleted": False,
            "word_count": len(text.split()),
            **dated(comment["created_text"], thread["captured_at"]),
        }
