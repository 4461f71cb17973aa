"""Ask ten questions of docs/cookbook.md under `full` and `aggregate`.

`python -m threadmill.measure.figures [COMMENTS]` prints the answers. The threads are invented: of all sizes, half a
year long, some with known parents and some whose replies are inferred.
"""

import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from threadmill import paths, pipeline, settings
from threadmill.measure.bench import corpus
from threadmill.publish import catalog
from threadmill.schema.figures import REASONS

COMMENTS = 100_000
COPIED_SHARE = 0.2
"""So much of the comments is in copied pages, whose replies are inferred; the others are a dump."""
THREAD_GAP_S, COMMENT_GAP_S = 3_000, 1_200
"""Seconds from a thread to the next, and from a comment to the next: 100,000 comments take about half a year."""
PROFILES = '[profiles.captured]\nprofile = "full"\n\n[profiles.figures]\nprofile = "aggregate"\n'


class Question(NamedTuple):
    """One question, and SQL whose answer is one text, for rows and for figures."""

    number: int
    """In the cookbook."""
    asks: str
    full: str
    figures: str | None
    """None where figures can't say."""
    lost: str


_TOP = "string_agg(name || ' ' || count, ', ' order by count desc, name)"
QUESTIONS = (
    Question(
        1,
        "How much of each thread do I have?",
        "select count(*) || ' threads, the largest ' || max(comment_count) || ' comments' from threads",
        "select count(*) || ' threads, ' || count(comment_count) || ' with figures, the largest ' "
        "|| max(comment_count) || ' comments' from thread_figures",
        "Threads of fewer than k authors, what pages declare and hide, and which thread it is",
    ),
    Question(
        2,
        "How sure are the replies?",
        "select sum(reply_count) || ' inferred, ' || round(100 * sum(reply_count) filter (confidence_from >= 0.8) "
        "/ sum(reply_count), 1) || ' % of them sure to 0.8' from reply_confidence where is_inferred",
        "select sum(reply_count) || ' inferred, ' || round(100 * sum(reply_count) filter (confidence_from >= 0.8) "
        "/ sum(reply_count), 1) || ' % of them sure to 0.8' from confidence_figures where is_inferred",
        "Replies without a known author; at most 4 a band",
    ),
    Question(
        7,
        "Who draws the most answers?",
        "select count(*) || ' authors, the first with ' || max(expected_received_reply_count)::bigint || ' answers' "
        "from author_engagement",
        None,
        "All of it: it is about persons",
    ),
    Question(
        9,
        "Do a few people do all the talking?",
        "select round(avg(comments_per_author), 2) || ' comments per author and thread, Gini ' "
        "|| round(median(participation_gini), 2) from thread_engagement where author_count > 0",
        "select round(avg(comment_count / author_count), 2) || ' comments per author and thread' from thread_figures",
        "The Gini coefficient; threads of fewer than k authors",
    ),
    Question(
        11,
        "Which questions has nobody answered?",
        "select count(*) || ' questions' from questions where answer_status = 'open'",
        None,
        "All of it: it is about single comments",
    ),
    Question(
        13,
        "How many comments get an answer at all?",
        "select sum(answered_count) || ' of ' || sum(comment_count) from thread_engagement",
        "select sum(reply_count) || ' replies to ' || any_value(comment_count) || ' comments' "
        "from confidence_figures cross join overall_figures",
        "How many comments share the replies",
    ),
    Question(
        14,
        "Which comments start the longest exchanges?",
        "select 'one at depth ' || max(max_depth) || '; median of threads ' || median(max_depth)::int "
        "from thread_engagement",
        "select 'k authors at depth ' || max(reached_depth) || '; median of threads ' || median(reached_depth)::int "
        "from thread_figures",
        "Which comments, and what fewer than k authors did",
    ),
    Question(
        15,
        "Which topics spark discussion?",
        f"select {_TOP} from (select label as name, comment_count as count from topic_engagement "
        "order by count desc, name limit 4)",
        f"select {_TOP} from (select label as name, comment_count as count from topic_figures "
        "where count is not null order by count desc, name limit 4)",
        "At most 4 comments a topic; answers",
    ),
    Question(
        16,
        "Where does talk of one topic lead?",
        "select count(*) || ' transitions' from topic_transitions where parent_topic_id <> topic_id",
        None,
        "All of it: pairs of topics aren't counted",
    ),
    Question(
        17,
        "What do people mention most?",
        f"select any_value(entities) || ' terms: ' || {_TOP} from (select canonical_name as name, comment_count as "
        "count, count(*) over () as entities from entity_engagement where canonical_id in "
        "(select canonical_id from mentions where pack is not null) order by count desc, name limit 4)",
        f"select any_value(entities) || ' terms: ' || {_TOP} from (select canonical_name as name, comment_count as "
        "count, count(*) over () as entities from entity_figures order by count desc, name limit 4)",
        "Terms that fewer than k authors mention, quotations, numbers and people",
    ),
)


def write_threads(raw: Path, comments: int) -> int:
    """Write invented threads of about so many `comments` below `raw`; return how many they are."""
    dice = random.Random(corpus.SEED)  # noqa: S311 # not a secret
    pages, dump = raw / "substack", raw / "reddit" / "forum.ndjson"
    pages.mkdir(parents=True)
    dump.parent.mkdir(parents=True)
    written = copied = 0
    with dump.open("w", encoding="utf-8") as file:
        for number, thread in enumerate(corpus.make_threads()):
            if copied < COPIED_SHARE * comments:
                page = corpus.make_avatar_page(thread)
                (pages / f"{number:05d}.txt").write_text(page, encoding="utf-8")
                copied += len(thread.comments)
                written += len(thread.comments)
                continue
            # Most threads are small.
            size = min(len(thread.comments), int(4 * dice.paretovariate(0.9)))
            lines = _make_lines(dice, number, thread.comments[:size])
            file.writelines(f"{json.dumps(line)}\n" for line in lines)
            written += size
            if written >= comments:
                return written
    raise RuntimeError("threads never end")


def _make_lines(
    dice: random.Random, number: int, comments: list[corpus.Comment]
) -> Iterator[dict[str, object]]:
    for place, comment in enumerate(comments):
        parent = dice.randrange(place) if place and dice.random() < 0.7 else None
        at = 1_700_000_000 + number * THREAD_GAP_S + place * COMMENT_GAP_S
        yield corpus.make_line(dice, number, place, parent, comment) | {"created_utc": at}


SUPPRESSION = (
    "select table_name, shown_cell_count, few_authors_cell_count, dominated_cell_count, complementary_cell_count, "
    "shown_share from suppression"
)


def ask(
    comments: int = COMMENTS,
) -> tuple[list[tuple[Question, str, str]], list[tuple[object, ...]]]:
    """Return each question with its answers, on so many invented comments; and what is suppressed."""
    with tempfile.TemporaryDirectory(prefix="threadmill-figures-") as folder:
        home = Path(folder)
        write_threads(home / "data" / "raw", comments)
        _copy_vocabulary(home / "data" / "vocabulary")
        (home / settings.FILE).write_text(PROFILES, encoding="utf-8")
        os.environ |= {"THREADMILL_HOME": folder, "THREADMILL_KEYS": str(home / "keys")}
        captured = pipeline.run(profile=["captured", "figures"])
        with (
            catalog.connect(captured.processed) as full,
            catalog.connect(captured.others[0].processed) as figures,
        ):

            def answer(con: Any, query: str | None) -> str:
                return str(con.execute(query).fetchall()[0][0]) if query else "—"

            answers = [
                (one, answer(full, one.full), answer(figures, one.figures)) for one in QUESTIONS
            ]
            return answers, figures.execute(SUPPRESSION).fetchall()


def _copy_vocabulary(folder: Path) -> None:
    """Copy the vocabulary to `folder`, without the lines that limit packs to some thread."""
    shutil.copytree(paths.vocabulary_folder(), folder)
    for pack in folder.glob("*/pack.toml"):
        lines = pack.read_text(encoding="utf-8").splitlines(keepends=True)
        pack.write_text("".join(one for one in lines if not one.startswith("threads = ")), "utf-8")


def main(arguments: list[str]) -> None:
    """Print the questions and answers, and what is suppressed, as Markdown tables."""
    answers, suppressed = ask(*map(int, arguments))
    rows: list[tuple[object, ...]] = [
        ("Question", "`full`", "`aggregate`", "What is lost"),
        ("---",) * 4,
        *((f"{one.number}. {one.asks}", full, figures, one.lost) for one, full, figures in answers),
        (),
        ("Table", "Rows shown", *(f"`{name}`" for name in REASONS), "Share of comments"),
        ("---",) * 6,
        *suppressed,
    ]
    for row in rows:
        cells = " | ".join("—" if cell is None else str(cell) for cell in row)
        sys.stdout.write(f"| {cells} |\n" if row else "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
