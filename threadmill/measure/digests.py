"""Check that rows changed since the last release only where a `VERSION` did, by digests of what each stage makes.

    python -m threadmill.measure.digests            compare with tests/digests/digests.json
    python -m threadmill.measure.digests --bless    and write it, for a release

A release knows by the declared versions what a run must redo, so rows may not change without. The documents
are those of `tests/digests/raw`, the cases of `tests/sources` and the sample; it needs a checkout.
"""

import argparse
import hashlib
import json
import math
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import mentions, paths, pipeline, schema, sources
from threadmill.pipeline import fingerprint
from threadmill.publish import snapshots
from threadmill.read import documents, sidecars
from threadmill.read.discover import discover, find_sidecars
from threadmill.schema.frames import Parsed
from threadmill.storage import tables
from threadmill.threads import build, identify

FOLDER = paths.CHECKOUT / "tests" / "digests"
STORED = FOLDER / "digests.json"
CASES = paths.CHECKOUT / "tests" / "sources"
DIGITS = 6
"""Floats count to this many significant digits: the last ones depend on the processor."""
HASH_CHARS = 12
STAGES = {
    "parsed": ("read", "sources"),
    "built": tuple(sorted(fingerprint.BUILDING)),
    "mentioned": ("mentions",),
    "aggregated": ("models", "topics"),
    "published": ("publish",),
}
"""Each stage → the rooms whose version may say that its rows are others; the first also has that of the format."""
RUN_TABLES = {"runs"}
"""Tables that differ from run to run."""


class Digests(NamedTuple):
    """What the stages make of the documents, and with which versions."""

    surroundings: str
    """What is installed that rows depend on."""
    versions: dict[str, int]
    """Of each room and format."""
    vocabulary: str
    documents: dict[str, dict[str, str]]
    """Each document → `content` and `format`, and the digests `parsed`, `built` and `mentioned`."""
    tables: dict[str, str]
    """Each table made by SQL of all documents in `tests/digests/raw`, and of the sample."""
    published: str
    """What describes them."""


def digest_stages() -> Digests:
    """Return the digests of this checkout."""
    packs = mentions.read_packs(paths.shipped_vocabulary())
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        found = dict(_digest_documents(_copy_cases(place / "cases"), packs))
        raw = place / "raw"
        shutil.copytree(FOLDER / "raw", raw)
        shutil.copytree(paths.CHECKOUT / "data" / "raw", raw, dirs_exist_ok=True)
        found |= _digest_documents(raw, packs)
        pipeline.run(raw, place / "processed", jobs=1)
        snapshot = snapshots.locate_current(place / "processed")
        made = {
            name: digest_frames([pl.concat(map(pl.read_parquet, tables.files(snapshot, name)))])
            for name in sorted(schema.TABLES.keys() - set(schema.parsed_tables()) - RUN_TABLES)
        }
        published = _digest_text(json.dumps(_describe(snapshot), sort_keys=True))
    return Digests(
        _list_surroundings(),
        {name: fingerprint.declared_version(path) for name, path in fingerprint.rooms()},
        _digest_text(fingerprint.take()["vocabulary"]),
        dict(sorted(found.items())),
        made,
        published,
    )


def _list_surroundings() -> str:
    """Return which of the libraries are installed that only find more where they are."""
    known = [f"{name} {'is' if find_spec(name) else 'not'} installed" for name in ("icu", "pycld2")]
    return ", ".join(known)


def _copy_cases(raw: Path) -> Path:
    """Copy each case of a source to a raw folder, one document under the case's name."""
    for case in CASES.glob("*/*"):
        for path in case.glob("raw.*"):
            place = raw / case.parent.name / path.name.replace("raw", case.name, 1)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, place)
    return raw


def _digest_documents(raw: Path, packs: mentions.Packs) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each document below `raw` and what the stages make of it alone."""
    for document in discover(raw, {}).documents:
        texts, unreadable = documents.load(raw, [document])
        parsed = sources.parse(texts)
        facts = [(document, sidecars.read_sidecars(find_sidecars(raw, document)))]
        rows = identify.identify_rows(parsed, identify.collect_facts(facts))
        built = build.build_threads(rows, packs)
        is_inferred = pl.col("is_inferred")
        yield (
            document.path,
            {
                "content": f"{document.sha256[:HASH_CHARS]} {document.sidecar_sha256[:HASH_CHARS]}",
                "format": _name_format(parsed),
                "parsed": digest_frames([unreadable, *parsed]),
                "built": digest_frames(
                    [
                        built.threads,
                        built.comments,
                        built.replies,
                        built.reply_candidates.filter(is_inferred),
                        built.captures,
                        built.left_out,
                    ]
                ),
                "mentioned": digest_frames(
                    [
                        built.mentions,
                        built.mention_candidates,
                        built.reply_candidates.filter(~is_inferred),
                    ]
                ),
            },
        )


def _name_format(parsed: Parsed) -> str:
    """Return which format read a document, empty if none did."""
    known = parsed.threads["source_format"].to_list()
    return sources.find_module(known[0]) if known else ""


def digest_frames(frames: Iterable[pl.DataFrame]) -> str:
    """Return a digest of the names and values of `frames`."""
    rows = [(frame.columns, [[*map(_round, row)] for row in frame.rows()]) for frame in frames]
    return _digest_text(repr(rows))


def _round(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else repr(value)
    return value


def _digest_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_CHARS]


PASSING = {
    "bytes",
    "hash",
    "created",
    "version",
    "id",
    "run_id",
    "published_at",
    "mtime_ns",
    "sha256",
}
"""Keys whose values differ from run to run."""


def _describe(snapshot: Path) -> Any:
    """Return what describes the tables of `snapshot`: their names, the data package, the keys of the manifest."""

    def lasting(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: lasting(inner) for key, inner in value.items() if key not in PASSING}
        return [lasting(inner) for inner in value] if isinstance(value, list) else value

    package = json.loads((snapshot / snapshots.DATAPACKAGE).read_bytes())
    manifest = json.loads((snapshot / snapshots.MANIFEST).read_bytes())
    files = sorted(path.relative_to(snapshot).as_posix() for path in snapshot.rglob("*"))
    return [files, lasting(package), sorted(manifest)]


def find_unversioned_changes(stored: Digests, now: Digests) -> list[str]:
    """Return where rows aren't as `stored` though neither their input nor a version is another, a sentence each.

    What follows from other rows may be other itself: of each document only the first stage that differs counts.
    """
    changed: dict[tuple[str, ...], list[str]] = {}
    is_same_vocabulary = stored.vocabulary == now.vocabulary
    raised = {name for name in now.versions if stored.versions.get(name) != now.versions[name]}
    named = (name for name in now.versions if name.startswith(fingerprint.FORMAT))
    all_formats = {name.removeprefix(fingerprint.FORMAT) for name in named}
    for path, before, after in _list_pairs(stored, now):
        # What no format read, any may have refused.
        formats = {before["format"], after["format"]} - {""} or all_formats
        parsers = (*STAGES["parsed"], *(fingerprint.FORMAT + name for name in sorted(formats)))
        stages = [("parsed", parsers), ("built", STAGES["built"])]
        stages += [("mentioned", STAGES["mentioned"])] if is_same_vocabulary else []
        for stage, rooms in stages:
            if before[stage] != after[stage]:
                if not raised.intersection(rooms):
                    changed.setdefault((stage, *rooms), []).append(path)
                break
    is_same_input = is_same_vocabulary and stored.documents == now.documents
    others = [name for name in now.tables if stored.tables.get(name) != now.tables[name]]
    if is_same_input and others and not raised.intersection(STAGES["aggregated"]):
        changed["aggregated", *STAGES["aggregated"]] = others
    is_described = raised.intersection({*STAGES["published"], *STAGES["built"]})
    if is_same_input and stored.published != now.published and not is_described:
        changed["published", *STAGES["published"]] = ["descriptions"]
    return [
        f"what is {stage} changed ({_list_some(names)}): raise VERSION of what you changed, one of {', '.join(rooms)}"
        for (stage, *rooms), names in changed.items()
    ]


def _list_pairs(
    stored: Digests, now: Digests
) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Yield the documents that are the same, and what the stages made and make of them."""
    for path, after in now.documents.items():
        before = stored.documents.get(path)
        if before and before["content"] == after["content"]:
            yield path, before, after


def _list_some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def main() -> int:
    """Compare with what the last release made; return 1 if rows changed without a version."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--bless",
        action="store_true",
        help="store the digests of this checkout, which is a release",
    )
    is_blessed = parser.parse_args().bless
    if not CASES.is_dir():
        sys.stderr.write(f"{CASES}: not there; digests are taken in a checkout\n")
        return 1
    now = digest_stages()
    stored = Digests(**json.loads(STORED.read_bytes())) if STORED.is_file() else None
    if stored and stored.surroundings != now.surroundings:
        sys.stdout.write(
            f"not compared: taken with {stored.surroundings}, here is {now.surroundings}\n"
        )
        return 0
    faults = find_unversioned_changes(stored, now) if stored else []
    for sentence in faults:
        sys.stderr.write(f"{sentence}\n")
    if faults:
        return 1
    if is_blessed:
        text = json.dumps(now._asdict(), indent=1, ensure_ascii=False)
        STORED.write_text(f"{text}\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
