"""The reference, written from the definitions and not from the code, makes the tables that the pipeline publishes."""

import shutil

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from support import CHECKOUT
from support.reference_threads import VOCABULARY
from support.reference_threads import write as write_everything

import reference
from threadmill import pipeline, schema
from threadmill.measure.bench import corpus
from threadmill.measure.bench.cases.plain import infer_by_rule
from threadmill.publish import snapshots
from threadmill.storage import tables

LEFT_OUT = {
    ("runs", "run_id"): "it names one run",
    ("runs", "published_at"): "it is the clock",
    ("runs", "threadmill_version"): "it names the program",
}
"""What cannot be the same, and why."""
UNSEEN = {
    "threads": {"url", "platform_max_depth"},
    "comments": {"author_handle", "author_url", "like_count", "hidden_reply_count", "url"},
    "authors": {"author_handle", "author_url"},
    "comment_engagement": {"like_count"},
    "thread_engagement": {"like_count"},
    "daily_engagement": {"like_count"},
    "author_engagement": {"like_count"},
    "rejects": set(schema.TABLES["rejects"].columns),
    "fetches": set(schema.TABLES["fetches"].columns),
    "topic_changes": set(schema.TABLES["topic_changes"].columns),
}
"""Columns without a value in all threads compared: such pages don't show it, or nothing is wrong."""
RULES = """
age age_at age_is age_was arxiv citation citation_author citation_journal citation_short date decade doi duration
email figure_ref handle hashtag headed_quotation isbn money month participant_name participant_title percentage
person_given person_name person_speaking person_surname phone pmcid pmid quotation relative_date schwartz_hearst
study_subject trial_id trial_phase url vocabulary year year_foreign
"""


def _write_sample(raw):
    shutil.copytree(CHECKOUT / "data" / "raw", raw)


def _move_pack(manifest):
    """Let the pack of the sample's field hold for a publication of invented threads, on two platforms."""
    said = manifest.read_text(encoding="utf-8")
    limit = 'threads = ["substack:ms-lazarus-effect"]\n'
    assert limit in said
    moved = 'publications = ["The Quill"]\nplatforms = ["reddit", "substack"]\n'
    manifest.write_text(said.replace(limit, moved), encoding="utf-8")


CORPORA = {
    "invented": lambda raw: corpus.write(raw, 0.3),
    "everything": write_everything,
    "sample": _write_sample,
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the script and the pipeline make of each corpus: two folders."""
    known = {}

    def of(name):
        if name not in known:
            folder = tmp_path_factory.mktemp(name)
            CORPORA[name](folder / "raw")
            vocabulary = shutil.copytree(VOCABULARY, folder / "data" / "vocabulary")
            if name != "sample":
                _move_pack(vocabulary / "neuro-ms" / "pack.toml")
            reference.main(folder / "raw", folder / "plain", vocabulary)
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("THREADMILL_HOME", str(folder))
                pipeline.run(folder / "raw", folder / "processed", jobs=1, infer=infer_by_rule)
            known[name] = folder / "plain", snapshots.locate_current(folder / "processed")
        return known[name]

    return of


def both(made, name, table):
    """Return the script's table and the published one, without what is left out, in one order."""
    script, snapshot = made(name)
    kept = [column for column in schema.TABLES[table].columns if (table, column) not in LEFT_OUT]
    key = [column for column in schema.TABLES[table].key if column in kept] or kept
    found = pl.read_parquet(script / f"{table}.parquet")
    published = pl.read_parquet(tables.place(snapshot, table))
    return found.select(kept).sort(key), published.select(kept).sort(key)


@pytest.mark.parametrize("table", schema.TABLES)
@pytest.mark.parametrize("name", CORPORA)
def test_the_script_makes_the_table_that_the_pipeline_publishes(made, name, table):
    found, published = both(made, name, table)
    # The pipeline's erfc is an approximation: a q of .01 differs by 1.2e-9.
    assert_frame_equal(found, published, rel_tol=1e-9, abs_tol=2e-9)


@pytest.mark.parametrize("table", schema.TABLES)
def test_the_threads_compared_fill_every_column_that_such_pages_can(made, table):
    published = pl.concat(both(made, name, table)[1] for name in CORPORA)
    unseen = {name for name in published.columns if published[name].is_null().all()}
    assert unseen == UNSEEN.get(table, set())


def test_the_threads_compared_have_mentions_by_every_rule(made):
    _, published = both(made, "everything", "mentions")
    assert sorted(set(published["rule"])) == RULES.split()
