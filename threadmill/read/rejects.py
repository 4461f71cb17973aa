"""What couldn't be read of the raw documents, and why. Standard library only: every run imports it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl

EXCERPT_CHARS = 80


class Reject(NamedTuple):
    """A row of `rejects`; what reads a document's text leaves it to the caller to say which document it is."""

    reason_code: str
    reason: str
    """One sentence, with what to do about it."""
    line: int | None = None
    excerpt: str | None = None
    source_path: str = ""
    platform: str = ""


class Unreadable(Exception):  # noqa: N818 # it names the state of a document
    """A document can't be read, or not from here on; `reject` says why."""

    def __init__(self, reason_code: str, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reject = Reject(reason_code, reason, line)


def build_frame(rejects: Iterable[Reject]) -> "pl.DataFrame":
    """Return one row per reject, in order, as `frames.REJECT`."""
    import polars as pl

    from threadmill.schema.frames import REJECT

    rows = pl.DataFrame(
        list(rejects), schema={name: REJECT[name] for name in Reject._fields}, orient="row"
    )
    return rows.select(REJECT.names())
