"""How large the rounding errors of a value are: the formula evaluated once more, each intermediate result shaken by a few units in its last place."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpdocs.measure.jets import Jet
from bpdocs.measure.values import Value
from bpdocs.notation import expr as e

SHAKE = 2e-15
_UNROUNDED = (e.Num, e.Letter, e.Size, e.Neg, e.Transpose, e.Pick, e.Show, e.Compare, e.Cases, e.Either)  # what only passes numbers on
_COUNTING = (e.Num, e.Letter, e.Size, e.Neg, e.Add, e.Mul, e.Pow, e.Bind, e.Compare, e.Cases)
_CHOOSING = frozenset({"kronecker", "ones", "zeros", "max", "min", "abs", "sign", "heaviside", "ReLU", "diag"})
_TABLE = 1 << 14


class Shaker:
    """Random relative changes of at most SHAKE, the same ones in every run."""

    def __init__(self, seed: int) -> None:
        """Fill the table that all changes are taken from."""
        random = np.random.default_rng([seed, 5])
        self.table = random.uniform(0.5 * SHAKE, SHAKE, _TABLE) * random.choice([-1.0, 1.0], _TABLE)
        self.at = 0
        self._known: dict[int, tuple[e.Expr, bool]] = {}

    def value(self, x: e.Expr, value: Value) -> Value:
        """Return the value of an expression with every number in it shaken, unless it cannot have been rounded."""
        if self._unrounded(x):
            return value
        given = isinstance(x, e.Ref)  # a whole number among the inputs is meant as such: a label, a place
        return Value(self._data(value.data, given), value.axes, value.rank, value.loose)

    def _unrounded(self, x: e.Expr) -> bool:
        """Return whether an expression passes on the numbers below it as they are, or counts (indices, widths, small constants)."""
        if isinstance(x, _UNROUNDED) or _chooses(x):
            return True
        if id(x) not in self._known:
            parts = e.walk(x)
            counts = all(isinstance(part, _COUNTING) or _chooses(part) for part in parts) and all(part.value == int(part.value) for part in parts if isinstance(part, e.Num))
            self._known[id(x)] = x, counts
        return self._known[id(x)][1]

    def _data(self, data: Any, given: bool) -> Any:
        if isinstance(data, Jet):
            return Jet(self._data(data.value, given), self._data(data.slope, given), data.tag)
        data = np.asarray(data)
        if data.dtype.kind not in "fc":
            return data
        size = data.size * (2 if data.dtype.kind == "c" else 1)
        if self.at + size > _TABLE:
            self.at = (self.at * 7919) % 61
        changes = self.table[self.at : self.at + size] if size <= _TABLE else np.resize(self.table, size)
        self.at += size
        flat = np.ravel(data).view(float)
        changes = np.where(np.rint(flat) == flat, 0.0, changes) if given else changes
        return (flat * (1.0 + changes)).view(data.dtype).reshape(data.shape)


def _chooses(x: e.Expr) -> bool:
    return isinstance(x, e.Call) and x.name in _CHOOSING
