"""What the comments of a thread mention, rule by rule, and which of overlapping finds count."""

from reference.hosts import Row
from reference.mentions import (
    abroad,
    candidates,
    identifiers,
    institutions,
    people,
    quantities,
    quotes,
    references,
    terms,
)
from reference.mentions.hits import HIDDEN, Hit, Text, folded, mask, normal
from reference.mentions.terms import Terms
from reference.patterns import UNSPACED, compiled

__all__ = ["Terms", "find", "terms"]

_HOLD_OTHERS = ("url", "citation", "quote", "reported_speech", "scare_quote", "abbreviation")
"""Kinds that may hold other mentions."""
_STRONG = (
    *("doi", "pmid", "pmcid", "arxiv", "isbn", "trial_id", "email", "handle", "hashtag", "phone"),
    "participant",
)
"""Identifiers and participants: they win over a longer mention."""
_UNSPACED_EDGE = compiled(rf"\A[{UNSPACED}]|[{UNSPACED}]\Z")


def find(comments: list[Row], known: Terms) -> tuple[list[Row], list[Row]]:
    """Return the rows of `mentions` and of `mention_candidates` for the comments of a thread."""
    those = people.known(comments)
    texts: list[Text] = []
    found: list[list[Hit]] = []
    earlier: list[quotes.Spoken] = []
    for comment in comments:
        if not comment["text"]:
            continue
        plain = mask(comment["text"], identifiers.code(comment["text"]))
        plain = mask(plain, identifiers.other_addresses(plain))
        sites, mail = identifiers.addresses(plain)
        masked = mask(plain, [(span.start, span.end) for span in (*sites, *mail)])
        straight = normal(masked)
        text = Text(comment, plain, masked, straight, folded(straight))
        own = (people.addressed(one, those) for one in identifiers.identifiers(text, sites, mail))
        texts.append(text)
        found.append(
            [
                *filter(None, own),
                *quotes.quotes(text, earlier),
                *quotes.headed(text, earlier),
                *references.references(text),
                *quantities.quantities(text),
                *institutions.institutions(text),
                *abroad.abroad(text),
            ]
        )
        earlier.append(quotes.spoken(text))
    more = zip(found, people.named(texts, those), terms.find(texts, known), strict=True)
    hits = [_resolved([*own, *named, *curated]) for own, named, curated in more]
    rows = [_row(one, text.comment) for text, own in zip(texts, hits, strict=True) for one in own]
    return rows, candidates.candidates(zip(texts, hits, strict=True))


def _resolved(found: list[Hit]) -> list[Hit]:
    """Return `found` without what overlaps a better one: an identifier or participant, then a longer, a surer.

    Some kinds may hold others; of these one stays at each place.
    """
    holders: dict[tuple[object, ...], Hit] = {}
    for one in sorted(found, key=lambda one: (*one[:3], -one.confidence)):
        if one.kind in _HOLD_OTHERS:
            holders.setdefault(one[:3], one)
    kept: list[Hit] = []
    for one in sorted((one for one in found if one.kind not in _HOLD_OTHERS), key=_worse):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return [*holders.values(), *kept]


def _worse(one: Hit) -> tuple[object, ...]:
    is_strong = one.kind in _STRONG and one.pack is None
    size = one.end - one.start
    return not is_strong, -size, -one.confidence, one.start, one.kind, one.rule, one.id


def _row(found: Hit, comment: Row) -> Row:
    surface = comment["text"][found.start : found.end]
    return {
        "comment_id": comment["comment_id"],
        "thread_id": comment["thread_id"],
        "author_id": comment["author_id"],
        "start_char": found.start,
        "end_char": found.end,
        "surface": surface,
        "kind": found.kind,
        "canonical_id": f"{found.kind}:{surface.lower() if HIDDEN in found.id else found.id}",
        "canonical_name": surface if HIDDEN in found.name else found.name,
        "target_comment_id": found.target_comment_id,
        "target_author_id": found.target_author_id,
        "rule": found.rule,
        "pack": found.pack,
        "pack_version": found.pack_version,
        "confidence": round(found.confidence, 6),
        "is_word": not _UNSPACED_EDGE.search(surface),
    }
