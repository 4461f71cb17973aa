"""Single values of exports: text, names, ids, numbers, truth, instants and links; null where a value is none."""

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 # columns hold UTC without saying so
INT64_MAX = 2**63 - 1
LATEST_S = 253_370_764_800
"""The year 9999: what is later is no time of a comment."""
TRUTHS = dict.fromkeys(("true", "t", "yes", "y", "1"), True) | dict.fromkeys(
    ("false", "f", "no", "n", "0"), False
)
_UTC = re.compile(r"\s*(?:UTC|GMT)\Z")
_OFFSET = re.compile(r" ([+-]\d\d:?\d\d)\Z")
_RFC_2822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)? )(GMT|UTC?|[+-]\d{4})\Z"
)
_TWITTER = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) +(?P<date>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d)"
    r" (?P<zone>[+-]\d{4}) (?P<year>\d{4})\Z"
)


def clean_text(value: object) -> str:
    """Return `value` as clean text if it is text, else an empty one. Lines end in LF."""
    if not isinstance(value, str):
        return ""
    if value.isascii() and value.isprintable():
        return value
    if "\r" in value:
        value = value.replace("\r\n", "\n").replace("\r", "\n")
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode()
    return value.replace("\0", "\ufffd") if "\0" in value else value


def read_name(value: object) -> str | None:
    """Return `value` as text on one line; null if it is none or blank."""
    if value is None:
        return None
    return " ".join(clean_text(value).split()) or None


def read_id(value: object) -> str | None:
    """Return `value` as an id: text or a whole number; null if it is none."""
    if value is None or isinstance(value, str):
        return read_name(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, int):
        return str(value) if abs(value) <= INT64_MAX else None
    return read_name(value)


def read_integer(value: object) -> int | None:
    """Return `value` as a whole number of 64 bits, also as text and with `.0`; null if it is none."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, str):
        # Whole numbers become "3.0" where a table of numbers has gaps.
        stripped = value.strip().removesuffix(".0")
        digits = stripped.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
            return None
        value = int(stripped)
    if isinstance(value, float):
        if not math.isfinite(value) or not value.is_integer():
            return None
        value = int(value)
    return value if isinstance(value, int) and abs(value) <= INT64_MAX else None


def read_truth(value: object) -> bool | None:
    """Return whether `value` says true or false, as such, in a word or as 1 or 0; null if it says neither."""
    if value is None or isinstance(value, bool):
        return value
    number = read_integer(value)
    word = clean_text(value).strip().lower() if number is None else str(number)
    return TRUTHS.get(word)


def read_epoch(value: object) -> datetime | None:
    """Return the instant `value` seconds after 1970 began, a number or one in text; null if it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not 0 < value < LATEST_S:
        return None
    return EPOCH + timedelta(microseconds=round(value * 1_000_000))


def read_iso(value: object) -> datetime | None:
    """Return the instant that `value` writes with day, time and zone, in UTC; null if it doesn't.

    Besides ISO it may be as BigQuery (`2015-10-13 08:46:59 UTC`), Git (`2015-10-13 08:46:59 +0000`),
    RFC 2822 (`Tue, 13 Oct 2015 08:46:59 GMT`) or Twitter (`Tue Oct 13 08:46:59 +0000 2015`) writes it.
    """
    if not isinstance(value, str):
        return None
    try:
        text = value.strip()
        # Most are ISO: no other form has a hyphen after the year.
        if text[4:5] == "-":
            is_named = text.endswith(("UTC", "GMT"))
            text = _UTC.sub("+00:00", text) if is_named else text
            if text[-6:-5] == " " or text[-7:-6] == " ":
                # Git and Ruby write a blank before the offset.
                text = _OFFSET.sub(r"\1", text)
            written = datetime.fromisoformat(text)
        elif mail := _RFC_2822.match(text):
            written = parsedate_to_datetime(mail[1] + mail[2].replace("-0000", "+0000"))
        elif found := _TWITTER.match(text):
            written = parsedate_to_datetime(
                "{date} {month} {year} {clock} {zone}".format_map(found.groupdict())
            )
        else:
            written = datetime.fromisoformat(_UTC.sub("+00:00", text))
        if written.tzinfo is None:
            return None
        return written.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def read_utc(value: object) -> datetime | None:
    """Return the instant that `value` writes, which is in UTC where it names no zone."""
    text = clean_text(value).strip()
    return read_iso(text) or (read_iso(f"{text}+00:00") if ":" in text else None)


def read_link(value: object) -> str | None:
    """Return `value` if it is a web address, else null."""
    if value is None:
        return None
    text = clean_text(value).strip()
    if not text.startswith(("http://", "https://")) or " " in text:
        return None
    try:
        return text if urlsplit(text).hostname else None
    except ValueError:
        return None
