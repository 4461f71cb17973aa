"""Curated terms: the packs as files, and where their terms stand in a text."""

import csv
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reference.mentions.hits import Hit, Text, folded, normal
from reference.patterns import UNSPACED, WORD, compiled

_OF_TOPICS = ("topics.csv", "topics.expanded.csv", "labels.csv", "changes.csv")
"""Files of a pack that hold no terms to mention."""
_FORMER_KINDS = {"norp": "nationality"}
_LIMITS = {"platforms": "platform", "publications": "publication", "threads": "thread_id"}
_SHORT_CHARS = 3
"""Terms of so few letters are ambiguous, where a pack says nothing else."""
_SURE, _SURE_IN_THREAD, _SURE_UNSPACED = 0.97, 0.9, 0.8
_ATOM = compiled(rf"[[{WORD}]--[{UNSPACED}]]+|(?s:.)\p{{M}}*")
"""Between two of them a term may begin or end: words, and signs of scripts without spaces."""
_IS_UNSPACED = compiled(f"[{UNSPACED}]")
_NUMBER_BEFORE = compiled(r"[0-9] ?\Z")


class Term(NamedTuple):
    """A line of a pack."""

    pack: str
    version: str
    priority: int
    kind: str
    canonical: str
    topic: str
    normal: str
    folded: str
    is_cased: bool
    is_gated: bool
    limits: tuple[tuple[str, tuple[str, ...]], ...]
    """What a comment's platform, publication or thread must be one of."""


class Terms(NamedTuple):
    """All packs, by what their terms begin with."""

    by_word: dict[str, list[Term]]
    by_atom: dict[str, list[str]]
    """A term's first word or sign → the terms, the longest first."""


def read(vocabulary: Path) -> Terms:
    """Return the terms of the packs below `vocabulary`."""
    by_word: dict[str, list[Term]] = {}
    for manifest in sorted(vocabulary.glob("*/pack.toml")):
        pack = tomllib.loads(manifest.read_text(encoding="utf-8"))
        seen = set()
        for path in sorted(manifest.parent.glob("*.csv")):
            if path.name in _OF_TOPICS:
                continue
            with path.open(encoding="utf-8-sig", newline="") as file:
                for row in csv.DictReader(file):
                    term = _term({key: (cell or "").strip() for key, cell in row.items()}, pack)
                    key = (term.folded, term.normal, term.is_cased, term.kind)
                    if key not in seen:
                        by_word.setdefault(term.folded, []).append(term)
                    seen.add(key)
    by_atom: dict[str, list[str]] = {}
    for word in sorted(by_word, key=len, reverse=True):
        by_atom.setdefault(_ATOM.match(word)[0], []).append(word)
    return Terms(by_word, by_atom)


def _term(row: dict[str, str], pack: dict[str, object]) -> Term:
    term = row["term"]
    is_short = len(term) <= _SHORT_CHARS and term.isascii() and term.isalpha()
    return Term(
        str(pack["name"]),
        str(pack["version"]),
        int(str(pack.get("priority", 1))),
        _FORMER_KINDS.get(row["kind"], row["kind"]),
        row.get("canonical") or term,
        row.get("topic", ""),
        normal(term),
        folded(normal(term)),
        row.get("case") == "cs",
        row["gate"] == "thread" if "gate" in row else is_short,
        tuple(
            (place, tuple(pack[key]))  # type: ignore[arg-type] # a list of texts
            for key, place in _LIMITS.items()
            if pack.get(key)
        ),
    )


def find(texts: Iterable[Text], terms: Terms) -> list[list[Hit]]:
    """Return the terms in each of `texts`, those of a thread.

    An ambiguous term counts where the thread has an unambiguous one of its pack, and of its topic if it has one.
    """
    found = [list(_places(text, terms)) for text in texts]
    sure = {
        (term.pack, term.topic) for each in found for _, _, term, _ in each if not term.is_gated
    }
    packs = {pack for pack, _ in sure}
    return [
        _best(
            (start, end, term)
            for start, end, term, has_number in each
            if not term.is_gated
            or (
                not has_number
                and ((term.pack, term.topic) in sure if term.topic else term.pack in packs)
            )
        )
        for each in found
    ]


def _places(text: Text, terms: Terms) -> Iterable[tuple[int, int, Term, bool]]:
    """Yield where terms stand, none inside another, and whether a number is before it."""
    words = text.folded
    starts = [(match.start(), match[0]) for match in _ATOM.finditer(words)]
    edges = {start for start, _ in starts} | {len(words)}
    until = -1
    for start, atom in starts:
        for word in terms.by_atom.get(atom, ()):
            end = start + len(word)
            if end > until and end in edges and words.startswith(word, start):
                until = end
                written = text.normal[start:end]
                before = text.normal[max(0, start - 2) : start]
                has_number = _NUMBER_BEFORE.search(before) is not None
                for term in terms.by_word[word]:
                    if _counts(term, text, written):
                        yield start, end, term, has_number
                break


def _counts(term: Term, text: Text, written: str) -> bool:
    return (not term.is_cased or written == term.normal) and all(
        text.comment.get(place) in fit for place, fit in term.limits
    )


def _best(found: Iterable[tuple[int, int, Term]]) -> list[Hit]:
    """Return one hit per place: the term as written first, then the pack's priority."""
    ordered = sorted(
        found,
        key=lambda one: (
            one[:2],
            not one[2].is_cased,
            -one[2].priority,
            one[2].pack,
            one[2].kind,
            one[2].canonical,
        ),
    )
    kept = {}
    for start, end, term in ordered:
        if (start, end) not in kept:
            sure = _SURE_IN_THREAD if term.is_gated else _SURE
            sure = _SURE_UNSPACED if _IS_UNSPACED.search(term.folded) else sure
            named = (term.kind, term.canonical, term.canonical, "vocabulary", sure)
            kept[start, end] = Hit(start, end, *named, term.pack, term.version)
    return list(kept.values())
