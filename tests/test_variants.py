"""Every variant of a copied Substack page gives back what was rendered, and accounts for every line."""

import re
from functools import partial

import polars as pl
import pytest
import renders
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from flows import documents, sources
from flows.discover import Document

FORMATS = {
    "post": (renders.post, "substack_post_page"),
    "bare": (renders.bare, "substack_bare_page"),
    "old": (renders.old, "substack_old_page"),
    "clip": (renders.clip, "substack_markdown_clip"),
    "split": (partial(renders.clip, split=True), "substack_markdown_clip"),
    "empty": (partial(renders.clip, empty=True), "substack_markdown_clip"),
    "glued": (renders.glued, "substack_markdown_clip"),
}
CLOSED_BY_TEXT = re.compile(
    r"^(?:Like.*|Reply|Share|ReplyShare|Expand full comment|Comment (?:deleted|removed)|Removed.*|.*['’]s avatar"
    r"|\d+ more comments?.*|\d+ repl(?:y|ies).*)\s+[^\n]*['’]s avatar$",
    re.MULTILINE,
)
WAYS = st.fixed_dictionaries(
    {
        "end": st.sampled_from(["\n", "\r\n"]),
        "bom": st.booleans(),
        "blank": st.sampled_from(["", "\u00a0", " "]),
        "closed": st.booleans(),
    }
)


def read(content, folder):
    """Return what the bytes of a document are read as."""
    (folder / "substack").mkdir(exist_ok=True)
    (folder / "substack" / "page.txt").write_bytes(content)
    document = Document("substack/page.txt", "substack", len(content), "", "", "")
    texts, rejects = documents.load(folder, [document])
    assert rejects.is_empty()
    return sources.parse(texts)


def written(lines, end, bom, blank, closed):
    text = end.join((line or blank) for line in "\n".join(lines).split("\n"))
    return ("\ufeff" * bom + text + end * closed).encode()


@pytest.mark.parametrize("variant", FORMATS)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_was_rendered_is_read(variant, data, tmp_path_factory):
    thread = data.draw(renders.THREADS)
    ways = data.draw(WAYS)
    # Without names, a tombstone below a button's word is a comment of its own: docs/decisions.md.
    assume(variant != "old" or all("Comment deleted" not in said.text for said in thread))
    # An avatar line right below what closes a comment opens one: docs/decisions.md.
    assume(not any(CLOSED_BY_TEXT.search(said.text) for said in thread))
    render, source_format = FORMATS[variant]
    content = written(render(thread), **ways)
    parsed = read(content, tmp_path_factory.mktemp("page"))
    assert parsed.rejects.is_empty()
    assert parsed.threads["source_format"].to_list() == [source_format]
    assert seen(parsed.comments) == [
        expected(said, variant, thread, number) for number, said in enumerate(thread, 100)
    ]
    check_lines(content, parsed)


SEEN = (
    "author_name", "text", "created_text", "is_edited", "is_deleted", "liker", "like_count",
    "hidden_reply_count", "native_id", "author_native_id",
)  # fmt: skip


def seen(comments):
    # A blank line of a text may hold a blank.
    text = pl.col("text").str.replace_all(r"(?m)^[ \u{a0}]+$", "")
    return comments.with_columns(text).select(*SEEN).rows()


def expected(said, variant, thread, number):
    text = re.sub(r"\n\n+", lambda gap: gap[0], said.text)
    is_clip = variant in ("clip", "split", "empty", "glued")
    shows_hidden = any(other.hidden for other in thread)
    if variant == "old":
        return (
            None,
            text,
            said.date,
            said.edited,
            said.deleted,
            said.liker,
            None,
            None,
            None,
            None,
        )
    likes = None if said.deleted else said.likes
    hidden = said.hidden if shows_hidden else None
    ids = (str(number), str(number)) if is_clip else (None, None)
    created = "Oct 7, 2025, 12:43 AM" if is_clip else said.date
    return (said.author, text, created, said.edited, said.deleted, said.liker, likes, hidden, *ids)


def check_lines(content, parsed):
    """Compare with a plain count of lines."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    lines = [line for line in text.split("\n") if line.strip(" \t\u00a0")]
    thread = parsed.threads.row(0, named=True)
    own = sum(
        len([line for line in comment.split("\n") if line.strip()])
        for comment in parsed.comments["text"]
    )
    assert thread["line_count"] == len(lines)
    assert thread["unrecognised_line_count"] == 0
    assert thread["line_count"] == own + thread["furniture_line_count"]
