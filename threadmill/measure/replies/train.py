"""Train the scorer: `python -m threadmill.measure.replies.train [--figures] PATH…` writes weights.npz and weights.json.

Maximum likelihood of the pre-order tree: the gradient of log Z by a link's score is the link's
probability (`tree.compute_marginals`), that of the tree's own score is 1 on its links. Where a platform hides the links
(two levels), all trees that its blocks allow are summed. Sources are weighted by the inverse root of their
size, so that no platform dominates, and none has an intercept of its own. Each net learns from some of the
platforms only, so that their average is less sure on a new one (bagging: Breiman 1996). Everything is seeded, in
numpy, and gives the same bytes from the same files on one BLAS thread.
"""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from threadmill.measure.replies.evaluate import evaluate
from threadmill.measure.replies.examples import Example, get_platform, make_examples, sample
from threadmill.measure.replies.figures import ASKED, collect_figures, format_tables, measure_pages
from threadmill.measure.replies.labelled import Source, read
from threadmill.replies.model import columns, decode, scorer
from threadmill.replies.model.features import Batch
from threadmill.replies.model.terms import measure_rarity

Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]

STEP = 60.0
"""Divide the slopes of a step by this, however many comments it has: long threads say more than short ones."""
WEIGHED = 3_000
"""Compare worths of a right reply on about this many comments of a source."""


class Settings(NamedTuple):
    """The hyperparameters of a training run."""

    seeds: int = 4
    units: int = 16
    epochs: int = 10
    rate: float = 4e-3
    decay: float = 5e-3
    drop: float = 0.1
    host_share: float = 0.3
    like_share: float = 0.7
    pieces: int = 24
    platform_share: float = 0.7


class _Net:
    """One kind of net in training: parameters of all seeds, and Adam's moments (Kingma & Ba 2015)."""

    def __init__(self, columns: int, settings: Settings) -> None:
        self.values: list[dict[str, Matrix]] = []
        for seed in range(settings.seeds):
            chance = np.random.default_rng([seed, columns])
            units = settings.units
            self.values.append({
                "hidden": (chance.normal(size=(columns, units)) / np.sqrt(columns) * 0.7).astype("f4"),
                "bias": np.zeros(units, "f4"),
                "out": (chance.normal(size=units) / np.sqrt(units) * 0.3).astype("f4"),
                "linear": np.zeros(columns, "f4"),
                "shift": np.zeros(1, "f4"),
            })  # fmt: skip
        self.first = [{k: np.zeros_like(v) for k, v in net.items()} for net in self.values]
        self.second = [{k: np.zeros_like(v) for k, v in net.items()} for net in self.values]

    def compute_scores(self, x: list[Matrix]) -> tuple[Matrix, list[Matrix]]:
        units = [
            np.maximum(a @ p["hidden"] + p["bias"], 0) for a, p in zip(x, self.values, strict=True)
        ]
        scores = [
            h @ p["out"] + a @ p["linear"] + p["shift"][0]
            for a, h, p in zip(x, units, self.values, strict=True)
        ]
        return np.stack(scores, axis=1), units

    def step(
        self,
        x: list[Matrix],
        units: list[Matrix],
        slope: Matrix,
        rate: float,
        count: int,
        settings: Settings,
    ) -> None:
        for k, (a, h, p) in enumerate(zip(x, units, self.values, strict=True)):
            g = slope[:, k]
            back = (g[:, None] * p["out"]) * (h > 0)
            slopes = {
                "hidden": a.T @ back, "bias": back.sum(axis=0), "out": h.T @ g,
                "linear": a.T @ g, "shift": np.array([g.sum()], "f4"),
            }  # fmt: skip
            for name, value in slopes.items():
                m, v = self.first[k], self.second[k]
                m[name] = 0.9 * m[name] + 0.1 * value
                v[name] = 0.99 * v[name] + 0.01 * value * value
                size = np.sqrt(v[name] / (1 - 0.99**count)) + 1e-7
                decay = settings.decay * p[name] if name in ("hidden", "out", "linear") else 0.0
                p[name] -= (rate * (m[name] / (1 - 0.9**count) / size + decay)).astype("f4")

    def average(self, mean: Matrix, spread: Matrix) -> scorer.Net:
        return scorer.average_nets([
            scorer.Net(mean, spread, p["hidden"], p["bias"], p["out"], p["linear"], float(p["shift"][0]))
            for p in self.values
        ])  # fmt: skip


def fit(
    learned: list[Example], rarity: NDArray[np.uint8], settings: Settings | None = None
) -> scorer.Weights:
    """Return the weights that make the trees of `learned` most likely. The card is left empty."""
    settings = settings or Settings()
    weights = _weigh_sources(learned, settings)
    scales = _compute_scales(learned)
    pair_net = _Net(len(scales[0]), settings)
    top_net = _Net(len(scales[2]), settings)
    pieces = [(e, *piece) for e in range(len(learned)) for piece in learned[e].pieces]
    chance = np.random.default_rng(0)
    steps = settings.epochs * -(-len(pieces) // settings.pieces)
    count = 0
    for _ in range(settings.epochs):
        order = chance.permutation(len(pieces))
        for first in range(0, len(order), settings.pieces):
            some = [pieces[k] for k in order[first : first + settings.pieces]]
            part = _Part(learned, some, weights)
            count += 1
            rate = settings.rate * (1 - count / steps) + 1e-5
            a = _drop_columns((part.pair - scales[0]) / scales[1], settings, chance)
            b = _drop_columns((part.top - scales[2]) / scales[3], settings, chance)
            pair, pair_units = pair_net.compute_scores(a)
            top, top_units = top_net.compute_scores(b)
            pair_slope, top_slope = part.compute_slopes(pair.astype(float), top.astype(float))
            pair_net.step(a, pair_units, pair_slope, rate, count, settings)
            top_net.step(b, top_units, top_slope, rate, count, settings)
    return scorer.Weights(pair_net.average(*scales[:2]), top_net.average(*scales[2:]), rarity, {})


def _weigh_sources(learned: list[Example], settings: Settings) -> NDArray[np.float64]:
    """Return the weight of each source for each net, `[source, seed]`: 0 on platforms that it doesn't learn from.

    Platforms are dealt like cards, so that all are left out about as often.
    """
    platforms = sorted({example.platform for example in learned})
    count = max(1, round(settings.platform_share * len(platforms)))
    chance = np.random.default_rng(5)
    out = np.zeros((len(learned), settings.seeds))
    deck: list[str] = []
    for seed in range(settings.seeds):
        dealt: set[str] = set()
        while len(dealt) < count:
            if not any(one not in dealt for one in deck):
                deck += chance.permutation(platforms).tolist()
            dealt.add(deck.pop(next(k for k, one in enumerate(deck) if one not in dealt)))
        out[:, seed] = [example.weight * (example.platform in dealt) for example in learned]
    return out


def _drop_columns(x: Matrix, settings: Settings, chance: np.random.Generator) -> list[Matrix]:
    keep = chance.random((settings.seeds, x.shape[1])) > settings.drop
    return [x * k.astype("f4") for k in keep]


def _compute_scales(learned: list[Example]) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Return mean and spread of the columns of both nets."""
    pair = np.concatenate(
        [_stack_pair_columns(e.seen, np.arange(len(e.seen.pairs))) for e in learned]
    )
    top = np.concatenate([e.seen.top for e in learned])
    about, between, above = learned[0].seen.columns
    names = (*between, *(f"later:{n}" for n in about), *(f"earlier:{n}" for n in about))
    return (*_compute_scale(pair, names), *_compute_scale(top, above))


def _compute_scale(values: Matrix, names: tuple[str, ...]) -> tuple[Matrix, Matrix]:
    mean, spread = values.mean(axis=0, dtype="f8"), values.std(axis=0, dtype="f8") + 0.05
    mean[[name.startswith(columns.LIKED) for name in names]] = 0
    return mean.astype("f4"), spread.astype("f4")


def _stack_pair_columns(seen: Batch, rows: Ints) -> Matrix:
    later, earlier = seen.pairs.later[rows], seen.pairs.earlier[rows]
    return np.concatenate([seen.pair[rows], seen.comment[later], seen.comment[earlier]], axis=1)


class _Part:
    """Some pieces, joined for one step of training."""

    def __init__(
        self,
        learned: list[Example],
        pieces: list[tuple[int, int, int]],
        weights: NDArray[np.float64],
    ) -> None:
        pair, top, later, lag, sizes = [], [], [], [], []
        pair_gold, top_gold = [], []
        base = 0
        for e, first, end in pieces:
            example = learned[e]
            pairs = example.seen.pairs
            rows = np.arange(pairs.start[first], pairs.start[end])
            rows = rows[pairs.earlier[rows] >= first]
            pair.append(_stack_pair_columns(example.seen, rows))
            top.append(example.seen.top[first:end])
            later.append(pairs.later[rows] - first + base)
            lag.append(pairs.lag[rows])
            sizes.append(end - first)
            pair_gold.append(example.pair_gold[rows])
            top_gold.append(example.top_gold[first:end])
            base += end - first
        self.pair, self.top = np.concatenate(pair), np.concatenate(top)
        self.pair_gold, self.top_gold = np.concatenate(pair_gold), np.concatenate(top_gold)
        count = np.array(sizes)
        thread = np.repeat(np.arange(len(count)), count)
        position = np.arange(base) - (np.cumsum(count) - count)[thread]
        self.layout = decode.Layout(
            thread, position, count, np.concatenate(later), np.concatenate(lag)
        )
        self.weight = weights[[e for e, *_ in pieces]]

    def compute_slopes(
        self, pair: NDArray[np.float64], top: NDArray[np.float64]
    ) -> tuple[Matrix, Matrix]:
        """Return the gradient of the negative log likelihood by the scores `[row, seed]`."""
        free, held = (
            decode.compute_posterior(self.layout, pair, top),
            self.compute_true_posterior(pair, top),
        )
        weight = self.weight[self.layout.thread] / STEP
        return (
            ((free.pair - held.pair) * weight[self.layout.later]).astype("f4"),
            ((free.top - held.top) * weight).astype("f4"),
        )

    def compute_true_posterior(
        self, pair: NDArray[np.float64], top: NDArray[np.float64]
    ) -> decode.Posterior:
        """Return the posterior over the trees that the true links allow."""
        thread, later = self.layout.thread, self.layout.later
        choices = np.bincount(later[self.pair_gold], minlength=len(thread)) + self.top_gold
        vague = np.bincount(thread, choices != 1, minlength=len(self.weight)) > 0
        by_pair = np.where(self.pair_gold[:, None], 1.0, 0.0) * np.ones(pair.shape[1])
        by_top = np.where(self.top_gold[:, None], 1.0, 0.0) * np.ones(top.shape[1])
        log_z = np.zeros((len(vague), top.shape[1]))
        np.add.at(log_z, thread, np.where(self.top_gold[:, None], top, 0.0))
        np.add.at(log_z, thread[later], np.where(self.pair_gold[:, None], pair, 0.0))
        if not vague.any():
            return decode.Posterior(by_pair, by_top, log_z)
        rows, links = vague[thread], vague[thread[later]]
        slot = np.cumsum(vague) - 1
        place = np.cumsum(rows) - 1
        part = decode.Layout(
            slot[thread[rows]], self.layout.position[rows], self.layout.sizes[vague],
            place[later[links]], self.layout.lag[links],
        )  # fmt: skip
        found = decode.compute_posterior(
            part,
            np.where(self.pair_gold[links][:, None], pair[links], -np.inf),
            np.where(self.top_gold[rows][:, None], top[rows], -np.inf),
        )
        by_pair[links], by_top[rows], log_z[vague] = found
        return decode.Posterior(by_pair, by_top, log_z)


def train(sources: list[Source], settings: Settings | None = None) -> scorer.Weights:
    """Return weights learned from `sources`, with the card that names them."""
    settings = settings or Settings()
    texts = pl.concat([source.comments["text"].str.to_lowercase() for source in sources])
    rarity = measure_rarity(texts)
    learned = make_examples(sources, rarity, settings.host_share, settings.like_share)
    weights = fit(learned, rarity, settings)
    about, between, above = learned[0].seen.columns
    card = {
        "command": "python -m threadmill.measure.replies.train --figures PATH…",
        "sources": [
            {
                "name": source.name, "threads": source.comments["thread_id"].n_unique(),
                "comments": source.comments.height,
            }
            for source in sources
        ],
        "settings": settings._asdict(),
        "columns": {"comment": list(about), "pair": list(between), "top": list(above)},
    }  # fmt: skip
    return weights._replace(card=card)


def measure_left_out(paths: list[str]) -> dict[str, Any]:
    """Return the figures of the card: for each source, measured with weights trained without its platform.

    See `get_platform`.
    """
    sources = [read(Path(path)) for path in paths]
    rarity = measure_rarity(pl.concat([s.comments["text"].str.to_lowercase() for s in sources]))
    settings = Settings()
    mixed = [read(Path(path), order="mixed") for path in paths]
    learned = dict(
        zip(
            (s.name for s in sources),
            make_examples(mixed, rarity, settings.host_share, settings.like_share),
            strict=True,
        )
    )
    found: dict[str, Any] = {name: {} for name in ASKED}
    pages: dict[str, Any] = {}
    for platform in sorted({get_platform(name) for name in learned}):
        own = [k for k, s in enumerate(sources) if get_platform(s.name) == platform]
        rest = [e for name, e in learned.items() if get_platform(name) != platform]
        weights = fit(rest, rarity, settings)
        for name, options in ASKED.items():
            # If a source flags no host, results with the host known are the same.
            is_same = "host" in options and not any(
                sources[k].comments["is_host"].any() for k in own
            )
            if is_same:
                found[name] |= {
                    sources[k].name: found["host unknown"][sources[k].name] for k in own
                }
                continue
            judged = evaluate([paths[k] for k in own], weights=weights, **options)
            found[name] |= judged["sources"]
        for k in own:
            top = read(Path(paths[k]), order="top")
            pages[sources[k].name] = measure_pages(
                sample(sources[k], WEIGHED), sample(top, WEIGHED), weights
            )
        sys.stderr.write(f"without {platform}\n")
    return collect_figures(found, pages)


def main(arguments: list[str]) -> int:
    """Train on the files given and write the weights; with `--figures`, also measure every platform left out.

    Prints the figures of the card; without `--figures`, the previous ones.
    """
    paths = sorted((a for a in arguments if not a.startswith("--")), key=lambda a: Path(a).name)
    if not paths or set(arguments) - set(paths) - {"--figures"}:
        sys.stderr.write("usage: python -m threadmill.measure.replies.train [--figures] PATH…\n")
        return 2
    # With several BLAS threads, sums depend on their number.
    with threadpool_limits(1, user_api="blas"):
        weights = train([read(Path(path), order="mixed") for path in paths])
        if "--figures" in arguments:
            figures = measure_left_out(paths)
        else:
            is_there = (scorer.FOLDER / "weights.json").is_file()
            figures = scorer.load().card.get("figures", {}) if is_there else {}
    scorer.save(weights._replace(card=weights.card | {"figures": figures}))
    if figures:
        sys.stdout.write(format_tables(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
