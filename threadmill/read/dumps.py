"""Documents too large or too packed to be read at once → parts of text, in bounded memory."""

import io
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import zstandard

LINE_ENDINGS = (".ndjson", ".jsonl")
PART_BYTES = 8 * 2**20
"""Larger parts leave the caches, and smaller ones cost more calls: 16 MiB took 15 % longer."""
LINE_MAX_BYTES = 16 * 2**20
"""Longer lines of a dump are skipped: no comment is as long."""
WINDOW_MAX_BYTES = 2**31
"""The dumps of Reddit are packed with a window of this size."""
WHOLE_MAX_BYTES = 256 * 2**20
RATIO_MAX = 250
"""Text packs to about a tenth; what unpacks to more than this is made to fill the disk."""
RATIO_FREE_BYTES = 64 * 2**20
"""Below this any ratio is let through."""
HEAD_BYTES = 2**16
PACKED_BYTES = 2**11
"""So much is unpacked at once: even what is made to fill the memory has only megabytes then."""
NEWLINE = ord("\n")


class Fault(Exception):  # noqa: N818 # says what is wrong
    """A document that can't be read on; `code` and a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Part(NamedTuple):
    """Whole lines of a dump, or what was wrong at a place of it."""

    first_line: int
    """Number of its first line, from 1."""
    content: memoryview
    line_count: int
    fault: tuple[str, str] | None = None
    """Code and sentence; then `content` is an excerpt."""


class _Plain:
    """The bytes of a document as they lie."""

    def __init__(self, path: Path, buffering: int = 0) -> None:
        self.file = path.open("rb", buffering)

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end alone."""
        return self.file.read(size)

    def back(self, tail: memoryview) -> None:
        """Let what was read last, or the end of it, be read again."""
        self.file.seek(-len(tail), io.SEEK_CUR)


class _Packed(_Plain):
    """The bytes of a document, unpacked as they are read."""

    def __init__(self, path: Path, unpacker: Callable[[], Any]) -> None:
        super().__init__(path, buffering=-1)
        self.start_frame = unpacker
        self.unpacker = unpacker()
        self.waiting: deque[bytes | memoryview] = deque()
        self.given = 0
        self.fault: Fault | None = None
        self.blocks = self._blocks()

    def read(self, size: int) -> bytes:
        """Return the next `size` bytes, fewer at the end or before what can't be unpacked.

        Raises:
            Fault: they are damaged, or unpack to far more than text does; all before it has been read.
        """
        found = sum(map(len, self.waiting))
        while found < size and (block := next(self.blocks, None)):
            self.waiting.append(block)
            found += len(block)
        if not found and self.fault:
            raise self.fault
        content = b"".join(self.waiting)
        self.waiting.clear()
        if found > size:
            self.waiting.append(memoryview(content)[size:])
            content = content[:size]
        return content

    def back(self, tail: memoryview) -> None:
        """Let what was read last, or the end of it, be read again."""
        self.waiting.appendleft(tail)

    def _blocks(self) -> Iterator[bytes]:
        try:
            while packed := self.file.read(PACKED_BYTES):
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
            self.fault = Fault("broken_archive", f"can't be unpacked from here: {error}")
        except Fault as fault:
            self.fault = fault
        else:
            if not self.unpacker.eof:
                self.fault = Fault("broken_archive", "ends in the midst of what is packed in it")

    def _count(self, size: int) -> None:
        self.given += size
        if self.given > max(RATIO_FREE_BYTES, RATIO_MAX * self.file.tell()):
            raise Fault("bomb", f"unpacks to more than {RATIO_MAX} × its size; not read on")


def _opened(path: Path) -> _Plain:
    if path.suffix == ".gz":
        return _Packed(path, lambda: zlib.decompressobj(wbits=zlib.MAX_WBITS | 16))
    if path.suffix == ".zst":
        context = zstandard.ZstdDecompressor(max_window_size=WINDOW_MAX_BYTES)
        return _Packed(path, context.decompressobj)
    return _Plain(path)


def is_dump(path: Path, size: int) -> bool:
    """Return whether a document has an object on each line and so can be read in parts.

    Its name says so, or it is packed and its first lines are objects.
    """
    name = path.name.removesuffix(".gz").removesuffix(".zst")
    if name.endswith(LINE_ENDINGS):
        return size > 0
    if name == path.name or ("." in name.strip(".") and not name.startswith(("RC_", "RS_"))):
        return False
    try:
        return _has_objects(path)
    except (OSError, Fault):
        return False


def _has_objects(path: Path) -> bool:
    """Return whether the first two lines of a document begin as objects, however long the first is.

    A first line longer than any that is read is taken for a dump's: the rest goes on.
    """
    opened = _opened(path)
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


def whole(path: Path) -> bytes:
    """Return all bytes of a document, unpacked.

    Raises:
        OSError: it can't be read.
        Fault: it is damaged, or too large when unpacked.
    """
    opened = _opened(path)
    with opened.file:
        blocks, size = [], 0
        while block := opened.read(HEAD_BYTES):
            blocks.append(block)
            size += len(block)
            if size > WHOLE_MAX_BYTES:
                raise too_large()
        return b"".join(blocks)


def too_large() -> Fault:
    """Return what is wrong with a document of more than `WHOLE_MAX_BYTES`."""
    limit = WHOLE_MAX_BYTES // 2**20
    return Fault("too_large", f"more than {limit} MiB; only dumps may be larger")


def parts(path: Path) -> Iterator[Part]:
    """Yield a dump in parts of about `PART_BYTES`, cut at line ends, and what is wrong in between.

    Raises:
        OSError: it can't be read.
    """
    opened = _opened(path)
    line, size, is_skipping = 1, PART_BYTES, False
    with opened.file:
        while True:
            try:
                block = opened.read(size)
            except Fault as fault:
                yield Part(line, memoryview(b""), 0, (fault.code, str(fault)))
                return
            if not block:
                return
            if is_skipping:
                if start := block.find(b"\n") + 1:
                    opened.back(memoryview(block)[start:])
                    line, is_skipping = line + 1, False
                continue
            is_last = len(block) < size
            end = block.rfind(b"\n") + 1 or (len(block) if is_last else 0)
            if not end and size > LINE_MAX_BYTES:
                reason = f"a line of more than {LINE_MAX_BYTES // 2**20} MiB; it is skipped"
                yield Part(line, memoryview(block)[:80], 1, ("huge_line", reason))
                is_skipping = True
                continue
            # What is left is read anew rather than copied: that costs as much as a tenth of parsing.
            opened.back(memoryview(block)[end:])
            if not end:
                size = min(2 * size, LINE_MAX_BYTES + 1)
                continue
            count = block.count(b"\n", 0, end) + (block[end - 1] != NEWLINE)
            yield Part(line, memoryview(block)[:end], count)
            line, size = line + count, PART_BYTES
