"""Hostile input: no crash, nothing outside the raw folder, and each refusal names its place."""

import os
import threading

import pytest
from support.hostile import CHECKS, fuzz

from threadmill.read import sidecars
from threadmill.read.discover import discover, find_corrections, find_sidecars


@pytest.mark.parametrize("name", CHECKS)
def test_hostile_input_is_read_or_refused(name):
    fuzz(name, 100)


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
    assert find_sidecars(raw.parent, document) == []
    assert find_corrections(raw.parent, document) == []


def test_a_huge_sidecar_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_bytes(b"#" * (sidecars.MAX_BYTES + 1))
    with pytest.raises(ValueError, match=r"a\.toml: \d+ bytes; a sidecar has at most"):
        sidecars.read_sidecars([path])


@pytest.mark.parametrize(
    ("words", "finding"),
    [
        ("host = " + "[" * 100_000, "nested too deep"),
        ("host = " + "{a=" * 100_000, "nested too deep"),
        ("host = " + "9" * 5_000, "Exceeds the limit"),
    ],
)
def test_a_sidecar_that_python_cannot_take_is_refused_by_its_name(tmp_path, words, finding):
    path = tmp_path / "a.toml"
    path.write_text(words, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"^a\.toml: not valid TOML: {finding}"):
        sidecars.read_sidecars([path])


def rejects(raw):
    return [(one.source_path, one.reason_code) for one in discover(raw, {}).rejects]


def nest(raw, name, depth):
    """Make a file below so many folders, of whatever length their path is."""
    here = os.open(raw, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=here)
        below = os.open(name, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(os.open("a.txt", os.O_CREAT, dir_fd=here))
    os.close(here)


def unnest(raw, name, depth):
    """Remove what `nest` made, which is too deep for others to remove."""
    for length in range(depth, -1, -1):
        here = os.open(raw, os.O_RDONLY)
        for _ in range(length):
            below = os.open(name, os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
        if length == depth:
            os.unlink("a.txt", dir_fd=here)
        else:
            os.rmdir(name, dir_fd=here)
        os.close(here)


def test_folders_may_be_nested_deeper_than_python_calls(tmp_path):
    nest(tmp_path, "d", 1_200)
    (document,) = discover(tmp_path, {}).documents
    assert document.path == "d/" * 1_200 + "a.txt"
    unnest(tmp_path, "d", 1_200)


def test_a_folder_that_cannot_be_searched_is_told_and_the_rest_goes_on(tmp_path):
    nest(tmp_path, "d" * 200, 30)
    (tmp_path / "reddit").mkdir()
    (tmp_path / "reddit" / "a.json").touch()
    found = discover(tmp_path, {})
    assert [document.path for document in found.documents] == ["reddit/a.json"]
    (reject,) = found.rejects
    assert reject.reason == "a folder that can't be searched: File name too long"
    unnest(tmp_path, "d" * 200, 30)


def test_what_is_no_plain_file_is_told_also_beside_documents(tmp_path):
    folder = tmp_path / "reddit"
    folder.mkdir()
    (folder / "good.json").touch()
    (folder / "itself.json").symlink_to("itself.json")
    (folder / "one.json").symlink_to("two.json")
    (folder / "two.json").symlink_to("one.json")
    (folder / "up").symlink_to("..")
    (folder / "good.toml").symlink_to("good.toml")
    (folder / "columns.toml").symlink_to("/etc/hostname")
    os.mkfifo(folder / "good.replies.csv")
    os.mkfifo(folder / "pipe.zst")
    assert rejects(tmp_path) == [
        ("reddit/columns.toml", "outside_raw"),
        ("reddit/good.replies.csv", "not_a_file"),
        ("reddit/good.toml", "unreadable"),
        ("reddit/itself.json", "unreadable"),
        ("reddit/one.json", "unreadable"),
        ("reddit/pipe.zst", "not_a_file"),
        ("reddit/two.json", "unreadable"),
        ("reddit/up", "not_a_file"),
    ]


def test_a_raw_folder_whose_name_is_no_text_is_refused(tmp_path):
    raw = tmp_path / "raw\udcff"
    raw.mkdir()
    with pytest.raises(ValueError, match=r"raw\\udcff: its name isn't UTF-8; rename it"):
        discover(raw, {})


def test_a_raw_folder_may_change_while_it_is_searched(tmp_path):
    folder = tmp_path / "reddit"
    folder.mkdir()
    (folder / "good.json").touch()
    until = threading.Event()

    def change():
        while not until.is_set():
            (folder / "other.json").write_bytes(b"x" * 1000)
            (folder / "other.json").unlink()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(300):
            paths = [document.path for document in discover(tmp_path, {}).documents]
            assert "reddit/good.json" in paths
    finally:
        until.set()
        changing.join()
