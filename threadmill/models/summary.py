"""The summary of a run: figures measured on the tables, and their wording."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from threadmill import paths
from threadmill.wording import counted, explain_zoneless

FIGURES = "figures"
LISTS = (
    *("best_and_expected", "mentions", "topics", "reject_reasons"),
    *("mistakes", "differences", "lost_hosts", "unshared", "twins"),
)
"""The queries of `sql/summary/`: one gives one row, the others lists."""
FEWEST_THREADS, FEWEST_EDGES = 2, 10
"""A platform's prior can be fitted from these on, as in `measure.replies.fitting`."""
APART_SHARE = 0.1
"""The summary says that best tree and expectation disagree from this difference on."""

SHOWN_KINDS = 10
SHOWN_WARNINGS = 10
LEAST_FITTED = 2_000
"""Comments from which topics can be discovered: `topics.fitting` says the same."""
PROPOSE_FROM = 0.05
"""Part of the comments without a topic above which a fit is proposed."""


def measure(con: Any) -> dict[str, Any]:
    """Return the figures of the summary, read from the tables that the DuckDB connection `con` sees."""
    con.execute(_read_query(FIGURES))
    names = [column[0] for column in con.description]
    figures: dict[str, Any] = dict(zip(names, con.fetchall()[0], strict=True))
    lists = {
        name: [list(row) for row in con.execute(_read_query(name)).fetchall()] for name in LISTS
    }
    return figures | lists | {"fittable": list_fittable_platforms(con)}


def list_fittable_platforms(con: Any) -> list[list[Any]]:
    """Return platform, threads and edges of each platform whose prior can be fitted and isn't."""
    rows = con.execute(_read_query("fittable")).fetchall()
    return [list(row) for row in rows if row[1] >= FEWEST_THREADS and row[2] >= FEWEST_EDGES]


def _read_query(name: str) -> str:
    return (paths.sql_folder() / "summary" / f"{name}.sql").read_text(encoding="utf-8")


def lines(
    figures: dict[str, Any],
    processed: Path,
    lost_hosts: Sequence[str] = (),
    strange_date: str | None = None,
    is_keyed: bool = False,
) -> list[tuple[str, str]]:
    """Return the summary as label and text, a line each; text may go on over several lines.

    `lost_hosts` says with names what the figures say without: they may be shown where names must not. `strange_date`
    is an example of a date that isn't understood. `is_keyed` says that the tables name files and people by hashes,
    which tell a reader nothing: those are counted then.
    """
    if "released_on" in figures:
        return _list_released(figures, processed)
    authors = counted(figures["authors"], "author")
    aside = _aside(figures) + _explain_undated(figures, strange_date)
    return [
        ("Threads", f"{figures['threads']:,}"),
        ("Comments", f"{figures['comments']:,} by {authors}{aside}"),
        ("Replies", _replies(figures)),
        ("Mentions", _mentions(figures["mentions"])),
        ("Topics", _topics(figures)),
        ("Capture", _capture(figures)),
        *_list_warnings(figures, lost_hosts, is_keyed),
        ("Rejects", _rejects(figures)),
        ("Tables", f"{processed / 'threads.duckdb'} and the Parquet files beside it"),
    ]


def _list_released(figures: dict[str, Any], processed: Path) -> list[tuple[str, str]]:
    """Return the lines about figures that name nobody: only what is published of them."""
    comments = f"{figures['comments']:,} by {counted(figures['authors'], 'author')}, both rounded"
    shown = [f"{name} {counted(count, 'row')}" for name, count in figures["shown"]]
    return [
        ("Released", f"in the week of {figures['released_on']}; next from {figures['next_on']} on"),
        ("Comments", comments if figures["comments"] else "too few authors to say"),
        ("Figures", ", ".join(shown)),
        ("Tables", f"{processed / 'threads.duckdb'} and the Parquet files beside it"),
    ]


def _aside(figures: dict[str, Any]) -> str:
    notes = []
    if figures["duplicates"]:
        notes.append(counted(figures["duplicates"], "duplicate"))
    if figures["dated"] < figures["comments"]:
        undated = figures["comments"] - figures["dated"]
        is_bare = not figures.get("datable", 0) and not figures.get("strangely_dated", 0)
        notes.append(f"{undated:,} {'without a date' if is_bare else 'undated'}")
    return f" ({', '.join(notes)})" if notes else ""


def _explain_undated(figures: dict[str, Any], strange_date: str | None) -> str:
    """Return a line for each reason why comments have no date."""
    # A former release didn't count them.
    datable, strange = figures.get("datable", 0), figures.get("strangely_dated", 0)
    bare = figures["comments"] - figures["dated"] - datable - strange
    lines = []
    if datable:
        need = "date needs" if datable == 1 else "dates need"
        lines.append(
            f'{datable:,} {need} the time of capture ("Nov 14", "3d"): captured_at in the sidecar, or add --captured-at'
        )
    if strange:
        kept = "date isn't understood" if strange == 1 else "dates aren't understood"
        example = f' ("{strange_date}")' if strange_date else ""
        lines.append(f"{strange:,} {kept}{example}: created_text keeps what is shown")
    if bare and (datable or strange):
        lines.append(f"{bare:,} show{'s' if bare == 1 else ''} no date")
    if zoneless := figures.get("zoneless", 0):
        lines.append(explain_zoneless(zoneless))
    return "".join(f"\n{line}" for line in lines)


def _replies(figures: dict[str, Any]) -> str:
    if not figures["comments"]:
        return "none: there are no comments"
    asides = _orphans(figures["orphans"]) + _undecided(figures.get("undecided", 0))
    if not figures["candidates"]:
        if not figures["replies"] and figures.get("undecided") == figures["comments"]:
            return f"none known{asides}"
        return f"{figures['replies']:,}, as the source gives them{asides}"
    fits = [
        f"\n{platform}: {threads:,} threads with known parents; threadmill replies fit can learn from them"
        for platform, threads, _ in figures["fittable"]
    ]
    text = "none found: where the source shows no parent, top level was the likelier place"
    method = ""
    if figures["inferred_replies"]:
        method = f"\n{METHOD}"
        are_all = figures["inferred_replies"] == figures["replies"]
        which = "all" if are_all else f"{figures['inferred_replies']:,} of them"
        likely = f"{figures['mean_confidence']:.0%} likely to be right on average"
        text = f"{figures['replies']:,}, {which} inferred: {likely}"
    elif figures["replies"]:
        given = f"{figures['replies']:,}, as the source gives them"
        text = f"{given}; where it shows no parent, top level was the likelier place"
    return f"{text}{asides}{method}{_apart(figures)}{''.join(fits)}"


def _undecided(count: int) -> str:
    """Return a line about the comments that stand by time, of which nothing tells whom they answer."""
    if not count:
        return ""
    stands = "1 comment stands" if count == 1 else f"{count:,} comments stand"
    answers = "it answers" if count == 1 else "they answer"
    return f"\n{stands} by time, and nothing tells what {answers}: parent_status is unknown"


def _orphans(count: int) -> str:
    """Return a line about the comments whose parent the source names but the data lack."""
    if not count:
        return ""
    orphans = "1 orphan: it answers" if count == 1 else f"{count:,} orphans: they answer"
    return f"\n{orphans} a comment that isn't in the data; parent_status is missing, parent_comment_id names it"


def _apart(figures: dict[str, Any]) -> str:
    """Return a line that says where best tree and expectation differ by one or more, and by more than `APART_SHARE`."""
    apart = [
        f"{_shown(expected)} {name} (the tree has {best:,})"
        for name, best, expected in figures["best_and_expected"]
        if expected is not None
        and abs(best - expected) >= max(1, APART_SHARE * max(best, expected))
    ]
    return f"\nFor totals use expected counts: {', '.join(apart)}" if apart else ""


def _shown(expected: float) -> str:
    return f"{expected:.1f}" if expected < 10 else f"{expected:,.0f}"


METHOD = (
    "Inferred ones are guesses: on platforms that are new to it, the method places 73 of 100 comments "
    "correctly and finds 59 of 100 replies (threadmill help replies)."
)


def _mentions(rows: list[list[Any]]) -> str:
    if not rows:
        return "none of the kinds known"
    rest = len(rows) - SHOWN_KINDS
    more = f" and {counted(rest, 'kind')} more" if rest > 0 else ""
    return f"{_counted(rows[:SHOWN_KINDS])}{more}"


def _counted(rows: list[list[Any]]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in rows)


def _topics(figures: dict[str, Any]) -> str:
    if not figures["comments"]:
        return "none: there are no comments"
    if not figures["topics"]:
        known = figures.get("known_topics")
        none = (
            f"none of the {known} known ones"
            if known
            else "none: no vocabulary pack defines topics"
        )
        return f"{none} (threadmill help topics){_fit(figures)}"
    listed = _counted(figures["topics"])
    return f"{listed}\nin {figures['topic_comments']:,} of {counted(figures['comments'], 'comment')}{_fit(figures)}"


def _fit(figures: dict[str, Any]) -> str:
    """Return the proposal to fit topics, where there is enough to fit them on and reason to."""
    texts = figures["texts"]
    without = texts - figures["topic_comments"]
    if texts < LEAST_FITTED or without <= PROPOSE_FROM * texts:
        return ""
    return f"; {without / texts:.0%} have no topic: threadmill topics fit discovers some"


def _capture(figures: dict[str, Any]) -> str:
    if not figures["threads"]:
        return "nothing"
    text = "the pages don't say how many comments there are"
    if figures["declared"]:
        share = figures["declared_captured"] / figures["declared"]
        declared = counted(figures["declared"], "comment")
        text = f"{figures['declared_captured']:,} of the {declared} declared ({share:.0%})"
        if figures["commented_threads"] < figures["threads"]:
            silent = figures["threads"] - figures["commented_threads"]
            verb = "declares" if silent == 1 else "declare"
            text += f"; {silent:,} of {figures['threads']:,} threads {verb} no number"
    if figures["hidden"]:
        where = " on pages that give no total" if figures["declared"] else ""
        text += f"; {figures['hidden']:,} more {'is' if figures['hidden'] == 1 else 'are'} collapsed{where}"
    # Null where no source tells what each line is. With a difference, to have understood all lines means nothing.
    strange = figures["unrecognised_lines"]
    if strange is None or (not strange and figures.get("differences")):
        return text
    return f"{text}; {counted(strange, 'line')} not understood"


def _rejects(figures: dict[str, Any]) -> str:
    if not figures["rejects"]:
        return "none"
    return f'{figures["rejects"]:,} ({_counted(figures["reject_reasons"])}); threadmill sql "from rejects"'


def _list_warnings(
    figures: dict[str, Any], lost_hosts: Sequence[str], is_keyed: bool
) -> list[tuple[str, str]]:
    """Return what to look at, as label and text: none where nothing is wrong, or a former release didn't say."""
    mistakes = [
        reason if count == 1 else f"{reason}; {counted(count, 'document')}"
        for reason, count in figures.get("mistakes", [])
    ]
    hosts = lost_hosts or [
        f"{path}: nobody is called as its sidecar's host; is_host is null"
        for _, path in figures.get("lost_hosts", [])
    ]
    counts = [f"{path}: {reason}" for path, reason in figures.get("differences", [])]
    captures = [f"{path}: {reason}" for path, reason in figures.get("unshared", [])]
    twice = [_explain_twins(*row) for row in figures.get("twins", [])]
    if is_keyed:
        hosts = _count_documents(len(hosts), "with a sidecar whose host nobody is called")
        counts = _count_documents(len(counts), "with other counts than the page's")
        captures = _count_documents(len(captures), "that share nothing with the thread's others")
        twice = _count_documents(
            sum(2 + more for _, _, more, _ in figures.get("twins", [])),
            "of different threads that are the same, so everything counts twice",
        )
    labelled = {
        "Mistakes": mistakes,
        "Hosts": hosts,
        "Counts": counts,
        "Captures": captures,
        "Twice": twice,
    }
    return [(label, _join_shown(found)) for label, found in labelled.items() if found]


def _count_documents(count: int, what: str) -> list[str]:
    return [f"{counted(count, 'document')} {what}; {NAMED_UNDER_FULL}"] if count else []


NAMED_UNDER_FULL = "a run under `full` names them"


def _explain_twins(path: str, other: str, more: int, what: str) -> str:
    """Return that `path`, `other` and so many `more` are threads of their own with `what` in common."""
    rest = f" and {counted(more, 'other')}" if more else ""
    return (
        f"{path} and {other}{rest}: different threads with {what}, so everything counts twice; "
        "if they are one post, remove one or give both sidecars the same url"
    )


def _join_shown(sentences: Sequence[str]) -> str:
    rest = len(sentences) - SHOWN_WARNINGS
    more = [f"and {rest:,} more"] if rest > 0 else []
    return "\n".join([*sentences[:SHOWN_WARNINGS], *more])


_ADD = "add PAGE.txt --platform substack --host NAME"


def steps(figures: dict[str, Any]) -> tuple[str, ...]:
    """Return what to try after a run, each without the command's name."""
    if "released_on" in figures:
        return ('sql "from suppression"', "tables")
    if not figures["threads"]:
        return ('sql "from rejects"', _ADD) if figures["rejects"] else (_ADD,)
    return (
        'sql "select author_name, left(text, 80) as text, expected_reply_count from comments '
        'join comment_engagement using (comment_id) order by 3 desc limit 3"',
        "report",
        _ADD,
    )
