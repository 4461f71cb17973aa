"""Quotations: earlier comments' words, somebody else's words, and words held at arm's length."""

from collections.abc import Iterator
from typing import NamedTuple

from reference.hosts import Row
from reference.mentions import expressions as written
from reference.mentions.hits import Hit, Text, folded, hit, normal
from reference.patterns import Span, any_of, compiled, extract, spans

_QUOTED = compiled(written.QUOTED)
_OPENING = ('"', "“", "„", "«", "「", "『")
_QUOTED_CHARS = range(4, 1001)
"""Longer is the text between two quotations, or between an inch and another."""
_BLOCK = compiled(r"(?m)^[ \t]{0,3}>[^\n]*(?:\n[ \t]{0,3}>[^\n]*)*")
_ARROWS = compiled(r"(?m)^[ \t]*>+ ?")
_HEADED = compiled(r"(?:\A|\n) ?[^\n:“\"]{1,60}:\n\n?[^\n]{4,}")
"""A line with a name and a colon, and the words below it."""
_TWO_LETTERS = compiled(r"\p{L}{2}")
_A_WORD = compiled(r"[\p{L}\p{N}'’-]+")
_SAID_BEFORE = compiled(written.SPEECH)
_SAID_THERE = compiled(written.SPEECH_BESIDE)
_LITERAL, _NAMING = compiled(written.LITERAL), compiled(r"\[\p{L}+=\Z")
_SAID_AFTER = compiled(
    r"(?i)\A[,.]?\s?(?:he|she|they|i|we|\p{Lu}\p{L}+)?\s?"
    rf"(?:{any_of('said says asked told replied wrote writes explained claimed')})\b"
)
_SPEECH_WORDS = 7
"""From so many words on a quotation is speech and not an expression."""
_QUOTE_WORDS, _QUOTE_CHARS = 2, 8
"""In a thread, fewer words or characters are said twice by chance."""
_BLOCK_CHARS, _HEADED_CHARS = 8, 4
"""The same of a block of `>` lines, and of what stands below its author's name."""
_ENDS_WORDS = 6
"""So many words at its start or end find a quotation whose middle was changed."""
_FIRST_WORDS = compiled(rf"\A(\S+(?:\s+\S+){{{_ENDS_WORDS - 1}}})")
_LAST_WORDS = compiled(rf"(\S+(?:\s+\S+){{{_ENDS_WORDS - 1}}})\Z")
_HEADED_WORDS = compiled(rf"\A(\S+(?: \S+){{{_ENDS_WORDS}}}) ")
_MARKS = '"“”„«»「」『』 \t\n>.…!?,;:'
_LEFT_OUT = compiled(r"\s*(?:\[?\(?(?:\.\.\.+|…)\)?\]?)\s*")
_GAP = "\ufdd0"
"""Stands where a quotation leaves words out."""
_SPACES = compiled(" {2,}")


class Spoken(NamedTuple):
    """An earlier comment of the thread, its words as quotations are looked for in them."""

    comment: Row
    words: str


def spoken(text: Text) -> Spoken:
    """Return what later comments may quote of `text`."""
    return Spoken(text.comment, _single(text.folded))


def _single(text: str) -> str:
    return str(_SPACES.sub(" ", text)) if "  " in text else text


def quotes(text: Text, earlier: list[Spoken]) -> Iterator[Hit]:
    """Yield what `text` quotes: of the `earlier` comments with their names, of others as speech or expression."""
    inline: list[Span] = []
    blocks: list[Span] = []
    if any(mark in text.masked for mark in _OPENING):
        inline = [span for span in spans(_QUOTED, text.masked) if _is_quotation(span)]
    if ">" in text.masked:
        blocks = [span for span in spans(_BLOCK, text.masked) if _TWO_LETTERS.search(span.found)]
    for span in [*inline, *blocks]:
        is_block = span in blocks
        size = len(_A_WORD.findall(span.found))
        asked = size >= _QUOTE_WORDS or is_block
        target = _source(_probes(span, size, is_block), earlier) if asked else None
        if target:
            comment, rank = target
            yield _quote(span, "quotation", 0.98 if rank == 0 else 0.9, comment)
        else:
            is_speech = (
                size >= _SPEECH_WORDS
                or is_block
                or (
                    _SAID_BEFORE.search(span.before)
                    and (size > 1 or _SAID_THERE.search(span.before))
                )
                or _SAID_AFTER.search(span.after)
            )
            yield hit(span, "reported_speech" if is_speech else "scare_quote", "quotation", 0.85)


def _quote(span: Span, rule: str, sure: float, comment: Row) -> Hit:
    own, author = comment["comment_id"], comment["author_id"]
    return hit(span, "quote", rule, sure, own, target_comment_id=own, target_author_id=author)


def _is_quotation(span: Span) -> bool:
    is_inch = span.found.startswith('"') and (
        span.left.isalnum() or (span.left != "" and span.left in "=([{,")
    )
    return (
        len(span.found) in _QUOTED_CHARS
        and _TWO_LETTERS.search(span.found) is not None
        and not _LITERAL.search(span.found)
        and not is_inch
        and not span.right.isalpha()
        and not _NAMING.search(span.before)
    )


def _bare(found: str) -> str:
    """Return quoted words without marks, as comments' words are compared."""
    words = _ARROWS.sub("", found).strip(_MARKS)
    return _single(folded(normal(_LEFT_OUT.sub(_GAP, words))))


def _probes(span: Span, size: int, is_block: bool) -> list[tuple[int, str]]:
    """Return what to look for, each with its rank: the whole, else its beginning, a paragraph or its end."""
    part = max(_bare(span.found).split(_GAP), key=len).strip(_MARKS)
    probes: list[tuple[int, str | None]] = [(0, part)]
    if size >= _ENDS_WORDS + 2:
        probes += [(1, extract(_FIRST_WORDS, part)), (2, extract(_LAST_WORDS, part))]
    if is_block:
        paragraphs = _ARROWS.sub("", span.found).split("\n")
        probes += [(1, _single(folded(normal(one))).strip(_MARKS)) for one in paragraphs]
    least = _BLOCK_CHARS if is_block else _QUOTE_CHARS
    return [(rank, probe) for rank, probe in probes if probe and len(probe) >= least]


def _source(probes: list[tuple[int, str]], earlier: list[Spoken]) -> tuple[Row, int] | None:
    """Return the first of the `earlier` comments that has one of the surest `probes`, and its rank."""
    for rank in sorted({rank for rank, _ in probes}):
        own = [probe for other, probe in probes if other == rank]
        for one in earlier:
            if any(probe in one.words for probe in own):
                return one.comment, rank
    return None


def headed(text: Text, earlier: list[Spoken]) -> Iterator[Hit]:
    """Yield quotations under their author's name, as forums copy them, if that author said so before."""
    if ":\n" not in text.masked:
        return
    for span in spans(_HEADED, text.masked):
        head, _, body = span.found.partition(":\n")
        who = folded(normal(head.strip("\n @")))
        probe = _bare(body).split(_GAP)[0].strip(_MARKS)
        if len(probe) < _HEADED_CHARS:
            continue
        begun = extract(_HEADED_WORDS, probe)
        theirs = [one for one in earlier if folded(normal(one.comment["author_name"])) == who]
        for wanted in filter(None, (probe, begun)):
            source = next((one for one in reversed(theirs) if wanted in one.words), None)
            if source:
                words = span.last(len(span.found.lstrip()))
                name = span.found
                yield _quote(words, "headed_quotation", 0.95, source.comment)._replace(name=name)
                break
