"""The order of a thread's comments over all captures, and what differences between orders reveal."""

import polars as pl

from threadmill.threads.captures.blocks import find_top_level


def list_orders(repeated: pl.DataFrame, often: pl.DataFrame) -> dict[str, list[list[str]]]:
    """Return the comments of each capture of each thread, the capture with most comments first."""
    richest = (
        often.sort("thread_id", "comment_count", "capture_number")
        .unique("thread_id", keep="last", maintain_order=True)
        .select("path", "thread_id", is_base=True)
    )
    orders: dict[str, list[list[str]]] = {}
    # A dump holds many threads, and is the richest capture of some.
    by = ["path", "thread_id"]
    seen = repeated.join(richest, on=by, how="left", maintain_order="left").sort(
        pl.col("is_base").fill_null(False),
        "thread_id",
        "capture_number",
        "position",
        descending=[True, False, False, False],
        maintain_order=True,
    )
    for (thread_id, _path), rows in seen.group_by("thread_id", "path", maintain_order=True):
        orders.setdefault(str(thread_id), []).append(rows["same"].to_list())
    return orders


def find_tops(orders: dict[str, list[list[str]]], known: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id`, one row per comment that two of a thread's captures show to be top level."""
    authors = dict(known.select("comment_id", "author").iter_rows()) if orders else {}
    found = {
        name: None
        for captured in orders.values()
        for later in captured[1:]
        for name in find_top_level(captured[0], later, authors)
    }
    return pl.DataFrame({"comment_id": list(found)}, schema={"comment_id": pl.String})


def fit_positions(known: pl.DataFrame, orders: dict[str, list[list[str]]]) -> pl.DataFrame:
    """Return `known` with positions: the order of the capture with most comments, the others fitted in.

    A comment that it lacks stands before the one that follows it in its own capture, if that keeps it
    behind the one it follows there; else right behind that one.
    """
    placed = [
        (comment_id, position)
        for captured in orders.values()
        for position, comment_id in enumerate(_merge_orders(captured))
    ]
    positions = pl.DataFrame(
        placed, schema={"comment_id": pl.String, "placed": pl.Int32}, orient="row"
    )
    # Where a source gives no order, time orders.
    place = pl.when(pl.col("position").is_not_null()).then("placed").alias("position")
    return known.join(positions, on="comment_id", how="left", maintain_order="left").with_columns(
        place
    )


def _merge_orders(captured: list[list[str]]) -> list[str]:
    """Return the comments of all captures of a thread in one order, that of the first."""
    whole = list(captured[0])
    for order in captured[1:]:
        place = {comment_id: index for index, comment_id in enumerate(whole)}
        inserts: dict[int, list[str]] = {}
        before = 0
        waiting: list[str] = []
        for comment_id in [*order, None]:
            if comment_id is not None and comment_id not in place:
                waiting.append(comment_id)
                continue
            after = len(whole) if comment_id is None else place[comment_id]
            if waiting:
                at = after if after >= before else before
                inserts.setdefault(at, []).extend(waiting)
                waiting = []
            before = after + 1
        whole = [
            one
            for index in range(len(whole) + 1)
            for one in [*inserts.get(index, []), *whole[index : index + 1]]
        ]
    return whole
