"""What a format is to the pipeline: how its documents are recognised and parsed, and how people get them."""

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from threadmill.schema.frames import Parsed


class Format(NamedTuple):
    """A `source_format`, for people."""

    name: str
    meaning: str
    """What such a document looks like."""
    hint: str
    """How to get one."""


class Source(NamedTuple):
    """A way to read the documents of one platform in one form."""

    platform: str
    """Its folder in data/raw; empty if it reads documents of any."""
    name: str
    formats: tuple[Format, ...]
    """Each `source_format` it gives."""
    parse: Callable[[pl.DataFrame], Parsed]
    """Parses documents as `frames.DOCUMENT`."""
    recognise: Callable[[pl.DataFrame], pl.Series] | None = None
    """Says which documents it reads, by their content; None reads all that no other source recognises."""
    reads_chunks: bool = False
    """Whether it reads a dump chunk by chunk; the chunks after the first are its, whatever they hold."""
    marks: tuple[str, ...] = ()
    """Regexes that all match in its documents and together in no other's: they tell the platform of a document that
    lies in no platform's folder. Without any, the folder must."""
