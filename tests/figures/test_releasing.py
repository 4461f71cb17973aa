"""What a release shows: each rule of docs/figures.md by itself."""

from support import figures
from support.figures import MONDAYS, OVERALL, THREADS, TOPICS, Comment

from threadmill.figures import releasing
from threadmill.figures.releasing import NOTHING

K = 10


def write(thread, authors, each=1, topics=()):
    """Return comments in `thread`: so many of `each` of `authors`, by their numbers."""
    return [Comment(f"a{one}", thread, None, topics) for one in authors for _ in range(each)]


def release(comments, before=NOTHING, on=0, k=K):
    released = releasing.release(before, figures.count(comments), k, MONDAYS[on])
    assert releasing.find_faults(before, released, k) == []
    return released


def show(released, table=THREADS):
    """Return what is shown of each cell: its count, or why there is none."""
    return {
        row["cell"]: row["suppressed_reason"] or row["amount"]
        for row in released.select(table).cells.iter_rows(named=True)
    }


# Enough small threads for any single one to hide among.
CROWD = [
    one
    for number in range(6)
    for one in write(f"few{number}", range(40 + 9 * number, 49 + 9 * number))
]


def test_a_cell_needs_k_authors():
    found = show(release(CROWD + write("nine", range(9), 5) + write("ten", range(10), 5)))
    assert (found["nine"], found["ten"]) == ("few_authors", 50)


def test_no_author_has_more_than_half():
    half = write("half", range(1, 20)) + write("half", [0], 19)
    more = write("more", range(1, 20)) + write("more", [0], 20)
    found = show(release(CROWD + half + more))
    assert (found["half"], found["more"]) == (38, "dominated")


def test_the_cell_of_the_fewest_authors_is_left_out_beside_a_small_one():
    threads = write("large", range(40)) + write("middle", range(25)) + write("small", range(3))
    assert show(release(threads)) == {
        "large": 40,
        "middle": "complementary",
        "small": "few_authors",
    }


def test_what_is_left_hides_a_small_cell_also_from_who_knows_the_reasons():
    """Left are 10 + 1 comments: the one of at least k has at least 10, so that the small one would have 1 at most."""
    threads = write("large", range(60)) + write("middle", range(30)) + write("ten", range(10))
    found = show(release(threads + write("one", [99])))
    assert found == {
        "large": 60,
        "middle": "complementary",
        "ten": "complementary",
        "one": "few_authors",
    }


def test_a_topic_of_nearly_all_comments_is_left_out():
    most, rest = write("t", range(40), topics=("x0",)), write("t", range(50, 53))
    assert show(release(most + rest), TOPICS) == {"x0": "complementary"}
    assert show(release(most), TOPICS) == {"x0": 40}


def test_a_cell_changes_when_k_authors_have():
    first = release(CROWD + write("t", range(20)))
    second = release(CROWD + write("t", range(29)), first, 1)
    assert show(second)["t"] == 20
    third = release(CROWD + write("t", range(30)), second, 2)
    assert show(third)["t"] == 30
    assert third.select(THREADS).cells.filter(cell="t")["released_on"].to_list() == [MONDAYS[2]]


def test_a_small_cell_appears_when_k_authors_have_come():
    first = release(CROWD + write("t", range(9)))
    second = release(CROWD + write("t", range(18)), first, 1)
    third = release(CROWD + write("t", range(19)), second, 2)
    assert [show(one)["t"] for one in (first, second, third)] == ["few_authors", "few_authors", 19]


def test_what_is_gone_stays_until_k_authors_are():
    first = release(CROWD + write("t", range(20)))
    second = release(CROWD + write("t", range(11)), first, 1)
    third = release(CROWD, second, 2)
    assert [show(one)["t"] for one in (first, second, third)] == [20, 20, "few_authors"]


def test_the_whole_waits_with_its_parts():
    first = release(write("t", range(20)))
    second = release(write("t", range(25)), first, 1)
    assert show(second, OVERALL) == {"": 20}


def test_a_greater_k_hides_at_once():
    comments = CROWD + write("t", range(15))
    assert show(release(comments, release(comments), 1, k=20))["t"] == "few_authors"
