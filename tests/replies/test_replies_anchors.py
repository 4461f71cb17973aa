"""Evidence is never violated, and where two pieces clash the stronger one stands."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.replies_cases import make

from threadmill.replies import infer
from threadmill.replies.evidence import SCHEMA

SAID = [
    ("Ada", "The kettle is older than the house."),
    ("Bo", "Which house?"),
    ("Ada", "The one by the mill."),
    ("Cy", "I like mills."),
    ("Dora", "“older than the house” made me laugh"),
    ("Bo", "Me too, Dora."),
]


def edges(*rows: tuple[str, str | None, str]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def rebuilt(comments: pl.DataFrame, *rows: tuple[str, str | None, str]) -> dict[str, dict]:
    found = infer(comments, anchors=edges(*rows))
    return {row["comment_id"]: row for row in found.parents.iter_rows(named=True)}


def test_a_persons_edit_is_the_parent_and_is_certain():
    own = rebuilt(make(*SAID), ("t/3", "t/1", "person"))["t/3"]
    assert (own["parent_comment_id"], own["confidence"]) == ("t/1", 1.0)
    assert own["evidence"] == "a person's edit"


def test_a_person_can_say_top_level():
    own = rebuilt(make(*SAID), ("t/1", None, "person"))["t/1"]
    assert (own["parent_status"], own["confidence"]) == ("top_level", 1.0)


def test_the_rest_is_rebuilt_around_an_edit():
    found = rebuilt(make(*SAID), ("t/5", "t/0", "person"))
    assert all(found[f"t/{k}"]["parent_status"] == "inferred" for k in range(1, 6))


def test_a_person_beats_an_id_and_the_id_is_named():
    own = rebuilt(make(*SAID), ("t/3", "t/2", "id"), ("t/3", "t/0", "person"))["t/3"]
    assert own["parent_comment_id"] == "t/0"
    assert "the page's own link says otherwise" in own["evidence"]


def test_an_id_that_crosses_a_persons_edit_yields_and_is_named():
    found = rebuilt(make(*SAID), ("t/2", "t/0", "id"), ("t/4", "t/1", "person"))
    assert found["t/4"]["parent_comment_id"] == "t/1"
    assert found["t/2"]["parent_comment_id"] != "t/0"
    assert "crosses a person's edit" in found["t/2"]["evidence"]


@pytest.mark.parametrize(
    ("parent", "words"),
    [("t/5", "stands below"), ("t/3", "stands below"), ("x", "isn't in this thread")],
)
def test_an_edit_that_no_page_can_show_is_named(parent, words):
    own = rebuilt(make(*SAID), ("t/3", parent, "person"))["t/3"]
    assert own["parent_comment_id"] != parent
    assert words in own["evidence"]


def test_an_edit_may_reach_further_back_than_the_window():
    comments = make(*((f"a{k}", f"word{k}") for k in range(120)))
    own = rebuilt(comments, ("t/100", "t/3", "person"))["t/100"]
    assert (own["parent_comment_id"], own["confidence"]) == ("t/3", 1.0)


def test_an_edit_may_span_a_very_long_branch():
    comments = make(*((f"a{k}", f"word{k}") for k in range(520)))
    found = rebuilt(comments, ("t/510", "t/0", "person"))
    assert found["t/510"]["parent_comment_id"] == "t/0"
    assert all(found[f"t/{k}"]["parent_status"] == "inferred" for k in range(1, 511))


def test_a_known_top_level_set_is_exactly_the_top_level():
    found = rebuilt(make(*SAID), ("t/0", None, "top_level"), ("t/3", None, "top_level"))
    tops = [c for c, row in found.items() if row["parent_status"] == "top_level"]
    assert tops == ["t/0", "t/3"]


def test_a_known_top_level_set_leaves_other_threads_alone():
    both = pl.concat([make(*SAID), make(*SAID, thread="u")])
    free = infer(both.filter(thread_id="u")).parents
    held = infer(both, anchors=edges(("t/0", None, "top_level"))).parents.tail(6)
    assert held.equals(free)


def test_nothing_answers_a_comment_whose_answers_are_collapsed():
    comments = make(*SAID, hidden_reply_count=[None, 2, None, None, None, None])
    found = infer(comments).parents
    assert "t/1" not in found["parent_comment_id"].to_list()


def test_an_id_beats_collapsed_answers_which_are_named():
    comments = make(*SAID, hidden_reply_count=[None, 2, None, None, None, None])
    own = rebuilt(comments, ("t/2", "t/1", "id"))["t/2"]
    assert own["parent_comment_id"] == "t/1"
    assert "collapsed" in own["evidence"]


def test_collapsed_answers_beat_a_quote_which_is_named():
    comments = make(*SAID, hidden_reply_count=[3, None, None, None, None, None])
    own = infer(comments).parents.row(4, named=True)
    assert own["parent_comment_id"] != "t/0"
    assert "but it quotes another comment" in own["evidence"]


def test_a_quote_beats_a_name_which_is_named():
    comments = make(
        ("Ada", "The kettle is older than the house it stands in, says the mill book."),
        ("Boris", "Which house?"),
        ("Cy", "@Boris: “older than the house it stands in” says it all"),
    )
    own = infer(comments).parents.row(2, named=True)
    assert own["parent_comment_id"] == "t/0"
    assert "but it calls another commenter by name" in own["evidence"]


def test_nobody_answers_a_comment_written_later():
    times = ["2026-01-01", "2026-01-02", "2026-01-01", None, None, None]
    own = make(*SAID).with_columns(created_at=pl.Series(times).str.to_datetime("%Y-%m-%d"))
    found = infer(own).parents
    assert found["parent_comment_id"][2] != "t/1"


def test_an_unknown_kind_of_anchor_is_said():
    with pytest.raises(ValueError, match="kind 'guess' is not known"):
        rebuilt(make(*SAID), ("t/1", "t/0", "guess"))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 9),
            st.one_of(st.none(), st.integers(0, 9)),
            st.sampled_from(["person", "id"]),
        ),
        max_size=8,
    )
)
def test_whatever_people_say_the_tree_is_in_pre_order(said):
    rows = [
        ("t", f"t/{k}", "blog", k, None, f"a{k % 3}", None, None, None, "word") for k in range(10)
    ]
    from threadmill.measure.replies.labelled import SCHEMA as COMMENTS

    comments = pl.DataFrame(rows, schema=COMMENTS, orient="row")
    anchors = edges(*((f"t/{c}", None if p is None else f"t/{p}", kind) for c, p, kind in said))
    found = infer(comments, anchors=anchors).parents
    chain: list[str] = []
    for own, above in found.select("comment_id", "parent_comment_id").iter_rows():
        while chain and chain[-1] != above:
            chain.pop()
        assert above is None or chain
        chain.append(own)
    kept = found.filter(pl.col("evidence").is_in(["a person's edit", "the page's own link"]))
    assert (kept["confidence"] == 1.0).all()
