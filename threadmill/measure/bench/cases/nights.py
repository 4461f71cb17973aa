"""What a night costs when little changed, against a run of everything: the same documents, one core."""

import shutil
from pathlib import Path

from threadmill.measure.bench import corpus
from threadmill.measure.bench.cases.base import case

WORDS = " Surely zorbium."
"""What a changed page says more."""


def _begin(raw: Path, scratch: Path, name: str, most: int | None = None) -> Path:
    """Copy the documents, `most` bytes of each, to a folder of their own and run on them; return that folder."""
    own = scratch / name / "raw"
    shutil.copytree(raw, own)
    for path in own.rglob("*") if most else ():
        if path.is_file():
            lines = path.read_bytes()[:most]
            path.write_bytes(lines[: lines.rfind(b"\n") + 1])
    _run(own)
    return own


def _run(raw: Path) -> None:
    from threadmill import pipeline

    pipeline.run(raw, raw.parent / "processed", jobs=1)


def _change_pages(raw: Path, every: int) -> None:
    for path in sorted(raw.rglob("*.txt"))[::every]:
        text = path.read_text(encoding="utf-8")
        end = text.rfind(". ") + 1
        path.write_text(text[:end] + WORDS + text[end:], encoding="utf-8")


@case(by_default=False)
def first_night(raw: Path, scratch: Path) -> None:
    """Run on pages for the first time, on one core."""
    _begin(raw, scratch, "first_night")


@case(by_default=False, against="first_night", after=("first_night",))
def one_page_changed(_raw: Path, scratch: Path) -> None:
    """Run after one page changed."""
    raw = scratch / "first_night" / "raw"
    _change_pages(raw, 10**9)
    _run(raw)


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
    size = max(path.stat().st_size for path in raw.rglob("*") if path.is_file())
    _begin(raw, scratch, "most_of_a_dump", size - size // 100)


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
