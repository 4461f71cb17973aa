"""Where a run publishes: a processed folder and its profile, or several of them in one pass."""

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from threadmill import settings
from threadmill.errors import Mistake, RunFailed
from threadmill.fetch import journal
from threadmill.pipeline import fingerprint, releases, status
from threadmill.pipeline.placing import place_documents
from threadmill.pipeline.plan import LastRun, Plan, look_up_last_run, make_plan
from threadmill.pipeline.releases import Due
from threadmill.privacy import profiles
from threadmill.privacy.erasures import take_fingerprint
from threadmill.privacy.guard import Guard, open_guard
from threadmill.privacy.profiles import Profile
from threadmill.publish import locking, snapshots
from threadmill.publish.snapshots import Published
from threadmill.read.discover import Discovery, discover

if TYPE_CHECKING:
    from threadmill.pipeline.reading import ReadRows
    from threadmill.pipeline.stages import Stage

NOTHING: Any = None
"""Of a target whose tables stay as they are."""


@dataclass
class Target:
    """A processed folder, and what a run knows and does about it."""

    profile: Profile
    processed: Path
    done: Callable[[Any], Any]
    """Notes that the run ended well, as `status.recorded` gives it."""
    guard: Guard
    last: LastRun
    found: Discovery
    made_with: dict[str, str]
    plan: Plan
    due: Due | None = None
    """What to do about figures; None where rows are published."""
    snapshot: Path = field(default=NOTHING)
    """The folder of the tables that are built: the snapshot that will be published. Rows that figures are counted of
    are in the private zone."""
    figures: Path = field(default=NOTHING)
    """The snapshot of figures that will be published, if one will."""
    rows: "ReadRows" = field(default=NOTHING)
    published: Published | None = None
    """What is published as it lies there, where the plan has it in more buckets."""


def choose(
    processed: str | Path | None, names: str | Sequence[str] | None
) -> list[tuple[Path, Profile]]:
    """Return the folders and profiles to publish under: those of `names`, else those of the settings.

    `processed` is the folder of the first; the setting `publish` adds further ones where that is where it would be.

    Raises:
        ValueError: a profile isn't there or is there twice, or two have one folder.
    """
    first, *others = [names] if isinstance(names, str) else [*names] if names else [None]
    main = profiles.find(first)
    more: list[str] = [name for name in others if name is not None]
    folder = snapshots.locate_processed(processed or main.processed)
    # Only where the settings add profiles: outside of a project there is no usual folder to compare with.
    if first is None and (further := [one for one in list_further() if one != main.name]):
        usual = snapshots.locate_processed(main.processed)
        if os.path.realpath(folder) == os.path.realpath(usual):
            more = further
    chosen = [(folder, main)]
    for name in more:
        profile = profiles.find(name)
        chosen.append((snapshots.locate_processed(profile.processed), profile))
    places = [os.path.realpath(one) for one, _ in chosen]
    for number, place in enumerate(places):
        if place in places[:number]:
            other = chosen[places.index(place)][1].name
            raise Mistake(
                f"profiles {other!r} and {chosen[number][1].name!r} publish in one folder, {place}; give each its own"
            )
    return chosen


def list_further() -> list[str]:
    """Return the names of profiles that the setting `publish` adds to a run."""
    said: tuple[str, ...] = settings.value("publish")
    if said == ("all",):
        return sorted(settings.read_profiles())
    return [name for name in said if name != "none"]


class Failing:
    """Knows which profile the run is at, for what it says when it fails."""

    def __init__(self, has_several: bool) -> None:
        self.has_several = has_several
        self.name: str | None = None

    @contextlib.contextmanager
    def at(self, target: Target | Profile) -> Iterator[None]:
        """Name the profile in whatever a user may read of a failure inside."""
        profile = target.profile if isinstance(target, Target) else target
        self.name = f"profile {profile.name!r}" if profile.name else "without a profile"
        try:
            yield
        except (RunFailed, Mistake) as error:
            if self.has_several:
                raise type(error)(f"{self.name}: {error}") from error
            raise
        self.name = None

    @property
    def place(self) -> str:
        """Where the run is, as the start of a sentence."""
        return f"{self.name}: " if self.name and self.has_several else ""


@contextlib.contextmanager
def open_targets(
    raw: Path,
    chosen: Sequence[tuple[Path, Profile]],
    full: bool,
    stage: "Stage[Any]",
    failing: Failing,
) -> Iterator[list[Target]]:
    """Yield what to do in each folder, whose locks are held inside, and whose runs are recorded.

    Raises:
        ValueError: a folder holds tables of another kind of profile, or the key they were made with is lost.
        threadmill.publish.Locked: another run writes there.
    """
    with contextlib.ExitStack() as held:
        targets = []
        for processed, profile in chosen:
            with failing.at(profile):
                held.enter_context(locking.lock(processed))
                recorded = status.recorded(processed, raw, is_private=not profile.is_full)
                done = held.enter_context(recorded)
                guard = open_guard(raw, profile, snapshots.read_profiles(processed))
                snapshots.tidy(processed)
                if profile.is_aggregate:
                    targets.append(_open_release(raw, profile, processed, done, guard, stage))
                    continue
                last = look_up_last_run(processed, raw, full, guard)
                found = stage("discover", lambda last=last: discover(raw, last.documents))  # type: ignore[misc]
                made_with = fingerprint.take(guard.made_with) | take_fingerprint(raw)
                made_with |= journal.take_fingerprint(raw)
                found = place_documents(raw, found, last, made_with)
                plan = make_plan(last, processed, found, made_with)
            target = Target(profile, processed, done, guard, last, found, made_with, plan)
            targets.append(target)
        yield targets


def _open_release(
    raw: Path,
    profile: Profile,
    processed: Path,
    done: Callable[[Any], Any],
    guard: Guard,
    stage: "Stage[Any]",
) -> Target:
    """Return what to do in the folder of figures: all threads are built where they are counted, once a week."""
    published = snapshots.read_current(processed)
    due = releases.find_due(raw, processed, guard, published)
    made_with = fingerprint.take(guard.made_with) | take_fingerprint(raw)
    found = Discovery([], [])
    if due.is_counted:
        made_with |= journal.take_fingerprint(raw)
        found = stage("discover", lambda: discover(raw, {}))
        found = place_documents(raw, found, LastRun(None), made_with)
    plan = Plan(reasons=due.reasons, is_needed=due.is_counted or due.is_published)
    return Target(profile, processed, done, guard, LastRun(published), found, made_with, plan, due)
