"""The work of `threadmill topics` and `threadmill evaluate topics`, on the published snapshot."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from threadmill import paths, topics
from threadmill.measure import topic_packs
from threadmill.measure.topics import compare_with_labels, evaluate_topics
from threadmill.models import assigning, running
from threadmill.publish import catalog, snapshots
from threadmill.topics import refit
from threadmill.wording import counted

LARGEST_K = 500
EXPANDED_WEIGHT = 0.5
"""Weight of a pack's heaviest added word: two such words count as much as one of its own terms."""
EXAMPLE_CHARACTERS = 160
FEWEST_COMMENTS = 5
"""Comments that a suggested word is in at least, as `sql/fitting/expansion.sql` has it."""
_COUNTS = """
select
    (select count(*) from comments),
    (select count(distinct comment_id) from comment_topics),
    (
        select count(*)
        from (
            select word
            from (select unnest(list_distinct(tokens(text))) as word from comments)
            where is_content_word(word)
            group by word
            having count(*) >= ?
        )
    )
"""


def fit(processed: Path, k: str) -> str:
    """Fit the discovered topics again, write them to the project's vocabulary, and return what changed, in words.

    Raises:
        ValueError: `k` isn't a number of topics, or there are too few comments.
    """
    if k != "auto" and not (k.isdigit() and 2 <= int(k) <= LARGEST_K):
        raise ValueError(f"--k: {k} is neither auto nor a number from 2 to {LARGEST_K}")
    vocabulary = paths.own_vocabulary()
    old = topics.read_terms(vocabulary).filter(origin=topics.DISCOVERED)
    past = topics.read_changes(vocabulary)
    with running.open_tables(catalog.locate_rows(processed, "topics"), 1) as con:
        made = refit.refit_topics(con, None if k == "auto" else int(k), old, past)
    folder = refit.write_pack(made, past, vocabulary)
    counts = dict(made.changes.group_by("change").len().sort("change").iter_rows())
    changes = ", ".join(f"{count} {change}" for change, count in counts.items())
    moved = (
        ""
        if made.changed_share is None
        else f"; {made.changed_share:.1%} of the comments change topic"
    )
    return f"{folder}: version {made.version}, {changes}{moved}; threadmill run assigns them"


class Suggestions(NamedTuple):
    """Words that go with a pack's topics."""

    rows: list[tuple[str, str, float]]
    """Topic, word and weight."""
    why_none: str
    """Where there are no rows, what is missing."""


def suggest(processed: Path, pack: str, write: bool) -> Suggestions:
    """Return the words that go with a pack's topics; `write` adds them to the pack.

    Words are found by their log odds with the pack's own terms. Words added earlier are ignored, because
    results would drift.

    Raises:
        ValueError: there is no such pack.
    """
    vocabulary = paths.own_vocabulary() if write else paths.vocabulary_folder()
    if not (vocabulary / pack / topics.TERMS).is_file():
        raise ValueError(f"{pack}: no {topics.TERMS} in {vocabulary / pack}")
    own = topics.read_terms(vocabulary, expanded=False).filter(origin=f"pack:{pack}")
    query = (paths.sql_folder() / "fitting" / "expansion.sql").read_text(encoding="utf-8")
    with running.open_tables(catalog.locate_rows(processed, "topics"), None) as con:
        con.register("own_terms", own.to_arrow())
        con.execute("create or replace temp view topic_terms as from own_terms")
        assigning.assign_topics(con)
        found = con.execute(f"select topic_id, word, weight from ({query})").fetchall()
        why_none = _explain_none(con, pack, len(found))
    known = set(own.select("topic_id", "term").iter_rows())
    heaviest = max((weight for *_, weight in found), default=1)
    rows = [
        (topic, word, max(0.001, round(EXPANDED_WEIGHT * weight / heaviest, 3)))
        for topic, word, weight in found
        if (topic, word) not in known
    ]
    if write:
        # Added words are ambiguous if any of the pack's own terms is.
        gate = "thread" if own["is_ambiguous"].any() else "none"
        lines = [("topic", "term", "weight", "gate"), *((*row, gate) for row in rows)]
        with (vocabulary / pack / topics.EXPANSION).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
    return Suggestions(rows, why_none)


def _explain_none(con: duckdb.DuckDBPyConnection, pack: str, known_count: int) -> str:
    """Return why no new word goes with a topic of `pack`; `known_count` terms of its own do."""
    comments, with_topic, frequent = con.execute(_COUNTS, [FEWEST_COMMENTS]).fetchall()[0]
    base = f"of {counted(comments, 'published comment')}"
    if not with_topic:
        return f"none {base} has a topic of {pack}; more terms of your own find some"
    if not frequent:
        return f"no word is in {FEWEST_COMMENTS} {base}, the fewest that tell; add threads"
    if known_count:
        found = counted(known_count, "word goes", "words go")
        return f"{found} with its topics, all terms of {pack} already"
    words = counted(frequent, "word is", "words are")
    return (
        f"{with_topic:,} {base} have a topic of {pack} and {words} in at least {FEWEST_COMMENTS}, "
        "but none is clearly more frequent with a topic than without; add threads"
    )


def show(processed: Path, topic: str | None) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Return column names and rows: all topics, or one with its terms and example comments.

    Raises:
        ValueError: no such topic is published.
    """
    with running.open_tables(catalog.locate_rows(processed, "topics"), None) as con:
        if topic is None:
            rows = con.execute(
                "select topic_id, label, topic_engagement.origin, comment_count, "
                "string_agg(term, ', ' order by weight desc, rank) filter (where rank <= 8) "
                "from topic_engagement join topic_terms using (topic_id, label) "
                "group by all order by comment_count desc, topic_id"
            ).fetchall()
            return ["topic", "label", "origin", "comments", "terms"], rows
        head = con.execute(
            "select any_value(label), any_value(origin), any_value(version), "
            "string_agg(term || ' ' || weight, ', ' order by rank) filter (where rank <= 20) "
            "from topic_terms where topic_id = ?",
            [topic],
        ).fetchall()[0]
        if head[0] is None:
            raise ValueError(f"topic {topic} is not published; `threadmill topics show` lists them")
        examples = con.execute(
            "select comment_id, substr(replace(text, chr(10), ' '), 1, ?) "
            "from comment_topics join comments using (comment_id) where topic_id = ? "
            "order by rank, score desc, comment_id limit 5",
            [EXAMPLE_CHARACTERS, topic],
        ).fetchall()
    about = zip(("label", "origin", "version", "terms"), head, strict=True)
    return [topic, ""], [*about, *examples]


def evaluate(path: Path, seeds: Path | None, processed: Path | None) -> dict[str, Any]:
    """Return the figures for labelled texts or threads; a CSV holds gold labels for the published topics.

    Raises:
        ValueError: the file can't be used.
    """
    if path.suffix != ".csv":
        return evaluate_topics(path, seeds=seeds)
    with running.open_tables(
        catalog.locate_rows(snapshots.locate_processed(processed), "topics"), None
    ) as con:
        return compare_with_labels(con, path)


def evaluate_pack(labelled: Sequence[Path], pack: str) -> dict[str, Any]:
    """Return the figures for the topics of `pack`, of the project's vocabulary, on labelled texts.

    Raises:
        ValueError: as `topic_packs.evaluate_pack`.
    """
    return topic_packs.evaluate_pack(labelled, paths.vocabulary_folder(), pack)
