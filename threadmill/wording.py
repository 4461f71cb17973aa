"""Wording of counts and near misses in messages, and text made safe for terminals. Standard library only."""

import re
from collections.abc import Iterable

_STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]|\r(?!\n)"
)
"""Controls (C0 but for tab and line ends, C1), what overrides the direction of text, and halves of characters, which
names of files that aren't UTF-8 are made of."""


def make_safe(text: str) -> str:
    r"""Return `text` with what would steer a terminal made visible, as `\u001b`; line ends and tabs stay.

    Whatever people, files or other programs wrote goes through this on its way to a terminal. JSON stays JSON.
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `3 comments`, `1 comment`; `many` is said where adding an s isn't enough."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def explain_zoneless(count: int) -> str:
    """Return that `count` times of day are lost, as nothing says whose clock they are by."""
    times, their = ("1 time names", "its") if count == 1 else (f"{count:,} times name", "their")
    return f"{times} no zone, so only {their} day is known: set timezone in columns.toml or in the sidecar"


def did_you_mean(word: str, known: Iterable[str], otherwise: str, mark: str = '"') -> str:
    """Return `did you mean "host"?` with what is nearest to `word`, between `mark`s; `otherwise` if nothing is near."""
    # Only where something is wrong; its import takes longer than that of all else here.
    import difflib

    near = difflib.get_close_matches(word, known, 1, 0.5)
    return f"did you mean {mark}{near[0]}{mark}?" if near else otherwise
