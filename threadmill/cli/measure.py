"""Commands that measure how fast Threadmill is (bench), and how accurate (evaluate)."""

import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from threadmill.cli.answers import Format, print_rows
from threadmill.cli.base import InProfile, Processed, app, read_comments
from threadmill.cli.output import print_json, print_table, say

evaluating = typer.Typer(help="Measure quality on labelled data.", no_args_is_help=True)
app.add_typer(evaluating, name="evaluate")


@app.command()
def bench(
    megabytes: Annotated[
        str, typer.Option("--mb", help="Sizes of the corpus in MB, such as 10,100,1000.")
    ] = "10",
    only: Annotated[
        list[str] | None, typer.Option(help="Measure this case only (may be repeated).")
    ] = None,
    rounds: Annotated[
        int, typer.Option(min=1, help="How often each is run; medians are shown.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure how fast the stages are on invented threads, as ratios to the physical limit.

    Machines are noisy: the cases are run in turn, and the ratios are what to quote. CPU seconds count all
    processes of a case, and ratios leave out Python's start.
    """
    from threadmill.measure import bench

    try:
        sizes = [float(size) for size in megabytes.split(",")]
    except ValueError:
        raise ValueError(f"--mb: {megabytes!r} is no list of sizes; write 10,100") from None
    if not all(0 < size < math.inf for size in sizes):
        raise ValueError(f"--mb: {megabytes!r} has a size that can't be; write 10,100")
    cases = bench.choose_cases(only)
    measured = [one for size in sizes for one in bench.run(size, cases, rounds)]
    if as_json:
        print_json([one._asdict() for one in measured])
        return
    heading, *lines = bench.make_rows(measured)
    print_table(heading, lines)


@evaluating.command("mentions")
def evaluate_mentions(
    path: Annotated[
        Path, typer.Argument(help="A labelled thread's folder, or labels of a published thread.")
    ],
    with_packs: Annotated[
        bool, typer.Option("--packs/--no-packs", help="Use the packs that labels.toml names.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print all of it as JSON.")] = False,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Compare mentions with labels: of a thread in the same folder, or of a published one.

    A folder has mentions.csv and thread.ndjson. A CSV alone (comment_idx, start, end, surface, kind) labels
    the published thread whose authors agree best with its own.
    """
    from threadmill.measure.mentions import report
    from threadmill.measure.mentions.evaluate import evaluate_file

    figures = evaluate_file(path, lambda: read_comments(processed), with_packs=with_packs)
    if as_json:
        print_json(figures)
    else:
        say(report.format_report(figures))


class KnownHost(StrEnum):
    """Whether `evaluate replies` says who the host is."""

    known = "known"
    unknown = "unknown"


class KnownTrees(StrEnum):
    """The threads whose trees `evaluate replies` fits the platform on."""

    none = "none"
    three = "three"
    loo = "loo"
    half = "half"


class TopOrder(StrEnum):
    """In which order `evaluate replies` shows top-level comments."""

    file = "file"
    top = "top"


@evaluating.command("replies")
def evaluate_replies(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH…", help="Threads with known trees: labelled .ndjson[.gz], or raw files."
        ),
    ],
    host: Annotated[
        KnownHost, typer.Option(help="Whether the evaluator is told who the host is.")
    ] = KnownHost.unknown,
    prior: Annotated[
        KnownTrees,
        typer.Option(help="Fit the platform on: nothing, three threads, others, half of them."),
    ] = KnownTrees.none,
    likes: Annotated[bool, typer.Option(help="Whether likes in the file are shown.")] = True,
    days: Annotated[
        bool, typer.Option("--days", help="Show the day that each comment was written.")
    ] = False,
    order: Annotated[
        TopOrder, typer.Option(help="Top-level comments as in the file, or the most liked first.")
    ] = TopOrder.file,
    as_json: Annotated[bool, typer.Option("--json", help="Print all measures as JSON.")] = False,
) -> None:
    """Flatten threads with known trees, rebuild them, and measure how accurate that is.

    A line is one comment: thread_id, comment_id, parent_id (null at top level), author, text, is_post_author, score
    (likes), created_at. A raw file may be of any format that says who answers whom; its folder names the platform.
    """
    import tempfile

    from threadmill.measure.replies import evaluate, raw_trees

    with tempfile.TemporaryDirectory() as folder:
        known = raw_trees.write_labelled(paths, Path(folder))
        result = evaluate.evaluate(
            known, host.value, prior.value, likes=likes, days=days, order=order.value
        )
    if as_json:
        print_json(result)
    else:
        say(evaluate.format_table(result))
        if sentence := evaluate.describe_addressees(result):
            say(f"\n{sentence}")


@evaluating.command("topics")
def evaluate_topics(
    paths: Annotated[
        list[Path], typer.Argument(help="Labelled .parquet, .ndjson.gz or gold .csv.")
    ],
    seeds: Annotated[Path | None, typer.Option(help="CSV of seed words: topic, term.")] = None,
    pack: Annotated[
        str | None,
        typer.Option(
            help="Measure this pack's topics on .ndjson with text and topics, all together."
        ),
    ] = None,
    processed: Processed = None,
    _profile: InProfile = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Measure topics on labelled texts, on threads, or the published ones against a gold CSV.

    Where texts have labels, each has its figures, with examples of what is wrong and missed.
    """
    from threadmill.cli import topics
    from threadmill.measure import topic_errors

    if pack:
        figures = {pack: topics.evaluate_pack(paths, pack)}
    else:
        figures = {str(path): topics.evaluate(path, seeds, processed) for path in paths}
    if as_json:
        print_json(figures)
        return
    rows = [
        (path, name, figure)
        for path, found in figures.items()
        for name, figure in found.items()
        if not isinstance(figure, dict | list)
    ]
    print_rows(["file", "figure", "value"], rows, Format.table)
    for path, found in figures.items():
        if errors := topic_errors.format_errors(found):
            say(f"\n{path}\n{errors}")
