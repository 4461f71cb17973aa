"""Which comments of two captures are the same."""

import polars as pl

from threadmill.threads.duplicates import cut_shingles, keep_unique_shingles

SAME_SHARE = 0.5
"""An author's comment is the edited form of one captured before if they share so much of the shorter."""


def pair_comments(known: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` (of `known`) and `other` (of `new`) of the same comments, each once."""
    facts = ("thread_id", "author", "words", "native_id", "text", "date")
    left = known.select("comment_id", *facts)
    right = new.select(*facts, other="comment_id")
    found = [_pair_equal(left, right, ["native_id"]).select("comment_id", "other")]
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    # Two that have different ids aren't the same, whatever they say.
    found.append(_pair_alike(left, right.filter(pl.col("native_id").is_null())))
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    nameless = left.filter(pl.col("native_id").is_null())
    found.append(_pair_alike(nameless, right.filter(pl.col("native_id").is_not_null())))
    return pl.concat(found)


def _pair_alike(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return `comment_id` (of `left`) and `other` (of `right`) of comments alike in author and words."""
    found = [pl.DataFrame(schema={"comment_id": pl.String, "other": pl.String})]
    if left.is_empty() or right.is_empty():
        return found[0]
    for keys in (["author", "words"], ["words"]):
        pairs = _pair_equal(left, right, keys)
        if keys == ["words"]:
            # Only where one capture lacks the names, and never for courtesies.
            anonymous = (pl.col("author") == "") != (pl.col("author_right") == "")
            pairs = pairs.filter(anonymous & (pl.col("words").str.len_chars() >= 20))
        found.append(pairs.select("comment_id", "other"))
        left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
        right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    # Tombstones without a name, by their dates.
    is_blank = (pl.col("author") == "") & (pl.col("words") == "")
    blanks = _pair_equal(left.filter(is_blank), right.filter(is_blank), ["date"])
    found.append(blanks.select("comment_id", "other"))
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    found.append(_pair_edited(left, right))
    left = left.join(found[-1], on="comment_id", how="anti", maintain_order="left")
    right = right.join(found[-1], on="other", how="anti", maintain_order="left")
    return pl.concat([*found, _pair_tombstones(left, right)])


def _pair_equal(left: pl.DataFrame, right: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
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


def _pair_edited(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return pairs by one author that share most of their words: one was edited to the other."""
    both = ["thread_id", "author"]
    ours = _cut_shingles(left.select("comment_id", "text", *both))
    theirs = _cut_shingles(right.select("other", "text", *both))
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
        _keep_unique(rest_left, both)
        .join(_keep_unique(rest_right, both), on=both, maintain_order="left")
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


def _cut_shingles(side: pl.DataFrame) -> pl.DataFrame:
    """Return the runs of words of `side`, each with the columns of its comment."""
    runs = keep_unique_shingles(cut_shingles(side["text"]))
    return runs.join(side.drop("text").with_row_index("row"), on="row", maintain_order="left")


def _pair_tombstones(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Return pairs of which one has lost its text: the only ones of their author that are left."""
    both = ["thread_id", "author"]
    pairs = _keep_unique(left, both).join(_keep_unique(right, both), on=both, maintain_order="left")
    gone = (pl.col("words") == "") | (pl.col("words_right") == "")
    return pairs.filter((pl.col("author") != "") & gone).select("comment_id", "other")


def _keep_unique(side: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return side.filter(pl.struct(keys).is_unique())
