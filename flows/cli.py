"""The command line."""

import contextlib
import csv
import difflib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

import flows
from flows import pipeline, publish, resources, sidecars, summary
from flows import serve as serving
from flows import status as freshness

DONE, FAILED, MISUSED, LOCKED = 0, 1, 2, 3
SHOWN_ROWS = 100

app = typer.Typer(
    help="Raw comment threads in, analytic tables out.",
    epilog="Start with: threadmill run",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
topics_app = typer.Typer(help="Topics: discover, widen and show them.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")
evaluate_app = typer.Typer(help="Measure quality on labelled data.", no_args_is_help=True)
app.add_typer(evaluate_app, name="evaluate")
errors = Console(stderr=True, highlight=False, soft_wrap=True)

Processed = Annotated[
    Path | None,
    typer.Option(
        "--processed", metavar="DIR", help="Folder of the published tables [data/processed]."
    ),
]
Raw = Annotated[
    Path | None, typer.Option("--raw", metavar="DIR", help="Folder of the raw threads [data/raw].")
]


class Format(StrEnum):
    """How `sql` prints its answer."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


def main() -> None:
    """Run the command line."""
    with ending():
        app(prog_name="threadmill")


@contextlib.contextmanager
def ending() -> Iterator[None]:
    """Turn what a user can mend into one sentence and an exit code."""
    try:
        yield
    except publish.Locked as error:
        _end(LOCKED, error)
    except pipeline.RunFailed as error:
        _end(FAILED, error)
    except ValueError as error:
        _end(MISUSED, error)
    except BrokenPipeError:
        # The reader of our output has left, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end(code: int, error: Exception) -> None:
    errors.print(f"threadmill: {error}", markup=False)
    raise SystemExit(code)


def _out() -> Console:
    """Return a console that is as wide as it needs to be where nobody looks at it."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=10_000)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"threadmill {flows.__version__}")
        raise typer.Exit


@app.callback()
def threadmill(
    version: Annotated[  # its callback does it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Raw comment threads in, analytic tables out."""


@app.command()
def run(
    raw: Raw = None,
    processed: Processed = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Threads to use [all cores].")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if anything is rejected.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Mill the raw threads into tables and publish them.

    Only what changed is read. Readers see the old tables until the new ones are complete and checked;
    if the run fails, they stay. Where PREFECT_API_URL is set, it runs as the Prefect flow `refresh`.
    """
    places = (raw or resources.home() / "data" / "raw", publish.processed_folder(processed))
    try:
        if os.environ.get("PREFECT_API_URL"):
            # Before the seconds that importing Prefect takes.
            serving.require_answer()
            from flows import refresh

            result = refresh.run(*places, jobs=jobs, full=full, strict=strict)
        else:
            result = _run_with_progress(*places, jobs, full, strict)
    except ValueError as error:
        raise pipeline.RunFailed(str(error)) from None
    if as_json:
        said = result._asdict() | {"processed": str(result.processed)}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1))
    else:
        print_summary(result)


def _run_with_progress(
    raw: Path, processed: Path, jobs: int | None, full: bool, strict: bool
) -> pipeline.Summary:
    if not errors.is_terminal:
        return pipeline.run(raw, processed, jobs=jobs, full=full, strict=strict)
    with errors.status("discover") as status:

        def step(name: str, work: Any) -> Any:
            status.update(name)
            return work()

        return pipeline.run(raw, processed, jobs=jobs, full=full, strict=strict, step=step)


def print_summary(result: pipeline.Summary) -> None:
    """Print what a run did, what is published now, and what to try next."""
    out = _out()
    read = f"{result.documents_read:,} document{'s' if result.documents_read != 1 else ''}"
    did = f"read {read}" if result.is_new else "nothing new"
    out.print(f"[bold]Published run {result.run_id}[/] ({did})\n")
    grid = Table.grid(padding=(0, 2))
    for label, text in summary.lines(result.figures, result.processed):
        grid.add_row(f"[bold]{label}[/]", text.replace("[", r"\["))
    out.print(grid)
    out.print("\n[bold]Next[/]")
    for arguments in summary.NEXT:
        out.print(f"  {_called_as()} {arguments}", markup=False)


def _called_as() -> str:
    """Return what to type for this command: its name, or its path where the shell doesn't find it."""
    path = Path(sys.argv[0])
    if path.name != "threadmill" or shutil.which("threadmill"):
        return "threadmill"
    return os.path.relpath(path)


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="One SELECT, in DuckDB's SQL.")],
    processed: Processed = None,
    form: Annotated[
        Format, typer.Option("--format", help="How to print the answer.")
    ] = Format.table,
) -> None:
    """Ask the published tables a question.

    Nothing can be written, and nothing but the published tables can be read.

    Example: threadmill sql "select author_name, count(*) from comments group by all order by 2 desc"
    """
    import duckdb

    from flows import catalog

    try:
        if reason := catalog.refusal(query):
            raise ValueError(f"query: {reason}")
        with catalog.connect(processed) as con:
            answer = con.execute(query)
            names = [column[0] for column in answer.description or ()]
            rows = answer.fetchall()
    except duckdb.Error as error:
        raise ValueError(f"query: {error}") from None
    _print_rows(names, rows, form)


def _print_rows(names: list[str], rows: list[tuple[Any, ...]], form: Format) -> None:
    if form == Format.json:
        said = [dict(zip(names, row, strict=True)) for row in rows]
        typer.echo(json.dumps(said, ensure_ascii=False, indent=1, default=str))
    elif form == Format.csv:
        csv.writer(sys.stdout, lineterminator="\n").writerows([names, *rows])
    elif form == Format.markdown:
        lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in rows)]
        for line in lines:
            cells = (cell.replace("|", r"\|").replace("\n", "<br>") for cell in line)
            typer.echo(f"| {' | '.join(cells)} |")
    else:
        table = Table(*names)
        for row in rows[:SHOWN_ROWS]:
            table.add_row(*(_cell(value).replace("[", r"\[") for value in row))
        _out().print(table)
        if len(rows) > SHOWN_ROWS:
            errors.print(f"{SHOWN_ROWS} of {len(rows):,} rows; --format csv prints all")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@app.command()
def tables(processed: Processed = None) -> None:
    """List the published tables: what a row is, and how many there are."""
    from flows import catalog

    with catalog.connect(processed) as con:
        views = con.execute(
            "select view_name, comment from duckdb_views() where not internal order by view_oid"
        ).fetchall()
        shown = Table("table", "rows", "what it holds")
        for name, comment in views:
            count = con.execute(f'select count(*) from "{name}"').fetchall()[0][0]
            shown.add_row(name, f"{count:,}", comment)
    _out().print(shown)


@app.command()
def describe(
    table: Annotated[str, typer.Argument(help="A published table; see `threadmill tables`.")],
    processed: Processed = None,
) -> None:
    """Say what each column of a table means."""
    from flows import catalog

    with catalog.connect(processed) as con:
        columns = con.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where table_name = ? and not internal order by column_index",
            [table],
        ).fetchall()
        if not columns:
            known = [
                name for (name,) in con.execute("select view_name from duckdb_views()").fetchall()
            ]
            near = difflib.get_close_matches(table, known, 1)
            hint = f"did you mean {near[0]}?" if near else "`threadmill tables` lists them"
            raise ValueError(f"table {table} is not published; {hint}")
    shown = Table("column", "type", "meaning")
    for row in columns:
        shown.add_row(*row)
    _out().print(shown)


@app.command()
def check(processed: Processed = None) -> None:
    """Check the published tables against every rule. Each run does this before it publishes."""
    from flows import catalog, checks

    with catalog.connect(processed) as con:
        failures = checks.run(con)
    if failures:
        raise pipeline.RunFailed("\n".join(map(str, failures)))
    typer.echo(f"{checks.count()} checks, all hold")


class ExportFormat(StrEnum):
    """What `export` writes."""

    graphml = "graphml"
    convokit = "convokit"
    csv = "csv"


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder to write to.")],
    form: Annotated[ExportFormat, typer.Option("--format", help="What to write.")],
    processed: Processed = None,
) -> None:
    """Write what is published for other tools.

    graphml: the reply and the mention network of the authors. convokit: a ConvoKit corpus, an utterance
    a comment. csv: every table.
    """
    from flows import catalog
    from flows import export as exports

    with catalog.connect(processed) as con:
        written = exports.write(con, form.value, folder)
    for name, said in written.items():
        typer.echo(f"{folder / name}: {said}")


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A saved page, copied text or export.")],
    platform: Annotated[str, typer.Option(help="Where it comes from, such as substack.")],
    url: Annotated[str | None, typer.Option(help="The post's address.")] = None,
    title: Annotated[str | None, typer.Option(help="The post's title.")] = None,
    host: Annotated[
        str | None, typer.Option(help="The post's author, as the page writes it.")
    ] = None,
    publication: Annotated[str | None, typer.Option(help="The newsletter or site.")] = None,
    captured_at: Annotated[
        str | None, typer.Option(help="When it was copied, as 2026-01-05T10:00:00Z.")
    ] = None,
    raw: Raw = None,
) -> None:
    """Bring a capture into the raw folder, with a sidecar for what it doesn't say.

    It is read first: a file that would be rejected is not added.
    """
    if not file.is_file():
        raise ValueError(f"{file}: not a file")
    said = {"host": host, "title": title, "url": url, "publication": publication}
    lines = [
        f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in said.items() if text
    ]
    if captured_at:
        try:
            moment = datetime.fromisoformat(captured_at)
        except ValueError:
            raise ValueError(
                f"--captured-at: {captured_at} is no time; write it as 2026-01-05T10:00:00Z"
            ) from None
        lines.append(f"captured_at = {moment.isoformat()}")
    folder = (raw or resources.home() / "data" / "raw") / platform
    target = folder / file.name
    sidecar = folder / f"{file.stem}{'.toml'}"
    for path in (target, *([sidecar] if lines else [])):
        if path.exists():
            raise ValueError(
                f"{path}: is there already; name another capture {file.stem}@2026-01-05"
            )
    found = _try_out(file, platform, lines)
    folder.mkdir(parents=True, exist_ok=True)
    if lines:
        sidecar.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shutil.copyfile(file, target)
    typer.echo(f"{target}: {found}; threadmill run publishes it")


@app.command()
def bench(
    megabytes: Annotated[
        list[float] | None, typer.Option("--mb", help="Size of the corpus [30].")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Measure this case only (may be repeated).")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, help="How often each is run; medians are shown.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure how fast the stages are on invented pages, as ratios to the physical limit.

    Machines are noisy: the cases are run in turn, and the ratios are what to quote.
    """
    from flows import bench

    if only and (unknown := set(only) - set(bench.CASES)):
        raise ValueError(
            f"--only: {sorted(unknown)} is no case; there are {', '.join(bench.CASES)}"
        )
    always = {bench.START, bench.BASE}
    cases = tuple(case for case in bench.CASES if not only or case in {*only, *always})
    measured = [one for size in megabytes or [30.0] for one in bench.run(size, cases, rounds)]
    if as_json:
        typer.echo(json.dumps([one._asdict() for one in measured], indent=1))
        return
    heading, *lines = bench.rows(measured)
    shown = Table(*heading)
    for line in lines:
        shown.add_row(*line)
    _out().print(shown)


vocabularies = typer.Typer(help="Check and extend the vocabulary packs.", no_args_is_help=True)
app.add_typer(vocabularies, name="vocabulary")


@evaluate_app.command("mentions")
def evaluate_mentions(
    path: Annotated[Path, typer.Argument(help="Labels: comment_idx, start, end, surface, kind.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    processed: Processed = None,
) -> None:
    """Compare mentions with labels of a published thread: the one whose authors the labels name."""
    from flows.mentions import report
    from flows.mentions.evaluate import evaluate

    said = evaluate(path, _written(processed))
    typer.echo(json.dumps(said, ensure_ascii=False, indent=1) if as_json else report.lines(said))


@vocabularies.command("check")
def vocabulary_check() -> None:
    """Check every pack, count its terms, and name those that two packs read differently."""
    from flows.mentions.packs import check

    for sentence in check(resources.vocabulary_folder()):
        typer.echo(sentence)


@vocabularies.command("suggest")
def vocabulary_suggest(
    limit: Annotated[int, typer.Option(min=1, help="How many of each origin.")] = 25,
    form: Annotated[
        Format, typer.Option("--format", help="How to print the answer.")
    ] = Format.table,
    processed: Processed = None,
) -> None:
    """Propose terms that no pack has: phrases, acronyms and names of the published comments."""
    from flows.mentions.packs import packs
    from flows.mentions.suggest import Suggestion, suggest

    known = packs(resources.vocabulary_folder())
    found = suggest(_written(processed), known, limit)
    _print_rows(list(Suggestion._fields), [tuple(one) for one in found], form)


def _written(processed: Path | None) -> Any:
    """Return what mentions are found in: who wrote which published comment where."""
    from flows import catalog

    with catalog.connect(processed) as con:
        return con.sql(
            "select comment_id, thread_id, platform, position, author_id, author_name, "
            "author_handle, is_host, text from comments order by thread_id, position"
        ).pl()


class KnownHost(StrEnum):
    """Whether `evaluate replies` says who the host is."""

    known = "known"
    unknown = "unknown"


class KnownTrees(StrEnum):
    """Of which threads `evaluate replies` knows the trees beforehand."""

    none = "none"
    loo = "loo"
    half = "half"


@evaluate_app.command("replies")
def evaluate_replies(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH…", help="Threads with known trees, .ndjson[.gz].")
    ],
    host: Annotated[
        KnownHost, typer.Option(help="Whether authors flagged in the file are told.")
    ] = KnownHost.unknown,
    prior: Annotated[
        KnownTrees, typer.Option(help="Fit the platform on: nothing, other threads, half of them.")
    ] = KnownTrees.none,
    as_json: Annotated[bool, typer.Option("--json", help="Print all measures as JSON.")] = False,
) -> None:
    """Flatten threads with known trees, rebuild them, and say how well that went.

    A line is one comment: thread_id, comment_id, parent_id (null at top level), author, text, is_post_author.
    """
    from flows.replies import evaluate

    result = evaluate.evaluate(paths, host.value, prior.value)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=1))
    else:
        typer.echo(evaluate.table(result))


replying = typer.Typer(help="Work on how replies are rebuilt.")
app.add_typer(replying, name="replies", no_args_is_help=True)


@replying.command("fit")
def fit_replies(processed: Processed = None) -> None:
    """Fit what is known of each platform from published threads whose parents are known.

    Writes data/vocabulary/platforms.csv; the next run applies it. A platform needs three threads and 100
    edges, and gets no row if that does worse on held-out threads than without.
    """
    from datetime import UTC

    from flows import catalog
    from flows.replies import priors

    folder = resources.own_vocabulary()
    with catalog.connect(processed) as con:
        found = priors.refit(con, folder, datetime.now(UTC).date())
    for one in found:
        typer.echo(f"{one.platform}: {'fitted' if one.prior else 'not fitted'}; {one.reason}")
    if not found:
        needed = f"{priors.FEWEST_THREADS} threads and {priors.FEWEST_EDGES} known edges"
        typer.echo(f"no published thread has known parents; a platform needs {needed}")


def _try_out(file: Path, platform: str, sidecar: list[str]) -> str:
    """Return what `file` is taken for, having read it in a folder of its own.

    Raises:
        ValueError: it would be rejected, or the sidecar is wrong.
    """
    import tempfile

    from flows import documents, sources
    from flows.discover import discover
    from flows.discover import sidecars as sidecars_of

    with tempfile.TemporaryDirectory() as folder:
        trial = Path(folder)
        (trial / platform).mkdir()
        shutil.copyfile(file, trial / platform / file.name)
        if sidecar:
            lines = "\n".join(sidecar)
            (trial / platform / f"{file.stem}.toml").write_text(lines, encoding="utf-8")
        found = discover(trial, {})
        for document in found.documents:
            sidecars.read(sidecars_of(trial, document))
        texts, unreadable = documents.load(trial, found.documents)
        parsed = sources.parse(texts)
        reasons = [row.reason for row in found.rejects]
        reasons += [*unreadable["reason"], *parsed.rejects["reason"]]
    if reasons or parsed.threads.is_empty():
        raise ValueError(f"{file}: {'; '.join(reasons) or 'not a raw thread'}; not added")
    return f"{parsed.threads['source_format'][0]}, {parsed.comments.height} comments"


@app.command()
def serve(
    cron: Annotated[
        str | None, typer.Option(metavar="CRON", help=f'When, in UTC ["{serving.CRON}"].')
    ] = None,
    interval: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="Instead of --cron: every so often.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(help=f"Of the Prefect server on this machine [{serving.PORT}].")
    ] = None,
    raw: Raw = None,
    processed: Processed = None,
) -> None:
    r"""Refresh the tables on a schedule, and show each run in Prefect's UI.

    Starts a Prefect server on this machine unless PREFECT_API_URL names one, and serves the deployment
    `refresh/nightly` until Ctrl-C.

    Example: threadmill serve --cron "30 5 \* \* \*"
    """
    places = (raw or resources.home() / "data" / "raw", publish.processed_folder(processed))
    serving.serve(*places, cron=cron, interval=interval, port=port, say=_say)


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 # a log may be at the other end


@app.command()
def status(
    max_age: Annotated[
        float | None,
        typer.Option(metavar="HOURS", help="Stale is what is older [what `serve` runs by]."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    processed: Processed = None,
) -> None:
    """Say what is published, how fresh it is, and what went wrong last. Exit code 1 if it is stale.

    Fresh is what a run confirmed, be it that nothing had changed, within one and a half times the longest
    pause of the schedule. No server is asked.
    """
    limit_s = None if max_age is None else max_age * 3_600
    said = freshness.read(publish.processed_folder(processed), limit_s)
    if as_json:
        typer.echo(json.dumps(said._asdict(), ensure_ascii=False, indent=1))
    else:
        for label, text in freshness.lines(said):
            typer.echo(f"{label:<10}{text}")
    if said.is_stale:
        raise typer.Exit(FAILED)


@app.command()
def inspect(
    file: Annotated[Path, typer.Argument(help="A captured page or export.")],
    platform: Annotated[
        str | None, typer.Option(help="Where it comes from [the name of its folder].")
    ] = None,
) -> None:
    """Say what a file is taken for and why, and show its comments as a tree.

    Its sidecar counts. Nothing is published. Lines that weren't understood are listed.
    """
    from flows import inspect as inspection

    found = inspection.inspect(file, platform)
    if found.rejects:
        reasons = "; ".join(
            f"line {line}: {reason}" if line else reason for line, reason in found.rejects
        )
        raise pipeline.RunFailed(f"{file}: rejected: {reasons}")
    thread = found.thread
    typer.echo(f"{file}: {found.source_format}, {thread['comment_count']} comments")
    for sentence in found.why:
        typer.echo(sentence)
    host = (
        f"{thread['host_name']} ({thread['host_source']})" if thread["host_name"] else "not known"
    )
    typer.echo(
        f"Host: {host}. Declared: {thread['declared_comment_count'] or 'nothing'}. "
        f"Lines: {thread['line_count']}, of which {thread['furniture_line_count']} the page's own "
        f"and {thread['unrecognised_line_count']} not understood."
    )
    if found.comments:
        typer.echo("")
    for line in inspection.tree(found.comments):
        typer.echo(line)
    if found.unrecognised:
        typer.echo("\nNot understood:")
    for number, text in found.unrecognised:
        typer.echo(f"  line {number}: {text}")


@app.command()
def formats() -> None:
    """List the formats that are understood."""
    from flows import inspect as inspection

    shown = Table("platform", "format", "looks like")
    for (platform, name), meaning in inspection.formats().items():
        shown.add_row(platform or "any", name, meaning)
    _out().print(shown)


@topics_app.command("fit")
def topics_fit(
    k: Annotated[str, typer.Option("--k", help="How many topics: a number, or auto.")] = "auto",
    processed: Processed = None,
) -> None:
    """Discover topics in the published comments, from 2,000 up; the next run assigns them.

    Topics that stay much the same keep their ids and names. data/vocabulary/discovered has the result.
    """
    from flows import topic_commands

    typer.echo(topic_commands.fit(publish.processed_folder(processed), k))


@topics_app.command("suggest")
def topics_suggest(
    pack: Annotated[str, typer.Argument(help="A folder of data/vocabulary.")],
    write: Annotated[bool, typer.Option("--write", help="Add them to the pack.")] = False,
    processed: Processed = None,
) -> None:
    """Find words that go with a pack's topics in the published comments."""
    from flows import topic_commands

    rows = topic_commands.suggest(publish.processed_folder(processed), pack, write)
    _print_rows(["topic", "term", "weight"], rows, Format.table)


@topics_app.command("show")
def topics_show(
    topic: Annotated[str | None, typer.Argument(help="A topic's id; all if left out.")] = None,
    processed: Processed = None,
) -> None:
    """List the published topics, or one with its terms and comments that speak of it."""
    from flows import topic_commands

    names, rows = topic_commands.show(publish.processed_folder(processed), topic)
    _print_rows(names, rows, Format.table)


@evaluate_app.command("topics")
def evaluate_topics(
    paths: Annotated[
        list[Path], typer.Argument(help="Labelled .parquet, .ndjson.gz or gold .csv.")
    ],
    seeds: Annotated[Path | None, typer.Option(help="CSV of seed words: topic, term.")] = None,
    processed: Processed = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure topics on labelled texts, on threads, or the published ones against a gold CSV."""
    from flows import topic_commands

    figures = {str(path): topic_commands.evaluate(path, seeds, processed) for path in paths}
    if as_json:
        typer.echo(json.dumps(figures, indent=1))
        return
    rows = [
        (path, name, figure) for path, found in figures.items() for name, figure in found.items()
    ]
    _print_rows(["file", "figure", "value"], rows, Format.table)


if __name__ == "__main__":
    main()
