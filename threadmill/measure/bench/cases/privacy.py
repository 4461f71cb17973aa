"""What a profile costs: the same documents as captured and pseudonymous, on one core, each with its own store."""

import os
from pathlib import Path

from threadmill.measure.bench.cases.base import case

PROFILE = '[profiles.bench]\nprofile = "pseudonymous"\nrelease = "bench"\n'


def _run(raw: Path, folder: Path, profile: str | None) -> None:
    from threadmill import pipeline, settings

    folder.mkdir()
    (folder / settings.FILE).write_text(PROFILE if profile else "", encoding="utf-8")
    own = {"HOME": folder, "KEYS": folder / "keys", "STORE": folder / "parsed"}
    os.environ.update({f"{settings.PREFIX}{name}": str(path) for name, path in own.items()})
    pipeline.run(raw, folder / "processed", jobs=1, profile=profile)


@case(by_default=False)
def as_captured(raw: Path, scratch: Path) -> None:
    """Run without any profile."""
    _run(raw, scratch / "as_captured", None)


@case(by_default=False, against="as_captured", after=("as_captured",))
def pseudonymous(raw: Path, scratch: Path) -> None:
    """Run under the profile `pseudonymous`: keyed ids, masked names, a sealed store."""
    _run(raw, scratch / "pseudonymous", "bench")
