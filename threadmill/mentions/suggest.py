"""Suggestions for a pack: phrases, acronyms and names that it lacks, with counts and an example each."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from threadmill.mentions import find_mentions
from threadmill.mentions.packs import Packs
from threadmill.mentions.text.names import split_words

PHRASE_WORDS = (2, 4)
_STOP = frozenset(
    split_words("""
    a about after again all also am an and any are as at be because been before being between both but by can could
    did do does doing don't down each even ever few for from get got had has have he her here him his how i i'm if in
    into is it it's its just like made make many me more most much my never no nor not now of off on once one only or
    other our out over own really same see she should so some still such than that that's the their them then there
    these they thing things think this those through to too under up us use very was way we well were what when where
    which while who why will with would you your
    """)
)


class Suggestion(NamedTuple):
    """A candidate for a pack."""

    term: str
    origin: str
    """`phrase`, `acronym` or `name`."""
    score: float
    """C-value of a phrase; for acronyms and names, the number of comments with it."""
    comment_count: int
    mention_count: int
    example: str


def suggest_terms(comments: pl.DataFrame, packs: Packs, limit: int = 50) -> list[Suggestion]:
    """Return at most `limit` suggestions of each origin that no pack has and no rule finds, best first."""
    found = find_mentions(comments, packs).candidates
    counted = (
        found.group_by("candidate", "candidate_kind")
        .agg(
            pl.col("comment_count").sum(),
            pl.col("mention_count").sum(),
            pl.col("example").sort_by("thread_id").first(),
        )
        .sort("comment_count", "candidate", descending=[True, False])
    )
    known = set(packs.terms["folded"])
    listed = [
        Suggestion(term, kind, float(in_comments), in_comments, mentions, example)
        for kind in ("acronym", "name")
        for term, in_comments, mentions, example in counted.filter(
            pl.col("comment_count") > 1, candidate_kind=kind
        )
        .head(limit)
        .select("candidate", "comment_count", "mention_count", "example")
        .iter_rows()
    ]
    phrases = compute_c_values(comments["text"].to_list())
    ranked = sorted(phrases.items(), key=lambda item: (-item[1], item[0]))
    fresh = [(term, value) for term, value in ranked if term not in known and value > 0][:limit]
    return listed + [_describe_phrase(term, value, comments) for term, value in fresh]


def _describe_phrase(term: str, value: float, comments: pl.DataFrame) -> Suggestion:
    pattern = r"(?i)\b" + re.escape(term).replace(r"\ ", r"\s+").replace(" ", r"\s+") + r"\b"
    with_it = comments.filter(pl.col("text").str.contains(pattern))["text"]
    count = int(with_it.str.count_matches(pattern).sum())
    around = with_it.str.extract(rf"((?s:.{{0,40}}){pattern}(?s:.{{0,40}}))", 1)
    example = " ".join((around[0] or "").split()) if len(with_it) else ""
    return Suggestion(term, "phrase", round(value, 6), len(with_it), count, example)


def compute_c_values(texts: Iterable[str]) -> dict[str, float]:
    """Return the C-value of each phrase of 2 to 4 words that occurs at least twice.

    Frantzi, Ananiadou and Mima, "Automatic recognition of multi-word terms: the C-value/NC-value
    method" (2000): log2 of the length times the frequency, less the mean frequency of the longer
    phrases that hold it. A phrase has no stop word and no punctuation inside.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    shortest, longest = PHRASE_WORDS
    for text in texts:
        for run in re.split(r"[^\w\s'’-]+|\n|\d\S*", text.lower()):
            run_words = re.findall(r"[^\W\d_][\w'’-]*", run)
            for size in range(shortest, longest + 1):
                for at in range(len(run_words) - size + 1):
                    phrase = tuple(run_words[at : at + size])
                    if not _STOP.intersection(phrase):
                        counts[phrase] += 1
    often = {phrase: count for phrase, count in counts.items() if count > 1}
    holders: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for phrase, count in often.items():
        for size in range(shortest, len(phrase)):
            for at in range(len(phrase) - size + 1):
                holders[phrase[at : at + size]].append(count)
    values = {}
    for phrase, count in often.items():
        nested = holders.get(phrase, [])
        less = sum(nested) / len(nested) if nested else 0.0
        values[" ".join(phrase)] = math.log2(len(phrase)) * (count - less)
    return values
