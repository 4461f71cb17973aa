"""Read one file as a run would, and explain it: its format, its comments as a tree, the lines not understood."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from threadmill import mentions, paths, sources
from threadmill.pipeline.placing import place_documents
from threadmill.read import documents, sidecars
from threadmill.read.discover import COLUMNS, DUMPS, Document, cut_capture, discover, find_sidecars
from threadmill.read.rejects import Reject
from threadmill.read.sidecars import Sidecar
from threadmill.schema.frames import DOCUMENT, REJECT, Parsed
from threadmill.sources import counts, substack, table
from threadmill.sources.table.drafting import draft_mapping
from threadmill.threads import build, identify
from threadmill.threads.hosts import explain_lost_host
from threadmill.threads.left_out import sum_left_out
from threadmill.wording import counted

SHOWN_CHARS = 80
HEAD_BYTES = 64 * 2**20
"""Copy only this much of a dump that can't be linked."""
DRAFTED = "No columns.toml lies beside it; it is shown by one that threadmill add would draft."
EMPTY = (DOCUMENT.to_frame(), REJECT.to_frame())


class Reading(NamedTuple):
    """A file as its source reads it; of a dump, the first chunk."""

    platform: str
    """Where it comes from, as given or as detected from its content; empty if unknown."""
    texts: pl.DataFrame
    sidecars: list[tuple[Document, Sidecar]]
    parsed: Parsed
    rejects: list[Reject]
    differences: list[str]
    """Where a counter found another number of comments than were made, a sentence each."""
    lost_hosts: list[str]
    """Where nobody is called as a sidecar's host, a sentence each."""
    zoneless: int
    """How many times of day name no zone, and no sidecar or mapping does."""
    draft: str | None = None
    """The `columns.toml` that was drafted to read it, if there is none beside it."""

    @property
    def needs_host(self) -> bool:
        """Whether naming the host helps: replies of a page are inferred, and neither it nor a sidecar names one."""
        threads = self.parsed.threads
        if self.draft or any(sidecar.host for _, sidecar in self.sidecars):
            return False
        is_page = (pl.col("source_format") != table.FORMAT) & ~pl.col("is_chronological").fill_null(
            value=False
        )
        is_told = self.parsed.comments["parent_status"].null_count() == 0
        return not is_told and threads.filter(is_page)["host_name"].null_count() > 0


class Inspection(NamedTuple):
    """A file as a run would read it."""

    source_format: str
    """Empty if nothing in it could be read."""
    why: list[str]
    """Sentences."""
    thread: dict[str, object]
    """Its first thread."""
    thread_count: int
    comments: list[dict[str, Any]]
    """Of the first thread in display order, with `depth`, `author_name`, `text`, `confidence` and more."""
    unrecognised: list[tuple[int, str]]
    """Line number, from 1, and text."""
    rejects: list[Reject]
    differences: list[str]
    """Where a counter found another number of comments than were made, a sentence each."""
    lost_hosts: list[str]
    """Where nobody is called as a sidecar's host, a sentence each."""
    zoneless: int = 0
    """How many times of day name no zone, and no sidecar or mapping does."""


def inspect(file: Path, platform: str | None = None) -> Inspection:
    """Return how a run would read `file` with the sidecars beside it. Nothing is published or changed.

    Args:
        file: a captured page or export; of a dump, the first chunk is read.
        platform: where it comes from; if None, its folder's name if that is a platform, else detected from its content.

    Raises:
        ValueError: it isn't a file, its platform is unknown, or a sidecar is wrong.
    """
    stems = {file.name[:dot] for dot in _find_dots(file.name)}
    stems |= {cut_capture(stem) for stem in stems}
    names = sorted({f"{stem}.toml" for stem in stems} | set(list_mappings(file)))
    beside = {name: file.parent / name for name in names if (file.parent / name).is_file()}
    if platform is None:
        folder = file.resolve().parent.name.lower()
        is_told = folder in sources.list_platforms() or list_mappings(file)
        platform = folder if is_told else None
        reading = read(file, platform, beside)
        if reading.parsed.threads.is_empty() and platform is None:
            # A format that any platform may have gets the platform of its folder's name.
            with contextlib.suppress(ValueError):
                other = read(file, folder, beside)
                reading = reading if other.parsed.threads.is_empty() else other
    else:
        reading = read(file, platform, beside)
    if reading.parsed.threads.is_empty():
        return Inspection("", [], {}, 0, [], [], reading.rejects, [], [])
    packs = mentions.read_packs(paths.vocabulary_folder())
    complete = identify.identify_rows(reading.parsed, identify.collect_facts(reading.sidecars))
    first = complete.threads["thread_id"][0]
    built = build.build_threads(complete, packs)
    thread = built.threads.row(by_predicate=pl.col("thread_id") == first, named=True)
    why, strange = _explain_format(reading.texts, reading.platform, str(thread["source_format"]))
    why += [DRAFTED] if reading.draft else []
    replies = built.replies.select("comment_id", "confidence", "evidence")
    rows = (
        built.comments.filter(pl.col("thread_id") == first)
        .sort("position")
        .join(replies, on="comment_id", how="left", maintain_order="left")
    )
    rejects = [*reading.rejects, *_list_rejects(sum_left_out(built.left_out))]
    return Inspection(
        thread["source_format"],
        why,
        thread,
        built.threads.height,
        rows.to_dicts(),
        strange,
        rejects,
        reading.differences,
        reading.lost_hosts,
        reading.zoneless,
    )


def read(file: Path, platform: str | None, beside: Mapping[str, Path | str]) -> Reading:
    """Return how `file` is read with the sidecars in `beside`: their paths or their text, by name.

    Without a `platform`, it is detected from the content.

    Raises:
        ValueError: it isn't a file, no source reads its platform or its format, or a sidecar is wrong.
    """
    if not file.is_file():
        raise ValueError(f"{file}: not a file")
    platform = platform and platform.lower()
    if platform == "" or (platform and (platform[0] == "." or Path(platform).name != platform)):
        raise ValueError(f"--platform: {platform!r} is no folder of data/raw; write it as substack")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder)
        place = raw / (platform or "")
        place.mkdir(exist_ok=True)
        _link(file, place / file.name)
        for name, sidecar in beside.items():
            content = sidecar.encode() if isinstance(sidecar, str) else sidecar.read_bytes()
            (place / name).write_bytes(content)
        found = place_documents(raw, discover(raw, {}))
        if not found.documents and not found.rejects:
            raise ValueError(
                f"{file}: no run reads it; README files, hidden files and sidecars are no threads"
            )
        said_of = [
            (one, sidecars.read_sidecars(find_sidecars(raw, one))) for one in found.documents
        ]
        frames = documents.read_frames(raw, found.documents)
        good = (one for one in frames if one[0].height or one[1].height)
        texts, unreadable = next(good, EMPTY)
    parsed = sources.parse(texts)
    draft = None
    if parsed.threads.is_empty() and texts.height and texts["mapping"].null_count():
        home = platform or file.resolve().parent.name.lower() or "table"
        is_account = home in identify.ACCOUNT_PLATFORMS
        draft = draft_mapping(texts["text"][0], "platform" if is_account else "publication")
    if draft:
        drafted = sources.parse(texts.with_columns(platform=pl.lit(home), mapping=pl.lit(draft)))
        draft = draft if drafted.threads.height else None
        if draft:
            parsed = drafted
            said_of = [(one._replace(platform=home), sidecar) for one, sidecar in said_of]
    if "platform_not_supported" in parsed.rejects["reason_code"]:
        if texts["mapping"].null_count() < texts.height:
            raise ValueError(f"{file}: {parsed.rejects['reason'][0]}")
        known = ", ".join(sources.list_platforms())
        raise ValueError(
            f"{file}: platform {platform} isn't read; give --platform, one of {known}, "
            f"or put a {COLUMNS} beside it"
        )
    found_rejects = [*_list_rejects(pl.concat([unreadable, parsed.rejects])), *found.rejects]
    rejects = [reject for reject in found_rejects if reject.reason_code != counts.DIFFERS]
    differences = [one.reason for one in found_rejects if one.reason_code == counts.DIFFERS]
    hosts = {sidecar.host for _, sidecar in said_of if sidecar.host}
    lost_hosts = (explain_lost_host(host, parsed.comments) for host in hosts)
    placed = found.documents[0].platform if found.documents else ""
    lost = [*filter(None, lost_hosts)]
    dated = identify.identify_rows(parsed, identify.collect_facts(said_of)).comments
    return Reading(
        placed, texts, said_of, parsed, rejects, differences, lost, count_zoneless(dated), draft
    )


def count_zoneless(comments: pl.DataFrame) -> int:
    """Return how many `comments` have a time of day and no instant, as nothing names the zone."""
    is_timed = pl.col("created_precision").is_in(["minute", "second"])
    return comments.filter(is_timed & pl.col("created_at").is_null()).height


def _list_rejects(rejects: pl.DataFrame) -> list[Reject]:
    return [Reject(**row) for row in rejects.select(Reject._fields).iter_rows(named=True)]


def _link(file: Path, place: Path) -> None:
    """Link `file` to `place`, or copy it; of a large dump the head is enough."""
    try:
        os.link(file.resolve(), place)
    except OSError:
        if not file.name.endswith(DUMPS) or file.stat().st_size <= HEAD_BYTES:
            shutil.copyfile(file, place)
            return
        with file.open("rb") as whole:
            place.write_bytes(whole.read(HEAD_BYTES))


def list_mappings(file: Path) -> list[str]:
    """Return the names of the column mappings for `file` in its folder, its own first."""
    names = [*(f"{file.name[:dot]}.{COLUMNS}" for dot in _find_dots(file.name)), COLUMNS]
    return [name for name in names if (file.parent / name).is_file()]


def _find_dots(name: str) -> list[int]:
    return [place for place, char in enumerate(name) if char == "."]


def _explain_format(
    texts: pl.DataFrame, platform: str, source_format: str
) -> tuple[list[str], list[tuple[int, str]]]:
    """Return in sentences why the document was read as `source_format`, and its lines that weren't understood."""
    known = list_formats()
    looks, _ = known.get((platform, source_format)) or known.get(("", source_format), ("", ""))
    why = [f"It looks like {looks}."] if looks else []
    if source_format not in substack.FORMATS:
        return why, []
    pages = substack.explain(texts)
    why += [f"Evidence: {page.why}." for page in pages]
    return why, [(number, line[:SHOWN_CHARS]) for page in pages for number, line in page.strange]


def list_formats() -> dict[tuple[str, str], tuple[str, str]]:
    """Return the known formats: platform and `source_format` → what it looks like, and how to get one."""
    return {
        (source.platform, form.name): (form.meaning, form.hint)
        for source in sources.SOURCES
        for form in source.formats
    }


def draw_tree(found: list[dict[str, Any]]) -> list[str]:
    """Return the comments as indented lines: position, author, date, how sure the parent is, and the first words."""
    lines = []
    width = len(str(len(found) - 1))
    for comment in found:
        depth = comment["depth"]
        indent = "  " * depth if isinstance(depth, int) else "? "
        author = comment["author_name"] or "(nobody named)"
        words = "(deleted)" if comment["is_deleted"] else " ".join(str(comment["text"]).split())
        marks = [str(mark) for mark in (comment["created_text"],) if mark]
        if comment["is_edited"]:
            marks.append("edited")
        if comment["is_host"]:
            marks.append("host")
        if comment["like_count"]:
            marks.append(counted(comment["like_count"], "like"))
        if comment["hidden_reply_count"]:
            marks.append(f"{counted(comment['hidden_reply_count'], 'reply', 'replies')} hidden")
        if isinstance(comment["confidence"], float):
            marks.append(f"reply {comment['confidence']:.0%}")
        aside = f" ({', '.join(marks)})" if marks else ""
        lines.append(
            f"{comment['position']:>{width}}  {indent}{author}{aside}: {words[:SHOWN_CHARS]}"
        )
    return lines
