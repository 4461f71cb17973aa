"""Reddit: whole documents of comments and posts that aren't lines, as the objects of a dump.

JSON lists and answers, archives of bdfr in JSON, XML and YAML, and the CSV of a data request.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from threadmill.read.rejects import EXCERPT_CHARS, Reject, Unreadable
from threadmill.sources import nested, rows, scalars, xml
from threadmill.sources.nested import Rejects

LIST = "reddit_list_json"
XML = "reddit_archive_xml"
YAML = "reddit_archive_yaml"
REQUEST = "reddit_request_csv"
SITE = "https://www.reddit.com"
WHOLE = re.compile(rb'\s*(?:\[|\{.{,65536}"(?:data|comments)"\s*:\s*\[\s*\{)', re.DOTALL)
"""The beginning of a list of objects, of an answer with one, or of a post with its comments."""
HEAD_BYTES = 1_024
"""The first character that is no blank is within this much."""
XML_MARKS = (
    r"\A\s*(?:<\?xml[^>]*>\s*)?<root>",
    r"<(?:num_comments|parent_id|replies)>",
    r"<(?:created_utc|body|selftext)>",
)
YAML_MARKS = (
    r"\A(?:---[ \t]*\n)?[a-z_]+:[ \n]",
    r"(?m)^ *(?:- )?(?:num_comments|parent_id):[ \n]",
    r"(?m)^ *(?:- )?created_utc:[ \n]",
)
REQUEST_MARKS = (r"\A\s*id,permalink,date,ip,subreddit,[^\n]*\bbody\b",)
NOBODY = "DELETED"
"""What bdfr writes for an author who is gone."""
LISTS = ("comments", "replies")
WORDS = ("body", "selftext", "title", "author", *LISTS)
"""Keys whose text means itself, also if it is None or True."""
YAML_MAX_CHARS = 32 * 2**20
"""As much takes 4 s to read; bdfr writes a file for each post, mostly of some kilobytes."""
YAML_MAX_DEPTH = 1_000
_PLAIN: dict[str, Any] = {"null": None, "~": None, "": None, "true": True, "false": False}
_PYTHON = {"None": None, "True": True, "False": False}
_POST = re.compile(r"/comments/([0-9a-z]+)")


def list_objects(
    content: bytes, names: frozenset[str], faulty: Rejects
) -> tuple[str, bytes] | None:
    """Return a `source_format` and an object on each line, before its `comments` and `replies`; None if it is lines.

    Objects have those of `names` alone. `faulty` gets what can't be read.
    """
    try:
        found = _load(content, faulty)
    except Unreadable as error:
        faulty.append(error.reject)
        return LIST, b"\n"
    if found is None:
        return None
    own_format, given = found
    kept = ({name: own[name] for name in names if name in own} for own in _walk(given, faulty))
    return own_format, "".join(f"{json.dumps(own)}\n" for own in kept).encode() or b"\n"


def _load(content: bytes, faulty: Rejects) -> tuple[str, Any] | None:
    """Return a `source_format` and what the document holds; None if it has its objects on lines."""
    if not WHOLE.match(content) and content[:HEAD_BYTES].lstrip()[:1] in (b"{", b"["):
        return None
    text = content.decode()
    if _matches(text, XML_MARKS):
        return XML, _load_xml(text, faulty)
    if _matches(text, YAML_MARKS):
        return YAML, list(_load_yaml(text, faulty))
    if _matches(text, REQUEST_MARKS):
        return REQUEST, [_turn_row(row) for _, row in rows.read_rows(text, faulty)]
    try:
        given = nested.parse_json(text)
    except Unreadable:
        if text.lstrip().startswith("[") and not nested.starts_lines(text):
            raise
        return None
    return LIST, given if isinstance(given, list) else nested.as_object(given).get("data", given)


def _matches(text: str, marks: tuple[str, ...]) -> bool:
    return re.match(marks[0], text) is not None and all(re.search(one, text) for one in marks[1:])


def _walk(given: Any, faulty: Rejects) -> Iterator[dict[str, Any]]:
    """Yield objects in order, each before those that it holds."""
    stack = given[::-1] if isinstance(given, list) else [given]
    while stack:
        item = stack.pop()
        own = nested.as_object(item)
        if scalars.read_id(own.get("id")) is None:
            reason = "not an object with an id, as comments and posts are"
            faulty.append(Reject("no_id", reason, None, str(item)[:EXCERPT_CHARS]))
            continue
        if own.get("author") == NOBODY and "author_flair" in own:
            own = own | {"author": None}
        yield own
        stack += [
            one
            for key in ("replies", "comments")
            for one in nested.as_list(own.get(key))[::-1]
            if isinstance(one, dict)
        ]


def _load_xml(text: str, faulty: Rejects) -> list[Any]:
    """Return the object of an archive: an element for each key, one for each comment of a list.

    Of one that breaks off or is broken, the comments that are whole.
    """
    tags = frozenset(("root", "comments"))
    return [_turn_element(one) for one in xml.iterate_elements(text, tags, faulty)]


def _turn_element(root: etree._Element) -> Any:
    """Return an element as an object; without recursion, as hostile nesting has no bound."""
    elements = [one for one in root.iter() if isinstance(one.tag, str)]
    done: dict[etree._Element, Any] = {}
    for element in reversed(elements):
        below = [one for one in element if isinstance(one.tag, str)]
        name = str(element.tag)
        if not below:
            words = element.text or ""
            done[element] = words if name in WORDS else _PYTHON.get(words, words)
            continue
        own: dict[str, Any] = {}
        for one in below:
            key, value = str(one.tag), done.pop(one)
            if key in LISTS:
                own.setdefault(key, []).append(value)
            else:
                own[key] = value
        done[element] = own
    return done.get(root)


def _load_yaml(text: str, faulty: Rejects) -> Iterator[Any]:
    """Yield the documents of YAML: objects, lists and text. No tag means anything, and nothing is repeated by name.

    Of one that breaks off, the comments that are whole; `faulty` gets the place.

    Raises:
        Unreadable: it is too large or too deep, or has aliases, which are what bombs are made of.
    """
    import yaml  # few runs need it

    if len(text) > YAML_MAX_CHARS:
        raise Unreadable("too_large", f"YAML of more than {YAML_MAX_CHARS // 2**20} Mi characters")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    # Each open list or object, with the key whose value comes next.
    way: list[tuple[Any, list[Any]]] = []
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.AliasEvent):
                line = event.start_mark.line + 1
                raise Unreadable("yaml_alias", "an alias (*name), which isn't read", line)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                if len(way) >= YAML_MAX_DEPTH:
                    raise Unreadable("nested_too_deep", "nested deeper than YAML is read")
                way.append(({} if isinstance(event, yaml.MappingStartEvent) else [], []))
                continue
            if isinstance(event, yaml.ScalarEvent):
                value = _PLAIN.get(event.value, event.value) if event.implicit[0] else event.value
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                value = way.pop()[0]
            else:
                continue
            if not way:
                yield value
            elif isinstance(way[-1][0], list):
                way[-1][0].append(value)
            elif not way[-1][1]:
                way[-1][1].append(value)
            else:
                key = way[-1][1].pop()
                way[-1][0][key if isinstance(key, str) else str(key)[:EXCERPT_CHARS]] = value
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = " ".join(f"not YAML: {getattr(error, 'problem', error)}".split())
        faulty.append(Reject("broken_yaml", reason, mark.line + 1 if mark else None))
        yield from _close([one for one, _ in way], [keys for _, keys in way])


def _close(way: list[Any], keys: list[list[Any]]) -> Iterator[Any]:
    """Yield the comments that stand whole in objects and lists which are still open; the innermost object is broken."""
    if len(way) > 1 and isinstance(way[-1], dict):
        way.pop()
    while len(way) > 1:
        value = way.pop()
        if isinstance(way[-1], list):
            way[-1].append(value)
        elif keys[len(way) - 1]:
            way[-1][str(keys[len(way) - 1][-1])] = value
    if way and isinstance(way[0], dict) and "id" not in way[0]:
        yield from nested.as_list(way[0].get("comments"))
    elif way:
        yield way[0]


def _turn_row(row: dict[str, str]) -> dict[str, Any]:
    """Return a row of a data request as an object. It has no author: all is by the person who asked."""
    address = row.get("permalink", "")
    post = _POST.search(row.get("link", "")) or _POST.search(address)
    at = scalars.read_iso(row.get("date"))
    own: dict[str, Any] = {
        "id": row.get("id"),
        "permalink": address.removeprefix(SITE),
        "created_utc": str((at - scalars.EPOCH).total_seconds()) if at else None,
        "subreddit": row.get("subreddit"),
    }
    if "title" in row:
        return own | {"title": row["title"], "num_comments": ""}
    parent = row.get("parent", "").strip()
    if parent and not parent.startswith(("t1_", "t3_")):
        parent = f"t1_{parent}"
    post_id = f"t3_{post[1]}" if post else None
    return own | {"body": row.get("body"), "link_id": post_id, "parent_id": parent or post_id}
