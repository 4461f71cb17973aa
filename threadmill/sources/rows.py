"""CSV → its rows, whatever its quotes do."""

import csv
from collections.abc import Iterator
from itertools import islice

from threadmill.read.rejects import Reject, Unreadable
from threadmill.sources.nested import Rejects
from threadmill.wording import counted

QUOTED_MAX_LINES = 1_000
"""Of a row whose quotes don't fit."""


def read_rows(text: str, rejects: Rejects) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of `text` below its heading, each with its first line; what doesn't fit the heading is a reject.

    Raises:
        Unreadable: it has no row.
    """
    csv.field_size_limit(2**31 - 1)
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    rows = split_rows([f"{line}\n" for line in unix.split("\n")], ",")
    names = next(rows, (1, [], True))[1]
    count = 0
    for line, values, _ in rows:
        count += 1
        if len(values) == len(names):
            yield line, dict(zip(names, values, strict=True))
        else:
            reason = f"{counted(len(values), 'field')}; the heading has {len(names)}"
            rejects.append(Reject("bad_line", reason, line, ",".join(values)[:80]))
    if not count:
        raise Unreadable("no_rows", "a heading without rows")


def split_rows(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str], bool]]:
    """Yield the first line and the fields of each row that isn't blank, the heading's first, and if its quotes fit.

    Where quotes don't fit, a row is a line if that has as many fields as the heading. So a quote that
    nothing closes costs no other row.
    """
    at, width = 0, None
    while at < len(lines):
        start = at
        reader = csv.reader(
            map(lines.__getitem__, range(at, len(lines))), delimiter=delimiter, strict=True
        )
        try:
            for values in reader:
                if values:
                    width = width or len(values)
                    yield start + 1, values, True
                start = at + reader.line_num
            return
        except csv.Error:
            rest = islice(map(lines.__getitem__, range(start, len(lines))), QUOTED_MAX_LINES)
            loose = csv.reader(rest, delimiter=delimiter)
            values, at = (
                next(csv.reader([lines[start].rstrip("\n")], delimiter=delimiter)),
                start + 1,
            )
            if width and len(values) != width:
                several = next(loose)
                is_whole = loose.line_num < min(QUOTED_MAX_LINES, len(lines) - start)
                if len(several) == width and is_whole:
                    values, at = several, start + loose.line_num
            width = width or len(values)
            yield start + 1, values, False
