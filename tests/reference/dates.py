"""Dates as a page writes them → days and instants."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from reference.patterns import compiled

_MONTHS = (
    *("jan ene gen jän", "feb fév fev", "mar mär", "apr abr avr", "may mai mag", "jun juin giu"),
    *("jul juil lug", "aug ago aoû", "sep set", "oct okt out ott", "nov", "dec dic dez déc"),
)
"""How the names of months begin in English, Spanish, French, German, Italian and Portuguese."""
_MONTH_NUMBERS = {
    begin: number for number, begins in enumerate(_MONTHS, 1) for begin in begins.split()
}
_DAY_S = 86_400
_UNITS_S = {
    "s 秒": 1,
    "m min mins 分钟": 60,
    "h hr hrs hora horas 小时": 3_600,
    "d día días 天": _DAY_S,
    "w sem 周": 7 * _DAY_S,
    "mo mes meses 个月": 30 * _DAY_S,
    "y año años 年": 365 * _DAY_S,
}
_UNIT_S = {name: seconds for names, seconds in _UNITS_S.items() for name in names.split()}
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?"
_AM_PM = r"\s?(?P<half>[AaPp])?(?:\.?\s?[Mm]\.?)?"
_NAME = r"(?P<month>[^\W\d_]{3,})\.?"
_FORMS = (
    # Nov 17 · Dec 15, 2021 · Oct 7, 2025, 12:43 AM
    rf"{_NAME} (?P<day>\d{{1,2}})(?:, (?P<year>\d{{4}}))?(?:,? (?:at )?{_CLOCK}{_AM_PM})?",
    # 18 mar · 7 oct 2025, 0:43 · 7 de octubre de 2025
    rf"(?P<day>\d{{1,2}})\.? (?:de )?{_NAME}(?:,? (?:de )?(?P<year>\d{{4}}))?(?:,? (?:a las )?{_CLOCK}{_AM_PM})?",
    # 2023年1月2日 · 1月2日 · 2025年10月7日 上午12:43
    r"(?:(?P<year>\d{4}) ?年 ?)?(?P<number>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日,? ?"
    rf"(?P<half>上午|下午|凌晨|早上|中午|晚上)? ?(?:{_CLOCK})?",
    # 2025-10-07 · 2025-10-07T00:43:00Z · 2025/10/7 00:43
    r"(?P<year>\d{4})[-/](?P<number>\d{1,2})[-/](?P<day>\d{1,2})"
    rf"(?:,?[T ]{_CLOCK}(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    # 20251007
    r"(?P<year>(?:19|20)\d\d)(?P<number>\d\d)(?P<day>\d\d)",
)
_AGO = r"(?:[Hh]ace )?(?P<amount>\d+) ?(?P<unit>[^\W\d_]+?)(?: ago|前)?"
_JUST_NOW = "just now"
_LATE, _EARLY = ("p", "下午", "晚上"), ("a", "上午", "凌晨")
_NOON_H = 12


def utc(value: datetime | None) -> datetime | None:
    """Return the instant that a sidecar gives, as UTC without saying so."""
    return value.astimezone(UTC).replace(tzinfo=None) if value else None


@cache
def dated(written: str | None, captured_at: datetime | None) -> dict[str, Any]:
    """Return `created_at`, `created_on`, `created_precision` and `is_created_resolved` of a date as `written`.

    A day without a year is the latest such day until the page was captured, if that is known.
    """
    said: dict[str, Any] = {
        "created_at": None,
        "created_on": None,
        "created_precision": "none",
        "is_created_resolved": False,
    }
    text = " ".join((written or "").split())
    text = "0 s" if text.lower() == _JUST_NOW else text
    matches = (compiled(form).fullmatch(text) for form in _FORMS)
    parts: dict[str, str | None] = next((one.groupdict() for one in matches if one), {})
    number = parts.get("number") or _month(parts.get("month") or "")
    written_day, year = parts.get("day"), parts.get("year")
    if number and written_day:
        month, day = int(number), int(written_day)
        if year is None:
            said["created_precision"] = "month_day"
            if captured_at:
                years = range(captured_at.year, captured_at.year - 9, -1)
                days = (_day(one, month, day) for one in years)
                said["created_on"] = next((d for d in days if d and d <= captured_at.date()), None)
        elif exact := _day(int(year), month, day):
            clock = "second" if parts.get("second") else "minute" if parts.get("hour") else "day"
            at = _instant(exact, parts)
            return said | {
                "created_at": at,
                "created_on": at.date() if at else exact,
                "created_precision": clock,
            }
    elif (ago := compiled(_AGO).fullmatch(text)) and (unit := _UNIT_S.get(ago["unit"])):
        said["created_precision"] = "relative"
        if captured_at:
            wait = timedelta(seconds=int(ago["amount"]) * unit)
            said["created_on"] = (captured_at - wait).date()
    said["is_created_resolved"] = said["created_on"] is not None
    return said


def _month(name: str) -> int | None:
    """Return the number of the month that begins like `name`."""
    begins = (name.lower()[:size] for size in (4, 3))
    return next((_MONTH_NUMBERS[begin] for begin in begins if begin in _MONTH_NUMBERS), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _instant(day: date, parts: dict[str, str | None]) -> datetime | None:
    """Return the instant of a time whose zone is written; of any other it isn't known."""
    hour, zone, half = parts.get("hour"), parts.get("zone"), (parts.get("half") or "").lower()
    if not hour or not zone:
        return None
    late = _NOON_H if half in _LATE and int(hour) < _NOON_H else 0
    early = _NOON_H if half in _EARLY and int(hour) == _NOON_H else 0
    local = datetime.combine(day, datetime.min.time()) + timedelta(
        hours=int(hour) + late - early,
        minutes=int(parts["minute"] or 0),
        seconds=int(parts.get("second") or 0),
    )
    offset = timedelta()
    if zone != "Z":
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        offset = -offset if zone[0] == "-" else offset
    return local - offset
