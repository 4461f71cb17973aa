"""Every kind of evidence, from the page or the file to the published tables."""

import pytest
from support.replies_cases import parents

import threadmill

HEAD = "Discussion about this post\nUser's avatar\nWrite a comment...\n"
END = "TopLatestDiscussions\nNo posts\n"
SAID = [
    ("Ada Quill", "The kettle is older than the house it stands in."),
    ("Boris", "Which house do you mean?"),
    ("Cy", "I like mills, they turn."),
    ("Dora", "My aunt lives by the sea."),
]


def comment(name, text, hidden="", date="Nov 3"):
    return f"{name}'s avatar\n{name}\n{date}\n\n{text}\n\nLike\nReply\nShare\n{hidden}"


def write(project, *said, name="kettle"):
    """Write a post's page of (name, text[, collapsed line]) to the project."""
    folder = project / "data" / "raw" / "substack"
    body = "".join(comment(*one) for one in said)
    (folder / f"{name}.txt").write_text(f"{HEAD}{body}{END}", encoding="utf-8")
    return folder


def milled():
    """Return (status, position of the parent, confidence, evidence) by position, of `kettle`, once run."""
    threadmill.run()
    return [*parents().values()]


def test_an_exact_quote_is_the_parent_and_is_said(project):
    write(
        project, *SAID[:3], ("Dora", "> older than the house it stands in\n\nMy aunt says so too.")
    )
    own = milled()[3]
    assert own[:2] == ("inferred", 0)
    assert own[3].startswith("quotes its words")


@pytest.mark.parametrize("opening", ["@Ada Quill", "@Ada", "@ada quill:"])
def test_a_unique_name_after_an_at_sign_is_the_parents_author(project, opening):
    write(project, *SAID, ("Ernst", f"{opening} a wholly different matter, cheese."))
    own = milled()[4]
    assert own[:2] == ("inferred", 0)
    assert own[3].startswith('opens with "@" and its author\'s name')


def test_a_name_that_two_people_have_is_no_evidence(project):
    twice = [("Ada Quill", SAID[0][1]), ("Ada Stone", SAID[1][1]), *SAID[2:]]
    write(project, *twice, ("Ernst", "@Ada a wholly different matter, cheese."))
    assert "opens with" not in (milled()[4][3] or "")
    write(project, *twice, ("Ernst", "@Ada Stone a wholly different matter, cheese."))
    assert milled()[4][:2] == ("inferred", 1)


def test_a_quote_beats_a_name_which_is_named(project):
    write(project, *SAID, ("Ernst", "@Boris look:\n> older than the house it stands in"))
    own = milled()[4]
    assert own[:2] == ("inferred", 0)
    assert "but it calls another commenter by name" in own[3]


def test_collapsed_replies_beat_a_quote_which_is_named(project):
    collapsed = (*SAID[0], "2 replies by Boris and others\n")
    write(
        project, collapsed, *SAID[1:], ("Ernst", "> older than the house it stands in\n\nReally?")
    )
    found = milled()
    assert 0 not in [row[1] for row in found]
    assert found[4][0] == "top_level" or "but it quotes another comment" in found[4][3]


def test_a_persons_edit_beats_collapsed_replies_which_are_named(project):
    folder = write(project, (*SAID[0], "2 replies by Boris and others\n"), *SAID[1:])
    (folder / "kettle.replies.csv").write_text("comment,parent\n2,0\n", encoding="utf-8")
    own = milled()[2]
    assert own[:3] == ("inferred", 0, 1.0)
    assert own[3] == "a person's edit; but that comment's answers are collapsed"


def test_a_persons_edit_beats_a_quote_and_a_name_which_are_named(project):
    folder = write(project, *SAID, ("Ernst", "@Boris ha.\n> older than the house it stands in"))
    (folder / "kettle.replies.csv").write_text("comment,parent\n4,2\n", encoding="utf-8")
    own = milled()[4]
    assert own[:3] == ("inferred", 2, 1.0)
    assert own[3] == (
        "a person's edit; but it quotes another comment; but it calls another commenter by name"
    )


def test_a_known_host_is_not_at_top_level(project):
    said = [*SAID[:2], ("Hostess", "So do I."), SAID[3], ("Hostess", "Give her my regards.")]
    folder = write(project, *said)
    (folder / "kettle.toml").write_text('host = "Hostess"\n', encoding="utf-8")
    found = milled()
    for place in (2, 4):
        assert found[place][:2] == ("inferred", place - 1)
        assert "host answering a reader" in found[place][3]


CLIP = """# A post

#### Discussion about this post

CommentsRestacks

![User's avatar](https://substackcdn.com/image/fetch/x.png)
{comments}
[23 more comments...](https://a.substack.com/p/x/comments)
TopLatestDiscussions
No posts
### Ready for more?
Subscribe
"""
CLIPPED = """
[
![{name}'s avatar](https://substackcdn.com/image/fetch/x.png)
](https://substack.com/profile/9-x?utm_source=comment)
[{name}](https://substack.com/profile/9-x?utm_source=substack-feed-item)
[Nov 2](https://a.substack.com/p/x/comment/{number} "Nov {day}, 2025, 1:11 PM")
{text}
[Like (3)](javascript:void(0))ReplyShare
"""


@pytest.mark.parametrize(("day", "parent"), [(2, 1), (8, 0)])
def test_nobody_answers_what_was_written_later(project, day, parent):
    """The third comment quotes both, and the second of them can be the later one."""
    words = "the kettle is older than the house it stands in"
    said = [("Ada", words, 1), ("Boris", f"Indeed, {words}.", day), ("Cy", f"> {words}", 5)]
    comments = "".join(
        CLIPPED.format(name=name, text=text, day=on, number=n)
        for n, (name, text, on) in enumerate(said)
    )
    folder = project / "data" / "raw" / "substack"
    (folder / "kettle.md").write_text(CLIP.format(comments=comments), encoding="utf-8")
    (folder / "kettle.toml").write_text('timezone = "Europe/London"\n', encoding="utf-8")
    threadmill.run()
    with threadmill.connect() as con:
        found = con.execute(
            "select p.position from comments c join comments p on p.comment_id = c.parent_comment_id "
            "where c.author_name = 'Cy' and c.created_at is not null"
        ).fetchall()
    assert found == [(parent,)]
