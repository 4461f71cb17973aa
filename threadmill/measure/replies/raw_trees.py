"""Turn raw files whose source gives the tree into the labelled threads that `threadmill evaluate replies` reads."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import orjson
import polars as pl

from threadmill import sources
from threadmill.measure.replies.labelled import NEEDED
from threadmill.read import documents
from threadmill.read.discover import Document
from threadmill.read.sidecars import Sidecar
from threadmill.replies import explicit
from threadmill.threads import identify, repeated_ids

ENDINGS = (".ndjson", ".ndjson.gz")


def write_labelled(paths: Iterable[Path], folder: Path) -> list[Path]:
    """Return files of labelled threads: those in `paths`, and one written to `folder` per platform of the others.

    The others are raw files of any format with true trees; their folder names the platform, as in data/raw.
    Threads with a missing parent are left out, because only a part of their tree is known.

    Raises:
        ValueError: nothing in a raw file can be read, or it doesn't tell who answers whom; says which.
    """
    known: list[Path] = []
    raw: dict[str, list[pl.DataFrame]] = {}
    for path in paths:
        if not path.is_file() or _is_labelled(path):
            known.append(path)
        else:
            raw.setdefault(path.resolve().parent.name, []).append(_read_threads(path.resolve()))
    for platform, threads in raw.items():
        place = folder / f"{platform}.ndjson"
        pl.concat(threads).write_ndjson(place)
        known.append(place)
    return known


def _is_labelled(path: Path) -> bool:
    """Return whether the first line of a file is a labelled comment, as far as its name lets it be one."""
    if not path.name.endswith(ENDINGS):
        return False
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            first = orjson.loads(lines.readline())
    except (OSError, EOFError, orjson.JSONDecodeError):
        # Whoever reads it says what is wrong.
        return True
    return not isinstance(first, dict) or any(key in first for key in NEEDED[:2])


def _read_threads(path: Path) -> pl.DataFrame:
    """Return the comments of the threads in a raw file, in pre-order, one row each."""
    raw, platform = path.parent.parent, path.parent.name
    document = Document(f"{platform}/{path.name}", platform, path.stat().st_size, "", "", "")
    facts = identify.collect_facts([(document, Sidecar())])
    rows, reasons = [], []
    for texts, unreadable in documents.read_frames(raw, [document]):
        parsed = sources.parse(texts)
        reasons += [*unreadable["reason"], *parsed.rejects["reason"]]
        rows.append(identify.identify_rows(parsed, facts).comments)
    comments = repeated_ids.settle_ids(pl.concat(rows)).comments
    threads = explicit.list_explicit_threads(comments)
    ordered = explicit.order_comments(comments.join(threads, on="thread_id", how="semi")).comments
    is_whole = pl.col("parent_status").is_in(["top_level", "explicit"]).all().over("thread_id")
    whole = ordered.filter(is_whole)
    if whole.is_empty():
        reason = "; ".join(reasons[:3]) or "it doesn't tell of any whole thread who answers whom"
        raise ValueError(f"{path}: {reason}")
    return whole.select(
        "thread_id",
        "comment_id",
        parent_id="parent_comment_id",
        author="author_name",
        author_handle="author_handle",
        created_at="created_at",
        text="text",
        is_post_author="is_host",
        like_count="like_count",
    )
