"""Texts as places among bytes: found by what a few bytes tell, and cut out where they lie."""

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
ASCII = 128
IS_PLAIN = np.array(
    [one < ASCII and chr(one).isprintable() and one != ord(" ") for one in range(256)]
)
"""Which bytes are no part of white space."""


def kept(chosen: Flags, *items: Ints) -> tuple[Ints, ...]:
    """Return the `chosen` ones of each of `items`."""
    if chosen.all():
        return items
    some = np.flatnonzero(chosen)
    return tuple(one[some] for one in items)


def cut(content: Bytes, start: Ints, end: Ints) -> pl.Series:
    """Return the texts from `start` to `end`, which rise; they stay where they lie."""
    if not start.size:
        return pl.Series(dtype=pl.String)
    places = np.column_stack([start, end]).ravel()
    # What lies between two is cut too, and left.
    pieces = pa.LargeStringArray.from_buffers(
        places.size - 1, pa.py_buffer(places), pa.py_buffer(content)
    )
    # An array alone would import another part of Arrow, which takes longer than many pages.
    return pl.DataFrame(pa.record_batch([pieces], ["text"]))["text"].gather_every(2)


def stripped(content: Bytes, start: Ints, end: Ints, blank: str | None = None) -> tuple[Ints, Ints]:
    """Return `start` and `end` of texts without characters of `blank` at either, or any white space."""
    first = content[np.minimum(start, content.size - 1)]
    some = np.flatnonzero(~(IS_PLAIN[first] & IS_PLAIN[content[end - 1]]))
    if not some.size:
        return start, end
    whole = cut(content, start[some], end[some])
    left = whole.str.strip_chars_start(blank)
    bare = left.str.strip_chars_end(blank)
    sizes = [one.str.len_bytes().cast(pl.Int64).to_numpy() for one in (whole, left, bare)]
    start, end = start.copy(), end.copy()
    start[some] += sizes[0] - sizes[1]
    end[some] -= sizes[1] - sizes[2]
    return start, end


def words(content: Bytes, size: int) -> NDArray[np.bytes_]:
    """Return what stands at each place of `content`, in `size` bytes."""
    count = max(content.size - size + 1, 0)
    return np.ndarray((count,), f"S{size}", content, strides=(1,))


def are(content: Bytes, start: Ints, end: Ints, word: str) -> Flags:
    """Return between which `start` and `end` stands just `word`."""
    found: Flags = end - start == len(word)
    can_be = np.flatnonzero(found)
    found[can_be] = words(content, len(word))[start[can_be]] == word.encode()
    return found


def ranges(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """Return the numbers of all ranges, after the place of the range that each is of."""
    sizes = stop - start
    shift = start - (np.cumsum(sizes) - sizes)
    return np.repeat(np.arange(sizes.size), sizes), np.arange(sizes.sum()) + np.repeat(shift, sizes)
