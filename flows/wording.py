"""How counts read in what people are told. Standard library only."""


def counted(count: int, one: str, many: str | None = None) -> str:
    """Return `3 comments`, `1 comment`; `many` is said where adding an s isn't enough."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
