"""Where the reference computes a metric by a closed form, that is what its definition gives by brute force."""

import itertools
import math
from collections import Counter

import networkx as nx
import pandas as pd
import pytest
from support import CHECKOUT
from support.drawn_threads import draw

import reference
from reference.entities import npmi
from reference.frames import wilson

QUANTILES = {
    "host_response_p15_s": 0.15,
    "host_response_median_s": 0.5,
    "host_response_p85_s": 0.85,
}


@pytest.fixture(scope="module")
def threads():
    """Random threads: the comments, the replies and the reference's metrics of each, and when it was captured."""
    found = []
    for seed in range(12):
        drawn = draw(seed, CHECKOUT / "data" / "vocabulary")
        made = reference.aggregates(drawn)
        metrics = {row["thread_id"]: row for row in rows(made["thread_engagement"])}
        comments, replies = rows(made["comment_engagement"]), rows(drawn["replies"])
        for thread in rows(drawn["threads"]):
            name = thread["thread_id"]
            own = [one for one in comments if one["thread_id"] == name]
            given = [one for one in replies if one["thread_id"] == name]
            found.append((own, given, metrics[name], thread["captured_at"]))
    return found


def rows(frame):
    """Return the rows of a frame as dicts, in which what isn't there is None."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def near(value):
    return None if value is None else pytest.approx(value, abs=1e-9)


def test_shapes_are_those_of_the_tree_under_the_post(threads):
    for comments, replies, metrics, _ in threads:
        parents = {reply["comment_id"]: reply["parent_comment_id"] for reply in replies}
        placed = [one["comment_id"] for one in comments if one["depth"] is not None]
        tree = nx.Graph([(one, parents.get(one, "post")) for one in placed])
        tree.add_node("post")
        levels = Counter(nx.single_source_shortest_path_length(tree, "post").values())
        del levels[0]
        assert (metrics["max_depth"], metrics["max_width"]) == (
            (max(levels) - 1, max(levels.values())) if placed else (None, None)
        )
        h_index = max((at for at, width in levels.items() if width >= at), default=0)
        assert metrics["h_index"] == (h_index if placed else None)
        # The sizes of subtrees count what hangs below, so all of it must be placed.
        if placed and len(placed) == len(comments):
            distance = nx.average_shortest_path_length(tree)
            assert metrics["structural_virality"] == near(distance)


def test_participation_is_that_of_all_pairs_of_authors(threads):
    for comments, _, metrics, _ in threads:
        counts = Counter(one["author_id"] for one in comments if one["author_id"]).values()
        gini = top = None
        if len(counts) >= 5:
            apart = sum(abs(one - other) for one in counts for other in counts)
            gini = apart / (2 * len(counts) * sum(counts))
        if len(counts) >= 10:
            top = sum(sorted(counts)[-math.ceil(len(counts) / 10) :]) / sum(counts)
        assert metrics["participation_gini"] == near(gini)
        assert metrics["top_tenth_share"] == near(top)


def test_dyads_are_the_edges_of_a_network(threads):
    for _, replies, metrics, _ in threads:
        both = [(one["author_id"], one["parent_author_id"]) for one in replies]
        graph = nx.DiGraph((one, other) for one, other in both if one and other and one != other)
        edges = graph.to_undirected().number_of_edges()
        mutual = graph.to_undirected(reciprocal=True).number_of_edges()
        assert (metrics["dyad_count"], metrics["mutual_dyad_count"]) == (edges, mutual)


def kaplan_meier(cases, quantile):
    """Return the first time at which the estimate falls to 1 - `quantile`; cases are (time, answered?)."""
    survival = 1.0
    for moment in sorted({time for time, is_event in cases if is_event}):
        at_risk = sum(time >= moment for time, _ in cases)
        events = sum(time == moment and is_event for time, is_event in cases)
        survival *= 1 - events / at_risk
        if survival <= 1 - quantile + 1e-9:
            return moment
    return None


def test_waits_for_the_host_are_kaplan_meiers(threads):
    measured = 0
    for comments, _, metrics, captured_at in threads:
        if metrics["host_response_reason"] in (None, "not_reached"):
            cases = []
            for one in comments:
                if one["is_host"] is False and one["is_answered_by_host"] is not None:
                    is_event = one["host_response_s"] is not None
                    wait = one["host_response_s"]
                    if not is_event:
                        wait = (captured_at - one["created_at"]).total_seconds()
                    cases.append((max(0, wait), is_event))
            for name, quantile in QUANTILES.items():
                assert metrics[name] == kaplan_meier(cases, quantile)
            measured += 1
    assert measured > 3


def test_rhythms_are_those_of_the_times_between_comments(threads):
    for comments, _, metrics, _ in threads:
        times = sorted(one["created_at"] for one in comments if one["created_at"])
        gaps = [(later - one).total_seconds() for one, later in itertools.pairwise(times)]
        if metrics["timing_reason"] not in (None, "simultaneous"):
            assert (metrics["burstiness"], metrics["half_life_s"]) == (None, None)
            continue
        half = times[math.ceil(len(times) / 2) - 1] - times[0]
        assert metrics["half_life_s"] == half.total_seconds()
        if any(gaps):
            mean = sum(gaps) / len(gaps)
            spread = math.sqrt(sum((gap - mean) ** 2 for gap in gaps) / len(gaps))
            # Kim & Jo 2016: so that n regular gaps give -1, and one that has all the time gives 1.
            above, below = math.sqrt(len(gaps) + 1), math.sqrt(len(gaps) - 1)
            bursty = above * spread - below * mean
            assert metrics["burstiness"] == near(bursty / ((above - 2) * spread + below * mean))


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (3, 7), (0.75, 2.5), (40, 41), (500, 1000)])
def test_bounds_are_the_roots_of_wilsons_equation(k, n):
    low, high = (bound[0] for bound in wilson(pd.Series([k]), pd.Series([n])))
    z2 = 1.959964**2
    for bound in (low, high):
        assert (bound - k / n) ** 2 == near(z2 * bound * (1 - bound) / n)
    assert low <= k / n <= high


def test_npmi_is_one_together_and_nothing_by_chance():
    assert npmi(4, 4, 4, 4) == 1
    assert npmi(2, 4, 5, 10) == near(0)
    assert npmi(4, 4, 4, 10) == near(1)
