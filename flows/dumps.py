"""Documents too large or too packed to be read at once → parts of text, in bounded memory."""

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

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


class Fault(Exception):  # noqa: N818 # says what is wrong
    """A document that can't be read on; `code` and a sentence."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Part(NamedTuple):
    """Whole lines of a dump, or what was wrong at a place of it."""

    first_line: int
    """Number of its first line, from 1."""
    content: bytes
    fault: tuple[str, str] | None = None
    """Code and sentence; then `content` is an excerpt."""


class _Opened:
    """The bytes of a document, unpacked as they are read."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self.given = 0
        stream: BinaryIO = self.file
        if path.suffix == ".gz":
            stream = io.BufferedReader(gzip.GzipFile(fileobj=self.file))
        elif path.suffix == ".zst":
            unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW_MAX_BYTES)
            stream = unpacker.stream_reader(self.file, read_across_frames=True)
        self.stream = stream

    def read(self, size: int) -> bytes:
        """Return the next bytes, none at the end.

        Raises:
            Fault: they are damaged, or unpack to far more than text does.
        """
        try:
            block = self.stream.read(size)
        except (EOFError, zlib.error, gzip.BadGzipFile, zstandard.ZstdError) as error:
            raise Fault("broken_archive", f"can't be unpacked from here: {error}") from None
        self.given += len(block)
        if self.stream is not self.file and self.given > RATIO_FREE_BYTES:
            packed = max(1, self.file.tell())
            if self.given > RATIO_MAX * packed:
                raise Fault("bomb", f"unpacks to more than {RATIO_MAX} × its size; not read on")
        return block


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
    opened = _Opened(path)
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
    opened = _Opened(path)
    with opened.file:
        content = bytearray()
        while block := opened.read(2**20):
            content += block
            if len(content) > WHOLE_MAX_BYTES:
                limit = WHOLE_MAX_BYTES // 2**20
                raise Fault("too_large", f"more than {limit} MiB; only dumps may be larger")
        return bytes(content)


def parts(path: Path) -> Iterator[Part]:
    """Yield a dump in parts of about `PART_BYTES`, cut at line ends, and what is wrong in between.

    Raises:
        OSError: it can't be read.
    """
    opened = _Opened(path)
    line = 1
    kept = b""
    is_skipping = False
    with opened.file:
        while True:
            try:
                block = opened.read(PART_BYTES)
            except Fault as fault:
                if kept and not is_skipping:
                    yield Part(line, kept)
                yield Part(line + kept.count(b"\n"), b"", (fault.code, str(fault)))
                return
            if not block:
                break
            start = 0
            if is_skipping:
                start = block.find(b"\n") + 1
                if not start:
                    continue
                line, is_skipping = line + 1, False
            end = block.rfind(b"\n") + 1
            if end > start:
                # The only copy of it: each costs as much as a tenth of parsing.
                content = b"".join((kept, memoryview(block)[start:end]))
                yield Part(line, content)
                line += content.count(b"\n")
                kept = block[end:]
            else:
                kept += block[start:]
            if len(kept) > LINE_MAX_BYTES:
                reason = f"a line of more than {LINE_MAX_BYTES // 2**20} MiB; it is skipped"
                yield Part(line, kept[:80], ("huge_line", reason))
                kept, is_skipping = b"", True
    if kept:
        yield Part(line, kept)
