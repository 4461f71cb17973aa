"""Threads of invented people, rendered as every variant of a copied Substack page."""

from typing import NamedTuple

from hypothesis import strategies as st

IMAGE = (
    "https://substackcdn.com/image/fetch/$s_!aB1c!,w_32,h_32,c_fill/https%3A%2F%2Fx.example%2Fa.png"
)
POST = "https://quill.substack.com/p/tides"


class Said(NamedTuple):
    """A comment as it must be read."""

    author: str
    date: str
    edited: bool
    liker: str | None
    likes: int
    hidden: int
    replier: str | None
    text: str
    deleted: bool


NAMES = st.one_of(
    st.sampled_from(
        [
            "Ada Quill", "Bo, MD", "J. R. R. Plume", "Siân O’Dell", "Mary-Jo D'Arcy", "老王", "فاطمة الزهراء",
            "Иван Ш.", "Ana 🌊", "x", "नीला", "שרה כהן", "K", "The Tide's Friend", "e.e. moss", "Dr. Yu, PhD",
        ]
    ),
    st.text(st.characters(categories=["L"]), min_size=2, max_size=20).map(lambda name: f"Q{name}"),
)  # fmt: skip
DATES = st.sampled_from(
    [
        "Nov 17",
        "Dec 15, 2021",
        "3h",
        "7d",
        "18 mar",
        "2023年1月2日",
        "Jan 3",
        "5 de octubre de 2024",
        "2d",
    ]
)
LINES = st.one_of(
    st.sampled_from(
        [
            "In the queue I saw Tom's avatar", "Tom's avatar", "> what you said", "1. first", "2. second",
            "-Dude", "Nov 17", "https://tides.example/a?b=c", "“Quoted words.”",
            "Edit: I meant low tide.", "Reply", "Like (3)", "Figure 1", "3 replies by Bo, MD",
            "Comment deleted", "Edited", "Pinned", "12 Comments", "Liked by Ada Quill", "No posts", "Like", "Share",
            "6 more comments...", "See [the chart](https://tides.example/c) and *that*.", "Expand full comment", "Tom",
        ]
    ),
    st.text(
        st.characters(categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u1680[]()<>!\\\u180e"),
        min_size=1,
        max_size=60,
    ).map(lambda text: f"w{' '.join(text.split())}."),
)  # fmt: skip


@st.composite
def texts(draw):
    """Draw the words of a comment; they begin with a sentence, marks come later."""
    lines = [f"So {draw(st.integers(0, 99))} words."]
    for line in draw(st.lists(LINES, max_size=4)):
        lines += [*([""] * draw(st.integers(0, 2))), line]
    return "\n".join(lines)


@st.composite
def comments(draw):
    """Draw a comment."""
    hidden = draw(st.sampled_from([0, 0, 1, 2, 14]))
    deleted = draw(st.integers(0, 9)) == 0
    return Said(
        author=draw(NAMES),
        date=draw(DATES),
        edited=draw(st.booleans()),
        liker=None if deleted else draw(st.sampled_from([None, "Ada Quill", "Bo, MD"])),
        likes=0 if deleted else draw(st.sampled_from([0, 0, 1, 7, 1204])),
        hidden=0 if deleted else hidden,
        replier=draw(st.sampled_from(["Ada Quill", "老王"])) if hidden and not deleted else None,
        text="" if deleted else draw(texts()),
        deleted=deleted,
    )


def _is_usual(thread):
    """Return whether texts differ and most comments have one: what is usual on a page shows on it."""
    texts = [comment.text for comment in thread if not comment.deleted]
    return 2 * len(texts) >= len(thread) and len(set(texts)) == len(texts) >= 2


THREADS = st.lists(comments(), min_size=3, max_size=8).filter(_is_usual)


def foot(said, ended=True):
    """Return the lines below a comment's text."""
    if said.deleted:
        return []
    like = f"Like ({said.likes:,})" if said.likes else "Like"
    lines = ["", "Expand full comment"] if ended else [""]
    return [*lines, like, "Reply", "Share", *collapsed(said)]


def collapsed(said):
    """Return the line of a comment's collapsed replies, if it has any."""
    if not said.hidden:
        return []
    if said.hidden == 1:
        return [f"1 reply by {said.replier}"]
    return [f"{said.hidden} replies by {said.replier} and others"]


def date(said):
    """Return the lines that say when, and who liked it."""
    return [
        said.date + ("Edited" if said.edited else ""),
        *([f"Liked by {said.liker}"] if said.liker else []),
    ]


def body(said):
    """Return the lines of a comment's text, or its tombstone."""
    return ["Comment deleted"] if said.deleted else ["", *said.text.split("\n")]


def avatar(thread):
    """Return a page without buttons; every third comment has no date."""
    lines = [f"{len(thread)} Comments", "User's avatar"]
    for index, said in enumerate(thread):
        when = date(said) if index % 3 else date(said)[1:]
        lines += [f"{said.author}'s avatar", *when, *body(said)]
        lines += [] if said.deleted else ["", "Expand full comment"]
    return lines


def post(thread):
    """Return a post's page."""
    lines = [
        "Discussion about this post",
        "CommentsRestacks",
        "User's avatar",
        "Write a comment...",
    ]
    for said in thread:
        lines += [f"{said.author}'s avatar", said.author, *date(said), *body(said), *foot(said)]
    return [
        *lines,
        "6 more comments...",
        "TopLatestDiscussions",
        "A card",
        "Oct 3 • Bo",
        "12",
        "No posts",
        "Ready for more?",
    ]


def bare(thread):
    """Return a page copied without pictures; every other person has a publication."""
    lines = [f"{len(thread)} Comments", "Write a comment…"]
    for index, said in enumerate(thread):
        lines += [
            f"{said.author} ",
            *(["The Moss Blog"] if index % 2 else []),
            *date(said),
            *body(said),
            *foot(said),
        ]
    return lines


def old(thread):
    """Return an old page without names."""
    lines = [f"{len(thread)} Comments"]
    for said in thread:
        when = said.date + (f"·edited {said.date}" if said.edited else "")
        lines += [when + (f"Liked by {said.liker}" if said.liker else ""), *body(said)]
        lines += [] if said.deleted else ["", "Expand full comment", "Reply"]
    return lines


def _link(label, url):
    return f"[{label}]({url})"


def clip(thread, split=False, empty=False):
    """Return a page clipped as markdown, pictures' links split over lines or empty."""
    lines = [
        "# Tides",
        "",
        "#### Discussion about this post",
        "",
        "CommentsRestacks",
        "",
        f"![User's avatar]({IMAGE})",
        "",
    ]
    for number, said in enumerate(thread, 100):
        profile = f"https://substack.com/profile/{number}-q"
        picture = f"![{said.author}'s avatar]({IMAGE})"
        target = f"]({profile}?utm_source=comment)"
        lines += (
            ["[", picture, "", target] if split else ["[" + ("" if empty else picture) + target]
        )
        lines += ["", _link(said.author, f"{profile}?utm_source=substack-feed-item"), ""]
        when = _link(said.date, f'{POST}/comment/{number} "Oct 7, 2025, 12:43 AM"')
        lines += [when + ("Edited" if said.edited else ""), ""]
        lines += [f"Liked by {said.liker}", ""] if said.liker else []
        lines += ["Comment deleted", ""] if said.deleted else [*said.text.split("\n"), ""]
        if not said.deleted:
            like = f"Like ({said.likes:,})" if said.likes else "Like"
            lines += ["Expand full comment", "", f"[{like}](javascript:void(0))ReplyShare", ""]
        lines += [_link(line, f"{POST}/comment/{number}") for line in collapsed(said)]
        lines += [""]
    return [
        *lines,
        _link("6 more comments...", f"{POST}/comments"),
        "",
        "TopLatestDiscussions",
        "",
        "No posts",
    ]


def glued(thread):
    """Return a clip in which all but the texts is glued together."""
    written = "#### Discussion about this post\n\nCommentsRestacks"
    for number, said in enumerate(thread, 100):
        profile = f"https://substack.com/profile/{number}-q"
        written += f"![{said.author}'s avatar]({IMAGE})<{profile}?utm_source=comment>"
        written += _link(said.author, f"{profile}?utm_source=substack-feed-item")
        written += _link(said.date, f'{POST}/comment/{number} "Oct 7, 2025, 12:43 AM"')
        written += "Edited" if said.edited else ""
        written += f"Liked by {said.liker}" if said.liker else ""
        written += "\n\nComment deleted\n\n" if said.deleted else f"\n\n{said.text}\n\n"
        if not said.deleted:
            written += (
                f"[Like ({said.likes:,})](javascript:void(0))ReplyShare"
                if said.likes
                else "LikeReplyShare"
            )
        written += "".join(_link(line, f"{POST}/comment/{number}") for line in collapsed(said))
    return [
        written + _link("6 more comments...", f"{POST}/comments") + "TopLatestDiscussions",
        "",
        "No posts",
    ]
