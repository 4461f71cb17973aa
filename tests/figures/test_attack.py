"""No figure of few people follows from what is published: a solver tries, with exact counts and with rounded ones."""

import pytest
from support import figures
from support.figures import MONDAYS, THREADS, WEEKS, Attack, Comment, see

from threadmill.figures import releasing
from threadmill.figures.releasing import NOTHING

K = 10
SEEDS = range(6)
ERRORS = pytest.mark.parametrize("error", [0, 4], ids=["exact", "rounded"])
"""A rounded count is off by 4 at most; an attack on exact ones finds whatever one on rounded ones does."""


def release(before, comments, on):
    """Return a release that a run would publish."""
    released = releasing.release(before, figures.count(comments), K, on)
    assert releasing.find_faults(before, released, K) == []
    return released


def suppress(comments, on):
    """Return the release of somebody who looks at each cell by itself."""
    counted = figures.count(comments)
    own = {name: releasing._choose(NOTHING, one, K, on) for name, one in counted.items()}
    tables = [releasing._settle(name, one) for name, one in own.items()]
    return releasing.Released(*(figures.pl.concat(rows) for rows in zip(*tables, strict=True)))


def list_few(truth, released):
    """Return table and cell of each that fewer than k people, but at least one, are behind."""
    return [
        (row["table"], row["cell"])
        for row in released.cells.iter_rows(named=True)
        if row["table"] in (WEEKS, THREADS) and 0 < len(truth[row["table"]][row["cell"]]) < K
    ]


def draw(dice):
    """Return invented comments of some dozen people or more."""
    return figures.draw_comments(dice, dice.choice([60, 150, 400]), dice.choice([4, 7, 12]))


def find_known(comments, released, error):
    """Return the cells of few people that can't be anything from nothing to k."""
    attack = Attack(K, see(released, MONDAYS[0], error))
    known = []
    for table, cell in list_few(figures.place(comments), released):
        least, most = attack.bound((1, 0, table, cell))
        if least > 0 or most < K:
            known.append((table, cell, least, most))
    return known


@ERRORS
@pytest.mark.parametrize("seed", SEEDS)
def test_no_cell_of_few_people_follows_from_one_release(seed, error):
    dice = figures.dice(seed)
    comments = draw(dice)
    assert find_known(comments, release(NOTHING, comments, MONDAYS[0]), error) == []


def test_the_attack_finds_what_plain_suppression_leaves():
    """Else the claims above prove nothing. Three people in a thread beside one of thirty: 36 - 30 = 6 comments."""
    comments = [Comment(f"a{number}", "large", None) for number in range(30)]
    comments += [Comment(f"b{number % 3}", "small", None) for number in range(6)]
    assert find_known(comments, suppress(comments, MONDAYS[0]), 0) == [(THREADS, "small", 6, 6)]
    assert find_known(comments, release(NOTHING, comments, MONDAYS[0]), 0) == []


def change(dice, comments):
    """Return `comments` a week later: some more, some gone, one author erased."""
    later = [one for one in comments if dice.random() > 0.01]
    erased = dice.choice(later).author
    return [one for one in later if one.author != erased] + figures.draw_comments(
        dice, dice.choice([1, 5, 40])
    )


def count_changed(before, after, table, cell):
    """Return how many people's contributions to a cell differ."""
    one, other = before[table][cell], after[table][cell]
    return sum(one[author] != other[author] for author in {*one, *other})


def find_known_changes(before, after, first, second, error, days=MONDAYS):
    """Return the cells that changed by few people, and of which it follows that they did."""
    attack = Attack(K, see(first, days[0], error), see(second, days[1], error))
    then, now = figures.place(before), figures.place(after)
    known = []
    for table, cell in attack.counts[0].keys() & attack.counts[1].keys():
        if 0 < count_changed(then, now, table, cell) < K:
            least, most = attack.bound((1, 1, table, cell), (-1, 0, table, cell))
            if not least <= 0 <= most or most - least < K:
                known.append((table, cell, least, most))
    return known


def attack_two_releases(seed, error):
    """Return what is known of changes in a release and the one before it, which has one before it too."""
    dice = figures.dice(seed)
    first = draw(dice)
    before = change(dice, first)
    after = change(dice, before)
    released = release(NOTHING, first, MONDAYS[0])
    earlier = release(released, before, MONDAYS[1])
    later = release(earlier, after, MONDAYS[2])
    known = find_known_changes(first, before, released, earlier, error)
    return known + find_known_changes(before, after, earlier, later, error, MONDAYS[1:])


@ERRORS
@pytest.mark.parametrize("seed", SEEDS)
def test_no_change_by_few_people_follows_from_two_releases(seed, error):
    assert attack_two_releases(seed, error) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(len(SEEDS), 200))
def test_no_change_by_few_people_follows_in_many_threads(seed):
    assert attack_two_releases(seed, 0) == []


def test_the_attack_finds_changes_that_plain_suppression_leaves():
    found = []
    for seed in SEEDS:
        dice = figures.dice(seed)
        before = draw(dice)
        after = change(dice, before)
        first, second = suppress(before, MONDAYS[0]), suppress(after, MONDAYS[1])
        found += find_known_changes(before, after, first, second, 0)
    assert len(found) >= 10
