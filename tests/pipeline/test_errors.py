"""What Threadmill raises on purpose has one base, and can be caught where it always could."""

import pytest

import threadmill
from threadmill import errors, pipeline
from threadmill.publish import locking


def test_the_errors_of_a_run_can_be_caught_where_they_were() -> None:
    assert pipeline.RunFailed is errors.RunFailed
    assert locking.Locked is errors.Locked


def test_an_error_of_a_run_can_be_caught_by_the_base(tmp_path) -> None:
    processed = tmp_path / "processed"
    with locking.lock(processed), pytest.raises(errors.ThreadmillError, match="another run"):
        threadmill.run(tmp_path / "raw", processed)


def test_a_mistake_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="key"):
        raise errors.Mistake('my-post.toml: key "hots" is not known')
    assert issubclass(errors.Mistake, errors.ThreadmillError)
