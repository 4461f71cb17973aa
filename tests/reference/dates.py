"""Dates as a page writes them → days and instants."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from reference.patterns import compiled
from threadmill.sources.dates import FORMS, MONTHS, NOON_H, RELATIVE, UNIT_S

_LATE, _EARLY = ("p", "下午", "晚上"), ("a", "上午", "凌晨")


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
    matches = (compiled(form).search(text) for form in FORMS)
    parts: dict[str, str | None] = next((one.groupdict() for one in matches if one), {})
    number = parts.get("number") or MONTHS.get((parts.get("month") or "").lower()[:3])
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
    elif (ago := compiled(RELATIVE).search(text)) and (unit := UNIT_S.get(ago["unit"])):
        said["created_precision"] = "relative"
        if captured_at:
            wait = timedelta(seconds=int(ago["amount"]) * unit)
            said["created_on"] = (captured_at - wait).date()
    said["is_created_resolved"] = said["created_on"] is not None
    return said


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
    late = NOON_H if half in _LATE and int(hour) < NOON_H else 0
    early = NOON_H if half in _EARLY and int(hour) == NOON_H else 0
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
