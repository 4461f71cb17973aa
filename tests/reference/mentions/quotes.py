"""Quotations: earlier comments' words, somebody else's words, and words held at arm's length."""

from collections.abc import Iterator
from typing import NamedTuple

from reference.hosts import Row
from reference.mentions.hits import Hit, Text, folded, hit, normal
from reference.patterns import Span, compiled, extract, has, spans
from threadmill.mentions.rules.quotes import (
    _ANCHOR_WORDS,
    _BLOCK,
    _HEADED,
    _HEADED_CHARS,
    _MARKS,
    _QUOTE_CHARS,
    _QUOTE_WORDS,
    _QUOTED,
    _QUOTED_CHARS,
    _SPEECH,
    _SPEECH_AFTER,
    _SPEECH_WORDS,
)

_QUOTATION_MARKS = ('"', "“", "„", "«", "「", "『")
_ARROWS = r"(?m)^[ \t]*>+ ?"
_BLOCK_CHARS = 8
_GAP = "\ufdd0"
"""Stands where a quotation leaves words out."""


class Spoken(NamedTuple):
    """An earlier comment of the thread, its words as quotations are looked for in them."""

    comment: Row
    words: str


def spoken(text: Text) -> Spoken:
    """Return what later comments may quote of `text`."""
    return Spoken(text.comment, _single(text.folded))


def _single(text: str) -> str:
    return compiled(" {2,}").sub(" ", text) if "  " in text else text


def quotes(text: Text, earlier: list[Spoken]) -> Iterator[Hit]:
    """Yield what `text` quotes: of the `earlier` comments with their names, of others as speech or expression."""
    words = text.masked
    inline, blocks = [], []
    if any(mark in words for mark in _QUOTATION_MARKS):
        inline = [span for span in spans(_QUOTED, words) if _is_quotation(span)]
    if ">" in words:
        blocks = [span for span in spans(_BLOCK, words) if has(r"\p{L}{2}", span.found)]
    for span in [*inline, *blocks]:
        is_block = span in blocks
        size = len(compiled(r"[\p{L}\p{N}'’-]+").findall(span.found))
        asked = size >= _QUOTE_WORDS or is_block
        target = _source(_probes(span, size, is_block), earlier) if asked else None
        if target:
            whom, rank = target
            own = whom["comment_id"], whom["author_id"]
            sure = 0.98 if rank == 0 else 0.9
            yield _quote(span, "quotation", sure, *own, name=span.found)
        else:
            is_speech = (
                size >= _SPEECH_WORDS
                or is_block
                or has(_SPEECH, span.before)
                or has(_SPEECH_AFTER, span.after)
            )
            yield hit(span, "reported_speech" if is_speech else "scare_quote", "quotation", 0.85)


def _quote(span: Span, rule: str, sure: float, comment: str, author: str, name: str) -> Hit:
    targets = {"target_comment_id": comment, "target_author_id": author}
    return hit(span, "quote", rule, sure, comment, name, **targets)


def _is_quotation(span: Span) -> bool:
    return (
        4 <= len(span.found) <= _QUOTED_CHARS
        and has(r"\p{L}{2}", span.found)
        and not (span.found.startswith('"') and has(r"[\p{L}\p{N}=(\[{,]$", span.before[-1:]))
        and not has(r"^\p{L}", span.after[:1])
    )


def _said(found: str) -> str:
    """Return quoted words without marks, as comments' words are compared."""
    bare = compiled(_ARROWS).sub("", found).strip(_MARKS)
    parts = compiled(r"\s*(?:\[?\(?(?:\.\.\.+|…)\)?\]?)\s*").sub(_GAP, bare)
    return _single(folded(normal(parts)))


def _probes(span: Span, size: int, is_block: bool) -> list[tuple[int, str]]:
    """Return what to look for, each with its rank: the whole, else its beginning, a paragraph or its end."""
    part = max(_said(span.found).split(_GAP), key=len).strip(_MARKS)
    probes: list[tuple[int, str | None]] = [(0, part)]
    if size >= _ANCHOR_WORDS + 2:
        run = rf"\S+(?:\s+\S+){{{_ANCHOR_WORDS - 1}}}"
        probes += [(1, extract(f"^({run})", part)), (2, extract(f"({run})$", part))]
    if is_block:
        paragraphs = compiled(_ARROWS).sub("", span.found).split("\n")
        probes += [(1, _single(folded(normal(one))).strip(_MARKS)) for one in paragraphs]
    least = _BLOCK_CHARS if is_block else _QUOTE_CHARS
    return [(rank, probe) for rank, probe in probes if probe and len(probe) >= least]


def _source(probes: list[tuple[int, str]], earlier: list[Spoken]) -> tuple[Row, int] | None:
    """Return the first of the `earlier` comments that has one of the surest `probes`, and its rank."""
    for rank in sorted({rank for rank, _ in probes}):
        own = [probe for other, probe in probes if other == rank]
        for said in earlier:
            if any(probe in said.words for probe in own):
                return said.comment, rank
    return None


def headed(text: Text, earlier: list[Spoken]) -> Iterator[Hit]:
    """Yield quotations under their author's name, as forums copy them, if that author said so before."""
    if ":\n" not in text.masked:
        return
    for span in spans(_HEADED, text.masked):
        head, _, body = span.found.partition(":\n")
        who = folded(normal(head.strip("\n @")))
        probe = _said(body).split(_GAP)[0].strip(_MARKS)
        if len(probe) < _HEADED_CHARS:
            continue
        begun = extract(rf"^(\S+(?: \S+){{{_ANCHOR_WORDS}}}) ", probe)
        theirs = [said for said in earlier if folded(normal(said.comment["author_name"])) == who]
        for one in filter(None, (probe, begun)):
            said = next((said for said in reversed(theirs) if one in said.words), None)
            if said:
                lead = len(span.found) - len(span.found.lstrip())
                own = said.comment["comment_id"], said.comment["author_id"]
                yield _quote(
                    span._replace(start=span.start + lead),
                    "headed_quotation",
                    0.95,
                    *own,
                    name=span.found,
                )
                break
