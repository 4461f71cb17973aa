"""Keep the last release in the private zone, sealed: its exact values, and who is behind them, by keyed ids.

It is what the next release is compared with. It lies beside the store, in `data/released`, and no run can do without
it: two releases that don't know of each other can reveal one person.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from threadmill.errors import Mistake
from threadmill.figures.releasing import NOTHING, Released
from threadmill.privacy import erasures
from threadmill.privacy.keys import Key
from threadmill.storage.sealing import Seal, Unreadable

FOLDER = "released"
ENDING = ".sealed"
GONE = "gone:"
"""Begins what stands for an author who isn't in the data any more."""


class Remembered(NamedTuple):
    """The last release of a profile."""

    on: date
    """Monday of the week in which it was released."""
    k: int
    erased: str
    """The tombstones that were known when it was last compared with the data, as `erasures.take_fingerprint`."""
    released: Released = NOTHING


def find_place(raw: Path, profile: str) -> Path:
    """Return the file of the last release under `profile` of what is in the raw folder `raw`."""
    folder = raw.parent / (FOLDER if raw.name == "raw" else f"{raw.name}-{FOLDER}")
    return folder / f"{profile}{ENDING}"


def read(raw: Path, profile: str, key: Key) -> Remembered | None:
    """Return the last release under `profile`; None if there was none.

    Raises:
        ValueError: it can't be read with this `key`.
    """
    place = find_place(raw, profile)
    try:
        sealed = place.read_bytes()
        head, *tables = _make_seal(key).open(sealed, profile)
    except FileNotFoundError:
        return None
    except Unreadable:
        raise Mistake(
            f"{place}: can't be read with this key; put back the key, or a copy of the file, as the next release "
            "has to be compared with the last one"
        ) from None
    said = json.loads(head)
    rows = [pl.read_ipc(table) for table in tables]
    return Remembered(date.fromisoformat(said["on"]), said["k"], said["erased"], Released(*rows))


def write(raw: Path, profile: str, key: Key, remembered: Remembered) -> None:
    """Write down a release, in one step, for the owner alone."""
    place = find_place(raw, profile)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    said = {"on": remembered.on.isoformat(), "k": remembered.k, "erased": remembered.erased}
    pieces = [json.dumps(said).encode(), *map(_dump, remembered.released)]
    erasures.write_through(place, b"".join(_make_seal(key).seal(pieces, profile)))


def _make_seal(key: Key) -> Seal:
    return Seal(key.derive("figures").secret)


def _dump(rows: pl.DataFrame) -> bytes:
    sink = rows.write_ipc(None, compression="zstd")
    return sink.getvalue()


def forget(released: Released, authors: Iterable[str]) -> Released:
    """Return `released`, in which nothing says who was behind it but for those of `authors`, who are in the data.

    Something random stands for each of the others, so that it stays as many people.
    """
    known = pl.Series([*authors], dtype=pl.String)
    behind = released.behind
    gone = behind["author"].unique().sort()
    gone = gone.filter(~gone.is_in(known.implode()) & ~gone.str.starts_with(GONE))
    standing = {author: f"{GONE}{secrets.token_hex(12)}" for author in gone}
    named = pl.col("author").replace_strict(
        standing, default=pl.col("author"), return_dtype=pl.String
    )
    return released._replace(behind=behind.with_columns(author=named))
