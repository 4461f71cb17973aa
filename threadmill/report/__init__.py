"""Write one HTML file that shows one thread or all threads; it needs no network and no installation.

    answers   run the SELECTs of sql/report/ on the published tables
    tree      nest comments below each other, with how sure each link is
    charts    draw answers as SVG
    words     format figures for people
    page.html.j2, page.css, page.js

It reads a published catalog and nothing else.
"""

import base64
import hashlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import duckdb
from markupsafe import Markup

from threadmill.privacy import profiles
from threadmill.publish import ledger
from threadmill.read.discover import EDGES_SIDECAR, Document
from threadmill.report import answers, charts, tree, words
from threadmill.report.answers import Answer
from threadmill.storage import beside
from threadmill.wording import counted, did_you_mean

FOLDER = Path(__file__).parent
FEWEST = 10
"""Mark a share as based on few comments below this number."""
DEEPEST = 12
"""Count deeper comments at this depth, as sql/report/depths.sql does."""
SHOWN_ROWS = 25
"""Show this many rows of a list; the rest is a click away."""


class Chart(NamedTuple):
    """A drawn answer."""

    wide: Markup
    narrow: Markup
    description: str
    """What it shows, in a sentence, for people who can't see it."""


def write(con: duckdb.DuckDBPyConnection, thread_id: str | None, out: Path) -> str:
    """Write the report to `out` and return what it shows, in a few words; if that fails, an older report stays.

    Raises:
        ValueError: there is no such thread, or `out` can't be written.
    """
    thread_id = choose(con, thread_id)
    if out.is_dir():
        raise ValueError(f"{out}: is a folder; --out names a file")
    if not out.parent.is_dir():
        raise ValueError(f"{out}: there is no folder {out.parent}")
    with beside.replacing(out) as new:
        new.write_text(render(con, thread_id), encoding="utf-8")
    ledger.note_written(con, [out])
    count = answers.ask(con, "capture", thread_id).row
    of = thread_id or counted(count["thread_count"], "thread")
    return f"{of}, {counted(count['comment_count'], 'comment')}"


def choose(con: duckdb.DuckDBPyConnection, asked: str | None) -> str | None:
    """Return the id of the thread to show: the one asked for, with or without its platform, or the only one.

    None means all threads.

    Raises:
        ValueError: there is no such thread, or several.
    """
    rows = con.execute("select thread_id from threads order by thread_id").fetchall()
    known = [thread_id for (thread_id,) in rows]
    if asked is None:
        return known[0] if len(known) == 1 else None
    if asked in known:
        return asked
    ends = [thread_id for thread_id in known if thread_id.partition(":")[2] == asked]
    if len(ends) == 1:
        return str(ends[0])
    other = f"one that is: {known[0]}" if known else "`threadmill tables` says what there is"
    several = f"there are {' and '.join(ends)}"
    hint = several if ends else did_you_mean(asked, known, other, "")
    raise ValueError(f"thread {asked} is not published; {hint}")


def render(con: duckdb.DuckDBPyConnection, thread_id: str | None) -> str:
    """Return the page for a thread, or for all if `thread_id` is None."""
    import jinja2

    def ask(name: str) -> Answer:
        return answers.ask(con, name, thread_id)

    style, script = (
        (FOLDER / name).read_text(encoding="utf-8") for name in ("page.css", "page.js")
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=words.replace_controls,
    )
    environment.filters |= {
        "number": words.format_number,
        "expected": words.format_expected,
        "share": words.format_share,
        "duration": words.format_duration,
        "moment": words.format_moment,
        "cell": words.format_cell,
        "link": words.find_link,
        "web": words.check_address,
        "straight": words.drop_direction_marks,
        "counted": counted,
    }
    environment.tests["certain"] = lambda level: level == "given"
    capture = ask("capture").row
    context: dict[str, Any] = {
        "style": Markup(style),  # noqa: S704 # ours
        "script": Markup(script),  # noqa: S704 # ours
        "script_hash": _hash(script),
        "thread": None,
        "run": ask("run").row,
        "capture": capture,
        "notices": list_notices(capture),
        "few": FEWEST,
        "shown_rows": SHOWN_ROWS,
        "threads": ask("threads"),
        "authors": ask("authors"),
        "pairs": ask("pairs"),
        "questions": ask("open_questions"),
        "topics": ask("topics"),
        "cited": ask("cited"),
        "mentioned": ask("mentioned"),
        "waiting": ask("waiting").row,
        "depths": ask("depths"),
        "responses": ask("responses"),
        "confidence": ask("confidence"),
    }
    if thread_id is not None:
        (context["thread"],) = context["threads"].rows
        context["branches"] = tree.build_tree(ask("tree").rows, ask("candidates").rows)
        context["shown_comments"] = len(ask("tree").rows)
        context["corrections"] = name_corrections(context["thread"]["source_path"])
    context["limits"] = profiles.name_limits(context["run"]["profile"])
    context["charts"] = _draw_charts(context)
    return environment.get_template("page.html.j2").render(context).strip() + "\n"


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"sha256-{digest}"


def _draw_charts(context: dict[str, Any]) -> dict[str, Chart]:
    """Return the charts that have something to show, by name."""
    levels = [
        row | {"color": f"var(--{tree.grade_certainty(row['confidence_from'])})"}
        for row in context["confidence"].rows
    ]
    depths = [
        row | {"level": {0: "top", DEEPEST: f"{DEEPEST}+"}.get(row["depth"], str(row["depth"]))}
        for row in context["depths"].rows
    ]
    timed = context["waiting"]["timed_answer_count"]
    made: dict[str, tuple[bool, int, Callable[[int], charts.Spec], str]] = {
        "confidence": (
            bool(context["capture"]["inferred_reply_count"]),
            charts.WIDE,
            lambda width: charts.chart_confidence(levels, width),
            "Inferred replies by the probability that they are right.",
        ),
        "pairs": (
            # Across threads, few authors answer each other, and the square would be almost empty.
            context["thread"] is not None and len(context["pairs"].rows) > 1,
            charts.HALF,
            lambda width: charts.chart_pairs(context["pairs"].rows, width),
            "Expected replies between the authors who give and draw most.",
        ),
        "topics": (
            bool(context["topics"].rows),
            charts.WIDE,
            lambda width: charts.chart_topics(context["topics"].rows, width),
            "Comments with each topic, and the replies they are expected to draw.",
        ),
        "depths": (
            bool(depths),
            charts.HALF,
            lambda width: charts.chart_columns(depths, "level", "comment_count", width, "level"),
            "Comments by depth in the best tree.",
        ),
        "responses": (
            timed > 0,
            charts.HALF,
            lambda width: charts.chart_responses(context["responses"].rows, width),
            "Answered comments by the time to the first answer of another author.",
        ),
    }
    drawn = {}
    for name, (is_known, wide, spec, sentence) in made.items():
        if is_known:
            # Vega escapes all text.
            wider, narrower = (
                Markup(charts.draw(f"{name}{width}", spec(width)))  # noqa: S704
                for width in (wide, charts.NARROW)
            )
            drawn[name] = Chart(wider, narrower, sentence)
    return drawn


def name_corrections(source_path: str) -> str:
    """Return the file, below the raw folder, that corrects the replies of a captured document."""
    document = Document(source_path, "", 0, "", "", "")
    return str(
        PurePosixPath(source_path).with_name(f"{PurePosixPath(document.stem).name}{EDGES_SIDECAR}")
    )


def list_notices(capture: dict[str, Any]) -> list[str]:
    """Return what a reader must know first, one sentence each, the most serious first."""
    found = []
    count = capture["comment_count"]
    if not count:
        return ["Nothing was captured: there are no comments to show."]
    declared = capture["declared_comment_count"]
    threads, declaring = capture["thread_count"], capture["declaring_count"]
    if declared and capture["declared_captured_count"] < declared:
        captured = capture["declared_captured_count"]
        part = f"were captured ({words.format_share(captured / declared)})"
        if declaring == threads:
            found.append(
                f"Part of the conversation is missing: {captured:,} of the {declared:,} comments the source "
                f"declares {part}. "
                "All figures are about these."
            )
        else:
            found.append(
                f"Part of the conversation is missing: {declaring:,} of {threads:,} threads say how many comments "
                f"they have, and {captured:,} of these {declared:,} {part}. The others don't say."
            )
    elif not declared:
        found.append(
            "How much was captured isn't known: the source doesn't say how many comments there are."
        )
    if capture["inferred_reply_count"]:
        mean = capture["expected_right_count"] / capture["inferred_reply_count"]
        inferred, replies = capture["inferred_reply_count"], capture["reply_count"]
        which = f"All {replies:,}" if inferred == replies else f"{inferred:,} of the {replies:,}"
        where = "The source"
        if capture["inferred_thread_count"] < threads:
            where = f"For {capture['inferred_thread_count']:,} of {threads:,} threads the source"
        found.append(
            f"{where} doesn't show who answers whom. {which} replies were inferred and are "
            f"{words.format_share(mean)} likely to be right on average: trust expected totals, not single replies."
        )
    if capture["undecided_count"]:
        found.append(
            f"{counted(capture['undecided_count'], 'comment')} "
            "hang nowhere: their parent isn't in the data or couldn't be decided."
        )
    if capture["dated_count"] < count:
        undated = count - capture["dated_count"]
        found.append(
            "No comment has a known day, so the report says nothing about timing."
            if undated == count
            else f"{undated:,} of {count:,} comments have no known day and are left out of anything about time."
        )
    if capture["unrecognised_line_count"]:
        lines = counted(capture["unrecognised_line_count"], "line")
        found.append(f"{lines} of the captures weren't understood.")
    return found
