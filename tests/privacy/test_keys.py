"""Keys: made once, for their owner alone, outside of the data; sub-keys and hashes follow from them alone."""

import hmac
import stat

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from threadmill.privacy import keys
from threadmill.privacy.keys import PROFILE, TOMBSTONES, Key


@pytest.fixture
def raw(tmp_path, monkeypatch):
    monkeypatch.setenv("THREADMILL_KEYS", str(tmp_path / "safe"))
    monkeypatch.delenv(keys.COMMAND, raising=False)
    (tmp_path / "study" / "data" / "raw").mkdir(parents=True)
    return tmp_path / "study" / "data" / "raw"


def test_a_key_is_made_once_and_for_its_owner_alone(raw):
    key = keys.open_key(raw, PROFILE)
    path = keys.locate(raw, PROFILE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert keys.open_key(raw, PROFILE, key.fingerprint).secret == key.secret
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_the_key_of_tombstones_outlives_that_of_profiles(raw):
    before = keys.open_key(raw, PROFILE), keys.open_key(raw, TOMBSTONES)
    keys.locate(raw, PROFILE).unlink()
    after = keys.open_key(raw, PROFILE), keys.open_key(raw, TOMBSTONES)
    assert before[0].fingerprint != after[0].fingerprint
    assert before[1].fingerprint == after[1].fingerprint
    assert len({before[0].secret, before[1].secret, after[0].secret}) == 3


def test_no_key_is_made_in_place_of_a_lost_one(raw):
    key = keys.open_key(raw, TOMBSTONES)
    keys.locate(raw, TOMBSTONES).unlink()
    with pytest.raises(ValueError, match=f"the key {key.fingerprint} isn't there; put it back"):
        keys.open_key(raw, TOMBSTONES, key.fingerprint)
    assert keys.find_key(raw, TOMBSTONES) is None


def test_another_key_than_the_one_in_use_is_refused(raw):
    keys.open_key(raw, PROFILE)
    with pytest.raises(ValueError, match="and not 0123456789abcdef; put that one back"):
        keys.open_key(raw, PROFILE, "0123456789abcdef")


def test_a_key_that_others_may_read_is_refused(raw):
    keys.open_key(raw, PROFILE)
    keys.locate(raw, PROFILE).chmod(0o640)
    with pytest.raises(ValueError, match="others may read this key; `chmod 600` it"):
        keys.open_key(raw, PROFILE)


def test_what_is_no_key_is_refused_and_not_shown(raw):
    keys.open_key(raw, PROFILE)
    keys.locate(raw, PROFILE).write_text("0123456789\n", encoding="ascii")
    with pytest.raises(ValueError, match="is no key; a key is 64 hexadecimal digits") as raised:
        keys.open_key(raw, PROFILE)
    assert "0123456789" not in str(raised.value)


def test_keys_can_not_lie_among_the_data(raw, monkeypatch):
    monkeypatch.setenv("THREADMILL_KEYS", str(raw.parent / "keys"))
    with pytest.raises(ValueError, match="can't lie among the data that they protect"):
        keys.open_key(raw, PROFILE)


def test_projects_of_one_name_have_keys_of_their_own(raw, tmp_path):
    other = tmp_path / "other" / "study" / "data" / "raw"
    assert keys.locate(raw, PROFILE) != keys.locate(other, PROFILE)
    assert keys.locate(raw, PROFILE).name.startswith("study-")


def test_a_command_gives_the_key_that_it_is_asked_for(raw, monkeypatch):
    script = raw / "vault"
    script.write_text(f"#!/bin/sh\n[ $1 = profile ] && echo {'ab' * 32} || echo {'cd' * 32}\n")
    script.chmod(0o700)
    monkeypatch.setenv(keys.COMMAND, f"'{script}' {{key}}")
    assert keys.open_key(raw, PROFILE).secret == b"\xab" * 32
    assert keys.open_key(raw, TOMBSTONES).secret == b"\xcd" * 32
    assert not (raw.parents[2] / "safe").exists()


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        ("vault", "has no {key}, which becomes profile or tombstones"),
        ("/nowhere/vault {key}", "No such file or directory; it must print the key profile"),
        ("sh -c 'exit 3' {key}", "ended with 3; it must print the key profile"),
        ("echo {key}", "is no key; a key is 64 hexadecimal digits"),
    ],
)
def test_a_command_that_gives_no_key_is_named(command, sentence, raw, monkeypatch):
    monkeypatch.setenv(keys.COMMAND, command)
    with pytest.raises(ValueError, match=r"^THREADMILL_KEY_COMMAND: ") as raised:
        keys.open_key(raw, PROFILE)
    assert sentence in str(raised.value)


def test_sub_keys_and_hashes_are_those_of_the_standards():
    key = Key(bytes(range(32)))
    expanded = HKDFExpand(SHA256(), 32, b"threadmill\x1fids\x1fspring").derive(key.secret)
    assert key.derive("ids", "spring").secret == expanded
    values = ["substack:ada", "", "Zoë Ångström", "x" * 500]
    expected = [hmac.digest(key.secret, one.encode(), "sha256").hex()[:24] for one in values]
    assert key.hash_all(values) == expected == [key.hash(one) for one in values]


def test_a_key_does_not_show_itself():
    key = Key(b"s" * 32)
    assert repr(key) == f"Key({key.fingerprint})"
    assert key.secret.hex()[:16] not in repr(key)
