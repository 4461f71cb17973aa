"""The same job as a careful analyst would do it, in Python with pandas and networkx.

It reads copied pages with avatar lines, rebuilds replies by the two-line rule, and makes every table that the
pipeline publishes, with the same columns, definitions and values. Of Threadmill it imports the schema alone
(`test_independence.py`), and it reads the vocabulary as the files that they are. So it is a check of the pipeline's
results, table by table: on pages (`test_tables.py`), and what is aggregated on random threads that lose authors, times
and parents (`tests/models/test_references.py`). `test_definitions.py` holds its closed forms to their definitions. It
is the yardstick of speed too (docs/performance.md). It leaves out other pages, several captures of a thread,
probabilities, snapshots and checks.

    pages       a page → threads and comments (dates, hosts)
    signals     language, what a text does by its form, repeats
    replies     who answers whom, and the tree
    mentions    identifiers, people, quotes, quantities, references, terms
    comments    what each comment drew, questions
    threads     the shape and pace of threads, days
    dimensions  what other tables point at
    authors     what authors give and draw, pairs
    entities    what is mentioned and cited, together with what
    words       words of texts, keywords of threads
    assigning   terms of topics, topics of comments
    topics      the talk that topics draw, pairs, transitions, trend
    quality     captures, completeness, confidence
"""

from pathlib import Path

import pandas as pd

from reference import (
    assigning,
    authors,
    comments,
    dimensions,
    entities,
    mentions,
    pages,
    quality,
    replies,
    signals,
    threads,
    topics,
    words,
)
from reference.frames import declared, frame, write
from reference.hosts import Row

_READ = ("threads", "comments", "replies", "reply_candidates", "mentions", "mention_candidates")


def main(raw: Path, out: Path, vocabulary: Path) -> None:
    """Write the tables for the pages below `raw` to `out`, a file each."""
    known = mentions.terms.read(vocabulary)
    terms = assigning.topic_terms(vocabulary)
    scopes = assigning.topic_scopes(vocabulary)
    looked_up = assigning.Topics.of(terms, scopes)
    rows: dict[str, list[Row]] = {name: [] for name in (*_READ, "comment_topics")}
    counts = words.Counts()
    for path in sorted(raw.rglob("*.txt")):
        thread, said = pages.read(raw, path)
        for comment in said:
            signals.tell(comment)
        signals.repeat(said)
        replies.answer(said)
        replies.grow(said)
        links, candidates = replies.links(said)
        placed = [comment | {"publication": thread["publication"]} for comment in said]
        found, unknown = mentions.find(placed, known)
        cut = [words.tokens(comment["text"]) for comment in said]
        counts.add(thread["thread_id"], cut)
        rows["threads"].append(thread)
        rows["comments"] += said
        rows["replies"] += links
        rows["reply_candidates"] += candidates
        rows["mentions"] += found
        rows["mention_candidates"] += unknown
        rows["comment_topics"] += assigning.comment_topics(thread, said, cut, found, looked_up)
    made = {name: declared(name, frame(name, found)) for name, found in rows.items()}
    rows.clear()
    made["topic_terms"] = terms
    made["topic_scopes"] = scopes
    made["topic_changes"] = assigning.topic_changes(vocabulary)
    made["rejects"] = frame("rejects", [])
    made["fetches"] = frame("fetches", [])
    made["runs"] = quality.runs()
    made["thread_keywords"] = words.thread_keywords(counts, words.stop_words(vocabulary))
    write(made | aggregates(made), out)


def aggregates(made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that follow from those `made` of the pages."""
    thread, comment, reply, candidate, mention = (made[name] for name in _READ[:5])
    terms, assigned = made["topic_terms"], made["comment_topics"]
    drawn = comments.comment_engagement(thread, comment, reply, candidate, mention)
    asked = comments.questions(comment, reply, drawn)
    pairs = authors.author_pairs(comment, reply, candidate, mention)
    completeness = quality.capture_completeness(thread, comment, candidate)
    return {
        "authors": dimensions.authors(thread, comment),
        "topics": dimensions.topics(terms),
        "entities": dimensions.entities(mention),
        "platforms": dimensions.platforms(thread),
        "days": dimensions.days(comment),
        "captures": quality.captures(thread),
        "capture_completeness": completeness,
        "reply_confidence": quality.reply_confidence(thread, reply),
        "comment_engagement": drawn,
        "thread_engagement": threads.thread_engagement(thread, drawn, reply, completeness),
        "daily_engagement": threads.daily_engagement(thread, drawn),
        "questions": asked,
        "author_pairs": pairs,
        "author_engagement": authors.author_engagement(thread, comment, reply, drawn, pairs, asked),
        "entity_engagement": entities.entity_engagement(mention, drawn, asked),
        "citations": entities.citations(mention, comment, drawn),
        "entity_pairs": entities.entity_pairs(mention, comment),
        "topic_engagement": topics.topic_engagement(terms, assigned, drawn, reply),
        "topic_pairs": topics.topic_pairs(terms, assigned, comment),
        "topic_transitions": topics.topic_transitions(terms, assigned, reply, candidate),
        "topic_trend": topics.topic_trend(thread, comment, terms, assigned),
    }
