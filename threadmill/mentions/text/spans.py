"""Where a pattern matches: whole-batch regular expressions with code-point offsets.

Polars returns the words of a match but not its place, and Rust's expressions have no look-around.
So every match is fenced with a control character and the text is split at the fences: the lengths of the
pieces add up to the offsets, and the pieces beside a match are its context.
"""

from collections.abc import Sequence

import polars as pl

FENCE = "\x01"
MASK = "\x02"
"""Replaces each code point that later rules must not see: code and addresses. ASCII texts, read faster, stay so."""
GAP = "\ufdd0"
"""Stands for words left out of a quotation."""
RESERVED = f"[{FENCE}{MASK}]|{GAP}"
"""What texts may not contain."""
LITTLE_BYTES = 8
LONG_BYTES = 10_000
BLOCK_CHARS = 1_000
CONTEXT_CHARS = 80
"""How much of the text before and after a match its rule may look at."""

CAPITAL = r"[A-Z\x{80}-\x{10ffff}]"
"""What includes all capitals, for first tests: a tenth of the time to compile."""
UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
"""Scripts written without spaces: no boundary can be seen in them without a dictionary."""
WORD = r"\p{L}\p{N}\p{M}_"
SPACED_WORD = rf"[{WORD}&&[^{UNSPACED}]]"

HIT = pl.Schema(
    {
        "row": pl.UInt32,
        "start": pl.Int32,
        "end": pl.Int32,
        "kind": pl.String,
        "id": pl.String,
        "name": pl.String,
        "rule": pl.String,
        "confidence": pl.Float64,
        "pack": pl.String,
        "pack_version": pl.String,
        "target_comment_id": pl.String,
        "target_author_id": pl.String,
    }
)
"""An unresolved mention. `row` is the comment's row in the batch; `id` lacks the kind, and is the words if null."""
NO_HITS = HIT.to_frame()
"""Created once, because creating an empty frame takes a quarter of a millisecond."""

AS_WRITTEN = pl.QueryOptFlags.none()
"""Turns the optimiser off: these small lazy queries have nothing to optimise.

One query of several expressions costs less than one query each. The engine that Polars would choose adds
a millisecond.
"""

SPAN = pl.Schema(
    {
        "row": pl.UInt32,
        "start": pl.Int32,
        "end": pl.Int32,
        "found": pl.String,
        "before": pl.String,
        "after": pl.String,
    }
)
NO_SPANS = SPAN.to_frame()


def find_spans(
    texts: pl.DataFrame, pattern: str, *keep: pl.Expr, column: str = "masked"
) -> pl.DataFrame:
    """Return one row per match of `pattern` in `texts` for which all of `keep` hold, as `SPAN`, in order.

    `before` and `after` are up to `CONTEXT_CHARS` code points beside the match. The pattern must
    not match the empty string and may have no capture groups (`(?:…)`), which are slow.
    """
    text = pl.col(column)
    # An expression takes milliseconds to compile, and most frames lack most kinds.
    if texts.is_empty():
        return NO_SPANS
    fenced = text.str.replace_all(pattern, FENCE + "${0}" + FENCE)
    rows = (
        texts.lazy()
        .select("row", found=fenced)
        .filter(pl.col("found").str.contains(FENCE, literal=True))
        .collect(engine="in-memory", optimizations=AS_WRITTEN)
    )
    return _locate_matches(rows, keep) if rows.height else NO_SPANS


def _locate_matches(fenced: pl.DataFrame, keep: Sequence[pl.Expr]) -> pl.DataFrame:
    """Return `fenced` (row, and `found`: text and match by turns) as one row per match, as `SPAN`."""
    piece, index = pl.col("found"), pl.col("index")
    from_start = pl.when(index == 0).then(pl.col("until") - pl.col("length"))
    matches = (
        fenced.lazy()
        .with_columns(piece.str.split(FENCE))
        .with_columns(index=pl.int_ranges(piece.list.len()))
        .explode("found", "index")
        .with_columns(length=piece.str.len_chars().cast(pl.Int64))
        .with_columns(until=pl.col("length").cum_sum())
        .with_columns(
            base=from_start.forward_fill(),
            before=piece.shift(1),
            after=piece.shift(-1),
            last=piece.shift(2),
            next=piece.shift(-2),
            is_last=(index.shift(-2) != index + 2).fill_null(True),
        )
        .filter(index % 2 == 1)
        .with_columns(
            pl.col("before").str.tail(CONTEXT_CHARS), pl.col("after").str.head(CONTEXT_CHARS)
        )
        .collect(engine="in-memory", optimizations=AS_WRITTEN)
    )
    return (
        _widen_context(matches)
        .lazy()
        .select(
            "row",
            start=(pl.col("until") - pl.col("length") - pl.col("base")).cast(pl.Int32),
            end=(pl.col("until") - pl.col("base")).cast(pl.Int32),
            found="found",
            before="before",
            after="after",
        )
        .filter(*keep)
        .collect(engine="in-memory", optimizations=AS_WRITTEN)
    )


def _widen_context(matches: pl.DataFrame) -> pl.DataFrame:
    """Return `matches`, with the neighbouring match added to `before` or `after` where it is within `LITTLE_BYTES`."""
    leans = (pl.col("before").str.len_bytes() <= LITTLE_BYTES) & (pl.col("index") > 1)
    precedes = (pl.col("after").str.len_bytes() <= LITTLE_BYTES) & ~pl.col("is_last")
    close = matches.select(leans=leans, precedes=precedes)
    if close["leans"].any():
        longer = pl.concat_str(pl.col("last").str.tail(CONTEXT_CHARS), "before")
        matches = matches.with_columns(
            before=pl.when(close["leans"]).then(longer).otherwise("before")
        )
    if close["precedes"].any():
        longer = pl.concat_str("after", pl.col("next").str.head(CONTEXT_CHARS))
        matches = matches.with_columns(
            after=pl.when(close["precedes"]).then(longer).otherwise("after")
        )
    return matches


def is_whole_word(word: str = WORD) -> pl.Expr:
    """Return whether a match of `spans` has no word character of any script beside it."""
    return ~pl.col("before").str.contains(f"[{word}]$") & ~pl.col("after").str.contains(
        f"^[{word}]"
    )


def trim_ends(found: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """Return `found` without what `pattern` matches at the end of each match."""
    if found.is_empty():
        return found
    shorter = found.with_columns(found=pl.col("found").str.replace(f"(?:{pattern})$", ""))
    return shorter.with_columns(
        end=(pl.col("start") + pl.col("found").str.len_chars()).cast(pl.Int32)
    ).filter(pl.col("found") != "")


def make_hits(
    found: pl.DataFrame,
    kind: str | pl.Expr,
    *,
    rule: str,
    confidence: float | pl.Expr,
    id: pl.Expr | None = None,  # noqa: A002  (the column's name)
    name: pl.Expr | None = None,
) -> pl.DataFrame:
    """Return `found` as `HIT`; without `id` the words in lower case, without `name` the words."""
    if found.is_empty():
        return NO_HITS
    return found.select(
        "row",
        "start",
        "end",
        kind=pl.lit(kind) if isinstance(kind, str) else kind,
        id=pl.col("found").str.to_lowercase() if id is None else id,
        name=pl.col("found") if name is None else name,
        rule=pl.lit(rule),
        confidence=pl.lit(confidence, pl.Float64) if isinstance(confidence, float) else confidence,
        pack=pl.lit(None, pl.String),
        pack_version=pl.lit(None, pl.String),
        target_comment_id=pl.lit(None, pl.String),
        target_author_id=pl.lit(None, pl.String),
    )


def mask(texts: pl.DataFrame, places: pl.DataFrame, column: str = "masked") -> pl.DataFrame:
    """Return `texts` with each code point of `places` (row, start, end) in `column` as `MASK`."""
    if places.is_empty():
        return texts
    # Row and place in one number, which grows through all rows.
    row = pl.col("row").cast(pl.Int64) * 2**31
    end = pl.col("end")
    edges = (
        places.lazy()
        .select("row", start=row + pl.col("start"), end=row + end)
        .sort("start", "end")
        .with_columns(start=pl.max_horizontal("start", end.cum_max().shift(1)))
        .filter(pl.col("start") < end)
        .select(
            "row",
            start=(pl.max_horizontal(end.shift(1), row) - row).cast(pl.Int32),
            end=(pl.col("start") - row).cast(pl.Int32),
            length=end - pl.col("start"),
        )
        .collect(engine="in-memory", optimizations=AS_WRITTEN)
    )
    tails = edges.group_by("row", maintain_order=True).agg(
        start=(end + pl.col("length")).last().cast(pl.Int32), end=pl.lit(2**31 - 1, pl.Int32)
    )
    tail = cut_surfaces(texts, tails, column)
    covers = (
        edges.lazy()
        .select(
            "row",
            pl.concat_str(
                cut_surfaces(texts, edges, column), pl.lit("").str.pad_end(pl.col("length"), MASK)
            ).alias(column),
        )
        .group_by("row", maintain_order=True)
        .agg(pl.col(column).str.join(""))
        .with_columns(pl.concat_str(column, tail))
        .collect(engine="in-memory", optimizations=AS_WRITTEN)
    )
    hidden = pl.col(f"{column}_hidden")
    joined = texts.join(covers, on="row", how="left", maintain_order="left", suffix="_hidden")
    return joined.with_columns(pl.coalesce(hidden, column).alias(column)).drop(f"{column}_hidden")


def cut_surfaces(texts: pl.DataFrame, places: pl.DataFrame, column: str = "normal") -> pl.Series:
    """Return the part of `column` of `texts` at each of `places` (row, start, end), in their order.

    A long text is first cut into blocks. Otherwise Polars would count each place from the beginning,
    and time would grow with the square of the comment's length.
    """
    text = pl.col(column)
    length = pl.col("end") - pl.col("start")
    if (gathered := _gather_texts(texts, places["row"], column)) is not None:
        return places.select("start", length=length).select(
            found=pl.lit(gathered).str.slice("start", "length")
        )["found"]
    own = texts.select("row", text, is_long=text.str.len_bytes() > LONG_BYTES)
    asked = places.select("row", "start", "end").with_row_index("at")
    # A long text is joined to none of its places: each would copy it.
    asked = asked.join(own.select("row", "is_long"), on="row", how="left", maintain_order="left")
    is_long = pl.col("is_long").fill_null(False) & (length <= BLOCK_CHARS)
    short = asked.filter(~is_long).join(
        own.select("row", text), on="row", how="left", maintain_order="left"
    )
    short = short.select("at", found=text.str.slice("start", length))
    asked = asked.filter(is_long)
    blocks = (
        own.filter("is_long")
        .select("row", text.str.extract_all(f"(?s).{{1,{BLOCK_CHARS}}}"))
        .with_columns(block=pl.int_ranges(pl.col(column).list.len()))
        .explode(column, "block")
        .with_columns(text + text.shift(-1).over("row").fill_null(""))
    )
    asked = asked.with_columns(block=(pl.col("start") // BLOCK_CHARS).cast(pl.Int64))
    long = asked.join(blocks, on=["row", "block"], how="left").select(
        "at", found=text.str.slice(pl.col("start") % BLOCK_CHARS, length)
    )
    return pl.concat([short, long]).sort("at")["found"]


def _gather_texts(texts: pl.DataFrame, rows: pl.Series, column: str) -> pl.Series | None:
    """Return the text of `column` of each of `rows`, null where `texts` lacks the row.

    None if one is long, or if `texts` are in no order: to join takes longer than to gather.
    """
    own = texts["row"]
    if texts.is_empty() or rows.null_count() or not own.is_sorted():
        return None
    last = len(own) - 1
    place = own.search_sorted(rows).clip(0, last)
    # Lengths first: gathering a long text for each of its places copies it as often.
    if (texts[column].str.len_bytes() > LONG_BYTES).gather(place).any():
        return None
    found = texts[column].gather(place)
    is_there = own.gather(place) == rows
    return found if is_there.all() else found.set(~is_there, None)


def keep_having(texts: pl.DataFrame, words: Sequence[str], column: str = "masked") -> pl.DataFrame:
    """Return the rows of `texts` that contain one of `words` (ASCII, lower case) in any case: a cheap first test.

    It reads the folded text where there is one.
    """
    if column == "masked" and "folded" in texts.columns:
        return texts.filter(_contains_any(pl.col("folded"), words))
    return keep_likely(texts, f"(?i-u:{'|'.join(pl.escape_regex(word) for word in words)})", column)


def drop_head(found: pl.DataFrame, head: str) -> pl.DataFrame:
    """Return the spans `found` without what `head` matches at the start of each."""
    return keep_tail(found, pl.col("found").str.replace(head, ""))


def keep_tail(found: pl.DataFrame, tail: pl.Expr) -> pl.DataFrame:
    """Return the spans `found` cut down to `tail`, what each of them ends with."""
    start = (pl.col("end") - pl.col("found").str.len_chars()).cast(pl.Int32)
    return found.with_columns(found=tail).with_columns(start=start)


def keep_marked(texts: pl.DataFrame, words: Sequence[str], column: str = "masked") -> pl.DataFrame:
    """Return the rows of `texts` that contain one of `words`, in that case."""
    return texts.filter(_contains_any(pl.col(column), words))


def _contains_any(text: pl.Expr, words: Sequence[str]) -> pl.Expr:
    # An expression of few literals becomes a vector search: up to 18 times as fast as `contains_any`.
    return text.str.contains("|".join(pl.escape_regex(word) for word in words))


def keep_likely(texts: pl.DataFrame, pattern: str, column: str = "folded") -> pl.DataFrame:
    """Return the rows of `texts` that `pattern` matches: a first test before a slower expression.

    Folded text is in lower case, with line ends as spaces: `pattern` needs no `(?i)`, and where it
    begins with literals a vector search finds them.
    """
    return texts if texts.is_empty() else texts.filter(pl.col(column).str.contains(pattern))


def keep_any(texts: pl.DataFrame, patterns: Sequence[str], column: str = "folded") -> pl.DataFrame:
    """Return the rows of `texts` that one of `patterns` matches.

    Lists of up to some eight literals each become vector searches, which all together take a third of the time of
    one expression.
    """
    return texts.filter(pl.any_horizontal(pl.col(column).str.contains(each) for each in patterns))


def keep_capitalised(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of `texts` with two capitals in one word or at the start of neighbouring words.

    All names of several words, titles, initials and acronyms are in these rows.
    """
    small = "of|the|and|van|von|de|der|den|di|da|del|al|bin|el"
    return keep_likely(
        texts,
        rf"\p{{Lu}}(?:[\p{{L}}'’.-]*[\s.-](?:(?:{small}) )*\p{{Lu}}|[A-Za-z]{{0,2}}[A-Z0-9])",
        "masked",
    )


def concat_hits(pieces: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return all hits of `pieces` as one frame."""
    return pl.concat([NO_HITS, *(piece for piece in pieces if piece.height)])
