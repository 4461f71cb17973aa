"""Format the figures of a report: numbers, shares, times, and unknown values."""

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

MINUTE_S, HOUR_S, DAY_S = 60, 3_600, 86_400
UNKNOWN = Markup('<span class="unknown">not known</span>')
_CONTROLS = re.compile("[\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]")
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def replace_controls(value: Any) -> Any:
    """Return `value`; if it is text, with U+FFFD for control characters, which HTML forbids."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return _CONTROLS.sub("\ufffd", value)


def drop_direction_marks(text: str) -> str:
    """Return `text` without marks that change the direction of writing, for titles and labels."""
    return _TURNING.sub("", text)


def format_number(value: float | None, places: int = 0) -> str | Markup:
    """Return `value` with separators and `places` decimals."""
    return UNKNOWN if value is None else f"{value:,.{places}f}"


def format_expected(value: float | None) -> str | Markup:
    """Return an expected count: with one decimal below 100, none above."""
    return format_number(value, 0 if value is not None and value >= 100 else 1)


def format_share(value: float | None) -> str | Markup:
    """Return a share as a percentage that is never rounded to 0% or 100%."""
    if value is None:
        return UNKNOWN
    if 0 < value < 0.005:
        return "<1%"
    if 0.995 <= value < 1:
        return ">99%"
    return f"{value:.0%}"


def format_duration(seconds: float | None) -> str | Markup:
    """Return a duration in the largest unit that it reaches."""
    if seconds is None:
        return UNKNOWN
    for unit, name in ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min")):
        if abs(seconds) >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds:.0f} s"


def format_moment(value: datetime | date | None) -> str | Markup:
    """Return a time to the minute, or a day."""
    if value is None:
        return UNKNOWN
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M} UTC"
    return value.isoformat()


def format_cell(value: Any) -> str | Markup:
    """Return a value of a table as text; null is a dash."""
    if value is None:
        return Markup('<span class="unknown" aria-label="null">–</span>')
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1_000 else f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


_ADDRESSES = {
    "doi": "https://doi.org/",
    "citation:doi": "https://doi.org/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "citation:pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/",
    "arxiv": "https://arxiv.org/abs/",
}
_WEB = re.compile(r"https?://[^\s/?#@\\]+(?:[/?#][^\s]*)?", re.IGNORECASE)


def check_address(address: str | None) -> str | None:
    """Return `address` if it is a web address, None if it is anything else, such as `javascript:`."""
    if not address or not _WEB.fullmatch(address):
        return None
    return quote(address, safe="!#$%&'()*+,/:;=?@[]~-._")


def find_link(canonical_id: str) -> str | None:
    """Return the web address of a citation `<kind>:<id>`, None if unknown."""
    if canonical_id.startswith("url:"):
        return check_address(canonical_id.removeprefix("url:"))
    kind, _, id_ = canonical_id.rpartition(":")
    base = _ADDRESSES.get(kind)
    return base + quote(id_, safe="/()") if base else None
