"""Topics: terms of packs, fits that keep their ids, and what must hold of every aggregate."""

import csv
import shutil

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CHECKOUT, model_cases
from typer.testing import CliRunner

import threadmill
from threadmill import mentions, paths, schema, topics
from threadmill.cli import app
from threadmill.measure import topic_errors
from threadmill.measure import topics as measured_topics
from threadmill.measure.bench import corpus
from threadmill.models import assigning, running, summary
from threadmill.publish import snapshots
from threadmill.storage import macros
from threadmill.topics import fitting, labels, refit
from threadmill.topics.matching import match_topics

GOLD = CHECKOUT / "tests" / "topics" / "ms_gold_topics.csv"
SUBJECTS = {
    "garden": "soil seeds compost tomato roses pruning mulch harvest weeds greenhouse spade bulbs",
    "cycling": "bike pedal saddle gears chain helmet brakes tyres frame spokes climb sprint",
    "cooking": "oven flour butter recipe simmer garlic onion sauce pastry whisk dough roast",
    "sailing": "mast anchor harbour keel rudder spinnaker tide mooring hull jib crew helm",
    "chess": "pawn bishop rook castle gambit endgame knight checkmate opening queen tactic blitz",
    "weather": "rain storm cloud forecast sunshine wind frost thunder humid snow drought breeze",
    "guitar": "chord fret strum amplifier pickup melody riff string tuning solo capo tempo",
    "dogs": "puppy leash bark kennel fetch terrier paws collar vet treats tail walkies",
}

LANGUAGES = pl.read_csv(CHECKOUT / "tests" / "threads" / "languages.csv").select(
    pl.format("c{}", pl.int_range(pl.len())).alias("number"), "language", "text"
)
"""Comments in 28 languages, invented."""


def talk(count, start=0):
    """Return invented comments, each of five words of one of eight subjects and some of none."""
    rows = []
    for number in range(start, start + count):
        chance = np.random.default_rng(number)
        words = SUBJECTS[list(SUBJECTS)[number % len(SUBJECTS)]].split()
        said = [*chance.choice(words, 5, replace=False), *chance.choice(["the", "and", "very"], 3)]
        rows.append((f"c{number:05d}", f"t{number % 40}", " ".join(chance.permutation(said))))
    return pl.DataFrame(rows, schema=["comment_id", "thread_id", "text"], orient="row")


def opened(comments, threads=1):
    con = duckdb.connect(config={"threads": threads})
    macros.create(con)
    con.register("given", comments.to_arrow())
    con.execute("create table comments as from given")
    return con


def no_terms():
    return pl.DataFrame(schema=topics.TERM_COLUMNS)


def no_changes():
    return pl.DataFrame(schema=topics.CHANGE_COLUMNS)


def as_terms(made):
    rows = [
        (topic, made.labels[topic], str(made.version), topics.DISCOVERED, term, weight, False)
        for topic, term, weight in made.terms
    ]
    return pl.DataFrame(rows, schema=topics.TERM_COLUMNS, orient="row")


@pytest.fixture(scope="module")
def first():
    with opened(talk(2400)) as con:
        return refit.refit_topics(con, 8, no_terms(), no_changes())


def pack(folder, name, lines, labels_of, extra=""):
    (folder / name).mkdir(parents=True)
    (folder / name / "topics.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = "".join(f'{topic} = "{label}"\n' for topic, label in labels_of.items())
    (folder / name / "pack.toml").write_text(
        f'name = "{name}"\nversion = "1"\n{extra}[topics]\n{said}', encoding="utf-8"
    )


# packs


def test_a_term_is_kept_as_the_words_the_sql_finds(tmp_path):
    pack(tmp_path, "p", ["topic,term", "a,T-Cells", "a,goat’s milk", "a,治疗法"], {"a": "A"})
    assert topics.read_terms(tmp_path)["term"].to_list() == ["t cells", "goat milk", "治疗 疗法"]


def test_semicolons_do_as_well_as_commas(tmp_path):
    pack(tmp_path, "p", ["topic;term", "diet;rye, fresh", "diet;salt"], {"diet": "Diet"})
    assert topics.read_terms(tmp_path)["term"].to_list() == ["rye fresh", "salt"]


def test_a_topic_is_in_one_pack_only(tmp_path):
    pack(tmp_path, "p", ["topic,term", "a,x"], {"a": "A"})
    pack(tmp_path, "q", ["topic,term", "a,y"], {"a": "B"})
    with pytest.raises(ValueError, match=r"q/topics.csv, line 2: topic 'a' is in pack 'p' too"):
        topics.read_terms(tmp_path)


@pytest.mark.parametrize("weight", ["heavy", "0", "-1", "nan", "inf"])
def test_a_weight_is_a_positive_number(tmp_path, weight):
    pack(tmp_path, "p", ["topic,term,weight", f"a,x,{weight}"], {"a": "A"})
    with pytest.raises(ValueError, match=r"p/topics.csv, line 2: weight"):
        topics.read_terms(tmp_path)


def test_labels_csv_renames_a_topic(tmp_path):
    pack(tmp_path, "p", ["topic,term", "a,x"], {"a": "A"})
    (tmp_path / "p" / "labels.csv").write_text("topic,label\na,Better\n", encoding="utf-8")
    assert topics.read_terms(tmp_path)["label"].to_list() == ["Better"]


def test_a_pack_whose_ambiguous_topic_terms_can_never_count_is_told(tmp_path):
    pack(tmp_path, "p", ["topic,term,gate", "a,x,thread", "a,y,thread"], {"a": "A"})
    pack(tmp_path, "q", ["topic,term,gate", "b,x,thread", "b,y,none"], {"b": "B"})
    told = "p: 2 ambiguous terms of topics.csv can't count; mark one as unambiguous (gate none)"
    assert topics.check_gates(tmp_path, vouching={"q"}) == [told]
    assert topics.check_gates(tmp_path, vouching={"p"}) == []


def test_a_gate_is_one_of_two_words(tmp_path):
    pack(tmp_path, "p", ["topic,term,gate", "a,x,yes"], {"a": "A"})
    with pytest.raises(ValueError, match=r"p/topics.csv, line 2: gate is 'yes'; it is thread"):
        topics.read_terms(tmp_path)


def test_the_sample_agrees_with_people(milled):
    with running.open_tables(snapshots.locate_current(milled), 1) as con:
        figures = measured_topics.compare_with_labels(con, GOLD)
    assert figures["f1"] >= 0.85
    assert sum(one["right"] for one in figures["kinds"].values()) == figures["right"]
    assert {one["label"] for one in figures["missed"]} <= figures["kinds"].keys()


# fitting


def test_nothing_is_fitted_below_the_limit():
    with opened(talk(1999)) as con, pytest.raises(ValueError, match="from 2,000 up"):
        fitting.read_corpus(con)


def test_a_fit_finds_the_subjects(first):
    subject = {word: name for name, words in SUBJECTS.items() for word in words.split()}
    heaviest = {topic: term for topic, term, _ in reversed(first.terms)}
    assert sorted(heaviest) == [f"d{number:03d}" for number in range(1, 9)]
    assert {subject[term] for term in heaviest.values()} == set(SUBJECTS)


def test_as_many_topics_are_found_as_there_are_subjects():
    with opened(talk(2400)) as con:
        made = refit.refit_topics(con, None, no_terms(), no_changes())
    assert len(made.labels) == 8


def test_labels_are_unique_and_hold_no_function_word(first):
    assert len(set(first.labels.values())) == 8
    words = {word for label in first.labels.values() for word in label.split(" · ")}
    assert not words & {"the", "and", "very"}


def test_a_fit_is_the_same_every_time(first):
    with opened(talk(2400).sample(fraction=1, shuffle=True, seed=3), threads=4) as con:
        again = refit.refit_topics(con, 8, no_terms(), no_changes())
    assert (again.terms, again.labels) == (first.terms, first.labels)


def test_a_refit_after_growth_keeps_ids_and_labels(first):
    with opened(talk(3000)) as con:
        second = refit.refit_topics(con, None, as_terms(first), first.changes)
    assert second.version == 2
    assert second.labels == first.labels
    assert set(second.changes["change"]) == {"kept"}
    assert second.changed_share <= 0.03


def test_a_gone_topic_retires_and_its_id_is_not_used_again(first):
    made_up = as_terms(first).vstack(
        pl.DataFrame(
            [("d009", "Gone", "1", topics.DISCOVERED, "zeppelin", 1.0, False)],
            schema=topics.TERM_COLUMNS,
            orient="row",
        )
    )
    with opened(talk(2400)) as con:
        second = refit.refit_topics(con, 8, made_up, first.changes)
        third = refit.refit_topics(
            con, 9, as_terms(second), pl.concat([first.changes, second.changes])
        )
    assert second.changes.filter(change="retired")["topic_id"].to_list() == ["d009"]
    assert "d009" not in third.labels
    assert "d010" in third.labels


def test_a_rename_survives_a_refit(first, tmp_path):
    folder = refit.write_pack(first, no_changes(), tmp_path)
    (folder / "labels.csv").write_text("topic,label\nd001,My name\n", encoding="utf-8")
    past = topics.read_changes(tmp_path)
    with opened(talk(2400)) as con:
        second = refit.refit_topics(con, None, topics.read_terms(tmp_path), past)
    refit.write_pack(second, past, tmp_path)
    named = dict(topics.read_terms(tmp_path).select("topic_id", "label").iter_rows())
    assert named["d001"] == "My name"
    assert topics.read_changes(tmp_path)["version"].to_list() == ["1"] * 8 + ["2"] * 8


def test_what_a_fit_writes_stops_no_run(first, tmp_path):
    vocabulary = shutil.copytree(CHECKOUT / "data" / "vocabulary", tmp_path / "vocabulary")
    before = mentions.read_packs(vocabulary).terms
    refit.write_pack(first, no_changes(), vocabulary)
    assert mentions.read_packs(vocabulary).terms.equals(before)


def test_function_words_tell_the_language():
    with opened(LANGUAGES.select(comment_id="number", thread_id="language", text="text")) as con:
        con.execute(
            "create table counts as select comment_id, word, count(*) as occurrence_count "
            "from (select comment_id, unnest(tokens(text)) as word from comments) group by all"
        )
        found = con.sql("select * from text_languages('counts', comment_id)").pl()
        listed = con.execute("select distinct language from stop_words()").fetchall()
    told = LANGUAGES.join(found, left_on="number", right_on="text_id", how="left")
    told = told.filter(pl.col("language").is_in([language for (language,) in listed]))
    # Danish and Norwegian share most of theirs; a short text may have none.
    assert told.height > 100
    assert (told["language"] == told["language_right"]).sum() >= 0.93 * told.height


def test_of_two_languages_alike_it_is_the_one_that_all_use_more():
    rows = [("c1", "t", "how to do this and that"), ("c2", "t", "to do")]
    with opened(pl.DataFrame(rows, schema=talk(1).schema, orient="row")) as con:
        con.execute(
            "create table counts as select comment_id, word, 1 as occurrence_count "
            "from (select comment_id, unnest(tokens(text)) as word from comments)"
        )
        both = "select language from stop_words() where word in ('to', 'do') group by all having count(*) = 2"
        assert ("cs",) in con.execute(both).fetchall()
        found = con.execute("select * from text_languages('counts', comment_id)").fetchall()
    assert sorted(found) == [("c1", "en"), ("c2", "en")]


def test_function_words_of_no_language_make_a_topic():
    spanish = [("la", "de", "que", "el", "en", "los"), ("perro", "gato", "casa", "mesa", "calle")]
    rows = []
    for number in range(2400):
        chance = np.random.default_rng(number)
        said = [*chance.choice(spanish[0], 4), *chance.choice(spanish[1], 2, replace=False)]
        rows.append((f"s{number:05d}", "t", " ".join(said)))
    both = pl.concat([talk(2400), pl.DataFrame(rows, schema=talk(1).schema, orient="row")])
    with opened(both) as con:
        words = set(fitting.read_corpus(con).words)
    assert not words & {*spanish[0], "the", "and", "very"}
    assert {"perro", "garlic"} <= words


def test_function_words_without_spaces_make_no_topic():
    particles = ["です", "から", "ので", "とか", "この", "ない"]
    words = ["東京", "料理", "音楽", "電車", "天気"]
    rows = []
    for number in range(2400):
        chance = np.random.default_rng(number)
        said = [*chance.choice(words, 2, replace=False), *chance.choice(particles, 3)]
        rows.append((f"j{number:05d}", "t", " ".join(said)))
    with opened(pl.DataFrame(rows, schema=talk(1).schema, orient="row")) as con:
        con.execute("update comments set text = text || ' です' where hash(comment_id) % 2 = 0")
        found = con.execute((paths.sql_folder() / "fitting" / "content_words.sql").read_text())
        kept = {row[4] for row in found.fetchall()}
    assert not kept & set(particles)


def test_a_word_names_only_the_topic_it_weighs_most_in(first):
    with opened(talk(2400)) as con:
        texts = fitting.read_corpus(con)
    # Subjects in pairs: each word is in two topics' comments.
    topic = np.array([int(name[1:]) % 8 // 2 for name in texts.comment_ids])
    topic[::5] = 3
    words = labels.rank_words(texts, topic, 4)
    every = [word for of_topic in words for word in of_topic]
    assert len(every) == len(set(every)) > 40


def test_a_word_that_one_comment_repeats_does_not_name_a_topic():
    texts = fitting.Corpus(
        ["a", "b", "c"],
        ["spam", "tea", "coffee"],
        np.array([0, 2, 3, 4]),
        np.array([0, 1, 1, 2]),
        np.array([99, 1, 1, 1]),
        np.array([1, 2, 1]),
    )
    assert labels.rank_words(texts, np.array([0, 0, 1]), 2) == [["tea", "spam"], ["coffee"]]


@pytest.mark.parametrize(
    ("texts", "with_topic", "is_proposed"),
    [(2000, 1899, True), (2000, 1900, False), (1999, 0, False), (2000, 0, True)],
)
def test_a_fit_is_proposed_when_more_than_one_in_twenty_has_no_topic(
    texts, with_topic, is_proposed
):
    shown = [["Sleep", with_topic]] if with_topic else []
    figures = {"texts": texts, "comments": texts, "topic_comments": with_topic, "topics": shown}
    assert ("threadmill topics fit" in summary._topics(figures)) == is_proposed


def test_a_run_proposes_a_fit(project):
    shutil.rmtree(project / "data" / "raw")
    assert corpus.write(project / "data" / "raw", 1) >= fitting.LEAST_COMMENTS
    result = CliRunner().invoke(app, ["run"])
    assert result.exit_code == 0, result.exception
    assert "have no topic: threadmill topics fit discovers some" in " ".join(result.output.split())


def test_labels_show_one_form_of_a_word():
    assert labels.name_topics([["car", "cars", "engine", "engines", "dealer"]], set()) == [
        "car · engine · dealer"
    ]


def test_equal_words_still_give_two_names():
    assert len(set(labels.name_topics([["rain"], ["rain"], ["rain"]], {"rain (2)"}))) == 3


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_pairs_are_the_likest_of_all(rows, columns, seed):
    from itertools import permutations

    likeness = np.random.default_rng(seed).random((rows, columns))
    small, large = sorted((rows, columns))
    square = likeness if rows <= columns else likeness.T
    most = max(
        sum(square[row, chosen[row]] for row in range(small))
        for chosen in permutations(range(large), small)
    )
    assert sum(likeness[pair] for pair in match_topics(likeness)) == pytest.approx(most)


# commands


def test_topics_fit_says_when_there_is_too_little(project):
    threadmill.run()
    result = CliRunner().invoke(app, ["topics", "fit"])
    assert isinstance(result.exception, ValueError)
    assert "from 2,000 up" in str(result.exception)


def test_topics_show_lists_and_explains(milled):
    listed = CliRunner().invoke(app, ["topics", "show", "--processed", str(milled)])
    one = CliRunner().invoke(app, ["topics", "show", "ebv", "--processed", str(milled)])
    assert "Epstein–Barr virus" in listed.output
    assert "glandular fever" in one.output


def test_showing_an_unknown_topic_says_where_to_look(milled):
    result = CliRunner().invoke(app, ["topics", "show", "nope", "--processed", str(milled)])
    assert "topics show` lists them" in str(result.exception)


def test_suggested_words_are_written_beside_the_pack(project):
    threadmill.run()
    result = CliRunner().invoke(app, ["topics", "suggest", "neuro-ms", "--write"])
    assert result.exit_code == 0, result.exception
    path = project / "data" / "vocabulary" / "neuro-ms" / topics.EXPANSION
    with path.open(encoding="utf-8") as file:
        assert csv.DictReader(file).fieldnames == ["topic", "term", "weight", "gate"]


# what must hold of every aggregate

WORDS = ["sleep", "bread", "work", "rest", "the", "我们睡觉", "don't", "x-ray"]
COMMENTS = st.lists(
    st.tuples(
        st.sampled_from(["t1", "t2"]),
        st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
        st.none() | st.integers(0, 20),
    ),
    min_size=1,
    max_size=12,
)
TERMS = [("diet", "bread", 1.0), ("job", "work", 2.0), ("nap", "sleep", 1.0), ("nap", "rest", 0.5)]


def computed(rows, threads=1):
    """Return a connection with the models of topics on invented comments; each may answer an earlier one."""
    con = model_cases.warehouse()
    con.execute(f"set threads = {threads}")
    places = {"t1": 0, "t2": 0}
    parents = {"t1": [], "t2": []}
    for number, (thread, text, parent) in enumerate(rows):
        con.execute(
            "insert into comments (comment_id, thread_id, position, author_id, text) values (?, ?, ?, ?, ?)",
            [f"c{number}", thread, places[thread], f"a{number % 3}", text],
        )
        if parent is not None and parents[thread]:
            con.execute(
                "insert into replies (comment_id, thread_id, parent_comment_id, is_inferred) values (?, ?, ?, false)",
                [f"c{number}", thread, parents[thread][parent % len(parents[thread])]],
            )
        places[thread] += 1
        parents[thread].append(f"c{number}")
    for thread, count in places.items():
        con.execute("insert into threads (thread_id, comment_count) values (?, ?)", [thread, count])
    for topic, term, weight in TERMS:
        con.execute(
            "insert into topic_terms (topic_id, label, origin, term, weight) values (?, ?, 'pack:p', ?, ?)",
            [topic, topic, term, weight],
        )
    for name, query in model_cases.queries().items():
        if name not in schema.TABLES or schema.TABLES[name].group in ("topics", "engagement"):
            con.execute(f"create or replace table {name} as {query}")
    return con


@given(COMMENTS)
@settings(max_examples=12, deadline=None)
def test_aggregates_keep_their_promises(rows):
    with computed(rows) as con:
        broken = con.execute(
            """
            select 'shares' from comment_topics group by comment_id, origin having abs(sum(share) - 1) > 1e-9
            union all select 'ranks' from comment_topics
                group by comment_id, origin having max(rank) <> count(*)
            union all select 'npmi range' from topic_pairs where npmi not between -1 and 1
            union all select 'asymmetric' from topic_pairs as one
                anti join topic_pairs as other on one.topic_id = other.other_topic_id
                and one.other_topic_id = other.topic_id and one.npmi = other.npmi
                and one.comment_count = other.comment_count
            union all select 'transition share' from topic_transitions
                where transition_share not between 0 and 1
            union all select 'interval' from topic_engagement
                where not answered_share between answered_share_low and answered_share_high
            union all select 'periods' from topic_trend
                group by topic_id having sum(period_comment_count) <> (select count(*) from comments)
            union all select 'trend' from topic_trend join topic_engagement using (topic_id)
                group by topic_id having sum(topic_trend.comment_count) <> any_value(topic_engagement.comment_count)
            union all select 'q' from thread_keywords where q not between 0 and 0.01 or g2 <= 0
            """
        ).fetchall()
    assert broken == []


def test_assignment_is_the_same_with_any_number_of_threads(first):
    def assigned(threads):
        with opened(talk(2400), threads) as con:
            con.register("terms", as_terms(first).to_arrow())
            con.execute("create table topic_terms as from terms")
            for name in ("threads", "mentions", "topic_scopes"):
                con.register("none", schema.arrow(name).empty_table())
                con.execute(f"create table {name} as from none")
            assigning.assign_topics(con)
            return con.execute("from comment_topics").fetchall()

    assert assigned(1) == assigned(2) == assigned(4)


def test_erfc_is_that_of_the_library():
    from math import erfc

    with duckdb.connect() as con:
        macros.create(con)
        for x in (0.0, 0.3, 1.0, 3.0, 6.0, 20.0):
            found = con.execute("select erfc_of_positive(?::double)", [x]).fetchall()[0][0]
            assert found == pytest.approx(erfc(x), rel=2e-7)


def test_nmi_knows_equal_and_unrelated_labels():
    assert measured_topics.compute_nmi(["a", "a", "b", "b"], ["x", "x", "y", "y"]) == 1
    assert measured_topics.compute_nmi(["a", "a", "b", "b"], ["x", "y", "x", "y"]) == 0


def test_each_label_has_its_figures_and_examples_of_its_errors():
    truth = ["cats", "cats", "cats", "dogs", "dogs", None]
    found = ["d1", "d1", "d2", "d2", "", "d1"]
    said = topic_errors.describe_topics(
        truth, found, [f"word  {number}" for number in range(6)], {"d1": "purr · paw"}
    )
    # Of two labels that a topic has equally often it stands for the first.
    assert said["kinds"] == {
        "cats": {
            "labels": 3,
            "found": 4,
            "right": 3,
            "precision": 0.75,
            "recall": 1.0,
            "f1": 0.8571,
            "topics": ["purr · paw", "d2"],
        },
        "dogs": {"labels": 2, "found": 0, "right": 0, "precision": None, "recall": 0.0, "f1": 0.0},
    }
    assert said["wrong"] == [
        {"label": "cats", "text": "4", "labelled": ["dogs"], "excerpt": "word 3"}
    ]
    assert [(one["text"], one["found"]) for one in said["missed"]] == [("4", ["cats"]), ("5", [])]
    shown = topic_errors.format_errors(said).split("\n")
    assert shown[1].split() == [
        "cats",
        "3",
        "4",
        "3",
        "0.750",
        "1.000",
        "0.857",
        *["purr", "·", "paw;", "d2"],
    ]
    assert shown[3] == "wrong: cats, text 4, labelled dogs: word 3"
    assert shown[5] == "missed: dogs, text 5, found nothing: word 4"


@pytest.mark.parametrize(
    ("name", "form"), [("texts.ndjson", "newline-delimited JSON"), ("texts.parquet", "Parquet")]
)
def test_texts_that_cannot_be_read_are_said_in_a_sentence(tmp_path, name, form):
    (tmp_path / name).write_text("# No texts\n", encoding="utf-8")
    with pytest.raises(
        ValueError, match=rf"{name}: can't be read as {form}; it needs text, and label or thread\Z"
    ):
        measured_topics.evaluate_topics(tmp_path / name)
