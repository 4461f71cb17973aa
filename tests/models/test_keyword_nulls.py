"""Threads of one distribution of words have no keywords, also where people repeat a word within a comment."""

import numpy as np
import pytest
from support import model_cases

THREADS, COMMENTS, WORDS, VOCABULARY = 40, 40, 12, 800


def count_keywords(seed, repeats):
    """Return how many keywords threads have whose words are all drawn alike; each is said up to `repeats` times."""
    random = np.random.default_rng(seed)
    weights = 1 / np.arange(2, VOCABULARY + 2)
    weights /= weights.sum()
    rows = []
    for thread in range(THREADS):
        for position in range(COMMENTS):
            words = random.choice(VOCABULARY, WORDS, p=weights)
            often = random.integers(1, repeats + 1, WORDS)
            text = " ".join(
                f"{spell(word)} " * times for word, times in zip(words, often, strict=True)
            )
            rows.append((f"{thread}:{position}", f"t{thread:02d}", position, text))
    with model_cases.warehouse() as con:
        con.executemany(
            "insert into comments (comment_id, thread_id, position, text) values (?, ?, ?, ?)", rows
        )
        model_cases.make(con, "thread_keywords")
        return con.execute("select count(*) from thread_keywords").fetchall()[0][0]


def spell(number):
    """Return a word of letters for `number` that is in no list of function words."""
    return "zq" + "".join("abcdefghij"[int(digit)] for digit in f"{number:03d}")


@pytest.mark.parametrize("repeats", [1, 4, 9])
def test_threads_of_one_distribution_have_no_keywords(repeats):
    # With q of 0.01, a find in a hundred trials is what is allowed where there is nothing to find.
    assert sum(count_keywords(seed, repeats) for seed in range(3)) <= 1
