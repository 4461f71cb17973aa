"""XML exports as a stream of elements: no entities of their own, nothing fetched, as far as they go."""

from collections.abc import Iterator

from lxml import etree

from threadmill.read.rejects import Reject, Unreadable
from threadmill.sources import nested
from threadmill.sources.nested import Rejects

FED_BYTES = 2**20


def iterate_elements(text: str, tags: frozenset[str], rejects: Rejects) -> Iterator[etree._Element]:
    """Yield the elements whose local name is in `tags`, each complete; the caller reads it at once.

    Where the XML breaks off, what came before has been yielded and `rejects` has the place. Entities that
    the document declares stay as they are written: they are what bombs are made of.
    """
    parser = etree.XMLPullParser(
        ("end",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    data = memoryview(_drop_declaration(text).encode())
    for start in range(0, len(data), FED_BYTES):
        try:
            parser.feed(bytes(data[start : start + FED_BYTES]))
        except etree.XMLSyntaxError as error:
            yield from _iterate_ended(parser, tags)
            reason = f"not XML from here: {error.msg}"
            rejects.append(Reject("broken_xml", reason, error.lineno or None))
            return
        yield from _iterate_ended(parser, tags)
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        reason = f"the XML ends before it is complete: {error.msg}"
        rejects.append(Reject("truncated_xml", reason, error.lineno or None))


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


def _drop_declaration(text: str) -> str:
    # The text is decoded already, whatever its heading says.
    head, mark, rest = text.partition("?>")
    return rest.lstrip() if mark and head.lstrip().startswith("<?xml") else text.lstrip()


def strip_namespace(tag: str) -> str:
    """Return `tag` without its namespace."""
    return tag.rpartition("}")[2]


def find_child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child of `element` with that local name."""
    return next(
        (one for one in element if isinstance(one.tag, str) and strip_namespace(one.tag) == name),
        None,
    )


def read_child(element: etree._Element | None, name: str) -> str:
    """Return the text of that child of `element`; an empty one if there is none."""
    if element is None or (one := find_child(element, name)) is None:
        return ""
    return nested.clean_text("".join(one.itertext())).strip()


def read_attribute(element: etree._Element | None, name: str) -> str | None:
    """Return the attribute of that local name; null if there is none."""
    if element is None:
        return None
    return next(
        (
            nested.read_name(str(value))
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
