"""Profiles: how much of people's words, names and times is published, from `[profiles.NAME]` in `threadmill.toml`.

Standard library only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from threadmill import paths, settings
from threadmill.errors import Mistake
from threadmill.wording import did_you_mean

FULL, PSEUDONYMOUS, AGGREGATE = "full", "pseudonymous", "aggregate"
CHOICES = {
    "profile": (FULL, PSEUDONYMOUS, AGGREGATE),
    "text": ("masked", "none"),
    "time": ("day", "none", "exact"),
}
"""What a key may be, the default first; `profile` has none."""
LIMITS = (
    "Pseudonymous, not anonymous: still personal data. Comments are verbatim but for masked names, so that a search "
    "for their words, or the page itself, leads back to who wrote them. Names that no rule knows stay."
)
"""What a reader of tables under `PSEUDONYMOUS` is told, with their words."""
K, LEAST_K = 10, 5
"""Fewest authors behind a figure, if nothing is said, and the fewest that may be said."""
LIMITS_OF_FIGURES = (
    "Figures that name nobody: at least {k} authors are behind each and behind each change, none with over half; "
    "counts are rounded to 5. What is true of everybody in a group is true of each."
)
LIMITS_WITHOUT_TEXT = (
    "Pseudonymous, not anonymous: still personal data. Words are left out; order, lengths, likes and who answers whom "
    "still lead back to a page that is public."
)


class Profile(NamedTuple):
    """What is published, and where."""

    name: str = ""
    kind: str = FULL
    """`full`: as captured. `pseudonymous`: ids keyed, names replaced. `aggregate`: figures alone."""
    processed: Path | None = None
    """Its processed folder; None for that of the project."""
    release: str = ""
    """Ids of one release are the same in all runs; those of two releases can't be joined."""
    text: str = "masked"
    """`masked`: comments with people's names masked; `none`: no words at all."""
    time: str = "day"
    """How exactly times are published: `exact`, by `day`, or `none`."""
    k: int = K
    """Fewest distinct authors behind a figure, under `aggregate`."""

    @property
    def is_full(self) -> bool:
        """Whether all is published as captured."""
        return self.kind == FULL

    @property
    def is_aggregate(self) -> bool:
        """Whether figures alone are published, and no row of a comment or person."""
        return self.kind == AGGREGATE

    @property
    def limits(self) -> str:
        """What the profile doesn't do, in sentences for a reader of the tables."""
        if self.is_aggregate:
            return LIMITS_OF_FIGURES.format(k=self.k)
        return LIMITS if self.text == "masked" else LIMITS_WITHOUT_TEXT

    @property
    def choices(self) -> dict[str, Any]:
        """What was chosen of it, by the key in `threadmill.toml`."""
        keys = {FULL: (), PSEUDONYMOUS: ("release", "text", "time"), AGGREGATE: ("k",)}[self.kind]
        return {key: getattr(self, key) for key in keys}

    def describe(self) -> str:
        """Return what is published, in words: equal words mean equal tables, given the same key."""
        return ", ".join([self.kind, *(f"{key} {one}" for key, one in self.choices.items())])


def name_limits(words: str) -> str | None:
    """Return what tables don't hide whose `runs.profile` is `words`; None for `full`."""
    if not words.startswith(PSEUDONYMOUS):
        return None
    return LIMITS if ", text masked" in words else LIMITS_WITHOUT_TEXT


def find(name: str | None) -> Profile:
    """Return the profile `name` of `threadmill.toml`: with None that of the setting `profile`, `full` if "" or not set.

    Raises:
        ValueError: there is none of that name, or something in it can't be.
    """
    name = settings.value("profile", name)
    if not name:
        return Profile()
    processed = settings.find_processed(name)
    return _read(name, settings.read_profiles()[name])._replace(processed=processed)


def protects_any() -> bool:
    """Return whether the project has a profile that isn't `full`, so that its store is encrypted.

    Raises:
        ValueError: something in a profile can't be.
    """
    tables = settings.read_profiles()
    return any(not _read(name, said).is_full for name, said in tables.items())


def _read(name: str, said: dict[str, Any]) -> Profile:
    place = f"{paths.home() / settings.FILE}: {settings.PROFILES}.{name}"
    known = ("processed", "release", "k", *CHOICES)
    for key, given in said.items():
        if key not in known:
            hint = did_you_mean(key, known, f"it takes {', '.join(sorted(known))}")
            raise Mistake(f'{place}: key "{key}" is not known; {hint}')
        _CHECKS.get(key, _check_choice)(f"{place}: {key}", key, given)
    if "profile" not in said:
        raise Mistake(
            f'{place}: says no profile; add profile = "{PSEUDONYMOUS}", "{AGGREGATE}" or "{FULL}"'
        )
    kind = said["profile"]
    if others := [
        key for key in said if key not in ("processed", "profile", *Profile(kind=kind).choices)
    ]:
        raise Mistake(
            f"{place}: {others[0]} is nothing for a profile that {_PUBLISHES[kind]}; leave it out"
        )
    if kind == FULL:
        return Profile(name)
    if kind == AGGREGATE:
        return Profile(name, AGGREGATE, k=said.get("k", K))
    if "release" not in said:
        raise Mistake(
            f'{place}: says no release; name it, such as release = "2026": ids of two releases can\'t be joined'
        )
    defaults = {key: CHOICES[key][0] for key in ("text", "time")} | said
    return Profile(name, PSEUDONYMOUS, None, said["release"], defaults["text"], defaults["time"])


def _check_text(place: str, _key: str, given: Any) -> None:
    if not isinstance(given, str) or not given.strip():
        raise Mistake(f"{place} {given!r} is no text")


def _check_choice(place: str, key: str, given: Any) -> None:
    if given not in CHOICES[key]:
        raise Mistake(f"{place} {given!r} is none of {', '.join(CHOICES[key])}")


def _check_least(place: str, _key: str, given: Any) -> None:
    if isinstance(given, bool) or not isinstance(given, int) or given < LEAST_K:
        raise Mistake(f"{place} {given!r} is not a whole number from {LEAST_K} up")


_PUBLISHES = {
    FULL: "publishes all as captured",
    PSEUDONYMOUS: "publishes rows",
    AGGREGATE: "publishes figures alone",
}
_CHECKS: dict[str, Callable[[str, str, Any], None]] = {
    "release": _check_text,
    "processed": _check_text,
    "k": _check_least,
}
