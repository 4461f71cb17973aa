"""Score pairs and comments with two small nets, one for "answers that comment", one for "is top level".

Each is a layer of rectified units beside a linear one; several nets trained from different seeds
are averaged. Weights and their card (`weights.npz`, `weights.json`) ship beside this file.
"""

import hashlib
import io
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from threadmill.replies.model.features import Batch

Matrix = NDArray[np.float32]
Floats = NDArray[np.float64]
FOLDER = Path(__file__).parent
BLOCK = 2048
"""Multiply at most this many rows at once, to bound memory."""
GRID = 2.0**17
"""Columns and weights are rounded to multiples of 1/GRID, so that products add without rounding: a row gets the same
bits at any place and on any machine, which no BLAS library promises. Sums stay far below 2^53."""
STEPS = 1024.0
"""Scores are rounded to 1/1024, far below their accuracy."""


class Net(NamedTuple):
    """One net over normalised columns: `relu(x @ hidden + bias) @ out + x @ linear + shift`."""

    mean: Matrix
    spread: Matrix
    hidden: Matrix
    bias: Matrix
    out: Matrix
    linear: Matrix
    shift: float

    def fold(self, drop: list[int] | None = None) -> "Net":
        """Return the same net over columns that aren't normalised; those in `drop` count as their mean."""
        scale = np.ones(1, dtype=np.float32) / self.spread
        if drop:
            scale[drop] = 0
        hidden = self.hidden * scale[:, None]
        linear = self.linear * scale
        return Net(
            np.zeros_like(self.mean), np.ones_like(self.spread), hidden,
            self.bias - self.mean @ hidden, self.out, linear,
            self.shift - float(self.mean @ linear),
        )  # fmt: skip

    def join_layers(self) -> Matrix:
        """Return the weights of the units, with those of the linear layer as the last column."""
        return np.concatenate([self.hidden, self.linear[:, None]], axis=1)


class Weights(NamedTuple):
    """Both nets, the rarity of terms, and the card that describes their training."""

    pair: Net
    top: Net
    rarity: NDArray[np.uint8]
    card: dict[str, Any]


def average_nets(nets: list[Net]) -> Net:
    """Return one net whose output is the mean of `nets`, whose columns are normalised alike."""
    share = np.float32(1 / len(nets))
    return Net(
        nets[0].mean, nets[0].spread, np.concatenate([n.hidden for n in nets], axis=1),
        np.concatenate([n.bias for n in nets]), np.concatenate([n.out * share for n in nets]),
        np.sum([n.linear * share for n in nets], axis=0), float(sum(n.shift for n in nets) / len(nets)),
    )  # fmt: skip


def score_pairs(net: Net, batch: Batch, rows: NDArray[np.int64] | None = None) -> Floats:
    """Return the score of every pair, or of those in `rows`. `net` is from `Net.fold`."""
    own, n = batch.pair.shape[1], batch.comment.shape[1]
    later, earlier = batch.pairs.later, batch.pairs.earlier
    values, about = batch.pair, batch.comment
    if rows is not None:
        both = np.concatenate([later[rows], earlier[rows]])
        used, places = np.unique(both, return_inverse=True)
        (later, earlier), values, about = np.split(places, 2), values[rows], about[used]
    weights = net.join_layers()
    left = _multiply(about, weights[own : own + n])
    right = _multiply(about, weights[own + n :])
    scores = np.empty(len(values))
    for first in range(0, len(values), BLOCK):
        i, j = later[first : first + BLOCK], earlier[first : first + BLOCK]
        units = _multiply(values[first : first + BLOCK], weights[:own])
        units += left[i]
        units += right[j]
        scores[first : first + len(i)] = _sum_units(net, units)
    return np.round((scores + net.shift) * STEPS) / STEPS


def score_tops(net: Net, batch: Batch, rows: NDArray[np.int64] | None = None) -> Floats:
    """Return the score of "is top level" of every comment, or of those in `rows`."""
    values = batch.top if rows is None else batch.top[rows]
    scores = _sum_units(net, _multiply(values, net.join_layers())) + net.shift
    return np.round(scores * STEPS) / STEPS


def _sum_units(net: Net, units: Matrix) -> Floats:
    """Return the output from the sums of `Net.join_layers`; each row is summed alone: the same bits in any batch."""
    rectified = units[:, :-1] + net.bias
    np.maximum(rectified, 0, out=rectified)
    rectified *= net.out
    total: Floats = rectified.sum(axis=1).astype(np.float64) + units[:, -1]
    return total


def _multiply(values: Matrix, weights: Matrix) -> Matrix:
    out = np.empty((len(values), weights.shape[1]), dtype=np.float32)
    whole = np.rint(weights.astype(np.float64) * GRID)
    for first in range(0, len(values), BLOCK):
        some = np.rint(values[first : first + BLOCK].astype(np.float64) * GRID)
        out[first : first + BLOCK] = some @ whole / GRID**2
    return out


def save(weights: Weights, folder: Path = FOLDER) -> None:
    """Write `weights.npz` and `weights.json` to `folder`; the same weights give the same bytes."""
    arrays: dict[str, Any] = {"rarity": weights.rarity}
    for label, net in (("pair", weights.pair), ("top", weights.top)):
        arrays |= {
            f"{label}_{name}": np.asarray(value, "f4") for name, value in net._asdict().items()
        }
    held = io.BytesIO()
    np.savez_compressed(held, **arrays)
    (folder / "weights.npz").write_bytes(held.getvalue())
    card = weights.card | {"sha256": hashlib.sha256(held.getvalue()).hexdigest()}
    text = json.dumps(card, indent=2, ensure_ascii=False, sort_keys=True)
    (folder / "weights.json").write_text(text + "\n", encoding="utf-8")


@lru_cache(maxsize=2)
def load(folder: Path = FOLDER) -> Weights:
    """Return the weights in `folder`.

    Raises:
        ValueError: they aren't those that the card names.
    """
    held = (folder / "weights.npz").read_bytes()
    card = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    if hashlib.sha256(held).hexdigest() != card["sha256"]:
        raise ValueError(
            f"{folder / 'weights.npz'}: not the file that weights.json names by sha256"
        )
    with np.load(io.BytesIO(held)) as arrays:
        nets = [_load_net(arrays, label) for label in ("pair", "top")]
        return Weights(nets[0], nets[1], arrays["rarity"], card)


def _load_net(arrays: Mapping[str, Any], label: str) -> Net:
    mean, spread, hidden, bias, out, linear, shift = (arrays[f"{label}_{n}"] for n in Net._fields)
    return Net(mean, spread, hidden, bias, out, linear, float(shift))
