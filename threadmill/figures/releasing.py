"""Decide what a release publishes: which cells are shown, which keep the values of the last release, which are hidden.

A cell stays as it is, shown or hidden, until k distinct authors have changed behind it. So the last release is kept
cell by cell, with who is behind each, also behind those that were hidden.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import polars as pl

from threadmill.figures import rules
from threadmill.figures.counting import BEHIND, CELLS, Counted
from threadmill.figures.rules import COMPLEMENTARY, DOMINATED, FEW

OVERALL = "overall_figures"
PARTITIONS = (OVERALL, "week_figures", "thread_figures")
"""Tables in which each comment is counted once at most: their sums differ by what one shows and another doesn't."""
OVERLAPPING = ("topic_figures", "entity_figures")
"""Tables in which a comment is in any number of cells: the rest of each cell follows from the overall figure."""
SHOWN = pl.col("suppressed_reason").is_null()


class Released(NamedTuple):
    """What was released of all tables, and who was behind it."""

    cells: pl.DataFrame
    """As `STATE`: a row per cell."""
    behind: pl.DataFrame
    """As `BEHIND`, with the `table`: who is behind the figures of `cells`."""

    def select(self, table: str) -> "Released":
        """Return what was released of `table`."""
        return Released(*(rows.filter(pl.col("table") == table).drop("table") for rows in self))

    def add_up(self, table: str) -> pl.DataFrame:
        """Return what each author contributes to all that is shown in `table`, as `rules.VECTOR`."""
        own = self.select(table)
        shown = own.cells.filter(SHOWN).select("cell")
        return rules.add_up(own.behind.join(shown, on="cell", how="semi"))


STATE = pl.Schema(
    [
        ("table", pl.String),
        *CELLS.items(),
        ("suppressed_reason", pl.String),
        ("released_on", pl.Date),
    ]
)
NOTHING = Released(STATE.to_frame(), pl.Schema([("table", pl.String), *BEHIND.items()]).to_frame())


def release(before: Released, counted: dict[str, Counted], k: int, on: date) -> Released:
    """Return what is released on the day `on`, after what was `before`.

    Args:
        before: the last release; `NOTHING` if there was none.
        counted: what is counted now, by table.
        k: fewest authors behind a figure.
        on: Monday of the week.
    """
    tables: dict[str, Released] = {}
    sums = _list_sums(before, k)
    for name, now in counted.items():
        chosen = _choose(before.select(name), now, k, on)
        if name in OVERLAPPING:
            overall = [tables[OVERALL].add_up(OVERALL), before.add_up(OVERALL)]
            chosen = _hide_known_rests(chosen, overall, k)
        else:
            others = sums if name in PARTITIONS else _keep_harmless([before.add_up(name)], k)
            is_part = name in PARTITIONS and name != OVERALL
            whole = tables[OVERALL].add_up(OVERALL) if is_part else rules.VECTOR.to_frame()
            chosen = _hide_known_differences(chosen, others, whole, k)
        tables[name] = _settle(name, chosen)
        if name in PARTITIONS:
            sums.append(tables[name].add_up(name))
    return Released(*(pl.concat(rows) for rows in zip(*tables.values(), strict=True)))


def _list_sums(released: Released, k: int) -> list[pl.DataFrame]:
    """Return what each author contributes to each of `PARTITIONS`."""
    return _keep_harmless([released.add_up(name) for name in PARTITIONS], k)


def _keep_harmless(sums: Iterable[pl.DataFrame], k: int) -> list[pl.DataFrame]:
    """Return those of `sums` that are anything; what was released under a smaller k is known, and no measure."""
    return [one for one in sums if one.height and rules.is_harmless(one, k)]


class _Choice(NamedTuple):
    """The cells of one table, and what becomes of each."""

    cells: pl.DataFrame
    """`cell`, `said`, `base`, `is_shown`, `reason`; how the last release had it: `is_known`, `was_shown`, `old_reason`;
    and `step`: how many authors showing it anew tells of."""
    old: Released
    now: Counted
    on: date


NEW, OLD = "new", "old"
"""Whether a cell has what is counted now, or what the last release had: all of it, its reason too."""


def _choose(old: Released, now: Counted, k: int, on: date) -> _Choice:
    """Return what becomes of each cell by itself.

    A cell that was there before stays as it was, shown or hidden, until enough authors have changed.
    """
    change = rules.subtract(now.behind, old.behind, "cell")
    judged = [
        rules.judge(behind, k).select("cell", pl.exclude("cell").name.prefix(f"{name}_"))
        for name, behind in (("own", now.behind), ("old", old.behind), ("change", change))
    ]
    known = old.cells.select(
        "cell",
        old_said="said",
        is_known=pl.lit(value=True),
        was_shown=SHOWN,
        old_reason="suppressed_reason",
    )
    cells = now.cells.select("cell", "said")
    cells = cells.join(known, on="cell", how="full", coalesce=True)
    for one in judged:
        cells = cells.join(one, on="cell", how="left")
    is_known = pl.col("is_known").fill_null(value=False)
    is_new = ~is_known | _may_show("change")
    stays = pl.col("was_shown") & _may_show("old")
    reason = (
        pl.when(pl.col("own_is_few").fill_null(value=True))
        .then(pl.lit(FEW))
        .when(pl.col("own_is_dominated"))
        .then(pl.lit(DOMINATED))
    )
    cells = cells.select(
        "cell",
        pl.coalesce("said", "old_said").alias("said"),
        base=pl.when(is_new).then(pl.lit(NEW)).otherwise(pl.lit(OLD)),
        is_shown=pl.when(is_new).then(_may_show("own")).otherwise(stays),
        # A cell that was shown under a smaller k has no reason yet.
        reason=pl.when(is_new).then(reason).otherwise(pl.coalesce("old_reason", pl.lit(FEW))),
        is_known=is_known,
        was_shown=stays.fill_null(value=False),
        old_reason="old_reason",
        step=pl.coalesce("change_author_count", "own_author_count", "old_author_count", 0),
    )
    return _Choice(cells.sort("cell"), old, now, on)


def _may_show(prefix: str) -> pl.Expr:
    is_few = pl.col(f"{prefix}_is_few").fill_null(value=True)
    return ~(is_few | pl.col(f"{prefix}_is_dominated").fill_null(value=False))


def _hide_known_differences(
    choice: _Choice, others: Iterable[pl.DataFrame], whole: pl.DataFrame, k: int
) -> _Choice:
    """Return `choice` with fewer cells shown anew, until its sum and each of `others` differ by nothing or by enough.

    Each of `others` is a `rules.VECTOR` that follows from what is published. Of the `whole`, which is what all cells
    have together, enough must be left for those that are hidden; it is empty where nobody knows it.
    """
    own = rules.add_up(_list_shown(choice))
    rests = [_to_dict(rules.subtract(other, own)) for other in others]
    left = _to_dict(rules.subtract(whole, own)) if whole.height else {}
    hidden = choice.cells.filter(~pl.col("is_shown"))["reason"].value_counts()
    counts = dict(hidden.iter_rows())

    def is_harmless() -> bool:
        return all(map(weigh, rests)) and rules.is_enough(sum(left.values()), counts, k)

    def weigh(rest: dict[str, int]) -> bool:
        sizes = [abs(amount) for amount in rest.values()]
        return rules.weigh(len(sizes), sum(sizes), max(sizes, default=0), k)

    if is_harmless():
        return choice
    now, old = _to_dicts(choice.now.behind), _to_dicts(choice.old.behind)
    become: dict[str, _Step] = {}
    todo = iter(_list_steps(choice))
    while not is_harmless() and (step := next(todo, None)):
        become[step.cell] = step
        if step.reason:
            counts[step.reason] = counts.get(step.reason, 0) + 1
        taken = (now if step.shown == NEW else old).get(step.cell, {})
        kept = {} if step.reason else old.get(step.cell, {})
        for rest in (*rests, left) if whole.height else rests:
            for author in taken.keys() | kept.keys():
                amount = rest.pop(author, 0) + taken.get(author, 0) - kept.get(author, 0)
                if amount:
                    rest[author] = amount
    return _put(choice, become.values())


class _Step(NamedTuple):
    """A cell that gives up what it would show."""

    cell: str
    shown: str
    """What it would show: `NEW` or `OLD`."""
    base: str
    """What it has instead."""
    reason: str | None
    """Why it is hidden then; None if it shows what it showed before."""


def _list_steps(choice: _Choice) -> list[_Step]:
    """Return the figures to give up, in that order: first those that tell of the fewest authors anew."""
    cells = choice.cells.filter("is_shown").sort(pl.col("base") != NEW, "step", "cell")
    steps, again = [], []
    for cell, base, is_known, was_shown, reason in cells.select(
        "cell", "base", "is_known", "was_shown", "old_reason"
    ).iter_rows():
        if base == NEW and is_known and was_shown:
            steps.append(_Step(cell, NEW, OLD, None))
            again.append(_Step(cell, OLD, OLD, COMPLEMENTARY))
        elif base == NEW and is_known:
            steps.append(_Step(cell, NEW, OLD, reason or COMPLEMENTARY))
        else:
            steps.append(_Step(cell, base, base, COMPLEMENTARY))
    return [*steps, *again]


def _to_dict(vector: pl.DataFrame) -> dict[str, int]:
    return dict(vector.select("author", "amount").iter_rows())


def _to_dicts(behind: pl.DataFrame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for cell, author, amount in behind.select("cell", "author", "amount").iter_rows():
        found.setdefault(cell, {})[author] = amount
    return found


def _hide_known_rests(choice: _Choice, wholes: Iterable[pl.DataFrame], k: int) -> _Choice:
    """Return `choice` without the cells whose rest, all comments but theirs, follows and is too few people's."""
    steps = [step._replace(base=step.shown, reason=COMPLEMENTARY) for step in _list_steps(choice)]
    shown = {step.cell: step for step in reversed(steps)}
    hidden = {cell for one in wholes if one.height for cell in _list_known_rests(choice, one, k)}
    return _put(choice, [shown[cell] for cell in sorted(hidden)])


def _list_known_rests(choice: _Choice, whole: pl.DataFrame, k: int) -> list[str]:
    behind = _list_shown(choice)
    amount = pl.col("amount")
    size, largest = whole.select(amount.sum(), amount.max().alias("largest")).row(0)
    sums = behind.group_by("cell").agg(count=pl.len().cast(pl.Int64), size=amount.sum())
    # Most cells are so small that nothing needs to be subtracted.
    is_near = (whole.height - pl.col("count") < k) | (2 * largest > size - pl.col("size"))
    return [
        cell
        for cell in sums.filter(is_near)["cell"]
        if not rules.is_harmless(rules.subtract(whole, behind.filter(pl.col("cell") == cell)), k)
    ]


def _put(choice: _Choice, steps: Iterable[_Step]) -> _Choice:
    """Return `choice` after the last of `steps` of each cell."""
    rows = [(step.cell, step.base, step.reason) for step in steps]
    columns = ("cell", "put_base", "put_reason")
    put = pl.DataFrame(rows, dict.fromkeys(columns, pl.String), orient="row")
    is_put = pl.col("put_base").is_not_null()
    cells = choice.cells.join(put, on="cell", how="left", maintain_order="left").with_columns(
        base=pl.coalesce("put_base", "base"),
        is_shown=pl.when(is_put).then(pl.col("put_reason").is_null()).otherwise("is_shown"),
        reason=pl.when(is_put).then("put_reason").otherwise("reason"),
    )
    return choice._replace(cells=cells.drop("put_base", "put_reason"))


def _list_shown(choice: _Choice) -> pl.DataFrame:
    """Return who is behind what is shown, as `BEHIND`."""
    return _list_behind(choice, choice.cells.filter("is_shown"))


def _list_behind(choice: _Choice, cells: pl.DataFrame) -> pl.DataFrame:
    """Return who is behind the `base` of `cells`, as `BEHIND`."""
    return pl.concat(
        [
            rows.behind.select(list(BEHIND)).join(
                cells.filter(pl.col("base") == base).select("cell"), on="cell", how="semi"
            )
            for base, rows in ((NEW, choice.now), (OLD, choice.old))
        ]
    )


def _settle(table: str, choice: _Choice) -> Released:
    """Return what is released of `table`, also what is hidden of it: the next release is compared with that too."""
    is_new = pl.col("base") == NEW
    figures = [name for name in CELLS if name not in ("cell", "said")]
    cells = choice.cells.join(choice.now.cells.drop("said"), on="cell", how="left").join(
        choice.old.cells.drop("said", "suppressed_reason"), on="cell", how="left", suffix="_before"
    )
    cells = cells.with_columns(
        *(pl.when(is_new).then(name).otherwise(f"{name}_before").alias(name) for name in figures),
        table=pl.lit(table),
        suppressed_reason=pl.when(~pl.col("is_shown")).then("reason"),
        released_on=pl.when(is_new).then(pl.lit(choice.on)).otherwise("released_on"),
    )
    behind = _list_behind(choice, choice.cells).sort("cell", "author")
    return Released(
        cells.select(list(STATE)).cast(STATE),
        behind.select(pl.lit(table).alias("table"), *BEHIND),
    )


def find_faults(before: Released, released: Released, k: int) -> list[str]:
    """Return where too few people are behind what `released` shows: a sentence each, none if all is well.

    Looks at it as a reader may who has what was shown `before` too: at cells, changes of cells, and what is left over
    between tables.
    """
    faults = []
    whole = released.add_up(OVERALL)
    for name in released.cells["table"].unique().sort():
        own, old = released.select(name), before.select(name)
        shown = own.cells.filter(SHOWN).select("cell")
        judged = rules.judge(own.behind.join(shown, on="cell", how="semi"), k)
        if (
            bad := judged.filter(pl.col("is_few") | pl.col("is_dominated")).height
        ) or judged.height < shown.height:
            faults.append(f"{name}: {bad} cells are shown that too few people are behind")
        change = rules.subtract(own.behind, old.behind, "cell")
        change = change.join(old.cells, on="cell", how="semi")
        changed = rules.judge(change, k).filter(pl.col("is_few") | pl.col("is_dominated")).height
        if changed:
            faults.append(f"{name}: {changed} cells differ from the last release by too few people")
        left = rules.subtract(whole, released.add_up(name)).select(pl.col("amount").sum()).item()
        reasons = own.cells.drop_nulls("suppressed_reason")["suppressed_reason"].value_counts()
        is_part = name in PARTITIONS and whole.height
        if is_part and not rules.is_enough(left, dict(reasons.iter_rows()), k):
            faults.append(f"{name}: hidden cells are known by what is left for them")
    earlier, sums = _list_sums(before, k), _list_sums(released, k)
    for number, one in enumerate(sums):
        apart = [
            rules.is_harmless(rules.subtract(one, other), k) for other in earlier + sums[:number]
        ]
        if not all(apart):
            faults.append("the sums of two tables or releases differ by too few people")
    return faults
