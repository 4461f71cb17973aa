"""How good the mentions are, measured on a labelled thread."""

from pathlib import Path
from typing import Any

import polars as pl

from threadmill import paths
from threadmill.mentions import find
from threadmill.mentions.packs import FORMER_KINDS, Packs, packs

GOLD_COLUMNS = ("comment_idx", "start", "end", "surface", "kind")


def evaluate(
    path_of_gold: Path, comments: pl.DataFrame, vocabulary: Packs | None = None
) -> dict[str, Any]:
    """Return precision, recall, F1 and the share of exact spans: `overall`, and by kind in `kinds`.

    A mention is right if a label of the same kind in the same comment overlaps it; each label
    counts once, taken by the mention that shares most with it. A share of nothing is null.
    `wrong` and `missed` list the errors, `moved` how many labels stood elsewhere than they say.
    The labels' thread is the one of `comments` whose authors agree with theirs best;
    `comment_idx` counts its comments from 1.

    Raises:
        ValueError: the labels lack a column, or a label's words aren't in its comment.
    """
    gold = _gold(path_of_gold)
    own = _thread(gold, comments)
    placed, moved = _placed(gold, own, path_of_gold.name)
    found = find(
        own, packs(paths.vocabulary_folder()) if vocabulary is None else vocabulary
    ).mentions
    found = found.select(
        "comment_id", "kind", "surface", start="start_char", end="end_char"
    ).with_row_index("mention")
    pairs = _pairs(placed, found)
    return {
        "overall": _scores(placed.height, found.height, pairs),
        "kinds": {
            kind: _scores(
                placed.filter(kind=kind).height,
                found.filter(kind=kind).height,
                pairs.filter(kind=kind),
            )
            for kind in sorted({*placed["kind"], *found["kind"]})
        },
        "moved": moved,
        "wrong": _listed(found.join(pairs, on="mention", how="anti"), own),
        "missed": _listed(placed.join(pairs, on="label", how="anti"), own),
    }


def _gold(path: Path) -> pl.DataFrame:
    try:
        gold = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(f"{path.name}: can't be read as UTF-8 CSV: {reason}") from None
    for name in GOLD_COLUMNS:
        if name not in gold.columns:
            raise ValueError(
                f"{path.name}: column {name!r} is missing; labels need {', '.join(GOLD_COLUMNS)}"
            )
    if "author" not in gold.columns:
        gold = gold.with_columns(author=pl.lit(None, pl.String))
    return gold.with_columns(
        pl.col("comment_idx", "start", "end").cast(pl.Int64),
        kind=pl.col("kind").replace(FORMER_KINDS),
    ).with_row_index("label")


def _thread(gold: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the comments of the labelled thread, `place` from 1."""
    placed = comments.sort("thread_id", "position").with_columns(
        place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("thread_id")
    )
    agreement = (
        placed.join(gold.select(place="comment_idx", author="author").unique(), on="place")
        .group_by("thread_id")
        .agg((pl.col("author_name") == pl.col("author")).sum(), rows=pl.len())
        .sort("author_name", "rows", "thread_id", descending=[True, True, False])
    )
    if agreement.is_empty():
        return placed.clear()
    return placed.filter(thread_id=agreement["thread_id"][0])


def _placed(gold: pl.DataFrame, own: pl.DataFrame, name: str) -> tuple[pl.DataFrame, int]:
    """Return the labels with comment_id and true spans, and how many had to be moved."""
    texts = {row[0]: row[1:] for row in own.select("place", "comment_id", "text").iter_rows()}
    moved = 0
    rows = []
    for label, place, start, end, surface, kind in gold.select(
        "label", "comment_idx", "start", "end", "surface", "kind"
    ).iter_rows():
        if place not in texts:
            raise ValueError(
                f"{name}:{label + 2}: comment {place} isn't in the thread; comment_idx counts from 1"
            )
        comment_id, text = texts[place]
        if text[start:end] != surface:
            places = [at for at in range(len(text)) if text.startswith(surface, at)]
            if not places:
                raise ValueError(
                    f"{name}:{label + 2}: {surface!r} isn't in comment {place}; surface is as written"
                )
            start = min(places, key=lambda at, near=start: abs(at - near))  # type: ignore[misc]
            end = start + len(surface)
            moved += 1
        rows.append((label, comment_id, kind, surface, start, end))
    schema = {"label": pl.UInt32, "comment_id": pl.String, "kind": pl.String, "surface": pl.String}
    return pl.DataFrame(rows, {**schema, "start": pl.Int32, "end": pl.Int32}, orient="row"), moved


def _pairs(placed: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return label, mention, kind, is_exact: each label and each mention once, the closest first."""
    shared = pl.min_horizontal("end", "end_found") - pl.max_horizontal("start", "start_found")
    both = (
        placed.join(found, on=["comment_id", "kind"], suffix="_found")
        .with_columns(
            shared=shared,
            is_exact=(pl.col("start") == pl.col("start_found"))
            & (pl.col("end") == pl.col("end_found")),
        )
        .filter(pl.col("shared") > 0)
        .sort("is_exact", "shared", "label", "mention", descending=[True, True, False, False])
    )
    labels: set[int] = set()
    mentions: set[int] = set()
    kept = []
    for label, mention, kind, is_exact in both.select(
        "label", "mention", "kind", "is_exact"
    ).iter_rows():
        if label not in labels and mention not in mentions:
            labels.add(label)
            mentions.add(mention)
            kept.append((label, mention, kind, is_exact))
    schema = {"label": pl.UInt32, "mention": pl.UInt32, "kind": pl.String, "is_exact": pl.Boolean}
    return pl.DataFrame(kept, schema, orient="row")


def _scores(labels: int, mentions: int, pairs: pl.DataFrame) -> dict[str, float | int | None]:
    right = pairs.height
    return {
        "labels": labels,
        "mentions": mentions,
        "right": right,
        "precision": round(right / mentions, 4) if mentions else None,
        "recall": round(right / labels, 4) if labels else None,
        "f1": round(2 * right / (mentions + labels), 4) if mentions + labels else None,
        "exact_share": round(int(pairs["is_exact"].sum()) / right, 4) if right else None,
    }


def _listed(rows: pl.DataFrame, own: pl.DataFrame) -> list[dict[str, Any]]:
    places = own.select("comment_id", "place")
    return (
        rows.join(places, on="comment_id")
        .sort("place", "start", "kind")
        .select(comment="place", start="start", kind="kind", surface="surface")
        .to_dicts()
    )
