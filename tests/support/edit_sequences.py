"""Random changes to a project, and what must hold after them: step by step gives the bytes of all at once."""

import contextlib
import json
import os
import shutil
from functools import partial
from unittest.mock import patch

from hypothesis import strategies as st

from support import CHECKOUT, page
from threadmill import paths, pipeline
from threadmill.models import running
from threadmill.publish import snapshots

STEMS = st.sampled_from(["ann", "bo", "bo@2026-01-05", "cy", "sub/dee"])
WORDS = st.sampled_from(
    [
        "Ann, thanks.",
        "See https://example.org/a?b=1",
        "Zorbium helps.",
        "I told Bo so.",
        "ab\0c",
        "",
    ]
)
SIDECARS = st.sampled_from(
    [
        None,
        'host = "Bo"',
        'url = "https://one.example.org/p/x"',
        'url = "https://two.example.org/p/y"\ncaptured_at = 2026-02-01T10:00:00Z',
        'publication = "one"',
    ]
)
REPLIES = st.sampled_from([None, "comment,parent\n1,0\n", "comment,parent\n1,\n"])
TERMS = st.sampled_from([None, "zorbium", "remark"])
TOPICS = st.sampled_from([None, "zorbium", "remark"])
PRIORS = st.sampled_from([None, "substack,2.0,-1.0", "substack,-2.0,1.0", "reddit,1.0,1.0"])

DUMPS = st.sampled_from(["old", "new"])
SAID = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2)), max_size=5)
"""Comments of a dump: the number in its id, and in its post's. An id may come twice, in one post or in two."""
HARM = st.sampled_from(["lose", "cut", "flip", "forget"])
STAGES = st.sampled_from(
    ["read 1 of 1", "store", "ids", "build 1 of 1", "intermediate words", "checks", "seal"]
)
"""Stages that a run may end after."""

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("dump"), DUMPS, SAID),
        st.tuples(st.just("store"), HARM),
        st.tuples(st.just("kill"), STAGES, STEMS),
        st.tuples(st.just("write"), STEMS, WORDS),
        st.tuples(st.just("remove"), STEMS),
        st.tuples(st.just("rename"), STEMS, STEMS),
        st.tuples(st.just("sidecar"), STEMS, SIDECARS),
        st.tuples(st.just("replies"), STEMS, REPLIES),
        st.tuples(st.just("terms"), TERMS),
        st.tuples(st.just("topics"), TOPICS),
        st.tuples(st.just("priors"), PRIORS),
    ),
    min_size=1,
    max_size=5,
)


def dump_line(number, post):
    """Return a comment as a line of a dump of Reddit."""
    comment = {
        "id": f"c{number}",
        "link_id": f"t3_p{post}",
        "parent_id": f"t3_p{post}" if number < 3 else f"t1_c{number - 2}",
        "author": f"u{number}",
        "body": f"Number {number} of Zorbium.",
        "created_utc": 1_700_000_000 + number,
    }
    return json.dumps(comment) + "\n"


class Killed(BaseException):
    """What a run ends with in the middle."""


def end_after(last, name, work):
    """Run a stage, and end the run if it is the `last`."""
    done = work()
    if name == last:
        raise Killed
    return done


class Project:
    """A project of its own, with a vocabulary of its own."""

    def __init__(self, folder, *, is_large=False):
        """Make the project and run on it; a large one's queries read files and keep what they count."""
        self.folder, self.is_large = folder, is_large
        self.raw = folder / "data" / "raw" / "substack"
        self.vocabulary = folder / "data" / "vocabulary"
        shutil.copytree(CHECKOUT / "data" / "vocabulary", self.vocabulary)
        self.raw.mkdir(parents=True)
        self.put(self.raw / "always.txt", page(second="Ada, zorbium it is, said the remark."))
        self.put(self.raw / "bo.txt", page(first="Another remark."))
        self.put(self.raw / "cy.txt", page(first="Bo, a third remark."))
        self.run("stepwise")

    def put(self, path, text):
        """Write `text` to `path`; None removes it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text, encoding="utf-8")

    def do(self, kind, *what):
        """Change the project by one step."""
        if kind == "write":
            stem, words = what
            self.put(self.raw / f"{stem}.txt", page(first=words) if words else "")
        elif kind == "remove":
            self.put(self.raw / f"{what[0]}.txt", None)
        elif kind == "rename":
            before, after = (self.raw / f"{stem}.txt" for stem in what)
            if before.is_file():
                after.parent.mkdir(parents=True, exist_ok=True)
                before.replace(after)
        elif kind == "sidecar":
            self.put(self.raw / f"{what[0]}.toml", what[1])
        elif kind == "replies":
            # Corrections to a document that can't be read are a user's mistake; that has tests of its own.
            self.put(self.raw / f"{what[0]}.replies.csv", what[1])
        elif kind == "dump":
            name, comments = what
            lines = [dump_line(*comment) for comment in comments]
            path = self.raw.parent / "reddit" / f"{name}.ndjson"
            self.put(path, "".join(lines) if lines else None)
        elif kind == "store":
            self.harm(*what)
        elif kind == "kill":
            last, stem = what
            self.do("write", stem, "A remark of its own.")
            with contextlib.suppress(Killed):
                self.run("stepwise", stage=partial(end_after, last))
        elif kind == "terms":
            row = what[0] and f"term,kind\n{what[0]},concept\n"
            self.put(self.vocabulary / "generic" / "own.csv", row)
        elif kind == "topics":
            pack = self.vocabulary / "own"
            toml = 'name = "own"\nversion = "1"\nlicence = "CC0-1.0"\nlanguage = "en"\n[topics]\nrocks = "Rocks"\n'
            self.put(pack / "pack.toml", what[0] and toml)
            self.put(pack / "topics.csv", what[0] and f"topic,term\nrocks,{what[0]}\n")
        else:
            heading = "platform,top_level_bias,previous_bias,threads,edges,fitted_on\n"
            row = what[0] and f"{heading}{what[0]},5,200,2026-01-01\n"
            self.put(self.vocabulary / paths.PRIORS, row)

    def harm(self, how):
        """Do to what was parsed what disks and people do."""
        store = self.raw.parents[1] / "parsed"
        if how == "lose":
            shutil.rmtree(store)
        elif how == "forget":
            (store / "index.json").write_text("{")
        else:
            for path in store.glob("*-*.arrow"):
                content = path.read_bytes()
                half = len(content) // 2
                rest = bytes([content[half] ^ 1]) + content[half + 1 :] if how == "flip" else b""
                path.write_bytes(content[:half] + rest)

    def run(self, processed, **how):
        """Run the pipeline into a folder of this project."""
        is_large = self.is_large and processed == "stepwise"
        with (
            patch.dict(os.environ, {"THREADMILL_HOME": str(self.folder)}),
            patch.object(running, "SMALL_BYTES", 0 if is_large else running.SMALL_BYTES),
        ):
            return pipeline.run(self.raw.parent, self.folder / processed, **how)

    def tables(self, processed):
        """Return the bytes of the published Parquet files, without the one that names the run."""
        snapshot = snapshots.locate_current(self.folder / processed)
        return {
            path.relative_to(snapshot).as_posix(): path.read_bytes()
            for path in snapshot.rglob("*.parquet")
            if path.name != "runs.parquet"
        }


def check(folder, steps):
    """Do `steps`, a run after each, and compare what is published with a run of everything at once."""
    project = Project(folder, is_large=True)
    refusal = None
    for step in steps:
        project.do(*step)
        refusal = refused(project, "stepwise")
    # A correction that fits no comment is refused either way, and nothing is published.
    assert refused(project, "at_once", full=True) == refusal
    if refusal is None:
        assert project.tables("stepwise") == project.tables("at_once")


def refused(project, processed, **how):
    """Run, and return why that was refused; None if it published."""
    try:
        project.run(processed, **how)
    except ValueError as error:
        return str(error)
    return None
