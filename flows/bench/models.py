"""What the queries of `sql/engagement/` cost on synthetic tables.

`python -m flows.bench.models 2500000` prints CPU seconds per table and the peak of memory as JSON.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import polars as pl

from flows import models, schema, tables
from flows.comments import BUCKETS
from flows.replies import subtrees
from flows.replies.lineage import lineage

SEED = 20_260_105
THREAD_COMMENTS = 60
"""Comments per thread on average; sizes are skewed, from 1 to 40 times that."""
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


def tables_of(snapshot: Path, comments: int) -> None:
    """Write synthetic parsed tables with about so many `comments` to `snapshot`.

    Half of the threads are inferred, with three candidates a comment.
    """
    for name in schema.parsed_tables():
        if schema.TABLES[name].in_parts:
            tables.place(snapshot, name).mkdir(parents=True)
            if name not in ("comments", "replies", "reply_candidates", "mentions"):
                empty = schema.arrow(name).empty_table()
                tables.write(name, empty, tables.place(snapshot, name) / tables.EMPTY_PART)
        else:
            _write(snapshot, name, pl.DataFrame(schema.arrow(name).empty_table()))
    threads = []
    per_bucket = comments // BUCKETS
    for bucket in range(BUCKETS):
        rows = _comments(bucket, per_bucket, comments)
        threads.append(_threads(rows))
        _write(snapshot, "comments", rows, bucket)
        _write(snapshot, "replies", _replies(rows), bucket)
        _write(snapshot, "reply_candidates", _candidates(rows), bucket)
        _write(snapshot, "mentions", _mentions(rows), bucket)
    _write(snapshot, "threads", pl.concat(threads).sort("thread_id"))


def _comments(bucket: int, count: int, comments: int) -> pl.DataFrame:
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
            created_on=pl.col("created_at").dt.date(),
            created_precision=pl.lit("second"),
        )
        .pipe(lineage)
        .pipe(subtrees.measure)
    )


def _threads(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.group_by("thread_id", maintain_order=True).agg(
        pl.col("platform").first(),
        comment_count=pl.len().cast(pl.Int64),
        host_name=pl.lit("Host"),
        publication=pl.lit("bench"),
        source_path=pl.lit("bench.txt"),
        source_format=pl.lit("bench"),
        captured_at=pl.col("created_at").max() + pl.duration(days=1),
    )


def _replies(rows: pl.DataFrame) -> pl.DataFrame:
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


def _candidates(rows: pl.DataFrame) -> pl.DataFrame:
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


def _mentions(rows: pl.DataFrame) -> pl.DataFrame:
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


def measure(comments: int, jobs: int = 2, memory: str = "1500MB") -> dict[str, float]:
    """Return CPU seconds per table of `sql/engagement/` on so many `comments`, in all, and peak memory in MB.

    The peak is the process's: measure in one of its own.
    """
    queries = models.queries()
    spent: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        snapshot = Path(folder)
        _write_in_child(snapshot, comments)
        with models.open_tables(snapshot, jobs) as con:
            con.execute(f"set memory_limit = '{memory}'")
            for name in models.in_order(queries):
                if schema.TABLES[name].group == "topics":
                    continue
                start = time.process_time()
                models.write(con, name, queries[name], snapshot)
                spent[name] = round(time.process_time() - start, 2)
    engagement = [spent[name] for name in spent if schema.TABLES[name].group == "engagement"]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return spent | {"engagement_cpu_s": round(sum(engagement), 2), "peak_mb": round(peak)}


def _write_in_child(snapshot: Path, comments: int) -> None:
    """Write the tables in a process of its own, so that its memory isn't counted."""
    code = (
        "import sys; from pathlib import Path; from flows.bench import models; "
        "models.tables_of(Path(sys.argv[1]), int(sys.argv[2]))"
    )
    subprocess.run(  # noqa: S603 # our own code
        [sys.executable, "-c", code, str(snapshot), str(comments)], check=True
    )


if __name__ == "__main__":
    said = measure(int(sys.argv[1]))
    sys.stdout.write(json.dumps(said, indent=1) + "\n")
