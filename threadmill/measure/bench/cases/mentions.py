"""What finding mentions costs for a megabyte of text, and with many terms."""

import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

from threadmill.measure.bench import corpus
from threadmill.measure.bench.cases.base import case, note_speed
from threadmill.measure.bench.cases.stages import written_comments

LARGEST_MB = 100


def _speed(case: str, raw: Path, scratch: Path, find: Callable[[pl.DataFrame], float]) -> None:
    """Note the megabytes of text per CPU second that `find` says it took for all comments at once."""
    rows = pl.concat(written_comments(raw)).sort("thread_id", "position")
    size = int(rows["text"].str.len_bytes().sum()) / 1e6
    note_speed(scratch, case, size, find(rows))


@case(is_shown=False)
def comments_said(raw: Path, scratch: Path) -> None:
    """Leave the comments as mentions are found in, batch by batch, uncompressed."""
    (scratch / "comments").mkdir()
    for number, rows in enumerate(written_comments(raw)):
        rows.write_ipc(scratch / "comments" / f"{number:05d}.arrow")


@case(against="parse_and_write", after=("comments_said",))
def find_mentions(_raw: Path, scratch: Path) -> None:
    """Find mentions with both packs, all rules and the review queue: the whole stage, and it alone."""
    from threadmill import mentions, paths

    packs = mentions.read_packs(paths.vocabulary_folder())
    size = spent_s = 0.0
    for path in sorted((scratch / "comments").iterdir()):
        rows = pl.read_ipc(path)
        size += int(rows["text"].str.len_bytes().sum()) / 1e6
        begin = time.process_time()
        mentions.find_mentions(rows, packs)
        spent_s += time.process_time() - begin
    note_speed(scratch, "find_mentions", size, spent_s)


@case(largest_mb=LARGEST_MB)
def mention_rules(raw: Path, scratch: Path) -> None:
    """Find mentions by all rules, and the review queue, without any vocabulary."""
    from threadmill import mentions
    from threadmill.mentions.packs import TERM

    def find(rows: pl.DataFrame) -> float:
        begin = time.process_time()
        mentions.find_mentions(rows, mentions.Packs(TERM.to_frame(), {}))
        return time.process_time() - begin

    _speed("mention_rules", raw, scratch, find)


@case(largest_mb=LARGEST_MB)
def mention_1000_terms(raw: Path, scratch: Path) -> None:
    """Find 1,000 random terms in texts made ready."""
    _terms(1_000, raw, scratch)


@case(largest_mb=LARGEST_MB)
def mention_100000_terms(raw: Path, scratch: Path) -> None:
    """Find 100,000 random terms in texts made ready."""
    _terms(100_000, raw, scratch)


@case(largest_mb=LARGEST_MB)
def mention_1000_common_terms(raw: Path, scratch: Path) -> None:
    """Find 1,000 terms made as the words of the texts are, one every 400 characters."""
    _terms(1_000, raw, scratch, COMMON, "common_")


@case(largest_mb=LARGEST_MB)
def mention_100000_common_terms(raw: Path, scratch: Path) -> None:
    """Find 100,000 terms made as the words of the texts are, one every 25 characters."""
    _terms(100_000, raw, scratch, COMMON, "common_")


RARE, COMMON = (3, 5), (2, 4)
"""Syllables of a term's words; the texts' words have two to four."""


def _terms(
    count: int, raw: Path, scratch: Path, syllables: tuple[int, int] = RARE, name: str = ""
) -> None:
    from threadmill import mentions
    from threadmill.mentions import vocabulary
    from threadmill.mentions.packs import SCOPE_KEYS, TERM
    from threadmill.mentions.text import fold

    terms = pl.DataFrame({"folded": corpus.make_terms(count, syllables)}).select(
        pl.lit("bench").alias("pack"),
        pl.lit("1").alias("version"),
        pl.lit(1, pl.Int32).alias("priority"),
        pl.lit("topic").alias("kind"),
        pl.col("folded").alias("canonical"),
        pl.lit("").alias("topic"),
        pl.col("folded").alias("normal"),
        "folded",
        pl.lit(False).alias("is_cased"),
        pl.lit(False).alias("is_gated"),
        *(pl.lit([], pl.List(pl.String)).alias(key) for key in SCOPE_KEYS),
    )
    packs = mentions.Packs(terms.select(TERM.names()), {})

    def find(rows: pl.DataFrame) -> float:
        texts = rows.select(plain="text").with_row_index("row").with_columns(masked="plain")
        texts = fold.add_folded(texts)
        threads = vocabulary.list_places(rows)
        begin = time.process_time()
        vocabulary.find_terms(texts, threads, packs)
        return time.process_time() - begin

    _speed(f"mention_{count}_{name}terms", raw, scratch, find)
