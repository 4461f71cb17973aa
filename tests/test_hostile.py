"""Hostile input: no crash, nothing outside the raw folder, and each refusal names its place."""

import pytest
from hostile import CHECKS
from hypothesis import HealthCheck, given, settings

from flows import sidecars
from flows.discover import discover, edge_sidecars
from flows.discover import sidecars as sidecars_of


@pytest.mark.parametrize("name", CHECKS)
def test_hostile_input_is_read_or_refused(name):
    fuzz(name, 100)


def fuzz(name, examples):
    check, inputs = CHECKS[name]
    run = given(inputs)(lambda given_input: check(given_input))
    settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))(run)()


def test_a_sidecar_that_leads_out_of_the_raw_folder_is_not_read(tmp_path):
    raw = tmp_path / "raw" / "substack"
    raw.mkdir(parents=True)
    (tmp_path / "secret").write_text('host = "Secret"\n', encoding="utf-8")
    (raw / "a.txt").write_text("text\n", encoding="utf-8")
    (raw / "a.toml").symlink_to(tmp_path / "secret")
    (raw / "a.replies.csv").symlink_to(tmp_path / "secret")
    found = discover(raw.parent, {})
    assert sorted((reject.source_path, reject.reason_code) for reject in found.rejects) == [
        ("substack/a.replies.csv", "outside_raw"),
        ("substack/a.toml", "outside_raw"),
    ]
    (document,) = found.documents
    assert sidecars_of(raw.parent, document) == []
    assert edge_sidecars(raw.parent, document) == []


def test_a_huge_sidecar_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"#" * (sidecars.MAX_BYTES + 1))
    with pytest.raises(ValueError, match=r"a\.toml: \d+ bytes; a sidecar has at most"):
        sidecars.read([path])
