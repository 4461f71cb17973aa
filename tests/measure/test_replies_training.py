"""Weights: what ships is what the card says, and the same files give the same weights."""

import datetime as dt
import hashlib
import json

import numpy as np
import polars as pl
import pytest
from support import CHECKOUT
from support.replies_cases import COMMENTS, SOURCE, chains, make

from threadmill.measure.replies import examples, fitting, train
from threadmill.measure.replies.figures import format_tables
from threadmill.measure.replies.labelled import Source
from threadmill.replies import priors
from threadmill.replies.model import decode, features, scorer
from threadmill.replies.model.rebuilt import score

TINY = train.Settings(seeds=2, units=4, epochs=2)


def test_the_shipped_weights_are_those_of_their_card():
    card = json.loads((scorer.FOLDER / "weights.json").read_text(encoding="utf-8"))
    held = (scorer.FOLDER / "weights.npz").read_bytes()
    assert hashlib.sha256(held).hexdigest() == card["sha256"]
    assert len(held) <= 200_000
    assert {"command", "sources", "settings", "columns", "figures"} <= card.keys()


def test_the_card_names_the_columns_that_are_computed():
    seen = features.compute_features(COMMENTS, scorer.load().rarity)
    named = scorer.load().card["columns"]
    assert [named["comment"], named["pair"], named["top"]] == [list(c) for c in seen.columns]


def test_changed_weights_are_refused(tmp_path):
    scorer.save(scorer.load(), tmp_path)
    with (tmp_path / "weights.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ValueError, match="not the file"):
        scorer.load(tmp_path)


def test_the_same_threads_give_the_same_weights(tmp_path):
    hashes = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        scorer.save(train.train([SOURCE], TINY), folder)
        hashes.append(hashlib.sha256((folder / "weights.npz").read_bytes()).hexdigest())
    assert hashes[0] == hashes[1]


def test_training_makes_its_own_threads_likelier():
    rarity = np.full(1 << 15, 48, dtype=np.uint8)
    learned = examples.make_examples([SOURCE], rarity, TINY.host_share, TINY.like_share)
    pieces = [(0, *piece) for piece in learned[0].pieces]
    parts = train._Part(learned, pieces, train._weigh_sources(learned, TINY))
    losses = []
    for epochs in (1, 40):
        weights = train.fit(learned, rarity, TINY._replace(epochs=epochs, seeds=1, drop=0.0))
        scored = score(learned[0].seen, weights)
        rows = np.concatenate([np.arange(a, b) for a, b in learned[0].pieces])
        links = np.isin(learned[0].seen.pairs.later, rows)
        free = decode.compute_posterior(
            parts.layout, scored.pair[links][:, None], scored.top[rows][:, None]
        )
        held = parts.compute_true_posterior(scored.pair[links][:, None], scored.top[rows][:, None])
        losses.append(float((free.log_z - held.log_z).sum()))
    assert losses[1] < losses[0]


def labelled(source: Source, copies: int) -> pl.DataFrame:
    ids = source.comments["comment_id"].to_list()
    named = [None if p < 0 else ids[p] for p in source.parent.tolist()]
    once = source.comments.with_columns(parent_comment_id=pl.Series(named, dtype=pl.String))
    return pl.concat(
        [
            once.with_columns(
                pl.col("thread_id") + f"-{k}",
                pl.col("comment_id") + f"-{k}",
                pl.col("parent_comment_id") + f"-{k}",
            )
            for k in range(copies)
        ]
    ).sort("thread_id", "position")


def with_chains(copies: int) -> pl.DataFrame:
    """Return our own threads and threads in which each comment answers the one before, whatever the words."""
    own = labelled(SOURCE, copies)
    more = chains(4 * copies).with_columns(platform=pl.lit(own["platform"][0]))
    return pl.concat([own, more], how="diagonal").sort("thread_id", "position")


def test_a_prior_is_fitted_from_enough_threads():
    (fitted,) = fitting.fit(with_chains(5), dt.date(2026, 1, 5))
    assert fitted.prior is not None
    assert (fitted.prior.threads, fitted.prior.fitted_on) == (45, dt.date(2026, 1, 5))
    assert fitted.accuracy >= max(fitted.rule_accuracy, fitted.constant_accuracy)


def test_a_prior_is_not_fitted_from_one_thread():
    threads = labelled(SOURCE, 1)
    one = threads.filter(pl.col("thread_id") == threads["thread_id"][0])
    (fitted,) = fitting.fit(one, dt.date(2026, 1, 5))
    assert fitted.prior is None
    assert "1 thread with" in fitted.reason
    assert "needs 2 and 10" in fitted.reason


def few(*are_answered: bool) -> pl.DataFrame:
    """One thread each, all top level or each comment an answer to the one before; nothing in the words tells which."""
    threads = []
    for n, is_chain in enumerate(are_answered):
        said = [(f"a{n}{k}", f"word{n}{k} other{n}{k}") for k in range(12)]
        thread = make(*said, thread=f"t{n}")
        above = pl.col("comment_id").shift(1) if is_chain else pl.lit(None, pl.String)
        threads.append(thread.with_columns(parent_comment_id=above))
    return pl.concat(threads)


def test_few_threads_do_not_move_a_platform_far_however_sure_each_is():
    found = []
    for threads in (few(True), few(True, True, True), few(*[True] * 40)):
        trees, parent = fitting.select_known_trees(threads)
        known = fitting.prepare(trees, parent, False, scorer.load())
        every = np.ones(len(parent), dtype=bool)
        found.append(fitting.fit_biases(known, every, both=False)[0])
    assert 0 > found[0] > found[1] > found[2]
    assert found[0] > -1
    assert found[2] < 2 * found[1]


def test_three_threads_that_differ_leave_the_preset():
    (fitted,) = fitting.fit(few(True, False, True), dt.date(2026, 1, 5))
    assert fitted.prior is None
    assert fitted.reason.endswith("the preset stays")


def test_more_threads_leave_less_unknown():
    one = priors.Prior("p", 0.5, 0.0, 2, 40, None)
    spreads = [one._replace(threads=n, edges=20 * n).spread for n in (2, 5, 20, 500)]
    assert spreads == sorted(spreads, reverse=True)
    assert priors.PRESET.spread == 1
    assert all(0.5 < spread <= 1 for spread in spreads)


def test_a_prior_worse_than_a_constant_is_refused():
    threads = labelled(SOURCE, 6)
    chain = pl.col("comment_id").shift(1).over("thread_id")
    # Every comment answers the one before: whoever calls that is always right, whatever the words say.
    chains = threads.with_columns(parent_comment_id=chain)
    spoiled = scorer.load()
    worse = spoiled._replace(
        pair=spoiled.pair._replace(linear=-9 * spoiled.pair.linear, out=-9 * spoiled.pair.out)
    )
    (fitted,) = fitting.fit(chains, dt.date(2026, 1, 5), worse)
    assert fitted.prior is None
    assert "the preset stays" in fitted.reason


def flat(blocks: int, answers: int) -> tuple[pl.DataFrame, np.ndarray]:
    """Threads on a platform of two levels: every answer is shown below its block's first comment."""
    threads, parent = [], []
    for thread in range(6):
        said, base = [], len(parent)
        for block in range(blocks):
            first = len(parent)
            said.append((f"a{block}", f"Remark {block} on the kettle."))
            parent.append(-1)
            for k in range(answers):
                said.append((f"b{k % 2}", "And you? I like tea."))
                parent.append(first)
        threads.append(make(*said, thread=f"t{thread}"))
        assert len(parent) == base + len(said)
    return pl.concat(threads), np.array(parent)


def test_a_page_with_two_levels_says_nothing_of_answers_to_the_previous_comment():
    comments, parent = flat(blocks=3, answers=4)
    known = fitting.prepare(comments, parent, True, scorer.load())
    top, previous = fitting.fit_biases(known, np.ones(len(parent), dtype=bool))
    assert previous == 0
    assert top != 0
    deep = fitting.fit_biases(
        known._replace(has_two_levels=False), np.ones(len(parent), dtype=bool)
    )
    assert deep[1] < -1


def test_links_beyond_the_candidates_teach_nothing():
    comments = make(*((f"a{k % 7}", f"word{k}") for k in range(60)))
    parent = np.arange(60) - 1
    parent[45:] = 0
    known = fitting.prepare(comments, parent, False, scorer.load())
    every = np.ones(60, dtype=bool)
    # Seen as they are, they would count as neither top level nor an answer to the previous comment.
    assert fitting.fit_biases(known, every)[1] > 0


def test_a_prior_worse_than_the_preset_is_not_chosen(monkeypatch):
    comments = with_chains(4)
    trees, parent = fitting.select_known_trees(comments)
    known = fitting.prepare(trees, parent, False, scorer.load())
    every = np.ones(len(parent), dtype=bool)
    assert fitting.choose_prior(known, every) is not None
    monkeypatch.setattr(fitting, "fit_biases", lambda *_: (9.0, 0.0))
    assert fitting.choose_prior(known, every) is None
    (fitted,) = fitting.fit(comments, dt.date(2026, 1, 5))
    assert fitted.prior is None
    assert "the preset for" in fitted.reason


def test_threads_that_are_not_in_pre_order_teach_nothing():
    once = labelled(SOURCE, 1)
    first = once["thread_id"][0]
    crossed = once.with_columns(
        parent_comment_id=pl.when(thread_id=first, position=3)
        .then(pl.lit("nowhere"))
        .otherwise("parent_comment_id")
    )
    kept, parent = fitting.select_known_trees(crossed)
    assert first not in kept["thread_id"].to_list()
    assert (parent < np.arange(len(parent))).all()


def test_priors_survive_their_file(tmp_path):
    own = {"reddit": priors.Prior("reddit", -1.25, 0.5, 7, 900, dt.date(2026, 1, 5))}
    priors.write(tmp_path / "platforms.csv", own)
    assert priors.read(tmp_path / "platforms.csv") == own
    assert priors.read(tmp_path / "none.csv") == {}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("a,0,0,3,100,2026-01-05\na,1,0,3,100,2026-01-05", "platform a is there twice"),
        ("a,inf,0,3,100,2026-01-05", "top_level_bias of a is inf; it must be a number"),
        ("a,0,,3,100,2026-01-05", "previous_bias of a is None; it must be a number"),
        (",0,0,3,100,2026-01-05", "a row has no platform"),
    ],
)
def test_a_wrong_row_of_priors_is_said(tmp_path, rows, sentence):
    path = tmp_path / "platforms.csv"
    path.write_text(f"{','.join(priors.SCHEMA)}\n{rows}\n")
    with pytest.raises(ValueError, match=sentence):
        priors.read(path)


def test_a_broken_priors_file_is_said(tmp_path):
    (tmp_path / "platforms.csv").write_text("platform,bias\nreddit,1\n")
    with pytest.raises(ValueError, match=r"platforms.csv: .*its columns are platform"):
        priors.read(tmp_path / "platforms.csv")


def test_the_tables_in_the_docs_are_those_of_the_card():
    figures = scorer.load().card["figures"]
    text = (CHECKOUT / "docs" / "replies.md").read_text(encoding="utf-8")
    for part in format_tables(figures).strip().split("\n\n"):
        assert part in text
