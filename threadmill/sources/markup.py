"""HTML that would grow without bound as a tree: told before it is parsed, and its words without its tags."""

import html
import re

TAGS_FREE = 256
CHARS_FREE = 10_000
"""Shorter markup with fewer tags is no danger whatever it says, and most of comments is."""
DEPTH_MAX = 1_000
"""Browsers stop at 512. Parsing takes the square of it: 40,000 levels took 4 s."""
REPEATED_MAX = 100_000
"""Nodes that a parser may add: each paragraph repeats the `<b>` that were not closed before it."""
REPEATED_SHARE = 20
"""So many for each tag besides: pages do leave some open."""
ATTRIBUTES_MAX = 1_000
ALIKE_MAX = 3
"""Of those that are alike a parser repeats no more."""
_EMPTY = (
    "area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup "
    "tr td th tbody thead tfoot rp rt html head body"
)
_FORMATS = "a b big code em font i nobr s small strike strong tt u"
_WORDS = "script style textarea title xmp iframe noembed noframes"
EMPTY, FORMATS, RAW = (frozenset(names.split()) for names in (_EMPTY, _FORMATS, _WORDS))
"""Tags that hold nothing or are closed by the next of their kind, that are repeated, that hold no markup."""
_ATTRIBUTE = r"""[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
_TAG = re.compile(
    r"<!--(?:-?>|.*?--!?>|.*)"
    rf"|<(?P<end>/?)(?P<name>[a-z][^\s/>]*+)(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)>?",
    re.DOTALL | re.IGNORECASE,
)
_NAMES = re.compile(_ATTRIBUTE)


def is_bomb(markup: str) -> bool:
    """Return whether a tree of `markup` would be too deep, or much larger than `markup` is."""
    if markup.count("<") <= TAGS_FREE and len(markup) <= CHARS_FREE:
        return False
    open_tags: list[str] = []
    counts: dict[str, int] = {}
    repeated: dict[str, dict[str, int]] = {}
    tag_count = still_open = added = place = 0
    while found := _TAG.search(markup, place):
        place = found.end()
        name, attributes = (found["name"] or "").lower(), found["attributes"] or ""
        if len(attributes) > ATTRIBUTES_MAX and _attribute_count(attributes) > ATTRIBUTES_MAX:
            return True
        tag_count += 1
        added += still_open
        if name in FORMATS:
            alike = repeated.setdefault(name, {})
            if found["end"]:
                last = next(reversed(alike), None)
                if last is not None:
                    still_open -= 1
                    alike[last] -= 1
                    if not alike[last]:
                        del alike[last]
            elif alike.get(attributes, 0) < ALIKE_MAX:
                still_open += 1
                alike[attributes] = alike.get(attributes, 0) + 1
        if found["end"]:
            while counts.get(name):
                closed = open_tags.pop()
                counts[closed] -= 1
                if closed == name:
                    break
        elif name in RAW:
            place = _raw_end(markup, name, place)
        elif name and name not in EMPTY:
            open_tags.append(name)
            counts[name] = counts.get(name, 0) + 1
        if len(open_tags) > DEPTH_MAX or added > REPEATED_MAX + REPEATED_SHARE * tag_count:
            return True
    return False


def _raw_end(markup: str, name: str, place: int) -> int:
    """Return where the words end that are no markup, as a script's are."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(markup, place)
    return found.start() if found else len(markup)


def _attribute_count(attributes: str) -> int:
    return sum(1 for _ in _NAMES.finditer(attributes))


def words(markup: str) -> str:
    """Return the words of `markup` without its tags."""
    return html.unescape(_TAG.sub(" ", markup)).strip()
