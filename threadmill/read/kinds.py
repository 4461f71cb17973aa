"""Recognise files that can't hold a thread as they are, and say what to do with each kind."""

import re

_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF; open the page itself, copy all of it and paste it into a .txt"),
    (b"\xd0\xcf\x11\xe0", "an old Word or Excel file; save it as text or as CSV"),
    (b"\x1f\x8b", "packed with gzip; end its name in .gz and it is read as it is"),
    (b"\x28\xb5\x2f\xfd", "packed with Zstandard; end its name in .zst and it is read as it is"),
    (b"BZh", "packed with bzip2; unpack it and bring in what is in it"),
    (b"\xfd7zXZ\0", "packed with xz; unpack it and bring in what is in it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it and bring in what is in it"),
    (b"Rar!\x1a\x07", "a RAR archive; unpack it and bring in what is in it"),
    (b"SQLite format 3\0", "an SQLite database; export the table of comments as CSV"),
    (b"\x89PNG\r\n", "a picture; copy the page's text and paste it into a .txt"),
    (b"\xff\xd8\xff", "a picture; copy the page's text and paste it into a .txt"),
    (b"GIF8", "a picture; copy the page's text and paste it into a .txt"),
    (b"{\\rtf", "a rich text file (RTF); save it as plain text"),
    (b"bplist00", "a web archive of Safari; save the page as HTML, or copy its text into a .txt"),
    (
        b"From: <Saved by ",
        "a web archive (MHTML); save the page as HTML only, or copy its text into a .txt",
    ),
)
_ZIP = b"PK\x03\x04", b"PK\x05\x06"
_IN_ZIP = (
    (b"xl/", "an Excel workbook (XLSX); save the sheet as CSV"),
    (b"word/", "a Word document (DOCX); save it as plain text"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "a spreadsheet (ODS); save it as CSV",
    ),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "a document (ODT); save it as plain text"),
    (b"mimetypeapplication/epub", "an e-book (EPUB); bring in the page with its comments instead"),
)
HEAD_BYTES = 2**20
_TAR_AT = 257
_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:\?xml|rss|disqus|feed|comments|root)[\s>]")


def explain(content: bytes) -> str | None:
    """Return what a file is, and what to do, if it is of a kind that holds no text; None if it may be text."""
    if content.startswith(_ZIP):
        head = content[:HEAD_BYTES]
        # Names lie bare in an archive, its directory at the end.
        held = (what for mark, what in _IN_ZIP if mark in head or mark in content[-HEAD_BYTES:])
        return next(held, "a ZIP archive; unpack it and bring in what is in it")
    if content.startswith(b"ustar", _TAR_AT):
        return "a TAR archive; unpack it and bring in what is in it"
    return next((what for begin, what in _BEGINS if content.startswith(begin)), None)


def is_xml(content: bytes) -> bool:
    """Return whether a file says that it is XML, or begins as an export in it."""
    return _XML.match(content[:1024]) is not None


PAGE = "a web page (HTML)"
_TEXTS = (
    (
        re.compile(
            r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|div|script)\b", re.I | re.S
        ),
        PAGE,
    ),
    (re.compile(r"\s*<\?xml|\s*<(?:rss|feed|disqus)\b"), "XML"),
    (re.compile(r"\s*\{[^\n]*\}\s*\n\s*\{"), "objects on lines (JSON)"),
    (re.compile(r"\s*(?:\{\s*[\"}]|\[\s*(?:[{\[\"\]]|\d))"), "JSON"),
)


def name_text(text: str) -> str:
    """Return what a text is by its beginning: HTML, XML, JSON or plain text."""
    head = text[:4096]
    return next((name for begin, name in _TEXTS if begin.match(head)), "text")
