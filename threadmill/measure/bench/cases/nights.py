"""What a night costs when little changed, against a run of everything: the same documents, one core."""

import json
import shutil
from pathlib import Path

from threadmill.measure.bench import corpus
from threadmill.measure.bench.cases.base import case, note_bytes
from threadmill.publish.snapshots import locate_current, measure_disk_use

WORDS = " Surely zorbium."
"""What a changed page says more."""


def _begin(raw: Path, scratch: Path, name: str) -> Path:
    """Copy the documents to a folder of their own and run on them; return that folder."""
    own = scratch / name / "raw"
    shutil.copytree(raw, own)
    _run(own)
    return own


def _run(raw: Path) -> None:
    from threadmill import pipeline

    pipeline.run(raw, raw.parent / "processed", jobs=1)


def _store(raw: Path) -> Path:
    return raw.parent / "parsed"


def _change_pages(raw: Path, every: int) -> None:
    for path in sorted(raw.rglob("*.txt"))[::every]:
        text = path.read_text(encoding="utf-8")
        end = text.rfind(". ") + 1
        path.write_text(text[:end] + WORDS + text[end:], encoding="utf-8")


@case(by_default=False)
def first_night(raw: Path, scratch: Path) -> None:
    """Run on pages for the first time, on one core. Its bytes: what was parsed, as a share of the pages."""
    own = _begin(raw, scratch, "first_night")
    # Without what queries keep there, in a folder of its own.
    parsed = sum(path.stat().st_size for path in _store(own).iterdir() if path.is_file())
    pages = sum(path.stat().st_size for path in own.rglob("*") if path.is_file())
    note_bytes(scratch, "first_night", parsed, pages)


@case(by_default=False, against="first_night", after=("first_night",))
def one_page_changed(_raw: Path, scratch: Path) -> None:
    """Run after one page changed. Its bytes: what that adds on disk, as a share of a whole snapshot."""
    raw = scratch / "first_night" / "raw"
    _change_pages(raw, 10**9)
    places = [raw.parent / "processed", _store(raw)]
    (whole,) = measure_disk_use([locate_current(places[0])])
    before = sum(measure_disk_use(places))
    _run(raw)
    added = sum(measure_disk_use(places)) - before
    note_bytes(scratch, "one_page_changed", added, whole)


@case(by_default=False, against="first_night", after=("first_night",))
def one_page_removed(_raw: Path, scratch: Path) -> None:
    """Run after one page was removed."""
    raw = scratch / "first_night" / "raw"
    max(raw.rglob("*.txt")).unlink()
    _run(raw)


@case(by_default=False, against="first_night", after=("first_night",))
def every_100th_page_changed(_raw: Path, scratch: Path) -> None:
    """Run after 1 % of the pages changed, spread over all buckets."""
    raw = scratch / "first_night" / "raw"
    _change_pages(raw, 100)
    _run(raw)


@case(by_default=False, corpus=corpus.write_dump)
def first_dump(raw: Path, scratch: Path) -> None:
    """Run on a dump for the first time, on one core."""
    _begin(raw, scratch, "first_dump")


@case(by_default=False, corpus=corpus.write_dump, is_shown=False)
def most_of_a_dump(raw: Path, scratch: Path) -> None:
    """Run on all but the last hundredth of a dump."""
    _run(_cut(raw, scratch, "most_of_a_dump", 0.99, is_between_threads=False)[0].parents[1])


@case(
    by_default=False,
    corpus=corpus.write_dump,
    against="first_dump",
    after=("first_dump", "most_of_a_dump"),
)
def dump_written_again(raw: Path, scratch: Path) -> None:
    """Run after the same dump was written again with 1 % more."""
    own = scratch / "most_of_a_dump" / "raw"
    shutil.rmtree(own)
    shutil.copytree(raw, own)
    _run(own)


@case(by_default=False, corpus=corpus.write_dump)
def two_dumps(raw: Path, scratch: Path) -> None:
    """Run on a dump and a smaller one for the first time, on one core."""
    most, rest = _cut(raw, scratch, "two_dumps", 1 / 1.1)
    rest.rename(most.with_name(rest.name))
    _run(most.parents[1])


@case(by_default=False, corpus=corpus.write_dump, is_shown=False)
def one_dump(raw: Path, scratch: Path) -> None:
    """Run on the larger of two dumps."""
    _run(_cut(raw, scratch, "one_dump", 1 / 1.1)[0].parents[1])


@case(
    by_default=False,
    corpus=corpus.write_dump,
    against="two_dumps",
    after=("two_dumps", "one_dump"),
)
def dump_of_new_threads(_raw: Path, scratch: Path) -> None:
    """Run after a dump a tenth as large, of other threads, came beside one that was read before."""
    own = scratch / "one_dump"
    place = own / "raw" / "reddit"
    (own / REST).rename(place / REST)
    _run(place.parent)


REST = "RC_bench_later.ndjson"


def _cut(
    raw: Path, scratch: Path, name: str, share: float, *, is_between_threads: bool = True
) -> tuple[Path, Path]:
    """Write a `share` of the dump in `raw` to a raw folder of its own, and the rest outside of it; return both.

    If the cut `is_between_threads`, they have none in common.
    """
    own = scratch / name
    shutil.copytree(raw, own / "raw")
    (dump,) = (path for path in (own / "raw").rglob("*") if path.is_file())
    lines = dump.read_bytes().splitlines(keepends=True)
    cut = int(len(lines) * share)
    thread = _read_thread(lines[cut])
    while is_between_threads and _read_thread(lines[cut - 1]) == thread:
        cut -= 1
    dump.write_bytes(b"".join(lines[:cut]))
    (own / REST).write_bytes(b"".join(lines[cut:]))
    return dump, own / REST


def _read_thread(line: bytes) -> str:
    return str(json.loads(line)["link_id"])
