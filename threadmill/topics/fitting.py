"""Topics discovered from the words of comments, reduced to terms with weights.

Word vectors are the singular vectors of the positive pointwise mutual information of words in the
same comment (Levy & Goldberg 2014, "Neural word embedding as implicit matrix factorization"),
found by a randomised SVD (Halko, Martinsson & Tropp 2011, doi:10.1137/090771806). Comments, as
tf-idf weighted means of them, are clustered by spherical k-means (Dhillon & Modha 2001,
doi:10.1023/A:1007612920971). The result is linear: a term's weight is its cosine to the topic's
centre minus its mean over all topics, times idf.
"""

from typing import NamedTuple

import duckdb
import numpy as np
from numpy.typing import NDArray

from threadmill import paths
from threadmill.wording import counted

LEAST_COMMENTS = 2_000
"""With fewer comments topics are chance, and nothing is fitted."""
DIMENSIONS = 100
TERMS_PER_TOPIC = 1_000
PAIRED_WORDS = 128
"""At most this many words of a comment, the rarest, are paired: a long comment must not dominate."""
SEED = 0
TRIED_K = (4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60)
"""Numbers of topics to choose from."""
NEARLY_BEST = 0.93
"""The largest of them counts whose silhouette is at least this part of the best one's."""

Numbers = NDArray[np.float32]
Indices = NDArray[np.int64]


class Corpus(NamedTuple):
    """The words of the sampled comments as a sparse matrix, one row per comment."""

    comment_ids: list[str]
    words: list[str]
    starts: Indices
    """Where the words of each comment start in `columns` and `counts`, and the end of the last one."""
    columns: Indices
    counts: Indices
    comment_counts: Indices
    """How many comments each word is in."""

    @property
    def idf(self) -> NDArray[np.float64]:
        """How rare each word is: the smoothed inverse document frequency, at least 1."""
        return np.log((1 + len(self.comment_ids)) / (1 + self.comment_counts)) + 1


class Fit(NamedTuple):
    """Fitted topics, numbered from 0."""

    weights: NDArray[np.int64]
    """Words × topics, in thousandths; 0 where the word isn't among the topic's terms."""
    clusters: Indices
    """The topic of each comment of the corpus."""


def read_corpus(con: duckdb.DuckDBPyConnection) -> Corpus:
    """Return the words of a sample of the `comments` in `con`, without function words.

    `con` has the macros of `storage.macros`.

    Raises:
        ValueError: there are fewer than `LEAST_COMMENTS` comments with words.
    """
    query = (paths.sql_folder() / "fitting" / "content_words.sql").read_text(encoding="utf-8")
    rows = con.execute(query).fetchnumpy()
    rows_of = rows["comment_number"].astype(np.int64)
    columns = rows["word_number"].astype(np.int64)
    size = int(rows_of[-1]) + 1 if len(rows_of) else 0
    if size < LEAST_COMMENTS:
        raise ValueError(
            f"{counted(size, 'comment')} with words that others use too; "
            f"topics are discovered from {LEAST_COMMENTS:,} up, fewer would give chance ones"
        )
    starts = np.searchsorted(rows_of, np.arange(size + 1))
    _, firsts = np.unique(columns, return_index=True)
    return Corpus(
        [str(name) for name in rows["comment_id"][starts[:-1]]],
        [str(word) for word in rows["word"][firsts]],
        starts,
        columns,
        rows["occurrence_count"].astype(np.int64),
        rows["comment_count"][firsts].astype(np.int64),
    )


def fit_topics(texts: Corpus, k: int | None, former: NDArray[np.int64] | None = None) -> Fit:
    """Return `k` topics of the corpus, or as many as `choose_k` says.

    With `former` weights, words × `k` topics, it starts from the topics they give and stays near them.
    """
    vectors = compute_word_vectors(texts)
    points = compute_comment_vectors(texts, vectors)
    start = None if former is None else assign_topics(texts, former)
    centres, clusters = cluster_points(points, k or choose_k(points), start)
    weights = _compute_weights(texts, vectors, centres)
    if former is not None:
        known = former.any(axis=1)
        mixed = KEPT_WEIGHT * former[known] + (1 - KEPT_WEIGHT) * weights[known]
        weights[known] = np.round(mixed).astype(np.int64)
        _cut_weights(weights, weights * np.sqrt(texts.comment_counts)[:, None] / texts.idf[:, None])
    return Fit(weights, clusters)


def choose_k(points: Numbers) -> int:
    """Return the largest of `TRIED_K` whose clusters suit other points nearly as well as any do.

    Half of the points are clustered; the mean silhouette of the other half, by distances to centres (Rousseeuw
    1987, doi:10.1016/0377-0427(87)90125-7), says how well. On forums it prefers a handful, by which threads hardly
    differ: so it is no less than half the cube root of the comments. `docs/topics.md` has the figures.
    """
    known = np.flatnonzero(points.any(axis=1))
    # By chance: every second comment may be of one thread or subject.
    some = np.random.default_rng(SEED).permutation(known)[:TRIED_POINTS]
    half = len(some) // 2
    fits = {k: _compute_silhouette(points[some[:half]], points[some[half:]], k) for k in TRIED_K}
    best = max(k for k, fit in fits.items() if fit >= NEARLY_BEST * max(fits.values()))
    return max(best, round(float(np.cbrt(len(points))) / 2))


def _compute_silhouette(points: Numbers, others: Numbers, k: int) -> float:
    """Return the mean silhouette of `others` in `k` clusters of `points`."""
    chance = np.random.default_rng(SEED)
    runs = [_settle_centres(points, _choose_starts(points, k, chance), ROUNDS) for _ in range(3)]
    centres = max(runs, key=lambda run: run[2])[0]
    near = 1 - np.sort(others @ centres.T, axis=1)[:, -2:]
    first, second = near[:, 1], near[:, 0]
    return float(np.mean((second - first) / np.maximum(second, 1e-9)))


def compute_scores(texts: Corpus, weights: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return comments × topics: weight × occurrences, summed, as the SQL does it."""
    found = np.empty((len(texts.comment_ids), weights.shape[1]), dtype=np.int64)
    step = 5_000
    for begin in range(0, len(found), step):
        bounds = texts.starts[begin : begin + step + 1]
        part = slice(bounds[0], bounds[-1])
        weighted = weights[texts.columns[part]] * texts.counts[part, None]
        found[begin : begin + step] = np.add.reduceat(weighted, bounds[:-1] - bounds[0])
    return found


def assign_topics(texts: Corpus, weights: NDArray[np.int64]) -> Indices:
    """Return the topic that each comment scores highest for, or -1 if for none."""
    found = compute_scores(texts, weights)
    return np.where(found.any(axis=1), found.argmax(axis=1), -1)


def compute_word_vectors(texts: Corpus) -> Numbers:
    """Return one vector per word, near those of the words it shares comments with."""
    together = _count_pairs(texts)
    sums = np.maximum(together.sum(axis=1, dtype=np.float64), 1e-9)
    row_logs = np.log(sums).astype(np.float32)
    context_logs = np.log(sums / sums.sum()).astype(np.float32)
    with np.errstate(divide="ignore"):
        np.log(together, out=together)
    together -= row_logs[:, None]
    together -= context_logs[None, :]
    np.maximum(together, 0, out=together)
    left, values = _decompose(together, min(DIMENSIONS, len(together) - 1))
    return left * np.sqrt(values)


def _count_pairs(texts: Corpus) -> Numbers:
    """Return the number of comments that contain both words of each pair, as a symmetric matrix."""
    size = len(texts.words)
    rarity = texts.idf
    together = np.zeros(size * size, dtype=np.float32)
    by_length: dict[int, list[Indices]] = {}
    for first, last in zip(texts.starts[:-1], texts.starts[1:], strict=True):
        words = texts.columns[first:last]
        if len(words) > PAIRED_WORDS:
            words = words[np.argsort(-rarity[words], kind="stable")[:PAIRED_WORDS]]
        by_length.setdefault(len(words), []).append(words)
    for length, groups in by_length.items():
        one, other = np.triu_indices(length, 1)
        step = max(1, 2_000_000 // max(1, len(one)))
        for begin in range(0, len(groups), step):
            words = np.sort(np.stack(groups[begin : begin + step]), axis=1)
            np.add.at(together, (words[:, one] * size + words[:, other]).ravel(), np.float32(1))
    square = together.reshape(size, size)
    square += square.T.copy()
    return square


def _decompose(matrix: Numbers, rank: int) -> tuple[Numbers, Numbers]:
    """Return the first left singular vectors of `matrix` and their values."""
    chance = np.random.default_rng(SEED)
    width = min(rank + 10, len(matrix))
    basis = chance.standard_normal((len(matrix), width), dtype=np.float32)
    basis = np.linalg.qr(matrix @ basis)[0]
    for _ in range(4):
        basis = np.linalg.qr(matrix.T @ basis)[0]
        basis = np.linalg.qr(matrix @ basis)[0]
    left, values, _ = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    return (basis @ left)[:, :rank], values[:rank]


def compute_comment_vectors(texts: Corpus, vectors: Numbers) -> Numbers:
    """Return one vector of length 1 per comment; zeros if its words have none."""
    weights = ((1 + np.log(texts.counts)) * texts.idf[texts.columns]).astype(np.float32)
    points = np.empty((len(texts.comment_ids), vectors.shape[1]), dtype=np.float32)
    step = 5_000
    for begin in range(0, len(points), step):
        bounds = texts.starts[begin : begin + step + 1]
        part = slice(bounds[0], bounds[-1])
        weighted = vectors[texts.columns[part]] * weights[part, None]
        points[begin : begin + step] = np.add.reduceat(weighted, bounds[:-1] - bounds[0])
    return _scale_to_unit(points)


def _scale_to_unit(rows: Numbers) -> Numbers:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Numbers = rows / np.maximum(lengths, 1e-9)
    return unit


def cluster_points(points: Numbers, k: int, start: Indices | None) -> tuple[Numbers, Indices]:
    """Return the centres of `k` clusters of `points`, and the cluster of each point."""
    chance = np.random.default_rng(SEED)
    if start is not None:
        first = np.stack([points[start == topic].sum(axis=0) for topic in range(k)])
        empty = ~first.any(axis=1)
        first[empty] = points[chance.choice(len(points), int(empty.sum()), replace=False)]
        # Iterating further would move comments that no new comment affects.
        centres = _scale_to_unit(first)
        return centres, (points @ centres.T).argmax(axis=1)
    # Choosing the start needs no more points than this.
    some = points[:: -(-len(points) // TRIED_POINTS)]
    runs = [_settle_centres(some, _choose_starts(some, k, chance), ROUNDS) for _ in range(RESTARTS)]
    closest = max(runs, key=lambda run: run[2])
    return _settle_centres(points, closest[0], ROUNDS)[:2]


ROUNDS, RESTARTS, TRIED_POINTS = 40, 10, 20_000
KEPT_WEIGHT = 0.9
"""Share of a word's old weight that a warm refit keeps, so that topics move slowly. `docs/topics.md` has the cost."""


def _choose_starts(points: Numbers, k: int, chance: np.random.Generator) -> Numbers:
    """Return `k` of the points, far from each other (k-means++)."""
    chosen = [int(chance.integers(len(points)))]
    far = 1 - points @ points[chosen[0]]
    for _ in range(k - 1):
        odds = np.maximum(far, 0).astype(np.float64)
        # Of four candidates, take the one that leaves the other points nearest, as k-means++ usually does.
        tried = chance.choice(len(points), 4, p=odds / odds.sum())
        left = np.minimum(far[:, None], 1 - points @ points[tried].T)
        best = int(left.sum(axis=0).argmin())
        chosen.append(int(tried[best]))
        far = left[:, best]
    return points[chosen]


def _settle_centres(
    points: Numbers, centres: Numbers, rounds: int
) -> tuple[Numbers, Indices, float]:
    """Return the centres once no point changes its cluster, the cluster of each point, and the sum of cosines."""
    nearest = np.full(len(points), -1)
    close = np.zeros(len(points), dtype=np.float32)
    for _ in range(rounds):
        cosines = points @ centres.T
        found = cosines.argmax(axis=1)
        close = cosines[np.arange(len(points)), found]
        if (found == nearest).all():
            break
        nearest = found
        order = np.argsort(nearest, kind="stable")
        filled, firsts = np.unique(nearest[order], return_index=True)
        sums = np.add.reduceat(points[order], firsts)
        centres = centres.copy()
        centres[filled] = _scale_to_unit(sums)
    return centres, nearest, float(close.sum())


def _compute_weights(texts: Corpus, vectors: Numbers, centres: Numbers) -> NDArray[np.int64]:
    """Return words × topics: the weight of each word for each topic, in thousandths."""
    cosines = (vectors @ centres.T).astype(np.float64)
    cosines -= cosines.mean(axis=1, keepdims=True)
    telling = np.round(cosines * np.sqrt(texts.comment_counts)[:, None], 4)
    weights = np.round(1_000 * cosines * texts.idf[:, None]).astype(np.int64)
    np.maximum(weights, 0, out=weights)
    _cut_weights(weights, telling)
    return weights


def _cut_weights(weights: NDArray[np.int64], telling: NDArray[np.float64]) -> None:
    """Set the weights of all but each topic's `TERMS_PER_TOPIC` most telling words to 0."""
    for topic in range(weights.shape[1]):
        order = np.argsort(-telling[:, topic], kind="stable")
        weights[order[TERMS_PER_TOPIC:], topic] = 0
