"""What tables are made with (code, queries, vocabulary, priors), and what a run redoes when one of these changes.

In a checkout the code of a room is known by a hash that leaves out docstrings and comments; in a release by
the `VERSION` that the room declares. Standard library only: it runs each time.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from threadmill import paths
from threadmill.fetch.journal import FETCHED
from threadmill.pipeline.code_hashes import CodeHashes
from threadmill.privacy.erasures import ERASED
from threadmill.storage.digests import digest_files

NAMING = "parsed rows"
"""What gives parsed rows their ids and keeps them: pieces of rooms in `BUILDING`."""
_NAMING = ("threads/identify.py", "threads/hosts.py", "schema/frames.py", "storage/buckets.py", "storage/parsed.py",
           "storage/spool.py", "pipeline/reading.py", "pipeline/beside.py", "replies/corrections.py")  # fmt: skip
_NAMING_ROOMS = ("threads", "schema", "storage", "pipeline")
"""In a release, those whose version says the same."""
PARSING = {"read", "sources", NAMING}
"""Rooms that all parsed rows depend on. A format alone is `FORMAT` and its name."""
PROFILE = "profile"
"""What a profile makes of rows: its settings, its key and the code."""
BUILDING = {"threads", "replies", "schema", "storage", "pipeline", PROFILE}
"""Rooms that make published rows of parsed ones."""
MENTIONS = {"mentions", "vocabulary"}
"""What mentions depend on, and of replies the candidates by addressee."""
TOPICS = "topics of the vocabulary"
DATABASE = "DuckDB"
AGGREGATES = {"topics", "models", "sql", TOPICS, DATABASE}
"""What the tables made by SQL depend on, and no other."""
PUBLISHING = {"publish"}
"""What is made of finished tables: the catalog, the manifest, descriptions."""
NOTHING = {
    "__init__", "cli", "docs", "errors", "export", "fetch", "figures", "flows", "measure", "paths", "privacy", "report",
    "schedule", "settings", "wording",
}  # fmt: skip
"""What no table depends on. A room named nowhere here counts as one that parses."""

FORMAT, PRIOR = "format ", "prior of "
"""What a format's code and a platform's row of `platforms.csv` are called, before its name."""
UNUSED_SQL = {"fitting", "report"}
"""Folders of `sql/` whose queries make no table."""
_IS_FORMAT = re.compile(r"^SOURCE(?:: .+)? = ", re.MULTILINE)
"""What each module of `sources/` that reads a format has, and none that several of them share."""
_VERSION = re.compile(r"^VERSION = (\d+)\b", re.MULTILINE)
CODE = (".py", ".npz", ".json")
"""Modules, and the weights of models."""


class Changes(NamedTuple):
    """What isn't made as it was, by what must be done again for it; each a set of names as `take` gives them."""

    parsing: set[str]
    formats: set[str]
    """Names of formats, without `FORMAT`."""
    building: set[str]
    platforms: set[str]
    """Platforms whose prior is another."""
    mentions: set[str]
    aggregates: set[str]
    publishing: set[str]
    erased: set[str]
    """Whether more was erased: what is parsed is gone through, and threads that differ are built."""
    fetched: set[str]
    """Whether more was fetched: the table `fetches` is made again."""

    @property
    def reads_everything(self) -> bool:
        """Whether every document is read again."""
        return bool(self.parsing)

    @property
    def builds_everything(self) -> bool:
        """Whether every thread is built again, from what was parsed."""
        return bool(self.parsing or self.building)

    @property
    def is_publishing_only(self) -> bool:
        """Whether finished tables are described and published again, and nothing else is done."""
        others = self._replace(publishing=set(), fetched=set())
        return bool(self.publishing or self.fetched) and not any(others)

    def sentences(self) -> list[str]:
        """Return what is done again and why, a sentence each."""
        if self.reads_everything:
            return [f"everything is read again: {_why(self.parsing)}"]
        if self.building:
            return [f"all threads are built again: {_why(self.building)}"]
        done = [f"documents of {name} are read again: their code changed" for name in self.formats]
        done += [f"replies on {name} are inferred again: another prior" for name in self.platforms]
        done.sort()
        if self.mentions:
            done.append(f"mentions are found again: {_why(self.mentions)}")
        if self.aggregates:
            done.append(f"models are run again: {_why(self.aggregates)}")
        if self.publishing:
            done.append("the tables are described and published again: the code changed")
        if self.erased:
            done.append("what was erased is taken out")
        if self.fetched:
            done.append("more was fetched")
        return done


DATA = {
    "vocabulary": "the vocabulary",
    "sql": "queries",
    TOPICS: "topics",
    DATABASE: "DuckDB",
    PROFILE: "the profile",
}
"""What isn't a room of the package, in words."""


def _why(names: set[str]) -> str:
    """Return in words that `names`, as `take` gives them, changed."""
    words = [words for name, words in DATA.items() if name in names]
    return f"{' and '.join([*words, *(['the code'] if names - DATA.keys() else [])])} changed"


def take(profile: str = "") -> dict[str, str]:
    """Return what the tables depend on besides the raw documents: a name each, and its hash or version.

    They are the rooms of the package that make tables, each format (`FORMAT` and its name), "sql", "vocabulary",
    `TOPICS`, `DATABASE`, each platform's row of `platforms.csv` (`PRIOR` and its name), and under a `profile`, which
    says what it is, `PROFILE`.
    """
    made_with = _versions() if paths.is_release() else _hashes()
    made_with = made_with | _vocabulary() | {DATABASE: version("duckdb")}
    return made_with | ({PROFILE: f"{profile}, {_know_privacy()}"} if profile else {})


def _know_privacy() -> str:
    """Return the version of the room that profiles are in, in a checkout a hash of its code."""
    room = paths.PACKAGE / "privacy"
    if paths.is_release():
        return f"version {declared_version(room)}"
    known = CodeHashes(paths.CHECKOUT)
    return f"code {known.hash_files(list(_files(room, CODE)), paths.PACKAGE)}"


def select_parsing(made_with: dict[str, str]) -> dict[str, str]:
    """Return what of `made_with` parsed rows depend on."""
    no_others = BUILDING | MENTIONS | AGGREGATES | PUBLISHING
    return {
        name: known
        for name, known in made_with.items()
        if name not in no_others and name != FETCHED and not name.startswith(PRIOR)
    }


def compare(before: dict[str, str], now: dict[str, str]) -> Changes:
    """Return what differs between two results of `take`."""
    others = {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}
    formats = {name for name in others if name.startswith(FORMAT)}
    priors = {name for name in others if name.startswith(PRIOR)}
    known = BUILDING | MENTIONS | AGGREGATES | PUBLISHING | formats | priors | {ERASED, FETCHED}
    return Changes(
        others - known,
        {name.removeprefix(FORMAT) for name in formats},
        others & BUILDING,
        {name.removeprefix(PRIOR) for name in priors},
        others & MENTIONS,
        others & AGGREGATES,
        others & PUBLISHING,
        others & {ERASED},
        others & {FETCHED},
    )


def rooms() -> Iterator[tuple[str, Path]]:
    """Yield the name and place of each room and of each format that tables depend on."""
    for path in _children(paths.PACKAGE):
        if path.stem not in NOTHING:
            yield path.stem, path
    for path in _children(paths.PACKAGE / "sources"):
        if _IS_FORMAT.search(_read(path)):
            yield FORMAT + path.stem, path


def _children(package: Path) -> list[Path]:
    """Return the modules and packages in the folder of a package."""
    return [
        path
        for path in sorted(package.iterdir())
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    ]


def _read(room: Path) -> str:
    """Return the code of a module, or of a package's `__init__`."""
    return (room if room.is_file() else room / "__init__.py").read_text(encoding="utf-8")


# In a release: what rooms declare.


def _versions() -> dict[str, str]:
    """Return the version that each room and format declares; `models` speaks for `sql/` too."""
    places = dict(rooms())
    versions = {name: f"version {declared_version(path)}" for name, path in places.items()}
    return versions | {NAMING: ", ".join(versions[name] for name in _NAMING_ROOMS)}


def declared_version(room: Path) -> int:
    """Return the `VERSION` that the module or package at `room` declares, without importing it; 1 if it doesn't."""
    found = _VERSION.search(_read(room))
    return int(found[1]) if found else 1


# In a checkout: hashes of code.


def _hashes() -> dict[str, str]:
    """Return a hash of the code of each room and format, and of the queries."""
    known = CodeHashes(paths.CHECKOUT)
    places = dict(rooms())
    formats = [path for name, path in places.items() if name.startswith(FORMAT)]
    hashes = {}
    for name, path in places.items():
        files = [path] if path.is_file() else list(_files(path, CODE))
        if name == "sources":
            files = [one for one in files if not {one, *one.parents}.intersection(formats)]
        hashes[name] = known.hash_files(files, paths.PACKAGE)
    naming = [path for name in _NAMING if (path := paths.PACKAGE / name).is_file()]
    hashes[NAMING] = known.hash_files(naming, paths.PACKAGE)
    sql = paths.sql_folder()
    queries = [one for one in _files(sql, (".sql",)) if one.parent.name not in UNUSED_SQL]
    hashes["sql"] = known.hash_files(queries, sql)
    known.keep()
    return hashes


def _files(folder: Path, endings: tuple[str, ...]) -> Iterator[Path]:
    """Yield the files below `folder` with one of `endings`."""
    for inner, _, names in os.walk(folder):
        yield from (Path(inner, name) for name in names if name.endswith(endings))


# Anywhere: the vocabulary.


def _vocabulary() -> dict[str, str]:
    """Return what the vocabulary is, by what depends on its parts."""
    folder = paths.vocabulary_folder()
    files = [path for path in folder.rglob("*") if path.is_file()]
    priors = folder / paths.PRIORS
    topics = [path for path in files if path.name in paths.TOPIC_FILES]
    terms = [path for path in files if path != priors and path.name not in paths.TOPIC_FILES]
    return {
        "vocabulary": digest_files(terms) + _dictionaries(),
        TOPICS: digest_files(topics),
    } | {
        PRIOR + platform: hashlib.sha256(row.encode()).hexdigest()
        for platform, row in (_rows(priors) if priors.is_file() else ())
    }


def _dictionaries() -> str:
    """Return which PyICU is installed, if one is: terms in scripts without spaces depend on it."""
    try:
        return f" PyICU {version('PyICU')}"
    except PackageNotFoundError:
        return ""


def _rows(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line of the CSV at `path` by what its first cell says, the heading with it."""
    heading, *lines = path.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    for line in lines:
        yield line.partition(",")[0].strip(' "'), f"{heading}\n{line}"
