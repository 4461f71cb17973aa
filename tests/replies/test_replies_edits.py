"""What people correct reaches the tables, and what they can't mean is said."""

import pytest
from support.replies_cases import parents

import threadmill
from threadmill.read import sidecars

PAGE = """4 Comments
User's avatar
Ada Quill's avatar

The kettle is older than the house.

Expand full comment
Bo's avatar

Which house?

Expand full comment
Ada Quill's avatar

The one by the mill.

Expand full comment
Cy's avatar

I like mills.

Expand full comment
"""


@pytest.fixture
def thread(project):
    """The folder of a thread of four comments, called `kettle`."""
    folder = project / "data" / "raw" / "substack"
    (folder / "kettle.txt").write_text(PAGE, encoding="utf-8")
    return folder


def told_mistake():
    """Return the one mistake that a run tells."""
    ((reason, _),) = threadmill.run().figures["mistakes"]
    return reason


def test_an_empty_parent_means_top_level(thread):
    (thread / "kettle.replies.csv").write_text("comment,parent\n2,\n", encoding="utf-8")
    threadmill.run()
    assert parents()[2] == ("top_level", None, None, None)


def test_corrections_by_id_and_by_position_mean_the_same(thread):
    threadmill.run()
    with threadmill.connect() as con:
        ids = con.execute(
            "select comment_id from comments where thread_id = 'substack:kettle' order by position"
        ).fetchall()
    file = thread / "kettle.replies.csv"
    file.write_text(f"comment,parent\n{ids[3][0]},{ids[0][0]}\n", encoding="utf-8")
    threadmill.run()
    by_id = parents()
    assert by_id[3] == ("inferred", 0, 1.0, "a person's edit")
    file.write_text("parent,comment\n0,3\n", encoding="utf-8")
    threadmill.run()
    assert parents() == by_id


def test_a_correction_is_seen_when_it_comes_changes_and_goes(thread):
    threadmill.run()
    before = parents()
    file = thread / "kettle.replies.csv"
    file.write_text("comment,parent\n3,0\n", encoding="utf-8")
    assert threadmill.run().is_new
    assert parents()[3][1:3] == (0, 1.0)
    file.write_text("comment,parent\n3,1\n", encoding="utf-8")
    assert threadmill.run().is_new
    assert parents()[3][1:3] == (1, 1.0)
    assert not threadmill.run().is_new
    file.unlink()
    assert threadmill.run().is_new
    assert parents() == before


def test_step_by_step_gives_what_all_at_once_does_with_corrections(thread):
    threadmill.run()
    (thread / "kettle.replies.csv").write_text("comment,parent\n3,0\n", encoding="utf-8")
    threadmill.run()
    stepwise = parents()
    threadmill.run(full=True)
    assert parents() == stepwise


def test_a_correction_speaks_of_every_capture_of_the_thread(thread):
    (thread / "kettle@2026-01-05.txt").write_text(PAGE, encoding="utf-8")
    (thread / "kettle.replies.csv").write_text("comment,parent\n3,0\n", encoding="utf-8")
    threadmill.run()
    assert parents()[3][1:] == (0, 1.0, "a person's edit")


def test_positions_mean_the_document_of_the_files_own_name(thread):
    first, _, rest = PAGE.partition("Expand full comment\n")
    later = (
        f"{first}Expand full comment\nDora's avatar\n\nA new one.\n\nExpand full comment\n{rest}"
    )
    (thread / "kettle@2026-01-05.txt").write_text(later, encoding="utf-8")
    (thread / "kettle.replies.csv").write_text("comment,parent\n3,1\n", encoding="utf-8")
    threadmill.run()
    # The later capture has one comment more, and is the one published.
    assert parents()[4][1:] == (2, 1.0, "a person's edit")


def test_semicolons_do_as_well_as_commas():
    edits = [
        sidecars.parse_edits("a.csv", f"comment{mark}parent\n3{mark}\n4{mark}3\n") for mark in ",;"
    ]
    assert edits[0] == edits[1]


def test_a_position_that_means_several_comments_is_refused(thread):
    (thread / "kettle.txt").rename(thread / "kettle@2026-01-04.txt")
    other = PAGE.replace("Cy's avatar", "Dora's avatar")
    (thread / "kettle@2026-01-05.txt").write_text(other, encoding="utf-8")
    (thread / "kettle.replies.csv").write_text("comment,parent\n3,0\n", encoding="utf-8")
    assert "line 2: position 3 is several comments" in told_mistake()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "comment,answers\n1,0\n",
            'kettle.replies.csv: column "answers" is not known; its columns',
        ),
        ("comment\n1\n", 'kettle.replies.csv: column "parent" is there 0 times; its columns'),
        ("", 'kettle.replies.csv: column "comment" is there 0 times'),
        (
            "comment,parent\n9,0\n",
            "line 2: no comment 9 in substack/kettle.txt; write its comment_id",
        ),
        ("comment,parent\n1,x\n", "line 2: no comment x in substack/kettle.txt"),
        ("comment,parent\n1,3\n", "line 2: parent 3 doesn't stand above 1; a comment answers one"),
        ("comment,parent\n1,1\n", "line 2: parent 1 doesn't stand above 1"),
        (
            "comment,parent\n1,0\n\n1,\n",
            "kettle.replies.csv, line 4: comment 1 is given another parent than on line 2; a comment has",
        ),
        ("comment,parent\n,0\n", "line 2: no comment; only parent may be empty"),
        ("comment,parent\n1,0,2\n", "line 2: 3 cells; its columns are comment and parent"),
    ],
)
def test_a_correction_that_cannot_be_meant_is_said(thread, text, sentence):
    (thread / "kettle.replies.csv").write_text(text, encoding="utf-8")
    assert sentence in told_mistake()


def test_a_correction_of_what_the_source_says_is_told(thread):
    folder = thread.parent / "forum"
    folder.mkdir()
    (folder / "columns.toml").write_text(
        'text = "words"\ncomment_id = "id"\nparent_id = "under"\n', encoding="utf-8"
    )
    (folder / "t.csv").write_text("id,under,words\na,,one\nb,a,two\nc,b,three\n", encoding="utf-8")
    (folder / "t.replies.csv").write_text("comment,parent\n2,0\n1,\n", encoding="utf-8")
    (thread / "kettle.replies.csv").write_text("comment,parent\n2,\n", encoding="utf-8")
    for _ in range(2):
        threadmill.run()
        with threadmill.connect() as con:
            rejects = con.execute("select source_path, reason_code, reason from rejects").fetchall()
            told = con.execute(
                "select parent_status, parent_comment_id from comments where platform = 'forum' order by position"
            ).fetchall()
        assert told == [("top_level", None), ("explicit", "forum:t/a"), ("explicit", "forum:t/b")]
        assert rejects == [
            (
                "forum/t.csv",
                "correction_unused",
                "2 ×, first: forum/t.replies.csv, line 2: the source says what 2 answers; "
                "only replies that were inferred are corrected",
            )
        ]
        # What isn't read again stays told.
        (thread / "kettle.replies.csv").write_text("comment,parent\n3,\n", encoding="utf-8")
    (folder / "t.replies.csv").unlink()
    assert threadmill.run().figures["rejects"] == 0


def test_positions_in_a_table_are_counted_from_its_first_row(thread):
    folder = thread.parent / "forum"
    folder.mkdir()
    (folder / "columns.toml").write_text('text = "words"\n', encoding="utf-8")
    (folder / "t.csv").write_text("words\none\ntwo\nthree\nfour\n", encoding="utf-8")
    (folder / "t.replies.csv").write_text("comment,parent\n0,\n1,0\n3,1\n", encoding="utf-8")
    threadmill.run()
    with threadmill.connect() as con:
        said = con.execute(
            "select own.text, above.text from replies join comments as own using (comment_id) "
            "join comments as above on above.comment_id = replies.parent_comment_id "
            "where own.platform = 'forum' and evidence = 'a person''s edit' order by own.position"
        ).fetchall()
    assert said == [("two", "one"), ("four", "two")]


def test_corrections_without_a_document_are_a_reject(thread):
    (thread / "kettel.replies.csv").write_text("comment,parent\n1,0\n", encoding="utf-8")
    threadmill.run()
    with threadmill.connect() as con:
        rows = con.execute("select source_path, reason_code from rejects").fetchall()
    assert rows == [("substack/kettel.replies.csv", "lone_sidecar")]


def test_corrections_to_a_document_that_cannot_be_read_fail_nothing(thread):
    (thread / "kettle.txt").write_bytes(b"\xff\xfe")
    (thread / "kettle.replies.csv").write_text("comment,parent\n1,0\n", encoding="utf-8")
    assert threadmill.run().figures["rejects"] == 1


def test_a_spreadsheets_csv_is_read(tmp_path):
    file = tmp_path / "x.replies.csv"
    file.write_bytes('\ufeffcomment,parent\r\n"1", 0\r\n,\r\n2,\r\n'.encode())
    found = [(edit.comment, edit.parent) for edit in sidecars.read_edits(file)]
    assert found == [("1", "0"), ("2", None)]
    file.write_bytes(b"\xff")
    with pytest.raises(ValueError, match=r"x.replies.csv: not UTF-8"):
        sidecars.read_edits(file)
