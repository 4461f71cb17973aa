"""What a run says at its end is true of what it found."""

import pytest
from support import copied_pages, page

from threadmill import pipeline, report
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
        "0, none inferred: where the source doesn't tell, top level was likelier"
    )


def test_comments_held_back_are_named_where_pages_declare_no_number(project):
    assert said(project, post=POST)["Capture"] == (
        "the pages don't say how many comments there are; they hold back 6 comments; "
        "0 lines not understood"
    )


def test_comments_held_back_are_named_beside_a_declared_number_of_other_pages(project):
    assert said(project, post=POST, declared=page())["Capture"] == (
        "2 of the 2 comments declared (100%); pages that don't say hold back 6 comments; "
        "0 lines not understood"
    )


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
