"""Report the state of a project and what to do next, and start new projects. Standard library only."""

import contextlib
import getpass
import sys
from pathlib import Path
from typing import NamedTuple

from threadmill import paths, settings
from threadmill.pipeline import status
from threadmill.privacy.guard import read_published
from threadmill.privacy.profiles import AGGREGATE
from threadmill.publish import snapshots
from threadmill.read import discover
from threadmill.wording import counted

EXAMPLE = Path(__file__).with_name("example.txt")
"""An invented thread that `begin` can add to a new project."""
IGNORED = (
    "/data/parsed/\n/data/erased/\n/data/fetched/\n/data/released/\n/data/processed/\n/data/processed-*/\n"
    "/report.html\n.prefect/\n"
)
UNITS = ("threadmill.service", "threadmill-worker.service")
GIVEN_VOCABULARY = (
    "kinds.csv",
    "generic/pack.toml",
    "generic/terms.csv",
    "generic/topics.csv",
)
"""The files of `data/vocabulary` that a new project gets."""
RAW_README = """# Raw threads

One file per thread, as captured: `<platform>/<thread>.txt` (or `.md`, `.json`, `.html` …). `threadmill formats` lists
the known formats, `threadmill inspect FILE` shows how a file is read.

`<platform>/<thread>.toml` beside it says what the page doesn't: `host`, `title`, `url`, `publication`, `captured_at`,
`timezone`. `threadmill add FILE --platform P --host NAME` writes both.

`<thread>@2026-01-05.txt` is a later capture of `<thread>`.
"""


class Standing(NamedTuple):
    """The state of a project."""

    lines: list[tuple[str, str]]
    """Label and text, one pair per line."""
    steps: list[tuple[str, str]]
    """What to do next: the arguments of a command, and what it is for."""


def read_standing(processed: Path | None = None) -> Standing:
    """Return the state of the current project; outside any project, how to begin.

    Raises:
        ValueError: `THREADMILL_HOME` isn't a folder.
    """
    try:
        home = paths.home()
    except ValueError as error:
        if str(error).startswith("THREADMILL_HOME"):
            raise
        steps = [
            ("init DIR", "start a project in a new folder"),
            ("init DIR --example", "with an invented thread in it, to look around"),
            ("formats", "what is understood"),
        ]
        return Standing([("Project", f"none: no data/raw in {Path.cwd()} or above")], steps)
    state = status.read(snapshots.locate_processed(processed))
    waiting = _count_waiting(home / "data" / "raw", Path(state.processed))
    shown = [("Project", str(home)), ("Raw", waiting.text)]
    if state.run_id:
        without = {"Tables"} if state.schedule else {"Tables", "State", "Schedule"}
        shown += [line for line in status.lines(state) if line[0] not in without]
    steps = []
    if waiting.is_empty:
        steps.append(("add PAGE.txt --platform substack --host NAME", "bring a thread in"))
        steps.append(("formats", "what is understood"))
    elif not state.run_id or waiting.new_count or state.is_last_failed or state.is_stale:
        steps.append(
            ("run", "mill what is new" if state.run_id else "mill the raw threads into tables")
        )
    if state.run_id:
        published = snapshots.read_profiles(Path(state.processed))[:1]
        has_rows = not any(said and said["profile"] == AGGREGATE for said in published)
        if has_rows and state.figures and state.figures["threads"]:
            steps.append(("report", "look at the threads: one HTML file"))
        steps += [("sql", "ask questions"), ("tables", "see what there is to ask about")]
    return Standing(shown, steps)


class _Waiting(NamedTuple):
    is_empty: bool
    new_count: int
    text: str


def _count_waiting(raw: Path, processed: Path) -> _Waiting:
    """Return how much of `raw` differs from what is published."""
    published = read_published(processed, raw)
    known = published.documents if published else {}
    if not published:
        count = sum(1 for _ in discover.list_files(raw))
        return _Waiting(not count, count, counted(count, "file") if count else "nothing yet")
    if not published.raw:
        return _Waiting(is_empty=False, new_count=0, text="not told without the profile's key")
    changed = status.count_waiting(raw, published)
    text = f"{counted(len(known), 'document')} published"
    text += f", {changed:,} new, changed or gone since" if changed else ", nothing new"
    return _Waiting(not known and not changed, changed, text)


def _fill_unit(name: str, folder: Path) -> str:
    """Return the systemd unit `name` for the project in `folder`, this user and this installation."""
    text = paths.service_file(name).read_text(encoding="utf-8")
    commands = Path(sys.executable).parent
    text = text.replace("/srv/threadmill/.venv/bin", str(commands))
    text = text.replace("/srv/threadmill", str(folder))
    # A user without a name: the unit keeps the one that it has.
    with contextlib.suppress(OSError, KeyError, ImportError):
        text = text.replace("User=threadmill", f"User={getpass.getuser()}")
    return text


def begin(folder: Path, example: bool) -> list[Path]:
    """Make a project in `folder` and return the files written; `example` adds an invented thread.

    From the vocabulary it gets only the pack of everyday words, to change or delete: topics of other fields don't
    concern it.

    Raises:
        ValueError: there is a project already, or `folder` is a file.
    """
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder}: is a file; init makes a folder")
    raw = folder / "data" / "raw"
    if raw.exists():
        raise ValueError(f"{folder}: is a project already; it has data/raw")
    written = {raw / "README.md": RAW_README}
    if not (folder / ".gitignore").exists():
        written[folder / ".gitignore"] = IGNORED
    if example:
        written[raw / "substack" / "example.txt"] = EXAMPLE.read_text(encoding="utf-8")
        written[raw / "substack" / "example.toml"] = (
            'host = "Wim Molenaar"\ntitle = "Of millstones"\n'
        )
    from threadmill.fetch import watch

    if not watch.find_file(raw).exists():
        written[watch.find_file(raw)] = watch.TEMPLATE
    shipped, own = paths.shipped_vocabulary(), folder / "data" / "vocabulary"
    if not own.exists():
        for name in GIVEN_VOCABULARY:
            written[own / name] = (shipped / name).read_text(encoding="utf-8")
    if not (folder / settings.FILE).exists():
        written[folder / settings.FILE] = settings.template()
    if not (folder / "prefect.yaml").exists():
        written[folder / "prefect.yaml"] = paths.service_file("prefect.yaml").read_text("utf-8")
    for unit in UNITS:
        if not (folder / "systemd" / unit).exists():
            written[folder / "systemd" / unit] = _fill_unit(unit, folder.resolve())
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(written)
