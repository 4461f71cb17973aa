"""Documents too large or too packed to be read at once → chunks of text, in bounded memory."""

import hashlib
import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

from threadmill.read import opening
from threadmill.read.rejects import Reject, Unreadable

LINE_ENDINGS = (".ndjson", ".jsonl")
CHUNK_BYTES = 8 * 2**20
"""Larger chunks leave the caches, and smaller ones cost more calls: 16 MiB took 15 % longer."""
LINE_MAX_BYTES = 16 * 2**20
"""Longer lines of a dump are skipped: no comment is as long."""
WINDOW_MAX_BYTES = 2**31
"""The dumps of Reddit are packed with a window of this size."""
WHOLE_MAX_BYTES = 256 * 2**20
TOO_LARGE = "too_large", f"more than {WHOLE_MAX_BYTES // 2**20} MiB; only dumps may be larger"
RATIO_MAX = 250
"""Text packs to about a tenth; what unpacks to more than this is made to fill the disk."""
RATIO_FREE_BYTES = 64 * 2**20
"""Below this any ratio is let through."""
HEAD_BYTES = 2**16
PACKED_BYTES = 2**11
"""Unpacked at once: even what is made to fill the memory has only megabytes then."""
NEWLINE = ord("\n")
Note = Callable[[str], None]


def ignore(_hash: str) -> None:
    """Note nothing."""


class Chunk(NamedTuple):
    """Whole lines of a dump, or a place of it that can't be read."""

    first_line: int
    """Number of its first line, from 1."""
    content: memoryview
    line_count: int
    reject: Reject | None = None
    """Why it can't be read; then `content` is an excerpt."""


class _Plain:
    """The bytes of a document as they lie, hashed as they are read: what is hashed is what was read."""

    error: Unreadable | None = None
    """Why it can't be read to its end."""

    def __init__(self, raw: Path, path: str, buffering: int = 0) -> None:
        self.file = opening.open_document(raw, path, buffering)
        self.hash = hashlib.sha256()
        self.place = self.hashed = 0

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end alone."""
        return self._read_file(size)

    def digest(self) -> str:
        """Return the SHA-256 of the whole file, reading what of it wasn't yet."""
        while self._read_file(HEAD_BYTES):
            pass
        return self.hash.hexdigest()

    def _read_file(self, size: int) -> bytes:
        block = self.file.read(size)
        self.place += len(block)
        if (new := self.place - self.hashed) > 0:
            self.hash.update(memoryview(block)[-new:])
            self.hashed = self.place
        return block

    def put_back(self, tail: memoryview) -> None:
        """Let what was read last, or the end of it, be read again."""
        self.file.seek(-len(tail), io.SEEK_CUR)
        self.place -= len(tail)


class _Packed(_Plain):
    """The bytes of a document, unpacked as they are read."""

    def __init__(self, raw: Path, path: str, unpacker: Callable[[], Any]) -> None:
        super().__init__(raw, path, buffering=-1)
        self.start_frame = unpacker
        self.unpacker = unpacker()
        self.waiting: deque[bytes | memoryview] = deque()
        self.given = 0
        self.blocks = self._unpack_blocks()

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end or before what can't be unpacked.

        Raises:
            Unreadable: they are damaged, or unpack to far more than text does; all before it has been read.
        """
        found = sum(map(len, self.waiting))
        while found < size and (block := next(self.blocks, None)):
            self.waiting.append(block)
            found += len(block)
        if not found and self.error:
            raise self.error
        content = b"".join(self.waiting)
        self.waiting.clear()
        if found > size:
            self.waiting.append(memoryview(content)[size:])
            content = content[:size]
        return content

    def put_back(self, tail: memoryview) -> None:
        """Let what was read last, or the end of it, be read again."""
        self.waiting.appendleft(tail)

    def _unpack_blocks(self) -> Iterator[bytes]:
        try:
            while packed := self._read_file(PACKED_BYTES):
                while packed:
                    if self.unpacker.eof:
                        if not packed.strip(b"\0"):
                            # Archives may be filled up with zeros.
                            break
                        self.unpacker = self.start_frame()
                    block = self.unpacker.decompress(packed)
                    packed = self.unpacker.unused_data
                    if block:
                        yield block
                    self._count(len(block))
        except (zlib.error, zstandard.ZstdError) as error:
            self.error = Unreadable("broken_archive", f"can't be unpacked from here: {error}")
        except Unreadable as error:
            self.error = error
        else:
            if not self.unpacker.eof:
                self.error = Unreadable(
                    "broken_archive", "ends in the midst of what is packed in it"
                )

    def _count(self, size: int) -> None:
        self.given += size
        if self.given > max(RATIO_FREE_BYTES, RATIO_MAX * self.place):
            raise Unreadable("bomb", f"unpacks to more than {RATIO_MAX} × its size; not read on")


def _open(raw: Path, path: str) -> _Plain:
    if path.endswith(".gz"):
        return _Packed(raw, path, lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16))
    if path.endswith(".zst"):
        context = zstandard.ZstdDecompressor(max_window_size=WINDOW_MAX_BYTES)
        return _Packed(raw, path, context.decompressobj)
    return _Plain(raw, path)


def is_dump(raw: Path, path: str, size: int) -> bool:
    """Return whether the document at `path` below `raw` has an object on each line and so can be read in chunks.

    Its name says so, or it is packed and its first lines are objects.
    """
    whole = path.rpartition("/")[2]
    name = whole.removesuffix(".gz").removesuffix(".zst")
    if name.endswith(LINE_ENDINGS):
        return size > 0
    if name == whole or ("." in name.strip(".") and not name.startswith(("RC_", "RS_"))):
        return False
    try:
        return _has_objects(raw, path)
    except (OSError, Unreadable):
        return False


def _has_objects(raw: Path, path: str) -> bool:
    """Return whether the first two lines of a document begin as objects, however long the first is.

    A first line longer than any that is read is taken for a dump's: the rest goes on.
    """
    opened = _open(raw, path)
    with opened.file:
        head = opened.read(HEAD_BYTES).lstrip()
        if not head.startswith(b"{"):
            return False
        while b"\n" not in head.rstrip() and len(head) <= LINE_MAX_BYTES:
            if not (block := opened.read(len(head))):
                return False
            head += block
        first, _, rest = head.partition(b"\n")
        return len(head) > LINE_MAX_BYTES or (
            first.rstrip().endswith(b"}") and rest.strip()[:1] == b"{"
        )


def read_whole(raw: Path, path: str, note: Note = ignore) -> bytes:
    """Return all bytes of the document at `path` below `raw`, unpacked; `note` gets the hash of what was read.

    Raises:
        OSError: it can't be read.
        Unreadable: it is damaged, or too large when unpacked.
    """
    opened = _open(raw, path)
    with opened.file:
        blocks, size = [], 0
        try:
            while block := opened.read(HEAD_BYTES):
                blocks.append(block)
                size += len(block)
                if size > WHOLE_MAX_BYTES:
                    raise Unreadable(*TOO_LARGE)
        finally:
            note(opened.digest())
        return b"".join(blocks)


def cut_chunks(raw: Path, path: str, note: Note = ignore) -> Iterator[Chunk]:
    """Yield a dump in chunks of about `CHUNK_BYTES`, cut at line ends, and a reject for what can't be read in between.

    At the end `note` gets the hash of what was read.

    Raises:
        OSError: it can't be read.
    """
    opened = _open(raw, path)
    line, size, is_skipping = 1, CHUNK_BYTES, False
    with opened.file:
        while True:
            try:
                block = opened.read(size)
            except Unreadable as error:
                yield Chunk(line, memoryview(b""), 0, error.reject)
                block = b""
            if not block:
                note(opened.digest())
                return
            if is_skipping:
                if start := block.find(b"\n") + 1:
                    opened.put_back(memoryview(block)[start:])
                    line, is_skipping = line + 1, False
                continue
            is_last = len(block) < size
            end = block.rfind(b"\n") + 1 or (len(block) if is_last else 0)
            if is_last and not opened.error:
                # A last line without an end stays with those above it: its parents are there.
                end = len(block)
            if not end and size > LINE_MAX_BYTES:
                reason = f"a line of more than {LINE_MAX_BYTES // 2**20} MiB; it is skipped"
                yield Chunk(line, memoryview(block)[:80], 1, Reject("huge_line", reason))
                is_skipping = True
                continue
            # What is left is read again rather than copied: that costs as much as a tenth of parsing.
            opened.put_back(memoryview(block)[end:])
            if not end:
                size = min(2 * size, LINE_MAX_BYTES + 1)
                continue
            count = block.count(b"\n", 0, end) + (block[end - 1] != NEWLINE)
            yield Chunk(line, memoryview(block)[:end], count)
            line, size = line + count, CHUNK_BYTES
