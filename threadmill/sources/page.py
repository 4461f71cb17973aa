"""Saved HTML pages: their trees, within bounds, and the elements that are comments on them."""

from collections.abc import Callable, Collection
from typing import NamedTuple

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from threadmill.read.rejects import Reject, Unreadable
from threadmill.sources import html, scalars

HTML = r"(?i)\A\s*(?:<!--[^>]*-->\s*)*<(?:!doctype|html|head|body|div|script|table)"
"""How a page begins."""


class Item(NamedTuple):
    """An element of a page, such as a comment, apart from the items inside it."""

    node: LexborNode
    above: int | None
    """The place of the closest item around it in the list of all; None if there is none."""
    own: list[LexborNode]
    """The elements inside it, in order, that are in no item further in and hold none."""


def parse_tree(text: str) -> LexborHTMLParser:
    """Return the tree of a page.

    Raises:
        Unreadable: the tree would be too large or too deep.
    """
    if html.is_bomb(text):
        raise Unreadable("nested_too_deep", "a page that would be too large or too deep as a tree")
    return LexborHTMLParser(text, options=LexborDocumentOptions.WO_EVENTS)


def find_cut(text: str) -> list[Reject]:
    """Return a reject if a page ends before its elements do, else nothing.

    Savers may leave out what ends a page, but not what ends its elements.
    """
    if "</html" in text or "</HTML" in text:
        return []
    is_open = any(text.count(f"<{tag}") > text.count(f"</{tag}") for tag in ("div", "table"))
    reason = "the page ends before it is complete; save it again"
    return [Reject("truncated_html", reason, text.count("\n") + 1)] if is_open else []


def list_items(tree: LexborHTMLParser, is_item: Callable[[LexborNode], bool]) -> list[Item]:
    """Return the elements of `tree` for which `is_item` holds, in order; each element is looked at once."""
    items: list[Item] = []
    wrappers: set[int] = set()
    stack: list[tuple[LexborNode | None, int | None]] = [(tree.root, None)]
    while stack:
        node, within = stack.pop()
        if node is None:
            continue
        stack.append((node.next, within))
        if not node.is_element_node:
            continue
        if is_item(node):
            if within is not None:
                _mark_wrappers(node, items[within].node, wrappers)
            items.append(Item(node, within, []))
            within = len(items) - 1
        elif within is not None:
            items[within].own.append(node)
        stack.append((node.child, within))
    return [
        one._replace(own=[node for node in one.own if node.mem_id not in wrappers]) for one in items
    ]


def _mark_wrappers(item: LexborNode, above: LexborNode, wrappers: set[int]) -> None:
    """Add the elements between `item` and the one `above` it to `wrappers`, up to the first that is there."""
    node = item.parent
    while node is not None and node.mem_id not in wrappers and node.mem_id != above.mem_id:
        wrappers.add(node.mem_id)
        node = node.parent


def find_element(nodes: Collection[LexborNode], *classes: str, tag: str = "") -> LexborNode | None:
    """Return the first of `nodes` that has one of `classes`, or is a `tag`."""
    for node in nodes:
        if (tag and node.tag == tag) or list_classes(node).intersection(classes):
            return node
    return None


def list_classes(node: LexborNode) -> set[str]:
    """Return the classes of `node`."""
    return set(read_attribute(node, "class").split())


def read_attribute(node: LexborNode | None, name: str) -> str:
    """Return the attribute of `node` as clean text; an empty one if there is none."""
    return scalars.clean_text((node.attributes or {}).get(name)) if node is not None else ""


def read_text(node: LexborNode | None) -> str | None:
    """Return the words of `node` on one line; null if there are none."""
    return scalars.read_name(node.text()) if node is not None else None
