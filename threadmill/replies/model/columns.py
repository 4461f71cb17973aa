"""The columns of `features`: per comment, per pair and per thread.

Few cue words, on purpose: lists of openings ("thanks", "yes, but") did not carry over between
languages and cost accuracy (docs/replies.md). Who spoke before and after, and which words are
shared, carry it.
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


class Said(NamedTuple):
    """Who says something where, names whom and quotes what."""

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
    """How long comments are, and what their pairs share: all but `length` has an item per pair."""

    length: Floats
    cosine: Floats
    latest: Floats
    first: Floats
    phrases: Floats


def _neighbours(said: Said) -> tuple[Ints, Ints, Ints]:
    """Return the author's last and next comment (-1 and the batch's size for none), and how many before."""
    size = len(said.author)
    order = np.argsort(said.author, kind="stable")
    same = said.author[order][1:] == said.author[order][:-1]
    last, following = np.full(size, -1), np.full(size, size)
    last[order[1:][same]] = order[:-1][same]
    following[order[:-1][same]] = order[1:][same]
    firsts = np.concatenate([[True], ~same]) if size else np.zeros(0, dtype=bool)
    begun = np.maximum.accumulate(np.where(firsts, np.arange(size), 0))
    before = np.empty(size, dtype=np.int64)
    before[order] = np.arange(size) - begun
    return last, following, before


LIKED = ("likes", "top_likes", "thread_likes", "later:likes", "earlier:likes")
"""How names of columns of likes begin. Their mean counts as 0, so that a thread without likes is scored as if they
weren't there."""


def of_comment(text: pl.Series, low: pl.Series, said: Said, lexical: Lexical) -> dict[str, Floats]:
    """Return what a comment is like, by the name of the column."""
    stripped = text.str.strip_chars()
    last, following, before = _neighbours(said)
    length = lexical.length
    count = np.bincount(said.author)[said.author]

    def flag(values: pl.Series) -> Floats:
        return values.to_numpy().astype(np.float64)

    second = low.str.count_matches(SECOND_PERSON).to_numpy().astype(np.float64)
    return {
        "asks": flag(stripped.str.contains("[?？]")),
        "ends_asking": flag(stripped.str.contains("[?？]$")),
        "says_you": (second > 0) * 1.0,
        "you_share": np.minimum(1, second / (length + 3) * 8),
        "says_i": flag(low.str.contains(FIRST_PERSON)),
        "about_page": flag(low.str.contains(ABOUT_THE_PAGE)),
        "links": flag(low.str.contains(r"https?://|www\.")),
        "opens_quoting": flag(stripped.str.contains('^[>"“«„]')),
        "ends_loud": flag(stripped.str.contains("![^\n]{0,2}$")),
        "opens_small": flag(stripped.str.contains(r"^\p{Ll}")),
        "lines": np.minimum(stripped.str.count_matches("\n").to_numpy(), 6) / 6.0,
        "ends_whole": flag(stripped.str.contains("[.!?…。！]$")),
        "length": np.log1p(length) / 3,
        "short": (length < 10) * 1.0,
        "long": (length > 100) * 1.0,
        "host": said.host,
        "wrote_before": (last >= 0) * 1.0,
        "writes_again": (following < len(last)) * 1.0,
        "author_comments": np.minimum(count, 8) / 8,
        "author_before": np.minimum(before, 6) / 6,
        "likes": said.likes.height,
        "likes_rank": said.likes.rank,
        "likes_least": said.likes.least,
        "likes_shown": said.likes.shown,
    }


def of_pair(about: dict[str, Floats], said: Said, lexical: Lexical) -> dict[str, Floats]:
    """Return what speaks for and against a pair; `about` is as from `of_comment`."""
    pairs, author, host = said.pairs, said.author, said.host
    i, j, lag = pairs.later, pairs.earlier, pairs.lag
    last, following, _ = _neighbours(said)
    size = len(author)
    near, same = lag == 1, author[i] == author[j]
    before_j, after_i = np.maximum(j - 1, 0), np.minimum(i + 1, size - 1)
    ends = after_i > i
    ends &= said.thread[after_i] == said.thread[i]
    own = last[i]
    has = own >= 0
    aba = (said.position[j] > 0) & (author[before_j] == author[i]) & ~same
    bab = ends & (author[after_i] == author[j]) & ~same
    recent = following[j] >= i
    back = recent & (following[j] < size) & ~same
    again = np.minimum(following[i], size - 1)
    answered = (following[i] < size) & (author[np.maximum(again - 1, 0)] == author[j]) & ~same
    answered &= again > i + 1
    strength, any_name = said.strength, said.strongest
    cosine, peak = lexical.cosine, pairs.peak(lexical.cosine)
    mean = pairs.total(cosine) / np.maximum(pairs.count, 1)
    # In whole billionths, which add exactly, so that no thread hears of the ones before it.
    running = np.concatenate([[0], np.cumsum(np.round(cosine * 1e9).astype(np.int64))])
    branch = (running[1:] - running[pairs.start[i]]) / (lag * 1e9)
    latest_peak = pairs.peak(lexical.latest)
    quoting = np.zeros(len(pairs))
    quoting[said.quoted.pair] = 1
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
        "quotes_another": _quoting(said)[i] * (1 - quoting),
        "cosine": cosine * 4, "cosine_below_peak": (cosine - peak[i]) * 4,
        "cosine_peak": (cosine >= peak[i] - 1e-9) * 1.0, "cosine_above_mean": (cosine - mean[i]) * 4,
        "branch_cosine": branch * 4, "branch_above_mean": (branch - mean[i]) * 4,
        "latest_terms": lexical.latest, "first_terms": lexical.first,
        "latest_peak": ((lexical.latest >= latest_peak[i] - 1e-9) & (lexical.latest > 0)) * 1.0,
        "question_previous": asks[j] * (1 - asks[i]) * near, "question_host": asks[j] * host[i],
        "to_host": host[j] * (1 - host[i]), "by_host": host[i] * (1 - host[j]),
        "you_previous": you[i] * near,
        "likes_fall": said.likes.falls, "likes_overtop": said.likes.overtops,
    }  # fmt: skip


def _quoting(said: Said) -> Floats:
    """Return 1 for a comment that quotes another."""
    found = np.zeros(len(said.author))
    found[said.pairs.later[said.quoted.pair]] = 1
    return found


def of_top(
    about: dict[str, Floats], between: dict[str, Floats], said: Said, lexical: Lexical
) -> dict[str, Floats]:
    """Return what speaks for and against top level, numbers of the thread included; `between` is as from `of_pair`."""
    pairs, author, host, position = said.pairs, said.author, said.host, said.position
    size = len(author)
    at = np.arange(size)
    last, following, _ = _neighbours(said)
    before, after = np.maximum(at - 1, 0), np.minimum(at + 1, size - 1)
    inside, goes_on = position > 0, np.zeros(size, dtype=bool)
    if size:
        goes_on = (after > at) & (said.thread[after] == said.thread)
    has, again = last >= 0, following < size
    strongest = said.strongest
    first = pairs.start[:-1]
    near = np.zeros(size)
    some = pairs.count > 0
    near[some] = lexical.cosine[first[some]]
    last_three = pairs.total(np.where(pairs.lag <= 3, lexical.cosine, 0)) / 3
    peak = pairs.peak(lexical.cosine)
    only = (np.bincount(author)[author] == 1) * 1.0
    new = ((last < 0) & inside) * 1.0
    near_rank, second_rank = _ranks(lexical.cosine, pairs, 1), _ranks(lexical.cosine, pairs, 2)
    length = _relative(about["length"], said)
    liked = said.likes.height
    columns = {
        "peak_cosine": peak * 4, "previous_cosine": near * 4, "three_cosine": last_three * 4,
        "next_cosine": np.where(goes_on, near[after], 0) * 4,
        "calls": (strongest >= CALLED) * 1.0, "mentions": np.where(strongest < CALLED, strongest, 0),
        "quoting": _quoting(said), "place": np.log1p(position) / 3,
        "follows_itself": ((author == author[before]) & inside) * 1.0,
        "own_near": np.where(has, np.exp(-(at - last - 1) / 2), 0),
        "alternates": (has & (at - last == 2)) * 1.0, "own_far": (has & (at - last > 10)) * 1.0,
        "returns_near": np.where(again, np.exp(-(following - at - 1) / 2), 0),
        "will_alternate": (again & (following - at == 2)) * 1.0,
        "surrounded": (inside & goes_on & (author[before] == author[after]) & (author != author[before])) * 1.0,
        "after_question": about["asks"][before] * inside,
        "after_ending_question": about["ends_asking"][before] * inside,
        "after_host": host[before] * inside, "after_length": about["length"][before] * inside,
        "first": (position == 0) * 1.0, "latest_terms_peak": pairs.peak(between["latest_terms"]),
        "phrase_peak": pairs.peak(between["phrases"]),
        "host_asks": host * about["asks"][before] * inside, "once": only * inside,
        "before_host": np.where(goes_on, host[after] * (1 - host), 0),
        "next_names": np.where(goes_on, _next(between["named_first"] + between["addressed"], pairs, after), 0),
        "next_you": np.where(goes_on, about["says_you"][after], 0),
        "known_host": host * said.known, "size": np.log1p(said.sizes[said.thread]) / 4,
        "previous_rank": near_rank, "second_rank": second_rank,
        "next_rank": np.where(goes_on, near_rank[after], 0),
        "new_before": new[before] * inside, "new_after": np.where(goes_on, new[after], 0),
        "once_before": only[before] * inside, "once_after": np.where(goes_on, only[after], 0),
        "new_run": np.log1p(at - np.maximum.accumulate(np.where(new > 0, 0, at))),
        "part": position / np.maximum(said.sizes[said.thread] - 1, 1),
        "rest": np.log1p(said.sizes[said.thread] - 1 - position) / 3,
        "relative_length": length, "relative_length_before": length[before] * inside,
        "relative_length_after": np.where(goes_on, length[after], 0),
        "relative_peak": _relative(peak * 4, said), "relative_previous": _relative(near * 4, said),
        "likes_before": (liked - liked[before]) * inside / 2,
        "likes_after": np.where(goes_on, liked - liked[after], 0) / 2,
        "likes_over_before": said.likes.over_before, "likes_over_after": said.likes.over_after,
        "likes_since_more": said.likes.since_more * inside,
    }  # fmt: skip
    return about | {f"top_{k}": v for k, v in columns.items()} | _thread(columns, said)


def _ranks(values: Floats, pairs: PairIndex, lag: int) -> Floats:
    """Return per comment the share of its pairs with less than the one `lag` before has, less a half.

    Equal ones count half; 0 without such a pair. A rank means the same in every language and at every length.
    """
    some = pairs.count >= lag
    own = np.zeros(len(pairs.count))
    own[some] = values[pairs.start[:-1][some] + lag - 1]
    smaller = np.sign(own[pairs.later] - values) / 2
    return np.where(some, pairs.total(smaller) / np.maximum(pairs.count, 1), 0)


def _mean(values: Floats, said: Said) -> Floats:
    """Return the mean of each thread."""
    sums = np.bincount(said.thread, values, minlength=len(said.sizes))
    return np.asarray(sums / np.maximum(said.sizes, 1))


def _relative(values: Floats, said: Said) -> Floats:
    """Return how far each value is from its thread's mean, in its thread's standard deviations."""
    mean = _mean(values, said)
    spread = np.sqrt(np.maximum(_mean(values * values, said) - mean * mean, 0))
    return np.asarray((values - mean[said.thread]) / (spread[said.thread] + 0.15))


def _next(values: Floats, pairs: PairIndex, after: Ints) -> Floats:
    """Return the value of the pair (next comment, this comment), 0 without one."""
    some = pairs.count[after] > 0
    out = np.zeros(len(after))
    out[some] = values[pairs.start[:-1][after[some]]]
    return out


def _thread(columns: dict[str, Floats], said: Said) -> dict[str, Floats]:
    """Return the thread's numbers, repeated for each of its comments."""
    thread, sizes = said.thread, said.sizes

    def mean(values: NDArray[Any]) -> Floats:
        return _mean(values, said)

    counts = np.bincount(said.author).astype(np.float64)
    busiest = np.zeros(len(sizes))
    np.maximum.at(busiest, thread, counts[said.author])
    own, size = counts[said.author], sizes.astype(np.float64)
    # What the same comments in random order would have: with n comments, A-B-A in
    # sum c (c - 1) (n - c) / (n (n - 1) (n - 2)) of the places for it, A-A in sum c (c - 1) / (n (n - 1)).
    doubles = mean(own - 1) / np.maximum(size - 1, 1)
    places = np.maximum(size - 2, 1)
    alternation = mean((own - 1) * (size[thread] - own)) / (np.maximum(size - 1, 1) * places)
    excess = mean(columns["alternates"]) * size - alternation * places
    chance = np.sqrt(np.maximum(alternation * (1 - alternation) * places, 0)) + 0.5
    # Not how people write (length, capitals, questions): that tells one platform of the training from
    # another, and misleads on the next.
    shares = {
        "authors": mean((1 / np.maximum(counts, 1))[said.author]),
        "busiest": busiest / np.maximum(sizes, 1), "host": mean(said.host),
        "calls": mean(columns["calls"]), "quoting": mean(columns["quoting"]),
        "cohesion": mean(columns["peak_cosine"]), "near_cohesion": mean(columns["previous_cosine"]),
        "alternation": mean(columns["alternates"]), "doubles": mean(columns["follows_itself"]),
        "known_host": mean(said.known * 1.0),
        "previous_rank": mean(columns["previous_rank"]) * 4, "second_rank": mean(columns["second_rank"]) * 4,
        "alternation_excess": excess / places, "alternation_surprise": np.tanh(excess / chance / 4),
        "doubles_excess": mean(columns["follows_itself"]) - doubles, "once": mean((own == 1) * 1.0),
        "likes_rises": mean(np.sign(columns["likes_before"])),
        "likes_least": mean(said.likes.least),
    }  # fmt: skip
    return {f"thread_{name}": values[thread] for name, values in shares.items()}
