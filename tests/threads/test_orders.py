"""Comments that two orders of one thread show to be top level are top level, whatever the tree."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

import threadmill
from threadmill.threads.captures.blocks import find_top_level


@st.composite
def trees(draw):
    """Draw the parent of each comment, None at top level."""
    size = draw(st.integers(1, 14))
    return [draw(st.none() | st.integers(0, index - 1)) if index else None for index in range(size)]


def shown(parents, dice, lost=()):
    """Return the comments in pre-order, siblings in any order, without those in `lost` and what answers them."""
    order = []

    def show(parent):
        children = [child for child, own in enumerate(parents) if own == parent]
        dice.shuffle(children)
        for child in children:
            if child not in lost:
                order.append(str(child))
                show(child)

    show(None)
    return order


@given(trees(), st.randoms(use_true_random=False), st.sets(st.integers(0, 13), max_size=3))
def test_only_top_level_comments_are_shown(parents, dice, lost):
    found = find_top_level(shown(parents, dice, lost), shown(parents, dice))
    assert all(parents[int(name)] is None for name in found)


def test_blocks_that_change_places_are_top_level():
    assert find_top_level("aBcdDe", "DeaBcd") == ["a", "D"]


def test_all_top_level_comments_show_when_the_order_is_turned():
    tops = [f"{block}{reply}" for block in "abc" for reply in ("", "1", "2")]
    turned = [f"{block}{reply}" for block in "cba" for reply in ("", "1", "2")]
    assert find_top_level(tops, turned) == ["a", "b", "c"]


def test_equal_orders_show_the_first_alone():
    assert find_top_level("abc", "abc") == ["a"]


def test_a_comment_not_recognised_in_the_other_order_shows_nothing():
    authors = dict.fromkeys("rRxy", "Ada")
    assert find_top_level("rxy", "Ryx", authors) == []


COMMENT = "{name}'s avatar\n\n{text}\n\nExpand full comment\n"


def test_two_captures_in_other_orders_fix_what_is_top_level(tmp_path):
    blocks = [
        ("Ada", "A tide came in at noon."),
        ("Bo", "Harbours silt up again."),
        ("Cy", "Storms come in autumn."),
    ]
    replies = [("Dee", f"Yes, {name}, I saw it too there.") for name, _ in blocks]
    raw = tmp_path / "raw" / "substack"
    raw.mkdir(parents=True)
    for file, order in (("post.txt", (0, 1, 2)), ("post@2026-01-05.txt", (2, 1, 0))):
        said = [one for index in order for one in (blocks[index], replies[index])]
        page = "".join(COMMENT.format(name=name, text=text) for name, text in said)
        (raw / file).write_text("6 Comments\n" + page)
    threadmill.run(tmp_path / "raw", tmp_path / "processed")
    with threadmill.connect(tmp_path / "processed") as con:
        rows = con.sql(
            "select author_name, parent_status, depth from comments order by position"
        ).pl()
    tops = rows.filter(pl.col("author_name") != "Dee")
    assert tops["parent_status"].to_list() == ["top_level"] * 3
    candidates = (
        "select kind, probability from reply_candidates join comments using (comment_id) "
        "where author_name <> 'Dee' and rank = 1"
    )
    with threadmill.connect(tmp_path / "processed") as con:
        assert con.execute(candidates).fetchall() == [("top_level", 1.0)] * 3
