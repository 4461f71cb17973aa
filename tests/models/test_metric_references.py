"""Every metric of the tables of engagement and quality against Python that shares nothing with the SQL.

The threads that hypothesis draws lose what captures lose: authors, days, hosts, parents; half of the parents
are uncertain. What else has a reference is in test_engagement_references.py (trees, times, networks) and
test_topic_references.py.
"""

import math
from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support import model_cases

from threadmill.schema import metrics

START = datetime(2026, 1, 5, 23)  # noqa: DTZ001 # UTC, as all times in the tables
HOST = "a0"
ENTITY_KINDS = {"p": "person", "d": "doi", "m": "money"}
LOST = ("missing", "unknown")
COMMENT = st.fixed_dictionaries(
    {
        "back": st.integers(-3, 9),  # the parent: so many comments before
        "author": st.sampled_from([None, "a0", "a1", "a2", "a3"]),
        "gap": st.one_of(
            st.none(), st.integers(0, 4000)
        ),  # seconds after the last; None: not dated
        "likes": st.one_of(st.none(), st.integers(0, 9)),
        "chance": st.sampled_from(
            [None, None, 0.25, 0.75]
        ),  # of the parent; None: the source tells it
        "lost": st.sampled_from([None, None, None, *LOST]),
        "asks": st.booleans(),
        "things": st.lists(st.sampled_from(["p1", "p2", "d1", "d2", "m1"]), max_size=3),
        "to": st.sampled_from([None, "a1", "a2"]),
        "deleted": st.sampled_from([False, True, None]),
        "liked": st.sampled_from([False, True, None]),
    }
)
THREADS = st.lists(st.lists(COMMENT, max_size=14), min_size=1, max_size=4)
CHECKED = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    # Making threads as rich as these smaller takes minutes.
    phases=[Phase.explicit, Phase.generate],
)
ELSEWHERE = {
    "comment_engagement": {"depth", "descendant_count", "subtree_depth"},
    "thread_engagement": {
        *("max_depth", "mean_depth", "max_width", "h_index", "structural_virality"),
        *("participation_gini", "top_tenth_share", "expansion_share", "is_expansionary"),
        *("host_response_p15_s", "host_response_median_s", "host_response_p85_s"),
        *("burstiness", "half_life_s"),
    },
}
"""Metrics whose reference is in test_engagement_references.py."""


class Talk:
    """What was drawn, a dict per comment, with what is read off it directly."""

    def __init__(self, drawn):
        self.threads, self.everyone, at = {}, [], START
        for number, rows in enumerate(drawn):
            thread = self.threads[f"t{number}"] = []
            for position, row in enumerate(rows):
                at += timedelta(seconds=row["gap"] or 0)
                comment = {**row, "id": f"c{len(self.everyone)}", "thread": f"t{number}"}
                comment |= {"position": position, "at": at if row["gap"] is not None else None}
                back = row["back"]
                parent = thread[-1 - back] if 0 <= back < position and not row["lost"] else None
                inferred = row["chance"] is not None and not row["lost"]
                said = row["lost"] or ("top_level" if not parent else None)
                comment |= {"parent": parent, "inferred": inferred, "children": []}
                comment["status"] = said or ("inferred" if inferred else "explicit")
                # The third thread's page doesn't tell the host.
                known = number != 2 and row["author"]
                comment["is_host"] = row["author"] == HOST if known else None
                if parent:
                    parent["children"].append(comment)
                thread.append(comment)
                self.everyone.append(comment)

    def candidates(self, comment):
        """Return kind, parent and probability of the candidates of a comment."""
        if not comment["inferred"]:
            return []
        chance, parent = comment["chance"], comment["parent"]
        if parent:
            return [("comment", parent, chance), ("top_level", None, 1 - chance)]
        return [("top_level", None, chance), ("other", None, 1 - chance)]

    def addressees(self, comment):
        """Return the same of an explicit reply that addresses the first in its thread: it counts nowhere."""
        first, parent = self.threads[comment["thread"]][0], comment["parent"]
        if not parent or parent is first:
            return []
        return [("comment", first, 0.94), ("comment", parent, 0.06)]


def answers(comment):
    own = comment["author"]
    return [c for c in comment["children"] if own and c["author"] not in (None, own)]


def host_answers(comment):
    return [c for c in answers(comment) if c["is_host"]]


def first_wait(comment, replies):
    waits = [(c["at"] - comment["at"]) if c["at"] and comment["at"] else None for c in replies]
    if not waits or None in waits:
        return None
    return int(min(waits).total_seconds())


def is_answered(comment):
    """Return whether another answers; None where somebody without a name may be that other."""
    nameless = any(c["author"] is None for c in comment["children"])
    if not comment["author"] or (nameless and not answers(comment)):
        return None
    return bool(answers(comment))


def is_answered_by_host(comment):
    if comment["thread"] == "t2":
        return None
    if host_answers(comment) or comment["is_host"]:
        return bool(host_answers(comment))
    # Somebody without a name may be the host.
    pairs = [(comment["author"] and c["author"], c) for c in comment["children"]]
    return None if any(not both and c["is_host"] is not False for both, c in pairs) else False


def reply_probability(talk, comment):
    """Return the probability that a comment is a reply, None where its parent is lost."""
    chances = [chance for kind, _, chance in talk.candidates(comment) if kind == "top_level"]
    if chances:
        return 1 - chances[0]
    return None if comment["status"] in LOST else float(comment["parent"] is not None)


def drawn_by(talk, comment):
    """Return the expected replies to a comment by the authors that give them."""
    found = [(c, 1.0) for c in comment["children"] if not c["inferred"]]
    for other in talk.threads[comment["thread"]]:
        found += [(other, p) for _, parent, p in talk.candidates(other) if parent is comment]
    return found


def total(values):
    """Return the sum of what is known, None if nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def rate(name, k, n, minimum=1):
    """Return a share, null below a minimum n, and the bounds of its interval."""
    low, high = model_cases.wilson(k, n)
    share = k / n if n >= minimum else None
    return {name: share, f"{name}_low": low, f"{name}_high": high}


def comment_rows(talk):
    for comment in talk.everyone:
        yield (
            (comment["id"],),
            {
                "reply_count": len(comment["children"]),
                "expected_reply_count": sum(chance for _, chance in drawn_by(talk, comment)),
                "replier_count": len({c["author"] for c in answers(comment)}),
                "reply_probability": reply_probability(talk, comment),
                "is_answered": is_answered(comment),
                "is_answered_by_host": is_answered_by_host(comment),
                "first_response_s": first_wait(comment, answers(comment)),
                "host_response_s": first_wait(comment, host_answers(comment)),
                "like_count": comment["likes"],
                "mention_count": mentions_of(comment),
            },
        )


def mentions_of(comment):
    return len(comment["things"]) + (comment["to"] is not None)


def thread_rows(talk):
    for name, comments in talk.threads.items():
        has_host = name != "t2"
        authored = [c for c in comments if c["author"]]
        known = [c for c in comments if is_answered(c) is not None]
        decided = [c for c in comments if c["status"] not in LOST]
        replies = [c for c in comments if c["parent"]]
        inferred = [c for c in replies if c["inferred"]]
        visitors = [
            c for c in comments if c["is_host"] is False and is_answered_by_host(c) is not None
        ]
        chances = [p for c in comments if (p := reply_probability(talk, c)) is not None]
        of_author = Counter(c["author"] for c in authored)
        returning = sum(count > 1 for count in of_author.values())
        links = {(r["author"], c["author"]) for c in comments for r in answers(c)}
        dyads = {frozenset(link) for link in links}
        mutual = sum((b, a) in links for a, b in links) // 2
        row = {
            "comment_count": len(comments),
            "author_count": len(of_author),
            "comments_per_author": len(authored) / len(of_author) if authored else None,
            "top_level_count": len(decided) - len(replies),
            "expected_top_level_share": 1 - sum(chances) / len(chances) if chances else None,
            "reply_count": len(replies),
            "expected_reply_count": sum(chances),
            "inferred_reply_share": len(inferred) / len(replies) if replies else None,
            "mean_reply_confidence": sum(c["chance"] for c in inferred) / len(inferred)
            if inferred
            else None,
            "answered_count": sum(bool(answers(c)) for c in comments),
            "host_comment_count": sum(c["is_host"] is True for c in comments) if has_host else None,
            "host_answered_count": sum(bool(host_answers(c)) for c in visitors)
            if has_host
            else None,
            "returning_author_count": returning,
            "dyad_count": len(dyads),
            "mutual_dyad_count": mutual,
            "captured_share": len(comments) / 20,
            "like_count": total(c["likes"] for c in comments),
            "mention_count": sum(mentions_of(c) for c in comments),
        }
        hosts = (row["host_comment_count"] or 0, len(comments) if has_host else 0)
        yield (
            (name,),
            (
                row
                | rate("top_level_share", row["top_level_count"], len(decided))
                | rate("reply_share", len(replies), len(decided))
                | rate("answered_share", row["answered_count"], len(known))
                | rate("host_share", *hosts)
                | rate("host_reply_share", row["host_answered_count"] or 0, len(visitors), 5)
                | rate("reentry_share", returning, len(of_author), 5)
                | rate("reciprocity_share", mutual, len(dyads), 5)
            ),
        )


def asks_and_status(talk):
    """Return the comments that ask, and whether they are answered, open, or that isn't known."""
    for comment in talk.everyone:
        if comment["asks"]:
            lost = any(c["status"] == "unknown" for c in talk.threads[comment["thread"]])
            open_or_not = "unknown" if lost else "open"
            status = "answered" if answers(comment) else open_or_not
            yield comment, "unknown" if is_answered(comment) is None else status


def question_rows(talk):
    for comment, status in asks_and_status(talk):
        yield (
            (comment["id"],),
            {
                "is_answered_by_host": None
                if status == "unknown"
                else is_answered_by_host(comment),
                "first_response_s": first_wait(comment, answers(comment)),
                "reply_count": len(comment["children"]),
                "expected_reply_count": sum(chance for _, chance in drawn_by(talk, comment)),
            },
        )


def pair_rows(talk):
    """Return one row per author and other author: replies, their expectation, mentions."""
    replies, likely, said = Counter(), Counter(), Counter()
    for comment in talk.everyone:
        replies.update((r["author"], comment["author"]) for r in comment["children"])
        for reply, chance in drawn_by(talk, comment):
            likely[reply["author"], comment["author"]] += chance
        said[comment["author"], comment["to"]] += 1
    for one, other in {*replies, *likely, *said}:
        if one and other and one != other:
            yield (
                (one, other),
                {
                    "reply_count": replies[one, other],
                    "expected_reply_count": likely[one, other],
                    "mention_count": said[one, other],
                    "is_mutual": replies[one, other] > 0 and replies[other, one] > 0,
                },
            )


def author_rows(talk):
    pairs = dict(pair_rows(talk))
    asked = defaultdict(list)
    for comment, status in asks_and_status(talk):
        asked[comment["author"]].append(status)
    for author in {c["author"] for c in talk.everyone} - {None}:
        own = [c for c in talk.everyone if c["author"] == author]
        given = [c for c in own if c["parent"]]
        known = [c for c in given if c["parent"]["author"]]
        to_self = sum(c["parent"]["author"] == author for c in known)
        received = [row for (_, other), row in pairs.items() if other == author]
        linked = {frozenset(pair): row for pair, row in pairs.items() if row["reply_count"]}
        partners = [row for pair, row in linked.items() if author in pair]
        mutual = sum(row["is_mutual"] for row in partners)
        questions = Counter(asked[author])
        threads = {c["thread"] for c in own}
        yield (
            (author,),
            {
                "comment_count": len(own),
                "thread_count": len(threads),
                "is_returning": len(threads) > 1 if len(talk.threads) > 1 else None,
                "reply_count": len(given),
                "expected_reply_count": sum(reply_probability(talk, c) or 0 for c in own),
                "self_reply_count": to_self,
                "received_reply_count": sum(row["reply_count"] for row in received),
                "expected_received_reply_count": sum(
                    row["expected_reply_count"] for row in received
                ),
                "partner_count": len(partners),
                "mutual_partner_count": mutual,
                "answered_count": sum(bool(answers(c)) for c in own),
                "question_count": questions.total(),
                "answered_question_count": questions["answered"],
                "like_count": total(c["likes"] for c in own),
            }
            | rate("self_reply_share", to_self, len(known), 5)
            | rate("reciprocity_share", mutual, len(partners), 5)
            | rate(
                "question_answered_share",
                questions["answered"],
                questions["answered"] + questions["open"],
                5,
            ),
        )


def day_rows(talk):
    dated = [c for c in talk.everyone if c["at"]]
    for day in {c["at"].date() for c in dated}:
        own = [c for c in dated if c["at"].date() == day]
        hosts = [c["is_host"] for c in own if c["is_host"] is not None]
        yield (
            ("p", day),
            {
                "comment_count": len(own),
                "author_count": len({c["author"] for c in own} - {None}),
                "thread_count": len({c["thread"] for c in own}),
                "top_level_count": sum(c["status"] == "top_level" for c in own),
                "reply_count": sum(c["parent"] is not None for c in own),
                "expected_reply_count": sum(reply_probability(talk, c) or 0 for c in own),
                "answered_count": sum(bool(answers(c)) for c in own),
                "host_comment_count": sum(hosts) if hosts else None,
                "like_count": total(c["likes"] for c in own),
                "dated_share": len(dated) / len(talk.everyone),
            },
        )


def confidence_rows(talk):
    replies = [c for c in talk.everyone if c["parent"]]
    bands = defaultdict(list)
    for reply in replies:
        confidence = reply["chance"] if reply["inferred"] else 1.0
        bands[reply["inferred"], {0.25: 0.2, 0.75: 0.7, 1.0: 0.9}[confidence]].append(confidence)
    for (inferred, lower), own in bands.items():
        yield (
            ("p", inferred, lower),
            {
                "reply_count": len(own),
                "band_share": len(own) / len(replies),
                "expected_right_count": sum(own),
            },
        )


def completeness_rows(talk):
    for number, (name, comments) in enumerate(talk.threads.items()):
        given_ = ("top_level", "explicit", "missing")
        counts = {
            "authored_share": sum(c["author"] is not None for c in comments),
            "dated_share": sum(c["at"] is not None for c in comments),
            "parent_known_share": sum(
                c["status"] in given_ and not c["inferred"] for c in comments
            ),
        }
        shares = {k: v / len(comments) if comments else None for k, v in counts.items()}
        yield (
            (name,),
            shares
            | {
                "declared_comment_count": 20,
                "comment_count": len(comments),
                "hidden_comment_count": number,
                "captured_share": len(comments) / 20,
                "deleted_count": sum(c["deleted"] is True for c in comments),
                "duplicate_count": sum(c["position"] > 9 for c in comments),
                "line_count": 50,
                "furniture_line_count": 7,
                "unrecognised_line_count": 1,
            },
        )


def entity_rows(talk):
    asking = {comment["id"] for comment, _ in asks_and_status(talk)}
    for thing in ("p1", "p2", "d1", "d2"):
        own = [c for c in talk.everyone if thing in c["things"]]
        if own:
            yield (
                (thing,),
                {
                    "mention_count": sum(c["things"].count(thing) for c in own),
                    "comment_count": len(own),
                    "author_count": len({c["author"] for c in own} - {None}),
                    "thread_count": len({c["thread"] for c in own}),
                    "reply_count": sum(len(c["children"]) for c in own),
                    "question_count": sum(c["id"] in asking for c in own),
                },
            )


def entity_pair_rows(talk):
    things = ("d1", "d2", "p1", "p2")
    of = {thing: {c["id"] for c in talk.everyone if thing in c["things"]} for thing in things}
    thread = {c["id"]: c["thread"] for c in talk.everyone}
    for one, other in ((a, b) for a in things for b in things if a < b):
        both, n = of[one] & of[other], len(talk.everyone)
        if len(both) >= 2:
            npmi = 1.0
            if len(both) < n:
                chance = len(of[one]) * len(of[other]) / n
                npmi = math.log(len(both) / chance) / math.log(n / len(both))
            yield (
                (one, other),
                {
                    "comment_count": len(both),
                    "thread_count": len({thread[c] for c in both}),
                    "npmi": npmi if len(both) >= 5 else None,
                },
            )


def citation_rows(talk):
    for comment in talk.everyone:
        for thing in {thing for thing in comment["things"] if thing.startswith("d")}:
            yield (
                (thing, comment["id"]),
                {
                    "mention_count": comment["things"].count(thing),
                    "reply_count": len(comment["children"]),
                    "is_answered_by_host": is_answered_by_host(comment),
                    "is_liked_by_host": comment["liked"],
                },
            )


REFERENCES = {
    "comment_engagement": ("comment_id", comment_rows),
    "thread_engagement": ("thread_id", thread_rows),
    "author_engagement": ("author_id", author_rows),
    "author_pairs": ("author_id, partner_author_id", pair_rows),
    "questions": ("comment_id", question_rows),
    "daily_engagement": ("platform, created_on", day_rows),
    "reply_confidence": ("platform, is_inferred, confidence_from", confidence_rows),
    "capture_completeness": ("thread_id", completeness_rows),
    "entity_engagement": ("canonical_id", entity_rows),
    "entity_pairs": ("canonical_id, partner_canonical_id", entity_pair_rows),
    "citations": ("canonical_id, comment_id", citation_rows),
}


def warehouse_of(talk, target):
    con = model_cases.warehouse()

    def fill(table, columns, rows):
        marks = ", ".join("?" for _ in columns.split(","))
        if rows:
            con.executemany(f"insert into {table} ({columns}) values ({marks})", rows)

    fill(
        "threads",
        "thread_id, platform, publication, host_name, comment_count, declared_comment_count, "
        "hidden_comment_count, line_count, furniture_line_count, unrecognised_line_count",
        [
            (name, "p", "one", None if name == "t2" else "Host", len(comments), 20, n, 50, 7, 1)
            for n, (name, comments) in enumerate(talk.threads.items())
        ],
    )
    fill(
        "comments",
        "comment_id, thread_id, platform, position, author_id, author_name, is_host, created_at, created_on, "
        "like_count, parent_status, text, is_deleted, is_liked_by_host, duplicate_of",
        [
            (
                c["id"],
                c["thread"],
                "p",
                c["position"],
                c["author"],
                c["author"],
                c["is_host"],
                c["at"],
                c["at"] and c["at"].date(),
                c["likes"],
                c["status"],
                "Why?" if c["asks"] else "So.",
                c["deleted"],
                c["liked"],
                "c0" if c["position"] > 9 else None,
            )
            for c in talk.everyone
        ],
    )
    fill(
        "replies",
        "comment_id, thread_id, parent_comment_id, author_id, parent_author_id, response_s, is_inferred, confidence",
        [
            (
                c["id"],
                c["thread"],
                c["parent"]["id"],
                c["author"],
                c["parent"]["author"],
                first_wait(c["parent"], [c]),
                c["inferred"],
                c["chance"] if c["inferred"] else 1.0,
            )
            for c in talk.everyone
            if c["parent"]
        ],
    )
    fill(
        "reply_candidates",
        "comment_id, thread_id, rank, kind, parent_comment_id, probability, is_inferred",
        [
            (c["id"], c["thread"], rank, kind, parent and parent["id"], chance, c["inferred"])
            for c in talk.everyone
            for rank, (kind, parent, chance) in enumerate(
                talk.candidates(c) or talk.addressees(c), 1
            )
        ],
    )
    fill(
        "mentions",
        "comment_id, thread_id, author_id, kind, canonical_id, canonical_name, target_author_id",
        [
            (c["id"], c["thread"], c["author"], ENTITY_KINDS[thing[0]], thing, thing, None)
            for c in talk.everyone
            for thing in c["things"]
        ]
        + [
            (c["id"], c["thread"], c["author"], "quote", None, None, c["to"])
            for c in talk.everyone
            if c["to"]
        ],
    )
    model_cases.make(con, target)
    return con


@pytest.mark.parametrize("table", REFERENCES)
@CHECKED
@given(drawn=THREADS)
def test_metrics_agree_with_their_reference(table, drawn):
    talk = Talk(drawn)
    key, reference = REFERENCES[table]
    names = sorted({metric.name for metric in metrics.of(table)} - ELSEWHERE.get(table, set()))
    with warehouse_of(talk, table) as con:
        query = f"select ({key}), {', '.join(names)} from {table}"
        found = con.execute(query).fetchall()
    rows = {row[0] if isinstance(row[0], tuple) else (row[0],): row[1:] for row in found}
    # A metric that the reference lacks is a KeyError.
    assert rows == {
        place: tuple(
            pytest.approx(row[name], abs=1e-9) if isinstance(row[name], float) else row[name]
            for name in names
        )
        for place, row in reference(talk)
    }
