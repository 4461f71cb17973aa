"""What is read is what lies in the raw folder, and what is hashed is what was read, whatever is swapped meanwhile."""

import gzip
import hashlib
import json
import os
import shutil

import pytest
import zstandard
from support import page

import threadmill
from threadmill import pipeline
from threadmill.read import documents, opening
from threadmill.read.discover import discover

SECRET = "root:x:0:0"
LINES = b"".join(b'{"id": "%d", "body": "words"}\n' % number for number in range(9))
FILES = {
    "post.txt": page().encode(),
    "dump.ndjson": LINES,
    "dump.ndjson.gz": gzip.compress(LINES, mtime=0),
    "RC_2026.zst": zstandard.compress(LINES),
}


@pytest.fixture(params=FILES)
def found(request, tmp_path):
    """A raw folder with one document that was found, and its path."""
    path = tmp_path / "raw" / "reddit" / "inner" / request.param
    path.parent.mkdir(parents=True)
    path.write_bytes(FILES[request.param])
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / request.param).write_text(SECRET, encoding="utf-8")
    (document,) = discover(tmp_path / "raw", {}).documents
    return tmp_path, document, path


def read(raw, document):
    """Return the texts and the reasons and excerpts of the rejects of `document`, and the hashes noted."""
    noted = []
    frames = list(
        documents.read_frames(raw, [document], None, lambda _, sha256: noted.append(sha256))
    )
    texts = "".join(text for one, _ in frames for text in one["text"])
    rows = [row for _, one in frames for row in one.select("reason", "excerpt").rows()]
    return texts, rows, noted


def test_what_is_hashed_is_what_was_read(found):
    folder, document, path = found
    path.write_bytes(path.read_bytes() + (b"" if path.suffix in (".gz", ".zst") else b"more\n"))
    texts, rows, noted = read(folder / "raw", document)
    assert (bool(texts), rows) == (True, [])
    assert noted == [hashlib.sha256(path.read_bytes()).hexdigest()]


def test_a_file_swapped_for_a_link_is_not_followed(found):
    folder, document, path = found
    path.unlink()
    path.symlink_to(folder / "secret" / path.name)
    texts, rows, _ = read(folder / "raw", document)
    assert (texts, rows) == ("", [("can't be read: Too many levels of symbolic links", None)])


def test_a_folder_swapped_for_a_link_is_not_followed(found):
    folder, document, path = found
    shutil.rmtree(path.parent)
    path.parent.symlink_to(folder / "secret")
    texts, rows, _ = read(folder / "raw", document)
    assert (texts, rows) == ("", [("can't be read: Not a directory", None)])


def test_a_file_swapped_for_a_pipe_is_not_waited_for(found):
    folder, document, path = found
    path.unlink()
    os.mkfifo(path)
    texts, rows, _ = read(folder / "raw", document)
    assert (texts, rows) == ("", [("can't be read: not a regular file", None)])


def test_a_link_to_a_file_in_the_raw_folder_is_read(found):
    folder, document, path = found
    path.rename(folder / "raw" / "reddit" / f"other-{path.name}")
    path.symlink_to(folder / "raw" / "reddit" / f"other-{path.name}")
    texts, rows, noted = read(folder / "raw", document)
    assert (bool(texts), rows, noted) == (True, [], [document.sha256])


def test_windows_has_no_such_flags(monkeypatch, tmp_path):
    monkeypatch.setattr(opening, "_OPENS_BELOW", False)
    (tmp_path / "a").write_text("words", encoding="utf-8")
    with opening.open_document(tmp_path, "a") as file:
        assert file.read() == b"words"


def test_a_document_that_changes_and_changes_back_is_read_again(project):
    path = project / "data" / "raw" / "substack" / "talk.txt"
    path.write_text(page("What is here."), encoding="utf-8")
    kept = path.stat()

    def meddle(name, work):
        if name.startswith("read"):
            path.write_text(page("What is gone."), encoding="utf-8")
        done = work()
        path.write_text(page("What is here."), encoding="utf-8")
        os.utime(path, ns=(kept.st_atime_ns, kept.st_mtime_ns))
        return done

    asked = (
        "select source_sha256, text from comments join threads using (thread_id) "
        "where text like 'What is %.'"
    )
    processed = pipeline.run(jobs=1, stage=meddle).processed
    read = hashlib.sha256(page("What is gone.").encode()).hexdigest()
    with threadmill.connect() as con:
        assert con.execute(asked).fetchall() == [(read, "What is gone.")]
    manifest = json.loads((processed / "manifest.json").read_bytes())
    assert manifest["documents"]["substack/talk.txt"][0][3] == read
    assert threadmill.run().is_new
    with threadmill.connect() as con:
        ((sha256, text),) = con.execute(asked).fetchall()
    assert (sha256, text) == (hashlib.sha256(path.read_bytes()).hexdigest(), "What is here.")
    assert not threadmill.run().is_new
