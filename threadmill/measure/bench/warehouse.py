"""Generate invented parsed tables from a seed, for measuring the queries that read them."""

import random
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from threadmill import schema
from threadmill.measure.bench import corpus
from threadmill.replies.shape import find_roots, measure_subtrees
from threadmill.storage import tables
from threadmill.storage.buckets import FEWEST

SEED = 20_260_105
THREAD_COMMENTS = 60
"""Comments per thread on average; sizes are skewed, from 1 to 40 times that."""
COMMENT_BYTES = 300
"""The average size of a comment's text, by which megabytes of a corpus become comments."""
TOPICS, TOPIC_TERMS = 50, 1_000
SENTENCE_WORDS = (10, 30, 60, 120)
"""Words of invented texts; each length is as frequent."""
SPOKEN = "so i was wondering about the dose and what my neurologist said last spring "

_COMMENTS = """
    with drawn as (
        select
            number,
            -- A square makes few threads large.
            (({first_thread} + floor(pow(hash(number, {seed}) % 1000003 / 1000003, 2) * {threads}))::bigint) as thread
        from range({first}, {first} + {count}) as numbers(number)
    ),
    placed as (
        select
            number,
            thread,
            (row_number() over (partition by thread order by number) - 1)::integer as position,
            hash(number, 1, {seed}) % 1000003 / 1000003 as chance
        from drawn
    )
    select
        'bench:' || left(md5(number::varchar), 20) as comment_id,
        'bench:' || left(md5('t' || thread), 20) as thread_id,
        'bench' as platform,
        position,
        thread % 2 = 0 as is_inferred,
        (pow(hash(number, 2, {seed}) % 1000003 / 1000003, 3) * {authors})::bigint as author,
        'bench:' || left(md5('a' || author), 20) as author_id,
        'Author ' || author as author_name,
        author % 50 = 0 as is_host,
        timestamp '2026-01-01' + to_seconds(thread % 300 * 86400 + position * 700 + number % 600) as created_at,
        repeat('{spoken}', (1 + hash(number, 3) % 4)::integer)
        || if(number % 7 = 0, 'Does it help?', 'Thanks.') as text,
        number % 11 as like_count,
        if(
            position = 0 or chance < 0.4,
            null,
            greatest(position - 1 - (pow(hash(number, 4) % 1009 / 1009, 4) * position)::integer, 0)
        ) as parent_position
    from placed
    order by thread_id, position
"""


def threads_of(snapshot: Path, megabytes: float) -> int:
    """Write the parsed tables of threads as `megabytes` hold; return how many comments there are.

    Half of the threads are inferred, with three candidates a comment. Texts are few.
    """
    comments = max(FEWEST * 10, int(megabytes * 1e6 / COMMENT_BYTES))
    snapshot.mkdir(exist_ok=True)
    for name in schema.parsed_tables():
        if schema.TABLES[name].in_parts:
            tables.place(snapshot, name).mkdir(parents=True)
            if name not in ("comments", "replies", "reply_candidates", "mentions"):
                _write_empty_part(snapshot, name)
        else:
            _write(snapshot, name, pl.DataFrame(schema.arrow(name).empty_table()))
    threads = []
    per_bucket = comments // FEWEST
    for bucket in range(FEWEST):
        rows = _make_comments(bucket, per_bucket, comments)
        threads.append(_make_threads(rows))
        _write(snapshot, "comments", rows, bucket)
        _write(snapshot, "replies", _make_replies(rows), bucket)
        _write(snapshot, "reply_candidates", _make_candidates(rows), bucket)
        _write(snapshot, "mentions", _make_mentions(rows), bucket)
    _write(snapshot, "threads", pl.concat(threads).sort("thread_id"))
    return FEWEST * per_bucket


def texts_of(snapshot: Path, megabytes: float) -> int:
    """Write `comments` with `megabytes` of text, and `topic_terms`; return how many comments there are.

    Words have Zipf's frequencies; 50 topics have a thousand terms each, so that a term is in a dozen.
    """
    tables.place(snapshot, "comments").mkdir(parents=True)
    words = corpus.make_words(random.Random(SEED))  # noqa: S311 # not a secret
    chance = np.random.default_rng(SEED)
    per_part = max(len(SENTENCE_WORDS), int(megabytes * 1e6 / COMMENT_BYTES / FEWEST))
    for bucket in range(FEWEST):
        texts = pl.concat(
            pl.Series(words)
            .gather(chance.integers(len(words), size=size * (per_part // len(SENTENCE_WORDS))))
            .reshape((-1, size))
            .arr.join(" ")
            for size in SENTENCE_WORDS
        )
        numbers = pl.int_range(bucket * per_part, bucket * per_part + len(texts), eager=True)
        rows = pl.DataFrame({"text": texts, "number": numbers}).with_columns(
            comment_id=pl.format("bench:{}", pl.col("number").cast(pl.String).str.zfill(20)),
            # A thread lies in one bucket.
            thread_id=pl.format("bench:{}-{}", bucket, pl.col("number") // THREAD_COMMENTS),
        )
        _write(snapshot, "comments", rows, bucket)
    kinds = sorted(set(words) - set(corpus.SMALL_WORDS))
    terms = [
        (f"d{topic:03d}", kinds[word], float(weight))
        for topic in range(TOPICS)
        for word, weight in zip(
            chance.choice(len(kinds), min(TOPIC_TERMS, len(kinds)), replace=False),
            chance.integers(1, 2_000, size=TOPIC_TERMS) / 1_000,
            strict=False,
        )
    ]
    rows = pl.DataFrame(terms, schema=["topic_id", "term", "weight"], orient="row")
    rows = rows.with_columns(origin=pl.lit("discovered"), is_ambiguous=pl.lit(value=False))
    _write(snapshot, "topic_terms", rows)
    for name in ("threads", "topic_scopes"):
        _write(snapshot, name, pl.DataFrame(schema.arrow(name).empty_table()))
    tables.place(snapshot, "mentions").mkdir()
    _write_empty_part(snapshot, "mentions")
    return FEWEST * len(texts)


def _write_empty_part(snapshot: Path, name: str) -> None:
    empty = schema.arrow(name).empty_table()
    tables.write(name, empty, tables.place(snapshot, name) / tables.EMPTY_PART)


def _make_comments(bucket: int, count: int, comments: int) -> pl.DataFrame:
    per_bucket = max(1, count // THREAD_COMMENTS)
    with duckdb.connect() as con:
        con.execute("set enable_progress_bar = false")
        rows: pl.DataFrame = con.sql(
            _COMMENTS.format(
                first=bucket * count,
                count=count,
                first_thread=bucket * per_bucket,
                threads=per_bucket,
                authors=max(10, comments // 12),
                seed=SEED,
                spoken=SPOKEN,
            )
        ).pl()
    parents = rows.select("thread_id", parent_position="position", parent_comment_id="comment_id")
    given = pl.when(pl.col("is_inferred")).then(pl.lit("inferred")).otherwise(pl.lit("explicit"))
    return (
        rows.join(parents, on=["thread_id", "parent_position"], how="left", maintain_order="left")
        .with_columns(
            parent_status=pl.when(pl.col("parent_comment_id").is_null())
            .then(pl.lit("top_level"))
            .otherwise(given),
            parent_evidence=pl.lit("bench"),
            created_on=pl.col("created_at").dt.date(),
            created_precision=pl.lit("second"),
        )
        .pipe(find_roots)
        .pipe(measure_subtrees)
    )


def _make_threads(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("thread_id", maintain_order=True).agg(
        pl.col("platform").first(),
        comment_count=pl.len().cast(pl.Int64),
        host_name=pl.lit("Host"),
        publication=pl.lit("bench"),
        source_path=pl.lit("bench.txt"),
        source_format=pl.lit("bench"),
        captured_at=pl.col("created_at").max() + pl.duration(days=1),
    )


def _make_replies(rows: pl.DataFrame) -> pl.DataFrame:
    parents = rows.select(
        parent_comment_id="comment_id", parent_author_id="author_id", parent_created_at="created_at"
    )
    return (
        rows.filter(pl.col("parent_comment_id").is_not_null())
        .join(parents, on="parent_comment_id", how="left", maintain_order="left")
        .with_columns(
            response_s=(pl.col("created_at") - pl.col("parent_created_at")).dt.total_seconds(),
            confidence=pl.when(pl.col("is_inferred")).then(0.6).otherwise(1.0),
        )
    )


def _make_candidates(rows: pl.DataFrame) -> pl.DataFrame:
    shares = pl.DataFrame(
        {
            "rank": pl.Series([1, 2, 3], dtype=pl.Int32),
            "kind": ["comment", "top_level", "other"],
            "probability": [0.6, 0.3, 0.1],
        }
    )
    inferred = rows.filter("is_inferred", pl.col("position") > 0).with_columns(
        previous=pl.col("comment_id").shift(1).over("thread_id")
    )
    return (
        inferred.drop("parent_comment_id")
        .join(shares, how="cross")
        .with_columns(
            parent_comment_id=pl.when(pl.col("kind") == "comment").then("previous"),
            kind=pl.when(pl.col("previous").is_null() & (pl.col("kind") == "comment"))
            .then(pl.lit("other"))
            .otherwise("kind"),
        )
    )


def _make_mentions(rows: pl.DataFrame) -> pl.DataFrame:
    """Return a person and a drug for every tenth comment."""
    own = rows.filter(pl.col("position") % 10 == 1).select(
        "comment_id",
        "thread_id",
        "author_id",
        "position",
        target_author_id=pl.col("author_id").shift(1).over("thread_id"),
    )
    places = {"person": 50, "drug": 70}
    named = [
        own.select(
            "comment_id",
            "thread_id",
            "author_id",
            pl.col("target_author_id")
            if kind == "person"
            else pl.lit(None, pl.String).alias("target_author_id"),
            start_char=pl.lit(place, pl.Int32),
            kind=pl.lit(kind),
            canonical_id=pl.format(kind + ":{}", pl.col("position") % place),
            canonical_name=pl.format("{}", pl.col("position") % place),
        )
        for kind, place in places.items()
    ]
    return pl.concat(named)


def _write(snapshot: Path, name: str, rows: pl.DataFrame, bucket: int | None = None) -> None:
    """Write the columns of `rows` that `name` has, all others null: this is past the gate."""
    declared = schema.arrow(name)
    missing = [field for field in declared if field.name not in rows.columns]
    nulls = pl.DataFrame(declared.empty_table()).select(field.name for field in missing)
    whole = rows.with_columns(
        pl.lit(None, nulls.schema[name]).alias(name) for name in nulls.columns
    ).select(declared.names)
    place = tables.place(snapshot, name) if bucket is None else tables.part(snapshot, name, bucket)
    whole.write_parquet(place)
