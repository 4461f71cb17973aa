"""Plain pages with a line `NAME's avatar` before each comment, `Expand full comment` below it, and nothing odd.

Most pages are such. They are read faster here: lines are places among the bytes, a few bytes tell what they may be, and
what is wanted is cut out where it lies. Any others are left to `regular` and `reading`, which read these to
the same result.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from threadmill.schema.frames import COMMENT, REJECT, THREAD, Parsed, fill_columns
from threadmill.sources.substack import marks, places
from threadmill.sources.substack.evidence import AVATAR_PAGE
from threadmill.sources.substack.places import Bytes, Flags, Ints

AVATARS = ("'s avatar", "’s avatar")
TERMINATOR = "Expand full comment"
META = rf"^{marks.META}$"
DOT = "·"
"""All that may stand in such a line that says nothing."""
DECLARED = r"(?m)^(\d[\d,.]*) (?:Comments?|comments?)$"
MORE = r"(?m)^(\d[\d,.]*) more comments?(?:\.\.\.|…)?$"
FURNITURE = rf"^(?:{marks.PAGE}|{marks.MORE}|{marks.TAIL}|User['’]s avatar)$"
OTHER = (
    rf"^(?:{marks.ACTIONS_SAID}|{marks.COLLAPSED_SAID}|(?:{marks.TOMBSTONE}).*|{marks.BADGE}"
    rf"|{marks.HEADING}|{marks.CLOSED}|\[.*\]\(http.*)$"
)
"""Lines of which this module knows nothing."""
OTHER_BEGINS = [
    "Like", "Me g", "Repl", "Resp", "Shar", "Comp", "Comm", "Come", "Remo", "remo", "Dele", "This", "User", "Auth",
    "Pinn", "Subs", "Paid", "Free", "Foun", "Auto", "Fija", "Susc", "Disc", "Deba", "Conv", "Los ",
]  # fmt: skip
"""How they begin, if with a letter, and without letters beyond ASCII at either end."""

_IS_LETTER = np.array([one < places.ASCII and chr(one).isalpha() for one in range(256)])
_IS_BEGIN = np.isin(range(256), [ord(word[0]) for word in OTHER_BEGINS])
_IS_PAIR = np.isin(range(2**16), [ord(word[0]) << 8 | ord(word[1]) for word in OTHER_BEGINS])
_BEGINS = np.array(OTHER_BEGINS, "S4").view(np.uint32)
"""As numbers they are compared faster."""
DATE, EDITED, LIKER = 3, 4, 5


class Pages(NamedTuple):
    """The bytes of some documents, and places in them: an item for each line that isn't blank."""

    documents: pl.DataFrame
    content: Bytes
    """Their bytes, one after the other."""
    bounds: Ints
    """Where each document begins, and where the last ends."""
    opens: Ints
    """The first line of each document, and how many lines there are."""
    start: Ints
    end: Ints
    number: Ints
    """The number of each line in all documents, blank ones counted."""
    first: Bytes
    last: Bytes
    """The bytes that it begins and ends with."""
    name_end: Ints
    """Where the name ends in an avatar line; 0 for any other."""
    is_composer: Flags
    is_terminator: Flags


def read(documents: pl.DataFrame, is_tidy: pl.Series) -> tuple[Parsed, pl.Series]:
    """Return the threads and comments of the plain pages among `documents`, and which they are.

    Only those that have plain white space (`is_tidy`) can be.
    """
    can_be = is_tidy & documents["text"].str.contains(TERMINATOR, literal=True)
    can_be &= documents["text"].str.contains_any([*AVATARS])
    if not can_be.any():
        return _nothing(), can_be
    pages = _pages(documents.filter(can_be))
    is_plain = _claims(pages)
    chosen = can_be.scatter(can_be.arg_true(), pl.Series(is_plain))
    if not is_plain.any():
        return _nothing(), chosen
    if not chosen.all():
        pages = _pages(documents.filter(chosen))
    parsed, is_odd = _parse(pages)
    if is_odd.any():
        odd = pages.documents["path"].filter(pl.Series(is_odd))
        chosen = chosen.scatter(chosen.arg_true(), pl.Series(~is_odd))
        parsed = Parsed(
            parsed.threads.filter(~pl.col("path").is_in(odd.implode())),
            parsed.comments.filter(~pl.col("path").is_in(odd.implode())),
            parsed.rejects,
        )
    return parsed, chosen


def _nothing() -> Parsed:
    return Parsed(THREAD.to_frame(), COMMENT.to_frame(), REJECT.to_frame())


def _pages(documents: pl.DataFrame) -> Pages:
    """Return the lines of `documents`, whose white space is plain."""
    texts = documents["text"].to_arrow()
    _, offsets, held = texts.buffers()
    bounds = np.frombuffer(offsets, np.int64)[: len(texts) + 1]
    content = np.frombuffer(held or b"", np.uint8)[: bounds[-1]]
    breaks = np.flatnonzero(content == ord("\n"))
    # A document ends a line too.
    closing = np.searchsorted(breaks, bounds[1:])
    end = np.insert(breaks, closing, bounds[1:])
    start = np.insert(end + 1, 0, 0)
    start[closing + np.arange(1, closing.size + 1)] -= 1
    number = np.flatnonzero(end > start[:-1])
    start, end = start[number], end[number]
    first, last = content[start], content[end - 1]
    name_end = _name_ends(content, start, end, last)
    named = np.flatnonzero(name_end)
    is_composer = np.zeros(start.size, np.bool_)
    is_composer[named] = places.are(content, start[named], name_end[named], "User")
    return Pages(
        documents,
        content,
        bounds,
        np.searchsorted(start, bounds),
        start,
        end,
        number,
        first,
        last,
        name_end,
        is_composer,
        places.are(content, start, end, TERMINATOR),
    )


def _name_ends(content: Bytes, start: Ints, end: Ints, last: Bytes) -> Ints:
    """Return where the name in each line ends if it is an avatar line, else 0."""
    found = np.zeros(start.size, np.int64)
    can_be = np.flatnonzero(last == ord("r"))
    for word in map(str.encode, AVATARS):
        can_be = can_be[end[can_be] - start[can_be] > len(word)]
        at = end[can_be] - len(word)
        is_one = places.words(content, len(word))[at] == word
        found[can_be[is_one]] = at[is_one]
        can_be = can_be[~is_one]
    return found


def _per_document(pages: Pages, lines: Flags) -> Ints:
    return np.diff(np.searchsorted(np.flatnonzero(lines), pages.opens))


def _claims(pages: Pages) -> Flags:
    """Return which documents may be plain: each avatar line has one end below it, right above the next one."""
    below = np.append(pages.name_end[1:] > 0, False)  # an array of flags
    is_box = pages.is_composer & below
    is_avatar = (pages.name_end > 0) & ~is_box
    avatars, ends = _per_document(pages, is_avatar), _per_document(pages, pages.is_terminator)
    may_be: Flags = (avatars > 0) & (avatars == ends) & (_per_document(pages, is_box) <= 1)
    lines = np.flatnonzero(is_avatar)
    is_first = np.zeros(pages.start.size + 1, np.bool_)
    is_first[lines[np.searchsorted(lines, pages.opens[:-1][avatars > 0])]] = True
    is_below_end = np.append(False, pages.is_terminator[:-1])
    named = np.flatnonzero(pages.name_end)
    is_odd = is_avatar & ~is_below_end & ~is_first[:-1]
    is_odd |= (is_box & ~is_first[1:]) | (pages.is_composer & ~is_box)
    is_odd[named] |= pages.content[pages.name_end[named] - 1] == ord(" ")
    may_be &= _per_document(pages, is_odd) == 0
    some = np.flatnonzero(may_be)
    terminators = np.flatnonzero(pages.is_terminator)
    last = pages.opens[1:][some]
    may_be[some] = (
        terminators[np.searchsorted(terminators, last) - 1]
        > lines[np.searchsorted(lines, last) - 1]
    )
    may_be &= _per_document(pages, _is_other(pages, may_be)) == 0
    return may_be


def _is_other(pages: Pages, of: Flags) -> Flags:
    """Return which lines this module knows nothing of, as far as they are in the documents `of`."""
    is_asked = np.repeat(of, np.diff(pages.opens)) & ~pages.is_terminator
    is_word = is_asked & _IS_LETTER[pages.first] & (pages.last < places.ASCII)
    is_asked &= ~is_word
    words = np.flatnonzero(is_word & _IS_BEGIN[pages.first])
    words = words[pages.end[words] - pages.start[words] >= _BEGINS.itemsize]
    # Two bytes rule out most, in less time than it takes to compare four.
    second = pages.content[pages.start[words] + 1]
    words = words[_IS_PAIR[pages.first[words].astype(np.uint16) << 8 | second]]
    begins = places.words(pages.content, _BEGINS.itemsize)[pages.start[words]]
    is_asked[words] = np.isin(begins.view(np.uint32), _BEGINS)
    asked = np.flatnonzero(is_asked)
    lines = places.cut(pages.content, pages.start[asked], pages.end[asked])
    is_asked[asked] = lines.str.contains(OTHER).to_numpy()
    return is_asked


class Found(NamedTuple):
    """Where comments are: an item for each."""

    document: Ints
    line: Ints
    """Its avatar line."""
    stop: Ints
    """The terminator below it."""


def _parse(pages: Pages) -> tuple[Parsed, Flags]:
    """Return the threads and comments of `pages`, and which of them are odd after all."""
    line = np.flatnonzero((pages.name_end > 0) & ~pages.is_composer)
    document = np.searchsorted(pages.opens, line, "right") - 1
    found = Found(document, line, np.flatnonzero(pages.is_terminator))
    firsts = np.flatnonzero(np.diff(document, prepend=-1))
    comments, is_fault = _comments(pages, found, firsts)
    threads = _threads(pages, found, firsts, comments)
    is_odd: Flags = np.logical_or.reduceat(is_fault, firsts)
    is_odd |= threads["unrecognised_line_count"].to_numpy() > 0
    return Parsed(threads, fill_columns(comments, COMMENT), REJECT.to_frame()), is_odd


def _comments(pages: Pages, found: Found, firsts: Ints) -> tuple[pl.DataFrame, Flags]:
    """Return the comments, with their count of furniture lines and of lines of text, and which are odd.

    Odd is one without a blank line above its text, or without a text.
    """
    content, line, stop = pages.content, found.line, found.stop
    names = places.cut(content, pages.start[line], pages.name_end[line])
    meta, is_odd = _meta(pages, found, names)
    furniture = 1 + meta["meta_line_count"].to_numpy()
    first = line + furniture
    is_odd |= (first >= stop) | (pages.start[first] == pages.end[first - 1] + 1)
    start, end = pages.start[np.minimum(first, stop - 1)], pages.end[stop - 1]
    text = places.cut(content, *places.stripped(content, start, end))
    numbers = np.arange(line.size)
    comments = meta.select(
        "created_text",
        "is_edited",
        "liker",
        path=pages.documents["path"].gather(found.document),
        author_name=names,
        position=pl.Series(numbers - firsts[found.document], dtype=pl.Int32),
        is_deleted=False,
        text=text,
        line=pages.number[line] - pages.number[pages.opens[:-1]][found.document] + 1,
        furniture_line_count=furniture,
        text_line_count=stop - first,
    )
    return comments, is_odd


def _meta(pages: Pages, found: Found, names: pl.Series) -> tuple[pl.DataFrame, Flags]:
    """Return what the lines right below the author's say, one row per comment, and where their order is odd.

    They end at the first line that is blank or of no known kind; with that the text starts.
    """
    after = found.line + 1
    is_beside = pages.start[after] == pages.end[found.line] + 1
    some = np.flatnonzero((after < found.stop) & is_beside)
    gaps = np.append(np.flatnonzero(pages.start[1:] != pages.end[:-1] + 1) + 1, pages.start.size)
    stop = np.minimum(gaps[np.searchsorted(gaps, after[some])], found.stop[some])
    which, lines = places.ranges(after[some], stop)
    line = pl.col("line")
    shown = places.cut(pages.content, pages.start[lines], pages.end[lines])
    rank = (
        pl.when(~pl.col("is_meta"))
        .then(1)
        .when(pl.col("created").is_not_null())
        .then(DATE)
        .when(pl.col("edited").is_not_null())
        .then(EDITED)
        .otherwise(LIKER)
    )
    # Dates repeat, so each different line is looked at once.
    is_meta = pl.any_horizontal(pl.col("created", "edited", "liker").is_not_null())
    known = (
        shown.unique()
        .to_frame("line")
        .select("line", groups=line.str.extract_groups(META))
        .unnest("groups")
        .with_columns(is_meta=is_meta | (line == DOT))
        .with_columns(rank=rank)
    )
    read = shown.to_frame("line").join(known, on="line", how="left", maintain_order="left")
    is_known = read["is_meta"] | (shown == names.gather(some[which]))
    others = np.append(np.flatnonzero(~is_known.to_numpy()), which.size)
    until = others[np.searchsorted(others, np.searchsorted(which, np.arange(some.size)))]
    comment = some[which[is_head := np.arange(which.size) < until[which]]]
    read, of = read.filter(pl.Series(is_head)), which[is_head]
    ranks = read["rank"].to_numpy()

    def first(name: str) -> pl.Expr:
        """Return the first that each comment's lines say, null if none does."""
        rows = np.flatnonzero(read[name].is_not_null().to_numpy())[::-1]
        row = np.full(found.line.size, -1)
        row[comment[rows]] = rows
        place = pl.lit(pl.Series(row))
        return pl.col(name).gather(pl.when(place >= 0).then(place))

    groups = read.select(first(name) for name in ("created", "liker"))
    is_edited = np.zeros(found.line.size, np.bool_)
    is_edited[comment[read["edited"].is_not_null().to_numpy()]] = True
    is_said = pl.lit(pl.Series(is_edited)) | pl.col("created").is_not_null()
    is_odd = np.zeros(found.line.size, np.bool_)
    is_odd[comment[1:][(of[1:] == of[:-1]) & (ranks[1:] <= ranks[:-1])]] = True
    return (
        groups.select(
            "liker",
            created_text="created",
            is_edited=pl.when(is_said).then(pl.lit(pl.Series(is_edited))),
            meta_line_count=np.bincount(comment, minlength=found.line.size),
        ),
        is_odd,
    )


def _threads(pages: Pages, found: Found, firsts: Ints, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per page: what it declares, and where each of its lines went."""
    # Its last line ends each comment.
    known = comments["furniture_line_count"].to_numpy() + 1
    around = _around(pages, found, firsts)
    declared = pl.col("around").str.extract(DECLARED).str.replace_all(r"[,.]", "")
    more = pl.col("around").str.extract(MORE).str.replace_all(r"[,.]", "")
    return fill_columns(
        around.with_columns(
            text_lines=np.add.reduceat(comments["text_line_count"].to_numpy(), firsts),
            shows_likers=np.logical_or.reduceat(comments["liker"].is_not_null().to_numpy(), firsts),
            furniture_line_count=pl.col("furniture") + np.add.reduceat(known, firsts),
            unrecognised_line_count=pl.col("lines") - pl.col("furniture"),
        ).select(
            "path",
            "shows_likers",
            "furniture_line_count",
            "unrecognised_line_count",
            source_format=pl.lit(AVATAR_PAGE),
            declared_comment_count=declared.cast(pl.Int64, strict=False),
            hidden_comment_count=more.cast(pl.Int64, strict=False),
            line_count=pl.sum_horizontal(
                "text_lines", "furniture_line_count", "unrecognised_line_count"
            ),
        ),
        THREAD,
    )


def _around(pages: Pages, found: Found, firsts: Ints) -> pl.DataFrame:
    """Return one row per page: `around`, all before its first and after its last comment, and its `lines`.

    Of them are the page's own (`furniture`).
    """
    lasts = np.append(firsts[1:], found.line.size) - 1
    ends = places.cut(pages.content, pages.end[found.stop[lasts]], pages.bounds[1:])
    header = places.cut(pages.content, pages.bounds[:-1], pages.start[found.line[firsts]])
    line = pl.element()

    def count(chosen: pl.Expr) -> pl.Expr:
        lines = pl.col("around").str.split("\n")
        return lines.list.eval(chosen).list.sum().fill_null(0).cast(pl.Int64)

    return (
        pl.DataFrame({"path": pages.documents["path"], "header": header, "end": ends})
        .with_columns(around=pl.concat_str("header", "end", separator="\n"))
        .with_columns(
            lines=count(line != ""), furniture=count(line.str.contains(FURNITURE) & (line != ""))
        )
    )
