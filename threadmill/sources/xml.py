"""XML exports as a stream of elements: no entities of their own, nothing fetched, as far as they go."""

from collections.abc import Iterator

from lxml import etree

from threadmill.sources import nested
from threadmill.sources.nested import Fault, Faults, Unreadable

FED_BYTES = 2**20


def elements(text: str, tags: frozenset[str], faults: Faults) -> Iterator[etree._Element]:
    """Yield the elements whose local name is in `tags`, each complete; the caller reads it at once.

    Where the XML breaks off, what came before has been given and `faults` has the place. Entities that
    the document declares stay as they are written: they are what bombs are made of.
    """
    parser = etree.XMLPullParser(
        ("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    data = memoryview(_clean(text).encode())
    for start in range(0, len(data), FED_BYTES):
        try:
            parser.feed(bytes(data[start : start + FED_BYTES]))
        except etree.XMLSyntaxError as error:
            yield from _ended(parser, tags)
            line = error.lineno or None
            faults.append(Fault(line, "broken_xml", f"not XML from here: {error.msg}"))
            return
        yield from _ended(parser, tags)
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        reason = f"the XML ends before it is complete: {error.msg}"
        faults.append(Fault(error.lineno or None, "truncated_xml", reason))


def _ended(
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
            and local(element.tag) in tags
            and not _is_inside(element, tags)
        ):
            yield element
            _forget(element)


def _is_inside(element: etree._Element, tags: frozenset[str]) -> bool:
    """Return whether `element` belongs to one that is yet to come, as a post's pointer at its thread."""
    above = element.getparent()
    return above is not None and isinstance(above.tag, str) and local(above.tag) in tags


def _forget(element: etree._Element) -> None:
    element.clear(keep_tail=False)
    while element.getprevious() is not None and element.getparent() is not None:
        del element.getparent()[0]


def _clean(text: str) -> str:
    # The text is decoded already, whatever its heading says.
    head, mark, rest = text.partition("?>")
    return rest.lstrip() if mark and head.lstrip().startswith("<?xml") else text.lstrip()


def local(tag: str) -> str:
    """Return `tag` without its namespace."""
    return tag.rpartition("}")[2]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of `element` with that local name."""
    return next(
        (one for one in element if isinstance(one.tag, str) and local(one.tag) == name), None
    )


def said(element: etree._Element | None, name: str) -> str:
    """Return the words of that child of `element`; an empty text if there is none."""
    if element is None or (one := child(element, name)) is None:
        return ""
    return nested.words("".join(one.itertext())).strip()


def attribute(element: etree._Element | None, name: str) -> str | None:
    """Return the attribute of that local name; null if there is none."""
    if element is None:
        return None
    return next(
        (
            nested.name(str(value))
            for key, value in element.attrib.items()
            if local(str(key)) == name
        ),
        None,
    )


def require(threads: object, comments: object, faults: Faults) -> None:
    """Refuse a document that holds nothing.

    Raises:
        Unreadable: there is no thread and no comment; says the first fault.
    """
    if threads or comments:
        return
    for fault in faults:
        raise Unreadable(fault.line, fault.code, fault.reason)
    raise Unreadable(None, "no_thread", "an export without threads and comments")
