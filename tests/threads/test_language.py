"""The language of comments: 121 self-written ones in 28 languages, and what has none."""

from pathlib import Path

import polars as pl
import pytest

from threadmill.threads.language import CONFIDENCES, LEAST_CHARS, LONG_CONFIDENCE, detect_languages

WRITTEN = pl.read_csv(Path(__file__).parent / "languages.csv")


@pytest.mark.parametrize("language", WRITTEN["language"].unique().sort())
def test_every_answer_about_a_language_is_right(language):
    texts = WRITTEN.filter(pl.col("language") == language)["text"]
    told = detect_languages(texts)["language"]
    long = texts.str.len_chars() >= LEAST_CHARS
    assert set(told.drop_nulls()) == {language}
    assert told.filter(long).null_count() == 0


def test_beginnings_of_comments_are_told_as_surely_as_the_confidence_says():
    word_counts = (3, 4, 5, 6, 8)
    begun = [pl.col("text").str.extract(rf"^((?:\S+\s+){{{n - 1}}}\S+)\s", 1) for n in word_counts]
    cut = WRITTEN.select("language", text=pl.concat_list(begun)).explode("text").drop_nulls()
    told = detect_languages(cut["text"]).with_columns(truth=cut["language"]).drop_nulls()
    shares = told.group_by("language_confidence").agg(
        pl.len(), right=(pl.col("language") == pl.col("truth")).mean()
    )
    assert told.height > 250
    # The bands are narrow and the beginnings few: two points are four comments.
    assert shares.filter(pl.col("right") < pl.col("language_confidence") - 0.02).is_empty()


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "ok thanks",
        "👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍👍",
        "https://example.com/die-ganze-wahrheit-ueber-alles-und-jeden",
        "@anna_is_here @bob_was_there #whatever_works_for_me",
        "12345 67890 12345 67890 12345 67890",
        "asdf qwer zxcv hjkl uiop bnmv",
    ],
)
def test_what_is_short_or_has_no_words_has_no_language(text):
    assert detect_languages(pl.Series([text], dtype=pl.String)).rows() == [(None, None)]


def test_characters_that_the_library_refuses_cost_no_answer():
    text = "Das Ger\u00e4t\x00 ist \x0b schon wieder\ufdd0 kaputt\uffff gegangen"
    assert detect_languages(pl.Series([text]))["language"].to_list() == ["de"]


def test_an_address_before_the_words_hides_no_language():
    text = "https://example.com/the-whole-truth-about-everything Das Gerät ist schon wieder kaputt."
    assert detect_languages(pl.Series([text]))["language"].to_list() == ["de"]


def test_confidence_grows_with_the_length():
    text = "Das Gerät ist kaputt, und niemand weiß, warum es so schnell kaputt gegangen ist."
    texts = pl.Series([text[:20], text[:45], text])
    confidences = detect_languages(texts)["language_confidence"].to_list()
    assert confidences == [*CONFIDENCES.values(), LONG_CONFIDENCE]
