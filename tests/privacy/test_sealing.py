"""What is sealed opens with its key and under its name alone, whole and in order, and shows nothing."""

import pyarrow as pa
import pytest

from threadmill.storage import sealing
from threadmill.storage.sealing import Seal, Unreadable

ROWS = pa.table({"name": ["Ada Quill"] * 3 + [None], "count": [1, 2, 3, 4]})


def sealed(seal, rows=ROWS, name="comments-01"):
    return b"".join(seal.seal_rows(rows, name))


def test_sealed_rows_come_back_as_they_were(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH_ROWS", 2)
    seal = Seal(b"k" * 32)
    assert Seal(b"k" * 32).open_rows(sealed(seal), "comments-01").equals(ROWS)
    assert seal.open_rows(sealed(seal), "comments-01", ["count"]).equals(ROWS.select(["count"]))
    assert seal.open_rows(sealed(seal, ROWS.slice(0, 0)), "comments-01").equals(ROWS.slice(0, 0))


def test_nothing_shows_and_no_two_files_are_alike():
    seal = Seal(b"k" * 32)
    assert b"Quill" not in sealed(seal)
    assert b"count" not in sealed(seal)
    assert sealed(seal) != sealed(seal)


def harm(data, kind):
    if kind == "changed":
        return data[:-1] + bytes([data[-1] ^ 1])
    if kind == "cut":
        return data[: -(len(data) // 3)]
    return b"plain" + data


@pytest.mark.parametrize("kind", ["changed", "cut", "other"])
def test_what_was_harmed_does_not_open(kind):
    seal = Seal(b"k" * 32)
    with pytest.raises(Unreadable):
        seal.open_rows(harm(sealed(seal), kind), "comments-01")


def test_pieces_can_not_be_left_out(monkeypatch):
    monkeypatch.setattr(sealing, "BATCH_ROWS", 2)
    seal = Seal(b"k" * 32)
    parts = list(seal.seal_rows(ROWS, "comments-01"))
    assert len(parts) == 1 + 2 * 2
    with pytest.raises(Unreadable):
        seal.open_rows(b"".join(parts[:3]), "comments-01")
    with pytest.raises(Unreadable):
        seal.open_rows(b"".join(parts[:1] + parts[3:]), "comments-01")
    with pytest.raises(Unreadable):
        seal.open_rows(parts[0], "comments-01")


def test_another_key_or_name_opens_nothing():
    data = sealed(Seal(b"k" * 32))
    with pytest.raises(Unreadable):
        Seal(b"x" * 32).open_rows(data, "comments-01")
    with pytest.raises(Unreadable):
        Seal(b"k" * 32).open_rows(data, "comments-02")
    with pytest.raises(Unreadable):
        Seal().open_rows(data, "comments-01")
