"""How counts and near misses read in what people are told. Standard library only."""

from collections.abc import Iterable


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `3 comments`, `1 comment`; `many` is said where adding an s isn't enough."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def did_you_mean(word: str, known: Iterable[str], otherwise: str, mark: str = '"') -> str:
    """Return `did you mean "host"?` with what is nearest to `word`, between `mark`s; `otherwise` if nothing is near."""
    # Only where something is wrong; its import takes longer than that of all else here.
    import difflib

    near = difflib.get_close_matches(word, known, 1, 0.5)
    return f"did you mean {mark}{near[0]}{mark}?" if near else otherwise
