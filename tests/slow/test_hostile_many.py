"""The same hostile input as in the suite, 10,000 of each kind."""

import pytest
from support.hostile import CHECKS, fuzz

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", CHECKS)
def test_ten_thousand_hostile_inputs_are_read_or_refused(name):
    fuzz(name, 10_000)
