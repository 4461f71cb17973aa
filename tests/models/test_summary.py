"""What a run says at its end is true of what it found."""

import json

import pytest
from support import copied_pages, page, run_threadmill

from threadmill import pipeline, report
from threadmill.cli import runs
from threadmill.models import summary
from threadmill.publish import catalog

POST = "\n".join(
    copied_pages.post(
        [copied_pages.Said("Ada", "Nov 14", False, None, 0, 0, None, "High tide.", False)]
    )
)


REJECTED = "\0not a page"
ADD = "add PAGE.txt --platform substack --host NAME"


def run(project, **pages):
    """Run over `pages` alone."""
    raw = project / "other" / "substack"
    raw.mkdir(parents=True)
    for name, text in pages.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
    return pipeline.run(raw.parent, project / "made")


def said(project, **pages):
    """Return the lines of the summary by their label, of a run over `pages` alone."""
    result = run(project, **pages)
    return dict(summary.lines(result.figures, result.processed))


def test_a_tree_that_came_out_flat_is_not_said_to_be_given(project):
    assert said(project, post=POST)["Replies"] == (
        "none found: where the source shows no parent, top level was the likelier place"
    )


def test_each_undated_comment_has_its_reason(project):
    shown = ("Nov 14\n", "vor 3 Tagen\n", "18 اسفند\n", "", "Dec 3, 2024\n")
    comments = [
        f"{name}'s avatar\n{name}\n{date}\n{name} was here.\n\nExpand full comment\n"
        for name, date in zip("ABCDE", shown, strict=True)
    ]
    result = run(project, a="".join(comments))
    example = runs.find_strange_date(result.processed)
    lines = dict(summary.lines(result.figures, result.processed, strange_date=example))
    assert lines["Comments"].split("\n") == [
        "5 by 5 authors (4 undated)",
        '2 dates need the time of capture ("Nov 14", "3d"): captured_at in the sidecar, or add --captured-at',
        '1 date isn\'t understood ("18 اسفند"): created_text keeps what is shown',
        "1 shows no date",
    ]


TELEGRAM = {
    "id": 1,
    "messages": [
        {"id": 10, "type": "message", "date_unixtime": "1700000000", "from": "Ada", "text": "One."},
        {"id": 11, "type": "message", "date_unixtime": "1700000001", "from": "Bo", "text": "Two."},
    ],
}


def test_of_comments_by_time_none_is_said_to_be_top_level(project):
    raw = project / "other" / "telegram"
    raw.mkdir(parents=True)
    (raw / "a.json").write_text(json.dumps(TELEGRAM), encoding="utf-8")
    result = pipeline.run(raw.parent, project / "made")
    assert dict(summary.lines(result.figures, result.processed))["Replies"] == (
        "none known\n2 comments stand by time, and nothing tells what they answer: parent_status is unknown"
    )


def test_comments_held_back_are_named_where_pages_declare_no_number(project):
    assert said(project, post=POST)["Capture"] == (
        "the pages don't say how many comments there are; 6 more are collapsed; "
        "0 lines not understood"
    )


def test_comments_held_back_are_named_beside_a_declared_number_of_other_pages(project):
    assert said(project, post=POST, declared=page())["Capture"] == (
        "2 of the 2 comments declared (100%); 1 of 2 threads declares no number; "
        "6 more are collapsed on pages that give no total; 0 lines not understood"
    )


def test_a_page_with_more_marks_than_comments_is_not_said_to_be_understood(project):
    lost = page().replace(
        "Expand full comment\n", "Expand full comment\n\nWho said so?\n\nExpand full comment\n", 1
    )
    lines = said(project, lost=lost)
    assert "not understood" not in lines["Capture"]
    assert lines["Rejects"].startswith("1 (count_differs 1);")


@pytest.mark.parametrize(
    ("pages", "rejects", "steps"),
    [({}, "none", (ADD,)), ({"bad": REJECTED}, None, ('sql "from rejects"', ADD))],
)
def test_without_threads_nothing_is_said_of_them(project, pages, rejects, steps):
    result = run(project, **pages)
    lines = dict(summary.lines(result.figures, result.processed))
    assert lines["Replies"] == lines["Topics"] == "none: there are no comments"
    assert lines["Capture"] == "nothing"
    assert rejects in (None, lines["Rejects"])
    assert summary.steps(result.figures) == steps


@pytest.mark.parametrize("pages", [{}, {"bad": REJECTED}])
def test_a_report_on_no_threads_says_so(project, pages):
    with catalog.connect(run(project, **pages).processed) as con:
        assert report.write(con, None, project / "report.html") == "0 threads, 0 comments"
    page = (project / "report.html").read_text(encoding="utf-8")
    assert "Nothing was captured: there are no comments to show." in page


SIDECAR = 'host = "Ada Qill"'


def test_a_host_that_nobody_is_called_is_a_warning_with_the_nearest_name(project):
    raw = project / "data" / "raw" / "substack"
    (raw / "a.txt").write_text(page(), encoding="utf-8")
    (raw / "a.toml").write_text(SIDECAR, encoding="utf-8")
    ended = run_threadmill("run", "--strict", cwd=project)
    near = 'nobody is called "Ada Qill", the host; did you mean "Ada Quill"?'
    assert f"Hosts     substack/a.txt: {near}" in ended.stdout
    assert near in run_threadmill("inspect", raw / "a.txt", cwd=project).stdout
    with catalog.connect(project / "data" / "processed") as con:
        asked = con.execute(
            "select is_host, is_answered_by_host, one.host_response_reason, host_comment_count, host_name "
            "from comment_engagement join thread_engagement as one using (thread_id) "
            "join threads using (thread_id) where thread_id = 'substack:a'"
        )
        assert set(asked.fetchall()) == {(None, None, "host_unknown", None, "Ada Qill")}
    (project / "b.txt").write_text(page(), encoding="utf-8")
    given = ("--platform", "substack", "--host", "Ada Qill")
    assert near in run_threadmill("add", project / "b.txt", *given, cwd=project).stdout
    (raw / "a.toml").write_text('host = "ada  quill"', encoding="utf-8")
    figures = pipeline.run(raw.parent, project / "data" / "processed").figures
    assert [path for _, path in figures["lost_hosts"]] == ["substack/b.txt"]


def test_names_of_hosts_stay_out_of_figures(project):
    result = run(project, a=page())
    sidecar = project / "other" / "substack" / "a.toml"
    sidecar.write_text(SIDECAR, encoding="utf-8")
    result = pipeline.run(project / "other", project / "made")
    assert result.figures["lost_hosts"] == [["substack:a", "substack/a.txt"]]
    assert "Qill" not in json.dumps(result.figures)


LOST = """[{"kind": "Listing", "data": {"children": [{"kind": "t3", "data": {"id": "p", "title": "T"}}]}},
{"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {"id": "a", "parent_id": "t3_p", "link_id": "t3_p",
"body": "One", "author": "ada", "replies": "", "pinned": {"kind": "t1", "data": {"id": "b"}}}}]}}]"""
"""A listing in which a comment stands where none is looked for."""


def test_lines_are_said_to_be_understood_only_where_somebody_looked(project):
    comments = (
        '{"id": 1, "type": "story"}\n{"id": 2, "type": "comment", "parent": 1, "text": "One"}\n'
    )
    raw = project / "json" / "hackernews"
    raw.mkdir(parents=True)
    (raw / "a.ndjson").write_text(comments, encoding="utf-8")
    result = pipeline.run(raw.parent, project / "made")
    lines = dict(summary.lines(result.figures, result.processed))
    assert "not understood" not in lines["Capture"]
    differing = result.figures | {
        "unrecognised_lines": 0,
        "differences": [["substack/a.txt", "3 avatar lines, but 2 comments made; look at line 7"]],
    }
    lines = dict(summary.lines(differing, result.processed))
    assert "not understood" not in lines["Capture"]
    assert lines["Counts"].startswith("substack/a.txt: 3 avatar lines, but 2 comments made")


def test_a_difference_in_numbers_is_a_line_of_its_own(project):
    raw = project / "listing" / "reddit"
    raw.mkdir(parents=True)
    (raw / "a.json").write_text(LOST, encoding="utf-8")
    result = pipeline.run(raw.parent, project / "made")
    ((path, reason),) = result.figures["differences"]
    assert path == "reddit/a.json"
    assert (
        f"Counts differ: {reason}" in run_threadmill("inspect", raw / "a.json", cwd=project).stdout
    )


def test_what_has_only_hashes_for_names_is_counted(project):
    (project / "other" / "substack").mkdir(parents=True)
    sidecar = project / "other" / "substack" / "a.toml"
    sidecar.write_text(SIDECAR, encoding="utf-8")
    (project / "other" / "substack" / "a.txt").write_text(page(), encoding="utf-8")
    (project / "other" / "substack" / "b.txt").write_text(page(), encoding="utf-8")
    result = pipeline.run(project / "other", project / "made")
    lines = dict(summary.lines(result.figures, result.processed, is_keyed=True))
    assert lines["Hosts"] == (
        "1 document with a sidecar whose host nobody is called; a run under `full` names them"
    )
    assert lines["Twice"] == (
        "2 documents of different threads that are the same, so everything counts twice; "
        "a run under `full` names them"
    )


def test_no_blanks_fill_lines_that_are_not_on_a_terminal(project):
    ended = run_threadmill("run", cwd=project)
    assert [line for line in ended.stdout.splitlines() if line != line.rstrip()] == []
