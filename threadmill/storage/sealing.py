"""Encrypt people's words before they reach a disk: AES-256-GCM, piece by piece.

A sealed file has a data key of its own, which the given key wraps, and a number of pieces, each encrypted and
authenticated by itself with its number, so that none can be changed, moved or left out unnoticed. Sealed rows are one
piece per record batch.
"""

import os
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # Imported where there are rows: a run with nothing to do is spared it.
    import pyarrow as pa

KEY_BYTES = 32
MAGIC = b"threadmill sealed 1\n"
BATCH_ROWS = 2**16
"""Rows in one record batch, which is one piece."""
_NONCE_BYTES, _TAG_BYTES = 12, 16
_LENGTH = struct.Struct(">Q")
_NUMBER = struct.Struct(">IQ")
_LAST = 1
"""Set in the nonce of a file's last piece."""


class Unreadable(Exception):  # noqa: N818 # names what happened
    """It isn't what this key sealed: damaged, cut short, or sealed with another key."""


class Seal:
    """Seals and opens with one key."""

    def __init__(self, key: bytes | None = None) -> None:
        """Take a key of `KEY_BYTES`; without one, a key that this process alone ever has."""
        # Its import takes 40 ms, which runs without a profile are spared.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._make = AESGCM
        self._wrapping = AESGCM(key or os.urandom(KEY_BYTES))

    def seal(self, pieces: Iterable[bytes], name: str = "") -> Iterator[bytes]:
        """Yield the bytes of a sealed file of `pieces`, at least one; it opens under the same `name` alone."""
        key, nonce = os.urandom(KEY_BYTES), os.urandom(_NONCE_BYTES)
        yield MAGIC + nonce + self._wrapping.encrypt(nonce, key, name.encode())
        cipher = self._make(key)
        held: bytes | None = None
        count = 0
        for piece in pieces:
            if held is not None:
                yield from _frame(cipher.encrypt(_NUMBER.pack(0, count), held, None))
                count += 1
            held = piece
        yield from _frame(cipher.encrypt(_NUMBER.pack(_LAST, count), held or b"", None))

    def open(self, sealed: bytes, name: str = "") -> Iterator[bytes]:
        """Yield the pieces of a sealed file.

        Raises:
            Unreadable: it isn't what this key sealed under `name`.
        """
        from cryptography.exceptions import InvalidTag

        view = memoryview(sealed)
        start = len(MAGIC) + _NONCE_BYTES
        place = start + KEY_BYTES + _TAG_BYTES
        if bytes(view[: len(MAGIC)]) != MAGIC or len(view) < place:
            raise Unreadable
        try:
            nonce = bytes(view[len(MAGIC) : start])
            key = self._wrapping.decrypt(nonce, bytes(view[start:place]), name.encode())
            cipher = self._make(key)
            count = 0
            while place < len(view):
                (length,) = _LENGTH.unpack_from(view, place)
                place += _LENGTH.size
                is_last = place + length == len(view)
                number = _NUMBER.pack(_LAST if is_last else 0, count)
                yield cipher.decrypt(number, view[place : place + length], None)
                place += length
                count += 1
        except (InvalidTag, struct.error) as error:
            raise Unreadable from error
        if not count:
            raise Unreadable

    def seal_bytes(self, data: bytes, name: str = "") -> bytes:
        """Return `data` as one sealed piece."""
        return b"".join(self.seal([data], name))

    def open_bytes(self, sealed: bytes, name: str = "") -> bytes:
        """Return what `seal_bytes` sealed.

        Raises:
            Unreadable: as `open`.
        """
        return b"".join(self.open(sealed, name))

    def seal_rows(
        self, rows: "pa.Table", name: str = "", compression: str | None = "zstd"
    ) -> Iterator[bytes]:
        """Yield the bytes of a sealed file of `rows`, a piece per record batch."""
        return self.seal((_serialise(batch, compression) for batch in _batches(rows)), name)

    def open_rows(
        self, sealed: bytes, name: str = "", columns: list[str] | None = None
    ) -> "pa.Table":
        """Return the rows that `seal_rows` sealed, all columns or those of `columns`.

        Raises:
            Unreadable: as `open`.
        """
        import pyarrow as pa

        return pa.concat_tables([_parse(piece, columns) for piece in self.open(sealed, name)])


def _frame(encrypted: bytes) -> tuple[bytes, bytes]:
    return _LENGTH.pack(len(encrypted)), encrypted


def _batches(rows: "pa.Table") -> list["pa.RecordBatch"]:
    import pyarrow as pa

    nothing = [
        pa.RecordBatch.from_arrays([pa.nulls(0, f.type) for f in rows.schema], schema=rows.schema)
    ]
    return rows.to_batches(max_chunksize=BATCH_ROWS) or nothing


def _serialise(batch: "pa.RecordBatch", compression: str | None) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with pa.ipc.new_stream(sink, batch.schema, options=options) as writer:
        writer.write_batch(batch)
    return bytes(sink.getvalue())


def _parse(piece: bytes, columns: list[str] | None) -> "pa.Table":
    import pyarrow as pa

    return read_arrow(pa.ipc.open_stream, piece, columns)


def read_arrow(
    open_source: Callable[..., Any], source: object, columns: list[str] | None
) -> "pa.Table":
    """Return the rows of `source`, all columns or those of `columns`; `open_source` is Arrow's for its form."""
    import pyarrow as pa

    wanted = None
    if columns:
        arrow = open_source(source).schema
        wanted = [arrow.get_field_index(column) for column in columns]
    options = pa.ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
    return open_source(source, options=options).read_all()
