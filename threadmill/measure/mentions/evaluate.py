"""Precision and recall of mentions on a labelled thread."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from threadmill import paths
from threadmill.measure.mentions.labelled import read_labelled
from threadmill.mentions import find_mentions
from threadmill.mentions.packs import FORMER_KINDS, Packs, read_packs

GOLD_COLUMNS = ("comment_idx", "start", "end", "surface", "kind")


CONTEXT_CHARS = 30
"""Text shown on each side of an error."""


def evaluate_file(
    path: Path, published: Callable[[], pl.DataFrame], *, with_packs: bool = True
) -> dict[str, Any]:
    """Return the figures of `evaluate_mentions` for the labels at `path`.

    The comments are those of the thread beside the labels, or else `published`. The packs that the folder
    names are added to the project's, unless `with_packs` is false.

    Raises:
        ValueError: as `read_labelled` and `evaluate_mentions`.
    """
    labelled = read_labelled(path)
    packs = read_packs(paths.vocabulary_folder(), *(labelled.packs if with_packs else ()))
    comments = published() if labelled.comments is None else labelled.comments
    return evaluate_mentions(labelled.labels, comments, packs, labelled.unlabelled_kinds)


def evaluate_mentions(
    path_of_gold: Path,
    comments: pl.DataFrame,
    vocabulary: Packs,
    unlabelled_kinds: Sequence[str] = (),
) -> dict[str, Any]:
    """Return precision, recall, F1 and the share of exact spans: `overall`, by group and by kind.

    `rule_kinds` are all kinds but those of the group vocabulary. `unlabelled_kinds` count neither way.

    A mention is right if a label of the same kind in the same comment overlaps it; each label
    counts once, taken by the mention that shares most with it. A share whose denominator is 0 is null.
    `wrong` and `missed` list the errors; `moved` is how many labels were not at their span. The labelled
    thread is the one of `comments` whose authors agree best with the labels; `comment_idx` counts its
    comments from 1.

    Raises:
        ValueError: the labels lack a column, or a label's words aren't in its comment.
    """
    gold = _read_labels(path_of_gold)
    own = _select_thread(gold, comments)
    located, moved = _locate_labels(gold, own, path_of_gold.name)
    counts = ~pl.col("kind").is_in(unlabelled_kinds)
    located = located.filter(counts)
    found = (
        find_mentions(own, vocabulary)
        .mentions.filter(counts)
        .select("comment_id", "kind", "surface", start="start_char", end="end_char")
        .with_row_index("mention")
    )
    pairs = _pair(located, found)

    def score(keep: pl.Expr | bool) -> dict[str, float | int | None]:
        return _compute_scores(
            located.filter(keep).height, found.filter(keep).height, pairs.filter(keep)
        )

    is_rule = pl.col("kind").replace_strict(vocabulary.kinds, default="vocabulary") != "vocabulary"
    return {
        "overall": score(keep=True),
        "rule_kinds": score(is_rule),
        "vocabulary_kinds": score(~is_rule),
        "kinds": {
            kind: score(pl.col("kind") == kind)
            for kind in sorted({*located["kind"], *found["kind"]})
        },
        "moved": moved,
        "wrong": _list_errors(found.join(pairs, on="mention", how="anti"), own),
        "missed": _list_errors(located.join(pairs, on="label", how="anti"), own),
    }


def _read_labels(path: Path) -> pl.DataFrame:
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


def _select_thread(gold: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return the comments of the labelled thread, with `place` counted from 1."""
    located = comments.sort("thread_id", "position").with_columns(
        place=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("thread_id")
    )
    agreement = (
        located.join(gold.select(place="comment_idx", author="author").unique(), on="place")
        .group_by("thread_id")
        .agg((pl.col("author_name") == pl.col("author")).sum(), rows=pl.len())
        .sort("author_name", "rows", "thread_id", descending=[True, True, False])
    )
    if agreement.is_empty():
        return located.clear()
    return located.filter(thread_id=agreement["thread_id"][0])


def _locate_labels(gold: pl.DataFrame, own: pl.DataFrame, name: str) -> tuple[pl.DataFrame, int]:
    """Return the labels with comment_id and true spans, and how many were moved."""
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


def _pair(located: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Return label, mention, kind, is_exact of each match; every label and mention is in at most one."""
    shared = pl.min_horizontal("end", "end_found") - pl.max_horizontal("start", "start_found")
    both = (
        located.join(found, on=["comment_id", "kind"], suffix="_found")
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


def _compute_scores(
    labels: int, mentions: int, pairs: pl.DataFrame
) -> dict[str, float | int | None]:
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


def _list_errors(rows: pl.DataFrame, own: pl.DataFrame) -> list[dict[str, Any]]:
    start, end = pl.col("start"), pl.col("end")
    before = pl.max_horizontal(start - CONTEXT_CHARS, 0)
    around = pl.col("text").str.slice(before, end + CONTEXT_CHARS - before)
    return (
        rows.join(own.select("comment_id", "place", "text"), on="comment_id")
        .sort("place", "start", "kind")
        .select(
            comment="place",
            start="start",
            kind="kind",
            surface="surface",
            around=around.str.replace_all(r"\s+", " "),
        )
        .to_dicts()
    )
