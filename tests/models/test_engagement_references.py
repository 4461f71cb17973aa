"""The metrics against references that share nothing with the SQL: brute force and networkx, on random threads."""

import itertools
import math
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import networkx as nx
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import model_cases

from threadmill import schema
from threadmill.replies.shape import find_roots, measure_subtrees

START = datetime(2026, 1, 5)  # noqa: DTZ001 # UTC, as all times in the tables
CAPTURED = START + timedelta(seconds=400)
HOST = "a0"
COMMENT = st.tuples(
    st.integers(-2, 40),  # the parent: so many comments before, else the top level
    st.sampled_from([None, *(f"a{number}" for number in range(7))]),
    st.integers(0, 60),  # seconds after the comment before
)
THREADS = st.lists(st.lists(COMMENT, max_size=24), min_size=1, max_size=6)
CHECKED = settings(
    max_examples=10, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


class Comment:
    def __init__(self, number, thread, position, parent, author, at):
        self.id, self.thread, self.position = f"c{number}", thread, position
        self.parent, self.author, self.at = parent, author, at
        self.children = []
        if parent:
            parent.children.append(self)

    @property
    def depth(self):
        return self.parent.depth + 1 if self.parent else 0

    @property
    def below(self):
        return [*self.children, *(found for child in self.children for found in child.below)]

    @property
    def answers(self):
        return [c for c in self.children if c.author and self.author and c.author != self.author]

    @property
    def is_answered(self):
        """Whether another answers; None where somebody without a name may be that other."""
        if not self.author or (not self.answers and any(not c.author for c in self.children)):
            return None
        return bool(self.answers)

    @property
    def is_answered_by_host(self):
        if any(answer.author == HOST for answer in self.answers):
            return True
        # Somebody without a name may be the host.
        nameless = any(
            not c.author or (not self.author and c.author == HOST) for c in self.children
        )
        return None if nameless and self.author != HOST else False


def threads_of(drawn):
    """Return the comments of each thread that hypothesis drew."""
    numbers = itertools.count()
    threads = {}
    for index, rows in enumerate(drawn):
        comments, at = [], START
        for position, (back, author, gap) in enumerate(rows):
            parent = comments[-1 - back] if 0 <= back < len(comments) else None
            at += timedelta(seconds=gap)
            comments.append(Comment(next(numbers), f"t{index}", position, parent, author, at))
        threads[f"t{index}"] = comments
    return threads


def warehouse_of(threads, *targets):
    """Return a connection to the tables of `threads` and the models `targets` made of them."""
    comments = [_comment_row(c) for comments in threads.values() for c in comments]
    everyone = [comment for comments in threads.values() for comment in comments]
    rows = {
        "threads": [
            {"thread_id": name, "platform": "p", "host_name": "Host", "captured_at": CAPTURED}
            | {"comment_count": len(comments), "publication": "one"}
            for name, comments in threads.items()
        ],
        "replies": [_reply_row(comment) for comment in everyone if comment.parent],
    }
    con = model_cases.warehouse()
    for name, dicts in rows.items():
        _insert(con, name, _frame(name, dicts))
    frame = _frame("comments", comments).drop("depth", "root_comment_id")
    measured = measure_subtrees(find_roots(frame.drop("descendant_count", "subtree_depth")))
    _insert(con, "comments", measured)
    model_cases.make(con, *targets)
    return con


def _comment_row(comment):
    return {
        "comment_id": comment.id,
        "thread_id": comment.thread,
        "platform": "p",
        "position": comment.position,
        "author_id": comment.author,
        "author_name": comment.author,
        "is_host": comment.author and comment.author == HOST,
        "created_at": comment.at,
        "created_on": comment.at.date(),
        "parent_status": "explicit" if comment.parent else "top_level",
        "parent_comment_id": comment.parent and comment.parent.id,
        "text": "Why?" if comment.position % 2 else "So.",
    }


def _reply_row(comment):
    return {
        "comment_id": comment.id,
        "thread_id": comment.thread,
        "parent_comment_id": comment.parent.id,
        "author_id": comment.author,
        "parent_author_id": comment.parent.author,
        "response_s": seconds(comment.at - comment.parent.at),
        "is_inferred": False,
        "confidence": 1.0,
    }


def _frame(table, dicts):
    declared = pl.DataFrame(schema.arrow(table).empty_table()).schema
    return pl.DataFrame(dicts, schema=declared)


def _insert(con, table, rows):
    con.register("given_rows", rows.to_arrow())
    con.execute(f"insert into {table} by name from given_rows")


def seconds(delta):
    return int(delta.total_seconds())


def rows_of(con, table, columns):
    """Return the named columns of `table`, by the first of them."""
    names = ", ".join(columns.split())
    return {row[0]: row[1:] for row in con.execute(f"select {names} from {table}").fetchall()}


def made(threads, table, columns):
    """Return the named columns of `table`, which its query makes of `threads`, by the first of them."""
    with warehouse_of(threads, table) as con:
        return rows_of(con, table, columns)


def near(value):
    return value if value is None else pytest.approx(value, abs=1e-6)


@CHECKED
@given(THREADS)
def test_comment_engagement_agrees_with_a_walk_over_the_tree(drawn):
    threads = threads_of(drawn)
    found = made(
        threads,
        "comment_engagement",
        "comment_id depth reply_count replier_count descendant_count subtree_depth "
        "is_answered is_answered_by_host first_response_s",
    )
    for comment in itertools.chain(*threads.values()):
        waits = [seconds(answer.at - comment.at) for answer in comment.answers]
        deepest = max((c.depth - comment.depth for c in comment.below), default=0)
        assert found[comment.id] == (
            comment.depth,
            len(comment.children),
            len({answer.author for answer in comment.answers}),
            len(comment.below),
            deepest,
            comment.is_answered,
            comment.is_answered_by_host,
            min(waits, default=None),
        )


@CHECKED
@given(THREADS)
def test_tree_shape_agrees_with_networkx(drawn):
    threads = threads_of(drawn)
    found = made(
        threads,
        "thread_engagement",
        "thread_id max_depth mean_depth max_width h_index structural_virality",
    )
    for name, comments in threads.items():
        if not comments:
            assert found[name] == (None,) * 5
            continue
        tree = nx.Graph()
        tree.add_edges_from((c.id, c.parent.id if c.parent else "post") for c in comments)
        levels = Counter(nx.single_source_shortest_path_length(tree, "post").values())
        depths = [comment.depth for comment in comments]
        assert found[name] == (
            max(depths),
            near(sum(depths) / len(depths)),
            max(count for level, count in levels.items() if level),
            max((level for level, count in levels.items() if count >= level), default=0),
            near(nx.average_shortest_path_length(tree)),
        )


def gini(counts):
    differences = sum(abs(one - other) for one in counts for other in counts)
    return differences / (2 * len(counts) * sum(counts))


@CHECKED
@given(THREADS)
def test_participation_agrees_with_brute_force(drawn):
    threads = threads_of(drawn)
    found = made(
        threads,
        "thread_engagement",
        "thread_id author_count participation_gini returning_author_count reentry_share "
        "expansion_share is_expansionary",
    )
    for name, comments in threads.items():
        counts = Counter(c.author for c in comments if c.author)
        spread = (len(counts) - 1) / (counts.total() - 1) if counts.total() >= 5 else None
        returning = sum(count > 1 for count in counts.values())
        assert found[name] == (
            len(counts),
            near(gini(counts.values())) if len(counts) >= 5 else None,
            returning,
            near(returning / len(counts)) if len(counts) >= 5 else None,
            near(spread),
            None if spread is None else spread > 0.5,
        )


@CHECKED
@given(st.lists(st.integers(1, 9), min_size=1, max_size=35))
def test_top_tenth_is_what_the_most_active_wrote(counts):
    rows = [(-1, f"b{author}", 1) for author, count in enumerate(counts) for _ in range(count)]
    with warehouse_of(threads_of([rows]), "thread_engagement") as con:
        ((share,),) = con.execute("select top_tenth_share from thread_engagement").fetchall()
    top = sum(sorted(counts, reverse=True)[: math.ceil(len(counts) / 10)])
    assert share == (near(top / sum(counts)) if len(counts) >= 10 else None)


@CHECKED
@given(THREADS)
def test_dyads_agree_with_networkx(drawn):
    threads = threads_of(drawn)
    found = made(
        threads, "thread_engagement", "thread_id dyad_count mutual_dyad_count reciprocity_share"
    )
    for name, comments in threads.items():
        graph = nx.DiGraph(
            (answer.author, comment.author) for comment in comments for answer in comment.answers
        )
        dyads = graph.to_undirected().number_of_edges()
        mutual = graph.to_undirected(reciprocal=True).number_of_edges()
        assert found[name] == (dyads, mutual, near(mutual / dyads) if dyads >= 5 else None)


@CHECKED
@given(THREADS)
def test_author_pairs_agree_with_networkx(drawn):
    threads = threads_of(drawn)
    with warehouse_of(threads, "author_engagement", "author_pairs") as con:
        pairs = con.execute(
            "select author_id, partner_author_id, reply_count, is_mutual from author_pairs"
        ).fetchall()
        authors = rows_of(
            con,
            "author_engagement",
            "author_id reply_count received_reply_count partner_count mutual_partner_count",
        )
    everyone = list(itertools.chain(*threads.values()))
    graph = nx.MultiDiGraph(
        (answer.author, comment.author) for comment in everyone for answer in comment.answers
    )
    simple = nx.DiGraph(graph)
    assert sorted(pairs) == sorted(
        (one, other, graph.number_of_edges(one, other), simple.has_edge(other, one))
        for one, other in simple.edges
    )
    given_count = Counter(comment.author for comment in everyone if comment.parent)
    for author, row in authors.items():
        partners = set(nx.all_neighbors(simple, author)) if author in simple else set()
        mutual = [p for p in partners if simple.has_edge(author, p) and simple.has_edge(p, author)]
        received = graph.in_degree(author) if author in graph else 0
        assert row == (given_count[author], received, len(partners), len(mutual))


def kaplan_meier(cases, quantile):
    """Return the first time at which the estimate falls to 1 - `quantile`; cases are (time, answered?)."""
    survival = 1.0
    for moment in sorted({time for time, event in cases if event}):
        at_risk = sum(time >= moment for time, _ in cases)
        events = sum(time == moment and event for time, event in cases)
        survival *= 1 - events / at_risk
        if survival <= 1 - quantile + 1e-9:
            return moment
    return None


@CHECKED
@given(st.lists(st.lists(COMMENT, min_size=6, max_size=24), min_size=1, max_size=2))
def test_host_response_agrees_with_kaplan_meier_by_hand(drawn):
    # Every other comment by the host, or there would be few answers.
    drawn = [
        [
            (back % 4, HOST if place % 2 else author, gap)
            for place, (back, author, gap) in enumerate(rows)
        ]
        for rows in drawn
    ]
    threads = threads_of(drawn)
    found = made(
        threads,
        "thread_engagement",
        "thread_id host_response_p15_s host_response_median_s host_response_p85_s "
        "host_response_reason host_answered_count",
    )
    for name, comments in threads.items():
        cases = []
        for comment in comments:
            if comment.author not in (None, HOST) and comment.is_answered_by_host is not None:
                waits = [seconds(c.at - comment.at) for c in comment.answers if c.author == HOST]
                wait = min(waits) if waits else max(0, seconds(CAPTURED - comment.at))
                cases.append((wait, bool(waits)))
        quantiles = [kaplan_meier(cases, quantile) for quantile in (0.15, 0.5, 0.85)]
        reason = "not_reached" if quantiles[-1] is None else None
        if len(cases) < 5:
            quantiles, reason = [None] * 3, "too_few"
        assert found[name] == (*quantiles, reason, sum(event for _, event in cases))


@CHECKED
@given(THREADS)
def test_timing_agrees_with_brute_force(drawn):
    threads = threads_of(drawn)
    found = made(threads, "thread_engagement", "thread_id burstiness half_life_s timing_reason")
    for name, comments in threads.items():
        times = sorted(comment.at for comment in comments)
        gaps = [seconds(later - earlier) for earlier, later in itertools.pairwise(times)]
        if len(times) < 5:
            assert found[name] == (None, None, "too_few")
            continue
        half = seconds(times[math.ceil(len(times) / 2) - 1] - times[0])
        if not any(gaps):
            assert found[name] == (None, half, "simultaneous")
            continue
        mean = sum(gaps) / len(gaps)
        spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
        assert found[name] == (near((spread - mean) / (spread + mean)), half, None)


def wilson(k, n):
    return tuple(map(near, model_cases.wilson(k, n)))


@CHECKED
@given(THREADS)
def test_intervals_are_the_roots_of_wilsons_equation(drawn):
    threads = threads_of(drawn)
    found = made(
        threads,
        "thread_engagement",
        "thread_id answered_share_low answered_share_high top_level_share_low top_level_share_high "
        "reply_share reply_share_low reply_share_high host_reply_share_low host_share_low",
    )
    for name, comments in threads.items():
        known = [comment for comment in comments if comment.is_answered is not None]
        visitors = [
            comment
            for comment in comments
            if comment.author not in (None, HOST) and comment.is_answered_by_host is not None
        ]
        replied = sum(c.parent is not None for c in comments)
        by_host = sum(any(a.author == HOST for a in c.answers) for c in visitors)
        assert found[name] == (
            *wilson(sum(bool(c.answers) for c in known), len(known)),
            *wilson(sum(c.parent is None for c in comments), len(comments)),
            near(replied / len(comments)) if comments else None,
            *wilson(replied, len(comments)),
            wilson(by_host, len(visitors))[0],
            wilson(sum(c.author == HOST for c in comments), len(comments))[0],
        )


@CHECKED
@given(THREADS)
def test_questions_and_days_agree_with_brute_force(drawn):
    threads = threads_of(drawn)
    with warehouse_of(threads, "daily_engagement", "questions") as con:
        found = rows_of(con, "questions", "comment_id answer_status answer_author_id")
        days = rows_of(con, "daily_engagement", "created_on comment_count reply_count")
    asked = {}
    for comment in itertools.chain(*threads.values()):
        if comment.position % 2:
            first = min(comment.answers, key=lambda c: (c.at, c.position), default=None)
            status = "answered" if first else "open"
            asked[comment.id] = (
                "unknown" if comment.is_answered is None else status,
                first.author if first else None,
            )
    assert found == asked
    counts = defaultdict(lambda: [0, 0])
    for comment in itertools.chain(*threads.values()):
        counts[comment.at.date()][0] += 1
        counts[comment.at.date()][1] += comment.parent is not None
    assert days == {day: tuple(row) for day, row in counts.items()}


@CHECKED
@given(st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=4), min_size=1, max_size=8))
def test_expectations_are_sums_over_the_candidates(weights):
    chances = [[round(one / sum(row), 4) for one in row] for row in weights]
    rows = []
    for number, row in enumerate(chances, 1):
        row[0] = round(1 - sum(row[1:]), 4)
        kinds = ["top_level", "other", *(["comment"] * 9)]
        rows += [
            (f"c{number}", "t0", rank, kind, "c0" if kind == "comment" else None, chance)
            for rank, (kind, chance) in enumerate(zip(kinds, row, strict=False), 1)
        ]
    with model_cases.warehouse() as con:
        con.execute(
            "insert into threads (thread_id, platform, comment_count) values ('t0', 'p', 1)"
        )
        con.executemany(
            "insert into comments (comment_id, thread_id, position, author_id, author_name, parent_status) "
            "values (?, 't0', ?, ?, ?, 'top_level')",
            [(f"c{number}", number, f"a{number}", "A") for number in range(len(chances) + 1)],
        )
        con.executemany(
            "insert into reply_candidates "
            "(comment_id, thread_id, rank, kind, parent_comment_id, probability, is_inferred) "
            "values (?, ?, ?, ?, ?, ?, true)",
            rows,
        )
        model_cases.make(con, "author_engagement", "thread_engagement")
        drawn = rows_of(con, "comment_engagement", "comment_id expected_reply_count")
        received = rows_of(con, "author_engagement", "author_id expected_received_reply_count")
        thread = con.execute(
            "select expected_top_level_share, expected_reply_count from thread_engagement"
        ).fetchall()[0]
    to_first = sum(chance for *_, kind, _, chance in rows if kind == "comment")
    top = sum(row[0] for row in chances)
    assert drawn["c0"] == (near(to_first),)
    assert received["a0"] == (near(to_first),)
    # The first comment has no candidates and counts as the 1 it is.
    assert thread == (near((top + 1) / (len(chances) + 1)), near(len(chances) - top))


def test_loops_have_no_subtree():
    looped = pl.DataFrame(
        {"comment_id": ["a", "b", "c", "d"], "parent_comment_id": ["b", "a", "a", None]}
    )
    measured = measure_subtrees(looped).select("descendant_count", "subtree_depth").rows()
    assert measured == [(None, None), (None, None), (None, None), (0, 0)]
