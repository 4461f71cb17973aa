"""Documents on disk → frames of text. What can't be text is a reject; the rest of the batch goes on."""

import codecs
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from flows.discover import Document, Reject
from flows.sources.contract import DOCUMENT, REJECT

BATCH_BYTES = 24 * 2**20
"""Frames of 16–32 MB parse fastest; one frame per file was measured 34 × slower."""
LINE_MAX_BYTES = 2**20
EXCERPT_CHARS = 80


def batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield `documents` in order, cut so that each batch has about `BATCH_BYTES`.

    Captures of one thread, by their names, stay together.
    """
    batch: list[Document] = []
    size = 0
    for document in documents:
        if size >= BATCH_BYTES and document.thread_stem != batch[-1].thread_stem:
            yield batch
            batch, size = [], 0
        batch.append(document)
        size += document.size
    if batch:
        yield batch


def load(raw: Path, documents: list[Document]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the texts of `documents` as `contract.DOCUMENT`, and a reject for each that has none."""
    texts: list[str] = []
    good: list[Document] = []
    rejects: list[Reject] = []
    for document in documents:
        text, fault, content = "", None, b""
        try:
            content = (raw / document.path).read_bytes()
            fault = _fault(content)
            text = content.decode("utf-8-sig")
        except OSError as error:
            fault = None, "unreadable", f"can't be read: {error.strerror}"
        except UnicodeDecodeError as error:
            byte, line = content[error.start], _line(content, error.start)
            fault = fault or (line, "wrong_encoding", f"byte 0x{byte:02x} is not UTF-8; save it so")
        if fault:
            rejects.append(_reject(document, fault, content))
        else:
            good.append(document)
            texts.append(text)
    frame = pl.DataFrame(
        {
            "path": [document.path for document in good],
            "platform": [document.platform for document in good],
            "text": texts,
        },
        schema=DOCUMENT,
    )
    if frame["text"].str.contains("\r", literal=True).any():
        unix = pl.col("text").str.replace_all("\r\n", "\n", literal=True)
        frame = frame.with_columns(unix.str.replace_all("\r", "\n", literal=True))
    return frame, pl.DataFrame(rejects, schema=REJECT, orient="row")


_Fault = tuple[int | None, str, str]


def _fault(content: bytes) -> _Fault | None:
    """Return line, code and sentence of what keeps `content` from being text, as far as a glance shows."""
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        return None, "empty", "nothing in it but white space; a thread has at least a heading"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, "wrong_encoding", "UTF-16; save it as UTF-8"
    if (place := content.find(b"\0")) >= 0:
        return _line(content, place), "binary", "a NUL byte; a copied page is text without any"
    if len(content) > LINE_MAX_BYTES:
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
