"""All settings: where each may be given (flag, variable, `threadmill.toml`), and its default.

Standard library only. A new setting is one entry in `SETTINGS`.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from threadmill import paths
from threadmill.errors import Mistake
from threadmill.wording import did_you_mean

FILE = "threadmill.toml"
PROFILES = "profiles"
"""The table of the file whose entries, `[profiles.NAME]`, `privacy.profiles` reads."""
PREFIX = "THREADMILL_"
_NAME = re.compile(r"\w[\w-]*", re.ASCII)
_DAYS = re.compile(r"([1-9]\d{0,4})d")
_CONTACT = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+|https?://[^\s/]+\S*", re.ASCII)
_HOST = re.compile(r"[\w.:-]+")
_MEMORY = re.compile(r"\d+(\.\d+)?\s*([KMGT]i?B|B|%)", re.IGNORECASE)


class Setting(NamedTuple):
    """One thing that can be set."""

    name: str
    default: Any
    """None where the program decides; `otherwise` says how."""
    parse: Callable[[Any], Any]
    """Turns what the file has, or the text of a variable, into the value; raises `ValueError` with what it must be."""
    meaning: str
    example: str
    """As the file writes it."""
    otherwise: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{PREFIX}{self.name.upper()}"


class Chosen(NamedTuple):
    """The value of a setting and where it comes from."""

    value: Any
    origin: str
    """`flag`, the variable's name, `threadmill.toml` or `default`."""


def _parse_whole_number(given: Any) -> int:
    number = int(given) if isinstance(given, str) and given.isdecimal() else given
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise ValueError("is not a whole number from 1 up")
    return number


def _parse_factor(given: Any) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = 0
    if isinstance(given, bool) or not 1 <= number < float("inf"):
        raise ValueError("is not a number from 1 up")
    return number


def _parse_text(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError("is no folder and not none")
    return given.strip()


def _parse_name(given: Any) -> str:
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        raise ValueError("is no name of letters, digits, - and _")
    return given


def _parse_names(given: Any) -> tuple[str, ...]:
    names = tuple(one.strip() for one in given.split(",")) if isinstance(given, str) else given
    if not isinstance(names, tuple) or not all(map(_NAME.fullmatch, names)):
        raise ValueError("is no list of names; write it as a, b")
    return names


def _parse_days(given: Any) -> int:
    if not isinstance(given, str) or not (found := _DAYS.fullmatch(given.strip())):
        raise ValueError("is no number of days; write it as 180d")
    return int(found[1])


def _parse_contact(given: Any) -> str:
    said = given.strip() if isinstance(given, str) else ""
    if not _CONTACT.fullmatch(said):
        raise ValueError("is no mail address and no address of a page")
    return said


def _parse_delay(given: Any) -> float:
    try:
        return _parse_factor(given)
    except ValueError:
        raise ValueError("is not a number of seconds from 1 up") from None


def _parse_hosts(given: Any) -> tuple[str, ...]:
    hosts = given.replace(",", " ").split() if isinstance(given, str) else given
    if not isinstance(hosts, list) or not all(
        isinstance(one, str) and _HOST.fullmatch(one) for one in hosts
    ):
        raise ValueError('is no list of hosts; write it as ["forum.internal", "127.0.0.1"]')
    return tuple(one.lower() for one in hosts)


def _parse_memory(given: Any) -> str:
    if not isinstance(given, str) or not _MEMORY.fullmatch(given.strip()):
        raise ValueError("is no amount; write it as 4GB or 50%")
    return given.strip()


SETTINGS = {
    setting.name: setting
    for setting in (
        Setting(
            "keep",
            3,
            _parse_whole_number,
            "How many snapshots are kept, however old; those younger than a day are kept besides.",
            "3",
        ),
        Setting(
            "keep_size",
            4.0,
            _parse_factor,
            "How many times the size of the current snapshot all of them may take together before the oldest go, "
            "whatever `keep` says.",
            "4",
        ),
        Setting(
            "jobs", None, _parse_whole_number, "How many processes and threads a run uses at once.", "2", "all cores"
        ),
        Setting(
            "memory",
            None,
            _parse_memory,
            "How much memory the queries of a run may take.",
            '"4GB"',
            "what the data need, at most half of the machine's",
        ),
        Setting(
            "store",
            None,
            _parse_text,
            "The folder where what was parsed is kept from run to run, so that a run reads what changed; `none` keeps "
            "nothing and reads everything.",
            '"none"',
            "`parsed` beside a raw folder called `raw`, else `<raw folder>-parsed`",
        ),
        Setting(
            "retain",
            None,
            _parse_days,
            "For how many days threads stay after their last capture; a run erases older ones, as `threadmill erase "
            "--expired`.",
            '"180d"',
            "until they are erased",
        ),
        Setting(
            "keys",
            None,
            _parse_text,
            "The folder of the project's keys, outside of its data; only profiles and erasures have any.",
            '"/safe/keys"',
            "`~/.config/threadmill/keys`",
        ),
        Setting(
            "profile",
            None,
            _parse_name,
            "Which of the file's profiles `[profiles.NAME]` runs publish under, and other commands read.",
            '"study"',
            "none: all as captured",
        ),
        Setting(
            "fetch_contact",
            None,
            _parse_contact,
            "How a fetched site can reach you: a mail address, or a page that gives one. It is in each request.",
            '"you@example.org"',
            "none: `threadmill fetch` asks for it",
        ),
        Setting(
            "fetch_delay",
            2.0,
            _parse_delay,
            "How many seconds pass between two requests to one host, at least 1; more if its robots.txt asks for it.",
            "5",
        ),
        Setting(
            "fetch_size",
            64,
            _parse_whole_number,
            "Largest answer in MiB; also the limit for all pages of a thread together.",
            "64",
        ),
        Setting(
            "fetch_private",
            None,
            _parse_hosts,
            "Hosts in your own network or on this machine that may be fetched; all others there are refused.",
            '["forum.internal"]',
            "none",
        ),
        Setting(
            "publish",
            (),
            _parse_names,
            "Which further profiles a run publishes in the same pass, each in its own folder: names with commas, or "
            "`all`.",
            '"study, figures"',
            "none",
        ),
    )
}  # fmt: skip


def choose(name: str, flag: Any = None) -> Chosen:
    """Return the value of the setting `name` and where it comes from: `flag` if given, variable, file, default.

    Raises:
        ValueError: the variable's or the file's value can't be, or the file has a key that isn't a setting.
    """
    setting = SETTINGS[name]
    said = read_file()
    if flag is not None:
        return Chosen(flag, "flag")
    if given := os.environ.get(setting.variable):
        return Chosen(_parsed(setting, given, setting.variable, ""), setting.variable)
    if name in said:
        return Chosen(said[name], FILE)
    return Chosen(setting.default, "default")


def value(name: str, flag: Any = None) -> Any:
    """Return the value of the setting `name`, as `choose`."""
    return choose(name, flag).value


def count_jobs(flag: int | None = None) -> int:
    """Return how many processes and threads may work: as `value`, all cores where nothing says so."""
    return value("jobs", flag) or paths.cores()


def read_file() -> dict[str, Any]:
    """Return what the project's `threadmill.toml` sets; nothing without a project or without the file.

    Raises:
        ValueError: it isn't TOML, has a key that isn't a setting, or a value that can't be.
    """
    path, said = _read_toml()
    for key in said:
        if key not in SETTINGS and key != PROFILES:
            hint = did_you_mean(key, SETTINGS, "`threadmill settings` lists them")
            raise Mistake(f'{path}: key "{key}" is not known; {hint}')
    return {
        key: _parsed(SETTINGS[key], given, str(path), f"{key} ")
        for key, given in said.items()
        if key != PROFILES
    }


def read_profiles() -> dict[str, dict[str, Any]]:
    """Return the tables `[profiles.NAME]` of the project's `threadmill.toml` by their names, as they stand there.

    Raises:
        ValueError: as `read_file`, or a profile is no table or has no name of letters, digits, - and _.
    """
    path, said = _read_toml()
    tables = said.get(PROFILES, {})
    if not isinstance(tables, dict) or not all(isinstance(one, dict) for one in tables.values()):
        raise Mistake(f"{path}: {PROFILES}: each is a table of its own, such as [{PROFILES}.study]")
    for name in tables:
        if not _NAME.fullmatch(name):
            raise Mistake(f"{path}: {PROFILES}.{name!r} is no name of letters, digits, - and _")
    return tables


def find_processed(name: str) -> Path:
    """Return the processed folder of the profile `name`: its `processed`, else `data/processed-NAME`.

    Raises:
        ValueError: there is no such profile, or its folder is no text.
    """
    tables = read_profiles()
    place = paths.home() / FILE
    if name not in tables:
        others = f"there are {', '.join(sorted(tables))}" if tables else "the file has none"
        hint = did_you_mean(name, tables, others)
        raise Mistake(f'{place}: profile "{name}" is not known; {hint}')
    given = tables[name].get("processed", f"data/processed-{name}")
    if not isinstance(given, str) or not given.strip():
        raise Mistake(f"{place}: {PROFILES}.{name}.processed {given!r} is no folder")
    return Path(os.path.realpath(paths.home() / given.strip()))


def _read_toml() -> tuple[Path, dict[str, Any]]:
    """Return the project's `threadmill.toml` and what it says; nothing where there is none."""
    try:
        path = paths.home() / FILE
    except ValueError:
        # Outside of projects; a command that needs one says so itself.
        return Path(FILE), {}
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return path, {}
    except UnicodeDecodeError:
        raise Mistake(f"{path}: not UTF-8; save it so") from None
    # Only where there is a file: importing it takes longer than all else here.
    import tomllib

    try:
        return path, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"{path}: not valid TOML: {error}") from None


def _parsed(setting: Setting, given: Any, place: str, key: str) -> Any:
    try:
        return setting.parse(given)
    except ValueError as error:
        raise Mistake(f"{place}: {key}{given!r} {error}") from None


def show(given: Any) -> str:
    """Return a value as people read it."""
    if isinstance(given, tuple):
        return ", ".join(given)
    return f"{given:g}" if isinstance(given, float) else str(given)


def template() -> str:
    """Return the `threadmill.toml` of a new project: every setting with its meaning, none set."""
    lines = [
        "# Settings of this project; flags and variables win. `threadmill settings` shows the values in effect.",
    ]
    for setting in SETTINGS.values():
        default = setting.otherwise or show(setting.default)
        lines += [
            "",
            f"# {setting.meaning} Default: {default}.",
            f"# {setting.name} = {setting.example}",
        ]
    lines += [
        "",
        "# Tables [profiles.NAME] say what of people's words and names is published, and where:",
        "# threadmill help privacy.",
    ]
    return "\n".join(lines) + "\n"


def page() -> str:
    """Return the Markdown table of all settings, for the documentation."""
    rows = ["| Setting | Variable | Default | Meaning |", "|---|---|---|---|"]
    for one in SETTINGS.values():
        default = one.otherwise or f"`{show(one.default)}`"
        rows.append(f"| `{one.name}` | `{one.variable}` | {default} | {one.meaning} |")
    return "\n".join(rows) + "\n"
