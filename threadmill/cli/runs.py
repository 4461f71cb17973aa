"""Commands that run Threadmill: the project's state, init, run, settings, serve, status, check, prune."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from threadmill import paths, pipeline
from threadmill import settings as preferences
from threadmill.cli import project
from threadmill.cli.base import FAILED, InProfile, Processed, Raw, app, set_while_running
from threadmill.cli.output import (
    print_columns,
    print_heading,
    print_json,
    print_labelled,
    print_table,
    say,
    watch,
)
from threadmill.errors import RunFailed
from threadmill.models import summary
from threadmill.pipeline import status as freshness
from threadmill.publish import locking, snapshots
from threadmill.schedule import environment
from threadmill.schedule import serve as serving
from threadmill.wording import counted, make_safe


def _choose_profiles(context: typer.Context, names: list[str] | None) -> list[str] | None:
    # For a flow run too, which takes no names of folders and profiles from an API.
    if names:
        set_while_running(context, "profile", names[0])
        set_while_running(context, "publish", ",".join(names[1:]) or "none")
    return names


@app.command()
def run(
    raw: Raw = None,
    processed: Processed = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Processes and threads at once [the setting, else all cores]."),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if anything is rejected.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            callback=_choose_profiles,
            help="Publish under [profiles.NAME] of threadmill.toml; repeat it for several in one pass [the settings].",
        ),
    ] = None,
) -> None:
    """Mill the raw threads into tables and publish them.

    Only what changed is read. Readers see the old tables until the new ones, of all profiles that it publishes under,
    are complete and checked; if the run fails, they stay. Where PREFECT_API_URL is set, it runs as the Prefect flow
    `refresh`.
    """
    preferences.read_file()
    places = (raw or paths.home() / "data" / "raw", snapshots.locate_processed(processed))
    try:
        if os.environ.get("PREFECT_API_URL"):
            # First, because importing Prefect takes seconds.
            environment.require_answer()
            from threadmill.schedule import once

            result = once.run(*places, jobs=jobs, full=full, strict=strict)
        else:
            result = _run_with_progress(*places, jobs, full, strict)
    except ValueError as error:
        raise RunFailed(str(error)) from None
    if as_json:
        others = [_dump(one) for one in result.others]
        print_json(_dump(result) | ({"others": others} if others else {}))
    else:
        for one in (result, *result.others):
            print_summary(one, usual=None if profile else preferences.value("profile"))
            if one is not (result, *result.others)[-1]:
                say("")


def _dump(result: pipeline.Summary) -> dict[str, Any]:
    said = result._asdict() | {"processed": str(result.processed)}
    return {name: value for name, value in said.items() if name != "others"}


def _run_with_progress(
    raw: Path, processed: Path, jobs: int | None, full: bool, strict: bool
) -> pipeline.Summary:
    console = watch()
    if not console:
        return pipeline.run(raw, processed, jobs=jobs, full=full, strict=strict)
    with console.status("discover") as status:

        def show_stage(name: str, work: Any) -> Any:
            status.update(Text(make_safe(name)))
            return work()

        return pipeline.run(raw, processed, jobs=jobs, full=full, strict=strict, stage=show_stage)


def print_summary(result: pipeline.Summary, usual: str | None = None) -> None:
    """Print what a run did, what is published now, and what to try next.

    Commands read the tables of the profile `usual` if none is named.
    """
    if result.is_new:
        read = counted(result.documents_read, "document")
        print_heading(f"Published run {result.run_id}", f" (read {read})\n")
    else:
        print_heading(f"Run {result.run_id} stays published", " (nothing new)\n")
    lines = [("Changed", "\n".join(result.reasons))] if result.reasons else []
    profile = _describe_profile(result.processed)
    lines += profile
    has_lost_hosts = result.figures.get("lost_hosts") and not profile
    hosts = _explain_lost_hosts(result) if has_lost_hosts else ()
    date = find_strange_date(result.processed) if result.figures.get("strangely_dated") else None
    is_keyed = bool(profile)
    print_labelled(lines + summary.lines(result.figures, result.processed, hosts, date, is_keyed))
    print_heading("\nNext")
    place = _name_place(result.processed, usual)
    for arguments in summary.steps(result.figures):
        reads = arguments.startswith(("sql", "report", "tables"))
        say(f"  {_name_command()} {arguments}{place if reads else ''}")


def _name_place(processed: Path, usual: str | None) -> str:
    """Return the option with which commands read `processed`; empty where they read it without one."""
    published = snapshots.read_profiles(processed)[:1]
    name = published[0]["name"] if published and published[0] else None
    if name and name != usual:
        return f" --profile {name}"
    try:
        reads_it = snapshots.locate_processed(None) == processed.resolve()
    except ValueError:
        # Outside of a project.
        reads_it = False
    return "" if name or reads_it else f" --processed {shlex.quote(os.path.relpath(processed))}"


def _describe_profile(processed: Path) -> list[tuple[str, str]]:
    """Return what the published profile is and doesn't do, as a line with its label; nothing where it is `full`."""
    published = snapshots.read_profiles(processed)[:1]
    return [
        (
            "Profile",
            f"{said['name']}: {said['profile']}, {_name_choice(said)}\n{said['limits']}",
        )
        for said in published
        if said
    ]


def _name_choice(said: dict[str, Any]) -> str:
    return f"release {said['release']}" if "release" in said else f"k = {said['k']}"


def _explain_lost_hosts(result: pipeline.Summary) -> list[str]:
    """Return one sentence, with the nearest name, per sidecar's host that nobody in the thread is called."""
    import polars as pl

    from threadmill.publish import catalog
    from threadmill.threads import hosts

    question = "select host_name, author_name from threads join comments using (thread_id) where thread_id = $1"
    sentences = []
    with catalog.connect(result.processed) as con:
        for thread_id, path in result.figures["lost_hosts"]:
            rows = con.execute(question, [thread_id]).fetchall()
            names = [name for _, name in rows]
            comments = pl.DataFrame({"author_name": names}, {"author_name": pl.String})
            if sentence := hosts.explain_lost_host(rows[0][0], comments):
                sentences.append(f"{path}: {sentence}")
    return sentences


def find_strange_date(processed: Path) -> str | None:
    """Return a date of which the words aren't known."""
    from threadmill.publish import catalog

    question = "select min(created_text) from comments where created_on is null and created_precision = 'none'"
    with catalog.connect(processed) as con:
        found = con.execute(question).fetchall()[0][0]
    return make_safe(found)[:SHOWN_DATE_CHARS] if found else None


SHOWN_DATE_CHARS = 40


def _name_command() -> str:
    """Return how to call this command: by name, or by path if the shell doesn't find the name."""
    path = Path(sys.argv[0])
    if path.name != "threadmill" or shutil.which("threadmill"):
        return "threadmill"
    return os.path.relpath(path)


def print_standing() -> None:
    """Print the state of the project and what to do next."""
    found = project.read_standing()
    print_labelled(found.lines)
    print_heading("\nNext")
    steps = [*found.steps, ("--help", "all commands")]
    print_columns((f"  {_name_command()} {arguments}", purpose) for arguments, purpose in steps)


@app.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A new folder, or one without data/raw.")
    ],
    example: Annotated[
        bool, typer.Option("--example", help="Put an invented thread in, to look around.")
    ] = False,
) -> None:
    """Start a project: a folder for raw threads, with a note on what goes there."""
    for path in project.begin(folder, example):
        say(path)
    step = (
        "threadmill run" if example else "threadmill add PAGE.txt --platform substack --host NAME"
    )
    say(f"Next: cd {folder} && {step}")


@app.command()
def settings() -> None:
    """List the settings with their values, and where each value comes from.

    A flag overrides the variable, which overrides the project's threadmill.toml, which overrides the default.
    """
    rows = []
    for name, one in preferences.SETTINGS.items():
        chosen = preferences.choose(name)
        shown = preferences.show(chosen.value) if chosen.value is not None else one.otherwise
        origin = (
            chosen.origin if chosen.origin != "default" else f"default ({one.variable} sets it)"
        )
        rows.append((name, shown, origin, one.meaning))
    print_table(("setting", "value", "from", "meaning"), rows)


@app.command()
def serve(
    cron: Annotated[
        str | None, typer.Option(metavar="CRON", help=f'When, in UTC ["{serving.CRON}"].')
    ] = None,
    interval: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Instead of --cron: every so often.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=1, max=65_535, help=f"Of the Prefect server on this machine [{serving.PORT}]."
        ),
    ] = None,
    on_failure: Annotated[
        str | None,
        typer.Option("--on-failure", metavar="CMD", help="Run this when a run has failed."),
    ] = None,
    on_publish: Annotated[
        str | None,
        typer.Option("--on-publish", metavar="CMD", help="Run this when tables are published."),
    ] = None,
    fetch: Annotated[
        bool, typer.Option("--fetch", help="Fetch first what data/watch.toml names, in each run.")
    ] = False,
    raw: Raw = None,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    r"""Refresh the tables on a schedule, and show each run in Prefect's UI.

    Starts a Prefect server on this machine unless PREFECT_API_URL names one, refreshes once, and serves the
    deployment `refresh/scheduled` until Ctrl-C; with --fetch `fetch-and-refresh/scheduled`, whose runs have two parts.

    Example: threadmill serve --cron "30 5 \* \* \*"
    """
    places = (raw or paths.home() / "data" / "raw", snapshots.locate_processed(processed))
    serving.serve(
        *places,
        cron=cron,
        interval=interval,
        port=port,
        on_failure=on_failure,
        on_publish=on_publish,
        fetch=fetch,
        say=_print,
    )


def _print(line: str) -> None:
    print(make_safe(line), flush=True)  # noqa: T201 # a log may be at the other end


@app.command()
def status(
    max_age: Annotated[
        float | None,
        typer.Option(
            min=0, metavar="HOURS", help="Older data is stale [from the schedule of `serve`]."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Say what is published, how fresh it is, and what went wrong last.

    Exit code 1 if the tables are stale, the last run failed, or `threadmill serve` has died. Tables are fresh if a
    run has confirmed them, even without changes, within one and a half times the longest interval of the schedule.
    No server is needed.
    """
    limit_s = None if max_age is None else max_age * 3_600
    state = freshness.read(snapshots.locate_processed(processed), limit_s)
    if as_json:
        print_json(state._asdict())
    else:
        for label, text in freshness.lines(state):
            say(f"{label:<10}{text}")
    if state.is_stale or state.is_last_failed or state.server == "dead":
        raise typer.Exit(FAILED)


@app.command()
def check(processed: Processed = None, _profile: InProfile = None) -> None:
    """Check the published tables against every rule, and each file against its hash at publication.

    Each run checks the rules before it publishes. The next run repairs damaged files.
    """
    from threadmill.models import checks
    from threadmill.publish import catalog
    from threadmill.publish.damage import find_damage

    if damage := find_damage(snapshots.locate_processed(processed)):
        raise RunFailed("\n".join([*damage, catalog.REPAIR]))
    with catalog.connect(processed) as con:
        declared = catalog.find_declared(con)
        failures = checks.run(con, declared=declared)
    if failures:
        raise RunFailed("\n".join(map(str, failures)))
    say(f"{counted(checks.count(declared), 'check')}, all hold")


@app.command()
def prune(
    keep: Annotated[
        int | None,
        typer.Option(
            min=1, help="Keep this many, even if the others are younger than a day [the setting]."
        ),
    ] = None,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Remove old snapshots, never the current one, and show the disk space that each one left adds.

    The newest stay (3, the setting `keep`), and all younger than a day. While together they take more than 4 times
    the space of the current one (the setting `keep_size`), the oldest go too. Each run does the same.
    """
    folder = snapshots.locate_processed(processed)
    snapshots.locate_current(folder)
    with locking.lock(folder):
        gone = snapshots.prune(folder, keep)
        left = snapshots.list_snapshots(folder)
        sizes = snapshots.measure_disk_use(left)
    for snapshot, size in zip(left, sizes, strict=True):
        say(f"{snapshot.name}  {size / 1e6:>10,.1f} MB")
    say(f"{len(gone)} dropped, {len(left)} left, {sum(sizes) / 1e6:,.1f} MB in all")
