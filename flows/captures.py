"""Several captures of one thread → one thread, and what each of them added, edited and lost."""

from typing import NamedTuple

import polars as pl

from flows.duplicates import different, shingles
from flows.hosts import normalised_name
from flows.orders import top_level

SAME_SHARE = 0.5
"""An author's comment is the edited form of one captured before if they share so much of the shorter."""
PRECISIONS = ("none", "relative", "month_day", "day", "minute", "second")
DATE = ("created_text", "created_at", "created_on", "created_precision", "is_created_resolved")
GIVEN = (
    "author_name",
    "author_handle",
    "author_url",
    "url",
    "native_id",
    "author_native_id",
    "author_id",
    "is_host",
)
"""Fields that don't change with time: the first capture that has one gives it."""
EDGE = ("parent_status", "given_parent_id", "edge_path")
"""Whom a comment answers, by the first capture that tells it; `edge_path` says whose ids it is in."""
ORDER = ("thread_id", "path", "comment_id", "position")
LATEST = ("like_count", "hidden_reply_count", "liker", "replier")
"""Fields that do: the last capture that has one gives it."""
ADDED, EDITED, LOST, LIKES = (
    "added_comment_count",
    "edited_comment_count",
    "lost_comment_count",
    "added_like_count",
)


class Merged(NamedTuple):
    """Threads captured once or often, each once."""

    threads: pl.DataFrame
    comments: pl.DataFrame
    captures: pl.DataFrame
    tops: pl.DataFrame
    """`comment_id` of comments that captures in different orders show to be top level."""
    orders: pl.DataFrame
    """`thread_id, path, comment_id, position` as shown, one row per comment and capture, of threads captured often."""


def merge(threads: pl.DataFrame, comments: pl.DataFrame) -> Merged:
    """Return one row per thread and per comment, from all captures of each thread.

    Comments are the same by the platform's id, else by author and words, else by author and most of the
    words. The first capture of a comment names it, whatever comes later. Whom it answers is what any
    capture tells; what none tells stays open.
    """
    threads = _numbered(_once(threads, comments))
    comments = comments.with_columns(edge_path=pl.col("path"))
    first = _counted(threads.filter(pl.col("capture_number") == 1))
    often = threads.filter(pl.len().over("thread_id") > 1)
    if often.is_empty():
        none = comments.clear().select(*ORDER)
        return Merged(
            threads, comments.drop("edge_path"), _declared(first), _tops({}, comments), none
        )
    place = ["path", "thread_id"]
    numbers = often.select(*place, "capture_number")
    repeated = comments.join(numbers, on=place, how="inner", maintain_order="left")
    once = comments.join(numbers, on=place, how="anti", maintain_order="left")
    known = _plain(repeated.filter(pl.col("capture_number") == 1))
    counted = [first]
    same = [known.select(own="comment_id", path="path", same="comment_id")]
    for number in range(2, max(often["capture_number"]) + 1):
        later = often.filter(capture_number=number)
        new = _plain(repeated.filter(capture_number=number))
        pairs = _pairs(known, new)
        known, changes, named = _joined(known, new, pairs, later)
        same.append(named)
        counted.append(_counted(later, changes))
    repeated = repeated.join(
        pl.concat(same),
        left_on=["comment_id", "path"],
        right_on=["own", "path"],
        maintain_order="left",
    )
    orders = _orders(repeated, often)
    ordered = _linked(_ordered(known, orders), pl.concat(same))
    whole = pl.concat([once, ordered.select(once.columns)]).drop("edge_path")
    captures = _declared(pl.concat(counted))
    shown = repeated.drop("comment_id").rename({"same": "comment_id"}).select(*ORDER)
    return Merged(_richest(threads, whole), whole, captures, _tops(orders, known), shown)


def _once(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per document and thread, though each part of a dump has one, with its comments counted."""
    place = ["path", "thread_id"]
    counts = comments.group_by(place).agg(comment_count=pl.len().cast(pl.Int64))
    whole = threads.drop("comment_count")
    if threads.select(pl.struct(place).is_duplicated().any()).item():
        summed = ("line_count", "furniture_line_count", "unrecognised_line_count")
        whole = whole.group_by(place, maintain_order=True).agg(
            pl.exclude(*summed, "tells_tree", "is_chronological").drop_nulls().first(),
            pl.col(*summed).sum(),
            # One part out of time order is enough.
            pl.col("is_chronological").min(),
            pl.col("tells_tree").any(),
        )
    return (
        whole.join(counts, on=place, how="left", maintain_order="left")
        .with_columns(pl.col("comment_count").fill_null(0))
        .select(threads.columns)
    )


def _linked(comments: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `given_parent_id` as the merged comments are named."""
    names = same.select(given_parent_id="own", edge_path="path", parent="same")
    return (
        comments.join(names, on=["given_parent_id", "edge_path"], how="left", maintain_order="left")
        .with_columns(given_parent_id=pl.coalesce("parent", "given_parent_id"))
        .drop("parent")
    )


def _numbered(threads: pl.DataFrame) -> pl.DataFrame:
    """Return `threads`, a row per capture, with `capture_number` by time, from 1."""
    named = pl.col("path").str.extract(r"@(\d{4}-\d\d-\d\d)").str.to_datetime("%Y-%m-%d")
    when = pl.coalesce("captured_at", named.cast(pl.Datetime("us")))
    ordered = threads.with_columns(when=when).sort("thread_id", "when", "path", nulls_last=False)
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("thread_id")
    return ordered.with_columns(capture_number=number).drop("when")


def _plain(comments: pl.DataFrame) -> pl.DataFrame:
    """Return `comments` with `author`, to compare, and `words`: the text without marks of any form."""
    text = pl.col("text").str.replace_all(r"!?\[([^\]\n]*)\]\([^)\n]*\)", "${1}")
    return comments.with_columns(
        author=normalised_name(pl.col("author_name")).fill_null(""),
        date=pl.col("created_text").fill_null(""),
        words=text.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}\p{S}]+", ""),
    )


def _pairs(known: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` (of `known`) and `other` (of `new`) of the same comments, each once."""
    facts = ("thread_id", "author", "words", "native_id", "text", "date")
    left = known.select("comment_id", *facts)
    right = new.select(*facts, other="comment_id")
    found = [_equal(left, right, ["native_id"]).select("comment_id", "other")]
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    # Two that have different ids aren't the same, whatever they say.
    found.append(_alike(left, right.filter(pl.col("native_id").is_null())))
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    nameless = left.filter(pl.col("native_id").is_null())
    found.append(_alike(nameless, right.filter(pl.col("native_id").is_not_null())))
    return pl.concat(found)


def _alike(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` (of `left`) and `other` (of `right`) of comments alike in author and words."""
    found = [pl.DataFrame(schema={"comment_id": pl.String, "other": pl.String})]
    if left.is_empty() or right.is_empty():
        return found[0]
    for keys in (["author", "words"], ["words"]):
        pairs = _equal(left, right, keys)
        if keys == ["words"]:
            # Only where one capture lacks the names, and never for courtesies.
            anonymous = (pl.col("author") == "") != (pl.col("author_right") == "")
            pairs = pairs.filter(anonymous & (pl.col("words").str.len_chars() >= 20))
        found.append(pairs.select("comment_id", "other"))
        left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
        right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    # Tombstones without a name, by their dates.
    is_blank = (pl.col("author") == "") & (pl.col("words") == "")
    blanks = _equal(left.filter(is_blank), right.filter(is_blank), ["date"])
    found.append(blanks.select("comment_id", "other"))
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    found.append(_edited(left, right))
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    return pl.concat([*found, _tombstones(left, right)])


def _equal(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return pairs with equal `keys`, the first with the first, the second with the second."""
    by = ["thread_id", *keys]

    def counted(side: pl.DataFrame) -> pl.DataFrame:
        some = (
            side.drop_nulls(keys).filter(pl.col("words") != "")
            if "words" in keys
            else side.drop_nulls(keys)
        )
        return some.with_columns(occurrence=pl.int_range(pl.len()).over(by))

    return counted(left).join(counted(right), on=[*by, "occurrence"], maintain_order="left")


def _edited(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return pairs by one author that share most of their words: one was edited to the other."""
    both = ["thread_id", "author"]
    ours = _shingled(left.select("comment_id", "text", *both))
    theirs = _shingled(right.select("other", "text", *both))
    shorter = pl.min_horizontal(pl.col("whole").first(), pl.col("whole_right").first())
    near = (
        ours.join(theirs, on=[*both, "shingle"])
        .group_by("comment_id", "other")
        .agg(share=pl.len() / shorter)
        .filter(pl.col("share") >= SAME_SHARE)
        .sort("share", "comment_id", "other", descending=[True, False, False])
    )
    best = near.unique("comment_id", keep="first", maintain_order=True)
    best = best.unique("other", keep="first", maintain_order=True).select("comment_id", "other")
    # Few words with a small edit: the only ones of their author that are left.
    rest_left = left.join(best, on="comment_id", how="anti", maintain_order="left")
    rest_right = right.join(best, on="other", how="anti", maintain_order="left")
    alike = (
        _only(rest_left, both)
        .join(_only(rest_right, both), on=both, maintain_order="left")
        .filter(
            (pl.col("author") != "")
            & (pl.col("words") != "")
            & (pl.col("words_right") != "")
            & (
                pl.col("words").str.contains(pl.col("words_right"), literal=True)
                | pl.col("words_right").str.contains(pl.col("words"), literal=True)
            )
        )
        .select("comment_id", "other")
    )
    return pl.concat([best, alike])


def _shingled(side: pl.DataFrame) -> pl.DataFrame:
    """Return the runs of words of `side`, each with the columns of its comment."""
    runs = different(shingles(side["text"]))
    return runs.join(side.drop("text").with_row_index("row"), on="row", maintain_order="left")


def _tombstones(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of which one has lost its text: the only ones of their author that are left."""
    both = ["thread_id", "author"]
    pairs = _only(left, both).join(_only(right, both), on=both, maintain_order="left")
    gone = (pl.col("words") == "") | (pl.col("words_right") == "")
    return pairs.filter((pl.col("author") != "") & gone).select("comment_id", "other")


def _only(side: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return side.filter(pl.struct(keys).is_unique())


def _joined(
    known: pl.DataFrame, new: pl.DataFrame, pairs: pl.DataFrame, later: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return `known` with what `new`, the captures `later`, says, a row of changes per thread, and names.

    The names are `own`, `path` and `same`: which comment of `known` each of `new` is.
    """
    said = new.rename({"comment_id": "other"}).join(pairs, on="other", maintain_order="left")
    both = known.join(
        said.select("comment_id", *_suffixed(said, known)),
        on="comment_id",
        how="left",
        maintain_order="left",
    )
    both = both.with_columns(takes_text=_takes_text())
    added = new.join(
        pairs, left_on="comment_id", right_on="other", how="anti", maintain_order="left"
    )
    fresh = _apart(added, known)
    named = pl.DataFrame(
        {"own": added["comment_id"], "path": added["path"], "same": fresh["comment_id"]}
    )
    return (
        pl.concat([_updated(both).select(known.columns), fresh]),
        _changes(both.join(later.select("thread_id"), on="thread_id", how="semi"), added),
        pl.concat([said.select(own="other", path="path", same="comment_id"), named]),
    )


def _takes_text() -> pl.Expr:
    """Whether the words are now others. A shorter text that begins the longer is cut off, not edited."""
    before, after = pl.col("words"), pl.col("words_new")
    is_cut = before.str.starts_with(after) & (after.str.len_bytes() < before.str.len_bytes())
    is_cut &= ~pl.col("is_edited_new").fill_null(False)
    return ((before != after) & (after != "") & ~is_cut).fill_null(False)


def _updated(both: pl.DataFrame) -> pl.DataFrame:
    """Return `both`, comments beside what a later capture says of them (`…_new`), as they are after it."""
    ranks = {name: rank for rank, name in enumerate(PRECISIONS)}
    rank = pl.col("created_precision").replace_strict(ranks, default=0)
    rank_new = pl.col("created_precision_new").replace_strict(ranks, default=0)
    later = (
        ((rank_new > rank).fill_null(False), DATE),
        (pl.col("parent_status").is_null(), EDGE),
        (pl.col("takes_text"), ("text", "words", "word_count")),
    )
    return both.with_columns(
        *(pl.coalesce(name, f"{name}_new").alias(name) for name in GIVEN),
        *(pl.coalesce(f"{name}_new", name).alias(name) for name in LATEST),
        *(
            pl.when(is_better).then(f"{name}_new").otherwise(name).alias(name)
            for is_better, names in later
            for name in names
        ),
        is_edited=pl.coalesce(
            pl.col("is_edited") | pl.col("is_edited_new"), "is_edited", "is_edited_new"
        ),
        is_deleted=pl.col("is_deleted") & pl.col("is_deleted_new").fill_null(True),
        author=pl.when(pl.col("author") == "")
        .then(pl.col("author_new").fill_null(""))
        .otherwise("author"),
    )


def _changes(both: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Return one row per thread of how many comments were edited, lost and `added`, and of likes gained."""
    is_changed = pl.col("takes_text") & (pl.col("words") != "")
    gained = pl.col("like_count_new") - pl.col("like_count")
    counted = both.group_by("thread_id").agg(
        is_changed.sum().cast(pl.Int64).alias(EDITED),
        pl.col("words_new").is_null().sum().cast(pl.Int64).alias(LOST),
        gained.sum().cast(pl.Int64).alias(LIKES),
    )
    new = added.group_by("thread_id").agg(pl.len().cast(pl.Int64).alias(ADDED))
    return counted.join(new, on="thread_id", how="full", coalesce=True)


def _suffixed(said: pl.DataFrame, known: pl.DataFrame) -> list[pl.Expr]:
    skipped = {"comment_id", "thread_id"}
    return [
        pl.col(name).alias(f"{name}_new")
        for name in known.columns
        if name in said.columns and name not in skipped
    ]


def _apart(added: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return `added` with ids that no comment of `known` has, and the authors' ids that they have there."""
    authors = (
        known.filter(pl.col("author") != "")
        .unique(["thread_id", "author"], keep="first", maintain_order=True)
        .select("thread_id", "author", known_id="author_id", known_native="author_native_id")
    )
    joined = added.join(authors, on=["thread_id", "author"], how="left", maintain_order="left")
    is_other = (pl.col("author_native_id") != pl.col("known_native")).fill_null(False)
    joined = joined.with_columns(
        author_id=pl.when(is_other)
        .then("author_id")
        .otherwise(pl.coalesce("known_id", "author_id"))
    )
    taken = joined["comment_id"].is_in(known["comment_id"].implode())
    again = pl.format("{}@{}", "comment_id", "capture_number").alias("comment_id")
    return joined.with_columns(
        pl.when(taken).then(again).otherwise("comment_id").alias("comment_id")
    ).select(known.columns)


def _orders(repeated: pl.DataFrame, often: pl.DataFrame) -> dict[str, list[list[str]]]:
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


def _tops(orders: dict[str, list[list[str]]], known: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id`, one row per comment that two of a thread's captures show to be top level."""
    authors = dict(known.select("comment_id", "author").iter_rows()) if orders else {}
    found = {
        name: None
        for captured in orders.values()
        for later in captured[1:]
        for name in top_level(captured[0], later, authors)
    }
    return pl.DataFrame({"comment_id": list(found)}, schema={"comment_id": pl.String})


def _ordered(known: pl.DataFrame, orders: dict[str, list[list[str]]]) -> pl.DataFrame:
    """Return `known` with positions: the order of the capture with most comments, the others fitted in.

    A comment that it lacks stands before the one that follows it in its own capture, if that keeps it
    behind the one it follows there; else right behind that one.
    """
    placed = [
        (comment_id, position)
        for captured in orders.values()
        for position, comment_id in enumerate(_fitted(captured))
    ]
    positions = pl.DataFrame(
        placed, schema={"comment_id": pl.String, "placed": pl.Int32}, orient="row"
    )
    # Where a source gives no order, time orders.
    place = pl.when(pl.col("position").is_not_null()).then("placed").alias("position")
    return known.join(positions, on="comment_id", how="left", maintain_order="left").with_columns(
        place
    )


def _fitted(captured: list[list[str]]) -> list[str]:
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


def _counted(captures: pl.DataFrame, changes: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return rows of `captures`, with `changes` per thread; the first capture added all it has."""
    if changes is None:
        counted = captures.with_columns(
            pl.col("comment_count").alias(ADDED),
            *(pl.lit(0, pl.Int64).alias(name) for name in (EDITED, LOST, LIKES)),
        )
    else:
        counted = captures.join(changes, on="thread_id", how="left", maintain_order="left")
        counted = counted.with_columns(
            pl.col(name).fill_null(0) for name in (ADDED, EDITED, LOST, LIKES)
        )
    return counted.select(
        "thread_id",
        "source_path",
        "source_format",
        "captured_at",
        "capture_number",
        "comment_count",
        ADDED,
        EDITED,
        LOST,
        LIKES,
        "bucket",
    )


def _declared(captures: pl.DataFrame) -> pl.DataFrame:
    return captures.sort("thread_id", "capture_number")


def _richest(threads: pl.DataFrame, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per thread: its capture with most comments, and what the others know besides.

    A capture that tells the tree goes before those that lost it.
    """
    counts = comments.group_by("thread_id").agg(merged=pl.len().cast(pl.Int64))
    ranked = threads.sort("thread_id", "tells_tree", "comment_count", "capture_number")
    said = ("title", "url", "publication", "host", "given_host", "published_at", "scope")
    best = ranked.group_by("thread_id", maintain_order=True).agg(
        pl.exclude(
            *said,
            "captured_at",
            "declared_comment_count",
            "shows_likers",
            "tells_tree",
            "is_chronological",
            "hidden_comment_count",
        ).last(),
        *(pl.col(name).drop_nulls().last() for name in said),
        pl.col("captured_at", "declared_comment_count").max(),
        pl.col("shows_likers", "tells_tree", "is_chronological").any(),
        pl.col("hidden_comment_count").drop_nulls().last(),
    )
    return (
        best.join(counts, on="thread_id", how="left", maintain_order="left")
        .with_columns(comment_count=pl.col("merged").fill_null(0))
        .select(threads.columns)
    )
