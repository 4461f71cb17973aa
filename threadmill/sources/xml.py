"""XML exports as a stream of elements: no entities of their own, nothing fetched, as far as they go."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from threadmill.read.rejects import Reject, Unreadable
from threadmill.sources import scalars
from threadmill.sources.nested import Rejects

FED_BYTES = 2**20
HEAD_CHARS = 65_536
"""A document type declares its entities within this much."""
XML_ENTITIES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_OPTIONS: Any = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,
}
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32)))
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENTITY = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(?:(?P<name>#?\w+);)?", re.DOTALL)
_NAMED = re.compile(r"&((?:amp|lt|gt|quot|apos);)")
_DECLARED = re.compile(r"<!ENTITY\s+(\w+)")
_ROOT = re.compile(r"<([A-Za-z][\w:.-]*)(?:\s[^>]*)?>")


def iterate_elements(
    text: str, tags: frozenset[str], rejects: Rejects, inner: str = ""
) -> Iterator[etree._Element]:
    """Yield the elements whose local name is in `tags`, each complete; the caller reads it at once.

    Characters that XML doesn't allow and entities of HTML are mended, each with a reject. Where the XML breaks
    all the same, each record after that is parsed on its own, and of a broken one each `inner` element; `rejects`
    has the places. Entities that the document declares stay as they are written: they are what bombs are made of.
    """
    mended = _mend(_drop_declaration(text, rejects), rejects)
    parser = etree.XMLPullParser(("end",), tag=[f"{{*}}{name}" for name in tags], **_OPTIONS)
    data = memoryview(mended.encode())
    count = 0
    try:
        for start in range(0, len(data), FED_BYTES):
            parser.feed(bytes(data[start : start + FED_BYTES]))
            for element in _iterate_ended(parser, tags):
                count += 1
                yield element
        parser.close()
    except etree.XMLSyntaxError as error:
        for element in _iterate_ended(parser, tags):
            count += 1
            yield element
        yield from _recover(mended, tags, inner, count, error, rejects)


def _recover(
    text: str,
    tags: frozenset[str],
    inner: str,
    count: int,
    error: etree.XMLSyntaxError,
    rejects: Rejects,
) -> Iterator[etree._Element]:
    """Yield the elements after the first `count`, each parsed on its own; `error` is where the XML broke."""
    line, before = error.lineno or None, rejects.count
    root = _ROOT.search(text)
    is_cut = root is None or not re.search(rf"</{re.escape(root[1])}\s*>[^<]*\Z", text)
    if is_cut:
        reason = f"the XML ends before it is complete: {_say(error)}"
        rejects.append(Reject("truncated_xml", reason, line))
    if root is None:
        return
    opening = " ".join(root[0].removesuffix("/>").removesuffix(">").split()) + ">"
    spans = _find_spans(text, tags, root.end())
    at, number = 0, 1
    for start, end in spans[count:]:
        number, at = number + text.count("\n", at, start), start
        # Of the record in which it ends that is told already.
        own = Rejects() if is_cut and end == len(text) else rejects
        yield from _parse_record(text[start:end], opening, root[1], number, inner, own)
    if rejects.count == before:
        reason = f"not XML here, between records: {_say(error)}"
        rejects.append(Reject("broken_xml", reason, line))


def _parse_record(
    record: str, opening: str, root: str, line: int, inner: str, rejects: Rejects
) -> Iterator[etree._Element]:
    """Yield the element that `record` is; of a broken one as much as there is, in its place a reject."""
    try:
        element = _parse(record, opening, root, line)
    except etree.XMLSyntaxError as error:
        spans = _find_spans(record, frozenset((inner,)), 0) if inner else []
        if not spans:
            at = line + max(0, (error.lineno or 1) - 1)
            rejects.append(Reject("broken_xml", f"not XML here: {_say(error)}", at, record[:80]))
            # What ends in the midst of a text isn't what was written.
            is_whole = re.search(r"</[^<>]*>\s*\Z", record) is not None
            element = _parse(record, opening, root, line, is_lenient=True) if is_whole else None
            if element is not None:
                yield element
            return
        # Its head, with each comment that is whole for itself.
        cut = record[: spans[0][0]] + record[spans[-1][1] :]
        found = list(_parse_record(cut, opening, root, line, "", rejects))
        for start, end in spans if found else ():
            own_line = line + record.count("\n", 0, start)
            for own in _parse_record(record[start:end], opening, root, own_line, "", rejects):
                found[0].append(own)
        yield from found
    else:
        if element is not None:
            yield element


def _parse(
    record: str, opening: str, root: str, line: int, is_lenient: bool = False
) -> etree._Element | None:
    """Return the element that `record` is, which starts on `line`."""
    if is_lenient:
        # After an error libxml2 drops named references; in the HTML that CDATA holds both mean the same.
        record = _NAMED.sub(lambda found: f"&#{ord(html5[found[1]])};", record)
    parser = etree.XMLParser(recover=is_lenient, **_OPTIONS)
    tree = etree.fromstring(f"{opening}{record}</{root}>".encode(), parser)
    element = (
        next((one for one in tree if isinstance(one.tag, str)), None) if tree is not None else None
    )
    if element is not None:
        for one in element.iter():
            one.sourceline = (one.sourceline or 1) + line - 1
    return element


def _find_spans(text: str, tags: frozenset[str], place: int) -> list[tuple[int, int]]:
    """Return where the records of `tags` start and end: at their end tag, or where the next one starts."""
    names = "|".join(sorted(tags))
    mark = re.compile(
        rf"<!\[CDATA\[.*?\]\]>|<(?P<end>/?)(?:[\w.-]+:)?(?P<name>{names})(?:\s[^>]*)?>", re.DOTALL
    )
    spans: list[tuple[int, int]] = []
    start, name = -1, ""
    for found in mark.finditer(text, place):
        if not found["name"] or found[0].endswith("/>"):
            continue
        if not found["end"]:
            if start >= 0:
                spans.append((start, found.start()))
            start, name = found.start(), found["name"]
        elif start >= 0 and found["name"] == name:
            spans.append((start, found.end()))
            start = -1
    if start >= 0:
        spans.append((start, len(text)))
    return spans


def _say(error: etree.XMLSyntaxError) -> str:
    return " ".join((error.msg or "").split())


def _mend(text: str, rejects: Rejects) -> str:
    """Return `text` without what XML doesn't allow, each with a reject: control characters, entities of HTML."""
    # Nearly all documents have none, and bytes are looked through fastest.
    content = text.encode()
    if len(content.translate(None, _CONTROLS)) < len(content):
        for found in _ILLEGAL.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            reason = f"U+{ord(found[0]):04X} is no character of XML; left out, the rest was read"
            rejects.append(Reject("bad_character", reason, line, _show(text, found.start())))
        text = _ILLEGAL.sub(lambda found: " " if found[0] in "\x0b\x0c" else "", text)
    if "&" not in text:
        return text

    def mend(found: re.Match[str]) -> str:
        written, name = found[0], found["name"] or ""
        if written[0] == "<" or name in XML_ENTITIES or name in declared:
            return written
        what, instead = f"{written} isn't escaped; read as it stands", written
        if name.startswith("#"):
            number = _read_reference(name)
            if number is not None and not _ILLEGAL.match(chr(number)):
                return written
            what, instead = f"{written} is no character of XML; left out", ""
        elif f"{name};" in html5:
            what = f"{written} is an entity of HTML, not of XML; read as such"
            instead = html5[f"{name};"]
        line = text.count("\n", 0, found.start()) + 1
        rejects.append(Reject("bad_character", what, line, _show(text, found.start())))
        return escape(instead)

    declared = set(_DECLARED.findall(text[:HEAD_CHARS]))
    return _ENTITY.sub(mend, text)


def _read_reference(name: str) -> int | None:
    try:
        number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    except ValueError:
        return None
    return number if number < 0x110000 and not 0xD800 <= number < 0xE000 else None


def _show(text: str, place: int) -> str:
    return text[max(0, place - 40) : place + 40]


def _iterate_ended(
    parser: "etree.XMLPullParser[etree._Element]", tags: frozenset[str]
) -> Iterator[etree._Element]:
    events = parser.read_events()
    while True:
        try:
            _, element = next(events)
        except (StopIteration, etree.XMLSyntaxError):
            return
        if (
            isinstance(element.tag, str)
            and strip_namespace(element.tag) in tags
            and not _is_inside(element, tags)
        ):
            yield element
            _forget(element)


def _is_inside(element: etree._Element, tags: frozenset[str]) -> bool:
    """Return whether `element` belongs to one that is yet to come, as a post's pointer at its thread."""
    above = element.getparent()
    return above is not None and isinstance(above.tag, str) and strip_namespace(above.tag) in tags


def _forget(element: etree._Element) -> None:
    element.clear(keep_tail=False)
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]


def _drop_declaration(text: str, rejects: Rejects) -> str:
    """Return `text` from its root on: it is decoded already, whatever its heading says. Lines keep their numbers.

    Above the heading may stand what a server said before it wrote the export.
    """
    start = text.find("<?xml", 0, HEAD_CHARS)
    if start < 0 or "<![CDATA[" in text[:start]:
        return text
    if said := text[:start].strip("\ufeff \t\r\n"):
        line = text[: text.find(said)].count("\n") + 1
        reason = f"{len(said)} characters above the XML; left out, the rest was read"
        rejects.append(Reject("bad_character", reason, line, said[:80]))
    head, mark, rest = text.partition("?>")
    return "\n" * head.count("\n") + rest if mark else text


def strip_namespace(tag: str) -> str:
    """Return `tag` without its namespace."""
    return tag.rpartition("}")[2]


def find_child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of `element` with that local name."""
    return next(element.iterchildren(f"{{*}}{name}"), None)


def read_child(element: etree._Element | None, name: str) -> str:
    """Return the text of that child of `element`; an empty one if there is none."""
    if element is None or (one := find_child(element, name)) is None:
        return ""
    words = "".join(one.itertext()) if len(one) else one.text or ""
    return scalars.clean_text(words).strip()


def read_attribute(element: etree._Element | None, name: str) -> str | None:
    """Return the attribute of that local name; null if there is none."""
    if element is None:
        return None
    return next(
        (
            scalars.read_name(str(value))
            for key, value in element.attrib.items()
            if strip_namespace(str(key)) == name
        ),
        None,
    )


def require_content(threads: object, comments: object, rejects: Rejects) -> None:
    """Refuse a document that holds nothing.

    Raises:
        Unreadable: there is no thread and no comment; says the first reject.
    """
    if threads or comments:
        return
    for reject in rejects:
        raise Unreadable(reject.reason_code, reject.reason, reject.line)
    raise Unreadable("no_thread", "an export without threads and comments")
