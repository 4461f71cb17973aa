"""Documents on disk → frames of text. What can't be text is a reject; the rest of the batch goes on."""

import codecs
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from threadmill.read import dumps, sidecars
from threadmill.read.discover import Document, Reject, column_mapping
from threadmill.sources.contract import DOCUMENT, REJECT

T = TypeVar("T")
R = TypeVar("R")
_MORE = {"first_line": pl.Int64(), "mapping": pl.String(), "line_count": pl.Int64()}
WHOLE = pl.Schema([*DOCUMENT.items(), *_MORE.items()])
BATCH_BYTES = 24 * 2**20
FRAME_BYTES = 12 * 2**20
"""A batch is parsed in frames of this size, as many at once as there are jobs; one frame per file was measured
34 × slower."""
LINE_MAX_BYTES = 2**20
ROWS_MAX = 1_000
UNPACKED_MAX_BYTES = 2**31
"""Of Parquet, where a byte may stand for a whole text again."""
EXCERPT_CHARS = 80


def batches(documents: Iterable[Document], most: int = BATCH_BYTES) -> Iterator[list[Document]]:
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


def frames(raw: Path, documents: list[Document]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield texts and rejects as `load`: of whole documents some together, of dumps part by part."""
    paths = {document: raw / document.path for document in documents}
    large = {one: path for one, path in paths.items() if dumps.is_dump(path, one.size)}
    yield from _loaded(raw, (one for one in documents if one not in large))
    for document in large:
        yield from _dump(raw, document)


def ahead(work: Callable[[T], R], items: Iterable[T], at_once: int) -> Iterator[R]:
    """Yield what `work` makes of each of `items`, in order; the next ones are worked on meanwhile.

    Threads over Polars beat processes here, and only so many items are held.
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


def _dump(raw: Path, document: Document) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    mapping = _mapping(raw, document)
    none = pl.DataFrame(schema=REJECT)
    is_empty = True
    try:
        for part in dumps.parts(raw / document.path):
            if not part.fault and _is_blank(part.content):
                continue
            if part.fault:
                shown = bytes(part.content).decode("utf-8", "replace")
                excerpt = shown.replace("\0", "\ufffd") or None
                reject = Reject(
                    document.path, document.platform, part.first_line, *part.fault, excerpt
                )
                yield _no_texts(), pl.DataFrame([reject], schema=REJECT, orient="row")
                is_empty = False
                continue
            is_empty = False
            row = {
                "path": [document.path],
                "platform": [document.platform],
                "text": _lines_of_text(part.content),
                "first_line": [part.first_line],
                "mapping": [mapping],
                "line_count": [part.line_count],
            }
            yield pl.DataFrame(row, schema=WHOLE), none
    except OSError as error:
        fault = None, "unreadable", f"can't be read: {error.strerror}"
        yield _no_texts(), pl.DataFrame([_reject(document, fault, b"")], REJECT, orient="row")
        return
    if is_empty:
        fault = None, "empty", "nothing in it but white space; a dump has an object on each line"
        yield _no_texts(), pl.DataFrame([_reject(document, fault, b"")], REJECT, orient="row")


def _no_texts() -> pl.DataFrame:
    return pl.DataFrame(schema=WHOLE)


def _is_blank(content: bytes | memoryview) -> bool:
    # A look at its head is enough for most.
    return not bytes(content[:EXCERPT_CHARS]).strip() and not bytes(content).strip()


def _lines_of_text(content: memoryview) -> pl.Series:
    """Return `content` as one text; a line that isn't UTF-8 is replaced by words that no format reads."""
    try:
        return _column(np.array([0, len(content)]), content).cast(pl.String)
    except pl.exceptions.PolarsError:
        return pl.Series(["\n".join(_line_of_text(line) for line in bytes(content).split(b"\n"))])


def _column(bounds: NDArray[np.int64], content: bytes | memoryview) -> pl.Series:
    """Return the parts of `content` between `bounds` as they lie: copies are what reading costs."""
    parts = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(content)]
    )
    # An array alone would import another part of Arrow, which takes longer than reading pages.
    return pl.DataFrame(pa.record_batch([parts], ["part"]))["part"]


def _line_of_text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return "not UTF-8: " + line[:EXCERPT_CHARS].decode("utf-8", "replace")


def _mapping(raw: Path, document: Document) -> str | None:
    path = column_mapping(raw, document.path)
    return sidecars.text(path, "replace") if path else None


def _unpacked(content: bytes) -> bytes:
    """Return a Parquet file as objects on lines, other content as it is.

    Raises:
        dumps.Fault: it is Parquet that can't be read, or too large when unpacked.
    """
    if not content.startswith(b"PAR1"):
        return content
    from pyarrow import parquet

    lines = bytearray()
    try:
        file = parquet.ParquetFile(pa.py_buffer(content))
        for batch in file.iter_batches(_rows_at_once(file.metadata)):
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
                raise dumps.too_large()
    except UNREADABLE as error:
        sentence = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise dumps.Fault("broken_parquet", f"Parquet that can't be read: {sentence}") from None
    return bytes(lines)


UNREADABLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    pa.ArrowException,
    OSError,
    ValueError,
)


def _rows_at_once(metadata: Any) -> int:
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
    """Return the texts of `documents` as `WHOLE`, and a reject for each that has none."""
    return _frame(raw, [(document, *_content(raw, document)) for document in documents])


def _loaded(
    raw: Path, documents: Iterable[Document]
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Yield `documents` as `load`, about `FRAME_BYTES` at once; captures of one thread stay together.

    What they are when unpacked counts: a thousand small archives may hold gigabytes.
    """
    some: list[tuple[Document, bytes, Reject | None]] = []
    size = 0
    for document in documents:
        content, reject = _content(raw, document)
        is_other = some and document.thread_stem != some[-1][0].thread_stem
        if is_other and size + len(content) > FRAME_BYTES:
            yield _frame(raw, some)
            some, size = [], 0
        if some and size + len(content) > dumps.WHOLE_MAX_BYTES:
            limit = dumps.WHOLE_MAX_BYTES // 2**20
            reason = f"more than {limit} MiB together with other captures of the thread"
            content, reject = b"", _reject(document, (None, "too_large", reason), b"")
        some.append((document, content, reject))
        size += len(content)
    if some:
        yield _frame(raw, some)


def _content(raw: Path, document: Document) -> tuple[bytes, Reject | None]:
    """Return the bytes of `document`, or why they can be no text, as far as a glance shows."""
    content = b""
    try:
        content = _unpacked(dumps.whole(raw / document.path))
        if fault := _fault(content):
            return b"", _reject(document, fault, content)
        return content.removeprefix(codecs.BOM_UTF8), None
    except OSError as error:
        return b"", _reject(document, (None, "unreadable", f"can't be read: {error.strerror}"), b"")
    except dumps.Fault as error:
        return b"", _reject(document, (None, error.code, str(error)), b"")


def _frame(
    raw: Path, read: list[tuple[Document, bytes, Reject | None]]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    good = [(document, content) for document, content, reject in read if not reject]
    rejects = [reject for _, _, reject in read if reject]
    whole = b"".join(content for _, content in good)
    texts = _column(np.cumsum([0, *(len(content) for _, content in good)]), whole)
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
                fault = _line(content, error.start), "wrong_encoding", reason
                rejects.append(_reject(document, fault, content))
        texts = pl.Series(decoded, dtype=pl.String)
    frame = pl.DataFrame(
        {
            "path": [document.path for document, _ in good],
            "platform": [document.platform for document, _ in good],
            "text": texts,
            "first_line": [1] * len(good),
            "mapping": [_mapping(raw, document) for document, _ in good],
            "line_count": [None] * len(good),
        },
        schema=WHOLE,
    ).filter(texts.is_not_null())
    if b"\r" in whole:
        unix = pl.col("text").str.replace_all("\r\n", "\n", literal=True)
        frame = frame.with_columns(unix.str.replace_all("\r", "\n", literal=True))
    return frame, pl.DataFrame(rejects, schema=REJECT, orient="row")


_Fault = tuple[int | None, str, str]


def _fault(content: bytes) -> _Fault | None:
    """Return line, code and sentence of what keeps `content` from being text, as far as a glance shows."""
    if _is_blank(content.removeprefix(codecs.BOM_UTF8)):
        return None, "empty", "nothing in it but white space; a thread has at least a heading"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, "wrong_encoding", "UTF-16; save it as UTF-8"
    if (place := content.find(b"\0")) >= 0:
        return _line(content, place), "binary", "a NUL byte; a copied page is text without any"
    # Nested formats have no lines that mean anything.
    if len(content) > LINE_MAX_BYTES and content.lstrip()[:1] not in (b"{", b"[", b"<"):
        for number, line in enumerate(content.split(b"\n"), 1):
            if len(line) > LINE_MAX_BYTES:
                return (
                    number,
                    "huge_line",
                    f"a line of {len(line)} bytes; at most {LINE_MAX_BYTES} are read",
                )
    return None


def _line(content: bytes, place: int) -> int:
    return content.count(b"\n", 0, place) + 1


def _reject(document: Document, fault: _Fault, content: bytes) -> Reject:
    line, code, reason = fault
    lines = content.split(b"\n", line or 1)
    excerpt = (
        lines[(line or 1) - 1][:EXCERPT_CHARS].decode("utf-8", "replace").replace("\0", "�").strip()
    )
    return Reject(document.path, document.platform, line, code, reason, excerpt or None)
