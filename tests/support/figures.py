"""Invented contributions to figures, and an attack on what is released of them: an integer program, solved by HiGHS.

The attacker knows every table, the rules, and that each comment is in the overall figure, in one thread and in one
week at most. Written from what docs/figures.md promises, not from how Threadmill keeps it.
"""

import random
from collections import Counter, defaultdict
from datetime import date
from typing import NamedTuple

import highspy
import polars as pl

from threadmill.figures.counting import BEHIND, CELLS, Counted

OVERALL, WEEKS, THREADS, TOPICS = (
    "overall_figures",
    "week_figures",
    "thread_figures",
    "topic_figures",
)
MONDAYS = [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19), date(2026, 1, 26)]
MANY = 100_000
"""More comments than there are."""


class Comment(NamedTuple):
    author: str
    thread: str
    week: str | None
    topics: tuple[str, ...] = ()


def draw_comments(dice, count, threads=12, people=60):
    """Return invented comments: few threads and people have most of them, and some have no day."""
    return [
        Comment(
            f"a{int(people * dice.random() ** 2)}",
            f"t{int(threads * dice.random() ** 2.5)}",
            str(MONDAYS[int(4 * dice.random() ** 3)]) if dice.random() < 0.95 else None,
            tuple(f"x{dice.randrange(8)}" for _ in range(dice.randrange(3))),
        )
        for _ in range(count)
    ]


def place(comments):
    """Return table → cell → author → how many comments."""
    found = defaultdict(lambda: defaultdict(Counter))
    for one in comments:
        found[OVERALL][""][one.author] += 1
        found[THREADS][one.thread][one.author] += 1
        if one.week:
            found[WEEKS][one.week][one.author] += 1
        for topic in set(one.topics):
            found[TOPICS][topic][one.author] += 1
    return found


def count(comments):
    """Return what `counting.count` gives for each table."""
    return {
        table: _count(cells, '{"platform": "substack", "label": "Label"}')
        for table, cells in place(comments).items()
    }


def _count(cells, said):
    rows = [(cell, author, amount) for cell, own in cells.items() for author, amount in own.items()]
    behind = pl.DataFrame(rows, BEHIND, orient="row")
    sums = [(cell, said, own.total(), len(own), None, None) for cell, own in cells.items()]
    return Counted(pl.DataFrame(sums, CELLS, orient="row"), behind)


class Seen(NamedTuple):
    """What a reader sees of one release: of each table, cell → least and greatest count, or the reason why not."""

    shown: dict[str, dict[str, tuple[int, int]]]
    hidden: dict[str, dict[str, str]]
    held: dict[str, set[str]]
    """Cells that have the values of an earlier release."""


def see(released, on, error=0):
    """Return what a reader of `released`, on the day `on`, sees; counts may be off by `error`."""
    shown, hidden, held = defaultdict(dict), defaultdict(dict), defaultdict(set)
    for row in released.cells.iter_rows(named=True):
        table, cell = row["table"], row["cell"]
        if row["suppressed_reason"]:
            hidden[table][cell] = row["suppressed_reason"]
            continue
        shown[table][cell] = row["amount"] - error, row["amount"] + error
        if row["released_on"] != on:
            held[table].add(cell)
    return Seen(shown, hidden, held)


class Attack:
    """What follows from one release, or from two in a row, for the true count of each cell at each."""

    def __init__(self, k, *seen):
        self.k, self.model = k, highspy.Highs()
        self.model.silent()
        self.counts = []
        for number, one in enumerate(seen):
            self.counts.append(self._add(one, seen[number - 1] if number else None))

    def _draw(self, low=0, high=MANY):
        return self.model.addIntegral(lb=low, ub=high)

    def _add(self, seen, before):
        counts = {}
        for table in (OVERALL, WEEKS, THREADS):
            for cell, (low, high) in seen.shown[table].items():
                # One that is held may be anything by now.
                is_held = cell in seen.held[table]
                counts[table, cell] = self._draw(*((0, MANY) if is_held else (low, high)))
            least = {"few_authors": 0, "dominated": 2 * self.k - 1, "complementary": self.k}
            for cell, reason in seen.hidden[table].items():
                # One that was hidden before may be anything by now.
                was_hidden = before is not None and cell in before.hidden[table]
                counts[table, cell] = self._draw(0 if was_hidden else least[reason])
        whole = counts.get((OVERALL, ""))
        for table in (WEEKS, THREADS):
            own = [one for (name, _), one in counts.items() if name == table]
            # Comments without a day, and weeks that aren't listed.
            rest = [self._draw()] if table == WEEKS else []
            if whole is not None:
                self.model.addConstr(sum(own + rest) == whole)
        return counts

    def bound(self, *terms):
        """Return the least and the greatest sum of `terms`: each a sign, a release, a table and a cell."""
        found = []
        wanted = sum(sign * self.counts[at][table, cell] for sign, at, table, cell in terms)
        for solve in (self.model.minimize, self.model.maximize):
            solve(wanted)
            assert self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            found.append(round(self.model.getObjectiveValue()))
        return tuple(found)


def dice(seed):
    """Return chance that is the same for the same `seed`."""
    return random.Random(seed)
