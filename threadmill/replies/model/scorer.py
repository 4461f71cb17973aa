"""The scorer: two small nets, one for "answers that comment", one for "is top level".

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
"""Rows of one matrix product; it bounds memory."""
GRID = 2.0**17
"""Columns and weights are taken in whole 1/GRID. So products of them add without rounding: a row gets the same
bits wherever it stands and on any machine, which no algebra library promises. Sums stay far below 2^53."""
STEPS = 1024.0
"""Scores are rounded to 1/1024, far below what they are worth."""


class Net(NamedTuple):
    """One net over normalised columns: `relu(x @ hidden + bias) @ out + x @ linear + shift`."""

    mean: Matrix
    spread: Matrix
    hidden: Matrix
    bias: Matrix
    out: Matrix
    linear: Matrix
    shift: float

    def folded(self, drop: list[int] | None = None) -> "Net":
        """Return the same net over plain columns; those in `drop` are taken to be at their mean."""
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

    def joint(self) -> Matrix:
        """Return the weights of the units and, as the last of them, those of the linear layer."""
        return np.concatenate([self.hidden, self.linear[:, None]], axis=1)


class Weights(NamedTuple):
    """Both nets, the rarity of terms, and the card that says what they come from."""

    pair: Net
    top: Net
    rarity: NDArray[np.uint8]
    card: dict[str, Any]


def joined(nets: list[Net]) -> Net:
    """Return one net whose output is the mean of `nets`, which have the same columns' scale."""
    share = np.float32(1 / len(nets))
    return Net(
        nets[0].mean, nets[0].spread, np.concatenate([n.hidden for n in nets], axis=1),
        np.concatenate([n.bias for n in nets]), np.concatenate([n.out * share for n in nets]),
        np.sum([n.linear * share for n in nets], axis=0), float(sum(n.shift for n in nets) / len(nets)),
    )  # fmt: skip


def pair_scores(net: Net, seen: Batch, rows: NDArray[np.int64] | None = None) -> Floats:
    """Return the score of every pair, or of those in `rows`. `net` is folded."""
    own, n = seen.pair.shape[1], seen.comment.shape[1]
    later, earlier = seen.pairs.later, seen.pairs.earlier
    values, about = seen.pair, seen.comment
    if rows is not None:
        both = np.concatenate([later[rows], earlier[rows]])
        used, places = np.unique(both, return_inverse=True)
        (later, earlier), values, about = np.split(places, 2), values[rows], about[used]
    weights = net.joint()
    left = _product(about, weights[own : own + n])
    right = _product(about, weights[own + n :])
    scores = np.empty(len(values))
    for first in range(0, len(values), BLOCK):
        i, j = later[first : first + BLOCK], earlier[first : first + BLOCK]
        units = _product(values[first : first + BLOCK], weights[:own])
        units += left[i]
        units += right[j]
        scores[first : first + len(i)] = _output(net, units)
    return np.round((scores + net.shift) * STEPS) / STEPS


def top_scores(net: Net, seen: Batch, rows: NDArray[np.int64] | None = None) -> Floats:
    """Return the score of "is top level" of every comment, or of those in `rows`."""
    values = seen.top if rows is None else seen.top[rows]
    scores = _output(net, _product(values, net.joint())) + net.shift
    return np.round(scores * STEPS) / STEPS


def _output(net: Net, units: Matrix) -> Floats:
    """Return what follows from the sums of `Net.joint`, each row summed alone, so with the same bits in any company."""
    rectified = units[:, :-1] + net.bias
    np.maximum(rectified, 0, out=rectified)
    rectified *= net.out
    total: Floats = rectified.sum(axis=1).astype(np.float64) + units[:, -1]
    return total


def _product(values: Matrix, weights: Matrix) -> Matrix:
    out = np.empty((len(values), weights.shape[1]), dtype=np.float32)
    whole = np.rint(weights.astype(np.float64) * GRID)
    for first in range(0, len(values), BLOCK):
        some = np.rint(values[first : first + BLOCK].astype(np.float64) * GRID)
        out[first : first + BLOCK] = some @ whole / GRID**2
    return out


def save(weights: Weights, folder: Path = FOLDER) -> None:
    """Write `weights.npz` and `weights.json`; the same weights give the same bytes."""
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
        ValueError: they aren't the ones their card names.
    """
    held = (folder / "weights.npz").read_bytes()
    card = json.loads((folder / "weights.json").read_text(encoding="utf-8"))
    if hashlib.sha256(held).hexdigest() != card["sha256"]:
        raise ValueError(
            f"{folder / 'weights.npz'}: not the file that weights.json names by sha256"
        )
    with np.load(io.BytesIO(held)) as arrays:
        nets = [_net(arrays, label) for label in ("pair", "top")]
        return Weights(nets[0], nets[1], arrays["rarity"], card)


def _net(arrays: Mapping[str, Any], label: str) -> Net:
    mean, spread, hidden, bias, out, linear, shift = (arrays[f"{label}_{n}"] for n in Net._fields)
    return Net(mean, spread, hidden, bias, out, linear, float(shift))
