"""Random threads as the parsed tables, with what captures lose: authors, days, hosts, parents, likes."""

import random
from collections import Counter
from datetime import datetime, timedelta

from reference import assigning, replies, words
from reference.frames import frame

PEOPLE = (
    *(("Ines Vale", "ines vale"), ("Bo",), ("bo", "Bo"), ("Mara", "Mara Stone"), ("Max",)),
    *(("李 雷",), ("Zoë D'Arc",), ("Kim Oh",), ("Lu",), ("Nan Per",), ("Ari",), ("Una Ost",)),
)
"""Who writes, under which names: the host first."""
HOST, WITH_HANDLE = 0, 4
LOST = ("missing", "unknown")
THINGS = {
    "person:p1": "person",
    "person:p2": "person",
    "doi:d1": "doi",
    "doi:d2": "doi",
    "money:m1": "money",
}
WORDS = ("sleep", "bread", "work", "rest", "night", "shift", "and", "the", "und", "I'll", "夜夜夜")
QUESTIONS = (
    "Why? ",
    "So e.g. is 2.5 mg it?! Or what? ",
    "“No.” Can it be? ",
    "a.com?b ",
    "https://a.b/?c ",
)
TERMS = (
    ("diet", "pack:p", "bread", 1.0),
    ("job", "pack:p", "work", 0.75),
    ("job", "pack:p", "night shift", 2.0),
    ("post", "pack:q", "work", 1.5),
    ("post", "pack:q", "word0", 1.0),
    ("post", "pack:q", "rest", 1.0),
    ("nap", "pack:p", "sleep", 1.0),
    ("nap", "pack:p", "rest", 0.5),
    ("t1", "discovered", "sleep", 0.5),
    ("t1", "discovered", "night", 0.25),
    ("t2", "discovered", "shift", 0.25),
    ("t3", "discovered", "rest", 0.125),
    ("t4", "discovered", "夜夜", 0.125),
)
AMBIGUOUS = {("post", "work"), ("post", "rest"), ("nap", "rest")}
SIZES = (0, 1, 2, 4, 9, 16, 25, 40)

REQUIRED = {
    "threads": {"source_format": "drawn", "source_path": "p/x", "source_sha256": "0"},
    "comments": {
        "created_precision": "second",
        "is_created_resolved": False,
        "word_count": 1,
        "is_question": False,
        "is_gratitude": False,
        "is_own_experience": False,
        "parent_evidence": "drawn",
    },
    "mentions": {
        "start_char": 0,
        "end_char": 1,
        "surface": "x",
        "rule": "drawn",
        "confidence": 1.0,
        "is_word": True,
    },
}
"""What tables must have and no model reads."""


def draw(seed, vocabulary):
    """Return random rows of each parsed table, as frames of the reference, and the counts of words."""
    dice = random.Random(seed)
    made = {name: [] for name in ("threads", "comments", "replies", "reply_candidates", "mentions")}
    for number in range(dice.randint(1, 5)):
        thread, comments = _thread(dice, number)
        made["threads"].append(thread)
        made["comments"] += comments
        for comment in comments:
            _link(comment, comments, made)
            made["mentions"] += _mentions(
                dice, comment, thread["publication"] or thread["thread_id"]
            )
    terms = frame("topic_terms", _terms())
    scopes = frame("topic_scopes", _scopes(dice))
    topics = assigning.Topics.of(terms, scopes)
    counts = words.Counts()
    assigned = []
    for thread in made["threads"]:
        own = [one for one in made["comments"] if one["thread_id"] == thread["thread_id"]]
        cut = [words.tokens(comment["text"]) for comment in own]
        counts.add(thread["thread_id"], cut)
        mentions = [one for one in made["mentions"] if one["thread_id"] == thread["thread_id"]]
        assigned += assigning.comment_topics(thread, own, cut, mentions, topics)
    frames = {
        name: frame(name, [REQUIRED.get(name, {}) | row for row in rows])
        for name, rows in made.items()
    }
    frames["topic_terms"] = terms
    frames["topic_scopes"] = scopes
    frames["comment_topics"] = frame("comment_topics", assigned)
    frames["thread_keywords"] = words.thread_keywords(counts, words.stop_words(vocabulary))
    return frames


def _thread(dice, number):
    thread_id = f"p:t{number}"
    has_host = number != 2
    at = datetime(2026, 1, 5, 22)  # noqa: DTZ001 # UTC, as all times in the tables
    start = at
    loses_times, loses_names, hurries = (dice.random() < share for share in (0.3, 0.4, 0.2))
    host_share, asking_share = dice.choice((0.3, 0.9)), dice.choice((0.3, 0.9))
    people = [*range(dice.choice((3, len(PEOPLE)))), *[None] * loses_names]
    publication = dice.choice((None, "one", "one", "two"))
    scope = publication or thread_id
    comments = []
    for position in range(dice.choice(SIZES)):
        by_host = position % 2 == 1 and dice.random() < host_share
        who = HOST if by_host else dice.choice(people)
        author = _author(who, scope)
        at += timedelta(seconds=0 if hurries else dice.choice((0, 0, 5, 60, 4000, 40_000)))
        # A platform's clock can make it negative.
        shown = at - timedelta(seconds=90 * (dice.random() < 0.1))
        is_dated = not (loses_times and dice.random() < 0.4)
        lost = dice.choice(LOST) if dice.random() < 0.1 else None
        back = 0 if by_host and dice.random() < 0.8 else dice.randint(-1, 4)
        parent = comments[position - 1 - back] if 0 <= back < position and not lost else None
        chance = dice.choice((0.25, 0.75, 0.100001)) if dice.random() < 0.4 and not lost else None
        status = lost or (
            "inferred" if parent and chance else "explicit" if parent else "top_level"
        )
        comments.append(
            {
                "comment_id": f"{thread_id}-{position}",
                "thread_id": thread_id,
                "platform": "p",
                "position": position,
                "author_id": author,
                "author_name": dice.choice(PEOPLE[who]) if author else None,
                "author_handle": "max" if who == WITH_HANDLE else None,
                "author_url": "https://a.b/max" if who == WITH_HANDLE else None,
                "is_host": who == HOST if has_host and author else None,
                "created_at": shown if is_dated else None,
                "created_on": shown.date() if is_dated or dice.random() < 0.3 else None,
                "like_count": dice.choice((None, 0, 3, 8)),
                "parent_status": status,
                "parent_comment_id": parent and parent["comment_id"],
                "hidden_reply_count": dice.choice((None, None, 0, 2)),
                "is_deleted": dice.random() < 0.1,
                "is_liked_by_host": dice.choice((True, False, None)),
                "duplicate_of": f"{thread_id}-0" if position > 9 else None,
                "text": _text(dice, thread_id, asking_share),
                "chance": chance,
            }
        )
    replies.grow(comments)
    _forget_depths(comments)
    declared = dice.choice((None, 20))
    thread = {
        "thread_id": thread_id,
        "platform": "p",
        "publication": publication,
        "host_name": "Ines Vale" if has_host else None,
        # The fourth is captured early: some of its comments come later.
        "captured_at": (start if number == 3 else at) + timedelta(days=1)
        if dice.random() < 0.8
        else None,
        "comment_count": len(comments),
        "declared_comment_count": declared,
        "hidden_comment_count": number,
        "line_count": 50,
        "furniture_line_count": 7,
        "unrecognised_line_count": 1,
    }
    return thread, comments


def _author(who, scope):
    """Return an author's id: a name means one person in one publication, a handle everywhere."""
    if who is None:
        return None
    return "p:max" if who == WITH_HANDLE else f"p:{scope}-{who}"


def _forget_depths(comments):
    """Take depth and root of what hangs below a comment whose parent is lost: they aren't known."""
    lost = {one["comment_id"] for one in comments if one["parent_status"] in LOST}
    for comment in comments:
        if comment["root_comment_id"] in lost:
            comment |= {"depth": None, "root_comment_id": None}


def _text(dice, thread_id, asking_share):
    own = [dice.choice(WORDS) for _ in range(dice.randint(0, 6))]
    # What one thread says far more than others is a keyword.
    own += [f"word{thread_id[-1]}"] * dice.choice((0, 0, 0, 12))
    return (dice.choice(QUESTIONS) if dice.random() < asking_share else "So. ") + " ".join(own)


def _link(comment, comments, made):
    """Add the rows of `replies` and `reply_candidates` of a comment."""
    by_id = {one["comment_id"]: one for one in comments}
    chance = comment.pop("chance")
    place = {name: comment[name] for name in ("comment_id", "thread_id")}
    parent = by_id.get(comment["parent_comment_id"])
    if parent:
        is_timed = comment["created_at"] and parent["created_at"]
        wait = comment["created_at"] - parent["created_at"] if is_timed else None
        made["replies"].append(
            place
            | {
                "parent_comment_id": parent["comment_id"],
                "author_id": comment["author_id"],
                "parent_author_id": parent["author_id"],
                "depth": comment["depth"],
                "response_s": int(wait.total_seconds()) if is_timed else None,
                "is_inferred": chance is not None,
                "confidence": 1.0 if chance is None else chance,
                "evidence": "drawn",
            }
        )
    if chance is not None:
        rest = round((1 - chance) / 2, 6)
        others = [one for one in comments[: comment["position"]] if one is not parent]
        best = ("comment", parent, chance) if parent else ("top_level", None, chance)
        options = [best, ("comment", others[-1], rest)] if others else [best]
        last = "top_level" if parent else "other"
        options.append((last, None, 1 - sum(share for *_, share in options)))
    elif parent and parent is not comments[0]:
        # Whom an explicit reply addresses counts nowhere.
        options = [("comment", comments[0], 0.94), ("comment", parent, 0.06)]
    else:
        options = []
    made["reply_candidates"] += [
        place
        | {
            "rank": rank,
            "kind": kind,
            "parent_comment_id": above and above["comment_id"],
            "probability": round(probability, 6),
            "is_inferred": chance is not None,
        }
        for rank, (kind, above, probability) in enumerate(options, 1)
    ]


def _mentions(dice, comment, scope):
    place = {name: comment[name] for name in ("comment_id", "thread_id", "author_id")}
    for _ in range(dice.randint(0, 3)):
        thing = dice.choice(list(THINGS))
        yield (
            place
            | {"kind": THINGS[thing], "canonical_id": thing, "canonical_name": thing[-2:]}
            | ({"pack": "q"} if thing == "money:m1" and scope == "two" else {})
        )
    if dice.random() < 0.2:
        target = _author(dice.randrange(len(PEOPLE)), scope)
        yield place | {
            "kind": "quote",
            "canonical_id": "quote:c",
            "canonical_name": "c",
            "target_author_id": target,
        }


def _terms():
    ranks = Counter()
    for topic, origin, term, weight in TERMS:
        ranks[topic] += 1
        yield {
            "topic_id": topic,
            "label": topic.title(),
            "version": "1",
            "origin": origin,
            "term": term,
            "weight": weight,
            "rank": ranks[topic],
            "is_ambiguous": (topic, term) in AMBIGUOUS,
        }


def _scopes(dice):
    """Yield the limits of one pack: none, a publication, or one beside a platform that may be another."""
    if dice.random() < 0.5:
        yield {"origin": "pack:q", "scope_kind": "publication", "scope": "one"}
        yield {"origin": "pack:q", "scope_kind": "publication", "scope": "two"}
        yield {"origin": "pack:q", "scope_kind": "platform", "scope": dice.choice("ppx")}
    if dice.random() < 0.5:
        yield {
            "origin": dice.choice(("pack:p", "discovered")),
            "scope_kind": "except_pack",
            "scope": "pack:q",
        }
