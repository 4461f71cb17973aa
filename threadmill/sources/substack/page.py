"""Substack: the text of a copied page, with a line `NAME's avatar` before each comment.

The page ends each comment with `Expand full comment`. Nesting is lost, most dates too. Pages with nothing
else on them, which most are, are read here, faster than line by line: lines are places among the bytes, a few
bytes tell what they may be, and what is wanted is cut out where it lies. Any others with avatar lines and
without buttons `substack_post` reads, to the same result.
"""

from typing import NamedTuple

import numpy as np
import polars as pl

from threadmill.schema.frames import COMMENT, REJECT, THREAD, Parsed, fill_columns
from threadmill.sources.substack import marks, places
from threadmill.sources.substack.places import Bytes, Flags, Ints

FORMAT = "substack_avatar_page"
MEANING = "a copied page: NAME's avatar before each comment, no buttons"

BLANK = " \t\u00a0"
BLANKS = rf"[{BLANK}]*"
AVATARS = ("'s avatar", "’s avatar")
TERMINATOR = "Expand full comment"

META = rf"^{marks.META}{BLANKS}$"
"""A line between the author's and the text. The empty line matches too and is sorted out before."""

DECLARED = r"(?m)^(\d[\d,.]*) (?:Comments?|comments?)$"
MORE = r"(?m)^(\d+) more comments?(?:\.\.\.|…)$"
TAIL_LINE = rf"^(?:{marks.MORE}|{marks.TAIL})$"
FURNITURE = rf"^(?:{marks.PAGE}|{marks.MORE}|{marks.TAIL}|User['’]s avatar{BLANKS}|{TERMINATOR})$"
HINTS = [
    "Like", "Reply", "Share", "repl", "Pinned", "Author", "ubscriber", "ounding", "Paid", "emoved", "eleted",
    "User was", "Discussion about", "Commenting", "Comments have", "Comments are", "](http",
]  # fmt: skip
"""Words of lines that such a page doesn't have."""
OTHER = (
    rf"^{BLANKS}(?:{marks.ACTIONS_SAID}|{marks.COLLAPSED_SAID}|(?:{marks.TOMBSTONE}).*|{marks.BADGE}"
    rf"|{marks.HEADING}|{marks.CLOSED}|\[.*\]\(http.*){BLANKS}$"
)
"""Lines of which this module knows nothing."""
OTHER_BEGINS = [
    "Like", "Me g", "Repl", "Resp", "Shar", "Comp", "Comm", "Come", "Remo", "remo", "Dele", "This", "User", "Auth",
    "Pinn", "Subs", "Paid", "Free", "Foun", "Auto", "Fija", "Susc", "Disc", "Deba", "Conv", "Los ",
]  # fmt: skip
"""How they begin, if with a letter, and without letters beyond ASCII at either end."""

_IS_LETTER = np.array([one < places.ASCII and chr(one).isalpha() for one in range(256)])
_IS_BEGIN = np.isin(range(256), [ord(word[0]) for word in OTHER_BEGINS])


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
    bare_start: Ints
    """The same without blanks."""
    bare_end: Ints
    first: Bytes
    last: Bytes
    """The bytes that it begins and ends with then."""
    name_end: Ints
    """Where the name ends in an avatar line; 0 for any other."""
    is_composer: Flags
    is_terminator: Flags


def pages(documents: pl.DataFrame) -> Pages:
    """Return the lines of `documents`."""
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
    start, end = places.kept(end > start[:-1], start[:-1], end)
    bare_start, bare_end = places.stripped(content, start, end, BLANK)
    start, end, bare_start, bare_end = places.kept(
        bare_end > bare_start, start, end, bare_start, bare_end
    )
    first, last = content[bare_start], content[bare_end - 1]
    name_end = _name_ends(content, bare_start, bare_end, last)
    return Pages(
        documents,
        content,
        bounds,
        np.searchsorted(start, bounds),
        start,
        end,
        bare_start,
        bare_end,
        first,
        last,
        name_end,
        places.are(content, start, name_end, "User"),
        places.are(content, bare_start, bare_end, TERMINATOR),
    )


def _name_ends(content: Bytes, start: Ints, end: Ints, last: Bytes) -> Ints:
    """Return where the name in each line ends if it is an avatar line, else 0."""
    found = np.zeros(start.size, np.int64)
    for word in map(str.encode, AVATARS):
        can_be = np.flatnonzero((last == word[-1]) & (end - start > len(word)) & (found == 0))
        at = end[can_be] - len(word)
        is_one = places.words(content, len(word))[at] == word
        found[can_be[is_one]] = at[is_one]
    named = np.flatnonzero(found)
    unsure = named[~places.IS_PLAIN[content[found[named] - 1]]]
    if not unsure.size:
        return found
    is_named = places.cut(content, start[unsure], found[unsure]).str.contains(r"\S\z")
    found[unsure[~is_named.to_numpy()]] = 0
    return found


def _per_document(pages: Pages, lines: Flags) -> Ints:
    return np.diff(np.searchsorted(np.flatnonzero(lines), pages.opens))


def claims(pages: Pages) -> pl.Series:
    """Return which documents are such pages: avatar lines and ends of comments, and no other marks."""
    # The reader's own box may be the only avatar line.
    avatars = _per_document(pages, (pages.name_end > 0) & ~pages.is_composer)
    # Where bodies alone hold such lines, comments are ended more often than that.
    ends = _per_document(pages, pages.is_terminator & (pages.start == pages.bare_start))
    may_be = (avatars > 0) & (ends > 0) & (avatars * 2 >= ends)
    other = may_be & (_per_document(pages, _is_other(pages, may_be)) > 0)
    if other.any():
        texts = pages.documents["text"].filter(pl.Series(other))
        other[other] = texts.str.contains_any(HINTS).to_numpy()
    return pl.Series(may_be & ~other)


def _is_other(pages: Pages, of: Flags) -> Flags:
    """Return which lines this module knows nothing of, as far as they are in the documents `of`."""
    is_asked = np.repeat(of, np.diff(pages.opens)) & ~pages.is_terminator
    is_word = is_asked & _IS_LETTER[pages.first] & (pages.last < places.ASCII)
    is_asked &= ~is_word
    # As numbers they are compared faster.
    known = np.array(OTHER_BEGINS, "S4").view(np.uint32)
    can_be = is_word & _IS_BEGIN[pages.first]
    words = np.flatnonzero(can_be & (pages.bare_end - pages.bare_start >= known.itemsize))
    begins = places.words(pages.content, known.itemsize)[pages.bare_start[words]]
    is_asked[words] = np.isin(begins.view(np.uint32), known)
    asked = np.flatnonzero(is_asked)
    lines = places.cut(pages.content, pages.start[asked], pages.end[asked])
    is_asked[asked] = lines.str.contains(OTHER).to_numpy()
    return is_asked


def parse(pages: Pages) -> Parsed:
    """Return the threads and comments of copied Substack pages.

    Each of `pages` is one that `claims` says is such a page.
    """
    body = _bodies(pages)
    found = _find(pages, body)
    comments = _comments(pages, found)
    return Parsed(
        _threads(pages, body, found, comments),
        fill_columns(comments, COMMENT),
        REJECT.to_frame(),
    )


def _bodies(pages: Pages) -> Ints:
    """Return the line in each document with which its first comment starts.

    The first avatar line may be the composer's, the reader's own box; then the next one counts.
    """
    avatars = np.flatnonzero(pages.name_end)
    first = np.searchsorted(avatars, pages.opens[:-1])
    return avatars[first + pages.is_composer[avatars[first]]]


class Found(NamedTuple):
    """Where comments are: an item for each."""

    document: Ints
    line: Ints
    """Its avatar line."""
    stop: Ints
    """The line after its last."""
    is_last: Flags
    """Whether it is its document's last one."""
    is_closed: Flags
    """Whether a terminator is the line after its last."""


def _find(pages: Pages, body: Ints) -> Found:
    """Return the comments: an avatar line starts one below a terminator, and where the body starts.

    All terminators but the one above the next comment, or the page's last, are lines of a comment's text.
    """
    avatars = np.flatnonzero(pages.name_end)
    owner = np.repeat(np.arange(body.size), _per_document(pages, pages.name_end > 0))
    begins = body[owner]
    starts = (avatars == begins) | ((avatars > begins) & pages.is_terminator[avatars - 1])
    line, document = avatars[starts], owner[starts]
    is_last = np.diff(document, append=body.size) > 0
    stop = np.append(line[1:], 0) - 1
    terminators = np.flatnonzero(pages.is_terminator)
    final = terminators[np.searchsorted(terminators, pages.opens[1:]) - 1]
    is_closed = np.ones(line.size, np.bool_)
    is_closed[is_last] = final > line[is_last]
    stop[is_last] = np.where(is_closed[is_last], final, pages.opens[1:])
    # Without a terminator, the page's end is known by its words.
    unclosed = np.flatnonzero(~is_closed)
    which, lines = places.ranges(line[unclosed] + 1, stop[unclosed])
    is_tail = places.cut(pages.content, pages.start[lines], pages.end[lines]).str.contains(
        TAIL_LINE
    )
    tails = np.flatnonzero(is_tail.to_numpy())
    which, first = np.unique(which[tails], return_index=True)
    stop[unclosed[which]] = lines[tails[first]]
    return Found(document, line, stop, is_last, is_closed)


def _comments(pages: Pages, found: Found) -> pl.DataFrame:
    """Return the comments, with their count of furniture lines and of lines of text."""
    content, line, stop = pages.content, found.line, found.stop
    names = places.cut(
        content, *places.stripped(content, pages.bare_start[line], pages.name_end[line])
    )
    meta = _meta(pages, found, names)
    furniture = 1 + meta["meta_line_count"].to_numpy()
    first, end = line + furniture, pages.end[stop - 1]
    start = np.where(first < stop, pages.start[np.minimum(first, stop - 1)], end)
    if (pages.is_terminator & (pages.end - pages.start > len(TERMINATOR))).any():
        # One that is a line of a text is it without its blanks.
        whole = places.cut(content, start, end)
        terminator = rf"(?m)^{BLANKS}{TERMINATOR}{BLANKS}$"
        text = whole.str.replace_all(terminator, TERMINATOR).str.strip_chars()
    else:
        text = places.cut(content, *places.stripped(content, start, end))
    hollow = _hollow(pages)
    text_lines = stop - first - (np.searchsorted(hollow, stop) - np.searchsorted(hollow, first))
    numbers = np.arange(line.size)
    return meta.select(
        "created_text",
        "is_edited",
        "liker",
        path=pages.documents["path"].gather(found.document),
        author_name=names,
        position=pl.Series(numbers - _firsts(found)[found.document], dtype=pl.Int32),
        is_deleted=False,
        text=text,
        furniture_line_count=furniture,
        text_line_count=text_lines,
    )


def _firsts(found: Found) -> Ints:
    """Return the number of each document's first comment."""
    return np.flatnonzero(np.diff(found.document, prepend=-1))


def _hollow(pages: Pages) -> Ints:
    """Return the lines that hold no more than white space, though of other kinds than blanks."""
    unsure = np.flatnonzero(~(places.IS_PLAIN[pages.first] | places.IS_PLAIN[pages.last]))
    if not unsure.size:
        return unsure
    lines = places.cut(pages.content, pages.bare_start[unsure], pages.bare_end[unsure])
    is_hollow: Flags = (lines.str.strip_chars() == "").to_numpy()
    return unsure[is_hollow]


def _meta(pages: Pages, found: Found, names: pl.Series) -> pl.DataFrame:
    """Return what the lines right below the author's say, one row per comment.

    They end at the first line that is blank or of no known kind; with that the text starts.
    """
    after = found.line + 1
    last = pages.start.size - 1
    is_beside = pages.start[np.minimum(after, last)] == pages.end[found.line] + 1
    some = np.flatnonzero((after < found.stop) & is_beside)
    gaps = np.append(np.flatnonzero(pages.start[1:] != pages.end[:-1] + 1) + 1, last + 1)
    stop = np.minimum(gaps[np.searchsorted(gaps, after[some])], found.stop[some])
    which, lines = places.ranges(after[some], stop)
    line = pl.col("line")
    shown = pl.LazyFrame(
        {
            "line": places.cut(pages.content, pages.start[lines], pages.end[lines]),
            "name": names.gather(some[which]),
        }
    )
    # Dates repeat, so each different line is looked at once.
    known = shown.select(line.unique()).select(
        "line",
        is_meta=line.str.contains(META) & (line.str.strip_chars() != ""),
        said=line.str.extract_groups(META),
    )
    read = (
        shown.join(known, on="line", how="left", maintain_order="left")
        .with_columns(pl.col("is_meta") | (line.str.strip_chars() == pl.col("name")))
        .unnest("said")
        .collect()
    )
    others = np.append(np.flatnonzero(~read["is_meta"].to_numpy()), which.size)
    until = others[np.searchsorted(others, np.searchsorted(which, np.arange(some.size)))]
    comment = some[which[is_meta := np.arange(which.size) < until[which]]]
    read = read.filter(pl.Series(is_meta))

    def first(name: str) -> pl.Expr:
        """Return the first that each comment's lines say, null if none does."""
        rows = np.flatnonzero(read[name].is_not_null().to_numpy())[::-1]
        row = np.full(found.line.size, -1)
        row[comment[rows]] = rows
        place = pl.lit(pl.Series(row))
        return pl.col(name).gather(pl.when(place >= 0).then(place))

    said = read.select(first(name) for name in ("created", "edited", "liker"))
    is_edited = pl.col("edited").is_not_null()
    return said.select(
        "liker",
        created_text="created",
        is_edited=pl.when(is_edited | pl.col("created").is_not_null()).then(is_edited),
        meta_line_count=np.bincount(comment, minlength=found.line.size),
    )


def _threads(pages: Pages, body: Ints, found: Found, comments: pl.DataFrame) -> pl.DataFrame:
    """Return one row per page: what it declares, and where each of its lines went."""
    firsts = _firsts(found)
    known = comments["furniture_line_count"].to_numpy() + found.is_closed
    around = _around(pages, body, found)
    declared = pl.col("around").str.extract(DECLARED).str.replace_all(r"[,.]", "")
    return fill_columns(
        around.with_columns(
            text_lines=np.add.reduceat(comments["text_line_count"].to_numpy(), firsts),
            shows_likers=np.logical_or.reduceat(comments["liker"].is_not_null().to_numpy(), firsts),
            furniture_line_count=pl.sum_horizontal(
                "furniture", "cards", np.add.reduceat(known, firsts)
            ),
            unrecognised_line_count=pl.col("lines") - pl.col("furniture") - pl.col("cards"),
        ).select(
            "path",
            "shows_likers",
            "furniture_line_count",
            "unrecognised_line_count",
            source_format=pl.lit(FORMAT),
            declared_comment_count=declared.cast(pl.Int64, strict=False),
            hidden_comment_count=pl.col("around").str.extract(MORE).cast(pl.Int64),
            line_count=pl.sum_horizontal(
                "text_lines", "furniture_line_count", "unrecognised_line_count"
            ),
        ),
        THREAD,
    )


def _around(pages: Pages, body: Ints, found: Found) -> pl.DataFrame:
    """Return one row per page: `around`, all before its first and after its last comment, and its `lines`.

    Of them are the page's own (`furniture`), and `cards` at its end, which recommend other posts.
    """
    bounds, stop = pages.bounds, found.stop[found.is_last]
    after = bounds[1:].copy()
    some = np.flatnonzero(stop < pages.opens[1:])
    is_closed = found.is_closed[found.is_last][some]
    after[some] = np.where(is_closed, pages.end[stop[some]], pages.start[stop[some]])
    ends = places.cut(pages.content, after, bounds[1:])
    header = places.cut(pages.content, bounds[:-1], pages.start[body])
    line = pl.element().str.strip_chars()
    is_furniture = line.str.contains(FURNITURE)

    def count(lines: pl.Expr, chosen: pl.Expr) -> pl.Expr:
        return lines.list.eval(chosen).list.sum().fill_null(0).cast(pl.Int64)

    # Between the marks of the page's end stand cards that recommend other posts.
    cards = pl.col("end").str.extract(rf"(?ms)\A(.*)^(?:{marks.TAIL})$").str.split("\n")
    return (
        pl.DataFrame({"path": pages.documents["path"], "header": header, "end": ends})
        .with_columns(around=pl.concat_str("header", "end", separator="\n"))
        .with_columns(
            lines=count(pl.col("around").str.split("\n"), line != ""),
            furniture=count(pl.col("around").str.split("\n"), is_furniture),
            cards=count(cards, (line != "") & ~is_furniture),
        )
    )
