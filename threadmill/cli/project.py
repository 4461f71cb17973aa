"""Where a project stands and what to do next; and how a new one begins. Standard library only."""

from pathlib import Path
from typing import NamedTuple

from threadmill import paths, settings
from threadmill.pipeline import status
from threadmill.publish import snapshots
from threadmill.read import discover
from threadmill.wording import counted

EXAMPLE = Path(__file__).with_name("example.txt")
"""An invented thread, which `begin` can put into a new project."""
IGNORED = "/data/parsed/\n/data/processed/\n/report.html\n.prefect/\n"
GIVEN_VOCABULARY = ("kinds.csv", "generic/pack.toml", "generic/terms.csv")
"""What a new project gets of `data/vocabulary`."""
RAW_README = """# Raw threads

One file a thread, as captured: `<platform>/<thread>.txt` (or `.md`, `.json`, `.html` …). `threadmill formats` lists
what is understood, `threadmill inspect FILE` shows what a file is taken for.

`<platform>/<thread>.toml` beside it says what the page doesn't: `host`, `title`, `url`, `publication`, `captured_at`,
`timezone`. `threadmill add FILE --platform P --host NAME` writes both.

`<thread>@2026-01-05.txt` is a later capture of `<thread>`.
"""


class Standing(NamedTuple):
    """Where a project stands."""

    said: list[tuple[str, str]]
    """Label and text, a line each."""
    steps: list[tuple[str, str]]
    """What to do next: a command without its name, and what it is for."""


def standing(processed: Path | None = None) -> Standing:
    """Return where the project at hand stands; in a folder that is none, how to begin.

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
    said = status.read(snapshots.locate_processed(processed))
    waiting = _waiting(home / "data" / "raw", Path(said.processed))
    shown = [("Project", str(home)), ("Raw", waiting.text)]
    if said.run_id:
        without = {"Tables"} if said.schedule else {"Tables", "State", "Schedule"}
        shown += [line for line in status.lines(said) if line[0] not in without]
    steps = []
    if waiting.is_empty:
        steps.append(("add PAGE.txt --platform substack --host NAME", "bring a thread in"))
        steps.append(("formats", "what is understood"))
    elif not said.run_id or waiting.new_count or said.is_last_failed or said.is_stale:
        steps.append(
            ("run", "mill what is new" if said.run_id else "mill the raw threads into tables")
        )
    if said.run_id:
        if said.figures and said.figures["threads"]:
            steps.append(("report", "look at the threads: one HTML file"))
        steps += [("sql", "ask questions"), ("tables", "see what there is to ask about")]
    return Standing(shown, steps)


class _Waiting(NamedTuple):
    is_empty: bool
    new_count: int
    text: str


def _waiting(raw: Path, processed: Path) -> _Waiting:
    """Return how much of `raw` differs from what is published."""
    published = snapshots.read_current(processed)
    known = published.documents if published else {}
    if not published:
        count = sum(1 for _ in discover.list_files(raw))
        return _Waiting(not count, count, counted(count, "file") if count else "nothing yet")
    found = discover.discover(raw, known).documents
    differing = discover.list_contents(found) ^ discover.list_contents(known.values())
    changed = len({path for path, *_ in differing})
    text = counted(len(found), "document")
    text += (
        f", {changed:,} new, changed or gone since the last run" if changed else ", all published"
    )
    return _Waiting(not found and not known, changed, text)


def begin(folder: Path, example: bool) -> list[Path]:
    """Make a project in `folder` and return the files written; `example` puts an invented thread in.

    Of the vocabulary it gets the pack of everyday words, to change or delete: topics of others are none of its own.

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
    shipped, own = paths.shipped_vocabulary(), folder / "data" / "vocabulary"
    if not own.exists():
        for name in GIVEN_VOCABULARY:
            written[own / name] = (shipped / name).read_text(encoding="utf-8")
    if not (folder / settings.FILE).exists():
        written[folder / settings.FILE] = settings.template()
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(written)
