"""Commands that curate and fit: vocabulary, topics, reply priors."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from threadmill import paths
from threadmill.cli.answers import Format, print_rows
from threadmill.cli.base import InProfile, Processed, app, read_comments
from threadmill.cli.output import say
from threadmill.privacy.guard import refuse_protected
from threadmill.publish import snapshots

topics = typer.Typer(help="Topics: discover, widen and show them.", no_args_is_help=True)
app.add_typer(topics, name="topics")
vocabulary = typer.Typer(help="Check and extend the vocabulary packs.", no_args_is_help=True)
app.add_typer(vocabulary, name="vocabulary")
replies = typer.Typer(help="Work on how replies are rebuilt.", no_args_is_help=True)
app.add_typer(replies, name="replies")


@vocabulary.command("check")
def check_vocabulary() -> None:
    """Check every pack, count its terms, and list terms that two packs read differently or that never count."""
    from threadmill.mentions.packs import check_packs, read_packs
    from threadmill.topics import check_gates, count_topics

    folder = paths.vocabulary_folder()
    terms = read_packs(folder).terms
    vouching = set(terms.filter(~terms["is_gated"])["pack"])
    for sentence in (*check_packs(folder), *count_topics(folder), *check_gates(folder, vouching)):
        say(sentence)


@vocabulary.command("suggest")
def suggest_vocabulary(
    limit: Annotated[int, typer.Option(min=1, help="How many of each origin.")] = 25,
    form: Annotated[
        Format, typer.Option("--format", help="How to print the answer.")
    ] = Format.table,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Propose terms that no pack has: phrases, acronyms and names in the published comments."""
    from threadmill.mentions.packs import read_packs
    from threadmill.mentions.suggest import Suggestion, suggest_terms

    known = read_packs(paths.vocabulary_folder())
    found = suggest_terms(read_comments(processed), known, limit)
    print_rows(list(Suggestion._fields), [tuple(one) for one in found], form)


@topics.command("fit")
def fit_topics(
    k: Annotated[str, typer.Option("--k", help="How many topics: a number, or auto.")] = "auto",
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Discover topics in at least 2,000 published comments; the next run assigns them.

    Topics that hardly change keep their ids and names. The result is in data/vocabulary/discovered.
    """
    from threadmill.cli import topics as topic_commands

    say(topic_commands.fit(snapshots.locate_processed(processed), k))


@topics.command("suggest")
def suggest_topics(
    pack: Annotated[str, typer.Argument(help="A folder of data/vocabulary.")],
    write: Annotated[bool, typer.Option("--write", help="Add them to the pack.")] = False,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """Find words that go with a pack's topics in the published comments."""
    from threadmill.cli import topics as topic_commands

    found = topic_commands.suggest(snapshots.locate_processed(processed), pack, write)
    if not found.rows:
        say(f"No further word goes with a topic of {pack}: {found.why_none}.")
        return
    print_rows(["topic", "term", "weight"], found.rows, Format.table)


@topics.command("show")
def show_topics(
    topic: Annotated[str | None, typer.Argument(help="A topic's id; all if left out.")] = None,
    processed: Processed = None,
    _profile: InProfile = None,
) -> None:
    """List the published topics, or one with its terms and comments that speak of it."""
    from threadmill.cli import topics as topic_commands

    names, rows = topic_commands.show(snapshots.locate_processed(processed), topic)
    print_rows(names, rows, Format.table)


@replies.command("fit")
def fit_replies(processed: Processed = None, _profile: InProfile = None) -> None:
    """Fit the reply priors of each platform to published threads whose parents are known.

    Writes data/vocabulary/platforms.csv; the next run applies it. A platform needs two threads and ten
    edges, and gets no row if fitted priors do worse on held-out threads than the preset.
    """
    from threadmill.measure.replies import fitting
    from threadmill.publish import catalog

    # Masked names and left out words would fit something else, silently.
    refuse_protected(
        snapshots.read_profiles(snapshots.locate_processed(processed)), "priors are fitted to words"
    )
    folder = paths.own_vocabulary()
    with catalog.connect(processed) as con:
        found = fitting.refit(con, folder, datetime.now(UTC).date())
    for one in found:
        say(f"{one.platform}: {'fitted' if one.prior else 'not fitted'}; {one.reason}")
    if not found:
        needed = f"{fitting.FEWEST_THREADS} threads and {fitting.FEWEST_EDGES} known edges"
        say(f"no published thread has known parents; a platform needs {needed}")
