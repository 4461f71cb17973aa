"""Write invented threads as the other variants of a copied Substack page, so that each variant is measured.

They are realistic: every comment has a date, and clips have long links.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from threadmill.measure.bench.corpus import Comment, Thread, write

IMAGE = (
    "https://substackcdn.com/image/fetch/$s_!aB1c!,w_32,h_32,c_fill,f_auto,q_auto:good,fl_progressive:steep/"
    "https%3A%2F%2Fx.example%2Fa.png"
)
POST = "https://quill.substack.com/p/tides"
TITLE = "Oct 7, 2025, 12:43 AM"


def _make_date(thread: Thread, comment: Comment) -> list[str]:
    date = (comment.created or "Nov 3") + "Edited" * comment.is_edited
    return [date, *([f"Liked by {thread.host}"] if comment.is_liked else [])]


def _make_like(comment: Comment) -> str:
    return f"Like ({comment.likes})" if comment.likes else "Like"


def make_post(thread: Thread) -> str:
    """Return `thread` as a post's page, with names below the avatars and buttons."""
    lines = ["Discussion about this post", "CommentsRestacks", "User's avatar"]
    for comment in thread.comments:
        lines += [f"{comment.author}'s avatar", comment.author, *_make_date(thread, comment), ""]
        lines += [comment.text, "", "Expand full comment", _make_like(comment), "Reply", "Share"]
    return "\n".join([*lines, "No posts", "Ready for more?"]) + "\n"


def make_bare(thread: Thread) -> str:
    """Return `thread` as a page copied without pictures."""
    lines = [f"{len(thread.comments)} Comments"]
    for comment in thread.comments:
        lines += [comment.author, *_make_date(thread, comment), "", comment.text, ""]
        lines += [_make_like(comment), "Reply", "Share"]
    return "\n".join(lines) + "\n"


def make_old(thread: Thread) -> str:
    """Return `thread` as an old page without names."""
    lines = [f"{len(thread.comments)} Comments"]
    for comment in thread.comments:
        lines += ["".join(_make_date(thread, comment)), "", comment.text, ""]
        lines += ["Expand full comment", "Reply"]
    return "\n".join(lines) + "\n"


def make_clip(thread: Thread, *, is_glued: bool = False) -> str:
    """Return `thread` clipped as Markdown, with each link on its own line, or with everything but the texts glued."""
    parts = ["#### Discussion about this post\n\nCommentsRestacks"]
    gap = "" if is_glued else "\n\n"
    for number, comment in enumerate(thread.comments, 10_000):
        profile = f"https://substack.com/profile/{number}-q"
        image = f"![{comment.author}'s avatar]({IMAGE})"
        where = f"{profile}?utm_source=comment"
        date, *likers = _make_date(thread, comment)
        parts += [
            f"{image}<{where}>" if is_glued else f"[{image}]({where})",
            f"[{comment.author}]({profile}?utm_source=substack-feed-item)",
            f'[{date}]({POST}/comment/{number} "{TITLE}")',
            *likers,
            f"\n\n{comment.text}\n\n" if is_glued else comment.text,
            f"[{_make_like(comment)}](javascript:void(0))ReplyShare",
        ]
    return gap.join(parts) + "\n"


def _make_corpus(page: Callable[[Thread], str]) -> Callable[[Path, float], int]:
    return partial(write, page=page)


write_post, write_bare, write_old = (
    _make_corpus(make_post),
    _make_corpus(make_bare),
    _make_corpus(make_old),
)
write_clip, write_glued_clip = (
    _make_corpus(make_clip),
    _make_corpus(partial(make_clip, is_glued=True)),
)
