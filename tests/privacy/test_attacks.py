"""Attacks on what is published under `pseudonymous`, over every table there is: nobody may come out.

A forum is invented in which people's names stand in every field, file name, reject and failure.
"""

import csv
import hashlib
import itertools
import random

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from support import CHECKOUT
from support.youtube import write_answer
from typer.testing import CliRunner

from threadmill import cli, pipeline, schema
from threadmill.mentions.text.names import GIVEN_NAMES
from threadmill.pipeline import status
from threadmill.privacy.keys import Key
from threadmill.privacy.profiles import PSEUDONYMOUS, Profile
from threadmill.privacy.protect import Protector
from threadmill.privacy.scan import Needle, scan
from threadmill.schema import personal
from threadmill.schema.base import DAY, INSTANT, TEXT
from threadmill.storage import tables
from threadmill.threads.hosts import normalise_name

SETTINGS = """
[profiles.study]
profile = "pseudonymous"
release = "spring"

[profiles.wordless]
profile = "pseudonymous"
release = "spring"
text = "none"
time = "none"
"""
SYLLABLES = [
    "zor",
    "vex",
    "quill",
    "mab",
    "thren",
    "dax",
    "lune",
    "pryd",
    "wex",
    "korv",
    "juth",
    "fenz",
]
MAPPING = """
comment_id = "id"
parent_id = "parent"
author_name = "name"
author_id = "own_id"
author_handle = "handle"
author_url = "profile"
url = "link"
title = "title"
thread_url = "page"
host_name = "host"
text = "words"
created_at = "time"
"""


def invent(count):
    """Return invented full names, none of whose parts is a word."""
    drawn = random.Random(22)  # the same each time
    words = ["".join(parts) for parts in itertools.permutations(SYLLABLES, 2)]
    drawn.shuffle(words)
    return [f"{words[2 * n].title()} {words[2 * n + 1].title()}" for n in range(count)]


PEOPLE = invent(12)
HOST, *WRITERS = PEOPLE
TEMPLATES = [
    "Thanks {other}, that helped.",
    "I agree with what {OTHER} said above.",
    "{first}, have you tried the second one? I am {own}.",
    "@{handle} see https://social.example/@{handle} or write to {handle}@mail.example",
    '"Thanks {other}, that helped." Who else says so, {other}?',
    "My name is {own} and {low} knows me. ({first}'s cousin)",
    "{other} et al. 2018 showed 45% of 120 patients, doi:10.1000/xyz.2018.7",
    "FYI: {first} wrote about ZZT in 2019. #{handle}",
    "From {last}, as in {last} and {first}: ask u/{handle}.",
]


def slug(name):
    return name.lower().replace(" ", ".")


@pytest.fixture(scope="module")
def forum(tmp_path_factory):
    """A project of the invented forum and the sample, published under both profiles and as captured."""
    home = tmp_path_factory.mktemp("forum")
    raw = home / "data" / "raw"
    (raw / "forum").mkdir(parents=True)
    (raw / "forum" / "columns.toml").write_text(MAPPING, encoding="utf-8")
    (raw / "substack").mkdir()
    for path in (CHECKOUT / "data" / "raw" / "substack").iterdir():
        (raw / "substack" / path.name).write_bytes(path.read_bytes())
    drawn = random.Random(7)  # the same each time
    for thread in range(3):
        rows = []
        for number in range(30):
            # All write in each thread: who writes elsewhere is masked only where a rule finds them.
            own = WRITERS[number % len(WRITERS)]
            other = drawn.choice([one for one in WRITERS if one != own])
            first, last = other.split()
            said = TEMPLATES[number % len(TEMPLATES)].format(
                other=other, OTHER=other.upper(), low=other.lower(), own=own, first=first, last=last,
                handle=slug(other).replace(".", "_"),
            )  # fmt: skip
            rows.append({
                "id": f"{slug(own)}-{thread}-{number}", "words": said, "name": own,
                "parent": rows[number // 2 - 1]["id"] if number > 1 else "",
                "own_id": f"u-{slug(own)}", "handle": slug(own).replace(".", "_"),
                "profile": f"https://forum.example/members/{slug(own)}",
                "link": f"https://forum.example/t/{thread}#{slug(own)}-{number}",
                "title": f"Ask {HOST} and {WRITERS[thread]} anything",
                "page": f"https://{slug(HOST)}.example/t/{thread}", "host": HOST,
                "time": f"2026-01-{number % 28 + 1:02d}T10:{number:02d}:00Z",
            })  # fmt: skip
        name = raw / "forum" / f"interview-with-{slug(WRITERS[thread])}.csv"
        with name.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
            # A comment that is there twice is left out, and its id is told.
            writer.writerow(rows[3] | {"words": f"{WRITERS[thread]} again, other words."})
    (raw / "forum" / f"{slug(WRITERS[5])}.json").write_text(f'{{"by": "{WRITERS[5]}"', "utf-8")
    (raw / "forum" / f"{slug(WRITERS[6])}.txt").write_text(f"{WRITERS[6]} was here.", "utf-8")
    una, bo, cy = (f"@{slug(one)}" for one in WRITERS[8:11])
    # The source's parent is the top, and the evidence says whom the reply names.
    named = ("Ugx1.r1", bo, "Well said."), ("Ugx1.r2", cy, f"{bo} Indeed, well said.")
    write_answer(raw / "youtube" / "talk.json", ("Ugx1", una, "Here we go."), *named)
    beside = raw / "forum" / f"interview-with-{slug(WRITERS[0])}.toml"
    beside.write_text(f'hots = "{WRITERS[7]}"\n', encoding="utf-8")
    (home / "threadmill.toml").write_text(SETTINGS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("THREADMILL_HOME", str(home))
        patch.setenv("THREADMILL_KEYS", str(home / "keys"))
        pipeline.run(jobs=1)
        for profile in ("study", "wordless"):
            pipeline.run(jobs=1, profile=profile)
        yield home


def read(processed, table):
    return pl.read_parquet(tables.files((processed / "current").resolve(), table))


@pytest.fixture(scope="module", params=["study", "wordless"])
def published(forum, request):
    return forum / "data" / f"processed-{request.param}"


@pytest.fixture(scope="module")
def truth(forum):
    """The names of authors by their ids as captured."""
    comments = read(forum / "data" / "processed", "comments")
    named = comments.select("author_id", "author_name").drop_nulls().unique()
    return dict(named.iter_rows())


def list_ids(published):
    """Return every text in an id's column of every table."""
    ids = set()
    for table, declared in schema.TABLES.items():
        rows = read(published, table)
        for name in declared.columns:
            kind = personal.KINDS.get(name)
            if kind in (personal.AUTHOR, personal.COMMENT, personal.THREAD, personal.REFERENT,
                        personal.DOCUMENT, personal.PLACE):  # fmt: skip
                ids.update(rows[name].drop_nulls())
    return ids


def test_the_names_are_in_what_is_published_as_captured(forum):
    """Else the attacks below prove nothing."""
    needles = [Needle(name, name) for name in PEOPLE]
    found = scan([forum / "data" / "processed" / ".snapshots"], needles)
    assert {hit.needle for hit in found.hits} == {*PEOPLE}


def test_no_name_is_in_any_file(published):
    """In no value, footer, catalog, manifest and file name, as written and in any case; nor a part of one."""
    parts = {part for name in PEOPLE for part in (name, slug(name), *name.split())}
    found = scan([published], [Needle(part, part) for part in sorted(parts)], ignore_case=True)
    assert found.unread == []
    assert {(hit.needle, hit.path.name, hit.place) for hit in found.hits} == set()


def test_a_dictionary_of_names_finds_no_author(published, truth):
    """As ids without a key are made: 21 of the sample's 21 authors were found by the page's names, 4 by ours."""
    ids = {one.rpartition(":")[2] for one in list_ids(published)}
    scopes = [*read(published, "threads")["thread_id"], "substack:ms-lazarus-effect",
              *(f"{slug(HOST)}.example",)]  # fmt: skip
    guesses = {*truth.values(), *GIVEN_NAMES, *PEOPLE}
    hits = {
        name
        for name, scope, platform in itertools.product(guesses, scopes, ("substack", "forum"))
        for form in (name, normalise(name))
        for text in (f"{platform}\x1f{scope}\x1f{form}", form)
        for hashed in (hashlib.md5(text.encode()), hashlib.sha256(text.encode()))  # as attackers do
        if hashed.hexdigest()[:20] in ids or hashed.hexdigest()[:24] in ids
    }
    assert hits == set()


def normalise(name):
    return pl.select(normalise_name(pl.lit(name))).item()


def test_no_id_as_captured_or_recomputed_from_the_page_is_published(forum, published):
    """Ids that hash thread, name and text recompute from a public page: 42 of the sample's 42 comments did."""
    captured = list_ids(forum / "data" / "processed")
    held = captured & list_ids(published)
    # Those who wrote a cited publication stay, as it does.
    found = read(forum / "data" / "processed", "mentions")
    cited = found.filter(kind="citation").select("comment_id", begin="start_char", stop="end_char")
    cited = found.filter(kind="person").join(cited, on="comment_id")
    cited = cited.filter(pl.col("start_char").is_between("begin", "stop"))["canonical_id"]
    held -= {*cited}
    people = {
        "participant",
        "person",
        "handle",
        "email",
        "phone",
        "quote",
        "scare_quote",
        "reported_speech",
    }
    own = {one for one in captured if one.partition(":")[0] in ("substack", "forum")}
    assert held & own == set()
    assert {one for one in held if one.partition(":")[0] in people} == set()


def test_no_document_is_recognised(forum, published):
    raw = forum / "data" / "raw"
    documents = [path for path in raw.rglob("*") if path.is_file()]
    needles = [path.relative_to(raw).as_posix() for path in documents]
    needles += [hashlib.sha256(path.read_bytes()).hexdigest() for path in documents]
    found = scan([published], [Needle(one, one) for one in needles])
    assert found.hits == []


def test_footers_quote_nobody(published):
    said = {}
    for path in (published / "current").resolve().rglob("*.parquet"):
        meta = pq.read_metadata(path)
        for group, column in itertools.product(range(meta.num_row_groups), range(meta.num_columns)):
            chunk = meta.row_group(group).column(column)
            if personal.has_words(chunk.path_in_schema) and chunk.statistics is not None:
                said[chunk.path_in_schema] = chunk.statistics.has_min_max
    assert not any(said.values())


def test_every_text_and_time_is_declared():
    """What isn't would be published as captured."""
    declared = {
        name for name, column in schema.COLUMNS.items() if column.type in (TEXT, DAY, INSTANT)
    }
    assert declared == personal.KINDS.keys()


def test_handles_and_addresses_are_gone(published):
    comments = read(published, "comments")
    gone = ("author_handle", "author_url", "url", "created_at", "created_text")
    assert {name: comments[name].null_count() for name in gone} == dict.fromkeys(
        gone, comments.height
    )
    names = comments["author_name"].drop_nulls()
    assert names.str.contains(r"^Author [0-9a-f]{6}$").all()
    assert read(published, "threads")["url"].null_count() == read(published, "threads").height


def test_without_words_there_are_none(forum):
    wordless = forum / "data" / "processed-wordless"
    assert set(read(wordless, "comments")["text"]) == {""}
    assert set(read(wordless, "mentions")["surface"]) == {""}
    for table in ("questions", "thread_keywords", "mention_candidates"):
        assert read(wordless, table).is_empty()
    assert read(wordless, "threads")["title"].null_count() == read(wordless, "threads").height
    for name in ("created_on", "created_at"):
        assert read(wordless, "comments")[name].null_count() == read(wordless, "comments").height


def test_two_releases_and_two_keys_can_not_be_joined(truth):
    ids = pl.Series(sorted(truth))
    hashed = []
    for release, key in itertools.product(("spring", "autumn"), (b"a" * 32, b"b" * 32)):
        protector = Protector(Profile("study", PSEUDONYMOUS, None, release), Key(key))
        hashed += [protector.hash_ids(kind, ids) for kind in ("author", "comment", "thread")]
    every = pl.concat(hashed)
    assert every.n_unique() == every.len() == len(truth) * 12


def test_the_store_is_sealed_and_what_a_run_needs_is_not_left(forum):
    parts = {part for name in PEOPLE for part in (name, slug(name))}
    found = scan([forum / "data" / "parsed"], [Needle(part, part) for part in sorted(parts)])
    assert found.hits == []
    assert not list((forum / "data" / "parsed").glob("work-*"))
    assert not (forum / "data" / "parsed" / "kept").exists()


def test_a_failure_names_neither_people_nor_files(forum, monkeypatch):
    monkeypatch.setenv("THREADMILL_HOME", str(forum))
    monkeypatch.setenv("THREADMILL_KEYS", str(forum / "keys"))
    file = forum / "data" / "raw" / "forum" / f"interview-with-{slug(WRITERS[0])}.csv"

    def refuse(_snapshot, _figures):
        raise OSError(5, "Input/output error", str(file))

    with pytest.raises(pipeline.RunFailed):
        pipeline.run(jobs=1, profile="study", full=True, review=refuse)
    processed = forum / "data" / "processed-study"
    assert "Input/output error" in str(status.read(processed).failure)
    assert not list((forum / "data" / "parsed").glob("work-*"))
    kept = (processed / ".runs.json").read_text(encoding="utf-8")
    assert not [part for part in (slug(WRITERS[0]), *WRITERS[0].split()) if part in kept.lower()]


OTHERS = {
    # Places in masked texts; mentions that stood within a name; words that were names.
    "mentions", "mention_candidates", "thread_keywords",
    # What follows from times that are exacter than a day.
    "replies.response_s", "comment_engagement.first_response_s", "questions.first_response_s",
    "thread_engagement.half_life_s", "thread_engagement.burstiness",
    "topic_engagement.median_first_response_s",
}  # fmt: skip
"""Tables and columns of numbers that differ between profiles here; docs/privacy.md lists all that can."""


def test_all_other_figures_are_those_of_full(forum):
    differing = set()
    for table in schema.TABLES:
        full, own = (
            read(forum / "data" / name, table) for name in ("processed", "processed-study")
        )
        numbers = [
            name for name, kind in full.schema.items() if kind.is_numeric() or kind == pl.Boolean
        ]
        for name in numbers:
            values = [sorted(map(repr, rows[name].to_list())) for rows in (full, own)]
            if values[0] != values[1]:
                differing.add(f"{table}.{name}")
    assert {one for one in differing if not {one, one.partition(".")[0]} & OTHERS} == set()


def test_readers_are_told(forum):
    with duckdb.connect(
        str(forum / "data" / "processed-study" / "threads.duckdb"), read_only=True
    ) as con:
        said = con.execute("select profile from runs").fetchall()
    assert said == [("pseudonymous, release spring, text masked, time day",)]
    manifest = (forum / "data" / "processed-study" / "manifest.json").read_text(encoding="utf-8")
    assert "Pseudonymous, not anonymous: still personal data." in manifest


def test_priors_are_not_fitted_to_masked_words(forum):
    arguments = ["replies", "fit", "--processed", str(forum / "data" / "processed-study")]
    ended = CliRunner().invoke(cli.app, arguments)
    assert "priors are fitted to words as captured" in str(ended.exception)
