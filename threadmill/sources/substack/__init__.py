"""Substack: copied pages in every variant. Evidence over the whole document says which one it is."""

from typing import NamedTuple

import polars as pl

from threadmill.schema.frames import COMMENT, REJECT, THREAD, Parsed
from threadmill.sources.contract import Format, Source
from threadmill.sources.substack import bare, blocks, clip, evidence, firsts, lines, old, page, post
from threadmill.sources.substack.lines import Lines
from threadmill.sources.substack.marks import CUT, FOLD

VARIANTS = (post, bare, old, clip)
FORMATS = {
    page.FORMAT: page.MEANING,
    **{variant.FORMAT: variant.MEANING for variant in VARIANTS},
    evidence.EMPTY: evidence.EMPTY_MEANING,
}


class Taken(NamedTuple):
    """Documents read line by line."""

    parsed: Parsed
    weighed: pl.DataFrame
    """As `evidence.weigh`."""
    roles: pl.DataFrame
    """As `blocks.Blocks.roles`, with `path`."""


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of copied Substack pages.

    A document that can't be separated into comments is a reject with reason `variant_not_supported`.
    """
    if documents["text"].str.contains_any([CUT, FOLD]).any():
        cleaned = pl.col("text").str.replace_all(f"[{CUT}{FOLD}]", "\ufffd")
        documents = documents.with_columns(cleaned)
    is_clip = clip.claims(documents)
    plain = documents.filter(~is_clip)
    pages = page.pages(plain)
    is_page = page.claims(pages)
    if not is_page.all():
        pages = page.pages(plain.filter(is_page))
    others = pl.concat([documents.filter(is_clip), plain.filter(~is_page)])
    parsed = [page.parse(pages)] if is_page.any() else []
    return _together(parsed + ([take(others).parsed] if others.height else []))


def take(documents: pl.DataFrame) -> Taken:
    """Return `documents` of any variant read line by line."""
    is_clip = clip.claims(documents)
    taken = [
        _take(documents.filter(chosen), chosen is is_clip)
        for chosen in (is_clip, ~is_clip)
        if chosen.any()
    ]
    return Taken(
        _together([one.parsed for one in taken]),
        pl.concat([one.weighed for one in taken]),
        pl.concat([one.roles for one in taken]),
    )


def _take(documents: pl.DataFrame, is_clip: bool) -> Taken:
    if is_clip:
        documents = documents.with_columns(clip.prepare(documents["text"]))
        read = clip.read(documents["text"])
    else:
        read = lines.read(lines.split(documents["text"]))
    read = firsts.with_firsts(read)
    weighed = evidence.weigh(documents, read)
    found = []
    for variant in sorted(set(weighed["variant"].drop_nulls())):
        own = weighed["variant"] == variant
        own = own.fill_null(False)
        part, mine = documents, read
        if not own.all():
            part, mine = documents.filter(own), _of(read, weighed.filter(own)["doc"])
            if variant not in (evidence.EMPTY,):
                mine = _of(read, weighed.filter(own)["doc"])
        starts, names = _STARTS[variant](mine)
        built = blocks.build(part, mine, starts, names, variant)
        paths = part["path"]
        roles = built.roles.with_columns(path=paths.gather(built.roles["doc"])).drop("doc")
        found.append(Taken(built.parsed, weighed.filter(own), roles))
    refused = evidence.refused(documents, weighed)
    parsed = [one.parsed for one in found]
    parsed.append(Parsed(THREAD.to_frame(), COMMENT.to_frame(), refused))
    return Taken(_together(parsed), weighed, _roles([one.roles for one in found]))


def _roles(found: list[pl.DataFrame]) -> pl.DataFrame:
    schema = {
        "written": pl.Int64,
        "glued": pl.Boolean,
        "role": pl.Int32,
        "bare": pl.String,
        "path": pl.String,
    }
    return pl.concat([pl.DataFrame(schema=schema), *found], how="vertical_relaxed")


def _of(read: Lines, docs: pl.Series) -> Lines:
    """Return the lines of `docs` alone, numbered anew."""
    numbers = pl.DataFrame(
        {"doc": docs, "new": pl.int_range(len(docs), eager=True, dtype=pl.UInt32)}
    )
    rows = read.rows.join(numbers, on="doc", how="inner", maintain_order="left")
    return read._replace(rows=rows.with_columns(doc="new").drop("new"))


def _none(read: Lines) -> tuple[pl.Series, pl.Series]:
    height = read.rows.height
    return (
        pl.repeat(False, height, dtype=pl.Boolean, eager=True),
        pl.repeat(None, height, dtype=pl.String, eager=True),
    )


_STARTS = {
    page.FORMAT: post.starts,
    post.FORMAT: post.starts,
    bare.FORMAT: bare.starts,
    old.FORMAT: old.starts,
    clip.FORMAT: post.starts,
    evidence.EMPTY: _none,
}


def _together(parsed: list[Parsed]) -> Parsed:
    return Parsed(
        pl.concat([THREAD.to_frame(), *(one.threads for one in parsed)]),
        pl.concat([COMMENT.to_frame(), *(one.comments for one in parsed)]),
        pl.concat([REJECT.to_frame(), *(one.rejects for one in parsed)]),
    )


_COPY = "select all of the page, copy it, paste it into a .txt"
_CLIP = "clip the page as markdown with a web clipper"
SOURCE = Source(
    platform="substack",
    name="copied page",
    formats=tuple(
        Format(name, meaning, _CLIP if name == clip.FORMAT else _COPY)
        for name, meaning in FORMATS.items()
    ),
    parse=parse,
)
