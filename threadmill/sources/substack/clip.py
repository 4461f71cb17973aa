"""Substack: pages clipped as markdown, where links keep ids, profiles and full times.

`[![NAME's avatar](image)](profile)`, `[NAME](profile)`, `[Oct 7](…/comment/ID "Oct 7, 2025, 12:43 AM")`. The
picture may be missing or empty, links may be split over lines, and all may be glued on one line. Lines are
cut into pieces at such links, and read as those of other pages are.
"""

import re
from collections.abc import Mapping

import polars as pl

from threadmill.sources.nested import match_all
from threadmill.sources.substack.lines import (
    AVATAR,
    COMPOSER,
    DATE,
    FOOT,
    META,
    NAME,
    PAGE,
    PUBLICATION,
    TOMBSTONE,
    Known,
    Link,
    Mark,
)
from threadmill.sources.substack.marks import CUT, FOLD, LIKE, REPLY, SHARE, TERMINATOR
from threadmill.sources.substack.rows import Rows, feet

FORMAT = "substack_markdown_clip"
MEANING = "a page clipped as markdown: links to profiles and comments, with ids and times"

_PERSON = r"https?://[^\s()<>]*(?:/profile/\d+|/@|/%40)[^\s()<>]*"
_COMMENT = r"https?://[^\s()<>]*/comment/\d+[^\s()<>]*"
_COMMENTS = r"https?://[^\s()<>]*/comments(?:[/?#][^\s()<>]*)?"
_PUBLICATION = r"https?://[^\s()<>]*utm_content=comment_metadata[^\s()<>]*"
_SCRIPT = r"javascript:[\w;.]*(?:\\?\([^()\\\n]*\\?\))?;?"
_TARGET = rf"(?:{_PERSON}|{_COMMENT}|{_COMMENTS}|{_PUBLICATION}|{_SCRIPT})"
_LABEL = rf"(?:\\.|[^\[\]\\\n{FOLD}])*"
_IMAGE = r"!\[(?:\\.|[^\]\\\n])*\]\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
_TITLE = r"(?:\s+\"[^\"\n]*\")?"
_MARKS = rf"{FOLD}?"
_LINK = rf"\[{_MARKS}(?:{_IMAGE}|{_LABEL}){_MARKS}\]\({_TARGET}{_TITLE}\)"
_BUTTONS = rf"(?:{TERMINATOR})?(?:{LIKE})?{REPLY}{SHARE}"
_PIECE = rf"(?:{_LINK}|{_IMAGE}(?:<{_PERSON}>)?|{_BUTTONS}|{TERMINATOR}|TopLatest(?:Discussions)?)".replace(
    "(?P<likes>", "(?:"
)
_SPLITS = (
    (
        rf"\[[ \t]*\n\s*({_IMAGE}|{_LABEL})[ \t]*\n\s*\]\(({_TARGET})",
        f"[{FOLD}${{1}}{FOLD}](${{2}}",
    ),
    (rf"\[[ \t]*\n\s*({_IMAGE}|{_LABEL})\]\(({_TARGET})", f"[{FOLD}${{1}}](${{2}}"),
    (rf"\[({_IMAGE}|{_LABEL})[ \t]*\n\s*\]\(({_TARGET})", f"[${{1}}{FOLD}](${{2}}"),
)
_CLAIM = (
    r"(?m)(?:avatar|头像)\]\(https?:|\]\(https?://[^\s()]*(?:/profile/\d|/@|/%40)[^\s()]*utm_source="
    r"|\]\(https?://[^\s()]*/comment/\d+[^\s()]* \"|^\[[^\]\n]*\]\(https?://[^\s()]*/comment/\d"
)
_CUTS = f" {CUT}"
_OPENS = ("[", "!")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()<>#+\-.!|~])")
_ADDRESS = (
    r"(https?://[^\s()<>\"?#]*?/(?:profile/(\d+)|comment/(\d+)|(?:@|%40)([^/\s()<>\"?#]+))[^\s()<>\"?#]*)"
    r"(?:[?#][^\s()<>\"]*)?"
)
_PLAIN = re.compile(rf"\[([^\[\]\\]*)\]\({_ADDRESS}(?: \"([^\"]*)\")?\)").fullmatch
_PICTURE = re.compile(rf"\[!\[([^\[\]\\]*)\]\([^()]*\)\]\({_ADDRESS}\)").fullmatch
_LONE_PICTURE = re.compile(rf"!\[([^\[\]\\]*)\]\([^()]*\)<{_ADDRESS}>").fullmatch
_IMAGE_LINK = re.compile(
    r"\[?!\[(?P<alt>.*?)\]\((?P<image>[^()]*(?:\([^()]*\)[^()]*)*)\)", re.DOTALL
)
_WEB = re.compile(rf"{_ADDRESS}").fullmatch
_LIST = re.compile(r"/comments(?:[/?#]|$)").search
_PICTURED = re.compile("avatar|头像|profile picture").search
_METADATA = "utm_content=comment_metadata"
_OPENS = ("[", "!")
_CUT_WORDS = (
    "](",
    "Share",
    "Compartir",
    "分享",
    "Expand full",
    "completo",
    "展开",
    "完整评论",
    "TopLatest",
)
"""One of them is in each line that has to be cut into pieces."""


def claims(documents: pl.DataFrame) -> pl.Series:
    """Return which documents hold links to profiles or comments as markdown writes them."""
    return match_all(documents["text"], r"\]\(http", _CLAIM)


def fold(texts: pl.Series) -> pl.Series:
    """Return `texts` with each link that is split over lines on one, marked by `FOLD`."""
    if texts.str.contains(r"\[[ \t]*\n|\n\s*\]\(").any():
        for pattern, replacement in _SPLITS:
            texts = texts.str.replace_all(pattern, replacement)
    return texts


def whole(text: str) -> str:
    """Return text cut by `CUT` and `FOLD` as it was."""
    if CUT in text:
        text = text.replace(f"{CUT}\n", "").replace(CUT, "")
    return text.replace(FOLD, "\n")


def pieces(clips: list[list[str]], known: Known) -> dict[str, list[str]]:
    """Return the pieces of each line of `clips`, which are tidy, that has links or buttons glued to others."""
    known.learn({line for lines in clips for line in lines if line[:1] not in _OPENS})
    for lines in clips:
        for line in lines:
            if line[:1] == "[" and (one := _plain_link(line.replace(FOLD, ""), known)):
                known.links[line] = one
    glued = {
        line
        for lines in clips
        for line in lines
        if line not in known.links
        and line not in known.marks
        and any(word in line for word in _CUT_WORDS)
    }
    if not glued:
        return {}
    texts = pl.Series([*glued])
    cut = texts.str.replace_all(_PIECE, f"{CUT}${{0}}{CUT}").str.split(CUT)
    found_pieces = {
        line: [piece for piece in cut_line if piece.strip()]
        for line, cut_line in zip(texts, cut.to_list(), strict=True)
    }
    parts = {piece.strip() for one in found_pieces.values() for piece in one}
    known.learn({piece for piece in parts if piece[:1] not in _OPENS})
    for piece in parts:
        if piece[:1] in _OPENS:
            one = piece.replace(FOLD, "")
            known.links[piece] = _plain_link(one, known) or _odd_link(one, known)
    return found_pieces


def read(
    text: str, lines: list[str], tidy: list[str], cut: Mapping[str, list[str]], known: Known
) -> Rows:
    """Return the rows of a clip, `text`, with `lines` once links are folded.

    `tidy` are the same with plain white space, `cut` as `pieces`.
    """
    written: list[str] = []
    at: list[int] = []
    bare: list[str] = []
    numbers: list[int] = []
    gaps: list[bool] = []
    glued: set[int] = set()
    found: list[Mark | None] = []
    folds: dict[int, int] = {}
    links, marks = known.links, known.marks
    number, below = 1, 0
    unfolded = text.split("\n") if len(lines) <= text.count("\n") else lines
    for line, words in zip(lines, tidy, strict=True):
        if not words:
            written.append(line)
            number += 1
            continue
        parts = cut.get(words) if cut else None
        row = len(at)
        gaps.append(number > below or not row)
        if parts is None:
            at.append(len(written))
            written.append(line)
            shown, one = links.get(words) or (words, marks.get(words))
            bare.append(shown)
            found.append(one)
            numbers.append(number)
        else:
            for place, part in enumerate(parts):
                if place:
                    glued.add(row + place)
                    gaps.append(False)
                at.append(len(written))
                written.append(part + CUT if place + 1 < len(parts) else part)
                piece = part.strip()
                shown, one = links.get(piece) or (piece, marks.get(piece))
                bare.append(shown)
                found.append(one)
                numbers.append(number)
        if more := words.count(FOLD):
            folds[row] = more
            for _ in filter(str.strip, words.split(FOLD)[1:]):
                number += 1
                # Blank lines within a link went, too.
                while number < len(unfolded) and not unfolded[number - 1].strip():
                    number += 1
        number += 1
        below = number
    _unlink_words(found, glued)
    return Rows(
        written,
        at,
        bare,
        found,
        gaps,
        numbers,
        feet(found),
        lines == tidy,
        is_clip=True,
        glued=frozenset(glued),
        folds=folds,
    )


def _unlink_words(found: list[Mark | None], glued: set[int]) -> None:
    """Make links text where they stand among the words of a line: behind text, or right before it.

    A date may have its text right behind it, but then the name is right before it.
    """
    linked, heads = (NAME, META, PUBLICATION), (AVATAR, NAME, PUBLICATION)
    for row in sorted(glued):
        one, above = found[row], found[row - 1]
        if one is not None:
            if above is None and one.link is not None and one.kind in linked:
                found[row] = None
        elif above is not None and above.link is not None and above.kind in linked:
            before = found[row - 2] if row - 1 in glued else None
            if before is None or before.kind not in heads:
                found[row - 1] = None


def _plain_link(words: str, known: Known) -> tuple[str, Mark | None] | None:
    """Return the label and the mark of `[label](target)` or `[![alt](image)](target)`, None if it is none."""
    title, is_image = None, False
    if (found := _PLAIN(words)) is not None:
        label, address, profile, number, handle, title = found.groups()
    elif (found := _PICTURE(words) or _LONE_PICTURE(words)) is not None:
        label, address, profile, number, handle = found.groups()
        is_image = True
    else:
        return None
    label = label.strip()
    if _METADATA in words:
        return label or address, Mark(PUBLICATION, link=Link(address))
    if number is not None:
        return label or address, _comment(label, address, number, title, known)
    return label or address, _person(label, address, profile, handle, is_image, known)


def _odd_link(words: str, known: Known) -> tuple[str, Mark | None]:
    """Return the label and the mark of a link that isn't written plainly."""
    is_image, title = False, ""
    if words.startswith(("![", "[![")):
        if not (found := _IMAGE_LINK.match(words)):
            return words, None
        is_image, label = True, found["alt"]
        target = words[found.end() :]
        target = target[1:-1] if words.startswith("!") else target.removeprefix("](")[:-1]
    else:
        label, _, target = words[1:].partition("](")
        target = target.removesuffix(")")
    url, _, title = target.partition('"')
    url, label = url.strip(), _ESCAPED.sub(r"\1", label).strip()
    shown = label or url
    if web := _WEB(url):
        if _METADATA in url:
            return shown, Mark(PUBLICATION, link=Link(web[1]))
        if web[3] is not None:
            return shown, _comment(label, web[1], web[3], title.removesuffix('"').strip(), known)
        return shown, _person(label, web[1], web[2], web[4], is_image, known)
    if _METADATA in url and url.startswith("http") and ")" not in url:
        return shown, Mark(PUBLICATION, link=Link(url))
    if url.startswith("javascript:") or _LIST(url) or (is_image and _PICTURED(label)):
        return shown, known.of(shown)
    if is_image and not url:
        return shown or words, Mark(PAGE)
    return words, known.of(words)


def _person(
    label: str, address: str, number: str | None, handle: str | None, is_image: bool, known: Known
) -> Mark:
    """Return the mark of a link to a profile: a picture, or the name."""
    if "%40" in address:
        address = address.replace("%40", "@")
    link = Link(address, None, number, handle)
    if is_image or not label:
        own = known.of(label) if label else None
        if own is not None and own.kind == COMPOSER:
            return own
        name = own.name if own is not None and own.kind == AVATAR else None
        return Mark(AVATAR, 0, 0, name, link=link)
    if _PICTURED(label) and (own := known.of(label)) and own.kind == AVATAR:
        return own._replace(link=link)
    return Mark(NAME, 0, 0, label, link=link)


def _comment(label: str, address: str, number: str, title: str | None, known: Known) -> Mark | None:
    """Return the mark of a link to a comment: its date, or what stands below it."""
    own = known.of(label) if label else None
    if own is not None and own.kind in (FOOT, TOMBSTONE):
        return own
    link = Link(address, number, None, None, title or None)
    if own is not None and own.kind == META:
        return Mark(META, 0, DATE, None, own.created, own.is_edited, own.liker, link=link)
    return Mark(META, 0, DATE, None, label or None, link=link)
