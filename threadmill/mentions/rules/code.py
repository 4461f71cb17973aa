"""Code, and addresses that aren't of the web: later rules must not read them."""

import polars as pl

from threadmill.mentions.text.spans import find_spans, keep_having, keep_likely, keep_marked

CODE = (
    r"(?s)```.*?(?:```|\z)|~~~.*?(?:~~~|\z)|`[^`\n]+`"
    r"|(?i:<pre\b.*?</pre>|<code\b.*?</code>|\[code\b.*?\[/code\])"
)
_UNFENCED = (
    r"(?m)^(?:(?:@\w[\w.]*(?:\([^\n]*\))?[ \t]*\n)*(?:(?:async )?def \w+\([^\n]*|class \w+(?:\([^\n]*\))?:[ \t]*"
    r"|(?:async )?(?:for|while|if|with|try)\b[^\n]*:[ \t]*|(?:pub |async |export |static |public "
    r"|private )*(?:fn|func|function|class|void|struct"
    r"|interface|impl)\b[^\n]*\{[ \t]*)\n(?:[ \t]*\n)*[ \t]+[^\n]+(?:\n(?:[ \t]*\n)*[ \t]+[^\n]+)*"
    r"(?:\n[ \t]*[)}\]]+;?[ \t]*(?:$|\n))*"
    r"|(?:[^\n]*[(){}=<>\[\]][^\n]*[;{}][ \t]*(?:\n|\z)){2,})"
)
"""Code that nobody fenced: a definition with an indented body, or lines that end as statements do."""
INDENTED = r"(?m)(?:\A|\n\n)(?:(?: {4}|\t)[^\n]*(?:\n|\z))+"
"""Indented code in Markdown, after a blank line."""
_OTHER_ADDRESS = (
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"”»`\x02]+"
    r"|[A-Za-z0-9_.-]+@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z~/][^\s<>\"”»`\x02]*)"
)
"""An address with another scheme than the web's, or as SSH writes it (`git@host:path`)."""


def find_code(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the places (row, start, end) of code: fenced, in backticks or tags, or indented."""
    rows = keep_marked(texts, ["`", "~~~", "<", "[c", "[C"])
    fenced = find_spans(keep_having(rows, ["`", "~~~", "<pre", "<code", "[code"]), CODE)
    indented = find_spans(keep_marked(texts, ["\n    ", "\n\t"]), INDENTED)
    unfenced = find_spans(
        keep_likely(keep_marked(texts, ["\n ", "\n\t", ";\n", "{\n"]), _UNFENCED, "masked"),
        _UNFENCED,
    )
    return (
        pl.concat([fenced, indented, unfenced])
        .select("row", "start", "end")
        .sort("row", "start", "end")
    )


def find_other_addresses(texts: pl.DataFrame) -> pl.DataFrame:
    """Return the places (row, start, end) of addresses of databases, repositories and the like: no mentions."""
    text = pl.col("plain")
    web = text.str.count_matches("http://|https://|ftp://")
    is_other = (text.str.count_matches("://") > web) | text.str.contains(
        r"@[A-Za-z0-9.-]+:[A-Za-z~/]"
    )
    return find_spans(
        keep_marked(texts, ["://", "@"]).filter(is_other),
        _OTHER_ADDRESS,
        ~pl.col("found").str.contains(r"(?i)^(?:https?|ftp)://"),
    ).select("row", "start", "end")
