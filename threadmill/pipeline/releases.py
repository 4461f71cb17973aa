"""Release figures under the profile `aggregate`: once a week, from tables that are counted and go again."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threadmill.errors import Mistake, RunFailed
from threadmill.privacy.erasures import ERASED, take_fingerprint
from threadmill.privacy.guard import Guard
from threadmill.privacy.keys import Key
from threadmill.publish import snapshots
from threadmill.publish.snapshots import Published

if TYPE_CHECKING:
    from threadmill.figures.remembered import Remembered
    from threadmill.pipeline.durations import Timed
    from threadmill.pipeline.targets import Target

WEEK = timedelta(days=7)
RELEASED_ON = "released_on"
"""In a manifest's `profile`, the Monday of the week in which its figures were released."""


class Due(NamedTuple):
    """What a run does about figures."""

    is_due: bool
    """Whether figures are released anew: there are none, or a week has begun since."""
    is_erased: bool
    """Whether more was erased since the last release: who isn't in the data any more is forgotten."""
    is_unpublished: bool
    """Whether the folder lacks the last release: it is published as it is, whatever the week."""

    @property
    def is_counted(self) -> bool:
        """Whether tables of rows are needed."""
        return self.is_due or self.is_erased

    @property
    def is_published(self) -> bool:
        """Whether a snapshot is published."""
        return self.is_due or self.is_unpublished

    @property
    def reasons(self) -> list[str]:
        """What is done, a sentence each."""
        said = {
            "figures are released": self.is_due,
            "the last release is published again": self.is_unpublished,
            "who was erased is forgotten; figures stay until enough people have changed": self.is_erased,
        }
        return [sentence for sentence, holds in said.items() if holds]


def find_monday() -> date:
    """Return the first day of this week, in UTC."""
    today = datetime.now(UTC).date()
    return today - timedelta(days=today.weekday())


def find_due(raw: Path, processed: Path, guard: Guard, published: Published | None) -> Due:
    """Return what there is to do for the folder `processed`, whose current manifest is `published`.

    Raises:
        ValueError: figures are published there, and what the next ones have to be compared with is lost.
    """
    last = _recall(raw, guard)
    if last is None:
        _refuse_unknown(raw, processed, guard)
        return Due(is_due=True, is_erased=False, is_unpublished=False)
    if published is None or (published.profile or {}).get(RELEASED_ON) != last.on.isoformat():
        return Due(is_due=False, is_erased=last.erased != _find_erased(raw), is_unpublished=True)
    is_due = find_monday() > last.on
    return Due(is_due, not is_due and last.erased != _find_erased(raw), is_unpublished=False)


def _recall(raw: Path, guard: Guard) -> "Remembered | None":
    """Return the last release; nothing slow is imported where there was none."""
    from threadmill.figures import remembered

    return remembered.read(raw, guard.profile.name, _get_key(guard))


def _get_key(guard: Guard) -> Key:
    assert guard.key is not None  # noqa: S101 # for mypy: a profile that protects has one
    return guard.key


def _refuse_unknown(raw: Path, processed: Path, guard: Guard) -> None:
    from threadmill.figures.remembered import find_place

    if snapshots.read_profiles(processed):
        raise Mistake(
            f"{find_place(raw, guard.profile.name)}: isn't there, and the next figures have to be compared with the "
            f"last ones in {processed}; put it back, or remove that folder to begin again"
        )


def _find_erased(raw: Path) -> str:
    return take_fingerprint(raw).get(ERASED, "")


def release(target: "Target", raw: Path, stage: "Timed", con: Any) -> None:
    """Write down the release of the figures that `con` counts; where none is due, forget who was erased."""
    from threadmill.figures import counting, releasing
    from threadmill.figures.remembered import Remembered, forget, write

    guard, due = target.guard, target.due
    assert due is not None  # noqa: S101 # for mypy: figures are released
    key, k, name, on = _get_key(guard), guard.profile.k, guard.profile.name, find_monday()
    # Again: another run may have released it into another folder while this one waited for the store.
    last = _recall(raw, guard)
    counted = stage(
        "figures", lambda: {one: counting.count(con, one, k) for one in counting.list_tables()}
    )
    here = counted[releasing.OVERALL].behind["author"]
    before = forget(last.released, here) if last else releasing.NOTHING
    erased = _find_erased(raw)
    if last and (not due.is_due or last.on >= on):
        write(raw, name, key, last._replace(released=before, erased=erased))
        return
    released = stage("figures", lambda: releasing.release(before, counted, k, on))
    if faults := releasing.find_faults(before, released, k):
        raise RunFailed("\n".join(faults))
    write(raw, name, key, Remembered(on, k, erased, released))


def write_tables(
    target: "Target", raw: Path, snapshot: Path
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the tables of the last release to `snapshot`; return its figures for the summary, and its profile."""
    from threadmill.figures import tabulating
    from threadmill.storage import tables

    last, guard = _recall(raw, target.guard), target.guard
    assert last is not None  # noqa: S101 # for mypy: a run has just released it, or found it
    key = _get_key(guard).derive("figures", "rounding")
    found = tabulating.tabulate(last.released, key, last.k)
    for name, rows in found.items():
        tables.write(name, rows, tables.place(snapshot, name))
    on = last.on.isoformat()
    figures = tabulating.sum_up(found) | {RELEASED_ON: on, "next_on": (last.on + WEEK).isoformat()}
    # What was released holds until the next release, also if the profile says another k by now.
    guard = guard._replace(profile=guard.profile._replace(k=last.k))
    return figures, (guard.describe() or {}) | {RELEASED_ON: on}
