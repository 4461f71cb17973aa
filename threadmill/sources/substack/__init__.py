"""Substack: copied pages in every variant. Evidence over the whole page says which one it is."""

import polars as pl

from threadmill.schema.frames import COMMENT, REJECT, THREAD, Parsed, fill_columns
from threadmill.sources.contract import Format, Source
from threadmill.sources.page import HTML
from threadmill.sources.substack import (
    clip,
    counter,
    evidence,
    html,
    lines,
    plain,
    reading,
    regular,
    rows,
)
from threadmill.sources.substack.marks import CUT, FOLD
from threadmill.sources.substack.reading import Comment, Page

VERSION = 2  # of its rows; CONTRIBUTING.md says when to raise it
FORMATS = evidence.MEANINGS
REFUSED = "variant_not_supported"


def parse(documents: pl.DataFrame) -> Parsed:
    """Return the threads and comments of copied Substack pages.

    A document that can't be separated into comments is a reject with reason `variant_not_supported`; one with other
    marks than its comments have is one with reason `count_differs`, and its comments are kept.
    """
    documents = documents.with_columns(
        is_clip=clip.claims(documents), is_untidy=lines.find_untidy(documents["text"])
    )
    parsed, is_plain = plain.read(documents, ~(documents["is_clip"] | documents["is_untidy"]))
    if not is_plain.all():
        others = documents.filter(~is_plain)
        parsed = _together([parsed, arrange(others, _read(others))])
    return counter.check(documents, parsed)


def explain(documents: pl.DataFrame) -> list[Page]:
    """Return each of `documents`, in order, as it was read, with the reasons."""
    documents = documents.with_columns(
        is_clip=clip.claims(documents), is_untidy=lines.find_untidy(documents["text"])
    )
    return _read(documents, is_careful=True)


def _read(documents: pl.DataFrame, *, is_careful: bool = False) -> list[Page]:
    """Return each of `documents`, in order, as it was read; if `is_careful`, no shorter way is taken."""
    if documents["text"].str.contains_any([CUT, FOLD]).any():
        cleaned = pl.col("text").str.replace_all(f"[{CUT}{FOLD}]", "\ufffd")
        documents = documents.with_columns(cleaned)
    texts, is_clip, is_untidy = documents["text"], documents["is_clip"], documents["is_untidy"]
    if is_clip.any():
        texts = texts.clone().scatter(is_clip.arg_true(), clip.fold(texts.filter(is_clip)))
    written = [text.split("\n") for text in texts]
    tidied = [*written]
    for place, text in zip(is_untidy.arg_true(), lines.tidy(texts.filter(is_untidy)), strict=True):
        tidied[place] = text.split("\n")
    known = lines.Known()
    clips = [tidy for tidy, clipped in zip(tidied, is_clip, strict=True) if clipped]
    cut = clip.pieces(clips, known) if clips else {}
    if len(clips) < len(tidied):
        others = (tidy for tidy, clipped in zip(tidied, is_clip, strict=True) if not clipped)
        known.learn(set().union(*others))
    pages = []
    for text, own, tidy, clipped in zip(documents["text"], written, tidied, is_clip, strict=True):
        page = found = None
        if clipped:
            found = clip.read(text, own, tidy, cut, known)
        if not is_careful:
            page = regular.read_clip(found) if found else regular.read(own, tidy, known)
        pages.append(page or reading.read(found or rows.read(own, tidy, known)))
    return pages


def arrange(documents: pl.DataFrame, pages: list[Page]) -> Parsed:
    """Return `pages`, as which `documents` were read, as rows."""
    is_read = pl.Series([page.source_format is not None for page in pages], dtype=pl.Boolean)
    paths = documents["path"].filter(is_read)
    good = [page for page in pages if page.source_format is not None]
    return Parsed(
        _threads(paths, good),
        _comments(paths, good),
        _refused(documents.filter(~is_read)),
    )


def _comments(paths: pl.Series, pages: list[Page]) -> pl.DataFrame:
    sizes = [len(page.comments) for page in pages]
    found = [comment for page in pages for comment in page.comments]
    columns = [*zip(*found, strict=True)] or [()] * len(Comment._fields)
    owners = [owner for owner, size in enumerate(sizes) for _ in range(size)]
    given = dict(zip(Comment._fields, columns, strict=True))
    given["position"] = tuple(position for size in sizes for position in range(size))
    series = [
        pl.Series(name, given.get(name, [None] * len(found)), type_)
        for name, type_ in COMMENT.items()
        if name != "path"
    ]
    of = pl.Series(owners, dtype=pl.UInt32)
    return pl.DataFrame([paths.gather(of).alias("path"), *series]).select(COMMENT.names())


def _threads(paths: pl.Series, pages: list[Page]) -> pl.DataFrame:
    """Return one row per page: what it declares, and where each of its lines went."""
    urls = [next((one.url for one in page.comments if one.url), None) for page in pages]
    found = {
        "source_format": [page.source_format for page in pages],
        "url": [url.partition("/comment/")[0] if url else None for url in urls],
        "shows_likers": [page.shows_likers for page in pages],
        "declared_comment_count": [page.declared for page in pages],
        "hidden_comment_count": [page.hidden for page in pages],
        "line_count": [page.line_count for page in pages],
        "furniture_line_count": [
            page.line_count - page.text_line_count - len(page.strange) for page in pages
        ],
        "unrecognised_line_count": [len(page.strange) for page in pages],
    }
    frame = pl.DataFrame(
        {"path": paths, **found}, schema_overrides={name: THREAD[name] for name in found}
    )
    return fill_columns(frame, THREAD)


def _refused(documents: pl.DataFrame) -> pl.DataFrame:
    """Return a reject for each of `documents` that nothing tells the comments of."""
    return documents.select(
        source_path="path",
        platform="platform",
        line=pl.lit(None, pl.Int64),
        reason_code=pl.lit(REFUSED),
        reason=pl.when(pl.col("text").str.contains(HTML))
        .then(
            pl.lit(
                f"looks like HTML without comments of Substack; {html.HINT}, "
                "or copy the page's text into a .txt"
            )
        )
        .otherwise(
            pl.lit(
                "nothing marks where one comment ends and the next begins (avatar lines, names with dates, "
                "Expand full comment, buttons); copy the page again with its names"
            )
        ),
        excerpt=pl.col("text").str.strip_chars().str.slice(0, 80),
    ).match_to_schema(REJECT)


def _together(parsed: list[Parsed]) -> Parsed:
    return Parsed(
        pl.concat([one.threads for one in parsed]),
        pl.concat([one.comments for one in parsed]),
        pl.concat([one.rejects for one in parsed]),
    )


_COPY = "select all of the page, copy it, paste it into a .txt"
_CLIP = "clip the page as markdown with a web clipper"
_MARKS = (
    r"(?m)^.{1,80}['’]s avatar[\s\x{200e}\x{200f}]*$",
    r"substack(?:cdn)?\.com/",
    r"^[ \t]*(?:Like \(\d+\)|(?:Like \(\d+\))?ReplyShare|Expand full comment)[ \t]*$",
    r"^Discussion about this post[ \t]*$",
)
SOURCE = Source(
    platform="substack",
    name="copied page",
    formats=tuple(
        Format(name, meaning, _CLIP if name == clip.FORMAT else _COPY)
        for name, meaning in FORMATS.items()
    ),
    parse=parse,
    marks=(r"\A\s*[^\s{\[<]", "|".join(_MARKS)),
)
