"""Counts are rounded by a key: unbiased, and always the same way."""

import polars as pl

from threadmill.figures.rounding import round_counts
from threadmill.privacy.keys import Key

KEY, OTHER = Key(b"1" * 32), Key(b"2" * 32)
CELLS = pl.Series([f"cell {number}" for number in range(4_000)])
VALUES = pl.Series([number % 97 for number in range(4_000)])


def rounded(key=KEY, cells=CELLS, values=VALUES, measure="comment_count"):
    return round_counts(key, "thread_figures", measure, cells, values)


def test_counts_are_multiples_of_five_and_off_by_four_at_most():
    found = rounded()
    assert (found % 5 == 0).all()
    assert (found - VALUES).abs().max() == 4
    assert rounded(values=VALUES * 5).equals(VALUES * 5)


def test_sums_are_right_on_average():
    assert abs(rounded().sum() - VALUES.sum()) < 4 * 2.5 * 4_000**0.5


def test_the_same_value_of_a_cell_is_rounded_the_same_way():
    assert rounded().equals(rounded())
    order = CELLS.to_frame("cell").with_columns(value=VALUES).reverse()
    assert (
        rounded(cells=order["cell"], values=order["value"]).reverse().to_list()
        == rounded().to_list()
    )


def test_another_key_cell_or_measure_is_rounded_by_chance():
    for other in (rounded(OTHER), rounded(cells="x" + CELLS), rounded(measure="author_count")):
        assert 0.3 < (other == rounded()).mean() < 0.8


def test_what_is_null_stays_null():
    found = rounded(cells=CELLS[:2], values=pl.Series([None, 7]))
    assert found[0] is None
