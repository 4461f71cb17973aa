"""Draft a `columns.toml` from a table's headings and a few of its rows, for a person to check."""

import csv
import json
import re
from collections.abc import Iterable
from typing import Any

import polars as pl

from threadmill.read.rejects import Unreadable
from threadmill.sources import dates, nested, scalars
from threadmill.sources.table.columns import COLUMNS, OPTIONS, SCOPES
from threadmill.sources.table.records import DELIMITERS, WRAPPED_MAX_DEPTH

ROWS = 50
"""So many rows are looked at."""
HEAD_CHARS = 2**20
LEAST_COLUMNS = 2
NAMES = {
    "text": (
        "text body comment content comment_text message selftext text_original textoriginal textdisplay words "
        "comment_body comment_content body_text content_text text_body raw_text post_text message_text reply answer "
        "remark"
    ),
    "comment_id": (
        "comment_id commentid id cid key uid comment_key comment_no comment_nr comment_number post_no post_nr "
        "post_number message_id msg_id reply_id number no nr"
    ),
    "parent_id": (
        "parent_id parentid parent in_reply_to_id in_reply_to reply_to reply_to_id answers parent_comment_id "
        "in_answer_to answer_to in_response_to response_to replying_to replies_to parent_comment parent_post parent_no "
        "parent_number reply_to_post_number reply_to_no quoted_id"
    ),
    "thread_id": (
        "thread_id threadid link_id story_id post_id postid video_id videoid conversation_id topic_id article_id "
        "submission_id discussion_id question_id issue_id page_id root_id root thread conversation topic article "
        "post story submission discussion question issue video page"
    ),
    "author_name": (
        "author_name author user username user_name by screen_name commenter nickname account who name "
        "author_text nick poster poster_name display_name handle writer person member posted_by written_by commented_by"
    ),
    "author_id": "author_id user_id userid author_fullname",
    "created_at": (
        "created_at created_utc created timestamp time date datetime published_at publishedat posted_at "
        "comment_date published at when posted posted_on created_on date_posted time_posted sent_at sent written_at"
    ),
    "like_count": (
        "like_count likes score points ups upvotes favourites_count votes likecount hearts thumbs_up upvote_count "
        "num_likes favorites karma reactions"
    ),
    "title": "title post_title thread_title story_title topic_title subject",
    "thread_url": "thread_url post_url story_url",
    "url": "url permalink link comment_url",
    "is_deleted": "is_deleted deleted",
}
"""How columns are called in the exports that people have, the likeliest first, each key with those it may be."""
_HTML = re.compile(r"<(?:p|br|a|i|b|em|strong|blockquote)\b", re.IGNORECASE)
UNITS = ((1e14, "us"), (1e11, "ms"))
"""A number from which on a time is counted in such units."""

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
OTHERS = {
    "timezone": '"Europe/Berlin"  # of times that name none',
    "platform_max_depth": "2  # levels below the top that the platform can show",
} | {key: f'"{first}"  # or {", ".join(others)}' for key, (first, *others) in OPTIONS.items()}
"""Keys that name no column, each with a value and what it is."""
UNUSED = "# Not used: "
NO_THREAD = "# No column names the thread, so all rows are one thread: if one does, add thread_id"
SCOPED = f"it takes {', '.join(SCOPES)}"

Row = dict[str, Any]


def draft_mapping(text: str, author_scope: str = "publication") -> str | None:
    """Return a `columns.toml` for a table that begins as `text`; None if it is no table with a column of words.

    `author_scope` is what is taken for it if it says none; a comment says so.
    """
    rows = _read_rows(text)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    if len(columns) < LEAST_COLUMNS:
        return None
    by_form = {_normalise(_WORD_START.sub("_", name)): name for name in reversed(columns)}
    by_form |= {_normalise(name): name for name in reversed(columns)}
    found: dict[str, str] = {}
    for key, names in NAMES.items():
        free = [by_form[one] for one in names.split() if one in by_form]
        free = [one for one in free if one not in found.values()]
        if key == "thread_id":
            free = [one for one in free if _names_threads(one, rows)]
        if free:
            found[key] = free[0]
    if "text" not in found and (column := _find_words(rows, set(columns) - set(found.values()))):
        found["text"] = column
    if "text" not in found:
        return None
    free = [name for name in columns if name not in found.values()]
    if "created_at" not in found and (column := _find_times(rows, free)):
        found["created_at"] = column
    if "comment_id" in found and "parent_id" not in found:
        found |= _find_parents(found["comment_id"], rows, set(free) - set(found.values()))
    if "comment_id" not in found:
        found.pop("parent_id", None)
    if "thread_id" not in found:
        found |= _find_thread(found, rows)
    lines = [f"{key} = {json.dumps(column, ensure_ascii=False)}" for key, column in found.items()]
    lines += _guess_options(found, rows)
    scope = f'# author_scope = "{author_scope}"  # within it a name alone is one person; {SCOPED}\n'
    unused = [" ".join(name.split()) for name in columns if name not in found.values()]
    note = f"{UNUSED}{', '.join(unused)}\n" if unused else ""
    if "thread_id" not in found:
        note += f"{NO_THREAD}\n"
    unnamed = [f"{key} =" for key in COLUMNS if key not in found]
    note += f"# Other keys that name columns: {' '.join(unnamed)}\n" if unnamed else ""
    options = [key for key in OTHERS if not any(line.startswith(key) for line in lines)]
    note += "".join(f"# {key} = {OTHERS[key]}\n" for key in options)
    begins = "# Drafted from the headings and the first rows: check what each key names.\n"
    return begins + "\n".join(lines) + "\n" + scope + note


def _names_threads(column: str, rows: list[Row]) -> bool:
    """Return whether `column` may say which thread a row is of: its values are no words, or repeat."""
    values = [str(row[column]).strip() for row in rows if row.get(column) is not None]
    return not any(" " in one for one in values) or len(set(values)) < len(values)


def _find_thread(found: dict[str, str], rows: list[Row]) -> dict[str, str]:
    """Return what names the thread where no id does: its address or title, if values repeat."""
    for key in ("thread_url", "title", "url"):
        values = [row.get(found.get(key, "")) for row in rows]
        if None not in values and len(set(map(str, values))) < len(values):
            return {"thread_id": found[key]}
    return {}


def describe_draft(draft: str) -> str:
    """Return what a drafted `columns.toml` says, in one line: its keys, and what to check."""
    lines = [line for line in draft.split("\n") if line]
    used = ", ".join(line for line in lines if not line.startswith("#"))
    notes = [line.removeprefix("# ") for line in lines if line.startswith((UNUSED, NO_THREAD))]
    return ". ".join([used, *notes])


def _normalise(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.lower()).strip("_")


def _read_rows(text: str) -> list[Row]:
    """Return the first rows of a table: objects with their columns, `a.b` for those within objects."""
    start = text.lstrip()[:1]
    if start == "<":
        return []
    if start not in ("{", "["):
        return _read_csv(text[:HEAD_CHARS])
    try:
        value = nested.parse_json(text)
    except Unreadable:
        return [_flatten(row) for row in _read_lines(text)]
    items = value if isinstance(value, list) else _unwrap(value)
    return [_flatten(row) for row in items[:ROWS] if isinstance(row, dict)]


def _unwrap(value: Any) -> list[Any]:
    """Return the objects in the lists that an answer wraps, of the level at which most have words."""
    best: list[Any] = []
    here = [value]
    for _ in range(WRAPPED_MAX_DEPTH):
        inner = [one for outer in here for one in nested.as_object(outer).values()]
        items = [one for some in inner if isinstance(some, list) for one in some]
        items = [one for one in items if isinstance(one, dict)]
        if not best or _count_words(items) > _count_words(best):
            best = items
        here = items + [one for one in inner if isinstance(one, dict)]
    return best


def _count_words(items: list[Any]) -> int:
    names = NAMES["text"].split()
    return sum(any(_normalise(name) in names for name in one) for one in items)


def _read_lines(text: str) -> Iterable[Row]:
    for line in text[:HEAD_CHARS].split("\n")[:ROWS]:
        try:
            value = nested.parse_json(line) if line.strip() else None
        except Unreadable:
            continue
        if isinstance(value, dict):
            yield value


def _flatten(row: Row) -> Row:
    flat: Row = {}
    for name, value in row.items():
        inner = value if isinstance(value, dict) else {}
        plain = {
            f"{name}.{own}": one for own, one in inner.items() if not isinstance(one, dict | list)
        }
        flat |= plain or ({} if isinstance(value, dict | list) else {name: value})
    return flat


def _read_csv(text: str) -> list[Row]:
    csv.field_size_limit(2**31 - 1)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    heading = next(filter(str.strip, lines), "")
    delimiter = max(DELIMITERS, key=heading.count)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter)
    try:
        read = [
            values for values, _ in zip((v for v in reader if v), range(ROWS + 1), strict=False)
        ]
    except csv.Error:
        return []
    names, *rows = read or [[]]
    # Prose has commas too, but not as many on each line.
    whole = [values for values in rows if len(values) == len(names)]
    if not whole or 2 * len(whole) < len(rows) or len(set(names)) < len(names):
        return []
    return [dict(zip(names, values, strict=True)) for values in whole]


def _find_times(rows: list[Row], columns: list[str]) -> str | None:
    """Return the first column all of whose values are times or days, most rows having one."""
    for column in columns:
        values = pl.Series([str(row[column]) for row in rows if row.get(column)], dtype=pl.String)
        is_time = dates.are_dates(values) | values.map_elements(
            lambda one: scalars.read_iso(one) is not None, return_dtype=pl.Boolean
        )
        if 2 * values.len() > len(rows) and is_time.all():
            return column
    return None


def _find_parents(comment_id: str, rows: list[Row], columns: set[str]) -> dict[str, str]:
    """Return the column whose values are ids of other rows, as that of parents; some rows have none."""
    ids = {str(row.get(comment_id)) for row in rows}
    for column in sorted(columns):
        named = [(row.get(comment_id), row[column]) for row in rows if row.get(column)]
        are_ids = all(str(other) in ids and str(own) != str(other) for own, other in named)
        if named and len(named) < len(rows) and are_ids:
            return {"parent_id": column}
    return {}


def _find_words(rows: list[Row], columns: set[str]) -> str | None:
    """Return the column with the longest values that are words."""

    def measure(column: str) -> int:
        words = [str(row.get(column) or "") for row in rows]
        return sum(len(one) for one in words if " " in one.strip())

    best = max(sorted(columns), key=measure, default=None)
    return best if best and measure(best) else None


def _guess_options(found: dict[str, str], rows: list[Row]) -> list[str]:
    """Return lines that say how values are written, where the rows show it."""
    lines = []
    if any(_HTML.search(str(row.get(found["text"]) or "")) for row in rows):
        lines.append('text_format = "html"')
    times = [row.get(found.get("created_at", "")) for row in rows]
    numbers = [float(one) for one in map(str, times) if re.fullmatch(r"\d{9,17}(?:\.\d+)?", one)]
    if unit := next((unit for least, unit in UNITS if numbers and min(numbers) >= least), None):
        lines.append(f'time_unit = "{unit}"')
    return lines
