"""What comes back from `infer`, whatever goes in."""

import pickle
import tracemalloc

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from support.replies_cases import COMMENTS, SOURCE, make

from threadmill import replies
from threadmill.measure.replies.labelled import SCHEMA
from threadmill.replies import infer
from threadmill.replies.evidence import SCHEMA as EDGES
from threadmill.replies.model import scorer
from threadmill.replies.model.authors import mask_starting_hosts


def parents_of(found: replies.Inferred) -> dict[str, str | None]:
    return dict(found.parents.select("comment_id", "parent_comment_id").iter_rows())


def is_pre_order(comments: pl.DataFrame, found: replies.Inferred) -> bool:
    parent = parents_of(found)
    chain: list[str] = []
    thread = None
    for row in comments.iter_rows(named=True):
        if row["thread_id"] != thread:
            thread, chain = row["thread_id"], []
        above = parent[row["comment_id"]]
        while chain and chain[-1] != above:
            chain.pop()
        if above is not None and not chain:
            return False
        chain.append(row["comment_id"])
    return True


WORDS = st.lists(
    st.sampled_from(
        [
            "tea",
            "kettle",
            "why?",
            "@ada",
            "bo,",
            "> tea",
            "你好吗",
            "você",
            "the",
            "“kettle tea”",
            "🙂",
        ]
    ),
    max_size=8,
).map(" ".join)
AUTHORS = st.sampled_from(["Ada", "Bo", "Cy", None, "", "[deleted]"])
THREADS = st.lists(st.lists(st.tuples(AUTHORS, WORDS), min_size=1, max_size=12), max_size=4)


def frame(threads) -> pl.DataFrame:
    rows = [
        (f"t{n}", f"t{n}/{k}", "blog", k, None, author, None, None, None, text)
        for n, thread in enumerate(threads)
        for k, (author, text) in enumerate(thread)
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@settings(max_examples=40, deadline=None)
@given(THREADS)
def test_every_tree_is_in_pre_order_and_every_comment_is_there_once(threads):
    comments = frame(threads)
    found = infer(comments)
    assert found.parents["comment_id"].to_list() == comments["comment_id"].to_list()
    assert is_pre_order(comments, found)


@settings(max_examples=40, deadline=None)
@given(THREADS)
def test_probabilities_of_a_comment_sum_to_exactly_one(threads):
    comments = frame(threads)
    found = infer(comments)
    assert all(p == round(p, 6) >= 0 for p in found.candidates["probability"])
    millionths = found.candidates.with_columns((pl.col("probability") * 1e6).round().cast(pl.Int64))
    sums = millionths.group_by("comment_id").agg(pl.col("probability").sum())
    assert sums.height == comments.height
    assert (sums["probability"] == 1_000_000).all()


@settings(max_examples=25, deadline=None)
@given(THREADS)
def test_a_thread_is_rebuilt_alike_alone_and_in_company(threads):
    comments = frame(threads)
    found = infer(comments)
    alone = [infer(part) for part in comments.partition_by("thread_id", maintain_order=True)]
    empty = infer(comments.clear())
    assert_frame_equal(
        found.parents, pl.concat([empty.parents, *(a.parents for a in alone)]), check_exact=True
    )
    assert_frame_equal(
        found.candidates,
        pl.concat([empty.candidates, *(a.candidates for a in alone)]),
        check_exact=True,
    )


def test_the_same_comments_give_the_same_bytes():
    first, second = infer(COMMENTS), infer(COMMENTS)
    assert pickle.dumps(first.parents.to_arrow().to_pylist()) == pickle.dumps(
        second.parents.to_arrow().to_pylist()
    )
    assert_frame_equal(first.candidates, second.candidates, check_exact=True)


def test_infer_can_be_pickled():
    assert pickle.loads(pickle.dumps(infer)) is infer


def test_an_empty_frame_gives_empty_tables():
    found = infer(COMMENTS.clear())
    assert found.parents.schema == pl.Schema(replies.PARENTS)
    assert found.candidates.schema == pl.Schema(replies.CANDIDATES)
    assert found.parents.height == found.candidates.height == 0


def test_a_lonely_comment_is_surely_top_level():
    found = infer(make(("Ada", "Nobody else is here.")))
    assert found.parents.select("parent_status", "confidence").row(0) == ("top_level", 1.0)
    assert found.candidates.select("kind", "probability").rows() == [("top_level", 1.0)]


def test_ranks_go_from_one_by_probability_with_other_last():
    found = infer(COMMENTS).candidates
    for own in found.partition_by("comment_id"):
        assert own["rank"].to_list() == list(range(1, own.height + 1))
        named = own.filter(pl.col("kind") != "other")
        assert named["probability"].is_sorted(descending=True)
        assert "other" not in own["kind"].to_list()[:-1]
        assert "top_level" in own["kind"].to_list()


def test_confidence_is_the_probability_of_the_decided_parent():
    found = infer(COMMENTS)
    decided = found.parents.join(
        found.candidates.filter(pl.col("kind") != "other"),
        on=["comment_id", "parent_comment_id"],
        nulls_equal=True,
    )
    assert decided.height == COMMENTS.height
    assert (decided["confidence"] == decided["probability"]).all()


def test_every_decision_has_a_reason_in_words():
    evidence = infer(COMMENTS).parents["evidence"]
    assert evidence.null_count() == 0
    assert evidence.str.len_chars().min() > 5


def test_most_of_our_own_threads_are_rebuilt():
    found = parents_of(infer(SOURCE.comments))
    ids = SOURCE.comments["comment_id"].to_list()
    right = [
        found[c] == (None if p < 0 else ids[p])
        for c, p in zip(ids, SOURCE.parent.tolist(), strict=True)
    ]
    assert sum(right) / len(right) >= 0.75


def test_the_prior_moves_the_share_of_top_level_comments():
    def top(bias: float) -> int:
        prior = replies.Prior("threads", bias, 0.0, 9, 999, None)
        found = infer(COMMENTS, priors={"threads": prior})
        assert found.priors["origin"].to_list() == ["fitted"]
        return found.parents.filter(parent_status="top_level").height

    assert top(-3) < top(3)
    assert infer(COMMENTS).priors["origin"].to_list() == ["preset"]


def test_a_chronological_thread_has_edges_by_name_and_quote_only():
    comments = make(
        ("Ada", "The kettle is older than the house it stands in."),
        ("Bodo", "Nice weather."),
        ("Cy", "“the kettle is older than the house” is what I said too"),
        ("Dee", "@Bodo not here"),
    )
    found = infer(comments, chronological=["t"])
    assert found.parents["parent_status"].to_list() == [
        "unknown",
        "unknown",
        "inferred",
        "inferred",
    ]
    assert found.parents["parent_comment_id"].to_list() == [None, None, "t/0", "t/1"]
    assert found.candidates["kind"].to_list() == ["comment", "other"] * 2


def test_an_edit_holds_in_a_chronological_thread_though_it_crosses_another():
    comments = make(*((name, f"Words of {name}.") for name in ("Ada", "Bodo", "Cy", "Dee")))
    rows = [("t/2", "t/0", "person"), ("t/3", "t/1", "person")]
    said = pl.DataFrame(rows, schema=EDGES, orient="row")
    found = infer(comments, said, chronological=["t"]).parents
    assert found["parent_comment_id"].to_list() == [None, None, "t/0", "t/1"]
    assert found["confidence"].to_list() == [None, None, 1.0, 1.0]
    assert found["evidence"].to_list()[2:] == ["a person's edit"] * 2


def test_chronological_threads_leave_their_neighbours_as_they_are():
    later = COMMENTS.with_columns(
        thread_id="later" + pl.col("thread_id"), comment_id="later" + pl.col("comment_id")
    )
    both = pl.concat([COMMENTS, later]).sort("thread_id", "position")
    found = infer(both, chronological=later["thread_id"].unique().to_list())
    assert found.parents["comment_id"].to_list() == both["comment_id"].to_list()
    kept = found.parents.filter(~pl.col("comment_id").str.starts_with("later"))
    assert kept.equals(infer(COMMENTS.sort("thread_id", "position")).parents)


def test_a_quote_makes_the_quoted_comment_the_parent_and_says_so():
    comments = make(
        ("Ada", "The kettle is older than the house it stands in."),
        ("Bo", "Where is it now?"),
        (
            "Cy",
            "> The kettle is older than the house it stands in.\nNot by much, the house is from 1871.",
        ),
    )
    own = infer(comments).parents.row(2, named=True)
    assert own["parent_comment_id"] == "t/0"
    assert "quotes its words" in own["evidence"]


@pytest.mark.parametrize("size", [60, 450])
def test_long_threads_work(size):
    comments = make(*((f"a{k % 7}", f"words {k} and {k // 2}") for k in range(size)))
    assert is_pre_order(comments, infer(comments))


def hosted(*by_host: bool) -> pl.Series:
    comments = make(*((f"a{k}", "word") for k in range(len(by_host))), is_host=list(by_host))
    return mask_starting_hosts(comments)["is_host"]


def test_a_host_who_answers_is_a_host():
    assert hosted(False, True, False, True, False).to_list() == [False, True, False, True, False]


@pytest.mark.parametrize(
    "by_host",
    [
        (True, False, True, False),
        (False, True, True, False, True, False, True),
        (False, True, True),
    ],
)
def test_a_host_who_starts_things_is_no_blogs_author(by_host):
    assert hosted(*by_host).null_count() == len(by_host)


def test_a_host_may_follow_themselves_now_and_then():
    assert hosted(False, True, True, *([False, True] * 5)).null_count() == 0


def test_a_host_without_a_comment_stays_known():
    assert hosted(False, False).to_list() == [False, False]


ODD = {
    "Arabic": ("أمل", "متى فُتح هذا البيت؟ أظن أنه قديم."),
    "Devanagari": ("अदा", "यह घर कब बना था? मुझे यह पुराना लगता है।"),
    "Japanese": ("はな", "この家はいつ建てられましたか？古いと思います。"),
    "Thai without spaces": ("ดา", "บ้านหลังนี้สร้างเมื่อไร"),
    "emoji alone": ("🙂", "👍🏽👍🏽 🎉"),
    "nobody's name": (None, "Which house do you mean?"),
    "deleted": ("[deleted]", "[removed]"),
    "no text": ("Ada", ""),
    "marks that patterns know": ("a.*(b", "> \\ @a.*(b “[”"),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("authors", [1, 3])
def test_odd_threads_are_rebuilt(odd, authors):
    name, text = ODD[odd]
    names = [name if name is None or not k % authors else f"{name}{k % authors}" for k in range(9)]
    comments = make(*((own, f"{text} {'x' * (k % 2)}") for k, own in enumerate(names)))
    found = infer(comments)
    assert is_pre_order(comments, found)
    assert found.parents["confidence"].is_between(0, 1).all()


@pytest.mark.slow
def test_a_thread_of_thousands_of_comments_stays_in_memory():
    """5,000 comments, one of them corrected: all trees at once would take 5,000² × 8 bytes several times."""
    size = 5_000
    comments = make(*((f"a{k % 37}", f"word{k % 11} and {k // 3}") for k in range(size)))
    edit = pl.DataFrame(
        {"comment_id": ["t/900"], "parent_comment_id": ["t/300"], "kind": ["person"]}
    )
    tracemalloc.start()
    try:
        found = infer(comments, anchors=edit)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert parents_of(found)["t/900"] == "t/300"
    assert is_pre_order(comments, found)
    assert peak < 600e6


def test_a_row_of_a_product_has_the_same_bits_wherever_it_stands():
    rows = np.random.default_rng(0).normal(size=(500, 40)).astype(np.float32)
    weights = np.random.default_rng(1).normal(size=(40, 64)).astype(np.float32)
    whole = scorer._multiply(rows, weights)
    for first in (1, 5, 16):
        assert np.array_equal(scorer._multiply(rows[first:], weights), whole[first:])
