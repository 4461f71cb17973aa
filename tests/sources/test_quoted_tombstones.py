"""A tombstone is a comment where one may stand, and words where a text quotes it: on every kind of page."""

from itertools import product

import polars as pl
import pytest

from threadmill.sources import substack

TEXTS = [
    "Comment deleted\n\nis what I saw there.",
    "Comment deleted\nis what I saw there.",
    "I saw a notice that said\n\nComment deleted\n\nand nothing else.",
    "I saw it:\nComment deleted\nand nothing else.",
    "Moss\n\nComment deleted\n\nis here.",
    "All that is left is\n\nComment deleted",
    "One says\n\nComment deleted\n\nand one\n\nComment removed\n\ntoo.",
    "It says\n\nComment deleted\nMar 4, 2022\n\nand no more.",
    "Why\n\nRemoved (Banned)\n\nand by whom?",
]
TWICE = "Comment deleted\n\nComment removed\n\nwho does that?"
DATES = {
    "english": [f"Mar {day}, 2022" for day in range(2, 8)],
    "russian": [f"{day} янв. 2022 г." for day in range(2, 8)],
    "finnish": [f"{day}. kesäk." for day in range(2, 8)],
    "japanese": [f"3月{day}日" for day in range(2, 8)],
}
END = ["Expand full comment"]
BUTTONS = ["Like (2)", "Reply", "Share"]
TOP = {
    "9": ["9 Comments"],
    "avatars": ["9 Comments", "User's avatar"],
    "post": ["Discussion about this post"],
}
PAGES = {
    "avatars": ("avatars", "{name}'s avatar||{text}||", END, "Comment deleted|", END),
    "avatars_alone": ("avatars", "{name}'s avatar||{text}||", END, "Comment deleted", []),
    "avatars_and_dates": (
        "avatars", "{name}'s avatar|{date}||{text}||", END, "Comment deleted|{date}|Comment deleted|", END,
    ),
    "post": (
        "post", "{name}'s avatar|{name}|{date}||{text}||", BUTTONS,
        "Comment deleted|{date}||Comment deleted||", BUTTONS[1:],
    ),
    "names": ("post", "{name}|{date}||{text}||", BUTTONS, "Comment deleted|{date}||Comment deleted||", BUTTONS[1:]),
    "names_two_lines": ("post", "{name}|{date}||{text}||", BUTTONS, "Comment deleted|{date}", []),
    "names_no_foot": ("post", "{name}|{date}||{text}||", BUTTONS, "Comment deleted|{date}||Comment deleted|", []),
    "names_deleted": ("post", "{name}|{date}||{text}||", BUTTONS, "{name}|Comment deleted|{date}|", BUTTONS[1:]),
    "old": ("9", "{date}||{text}||", END, "Comment deleted|{date}|Comment deleted|", END),
    "old_date_above": ("9", "{date}||{text}||", END, "{date}|Comment deleted|", END),
    "old_two_lines": ("9", "{date}||{text}||", END, "Comment deleted|{date}", []),
    "old_glued": ("9", "{date}||{text}||", END, "Removed (Banned){date}|Comment removed|", END),
    "old_bodies": ("9", "|{text}||", END, "Comment deleted|", END),
}  # fmt: skip
"""Per kind of page its top, a comment and its foot, a tombstone and its foot; a bar ends a line."""


def render(kind, said):
    """Return a page of `said`: name, date and text of each comment, no text if it is deleted."""
    top, comment, foot, tombstone, below = PAGES[kind]
    lines = [*TOP[top]]
    for name, date, text in said:
        shape = tombstone if text is None else comment
        filled = shape.replace("|", "\n").format(name=name, date=date, text=text)
        lines += [filled + "\n".join(below if text is None else foot)]
    return "\n".join(lines)


@pytest.mark.parametrize("language", DATES)
@pytest.mark.parametrize("kind", PAGES)
def test_tombstones_that_texts_quote_are_words(kind, language):
    first, second, third, fourth, *others = DATES[language]
    threads = []
    # Bodies alone don't show whether a tombstone above one is a comment.
    for text in [*TEXTS, *([TWICE] if kind != "old_bodies" else [])]:
        for above, below in product(
            [[], [("Una Rae", second, None)]], [[], [("Una Rae", fourth, None)]]
        ):
            threads.append(
                [
                    ("Ada Moss", first, "The tide is out."),
                    ("Bo Lind", first, "So the boats lie on their sides, I think."),
                    *above,
                    ("Ida Falk", third, text),
                    *below,
                    ("Ada Moss", others[0], "Yes."),
                    ("Cy", others[1], "The harbour was dredged in May."),
                ]
            )
    pages = [render(kind, thread) for thread in threads]
    paths = [f"{number:02}" for number in range(len(pages))]
    parsed = substack.parse(pl.DataFrame({"path": paths, "platform": "substack", "text": pages}))
    got = [
        [None if deleted else text for deleted, text in own.select("is_deleted", "text").rows()]
        for own in parsed.comments.sort("path", "position").partition_by("path")
    ]
    assert got == [[text for _, _, text in thread] for thread in threads]
