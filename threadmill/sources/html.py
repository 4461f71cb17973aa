"""HTML bodies → text: paragraphs as blank lines, quotes as `> `, links with their address."""

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from threadmill.sources import markup

_BLOCKS = (
    "p div section article header footer aside figure figcaption table tr ul ol dl dt dd "
    "h1 h2 h3 h4 h5 h6 pre blockquote hr details summary address"
)
_SILENT = "script style template head title noscript iframe object svg"
BLOCKS, SILENT = frozenset(_BLOCKS.split()), frozenset(_SILENT.split())
QUOTE = "> "
QUOTE_MAX_DEPTH = 20
"""Deeper quotes are written as this deep: hostile nesting would square the text."""


def text(html: str, quote_class: str = "") -> str:
    """Return the words of an HTML fragment.

    Paragraphs are divided by a blank line, quotes start with `> ` on each line, list items with `- `.
    A link whose words aren't its address is followed by it in `<…>`; pictures leave their alternative
    text. An `aside` of class `quote_class` is a quote too. Of markup that is a bomb the words are left alone.
    """
    if "<" not in html and "&" not in html:
        return html.strip()
    if markup.is_bomb(html):
        return _squeezed(markup.words(html)).replace("\0", "\ufffd")
    tree = LexborHTMLParser(f"<body>{html}</body>", options=LexborDocumentOptions.WO_EVENTS)
    return of(tree.body, quote_class) if tree.body else ""


def of(node: LexborNode, quote_class: str = "") -> str:
    """Return the words below `node`, as `text`."""
    writer = _Writer(quote_class)
    writer.walk(node)
    return writer.finished()


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
                self.enter(node)
                stack.append((node.child, node))

    def enter(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "br":
            self.lines.append((self.depth, self.line))
            self.line = ""
        elif tag == "img":
            self.write((node.attributes or {}).get("alt") or "")
        elif tag == "li":
            self.end_line()
            self.line = "- "
        elif tag in BLOCKS:
            self.blank()
            self.depth += self.is_quote(node)
            self.is_kept += tag == "pre"

    def leave(self, node: LexborNode) -> None:
        tag = node.tag
        if tag == "a":
            self.address(node)
        elif tag == "li":
            self.end_line()
        elif tag in BLOCKS:
            self.end_line()
            self.depth -= self.is_quote(node)
            self.is_kept -= tag == "pre"
            self.blank()

    def is_quote(self, node: LexborNode) -> bool:
        if node.tag == "aside" and self.quote_class:
            return self.quote_class in ((node.attributes or {}).get("class") or "").split()
        return node.tag == "blockquote"

    def address(self, node: LexborNode) -> None:
        href = ((node.attributes or {}).get("href") or "").strip()
        if not href.startswith(("http://", "https://")):
            return
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

    def blank(self) -> None:
        self.end_line()
        if self.lines and self.lines[-1][1]:
            self.lines.append((self.depth, ""))

    def finished(self) -> str:
        self.end_line()
        kept = []
        for number, (depth, line) in enumerate(self.lines):
            # A blank line between two quotes, or a quote and the rest, is in neither.
            after = self.lines[number + 1][0] if number + 1 < len(self.lines) else 0
            inside = depth if line.strip() else min(depth, after)
            kept.append((QUOTE * min(inside, QUOTE_MAX_DEPTH) + line.rstrip()).rstrip())
        return _squeezed("\n".join(kept)).replace("\0", "\ufffd")


def _squeezed(words: str) -> str:
    while "\n\n\n" in words:
        words = words.replace("\n\n\n", "\n\n")
    return words.strip("\n").strip()
