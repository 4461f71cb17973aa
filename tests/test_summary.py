"""What a run says at its end is true of what it found."""

import renders
from conftest import page

from flows import pipeline, summary

POST = "\n".join(
    renders.post([renders.Said("Ada", "Nov 14", False, None, 0, 0, None, "High tide.", False)])
)


def said(project, **pages):
    """Return the lines of the summary by their label, of a run over `pages` alone."""
    raw = project / "other" / "substack"
    raw.mkdir(parents=True)
    for name, text in pages.items():
        (raw / f"{name}.txt").write_text(text, encoding="utf-8")
    result = pipeline.run(raw.parent, project / "made")
    return dict(summary.lines(result.figures, result.processed))


def test_a_tree_that_came_out_flat_is_not_said_to_be_given(project):
    first, *more = said(project, post=POST)["Replies"].splitlines()
    assert first == "0, none inferred: where the source doesn't tell, top level was likelier"
    assert "\n".join(more).startswith(summary.METHOD)


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
