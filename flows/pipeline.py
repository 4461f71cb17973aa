"""The pipeline: discover → parse → mill (replies, mentions) → models → checks → publish.

Importing this costs nothing; what needs Polars, DuckDB or Arrow is imported once there is work.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import flows
from flows import publish, resources, status
from flows.discover import Discovery, Document, contents, discover
from flows.publish import Published
from flows.wording import counted

if TYPE_CHECKING:
    import polars as pl

    from flows.buckets import Spool
    from flows.replies.edits import Edits

T = TypeVar("T")
Step = Callable[[str, Callable[[], T]], T]
"""Runs one named step of the pipeline and returns what it returns."""
Review = Callable[[Path, dict[str, Any]], None]
"""Looks at a checked snapshot and its figures before it is published; raises `RunFailed` to refuse it."""
STEP_PARTS = 8
"""At most so many steps read documents, and so many mill them, however much there is."""
GROUP_BYTES = 24 * 2**20
"""Buckets are milled together up to so many bytes of parsed rows: frames of that size are fastest."""
WORKERS_BYTES = 6 * 2**20
"""Parsed rows from which on processes of their own are worth their start, which takes a second."""
REFUSALS = ("_duckdb.IOException", "_duckdb.OutOfMemoryException", "flows.workers.Failed")
"""Errors that say what a disk or another process did, though no OSErrors."""
DAMAGED = "everything is read again: what is published is damaged"
UNPACKED = 4
"""So many times as large as in Parquet are comments in memory, roughly."""


class RunFailed(Exception):  # noqa: N818 # says what happened
    """The run ended without publishing; what was published stays. The text says why."""


class Summary(NamedTuple):
    """What a run did and what is published now."""

    run_id: str
    is_new: bool
    """Whether this run published; if not, nothing had changed."""
    processed: Path
    documents_read: int
    reasons: list[str]
    """Why there was something to do, and what was done again for it: a sentence each."""
    figures: dict[str, Any]
    """As `summary.measure` gives them."""


def directly(_name: str, work: Callable[[], T]) -> T:
    """Run a step as it is."""
    return work()


def accept(_snapshot: Path, _figures: dict[str, Any]) -> None:
    """Refuse nothing."""


def run(
    raw: str | Path | None = None,
    processed: str | Path | None = None,
    *,
    jobs: int | None = None,
    full: bool = False,
    strict: bool = False,
    step: Step[Any] = directly,
    review: Review = accept,
) -> Summary:
    """Mill the raw threads and publish the tables; do nothing if nothing changed.

    Args:
        raw: folder of the raw threads; the project's `data/raw` if None.
        processed: folder of the published tables; the project's `data/processed` if None.
        jobs: processes that mill, and threads of all else; as many as cores if None.
        full: read everything again, whatever the last run knew.
        strict: fail if anything is rejected.
        step: what runs each step.
        review: what may refuse the figures before they are published.

    Raises:
        ValueError: a folder or a sidecar is wrong; says which and why.
        flows.publish.Locked: another run writes there.
        RunFailed: a check failed, or `strict` and there are rejects.
    """
    raw_folder = Path(raw).resolve() if raw else resources.home() / "data" / "raw"
    processed_folder = publish.processed_folder(processed)
    if jobs:
        # Polars and Arrow read them when they are first imported.
        for name in ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "ARROW_IO_THREADS"):
            os.environ.setdefault(name, str(jobs))
    with (
        _told(processed_folder),
        publish.lock(processed_folder),
        status.recorded(processed_folder) as done,
    ):
        publish.tidy(processed_folder)
        before = None if full else publish.current(processed_folder)
        anew = []
        if before and before.raw != str(raw_folder):
            before, anew = None, ["everything is read: another raw folder"]
        elif not before and not full and (processed_folder / publish.CURRENT).is_symlink():
            anew = [DAMAGED]
        made_with = resources.made_with()
        found = step("discover", lambda: discover(raw_folder, before.documents if before else {}))
        if before and _is_unchanged(before, found, made_with):
            _refuse_rejects(strict, before.summary)
            return done(Summary(before.run_id, False, processed_folder, 0, [], before.summary))
        if before and not publish.is_sound(processed_folder, before):
            before, anew = None, [DAMAGED]
        threads = jobs or resources.cores()
        mill = _Run(
            raw_folder,
            processed_folder,
            threads,
            strict,
            step,
            review,
            before,
            found,
            made_with,
            anew,
        )
        return done(mill.publish())


@contextlib.contextmanager
def _told(processed: Path) -> Iterator[None]:
    """Turn what a disk, a folder or a worker refuses into one sentence."""
    before = publish.run_id(processed)
    try:
        yield
    except (publish.Locked, RunFailed, ValueError):
        raise
    except Exception as error:
        # By name: neither module is imported where there is no work.
        kind = f"{type(error).__module__}.{type(error).__name__}"
        if not isinstance(error, OSError) and kind not in REFUSALS:
            raise
        what = str(error).splitlines()[0] if str(error) else kind
        if isinstance(error, OSError) and error.strerror:
            what = f"{error.filename or processed}: {error.strerror}"
        if kind == "_duckdb.OutOfMemoryException":
            what = f"{what}; THREADMILL_MEMORY says how much the queries may take"
        now = publish.run_id(processed)
        end = "nothing was published" if now == before else f"run {now} was published before"
        raise RunFailed(f"{what}; {end}") from error


def _is_unchanged(before: Published, found: Discovery, made_with: dict[str, str]) -> bool:
    return (
        before.made_with == made_with
        and before.rejects == found.rejects
        and contents(before.documents.values()) == contents(found.documents)
    )


def _differing(before: dict[str, str], now: dict[str, str]) -> set[str]:
    """Return the names of what tables are made with that isn't as before."""
    return {name for name in before.keys() | now.keys() if before.get(name) != now.get(name)}


def _reasons(before: Published, found: Discovery, others: set[str]) -> list[str]:
    """Return what changed since `before` and what is done again for it, a sentence each."""
    if "code" in others:
        return ["everything is read again: the code is another version"]
    then = {document.path: document for document in before.documents.values()}
    now = {document.path: document for document in found.documents}
    both = [(then[path], now[path]) for path in then.keys() & now.keys()]
    counts = {
        "new": len(now.keys() - then.keys()),
        "changed": sum(old.sha256 != new.sha256 for old, new in both),
        "with other sidecars": sum(old.sidecar_sha256 != new.sidecar_sha256 for old, new in both),
        "gone": len(then.keys() - now.keys()),
    }
    said = ", ".join(f"{count:,} {what}" for what, count in counts.items() if count)
    reasons = [f"documents: {said}"] if said else []
    platforms = sorted(name.removeprefix(resources.PRIOR_OF) for name in others)
    reasons += [
        f"replies on {name} are inferred again: another prior"
        for name in platforms
        if resources.PRIOR_OF + name in others
    ]
    if "vocabulary" in others:
        reasons.append("mentions are found again: the vocabulary changed")
    if "models" in others:
        reasons.append("models are run again: queries or topics changed")
    return reasons or ["rejects changed"]


def _groups(numbers: list[int], size: int, workers: int) -> list[list[int]]:
    """Return the buckets `numbers` cut into groups of at most `GROUP_BYTES` or so, as many for each worker."""
    count = -(-max(1, size) // (GROUP_BYTES * workers)) * workers
    count = min(count, len(numbers))
    edges = [len(numbers) * number // count for number in range(count + 1)] if count else []
    return [numbers[start:end] for start, end in pairwise(edges)]


def _refuse_rejects(strict: bool, figures: dict[str, Any]) -> None:
    if strict and figures["rejects"]:
        reasons = ", ".join(f"{count} {code}" for code, count in figures["reject_reasons"])
        raise RunFailed(
            f"{counted(figures['rejects'], 'reject')} ({reasons}), and --strict allows none"
        )


class _Part(NamedTuple):
    """Some of the units of work of one kind: what one step does."""

    name: str
    units: list[Any]

    def each(self, work: Callable[[Any], None], at_once: int = 1) -> None:
        """Do `work` with each unit, so many `at_once`; called again after an error, with those not done."""
        if at_once == 1:
            while self.units:
                work(self.units[0])
                del self.units[0]
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(at_once) as pool:
            begun = [(unit, pool.submit(work, unit)) for unit in self.units]
        self.units[:] = [unit for unit, future in begun if future.exception()]
        for _, future in begun:
            future.result()


def _parts(name: str, units: list[Any], least: int = 1) -> list[_Part]:
    """Return `units` in order, dealt to at most `STEP_PARTS` parts of much the same length, `least` or more."""
    count = min(STEP_PARTS, max(1, len(units) // least)) if units else 0
    edges = [len(units) * number // count for number in range(count + 1)] if count else []
    return [
        _Part(f"{name} {number} of {count}", units[start:end])
        for number, (start, end) in enumerate(pairwise(edges), 1)
    ]


class _Run:
    """One run that has work to do, from its plan to the published snapshot."""

    def __init__(
        self,
        raw: Path,
        processed: Path,
        jobs: int,
        strict: bool,
        step: Step[Any],
        review: Review,
        before: Published | None,
        found: Discovery,
        made_with: dict[str, str],
        anew: list[str],
    ) -> None:
        self.raw, self.processed, self.jobs, self.strict = raw, processed, jobs, strict
        self.step, self.review, self.found, self.made_with = step, review, found, made_with
        others = _differing(before.made_with, made_with) if before else set()
        # Other code may read and mill otherwise: nothing of the last run can be kept.
        self.before = None if "code" in others else before
        self.is_other_vocabulary = "vocabulary" in others
        self.other_platforms = {
            name.removeprefix(resources.PRIOR_OF) for name in others if resources.PRIOR_OF in name
        }
        self.reasons = _reasons(before, found, others) if before else anew
        self.fed: dict[str, list[int]] = dict(self.before.buckets) if self.before else {}
        self.rejects: list[pl.DataFrame] = []
        self.edits: Edits

    def publish(self) -> Summary:
        """Build the snapshot, check it and make it current; remove it if that fails."""
        snapshot = publish.begin(self.processed)
        try:
            return self._build(snapshot)
        except BaseException:
            # What goes wrong after publication must not take the published snapshot away.
            if (self.processed / publish.CURRENT).resolve() != snapshot.resolve():
                with contextlib.suppress(OSError):
                    publish.remove(snapshot)
            raise

    def _build(self, snapshot: Path) -> Summary:
        from flows import catalog, checks, models, summary

        documents_read = self._fill(snapshot)
        published_at = datetime.now(UTC).replace(tzinfo=None)
        self._write_run(snapshot, published_at)
        with models.open_tables(snapshot, self.jobs) as con:
            models.run(con, snapshot, self.step)
            failures = self.step("checks", lambda: checks.run(con))
            if failures:
                raise RunFailed("\n".join(map(str, failures)))
            figures = summary.measure(con)
        self.review(snapshot, figures)
        _refuse_rejects(self.strict, figures)
        shutil.rmtree(snapshot / models.SPILL, ignore_errors=True)

        def seal() -> None:
            catalog.create(snapshot)
            catalog.describe(snapshot, f"{published_at.isoformat(timespec='seconds')}Z")
            files = publish.seal(snapshot, self.before.files if self.before else {})
            publish.write_manifest(snapshot, self._manifest(snapshot, published_at, files, figures))

        self.step("seal", seal)
        self.step("publish", lambda: publish.publish(self.processed, snapshot))
        return Summary(snapshot.name, True, self.processed, documents_read, self.reasons, figures)

    def _fill(self, snapshot: Path) -> int:
        """Write the parsed tables; return how many documents were read for it."""
        from flows.buckets import Spool
        from flows.replies.edits import Edits

        self.edits = Edits()
        if self._has_foreign_ids():
            self._forget()
        changed, kept, stale = self._plan()
        spool = Spool(snapshot / ".spool")
        self._parse("read", changed, spool)
        stale |= {bucket for document in changed for bucket in self.fed[document.path]}
        stale |= self._told_by_mill(kept, stale)
        # A bucket is rebuilt whole, from all documents that feed it.
        beside = [document for document in kept if stale.intersection(self.fed[document.path])]
        self._parse("read again", beside, spool)
        contested = self.step("ids", lambda: self._contested(spool, stale))
        if self.before and not contested.is_empty():
            # Whose an id is takes all the threads that have it.
            self._forget()
            shutil.rmtree(spool.folder)
            return self._fill(snapshot)
        threads = self._mill(snapshot, spool, stale, contested)
        shutil.rmtree(spool.folder)
        self._write_kept(snapshot, stale, {d.path for d in changed + beside}, threads)
        return len(changed) + len(beside)

    def _forget(self) -> None:
        """Keep nothing of the last run: everything is read again."""
        self.before, self.fed, self.rejects = None, {}, []

    def _has_foreign_ids(self) -> bool:
        """Return whether the last run left out comments because another thread has their ids."""
        if not self.before:
            return False
        import polars as pl

        from flows.replies.explicit import ELSEWHERE

        old = pl.read_parquet(self.processed / publish.CURRENT / "rejects.parquet")
        return ELSEWHERE in old["reason_code"]

    def _contested(self, spool: "Spool", stale: set[int]) -> "pl.DataFrame":
        """Return the ids that several threads have, as `Spool.contested`."""
        from flows import tables
        from flows.comments import BUCKETS

        kept = []
        if self.before:
            old = (self.processed / publish.CURRENT).resolve()
            parts = (tables.part(old, "comments", b) for b in range(BUCKETS) if b not in stale)
            kept = [part for part in parts if part.is_file()]
        return spool.contested(kept, sorted(stale), self.jobs)

    def _plan(self) -> tuple[list[Document], list[Document], set[int]]:
        """Return the changed documents, the unchanged ones, and the buckets that certainly change."""
        known = self.before.documents if self.before else {}
        same = {path for path, *_ in contents(known.values()) & contents(self.found.documents)}
        # Another prior makes other replies of all threads of its platform.
        same = {path for path in same if known[path].platform not in self.other_platforms}
        # What one capture shows of a thread's address may name the others.
        touched = {
            (document.platform, document.thread_stem)
            for documents in (known.values(), self.found.documents)
            for document in documents
            if document.path not in same
        }
        same -= {
            document.path
            for document in self.found.documents
            if (document.platform, document.thread_stem) in touched
        }
        changed = [document for document in self.found.documents if document.path not in same]
        kept = [document for document in self.found.documents if document.path in same]
        stale = {bucket for path in known if path not in same for bucket in self.fed.pop(path)}
        return changed, kept, stale

    def _told_by_mill(self, kept: list[Document], stale: set[int]) -> set[int]:
        """Return the buckets of `kept` documents that are read again and have rejects of milling.

        Those rejects are told by all of a document's buckets, so all are milled.
        """
        if not self.before or not stale:
            return set()
        import polars as pl

        from flows.replies.explicit import MILL_REASONS

        old = pl.scan_parquet(self.processed / publish.CURRENT / "rejects.parquet")
        told = old.filter(pl.col("reason_code").is_in(MILL_REASONS)).select("source_path")
        paths = set(told.collect()["source_path"])
        more: set[int] = set()
        grown = True
        while grown:
            own = {
                bucket
                for document in kept
                if document.path in paths and (stale | more).intersection(self.fed[document.path])
                for bucket in self.fed[document.path]
            }
            grown = not own <= stale | more
            more |= own
        return more

    def _parse(self, name: str, documents: list[Document], spool: "Spool") -> None:
        from flows.documents import batches

        for part in _parts(name, list(batches(documents))):
            self.step(part.name, partial(part.each, lambda batch: self._parse_batch(batch, spool)))

    def _parse_batch(self, batch: list[Document], spool: "Spool") -> None:
        from flows import comments, documents, sidecars, sources
        from flows.discover import edge_sidecars
        from flows.discover import sidecars as sidecars_of

        said = [(document, sidecars.read(sidecars_of(self.raw, document))) for document in batch]
        known = comments.facts(said)
        fed: dict[str, set[int]] = {document.path: set() for document in batch}
        edges = {d.path: found for d in batch if (found := edge_sidecars(self.raw, d))}
        rejects = []
        corrected = []
        start = spool.batches

        def read(frame: "tuple[pl.DataFrame, pl.DataFrame]") -> Any:
            parsed = sources.parse(frame[0])
            return frame[1], parsed.rejects, comments.complete(parsed, known)

        try:
            frames = documents.frames(self.raw, batch)
            for unreadable, parsed_rejects, complete in documents.ahead(read, frames, self.jobs):
                spool.add(complete)
                rejects += [unreadable, parsed_rejects]
                if edges:
                    rows = complete.comments.select("path", "comment_id", "thread_id", "position")
                    corrected.append(rows.filter(rows["path"].is_in(list(edges))))
                for path, buckets in complete.threads.group_by("path").agg("bucket").iter_rows():
                    fed[path].update(buckets)
        except BaseException:
            # A step may run again; what it wrote so far is written over.
            spool.batches = start
            raise
        self.rejects += rejects
        for path, files in edges.items():
            # What can't be read is a reject, and corrections to it have nothing to correct.
            if fed[path]:
                self._note_edits(path, files, corrected)
        self.fed |= {path: sorted(buckets) for path, buckets in fed.items()}

    def _note_edits(self, path: str, files: list[Path], rows: "list[pl.DataFrame]") -> None:
        import polars as pl

        from flows import sidecars

        own = pl.concat(rows).filter(pl.col("path") == path)
        # Where a source gives no order, that of the file.
        place = pl.coalesce("position", pl.int_range(pl.len(), dtype=pl.Int32))
        for file in files:
            name = file.relative_to(self.raw).as_posix()
            self.edits.add(name, sidecars.edits(file), path, own.with_columns(position=place))

    def _mill(
        self, snapshot: Path, spool: "Spool", stale: set[int], contested: "pl.DataFrame"
    ) -> "list[pl.DataFrame]":
        """Write the parts of the stale buckets; return their threads."""
        from flows import schema, tables
        from flows.buckets import IN_PARTS, Milling
        from flows.comments import BUCKETS

        for name in schema.parsed_tables():
            if schema.TABLES[name].in_parts:
                tables.place(snapshot, name).mkdir()
        Milling.share(spool, self.edits.anchors(), contested)
        anew = set(range(BUCKETS)) - stale if self.before and self.is_other_vocabulary else set()
        if self.before:
            self._reuse(snapshot, set(IN_PARTS) - {"mentions", "mention_candidates"}, stale)
            self._reuse(snapshot, {"mentions", "mention_candidates"}, stale | anew)
        # Finding mentions holds as much as milling does.
        size = spool.bytes + sum(
            tables.part(snapshot, "comments", bucket).stat().st_size * UNPACKED
            for bucket in anew
            if tables.part(snapshot, "comments", bucket).is_file()
        )
        with self._milling(snapshot, spool, size) as (work, workers):
            tasks = {"mill": stale if spool.batches else set(), "mention": anew}
            for kind, numbers in tasks.items():
                groups = _groups(sorted(numbers), size, workers)
                for part in _parts(kind, groups, workers):
                    each = partial(part.each, partial(work, kind), workers)
                    self.step(part.name, each)
        self.rejects += Milling.milled(spool, "rejects")
        return Milling.milled(spool, "threads")

    @contextlib.contextmanager
    def _milling(
        self, snapshot: Path, spool: "Spool", size: int
    ) -> Iterator[tuple[Callable[[str, list[int]], None], int]]:
        """Give what mills some buckets, and how many such calls run at once."""
        from flows import workers
        from flows.buckets import Milling

        vocabulary = resources.vocabulary_folder()
        count = self.jobs if size >= WORKERS_BYTES else 1
        if count == 1:
            milling = Milling(spool.folder, snapshot, vocabulary)
            yield lambda kind, numbers: getattr(milling, kind)(numbers), 1
        else:
            with workers.started(count, spool.folder, snapshot, vocabulary) as started:
                yield started.work, count

    def _reuse(self, snapshot: Path, names: set[str], stale: set[int]) -> None:
        """Take over the parts of tables `names` of all buckets but the `stale` ones from the last run."""
        from flows import tables

        assert self.before is not None  # noqa: S101 # for mypy
        old = (self.processed / publish.CURRENT).resolve()
        for file in self.before.files:
            bucket = tables.bucket(file)
            if bucket is not None and bucket not in stale and file.partition("/")[0] in names:
                publish.reuse(old, snapshot, file)

    def _write_kept(
        self, snapshot: Path, stale: set[int], read: set[str], threads: "list[pl.DataFrame]"
    ) -> None:
        """Write the tables of one file, and take over from the last run what it doesn't touch."""
        import polars as pl

        from flows import buckets, comments, schema, tables, topics

        old = self.processed / publish.CURRENT
        found = buckets.rejects(self.found.rejects)
        if self.before:
            kept = pl.read_parquet(old / "threads.parquet")
            kept = kept.with_columns(bucket=comments.buckets(kept["thread_id"]))
            threads.append(kept.filter(~pl.col("bucket").is_in(sorted(stale))))
            gone = read | {reject.source_path for reject in self.before.rejects}
            gone |= self.before.documents.keys() - {
                document.path for document in self.found.documents
            }
            rows = pl.read_parquet(old / "rejects.parquet")
            self.rejects.append(rows.filter(~pl.col("source_path").is_in(sorted(gone))))
        order = schema.TABLES["threads"].columns
        empty = tables.empty(schema.arrow("threads"))
        all_threads = pl.concat([pl.DataFrame(empty), *(frame.select(order) for frame in threads)])
        tables.write("threads", all_threads.sort("thread_id"), tables.place(snapshot, "threads"))
        key = ["source_path", "line", "reason_code"]
        rejects = pl.concat([found, *self.rejects]).sort(key, maintain_order=True)
        rejects = rejects.unique(key, keep="first", maintain_order=True)
        tables.write("rejects", rejects, tables.place(snapshot, "rejects"))
        terms = topics.terms(resources.vocabulary_folder())
        tables.write("topic_terms", terms, tables.place(snapshot, "topic_terms"))
        changes = topics.changes(resources.vocabulary_folder())
        tables.write("topic_changes", changes, tables.place(snapshot, "topic_changes"))
        for name in schema.parsed_tables():
            folder = tables.place(snapshot, name)
            if schema.TABLES[name].in_parts and not any(folder.iterdir()):
                # Without a part a reader couldn't tell the columns.
                tables.write(name, tables.empty(schema.arrow(name)), folder / tables.EMPTY_PART)

    def _write_run(self, snapshot: Path, published_at: datetime) -> None:
        import polars as pl

        from flows import tables

        row = pl.DataFrame(
            {
                "run_id": [snapshot.name],
                "published_at": pl.Series([published_at], dtype=pl.Datetime("us")),
                "threadmill_version": [flows.__version__],
            }
        )
        tables.write("runs", row, tables.place(snapshot, "runs"))

    def _manifest(
        self,
        snapshot: Path,
        published_at: datetime,
        files: dict[str, dict[str, Any]],
        figures: dict[str, Any],
    ) -> dict[str, Any]:
        from flows import lineage

        return {
            "run_id": snapshot.name,
            "published_at": f"{published_at.isoformat(timespec='seconds')}Z",
            "versions": lineage.versions(),
            "raw": str(self.raw),
            "made_with": self.made_with,
            "lineage": lineage.lineage(files),
            "documents": {
                document.path: [list(document[1:]), self.fed[document.path]]
                for document in self.found.documents
            },
            "rejects": [list(reject) for reject in self.found.rejects],
            "files": files,
            "summary": figures,
        }
