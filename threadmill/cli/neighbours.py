"""Compare a capture to be added with what is in the raw folder and what is published."""

import filecmp
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl

from threadmill.cli import preview
from threadmill.cli.preview import Reading
from threadmill.publish import catalog, snapshots
from threadmill.read import discover
from threadmill.read.discover import COLUMNS, EDGES_SIDECAR, SIDECAR, Document
from threadmill.threads import identify
from threadmill.threads.hosts import normalise_name

ASKED_TEXTS = 20
"""The longest texts of a capture, by which it is looked for among what is published."""
ASKED_MIN_CHARS = 20
"""Shorter ones, as thanks, stand in many threads."""
TWIN_SHARE, TWIN_MIN = 0.5, 3
"""Part of these texts, and how many, from which on a published thread is taken for the same."""


class _Content(NamedTuple):
    """What tells whether two captures are of one thread."""

    thread_ids: set[str]
    ids: set[str]
    """The platform's own ids of its comments."""
    said: set[tuple[str, str]]
    """Author and text of each comment."""

    def shares(self, other: "_Content") -> bool:
        """Return whether a comment is in both."""
        return bool(self.ids & other.ids or self.said & other.said)


def _summarise(reading: Reading) -> _Content:
    rows = identify.identify_rows(reading.parsed, identify.collect_facts(reading.sidecars))
    said = rows.comments.filter(pl.col("text") != "").select(
        normalise_name(pl.col("author_name").fill_null("")), normalise_name(pl.col("text"))
    )
    return _Content(
        {*rows.threads["thread_id"]}, {*rows.comments["native_id"].drop_nulls()}, {*said.rows()}
    )


def is_there(folder: Path, file: Path) -> bool:
    """Return whether `folder` has `file` under its name, with the same bytes."""
    other = folder / file.name
    return other.is_file() and filecmp.cmp(other, file, shallow=False)


def refuse_taken_names(folder: Path, file: Path, sidecars: Iterable[str], reading: Reading) -> None:
    """Refuse to add `file` to `folder` where a name is taken, or where its name makes it a capture of another thread.

    Raises:
        ValueError: it is, by `file` or one of its `sidecars`; says which name to give it.
    """
    own = Document(f"{folder.name}/{file.name}", folder.name.lower(), 0, "", "", "")
    content = _summarise(reading)
    for other, there in _read_captures(folder, own):
        if is_there(folder, file):
            raise ValueError(f"{other}: already added, with the same bytes")
        is_taken = other.name == file.name
        is_one = content.thread_ids & there.thread_ids
        if is_one and not content.shares(there) and content.said and there.said:
            what = "is there already, and is" if is_taken else "would be taken for another capture,"
            free = _find_free_name(folder, own, file)
            raise ValueError(
                f"{other}: {what} of another thread: no comment is in both; name the new file {free}"
            )
    for name in (file.name, *sidecars):
        if (folder / name).exists():
            raise ValueError(
                f"{folder / name}: is there already; if yours is a later capture, call it "
                f"{own.thread_stem}@{datetime.now(UTC).date()}{Path(name).suffix} and add it again"
            )


def _read_captures(folder: Path, own: Document) -> Iterator[tuple[Path, _Content]]:
    """Yield the files of `folder` that are captures of `own` by their names, with their content."""
    if not folder.is_dir():
        return
    for other in sorted(folder.iterdir()):
        is_beside = other.name.endswith((SIDECAR, EDGES_SIDECAR, COLUMNS))
        document = Document(f"{folder.name}/{other.name}", own.platform, 0, "", "", "")
        if is_beside or document.thread_stem != own.thread_stem or not other.is_file():
            continue
        beside: dict[str, Path | str] = {
            name: folder / name for name in preview.list_mappings(other)
        }
        beside |= {path.name: path for path in discover.find_sidecars(folder.parent, document)}
        try:
            yield other, _summarise(preview.read(other, own.platform, beside))
        except ValueError:
            # What can't be read there is no reason to refuse this one.
            continue


def _find_free_name(folder: Path, own: Document, file: Path) -> str:
    """Return a name for `file` that no thread in `folder` has."""
    taken = {
        Document(f"{folder.name}/{one.name}", own.platform, 0, "", "", "").thread_stem
        for one in folder.iterdir()
    }
    stem, ending = own.thread_stem, file.name.removeprefix(own.stem)
    number = next(number for number in range(2, len(taken) + 3) if f"{stem}-{number}" not in taken)
    return f"{stem}-{number}{ending}"


def find_twins(raw: Path, folder: Path, file: Path, reading: Reading) -> list[str]:
    """Return a warning for each thread that has what `file` has, and that it won't be one with: all counts twice."""
    same = [
        one
        for one in (sorted(folder.iterdir()) if folder.is_dir() else ())
        if one.is_file()
        and one.stat().st_size == file.stat().st_size
        and filecmp.cmp(one, file, shallow=False)
    ]
    rows = identify.identify_rows(reading.parsed, identify.collect_facts(reading.sidecars))
    if rows.threads.height > 1:
        return []
    # With an address or an id of its own a thread is one, however its files are called.
    is_named = rows.threads["thread_id"][0] != rows.threads["stem"][0]
    if same and not is_named:
        return [f"Counts twice: {same[0]} has the same bytes; remove one of the two"]
    found = _find_published(raw, rows.threads["thread_id"][0], reading)
    return [
        f"Counts twice: {path} has {what}; if both are one thread, name this file as that one, with @2026-01-05 "
        "before the ending, or give both the same url in their sidecars"
        for path, what in found[:1]
    ]


def _find_published(raw: Path, thread_id: str, reading: Reading) -> list[tuple[str, str]]:
    """Return the document of each published thread that seems to be that of `reading`, and what both have."""
    processed = snapshots.locate_processed(None)
    published = snapshots.read_current(processed)
    if published is None or published.raw != str(raw.resolve()):
        return []
    texts = reading.parsed.comments["text"].unique()
    lengths = texts.str.len_chars()
    longest = texts.filter(lengths >= ASKED_MIN_CHARS).to_frame("text")
    asked = longest.top_k(ASKED_TEXTS, by=pl.col("text").str.len_chars())["text"].to_list()
    urls = [*reading.parsed.threads["url"].drop_nulls()]
    urls += [sidecar.url for _, sidecar in reading.sidecars if sidecar.url]
    addresses = {identify.canonical_url(url) for url in urls}
    with catalog.connect(processed) as con:
        others = con.execute(
            "select source_path, url from threads where url is not null and thread_id <> $1",
            [thread_id],
        ).fetchall()
        found = [
            (path, "the same address")
            for path, url in others
            if identify.canonical_url(url) in addresses
        ]
        if found or not asked:
            return found
        rows = con.execute(
            "select source_path, count(distinct text) from comments join threads using (thread_id) "
            "where thread_id <> $1 and text in (select unnest($2)) "
            "group by thread_id, source_path order by 2 desc, 1 limit 1",
            [thread_id, asked],
        ).fetchall()
    return [
        (path, f"{count} of its {len(asked)} longest comments too")
        for path, count in rows
        if count >= max(TWIN_MIN, TWIN_SHARE * len(asked))
    ]
