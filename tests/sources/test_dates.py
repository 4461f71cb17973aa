"""Dates as pages show them, in the languages that people read in; nothing is guessed."""

from datetime import date, datetime

import polars as pl
import pytest

from threadmill.sources import date_words, dates

CAPTURED = datetime(2026, 1, 10, 12)  # noqa: DTZ001 # frames have UTC without a zone


def read(*texts):
    """Return day and precision of each text, of a page captured at noon of 10 January 2026."""
    shown = pl.DataFrame({"created_text": texts}).with_columns(
        captured_at=pl.lit(CAPTURED),
        timezone=pl.lit(None, pl.String),
        created_at=pl.lit(None, pl.Datetime("us")),
    )
    return dates.date_comments(shown).select("created_on", "created_precision").rows()


_THREE_DAYS = (
    "3d|3 days ago|vor 3 Tagen|il y a 3 jours|hace 3 días|há 3 dias|3 giorni fa|3 dagen geleden|för 3 dagar sedan|"
    "for 3 d siden|3 d siden|3 дня назад|3 дні тому|3 dni temu|před 3 dny|3 päivää sitten|3 gün önce|3日前|3天前|"
    "3일 전|3 ngày trước|3 วันที่แล้ว|منذ ٣ أيام|לפני 3 ימים|πριν από 3 ημέρες|3 hari yang lalu|acum 3 zile|преди 3 дни"
)


@pytest.mark.parametrize("text", _THREE_DAYS.split("|"))
def test_three_days_ago_are_three_in_any_language(text):
    assert read(text) == [(date(2026, 1, 7), "relative")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("yesterday", 9), ("gestern", 9), ("вчера", 9), ("i går", 9), ("a day ago", 9), ("vor einer Stunde", 10),
        ("il y a une heure", 10), ("just now", 10), ("2時間前", 10), ("5 ч", 10), ("2 weeks ago", -4),
    ],
)  # fmt: skip
def test_ages_may_be_words(text, day):
    assert read(text) == [(date.fromordinal(date(2026, 1, 1).toordinal() + day - 1), "relative")]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("6 марта 2023 г.", (2023, 3, 6)), ("8 wrz 2024", (2024, 9, 8)), ("5 lis 2024", (2024, 11, 5)),
        ("5 Αυγούστου 2023", (2023, 8, 5)), ("14 Ağu 2024", (2024, 8, 14)), ("2023년 1월 2일", (2023, 1, 2)),
        ("9 มี.ค. 2567", (2024, 3, 9)), ("9 бер. 2024 р.", (2024, 3, 9)), ("5. marraskuuta 2024", (2024, 11, 5)),
        ("2023. jan. 2.", (2023, 1, 2)), ("12 thg 3, 2025", (2025, 3, 12)), ("Jan 5th, 2024", (2024, 1, 5)),
        ("5 बजनवरी 2024", None), ("٥ يناير ٢٠٢٤", (2024, 1, 5)), ("5 בינו׳ 2024", (2024, 1, 5)),
    ],
)  # fmt: skip
def test_months_are_known_in_any_script(text, day):
    assert read(text) == [(date(*day), "day") if day else (None, "none")]


def test_a_time_behind_a_foreign_day_counts():
    assert read("6 марта 2023 г., 14:05") == [(date(2023, 3, 6), "minute")]


@pytest.mark.parametrize(
    "text",
    [
        "5. lis", "9/3/2025", "5. 3. 2025", "۱۸ اسفند", "May", "5 of them came in May and 3 in June", "3 g",
        "1 March 2 April", "in 3 days", "31 foo 2024", "99 wrz 2024", "", "no", "ma",
    ],
)  # fmt: skip
def test_what_may_mean_several_days_means_none(text):
    assert read(text) == [(None, "none")]


def test_words_of_all_languages_are_found():
    words = date_words.read_words()
    assert set(words.months.values()) == set(range(1, 13))
    assert {unit for phrase, unit in words.ago.items() if "назад" in phrase} == set(
        date_words.UNITS.values()
    )
