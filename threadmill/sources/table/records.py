"""The text of a table → its rows: a list of objects, objects on lines, or CSV."""

import csv
from collections.abc import Collection, Iterable, Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from threadmill.read import dumps
from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.sources import nested
from threadmill.sources.nested import Rejects
from threadmill.sources.rows import split_rows
from threadmill.sources.table.columns import Mapping
from threadmill.wording import counted, did_you_mean

WRAPPED_MAX_DEPTH = 3
"""Objects around a list of rows: an answer wraps them in one or two."""
DELIMITERS = ",;\t|"
NAMES_MAX = 1_000
"""Names that are searched for a near miss."""
NEAR = 0.75
"""From this likeness on, a column that no key names is taken for the misspelt one: `parnt_id` for `parent_id`."""
LEAST = ("text", "comment_id")
IDS = (*LEAST, "parent_id", "thread_id")
PART_CHARS = dumps.CHUNK_BYTES // 4
"""A shorter text is no part of a dump, but all of it."""
SHOWN_ITEMS = 20
"""Items of a list that can't be read and are named."""


class Record(NamedTuple):
    """A row of a table."""

    line: int | None
    """Where it starts; items of a list have none."""
    columns: dict[str, Any]
    above: dict[str, Any] | None = None
    """The item in whose list of replies it stands."""


def read_records(text: str, mapping: Mapping, first: int, rejects: Rejects) -> Iterator[Record]:
    """Yield the rows of a table that starts on line `first`; `rejects` gets what can't be read.

    Raises:
        Unreadable: none of it can be: a column that `mapping` names is nowhere, or stands there twice.
    """
    start = text.lstrip()[:1]
    if start == "[":
        yield from _read_list(nested.as_list(nested.parse_json(text)), mapping, rejects)
    elif start == "{" and first == 1 and (whole := _parse_one(text)) is not None:
        yield from _read_list([whole], mapping, rejects)
    elif start == "{" or first > 1:
        yield from _read_objects(text, mapping, first, rejects)
    else:
        yield from _read_csv(text, mapping, rejects)


def _parse_one(text: str) -> dict[str, Any] | None:
    """Return the one object that a text is over several lines, or that holds a list of rows; else None."""
    first, _, rest = text.strip().partition("\n")
    if rest and first.rstrip().endswith("}"):
        return None
    try:
        value = nested.parse_json(text)
    except Unreadable:
        return None
    return value if isinstance(value, dict) else None


def _expand(item: dict[str, Any], column: str, rejects: Rejects) -> Iterator[Record]:
    """Yield an item, and those of the lists in it that have `column` too, in pre-order."""
    stack: list[tuple[Any, dict[str, Any] | None]] = [(item, None)]
    while stack:
        here, above = stack.pop()
        inner = [one for items in _find_lists(here, column, 0) for one in items]
        if has := _has(nested.as_object(here), column):
            yield Record(None, here, above)
        elif not inner and here is not item:
            excerpt = str(here)[:EXCERPT_CHARS]
            reason = f'an item of a list of replies without column "{column}"'
            rejects.append(Reject("bad_line", reason, None, excerpt))
        stack += [(one, here if has else above) for one in reversed(inner)]


def _find_lists(item: object, column: str, depth: int) -> Iterator[list[Any]]:
    """Yield the lists in an item of which some have `column`: replies, or the rows that an answer wraps."""
    for value in nested.as_object(item).values():
        if isinstance(value, dict) and depth < WRAPPED_MAX_DEPTH:
            yield from _find_lists(value, column, depth + 1)
        elif isinstance(value, list) and any(_has(nested.as_object(one), column) for one in value):
            yield value


def _read_list(items: list[Any], mapping: Mapping, rejects: Rejects) -> Iterator[Record]:
    """Yield the items that have words. Other columns may lack in some, but not in all."""
    column = mapping.columns["text"]
    found: list[Record] = []
    lost: list[int] = []
    for number, item in enumerate(items, 1):
        own = list(_expand(item, column, rejects)) if isinstance(item, dict) else []
        found += own
        lost += [] if own else [number]
    if items:
        rows = [record.columns for record in found] or [nested.as_object(one) for one in items]
        names = dict.fromkeys(chain.from_iterable(rows))
        _refuse_lost(mapping, _list_missing(mapping, names), names, rejects)
    yield from found
    if lost:
        shown = ", ".join(map(str, lost[:SHOWN_ITEMS])) + (", …" if lost[SHOWN_ITEMS:] else "")
        reason = f'{counted(len(lost), "item")} without column "{column}", counted from 1: {shown}'
        excerpt = str(items[lost[0] - 1])[:EXCERPT_CHARS]
        rejects.append(Reject("bad_line", reason, None, excerpt))


def _read_objects(text: str, mapping: Mapping, first: int, rejects: Rejects) -> Iterator[Record]:
    column = mapping.columns["text"]
    missing = set(mapping.columns) - {"text"}
    names: dict[str, None] = {}
    wordless: dict[str, None] = {}
    is_wordless = True
    for number, line in enumerate(text.split("\n"), first):
        if not line.strip():
            continue
        excerpt = line[:EXCERPT_CHARS]
        try:
            value = nested.parse_json(line)
        except Unreadable as error:
            rejects.append(Reject("bad_line", error.reject.reason, number, excerpt))
            continue
        if not isinstance(value, dict):
            rejects.append(Reject("bad_line", "not an object with columns", number, excerpt))
            continue
        is_empty = True
        for record in _expand(value, column, rejects):
            is_empty = is_wordless = False
            if missing:
                missing = {key for key in missing if not _has(record.columns, mapping.columns[key])}
                names |= dict.fromkeys(record.columns)
            yield record._replace(line=number)
        if is_empty:
            reason = f'no column "{column}"'
            rejects.append(Reject("column_missing", reason, number, excerpt))
            if len(wordless) < NAMES_MAX:
                wordless |= dict.fromkeys(value)
    is_part = first > 1 or len(text) >= PART_CHARS
    if is_wordless and wordless and not is_part:
        _refuse_lost(mapping, {"text"}, wordless, rejects)
    if missing and names:
        _refuse_lost(mapping, missing, names, rejects, first, is_part=is_part)


def _read_csv(text: str, mapping: Mapping, rejects: Rejects) -> Iterator[Record]:
    # Parts of dumps are as they lie.
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [f"{line}\n" for line in unix.split("\n")]
    heading = next(filter(str.strip, lines), "")
    mapped = set(mapping.columns.values())

    def fit(delimiter: str) -> tuple[int, int]:
        names = next(csv.reader([heading], delimiter=delimiter), [])
        return len(mapped.intersection(names)), heading.count(delimiter)

    csv.field_size_limit(2**31 - 1)
    delimiter = max(DELIMITERS, key=fit)
    lines_read = split_rows(lines, delimiter)
    names = next(lines_read, (1, [], True))[1]
    _refuse_lost(mapping, _list_missing(mapping, names), names, rejects, is_heading=True)
    for column in mapping.columns.values():
        if (count := names.count(column)) > 1:
            reason = f'column "{column}" is there {count} times; name the one that is meant'
            raise Unreadable("column_twice", reason, 1)
    for line, values, fits in lines_read:
        if len(values) != len(names):
            reason = f"{counted(len(values), 'field')}; the heading has {len(names)}"
            if not fits:
                reason += "; a quote (\") in it isn't closed, or not doubled within quotes"
            rejects.append(Reject("bad_line", reason, line, delimiter.join(values)[:80]))
        else:
            yield Record(line, dict(zip(names, values, strict=True)))


def _has(names: Iterable[str], column: str) -> bool:
    """Return whether `column` is one of `names`, or reaches into one."""
    return column in names or column.split(".")[0] in names


def _list_missing(mapping: Mapping, names: Collection[str]) -> set[str]:
    """Return the keys of `mapping` whose columns aren't among `names`."""
    return {key for key, column in mapping.columns.items() if not _has(names, column)}


def _refuse_lost(
    mapping: Mapping,
    missing: set[str],
    names: Collection[str],
    rejects: Rejects,
    first: int = 1,
    *,
    is_heading: bool = False,
    is_part: bool = False,
) -> None:
    """Refuse a table that lacks the columns of the keys `missing`, unless it may; then that is a reject.

    A table may lack what the mapping of a whole folder names, where it has nothing of a like name: objects any key but
    `text` and `comment_id`, CSV, whose heading tells, none of an id. A part of a dump may lack what is rare.

    Raises:
        Unreadable: it may not.
    """
    from difflib import get_close_matches

    used = {column.split(".")[0] for column in mapping.columns.values()}
    free = [name for name in names if name not in used]
    needed = IDS if is_heading else LEAST
    wrong: list[str] = []
    lacking: list[str] = []
    for key in mapping.columns:
        if key in missing:
            column = mapping.columns[key]
            may_lack = is_part or (mapping.is_shared and key not in needed)
            is_near = bool(get_close_matches(column, islice(free, NAMES_MAX), 1, NEAR))
            (lacking if may_lack and not is_near else wrong).append(column)
    if wrong:
        reason = "; ".join(_explain_missing(column, names) for column in wrong)
        raise Unreadable("column_missing", reason, first)
    # Of a dump the first part alone tells.
    if lacking and first == 1:
        reason = "; ".join(_explain_missing(column, names) for column in lacking)
        rejects.append(Reject("column_missing", f"in all rows, read without it: {reason}"))


def _explain_missing(column: str, names: Iterable[str]) -> str:
    some = list(islice(names, NAMES_MAX))
    there = f"there are {', '.join(some[:20]) or 'none'}"
    return f'no column "{column}"; {did_you_mean(column, some, there)}'
