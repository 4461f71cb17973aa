"""HTML → text: paragraphs as blank lines, quotes as `> `, links with their address.

Markup that would grow without bound as a tree is found before it is parsed, and its tags are stripped.
"""

import re
from html import unescape
from urllib.parse import parse_qs

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

_BLOCKS = (
    "p div section article header footer aside figure figcaption table tr ul ol dl dt dd "
    "h1 h2 h3 h4 h5 h6 pre blockquote hr details summary address"
)
_SILENT = "script style template head title noscript iframe object svg"
BLOCKS, SILENT = frozenset(_BLOCKS.split()), frozenset(_SILENT.split())
QUOTE = "> "
QUOTE_MAX_DEPTH = 20
"""Deeper quotes are written as this deep: hostile nesting would square the text."""


def extract_text(markup: str, quote_class: str = "") -> str:
    """Return the words of an HTML fragment.

    Paragraphs are divided by a blank line, quotes start with `> ` on each line, list items with `- `.
    A link whose words aren't its address is followed by it in `<…>`; pictures leave their alternative
    text. An `aside` of class `quote_class` is a quote too. Of markup that is a bomb only the words are kept.
    """
    if "<" not in markup and "&" not in markup:
        return markup.strip()
    if is_bomb(markup):
        return _squeeze(strip_tags(markup)).replace("\0", "\ufffd")
    tree = LexborHTMLParser(f"<body>{markup}</body>", options=LexborDocumentOptions.WO_EVENTS)
    return extract_node_text(tree.body, quote_class) if tree.body else ""


def extract_node_text(node: LexborNode, quote_class: str = "") -> str:
    """Return the words below `node`, as `extract_text`."""
    writer = _Writer(quote_class)
    writer.walk(node)
    return writer.finish()


class _Writer:
    """Text in the making: lines, each with the quotes it stands in."""

    def __init__(self, quote_class: str) -> None:
        self.quote_class = quote_class
        self.lines: list[tuple[int, str]] = []
        self.line = ""
        self.depth = 0
        self.is_kept = 0
        """How many `pre` are open, in which white space counts."""

    def walk(self, root: LexborNode) -> None:
        """Write all below `root`; without recursion, as hostile nesting has no bound."""
        stack: list[tuple[LexborNode | None, LexborNode]] = [(root.child, root)]
        while stack:
            node, parent = stack.pop()
            if node is None:
                if stack:
                    self.leave(parent)
                continue
            stack.append((node.next, parent))
            tag = node.tag or ""
            if tag == "-text":
                self.write(node.text_content or "")
            elif tag not in SILENT and not tag.startswith(("-", "!")):
                self.enter(node, tag)
                stack.append((node.child, node))

    def enter(self, node: LexborNode, tag: str) -> None:
        if tag == "br":
            self.lines.append((self.depth, self.line))
            self.line = ""
        elif tag == "img":
            self.write((node.attributes or {}).get("alt") or "")
        elif tag == "li":
            self.end_line()
            self.line = "- "
        elif tag in BLOCKS:
            self.end_block()
            self.depth += self.is_quote(node, tag)
            self.is_kept += tag == "pre"

    def leave(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a":
            self.write_address(node)
        elif tag == "li":
            self.end_line()
        elif tag in BLOCKS:
            self.end_line()
            self.depth -= self.is_quote(node, tag)
            self.is_kept -= tag == "pre"
            self.end_block()

    def is_quote(self, node: LexborNode, tag: str) -> bool:
        if tag == "aside" and self.quote_class:
            return self.quote_class in ((node.attributes or {}).get("class") or "").split()
        return tag == "blockquote"

    def write_address(self, node: LexborNode) -> None:
        href = ((node.attributes or {}).get("href") or "").strip()
        if not href.startswith(("http://", "https://")):
            return
        href = unwrap_redirect(href)
        shown = (node.text() or "").strip()
        bare = href.split("://", 1)[1].rstrip("/")
        if shown.endswith(("…", "...")):
            # A platform's shortened address.
            stub = shown.rstrip("….").split("://")[-1]
            if stub and bare.startswith(stub) and self.line.endswith(shown):
                self.line = self.line[: -len(shown)] + href
                return
        if shown.split("://")[-1].rstrip("/") != bare:
            self.write(f" <{href}>")

    def write(self, words: str) -> None:
        if self.is_kept:
            first, *others = words.split("\n")
            self.line += first
            for line in others:
                self.lines.append((self.depth, self.line))
                self.line = line
            return
        flat = " ".join(words.split())
        if not flat:
            self.line += " " if words and self.line else ""
            return
        lead = " " if words[0].isspace() and self.line else ""
        self.line += lead + flat + (" " if words[-1].isspace() else "")

    def end_line(self) -> None:
        if self.line.strip():
            self.lines.append((self.depth, self.line))
        self.line = ""

    def end_block(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1][1]:
            self.lines.append((self.depth, ""))

    def finish(self) -> str:
        self.end_line()
        if not any(depth for depth, _ in self.lines):
            words = "\n".join(line.rstrip() for _, line in self.lines)
            return _squeeze(words).replace("\0", "\ufffd")
        kept = []
        for number, (depth, line) in enumerate(self.lines):
            # A blank line between two quotes, or a quote and the rest, is in neither.
            after = self.lines[number + 1][0] if number + 1 < len(self.lines) else 0
            inside = depth if line.strip() else min(depth, after)
            kept.append((QUOTE * min(inside, QUOTE_MAX_DEPTH) + line.rstrip()).rstrip())
        return _squeeze("\n".join(kept)).replace("\0", "\ufffd")


_REDIRECT = re.compile(
    r"https?://(?:www\.)?(?:disq\.us/(?:url)?|google\.[a-z.]{2,6}/url|(?:l|lm)\.facebook\.com/l\.php"
    r"|l\.instagram\.com/|youtube\.com/redirect|out\.reddit\.com/[^?]*|vk\.com/away\.php"
    r"|t\.umblr\.com/redirect|steamcommunity\.com/linkfilter/?)\?(.+)",
    re.DOTALL,
)
_TARGETS = ("url", "q", "u", "to", "z")
_SIGNATURE = re.compile(r":[\w-]{27}\Z")
"""What Disqus puts behind an address."""


def unwrap_redirect(address: str) -> str:
    """Return the address to which `address` leads, if it is one by which a platform counts clicks; else itself."""
    found = _REDIRECT.match(address)
    query = parse_qs(found[1]) if found else {}
    given = (query[name][0] for name in _TARGETS if name in query)
    target = next((one for one in given if one.startswith(("http://", "https://"))), address)
    return _SIGNATURE.sub("", target) if "disq.us/" in address else target


def _squeeze(words: str) -> str:
    while "\n\n\n" in words:
        words = words.replace("\n\n\n", "\n\n")
    return words.strip("\n").strip()


TAGS_FREE = 256
CHARS_FREE = 10_000
"""Shorter markup with fewer tags is no danger whatever it says, and most of comments is."""
DEPTH_MAX = 1_000
"""Browsers stop at 512. Parsing takes the square of it: 40,000 levels took 4 s."""
REPEATED_MAX = 100_000
"""Nodes that a parser may add: each paragraph repeats the `<b>` that were not closed before it."""
REPEATED_SHARE = 20
"""As many more for each tag: pages do leave some open."""
ATTRIBUTES_MAX = 1_000
ALIKE_MAX = 3
"""A parser repeats at most this many that are alike."""
_EMPTY = (
    "area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup "
    "tr td th tbody thead tfoot rp rt html head body"
)
_FORMATS = "a b big code em font i nobr s small strike strong tt u"
_RAW = "script style textarea title xmp iframe noembed noframes"
EMPTY, FORMATS, RAW = (frozenset(names.split()) for names in (_EMPTY, _FORMATS, _RAW))
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
        if len(attributes) > ATTRIBUTES_MAX and _count_attributes(attributes) > ATTRIBUTES_MAX:
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
            place = _find_raw_end(markup, name, place)
        elif name and name not in EMPTY:
            open_tags.append(name)
            counts[name] = counts.get(name, 0) + 1
        if len(open_tags) > DEPTH_MAX or added > REPEATED_MAX + REPEATED_SHARE * tag_count:
            return True
    return False


def _find_raw_end(markup: str, name: str, place: int) -> int:
    """Return where the words end that are no markup, as a script's are."""
    found = re.compile(f"</{name}", re.IGNORECASE).search(markup, place)
    return found.start() if found else len(markup)


def _count_attributes(attributes: str) -> int:
    return sum(1 for _ in _NAMES.finditer(attributes))


def strip_tags(markup: str) -> str:
    """Return the words of `markup` without its tags."""
    return unescape(_TAG.sub(" ", markup)).strip()
