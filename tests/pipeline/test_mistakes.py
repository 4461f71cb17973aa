"""A mistake in a file beside a document costs that document's news alone, and is told until it is mended."""

import pytest
from support import SAMPLE, page, renderers, run_threadmill
from support.replies_cases import parents

import threadmill
from threadmill.errors import RunFailed
from threadmill.pipeline import beside

TABLE = "who,words\nAda,one word\nBo,two words\n"
MAPPING = 'author_name = "who"\ntext = "words"\n'
HOLDS = "its last good version applies"


def put(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def beside_sample(project):
    """Return the place of the sample's sidecar."""
    return (project / "data" / "raw" / "substack" / SAMPLE.name).with_suffix(".toml")


def ask(question):
    with threadmill.connect() as con:
        return con.execute(question).fetchall()


def rejects():
    """Return document, code and reason of each reject."""
    return ask("select source_path, reason_code, reason from rejects order by all")


SIDECARS = [
    (b'hots = "A"', 'key "hots" is not known; did you mean "host"?'),
    (b"host = 3", 'host is 3; it must be text in "quotes"'),
    (b'host = ["Ada Quill"]', "host is a list; it must be text"),
    (b"host = A", "not valid TOML"),
    (b'host = "Zo\xeb"', "not UTF-8; save it as UTF-8"),
    (b'url = "example.com/p/x"', "an address starts with https:// and a host"),
    (b"captured_at = 2026-01-05", "captured_at is a day; it needs day and time"),
    (b"captured_at = 2026-01-05T10:00:00", "captured_at 2026-01-05T10:00:00 has no zone"),
    (b'timezone = "Mars/Olympus"', "timezone 'Mars/Olympus' is not known"),
    (b"host = " + b"9" * 2**20, "bytes; a sidecar has at most"),
]


def test_each_wrong_sidecar_rejects_its_own_document(project):
    raw = project / "data" / "raw" / "substack"
    for number, (said, _) in enumerate(SIDECARS):
        put(raw / f"t{number}.txt", page(first=f"Remark {number}."))
        put(raw / f"t{number}.toml", said)
    figures = threadmill.run().figures
    assert ask("select count(*) from comments") == [(42,)]
    found = rejects()
    assert [path for path, _, _ in found] == [
        f"substack/t{number}.txt" for number in range(len(SIDECARS))
    ]
    for (_, code, reason), (number, (_, sentence)) in zip(found, enumerate(SIDECARS), strict=True):
        assert code == "sidecar_mistake"
        assert f"t{number}.toml: " in reason
        assert sentence in reason
        assert reason.endswith("(the document isn't read until this is fixed)")
    assert [reason for reason, _ in figures["mistakes"]] == sorted(reason for *_, reason in found)


def test_a_document_keeps_what_was_said_before(project):
    raw = project / "data" / "raw" / "substack"
    put(raw / "a.txt", page())
    sidecar = put(raw / "a.toml", 'host = "Bo"\nurl = "https://quill.example/p/a"\ntitle = "One"\n')
    threadmill.run()
    question = "select thread_id, host_name, title from threads where title = 'One'"
    before = ask(question)
    assert len(before) == 1
    put(sidecar, b'host = "Zo\xeb"\ntitle = "Two"')
    put(raw / "a.txt", page(first="Written anew."))
    threadmill.run()
    assert ask(question) == before
    assert ask("select count(*) from comments where text = 'Written anew.'") == [(1,)]
    ((path, code, reason),) = rejects()
    assert (path, code) == ("substack/a.txt", "sidecar_mistake")
    assert HOLDS in reason
    # Another mistake, all read again, and a run with nothing to do: it still holds and is still told.
    put(sidecar, 'hots = "Bo"\n')
    threadmill.run(full=True)
    assert ask(question) == before
    assert len(rejects()) == 1
    assert len(threadmill.run().figures["mistakes"]) == 1
    put(sidecar, 'title = "Two"\n')
    threadmill.run()
    assert ask("select host_name from threads where title = 'Two'") == [(None,)]
    assert rejects() == []


def test_a_first_sidecar_with_a_mistake_changes_nothing(published_project):
    before = ask("from comments order by all")
    for mistake in ("host = A", "title = 3"):
        put(beside_sample(published_project), mistake)
        threadmill.run()
        assert ask("from comments order by all") == before
        assert [HOLDS in reason for *_, reason in rejects()] == [True]


def test_a_wrong_mapping_leaves_its_tables_as_they_were(project):
    forum = project / "data" / "raw" / "forum"
    put(forum / "a.csv", TABLE)
    mapping = put(forum / "columns.toml", MAPPING)
    threadmill.run()
    put(mapping, 'text = "wrods"')
    put(forum / "a.csv", TABLE + "Cy,three words here\n")
    put(forum / "new.csv", TABLE.replace("one", "five"))
    threadmill.run()
    texts = ask("select text from comments where platform = 'forum' order by position")
    assert texts == [("one word",), ("two words",), ("three words here",)]
    assert ask("select count(*) from comments where platform = 'substack'") == [(42,)]
    by_path = {path: (code, reason) for path, code, reason in rejects()}
    assert by_path.keys() == {"forum/a.csv", "forum/new.csv"}
    code, reason = by_path["forum/a.csv"]
    assert code == "mapping_mistake"
    assert 'forum/columns.toml: no column "wrods"; did you mean "words"?' in reason
    assert HOLDS in reason
    put(mapping, MAPPING)
    threadmill.run()
    assert ask("select count(*) from comments where platform = 'forum'") == [(5,)]
    assert rejects() == []


@pytest.mark.parametrize("name", ["columns.toml", "t.columns.toml"])
def test_a_misspelt_column_of_parents_loses_no_reply(project, name):
    forum = project / "data" / "raw" / "forum"
    put(forum / "t.ndjson", '{"id": 1, "w": "a"}\n{"id": 2, "w": "b", "parent_id": 1}\n')
    right = 'text = "w"\ncomment_id = "id"\nparent_id = "parent_id"\n'
    wrong = right.replace('"parent_id"', '"parnt_id"')
    mapping = put(forum / name, wrong)
    finding = f'forum/{name}: no column "parnt_id"; did you mean "parent_id"?'
    figures = threadmill.run().figures
    unread = f"{finding}{beside.UNREAD}"
    assert rejects() == [("forum/t.ndjson", "mapping_mistake", unread)]
    assert [reason for reason, _ in figures["mistakes"]] == [unread]
    put(mapping, right)
    threadmill.run()
    replies = ask("select * from replies where comment_id like 'forum%'")
    assert len(replies) == 1
    put(mapping, wrong)
    threadmill.run()
    assert ask("select * from replies where comment_id like 'forum%'") == replies
    assert rejects() == [("forum/t.ndjson", "mapping_mistake", f"{finding}{beside.STAYS}")]


def test_a_file_of_a_known_format_keeps_it_beside_a_mapping(project):
    """So does a folder's, whatever its tables are; alone with its name, a mapping is obeyed."""
    _, thread, *_ = renderers.FORMATS["reddit_thread_json"]
    said = [renderers.Said(0, None, "Ada", "one word", 1_700_000_000, 3)]
    reddit = project / "data" / "raw" / "reddit"
    put(reddit / "raw.csv", TABLE)
    put(reddit / "raw.columns.toml", MAPPING)
    threadmill.run()
    put(reddit / "raw.json", thread(said))
    question = (
        "select source_format, comment_count from threads where platform = 'reddit' order by 1"
    )
    threadmill.run()
    assert ask(question) == [("reddit_thread_json", 1), ("table", 2)]
    (reddit / "raw.columns.toml").rename(reddit / "columns.toml")
    threadmill.run()
    assert ask(question) == [("reddit_thread_json", 1), ("table", 2)]
    assert rejects() == []


MAPPINGS = [
    (b"text = ", "columns.toml: not valid TOML"),
    (b'txet = "words"', 'columns.toml: key "txet" is not known; did you mean "text"?'),
    (b'text = "w\xf6rds"', "columns.toml: not UTF-8"),
]


def test_each_wrong_mapping_rejects_its_own_tables(project):
    for number, (mistake, _) in enumerate(MAPPINGS):
        put(project / "data" / "raw" / f"forum{number}" / "a.csv", TABLE)
        put(project / "data" / "raw" / f"forum{number}" / "columns.toml", mistake)
    threadmill.run()
    assert ask("select count(*) from comments") == [(42,)]
    for (path, code, reason), (number, (_, sentence)) in zip(
        rejects(), enumerate(MAPPINGS), strict=True
    ):
        assert (path, code) == (f"forum{number}/a.csv", "mapping_mistake")
        assert sentence in reason


def test_wrong_corrections_leave_those_before(project):
    raw = project / "data" / "raw" / "substack"
    put(raw / "kettle.txt", page())
    file = put(raw / "kettle.replies.csv", "comment,parent\n1,0\n")
    threadmill.run()
    corrected = parents()
    assert corrected[1] == ("inferred", 0, 1.0, "a person's edit")
    mistakes = [
        (False, "comment,answers\n1,0\n", 'kettle.replies.csv: column "answers" is not known'),
        (True, "comment,parent\n1,\n9,0\n", "line 3: no comment 9 in substack/kettle.txt"),
    ]
    for is_full, mistake, sentence in mistakes:
        put(file, mistake)
        threadmill.run(full=is_full)
        assert parents() == corrected
        ((path, code, reason),) = rejects()
        assert (path, code) == ("substack/kettle.txt", "correction_mistake")
        assert sentence in reason
        assert reason.endswith("apply until this is fixed)")


def test_first_corrections_with_a_mistake_correct_nothing(project):
    raw = project / "data" / "raw" / "substack"
    put(raw / "kettle.txt", page())
    put(raw / "kettle.replies.csv", "comment,parent\n1,\n9,0\n")
    threadmill.run()
    assert "a person's edit" not in [evidence for *_, evidence in parents().values()]
    assert [code for _, code, _ in rejects()] == ["correction_mistake"]


def test_mistakes_are_told_and_strict_allows_none(published_project):
    put(beside_sample(published_project), 'hots = "Gavin"\n')
    with pytest.raises(RunFailed, match="1 sidecar_mistake"):
        threadmill.run(strict=True)
    ended = run_threadmill("run", cwd=published_project)
    assert ended.returncode == 0, ended.stderr
    told = (
        'Mistakes  substack/ms-lazarus-effect.toml: key "hots" is not known; did you mean "host"?'
    )
    assert told in ended.stdout
    status = run_threadmill("status", cwd=published_project).stdout
    assert told in status
    assert "fresh, with mistakes: " in status
