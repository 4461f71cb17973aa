"""What a run needs of its profile: how rows are protected, and what is encrypted. Cheap to import."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from threadmill import paths
from threadmill.errors import Mistake
from threadmill.privacy import keys, profiles
from threadmill.privacy.keys import Key
from threadmill.privacy.profiles import Profile
from threadmill.publish import snapshots
from threadmill.publish.snapshots import Published

if TYPE_CHECKING:
    from threadmill.privacy.protect import Protector
    from threadmill.storage.sealing import Seal

MANIFEST = "profile"
"""In a manifest, what `Guard.describe` gives; not there where all is published as captured."""


class Guard(NamedTuple):
    """A profile, and the project's key where there is something to protect."""

    profile: Profile = Profile()
    key: Key | None = None
    """None where no profile of the project protects anything."""

    @property
    def is_full(self) -> bool:
        """Whether all is published as captured."""
        return self.profile.is_full

    @property
    def made_with(self) -> str:
        """What protected rows are made with besides code, for `fingerprint.take`; empty where they are as built."""
        if self.is_full or not self.key:
            return ""
        return f"{self.profile.describe()}, key {self.key.fingerprint}"

    def dump(self) -> list[Any]:
        """Return this as `load` takes it, the key too: for the standard input of a worker, not for a disk."""
        profile = self.profile._replace(processed=None)
        return [list(profile), self.key.secret.hex() if self.key else None]

    @classmethod
    def load(cls, dumped: list[Any]) -> "Guard":
        """Return what `dump` was given."""
        profile, key = dumped
        return cls(Profile(*profile), Key(bytes.fromhex(key)) if key else None)

    def make_protector(self) -> "Protector | None":
        """Return what protects rows; None where they are published as built."""
        if self.is_full or not self.key:
            return None
        from threadmill.privacy.protect import Protector

        # Under `aggregate` rows are counted and go: times as they are, and nobody's name with them.
        profile = self.profile._replace(time="exact") if self.profile.is_aggregate else self.profile
        return Protector(profile, self.key)

    def seal_store(self) -> "Seal | None":
        """Return what seals the store, as soon as one profile of the project protects; None if none does."""
        return self._make_seal("store") if self.key else None

    def seal_kept(self) -> "Seal | None":
        """Return what seals what a snapshot keeps for the next run; None where all is published as captured."""
        return self._make_seal("kept") if self.key and not self.is_full else None

    def _make_seal(self, purpose: str) -> "Seal":
        from threadmill.storage.sealing import Seal

        assert self.key is not None  # noqa: S101 # for mypy
        return Seal(self.key.derive(purpose).secret)

    def describe(self) -> dict[str, Any] | None:
        """Return what the manifest says of the profile; None where all is published as captured."""
        if self.is_full or not self.key:
            return None
        said = {"name": self.profile.name, "profile": self.profile.kind} | self.profile.choices
        return said | {"key": self.key.fingerprint, "limits": self.profile.limits}


def open_guard(raw: Path, profile: Profile, published: list[dict[str, Any] | None]) -> Guard:
    """Return the guard of a run under `profile`; `published` is what the manifests in its folder say of theirs.

    Raises:
        ValueError: the folder holds tables of another kind of profile, or the key they were made with is lost.
    """
    for said in published:
        _refuse_other_kind(profile, said)
    said = published[0] if published else None
    if profile.is_full and not profiles.protects_any():
        return Guard(profile)
    if said and keys.find_key(raw, keys.PROFILE) is None:
        raise Mistake(
            f"{keys.locate(raw, keys.PROFILE)}: the key {said['key']} isn't there, by which {_name_made(said)} were "
            "made; put it back, or a new one of 64 hexadecimal digits to give all other ids"
        )
    return Guard(profile, keys.open_key(raw, keys.PROFILE))


def read_published(processed: Path, raw: Path | None = None) -> Published | None:
    """Return what the current manifest says, as `snapshots.read_current`, with the project's key where that is needed.

    `raw` is the project's raw folder, `data/raw` if None. Without the key documents aren't known, and `raw` is empty.
    """
    published = snapshots.read_current(processed)
    if not published or not published.profile:
        return published
    with contextlib.suppress(ValueError):
        key = keys.find_key(raw or paths.home() / "data" / "raw", keys.PROFILE)
        if key:
            guard = Guard(Profile(kind=profiles.PSEUDONYMOUS), key)
            return snapshots.read_current(processed, guard.seal_kept())
    return published


def refuse_protected(published: list[dict[str, Any] | None], purpose: str) -> None:
    """Raise `Mistake` if tables, of which manifests say what is `published`, aren't as captured.

    Raises:
        ValueError: they are protected; `purpose` says why that doesn't do.
    """
    if published and published[0]:
        raise Mistake(
            f"the tables are under the profile {published[0]['name']!r}, and {purpose} as captured: "
            "give --processed with the folder of a full profile"
        )


def _name_made(said: dict[str, Any]) -> str:
    return f"ids of release {said['release']}" if "release" in said else "figures"


def _refuse_other_kind(profile: Profile, said: dict[str, Any] | None) -> None:
    """Raise `Mistake` if tables as captured would lie beside protected ones, or the other way round."""
    if profile.is_full and said:
        raise Mistake(
            f"its processed folder holds tables of the {said['profile']} profile {said['name']!r}; "
            "words and names as captured would be published beside them: choose another folder (--processed)"
        )
    if said and said["profile"] != profile.kind:
        raise Mistake(
            f"its processed folder holds tables of the {said['profile']} profile {said['name']!r}; figures and rows of "
            "people don't lie together: choose another folder (--processed)"
        )
    if not profile.is_full and not said:
        raise Mistake(
            f"the processed folder of the profile {profile.name!r} holds tables as captured, whose snapshots would "
            "stay beside the protected ones: give the profile a folder of its own (`processed`), or remove that one"
        )
