"""Documents on disk → frames of text. What isn't text is a reject; the rest of the batch goes on."""

import codecs
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from threadmill.read import dumps, kinds, rejects, sidecars
from threadmill.read.discover import Document, find_mapping, is_mapping_shared
from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.schema.frames import DOCUMENT, REJECT

T = TypeVar("T")
R = TypeVar("R")
BATCH_BYTES = 24 * 2**20
FRAME_BYTES = 12 * 2**20
"""A batch is parsed in frames of this size, as many at once as there are jobs; one frame per file was measured
34 × slower."""
LINE_MAX_BYTES = 2**20
ROWS_MAX = 1_000
UNPACKED_MAX_BYTES = 2**31
"""Of Parquet, where a byte may stand for a whole text again."""


def cut_batches(documents: Iterable[Document], most: int = BATCH_BYTES) -> Iterator[list[Document]]:
    """Yield `documents` in order, cut so that each batch has about `most` bytes.

    Captures of one thread, by their names, stay together.
    """
    batch: list[Document] = []
    size = 0
    for document in documents:
        if size >= most and document.thread_stem != batch[-1].thread_stem:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += document.size
    if batch:
        yield batch


class ColumnsFile(NamedTuple):
    """A `columns.toml` for a document."""

    text: str
    is_shared: bool
    """Whether it may be for other documents too."""


Mappings = Mapping[str, ColumnsFile | None]
"""The `columns.toml` for each document, by its path."""


Note = Callable[[Document, str], None]


def ignore(_document: Document, _hash: str) -> None:
    """Note nothing."""


def read_frames(
    raw: Path,
    documents: list[Document],
    mappings: Mappings | None = None,
    note: Note = ignore,
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield texts and rejects as `load`: whole documents in groups, dumps in chunks.

    Args:
        raw: the raw folder.
        documents: what to read.
        mappings: what to take for their column mappings; those that lie beside them if None.
        note: gets each document that was read and the hash of what was read, which may be another than when it was
            found: of a dump after its last chunk.

    Raises:
        ValueError: a column mapping beside a document can't be read.
    """
    if mappings is None:
        mappings = {document.path: read_mapping(raw, document) for document in documents}
    large = dict.fromkeys(one for one in documents if dumps.is_dump(raw, one.path, one.size))
    yield from _read_whole(raw, (one for one in documents if one not in large), mappings, note)
    for document in large:
        yield from _read_dump(raw, document, mappings[document.path], note)


def work_ahead(work: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """Yield what `work` makes of each of `items`, in order; the next ones are worked on meanwhile.

    Threads over Polars beat processes here, and at most `at_once` + 1 results are held.
    """
    if at_once == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(at_once) as pool:
        waiting: deque[Future[R]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > at_once:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _read_dump(
    raw: Path, document: Document, mapping: ColumnsFile | None, note: Note
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    is_empty = True
    try:
        for chunk in dumps.cut_chunks(raw, document.path, partial(note, document)):
            if chunk.reject:
                is_empty = False
                shown = bytes(chunk.content).decode("utf-8", "replace")
                excerpt = shown.replace("\0", "\ufffd") or None
                reject = chunk.reject._replace(line=chunk.first_line, excerpt=excerpt)
                yield _refuse(document, reject)
            elif not _is_blank(chunk.content):
                is_empty = False
                row = {
                    "path": [document.path],
                    "platform": [document.platform],
                    "text": _decode_lines(chunk.content),
                    "first_line": [chunk.first_line],
                    "mapping": [mapping and mapping.text],
                    "is_mapping_shared": [mapping and mapping.is_shared],
                    "line_count": [chunk.line_count],
                }
                yield pl.DataFrame(row, schema=DOCUMENT), REJECT.to_frame()
    except OSError as error:
        yield _refuse(document, Reject("unreadable", f"can't be read: {error.strerror}"))
        return
    if is_empty:
        reason = "the file is empty, or holds white space alone"
        yield _refuse(document, Reject("empty", reason))


def _refuse(document: Document, reject: Reject) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return no text, and `reject` as that of `document`."""
    own = reject._replace(source_path=document.path, platform=document.platform)
    return DOCUMENT.to_frame(), rejects.build_frame([own])


def _is_blank(content: bytes | memoryview) -> bool:
    # A look at its head is enough for most.
    return not bytes(content[:EXCERPT_CHARS]).strip() and not bytes(content).strip()


def _decode_lines(content: memoryview) -> pl.Series:
    """Return `content` as one text; a line that isn't UTF-8 is replaced by words that no format reads."""
    try:
        return _build_column(np.array([0, len(content)]), content).cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series(["\n".join(_decode_line(line) for line in bytes(content).split(b"\n"))])


def _build_column(bounds: NDArray[np.int64], content: bytes | memoryview) -> pl.Series:
    """Return the parts of `content` between `bounds` as they lie: copies are what reading costs."""
    parts = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(content)]
    )
    # An array alone would import another part of Arrow, which takes longer than reading pages.
    return pl.DataFrame(pa.record_batch([parts], ["part"]))["part"]


def _decode_line(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return "not UTF-8: " + line[:EXCERPT_CHARS].decode("utf-8", "replace")


def read_mapping(raw: Path, document: Document) -> ColumnsFile | None:
    """Return the `columns.toml` for `document`; None if there is none.

    Raises:
        ValueError: it can't be read.
    """
    path = find_mapping(raw, document.path)
    if path is None:
        return None
    return ColumnsFile(sidecars.read_text(path), is_mapping_shared(raw, document.path, path))


def _unpack(content: bytes) -> bytes:
    """Return a Parquet file as objects on lines, other content as it is.

    Raises:
        Unreadable: it is Parquet that can't be read, or too large when unpacked.
    """
    if not content.startswith(b"PAR1"):
        return content
    from pyarrow import parquet

    lines = bytearray()
    try:
        file = parquet.ParquetFile(pa.py_buffer(content))
        for batch in file.iter_batches(_limit_rows(file.metadata)):
            rows = pl.DataFrame(batch)
            binary = rows.select(pl.col(pl.Binary))
            texts = [
                pl.Series(
                    one.name,
                    [None if b is None else b.decode("utf-8", "replace") for b in one],
                    pl.String,
                )
                for one in binary
            ]
            lines += rows.with_columns(texts).write_ndjson().encode().replace(b"\0", b"")
            if len(lines) > dumps.WHOLE_MAX_BYTES:
                raise Unreadable(*dumps.TOO_LARGE)
    except UNREADABLE as error:
        sentence = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise Unreadable("broken_parquet", f"Parquet that can't be read: {sentence}") from None
    return bytes(lines)


UNREADABLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    pa.ArrowException,
    OSError,
    ValueError,
)


def _limit_rows(metadata: Any) -> int:
    """Return how many rows of a Parquet file are unpacked at once: each may hold the largest text in it."""
    largest = max(
        (
            metadata.row_group(group).column(column).total_uncompressed_size
            for group in range(metadata.num_row_groups)
            for column in range(metadata.num_columns)
        ),
        default=1,
    )
    return max(1, min(ROWS_MAX, UNPACKED_MAX_BYTES // max(1, largest)))


def load(raw: Path, documents: list[Document]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the texts of `documents` as `frames.DOCUMENT`, and a reject for each that has none."""
    mappings = {document.path: read_mapping(raw, document) for document in documents}
    read = [(document, *_read_content(raw, document, ignore)) for document in documents]
    return _build_frame(read, mappings)


def _read_whole(
    raw: Path, documents: Iterable[Document], mappings: Mappings, note: Note
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield `documents` as `load`, about `FRAME_BYTES` at once; captures of one thread stay together.

    What they are when unpacked counts: a thousand small archives may hold gigabytes.
    """
    some: list[tuple[Document, bytes, Reject | None]] = []
    size = 0
    for document in documents:
        content, reject = _read_content(raw, document, note)
        is_other = some and document.thread_stem != some[-1][0].thread_stem
        if is_other and size + len(content) > FRAME_BYTES:
            yield _build_frame(some, mappings)
            some, size = [], 0
        if some and size + len(content) > dumps.WHOLE_MAX_BYTES:
            limit = dumps.WHOLE_MAX_BYTES // 2**20
            reason = f"more than {limit} MiB together with other captures of the thread"
            content, reject = b"", _locate(document, Reject("too_large", reason))
        some.append((document, content, reject))
        size += len(content)
    if some:
        yield _build_frame(some, mappings)


def _read_content(raw: Path, document: Document, note: Note) -> tuple[bytes, Reject | None]:
    """Return the bytes of `document`, or why they can be no text, as far as a glance shows."""
    content = b""
    try:
        content = _unpack(dumps.read_whole(raw, document.path, partial(note, document)))
        if reject := _find_fault(content):
            return b"", _locate(document, reject, content)
        return content.removeprefix(codecs.BOM_UTF8), None
    except OSError as error:
        reject = Reject("unreadable", f"can't be read: {error.strerror}")
        return b"", _locate(document, reject)
    except Unreadable as error:
        return b"", _locate(document, error.reject)


def _build_frame(
    read: list[tuple[Document, bytes, Reject | None]], mappings: Mappings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    good = [(document, content) for document, content, reject in read if not reject]
    refused = [reject for _, _, reject in read if reject]
    whole = b"".join(content for _, content in good)
    texts = _build_column(np.cumsum([0, *(len(content) for _, content in good)]), whole)
    try:
        texts = texts.cast(pl.String)
    except pl.exceptions.PolarsError:
        decoded: list[str | None] = []
        for document, content in good:
            try:
                decoded.append(content.decode())
            except UnicodeDecodeError as error:
                decoded.append(None)
                reason = f"byte 0x{content[error.start]:02x} is not UTF-8; save it so"
                reject = Reject("wrong_encoding", reason, _find_line(content, error.start))
                refused.append(_locate(document, reject, content))
        texts = pl.Series(decoded, dtype=pl.String)
    files = [mappings[document.path] for document, _ in good]
    frame = pl.DataFrame(
        {
            "path": [document.path for document, _ in good],
            "platform": [document.platform for document, _ in good],
            "text": texts,
            "first_line": [1] * len(good),
            "mapping": [one and one.text for one in files],
            "is_mapping_shared": [one and one.is_shared for one in files],
            "line_count": [None] * len(good),
        },
        schema=DOCUMENT,
    ).filter(texts.is_not_null())
    if b"\r" in whole:
        unix = pl.col("text").str.replace_all("\r\n", "\n", literal=True)
        frame = frame.with_columns(unix.str.replace_all("\r", "\n", literal=True))
    return frame, rejects.build_frame(refused)


def _find_fault(content: bytes) -> Reject | None:
    """Return what keeps `content` from being text, as far as a glance shows."""
    if _is_blank(content.removeprefix(codecs.BOM_UTF8)):
        return Reject("empty", "the file is empty, or holds white space alone")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Reject("wrong_encoding", "UTF-16; save it as UTF-8")
    if what := kinds.explain(content):
        return Reject("binary", what)
    # XML exports hold such characters, and are read without them.
    if (place := content.find(b"\0")) >= 0 and not kinds.is_xml(content):
        reason = "a NUL byte, so not text; copy or export the thread as text, JSON or XML"
        return Reject("binary", reason, _find_line(content, place))
    # Nested formats have no lines that mean anything.
    if len(content) > LINE_MAX_BYTES and content.lstrip()[:1] not in (b"{", b"[", b"<"):
        for number, line in enumerate(content.split(b"\n"), 1):
            if len(line) > LINE_MAX_BYTES:
                reason = f"a line of {len(line)} bytes; at most {LINE_MAX_BYTES} are read"
                return Reject("huge_line", reason, number)
    return None


def _find_line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _locate(document: Document, reject: Reject, content: bytes = b"") -> Reject:
    """Return `reject` as that of `document`, with an excerpt of its `content`."""
    line = reject.line or 1
    shown = content.split(b"\n", line)[line - 1][:EXCERPT_CHARS].decode("utf-8", "replace")
    excerpt = shown.replace("\0", "\ufffd").strip() or None
    return reject._replace(source_path=document.path, platform=document.platform, excerpt=excerpt)
