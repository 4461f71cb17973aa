"""Every variant of a copied Substack page gives back what was rendered, and accounts for every line."""

import re
from functools import partial

import polars as pl
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from support import copied_pages

from threadmill import sources
from threadmill.read import documents
from threadmill.read.discover import Document
from threadmill.sources import substack

FORMATS = {
    "avatar": (copied_pages.avatar, "substack_avatar_page"),
    "post": (copied_pages.post, "substack_post_page"),
    "bare": (copied_pages.bare, "substack_bare_page"),
    "old": (copied_pages.old, "substack_old_page"),
    "clip": (copied_pages.clip, "substack_markdown_clip"),
    "split": (partial(copied_pages.clip, split=True), "substack_markdown_clip"),
    "empty": (partial(copied_pages.clip, empty=True), "substack_markdown_clip"),
    "glued": (copied_pages.glued, "substack_markdown_clip"),
}
WAYS = st.fixed_dictionaries(
    {
        "end": st.sampled_from(["\n", "\r\n"]),
        "bom": st.booleans(),
        "blank": st.sampled_from(["", "\u00a0", " "]),
        "closed": st.booleans(),
    }
)


BUTTONS = r"Like(?: \(3\))?\s+Reply\s+Share"
REST = r"(?:\s+3 replies by Bo, MD)?(?:\s+6 more comments\.\.\.)?"
SOME = rf"(?:\s+Like(?: \(3\))?)?(?:\s+Reply)?(?:\s+Share)?{REST}"
DATED = r"(?:Nov 17|Edited|Liked by Ada Quill|Comment deleted)$"
HEADED = (
    rf"^{BUTTONS}{REST}\s+(?:(?:[^\n]+\s+)?Comment deleted$|[^\n]*'s avatar\s+(?:Tom\s+)?{DATED})"
    rf"|^Tom's avatar\s+Tom\s+{DATED}"
)
OTHERWISE = {
    "avatar": rf"^Expand full comment{SOME}\s+(?:(?:[^\n]+\s+)?Comment deleted|[^\n]*'s avatar)$",
    "bare": rf"^{BUTTONS}{REST}\s+[^\n]+\s+(?:[^\n]+\s+)?{DATED}",
    "glued": rf"{HEADED}|^Expand full comment\Z",
    "old": rf"^Reply(?:\s+Share)?{REST}\s+{DATED}",
}
"""Texts that can be read in two ways, of which docs/copied-pages.md takes the other."""
AMBIGUOUS = (
    r"(?m)^(?:Expand full comment|Like(?: \(3\))?|Reply|Share)\n"
    r"(?:(?:[^\n]+\n){0,3}\n|[^\n]*'s avatar$|Comment deleted$)|'s avatar\n.*\d.*\n\n"
)
"""Texts that quote what begins or ends a comment in such a place that one may be lost."""
PAGES = st.lists(
    st.tuples(st.sampled_from(sorted(FORMATS)), copied_pages.THREADS, WAYS), min_size=1, max_size=6
)


def read(contents, folder):
    """Return what the bytes of some documents are read as."""
    (folder / "substack").mkdir(exist_ok=True)
    found = []
    for number, content in enumerate(contents):
        path = f"substack/{number}.txt"
        (folder / path).write_bytes(content)
        found.append(Document(path, "substack", len(content), "", "", ""))
    texts, rejects = documents.load(folder, found)
    assert rejects.is_empty()
    return sources.parse(texts)


def written(lines, end, bom, blank, closed):
    text = end.join((line or blank) for line in "\n".join(lines).split("\n"))
    return ("\ufeff" * bom + text + end * closed).encode()


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(
    threads=st.lists(
        st.tuples(st.sampled_from(["avatar", "post", "bare", "old"]), copied_pages.THREADS),
        min_size=1,
        max_size=6,
    ),
    end=st.sampled_from(
        [[], ["6 more comments..."], ["odd"], ["No posts", "A card", "© 2026 Bo", "odd"]]
    ),
)
def test_plain_pages_are_read_as_others_are(threads, end):
    texts = ["\n".join([*FORMATS[variant][0](thread), *end]) for variant, thread in threads]
    pages = pl.DataFrame(
        {"path": list(map(str, range(len(texts)))), "platform": "substack", "text": texts}
    )
    quick = substack.parse(pages)
    careful = substack.arrange(pages, substack.explain(pages))
    assert quick.comments.sort("path", "position").equals(careful.comments.sort("path", "position"))
    assert quick.threads.sort("path").equals(careful.threads.sort("path"))


def test_a_line_of_no_comment_above_a_tombstone_is_read_with_care():
    first, *others = [
        f"{name}'s avatar\n\nHi.\n\nExpand full comment" for name in ("Ada", "Bo", "Cy")
    ]
    page = "\n".join(["3 Comments", first, "Tom and", "Comment deleted", *others])
    pages = pl.DataFrame({"path": ["0"], "platform": "substack", "text": [page]})
    assert substack.parse(pages).comments.equals(
        substack.arrange(pages, substack.explain(pages)).comments
    )


def reads_otherwise(variant, said):
    return re.search(OTHERWISE.get(variant, HEADED), said.text, re.MULTILINE)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(pages=PAGES)
def test_what_was_rendered_is_read(pages, tmp_path_factory):
    for variant, thread, _ in pages:
        assume(not any(reads_otherwise(variant, said) for said in thread))
    contents = [written(FORMATS[variant][0](thread), **ways) for variant, thread, ways in pages]
    parsed = read(contents, tmp_path_factory.mktemp("pages"))
    for number, (variant, thread, _) in enumerate(pages):
        check_rejects(parsed.rejects.filter(source_path=f"substack/{number}.txt"), thread)
        path = f"substack/{number}.txt"
        page = parsed.threads.filter(path=path).row(0, named=True)
        comments = parsed.comments.filter(path=path)
        assert page["source_format"] == FORMATS[variant][1]
        assert seen(comments) == [
            expected(said, variant, thread, number) for number, said in enumerate(thread, 100)
        ]
        check_lines(contents[number], page, comments)


def check_rejects(rejects, thread):
    """Only where a text quotes what ends a comment, as if another were below it, may counts differ."""
    can_differ = any(re.search(AMBIGUOUS, f"{said.text}\n\n") for said in thread)
    assert rejects["reason_code"].to_list() in ([[], ["count_differs"]] if can_differ else [[]])


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
    if variant == "avatar":
        dated = said.date if (number - 100) % 3 else None
        edited = said.edited if dated else None
        return (said.author, text, dated, edited, said.deleted, said.liker, *[None] * 4)
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


def check_lines(content, page, comments):
    """Compare with a plain count of lines."""
    text = content.decode("utf-8-sig").replace("\r\n", "\n")
    lines = [line for line in text.split("\n") if line.strip(" \t\u00a0")]
    own = sum(
        len([line for line in comment.split("\n") if line.strip()]) for comment in comments["text"]
    )
    assert page["line_count"] == len(lines)
    assert page["unrecognised_line_count"] == 0
    assert page["line_count"] == own + page["furniture_line_count"]
