"""Every variant of a copied page, read and parsed on as many bytes as `parse` reads of the first."""

from pathlib import Path

from threadmill.measure.bench import pages
from threadmill.measure.bench.cases.base import case
from threadmill.measure.bench.cases.stages import parse


@case(corpus=pages.write_post, against="parse")
def parse_post_page(raw: Path, scratch: Path) -> None:
    """Read and parse posts' pages, with buttons."""
    parse(raw, scratch)


@case(corpus=pages.write_bare, against="parse")
def parse_bare_page(raw: Path, scratch: Path) -> None:
    """Read and parse pages copied without pictures."""
    parse(raw, scratch)


@case(corpus=pages.write_old, against="parse")
def parse_old_page(raw: Path, scratch: Path) -> None:
    """Read and parse old pages without names."""
    parse(raw, scratch)


@case(corpus=pages.write_clip, against="parse")
def parse_clip(raw: Path, scratch: Path) -> None:
    """Read and parse markdown clips."""
    parse(raw, scratch)


@case(corpus=pages.write_glued_clip, against="parse")
def parse_glued_clip(raw: Path, scratch: Path) -> None:
    """Read and parse markdown clips glued on one line."""
    parse(raw, scratch)
