"""The aggregates of topics against references in Python that share nothing with the SQL, on random threads."""

import math
import re
import statistics
from collections import Counter, defaultdict

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import model_cases

from threadmill import models
from threadmill.schema import metrics

WORDS = ["sleep", "bread", "work", "rest", "night", "shift", "and", "I'll"]
HOST = "a0"
TERMS = {
    "diet": {"bread": 1.0},
    "job": {"work": 0.75, "night shift": 2.0},
    "nap": {"sleep": 1.0, "rest": 0.5},
}
COMMENT = st.tuples(
    st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join),
    st.integers(-3, 12),  # the parent: so many comments before, else the top level
    st.booleans(),  # is the parent certain?
)
THREADS = st.lists(st.lists(COMMENT, min_size=1, max_size=12), min_size=1, max_size=4)
CHECKED = settings(
    max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


class Talk:
    """The comments drawn, and what follows of them without any SQL."""

    def __init__(self, drawn):
        self.texts, self.threads, self.edges, self.best, self.places = {}, {}, [], {}, {}
        for number, rows in enumerate(drawn):
            ids = []
            for position, (text, back, is_certain) in enumerate(rows):
                comment = f"c{len(self.texts)}"
                self.texts[comment], self.threads[comment] = text, f"t{number}"
                self.places[comment] = position, len(rows)
                if 0 <= back < len(ids):
                    self.best[comment] = parent = ids[-1 - back]
                    # Half of what is uncertain is the comment before that.
                    chances = {parent: 1.0} if is_certain else {parent: 0.5}
                    if not is_certain and ids[0] != parent:
                        chances[ids[0]] = 0.25
                    self.edges += [(parent, comment, chance) for parent, chance in chances.items()]
                ids.append(comment)
        self.authors = {comment: f"a{len(text) % 3}" for comment, text in self.texts.items()}
        self.depths = {}
        for comment in self.texts:
            above = self.best.get(comment)
            self.depths[comment] = self.depths[above] + 1 if above else 0
        self.uncertain = {comment for _, comment, chance in self.edges if chance < 1}
        self.found = {c: topics for c, text in self.texts.items() if (topics := scored(text))}
        self.of_topic = defaultdict(set)
        for comment, topics in self.found.items():
            for topic in topics:
                self.of_topic[topic].add(comment)

    def wait(self, comment):
        """Return the time between a reply and its parent: a minute a comment."""
        return 60 * (self.places[comment][0] - self.places[self.best[comment]][0])

    def answers(self, comment):
        """Return the replies to a comment by others."""
        replies = [reply for reply, parent in self.best.items() if parent == comment]
        return [reply for reply in replies if self.authors[reply] != self.authors[comment]]


def scored(text):
    """Return score and number of terms of the topics of a text that reach a score of 1."""
    words = re.findall(r"[\w']+", text.lower())
    topics = {}
    for topic, terms in TERMS.items():
        hits = {
            term: sum(
                words[at : at + len(term.split())] == term.split() for at in range(len(words))
            )
            for term in terms
        }
        score = sum(terms[term] * hit for term, hit in hits.items())
        if score >= 1:
            topics[topic] = score, sum(hit > 0 for hit in hits.values())
    return topics


def warehouse_of(talk, *targets):
    con = model_cases.warehouse()
    sizes = Counter(talk.threads.values())
    con.executemany(
        "insert into threads (thread_id, comment_count, host_name) values (?, ?, 'Host')",
        list(sizes.items()),
    )
    for comment, text in talk.texts.items():
        author = talk.authors[comment]
        place = [comment, talk.threads[comment], talk.places[comment][0], author, author == HOST]
        con.execute(
            "insert into comments (comment_id, thread_id, position, author_id, is_host, depth, text) "
            "values (?, ?, ?, ?, ?, ?, ?)",
            [*place, talk.depths[comment], text],
        )
    for comment, parent in talk.best.items():
        con.execute(
            "insert into replies (comment_id, thread_id, parent_comment_id, is_inferred, author_id, "
            "parent_author_id, response_s) values (?, ?, ?, ?, ?, ?, ?)",
            [
                comment,
                talk.threads[comment],
                parent,
                comment in talk.uncertain,
                talk.authors[comment],
                talk.authors[parent],
                talk.wait(comment),
            ],
        )
    ranks = Counter()
    for parent, comment, chance in talk.edges:
        if comment in talk.uncertain:
            ranks[comment] += 1
            con.execute(
                "insert into reply_candidates "
                "(comment_id, thread_id, rank, kind, parent_comment_id, probability, is_inferred) "
                "values (?, ?, ?, 'comment', ?, ?, true)",
                [comment, talk.threads[comment], ranks[comment], parent, chance],
            )
    for topic, terms in TERMS.items():
        for term, weight in terms.items():
            con.execute(
                "insert into topic_terms (topic_id, label, origin, term, weight) values (?, ?, 'pack:p', ?, ?)",
                [topic, topic, term, weight],
            )
    model_cases.make(con, *targets)
    return con


def rows(con, query):
    return [list(row) for row in con.execute(query).fetchall()]


def made(talk, table, columns):
    """Return the named columns of `table`, which its query makes of `talk`, in order."""
    with warehouse_of(talk, table) as con:
        return rows(con, f"select {columns} from {table} order by all")


def near(expected):
    """Return the rows, with numbers to be equal to nine decimals."""
    return [
        [pytest.approx(cell, abs=1e-9) if isinstance(cell, float) else cell for cell in row]
        for row in sorted(expected, key=lambda row: [str(cell) for cell in row[:2]])
    ]


@given(THREADS)
@CHECKED
def test_scores_agree_with_counting_by_hand(drawn):
    talk = Talk(drawn)
    found = made(
        talk,
        "comment_topics",
        "comment_id, topic_id, score, share, rank::bigint, term_count",
    )
    expected = []
    for comment, topics in talk.found.items():
        order = sorted(topics, key=lambda topic: (-topics[topic][0], -topics[topic][1], topic))
        total = sum(score for score, _ in topics.values())
        expected += [
            [comment, t, topics[t][0], topics[t][0] / total, order.index(t) + 1, topics[t][1]]
            for t in topics
        ]
    assert found == near(expected)


@given(THREADS)
@CHECKED
def test_pairs_agree_with_counting_by_hand(drawn):
    talk = Talk(drawn)
    found = made(
        talk,
        "topic_pairs",
        "topic_id, other_topic_id, comment_count, thread_count, chance_comments, npmi, "
        "has_enough_comments",
    )
    expected, size = [], len(talk.texts)
    for one, theirs in talk.of_topic.items():
        for other, others in talk.of_topic.items():
            both = theirs & others
            if one != other and both:
                chance = len(theirs) * len(others) / size
                p = len(both) / size
                npmi = 1.0 if p == 1 else math.log(len(both) / chance) / -math.log(p)
                threads = len({talk.threads[comment] for comment in both})
                expected.append([one, other, len(both), threads, chance, npmi, len(both) >= 5])
    assert found == near(expected)


@given(THREADS)
@CHECKED
def test_transitions_agree_with_summing_over_the_edges(drawn):
    talk = Talk(drawn)
    found = made(
        talk,
        "topic_transitions",
        "parent_topic_id, topic_id, reply_count, expected_reply_count, chance_replies, lift, "
        "transition_share, transition_share_low, transition_share_high, has_enough_comments",
    )
    everything = sum(chance for *_, chance in talk.edges)
    sums, parents, replies, best = Counter(), Counter(), Counter(), Counter()
    for parent, comment, chance in talk.edges:
        for topic in talk.found.get(parent, ()):
            parents[topic] += chance
        for topic in talk.found.get(comment, ()):
            replies[topic] += chance
            for of_parent in talk.found.get(parent, ()):
                sums[of_parent, topic] += chance
                best[of_parent, topic] += talk.best[comment] == parent
    expected = []
    for (of_parent, topic), total in sums.items():
        chance = parents[of_parent] * replies[topic] / everything
        row = [of_parent, topic, best[of_parent, topic], total, chance]
        bounds = model_cases.wilson(total, parents[of_parent])
        expected.append([*row, total / chance, total / parents[of_parent], *bounds, total >= 5])
    assert found == near(expected)


@given(THREADS)
@CHECKED
def test_trend_agrees_with_counting_by_hand(drawn):
    talk = Talk(drawn)
    found = made(
        talk,
        "topic_trend",
        "topic_id, period, comment_count, period_comment_count, period_topic_share, "
        "period_topic_share_low, period_topic_share_high",
    )
    tenths = {c: f"{place * 10 // size + 1:02d}" for c, (place, size) in talk.places.items()}
    sizes = Counter(tenths.values())
    expected = [
        [
            topic,
            tenth,
            (count := sum(tenths[c] == tenth for c in comments)),
            size,
            count / size,
            *model_cases.wilson(count, size),
        ]
        for topic, comments in talk.of_topic.items()
        for tenth, size in sizes.items()
    ]
    assert found == near(expected)


@given(THREADS)
@CHECKED
def test_topic_engagement_agrees_with_counting_by_hand(drawn):
    talk = Talk(drawn)
    names = sorted(metric.name for metric in metrics.of("topic_engagement"))
    found = made(talk, "topic_engagement", f"topic_id, {', '.join(names)}")
    expected = {topic: engagement(talk, talk.of_topic[topic]) for topic in TERMS}
    # A metric that the reference lacks is a KeyError.
    assert found == near([topic, *(row[name] for name in names)] for topic, row in expected.items())


def engagement(talk, comments):
    """Return the metrics of a topic that the given comments have."""
    size, replies = len(talk.texts), len(talk.best)
    answered = [comment for comment in comments if talk.answers(comment)]
    by_host = [
        comment
        for comment in comments
        if any(talk.authors[answer] == HOST for answer in talk.answers(comment))
    ]
    waits = [min(map(talk.wait, talk.answers(comment))) for comment in answered]
    drew = sum(parent in comments for parent in talk.best.values())
    of_host = sum(talk.authors[comment] == HOST for comment in comments)
    return {
        "comment_count": len(comments),
        "author_count": len({talk.authors[comment] for comment in comments}),
        "thread_count": len({talk.threads[comment] for comment in comments}),
        "reply_count": drew,
        "expected_reply_count": float(
            sum(chance for parent, _, chance in talk.edges if parent in comments)
        ),
        "answered_count": len(answered),
        "host_comment_count": of_host if comments else None,
        "has_enough_comments": len(comments) >= 10,
        "mean_depth": sum(talk.depths[comment] for comment in comments) / len(comments)
        if comments
        else None,
        "median_first_response_s": round(statistics.median(waits)) if len(waits) >= 5 else None,
        **share("topic_comment_share", len(comments), size),
        **share("topic_reply_share", drew, replies),
        **share("answered_share", len(answered), len(comments)),
        **share("host_answered_share", len(by_host), len(comments)),
    }


def share(name, k, n):
    low, high = model_cases.wilson(k, n)
    return {name: k / n if n else None, f"{name}_low": low, f"{name}_high": high}


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=30), min_size=2, max_size=4))
@CHECKED
def test_keywords_agree_with_the_formulas(drawn):
    """Each drawn list is a thread, of comments of three words."""
    stop = {"and"}
    words = {f"t{n}": [w.lower() for w in said if w not in stop] for n, said in enumerate(drawn)}
    comments = {
        f"t{n}": [said[at : at + 3] for at in range(0, len(said), 3)]
        for n, said in enumerate(drawn)
    }
    con = model_cases.warehouse()
    con.execute(
        "create or replace macro stop_words() as table select 'en' as language, 'and' as word"
    )
    for thread, texts in comments.items():
        for number, text in enumerate(texts):
            con.execute(
                "insert into comments (comment_id, thread_id, position, text) values (?, ?, ?, ?)",
                [f"{thread}-{number}", thread, number, " ".join(text)],
            )
    model_cases.make(con, "thread_words")
    query = models.queries()["thread_keywords"].replace("<= 0.01", "<= 1")
    found = {
        (row[0], row[1]): row[2:]
        for row in rows(
            con,
            f"select thread_id, word, occurrence_count, other_occurrence_count, g2, log_ratio, z from ({query})",
        )
    }
    con.close()
    expected = {}
    for thread, said in words.items():
        others = [word for other, them in words.items() if other != thread for word in them]
        for word, a in Counter(said).items():
            b, n, m = others.count(word), len(said), len(others)
            in_comments = sum(word in [w.lower() for w in text] for text in comments[thread])
            if a < 3 or in_comments < 2 or not m or a * (n + m) <= (a + b) * n:
                continue
            cells = [
                (a, n, a + b),
                (b, m, a + b),
                (n - a, n, n + m - a - b),
                (m - b, m, n + m - a - b),
            ]
            g2 = 2 * sum(
                o * math.log(o * (n + m) / (row * column)) for o, row, column in cells if o
            )
            p = 500 * (a + b) / (n + m)
            odds = math.log((a + p) / (n + 500 - a - p)) - math.log((b + p) / (m + 500 - b - p))
            z = odds / math.sqrt(1 / (a + p) + 1 / (b + p))
            expected[thread, word] = [a, b, g2, math.log2(a / n / ((b or 0.5) / m)), z]
    assert found.keys() == expected.keys()
    for key, row in expected.items():
        assert found[key] == pytest.approx(row, abs=1e-9)
