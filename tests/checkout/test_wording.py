"""Counts read as people say them, wherever a command says one."""

import re

import pytest
from support import CHECKOUT, run_threadmill

from threadmill.models.checks import Failure
from threadmill.wording import counted

ONE_COMMENT = """\
Discussion about this post
Ann's avatar
Ann
Nov 17
Only this.
Like (1)
Reply
Share
1 reply by Bo
"""


@pytest.mark.parametrize(
    ("count", "names", "said"),
    [
        (1, ("comment",), "1 comment"),
        (0, ("comment",), "0 comments"),
        (1_204, ("comment",), "1,204 comments"),
        (1, ("reply", "replies"), "1 reply"),
        (2, ("reply", "replies"), "2 replies"),
    ],
)
def test_a_count_agrees_with_its_noun(count, names, said):
    assert counted(count, *names) == said


@pytest.fixture
def one(project):
    """A project whose only thread has one comment, and its file."""
    for path in (project / "data" / "raw").rglob("*.t*"):
        path.unlink()
    file = project / "one.txt"
    file.write_text(ONE_COMMENT, encoding="utf-8")
    return file


def test_one_is_singular_in_what_inspect_says(one):
    said = run_threadmill("inspect", one, "--platform", "substack", cwd=one.parent).stdout
    assert f"{one}: substack_post_page, 1 comment\n" in said
    assert "Ann (Nov 17, 1 like, 1 reply hidden): Only this." in said


def test_one_is_singular_in_what_add_run_and_status_say(one, project):
    added = run_threadmill("add", one, "--platform", "substack", cwd=project).stdout
    assert "substack_post_page, 1 comment; threadmill run" in added
    ran = run_threadmill("run", cwd=project).stdout
    assert "(read 1 document)" in ran
    assert "1 by 1 author" in ran
    assert "1 thread, 1 comment, 0 rejects" in run_threadmill("status", cwd=project).stdout


def test_one_is_singular_in_what_a_broken_rule_says():
    one = Failure("comments_key", "comment_id is the key of comments.", 1, [])
    assert "1 row breaks the rule." in str(one)
    assert "2 rows break the rule." in str(one._replace(broken=2))


def test_each_test_that_the_threat_model_names_is_there():
    named = re.findall(r"`(tests/[^`]+)`", (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [name for name in named if not (CHECKOUT / name).is_file()] == []
