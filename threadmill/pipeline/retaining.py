"""Let threads go that the setting `retain` doesn't keep any longer, at the end of a run: they are erased."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from threadmill import pipeline
from threadmill.pipeline import erasing, leaving
from threadmill.privacy.guard import open_guard
from threadmill.privacy.profiles import Profile
from threadmill.storage import store_folder
from threadmill.wording import counted

if TYPE_CHECKING:
    from threadmill.pipeline import Summary


def let_go(ended: "Summary", raw: Path, jobs: int, names: Sequence[str | None]) -> "Summary":
    """Return what is published once threads that were kept for long enough are erased: `ended` if there are none.

    Raw files stay as they are, and receipts name them. `names` are the profiles that the run published under.
    """
    if not _has_expired(raw):
        return ended
    erased = erasing.erase_due(erasing.list_places(raw, ended.processed), jobs)
    threads = sum(one.threads for one in erased)
    reasons = [f"{counted(threads, 'thread')} kept longer than `retain` says: erased"]
    if not all(one.is_done for one in erased):
        reasons.append("not all of it is gone; `threadmill erase` lists what is left")
    now = pipeline.run(
        raw, ended.processed, jobs=jobs, profile=[name or "" for name in names], lets_go=False
    )
    summaries = [
        after._replace(
            is_new=True, documents_read=before.documents_read, reasons=[*before.reasons, *reasons]
        )
        for before, after in zip((ended, *ended.others), (now, *now.others), strict=True)
    ]
    return summaries[0]._replace(others=summaries[1:])


def _has_expired(raw: Path) -> bool:
    """Return whether what was parsed has such threads; true if it isn't kept, as only reading tells then."""
    if store_folder.find_folder(raw) is None:
        return True
    seal = open_guard(raw, Profile(), []).seal_store()
    with store_folder.open_store(raw, [], raw, seal) as store:
        return bool(leaving.list_expired(store, erasing.find_limit()))
