"""Compute the columns of `features`: per comment, per pair and per thread.

There are few cue words, on purpose: lists of openings ("thanks", "yes, but") did not carry over between
languages and cost accuracy (docs/replies.md). Who wrote before and after, and which words are
shared, matter most.
"""

from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from threadmill.replies.model.address import ADDRESSED, CALLED, Quoted
from threadmill.replies.model.likes import Likes
from threadmill.replies.model.terms import PairIndex

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SECOND_PERSON = (
    r"(?i)\b(you|your|yours|you['’]re|yourself|u|du|dein\w*|dich|dir|euch|eure\w*|tu|tus|te|ti|usted|"
    r"ustedes|vost[èe]|teu|teva|toi|ton|votre|vous)\b|[你您]"
)
FIRST_PERSON = r"(?i)\b(i|my|me|i['’]\w+|ich|mein\w*|mir|mich|yo|mi|jo|meu|meva|em|je|moi|mon)\b|我"
ABOUT_THE_PAGE = (
    r"(?i)\b(this|the|your|great|nice|good|excellent|interesting|amazing|wonderful|awesome) (article|"
    r"post|piece|blog|read|write-?up|tutorial|essay|video|proposal|newsletter|substack)\b|\b(artikel|"
    r"beitrag|propuesta|proposta|art[ií]culo|article)\b|thank(s| you)[^.!\n]{0,12} for (this|sharing|"
    r"writing|posting|the (post|article))|文章|博主"
)


class Facts(NamedTuple):
    """What is known about a batch besides its words: who wrote where, names whom and quotes what."""

    thread: Ints
    position: Ints
    sizes: Ints
    pairs: PairIndex
    author: Ints
    host: Floats
    known: NDArray[np.bool_]
    strength: Floats
    strongest: Floats
    quoted: Quoted
    likes: Likes


class Lexical(NamedTuple):
    """The length of each comment, and for each pair the words that both share."""

    length: Floats
    cosine: Floats
    latest: Floats
    first: Floats
    phrases: Floats


def _find_neighbours(facts: Facts) -> tuple[Ints, Ints, Ints]:
    """Return the author's previous comment (-1 if none), next one (the batch's size if none), and number before."""
    size = len(facts.author)
    order = np.argsort(facts.author, kind="stable")
    same = facts.author[order][1:] == facts.author[order][:-1]
    last, following = np.full(size, -1), np.full(size, size)
    last[order[1:][same]] = order[:-1][same]
    following[order[:-1][same]] = order[1:][same]
    firsts = np.concatenate([[True], ~same]) if size else np.zeros(0, dtype=bool)
    begun = np.maximum.accumulate(np.where(firsts, np.arange(size), 0))
    before = np.empty(size, dtype=np.int64)
    before[order] = np.arange(size) - begun
    return last, following, before


LIKED = ("likes", "top_likes", "thread_likes", "later:likes", "earlier:likes")
"""Prefixes of the names of likes columns. Their mean counts as 0, so that threads without likes are scored as if these
columns didn't exist."""


def describe_comments(
    text: pl.Series, low: pl.Series, facts: Facts, lexical: Lexical
) -> dict[str, Floats]:
    """Return the columns that describe each comment, by name."""
    stripped = text.str.strip_chars()
    last, following, before = _find_neighbours(facts)
    length = lexical.length
    count = np.bincount(facts.author)[facts.author]

    def convert(values: pl.Series) -> Floats:
        return values.to_numpy().astype(np.float64)

    second = low.str.count_matches(SECOND_PERSON).to_numpy().astype(np.float64)
    return {
        "asks": convert(stripped.str.contains("[?？]")),
        "ends_asking": convert(stripped.str.contains("[?？]$")),
        "says_you": (second > 0) * 1.0,
        "you_share": np.minimum(1, second / (length + 3) * 8),
        "says_i": convert(low.str.contains(FIRST_PERSON)),
        "about_page": convert(low.str.contains(ABOUT_THE_PAGE)),
        "links": convert(low.str.contains(r"https?://|www\.")),
        "opens_quoting": convert(stripped.str.contains('^[>"“«„]')),
        "ends_loud": convert(stripped.str.contains("![^\n]{0,2}$")),
        "opens_small": convert(stripped.str.contains(r"^\p{Ll}")),
        "lines": np.minimum(stripped.str.count_matches("\n").to_numpy(), 6) / 6.0,
        "ends_whole": convert(stripped.str.contains("[.!?…。！]$")),
        "length": np.log1p(length) / 3,
        "short": (length < 10) * 1.0,
        "long": (length > 100) * 1.0,
        "host": facts.host,
        "wrote_before": (last >= 0) * 1.0,
        "writes_again": (following < len(last)) * 1.0,
        "author_comments": np.minimum(count, 8) / 8,
        "author_before": np.minimum(before, 6) / 6,
        "likes": facts.likes.height,
        "likes_rank": facts.likes.rank,
        "likes_least": facts.likes.least,
        "likes_shown": facts.likes.shown,
    }


def describe_pairs(about: dict[str, Floats], facts: Facts, lexical: Lexical) -> dict[str, Floats]:
    """Return the columns for and against each pair, by name; `about` is as from `describe_comments`."""
    pairs, author, host = facts.pairs, facts.author, facts.host
    i, j, lag = pairs.later, pairs.earlier, pairs.lag
    last, following, _ = _find_neighbours(facts)
    size = len(author)
    near, same = lag == 1, author[i] == author[j]
    before_j, after_i = np.maximum(j - 1, 0), np.minimum(i + 1, size - 1)
    ends = after_i > i
    ends &= facts.thread[after_i] == facts.thread[i]
    own = last[i]
    has = own >= 0
    aba = (facts.position[j] > 0) & (author[before_j] == author[i]) & ~same
    bab = ends & (author[after_i] == author[j]) & ~same
    recent = following[j] >= i
    back = recent & (following[j] < size) & ~same
    again = np.minimum(following[i], size - 1)
    answered = (following[i] < size) & (author[np.maximum(again - 1, 0)] == author[j]) & ~same
    answered &= again > i + 1
    strength, any_name = facts.strength, facts.strongest
    cosine, peak = lexical.cosine, pairs.find_peaks(lexical.cosine)
    mean = pairs.sum_by_comment(cosine) / np.maximum(pairs.count, 1)
    # In whole billionths, which add exactly, so that no thread's result depends on those before it.
    running = np.concatenate([[0], np.cumsum(np.round(cosine * 1e9).astype(np.int64))])
    branch = (running[1:] - running[pairs.start[i]]) / (lag * 1e9)
    latest_peak = pairs.find_peaks(lexical.latest)
    quoting = np.zeros(len(pairs))
    quoting[facts.quoted.pair] = 1
    asks, you = about["ends_asking"], about["says_you"]
    return {
        "previous": near * 1.0, "second_previous": (lag == 2) * 1.0,
        "distance": np.log(lag) / 2, "far": (lag > 5) * 1.0,
        "same_author": same * 1.0, "same_author_previous": (same & near) * 1.0,
        "after_own": aba * 1.0, "after_own_previous": (aba & near) * 1.0,
        "before_own_answer": bab * 1.0, "before_own_answer_previous": (bab & near) * 1.0,
        "comes_back": np.where(back, np.exp(-(following[j] - i - 1) / 3), 0),
        "answered_later": answered * 1.0,
        "since_own": (has & (own < j)) * 1.0,
        "since_own_near": np.where(has & (own < j), np.exp(-np.maximum(j - own - 1, 0) / 3), 0),
        "own_between": (has & (own > j)) * 1.0,
        "right_after_own": (has & (own == j - 1) & ~same) * 1.0,
        "latest_of_author": recent * 1.0, "first_of_author": (last[j] < 0) * 1.0,
        "named_passing": ((strength > 0) & (strength < CALLED)) * 1.0,
        "named_first": (strength == CALLED) * 1.0, "addressed": (strength == ADDRESSED) * 1.0,
        "named_latest": ((strength >= CALLED) & recent) * 1.0,
        "names_another": ((any_name[i] >= CALLED) & (strength < CALLED)) * 1.0,
        "phrases": np.log1p(lexical.phrases), "quotes": quoting,
        "quotes_another": _flag_quoting(facts)[i] * (1 - quoting),
        "cosine": cosine * 4, "cosine_below_peak": (cosine - peak[i]) * 4,
        "cosine_peak": (cosine >= peak[i] - 1e-9) * 1.0, "cosine_above_mean": (cosine - mean[i]) * 4,
        "branch_cosine": branch * 4, "branch_above_mean": (branch - mean[i]) * 4,
        "latest_terms": lexical.latest, "first_terms": lexical.first,
        "latest_peak": ((lexical.latest >= latest_peak[i] - 1e-9) & (lexical.latest > 0)) * 1.0,
        "question_previous": asks[j] * (1 - asks[i]) * near, "question_host": asks[j] * host[i],
        "to_host": host[j] * (1 - host[i]), "by_host": host[i] * (1 - host[j]),
        "you_previous": you[i] * near,
        "likes_fall": facts.likes.falls, "likes_overtop": facts.likes.overtops,
    }  # fmt: skip


def _flag_quoting(facts: Facts) -> Floats:
    """Return per comment 1 if it quotes another."""
    found = np.zeros(len(facts.author))
    found[facts.pairs.later[facts.quoted.pair]] = 1
    return found


def describe_tops(
    about: dict[str, Floats], between: dict[str, Floats], facts: Facts, lexical: Lexical
) -> dict[str, Floats]:
    """Return the columns for and against top level, with those of the thread; `between` is from `describe_pairs`."""
    pairs, author, host, position = facts.pairs, facts.author, facts.host, facts.position
    size = len(author)
    at = np.arange(size)
    last, following, _ = _find_neighbours(facts)
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, size - 1)
    inside, goes_on = position > 0, np.zeros(size, dtype=bool)
    if size:
        goes_on = (after > at) & (facts.thread[after] == facts.thread)
    has, again = last >= 0, following < size
    strongest = facts.strongest
    first = pairs.start[:-1]
    near = np.zeros(size)
    some = pairs.count > 0
    near[some] = lexical.cosine[first[some]]
    last_three = pairs.sum_by_comment(np.where(pairs.lag <= 3, lexical.cosine, 0)) / 3
    peak = pairs.find_peaks(lexical.cosine)
    only = (np.bincount(author)[author] == 1) * 1.0
    new = ((last < 0) & inside) * 1.0
    near_rank, second_rank = (
        _rank_pairs(lexical.cosine, pairs, 1),
        _rank_pairs(lexical.cosine, pairs, 2),
    )
    length = _standardize(about["length"], facts)
    liked = facts.likes.height
    columns = {
        "peak_cosine": peak * 4, "previous_cosine": near * 4, "three_cosine": last_three * 4,
        "next_cosine": np.where(goes_on, near[after], 0) * 4,
        "calls": (strongest >= CALLED) * 1.0, "mentions": np.where(strongest < CALLED, strongest, 0),
        "quoting": _flag_quoting(facts), "place": np.log1p(position) / 3,
        "follows_itself": ((author == author[before]) & inside) * 1.0,
        "own_near": np.where(has, np.exp(-(at - last - 1) / 2), 0),
        "alternates": (has & (at - last == 2)) * 1.0, "own_far": (has & (at - last > 10)) * 1.0,
        "returns_near": np.where(again, np.exp(-(following - at - 1) / 2), 0),
        "will_alternate": (again & (following - at == 2)) * 1.0,
        "surrounded": (inside & goes_on & (author[before] == author[after]) & (author != author[before])) * 1.0,
        "after_question": about["asks"][before] * inside,
        "after_ending_question": about["ends_asking"][before] * inside,
        "after_host": host[before] * inside, "after_length": about["length"][before] * inside,
        "first": (position == 0) * 1.0, "latest_terms_peak": pairs.find_peaks(between["latest_terms"]),
        "phrase_peak": pairs.find_peaks(between["phrases"]),
        "host_asks": host * about["asks"][before] * inside, "once": only * inside,
        "before_host": np.where(goes_on, host[after] * (1 - host), 0),
        "next_names": np.where(goes_on, _look_ahead(between["named_first"] + between["addressed"], pairs, after), 0),
        "next_you": np.where(goes_on, about["says_you"][after], 0),
        "known_host": host * facts.known, "size": np.log1p(facts.sizes[facts.thread]) / 4,
        "previous_rank": near_rank, "second_rank": second_rank,
        "next_rank": np.where(goes_on, near_rank[after], 0),
        "new_before": new[before] * inside, "new_after": np.where(goes_on, new[after], 0),
        "once_before": only[before] * inside, "once_after": np.where(goes_on, only[after], 0),
        "new_run": np.log1p(at - np.maximum.accumulate(np.where(new > 0, 0, at))),
        "part": position / np.maximum(facts.sizes[facts.thread] - 1, 1),
        "rest": np.log1p(facts.sizes[facts.thread] - 1 - position) / 3,
        "relative_length": length, "relative_length_before": length[before] * inside,
        "relative_length_after": np.where(goes_on, length[after], 0),
        "relative_peak": _standardize(peak * 4, facts), "relative_previous": _standardize(near * 4, facts),
        "likes_before": (liked - liked[before]) * inside / 2,
        "likes_after": np.where(goes_on, liked - liked[after], 0) / 2,
        "likes_over_before": facts.likes.over_before, "likes_over_after": facts.likes.over_after,
        "likes_since_more": facts.likes.since_more * inside,
    }  # fmt: skip
    return about | {f"top_{k}": v for k, v in columns.items()} | _describe_threads(columns, facts)


def _rank_pairs(values: Floats, pairs: PairIndex, lag: int) -> Floats:
    """Return per comment the share of its pairs with a smaller value than the pair `lag` back, minus a half.

    Equal values count half; the result is 0 without such a pair. A rank means the same in every language and at
    every length.
    """
    some = pairs.count >= lag
    own = np.zeros(len(pairs.count))
    own[some] = values[pairs.start[:-1][some] + lag - 1]
    smaller = np.sign(own[pairs.later] - values) / 2
    return np.where(some, pairs.sum_by_comment(smaller) / np.maximum(pairs.count, 1), 0)


def _average(values: Floats, facts: Facts) -> Floats:
    """Return the mean of each thread."""
    sums = np.bincount(facts.thread, values, minlength=len(facts.sizes))
    return np.asarray(sums / np.maximum(facts.sizes, 1))


def _standardize(values: Floats, facts: Facts) -> Floats:
    """Return each value's distance from its thread's mean, in standard deviations of the thread."""
    mean = _average(values, facts)
    spread = np.sqrt(np.maximum(_average(values * values, facts) - mean * mean, 0))
    return np.asarray((values - mean[facts.thread]) / (spread[facts.thread] + 0.15))


def _look_ahead(values: Floats, pairs: PairIndex, after: Ints) -> Floats:
    """Return per comment the value of the pair (next comment, this comment), 0 without one."""
    some = pairs.count[after] > 0
    out = np.zeros(len(after))
    out[some] = values[pairs.start[:-1][after[some]]]
    return out


def _describe_threads(columns: dict[str, Floats], facts: Facts) -> dict[str, Floats]:
    """Return the columns of each thread, repeated for each of its comments."""
    thread, sizes = facts.thread, facts.sizes

    def average(values: NDArray[Any]) -> Floats:
        return _average(values, facts)

    counts = np.bincount(facts.author).astype(np.float64)
    busiest = np.zeros(len(sizes))
    np.maximum.at(busiest, thread, counts[facts.author])
    own, size = counts[facts.author], sizes.astype(np.float64)
    # Expected if the same n comments were in random order, with c comments per author: A-B-A at a share
    # sum c (c - 1) (n - c) / (n (n - 1) (n - 2)) of the places, A-A at sum c (c - 1) / (n (n - 1)).
    doubles = average(own - 1) / np.maximum(size - 1, 1)
    places = np.maximum(size - 2, 1)
    alternation = average((own - 1) * (size[thread] - own)) / (np.maximum(size - 1, 1) * places)
    excess = average(columns["alternates"]) * size - alternation * places
    chance = np.sqrt(np.maximum(alternation * (1 - alternation) * places, 0)) + 0.5
    # Nothing about how people write (length, capitals, questions): it tells the platforms of the training data
    # apart, and misleads on new ones.
    shares = {
        "authors": average((1 / np.maximum(counts, 1))[facts.author]),
        "busiest": busiest / np.maximum(sizes, 1), "host": average(facts.host),
        "calls": average(columns["calls"]), "quoting": average(columns["quoting"]),
        "cohesion": average(columns["peak_cosine"]), "near_cohesion": average(columns["previous_cosine"]),
        "alternation": average(columns["alternates"]), "doubles": average(columns["follows_itself"]),
        "known_host": average(facts.known * 1.0),
        "previous_rank": average(columns["previous_rank"]) * 4, "second_rank": average(columns["second_rank"]) * 4,
        "alternation_excess": excess / places, "alternation_surprise": np.tanh(excess / chance / 4),
        "doubles_excess": average(columns["follows_itself"]) - doubles, "once": average((own == 1) * 1.0),
        "likes_rises": average(np.sign(columns["likes_before"])),
        "likes_least": average(facts.likes.least),
    }  # fmt: skip
    return {f"thread_{name}": values[thread] for name, values in shares.items()}
