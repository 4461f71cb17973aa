"""What one file is taken for, and why: its comments as a tree, and the lines that weren't understood."""

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

import polars as pl

from flows import buckets, comments, documents, mentions, resources, sidecars, sources
from flows.discover import COLUMNS, discover
from flows.discover import sidecars as sidecars_of
from flows.sources import substack
from flows.sources.contract import REJECT
from flows.sources.told import STRANGE

SHOWN_CHARS = 80
EMPTY = (pl.DataFrame(schema=documents.WHOLE), pl.DataFrame(schema=REJECT))


class Inspected(NamedTuple):
    """A file as a run would read it."""

    source_format: str
    why: list[str]
    """Sentences."""
    thread: dict[str, object]
    comments: list[dict[str, object]]
    """In display order, each with `depth`, `author_name`, `text`, `confidence` and more; see `comments`."""
    unrecognised: list[tuple[int, str]]
    """Line, from 1, and what stands there."""
    rejects: list[tuple[int | None, str]]
    """Line and reason; then there is nothing else."""


def inspect(file: Path, platform: str | None = None) -> Inspected:
    """Return what `file` is taken for; the sidecars beside it count. Nothing is published or changed.

    Args:
        file: a captured page or export.
        platform: where it comes from; the name of its folder if None.

    Raises:
        ValueError: it isn't a file, its platform isn't known, or a sidecar is wrong.
    """
    if not file.is_file():
        raise ValueError(f"{file}: not a file")
    platform = platform or file.resolve().parent.name
    known = sorted({source.platform for source in sources.SOURCES} - {""})
    if platform not in known and not _mappings(file):
        raise ValueError(
            f"{file}: platform {platform} isn't read; give --platform, one of {', '.join(known)}, "
            f"or put a {COLUMNS} beside it"
        )
    with tempfile.TemporaryDirectory() as folder:
        return _inspect(_copied(file, Path(folder), platform), platform)


def _copied(file: Path, raw: Path, platform: str) -> Path:
    (raw / platform).mkdir()
    stem = file.name.partition(".")[0]
    beside = [f"{stem}.toml", f"{stem.partition('@')[0]}.toml", *_mappings(file)]
    for name in {file.name, *beside}:
        if (file.parent / name).is_file():
            shutil.copyfile(file.parent / name, raw / platform / name)
    return raw


def _mappings(file: Path) -> list[str]:
    """Return the names of the column mappings for `file` that lie beside it."""
    names = {COLUMNS, *(f"{file.name[:dot]}.{COLUMNS}" for dot in _dots(file.name))}
    return sorted(name for name in names if (file.parent / name).is_file())


def _dots(name: str) -> list[int]:
    return [place for place, char in enumerate(name) if char == "."]


def _inspect(raw: Path, platform: str) -> Inspected:
    found = discover(raw, {})
    said = [(document, sidecars.read(sidecars_of(raw, document))) for document in found.documents]
    # Of a dump its first part.
    frames = documents.frames(raw, found.documents)
    texts, unreadable = next((one for one in frames if not one[0].is_empty() or len(one[1])), EMPTY)
    parsed = sources.parse(texts)
    rows = pl.concat([unreadable, parsed.rejects]).select("line", "reason").rows()
    rejects = [*rows, *((reject.line, reject.reason) for reject in found.rejects)]
    if parsed.threads.is_empty():
        return Inspected("", [], {}, [], [], rejects)
    packs = mentions.packs(resources.vocabulary_folder())
    milled = buckets.mill(comments.complete(parsed, comments.facts(said)), packs)
    thread = milled.threads.row(0, named=True)
    why, strange = _reasons(texts, platform, str(thread["source_format"]))
    replies = milled.replies.select("comment_id", "confidence", "evidence")
    rows_of = milled.comments.join(replies, on="comment_id", how="left", maintain_order="left")
    return Inspected(
        str(thread["source_format"]), why, thread, rows_of.to_dicts(), strange, rejects
    )


def _reasons(
    texts: pl.DataFrame, platform: str, source_format: str
) -> tuple[list[str], list[tuple[int, str]]]:
    """Return why the document is `source_format`, in sentences, and its lines that weren't understood."""
    known = formats()
    looks = known.get((platform, source_format)) or known.get(("", source_format), "")
    why = [f"It looks like {looks}."] if looks else []
    if source_format not in substack.FORMATS:
        return why, []
    taken = substack.take(texts)
    why += [f"Found are {said}." for said in taken.weighed["why"]]
    strange = taken.roles.filter(pl.col("role") == STRANGE)
    lines = strange.select("written", pl.col("bare").str.slice(0, SHOWN_CHARS)).rows()
    return why, [(number + 1, text) for number, text in lines]


def formats() -> dict[tuple[str, str], str]:
    """Return what is understood: platform and `source_format` → what such a document looks like."""
    return {
        (source.platform, name): meaning
        for source in sources.SOURCES
        for name, meaning in source.formats.items()
    }


def tree(found: list[dict[str, object]]) -> list[str]:
    """Return the comments as indented lines: author, date, how sure the parent is, and the first words."""
    lines = []
    for comment in found:
        depth = comment["depth"]
        indent = "  " * depth if isinstance(depth, int) else "? "
        author = comment["author_name"] or "(nobody named)"
        words = "(deleted)" if comment["is_deleted"] else " ".join(str(comment["text"]).split())
        marks = [str(mark) for mark in (comment["created_text"],) if mark]
        if comment["is_edited"]:
            marks.append("edited")
        if comment["is_host"]:
            marks.append("host")
        if comment["like_count"]:
            marks.append(f"{comment['like_count']} likes")
        if comment["hidden_reply_count"]:
            marks.append(f"{comment['hidden_reply_count']} replies hidden")
        if isinstance(comment["confidence"], float):
            marks.append(f"reply {comment['confidence']:.0%}")
        aside = f" ({', '.join(marks)})" if marks else ""
        lines.append(f"{indent}{author}{aside}: {words[:SHOWN_CHARS]}")
    return lines
