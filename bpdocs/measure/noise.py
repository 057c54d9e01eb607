"""How large the rounding errors of a value are: the formula evaluated once more, each intermediate result shaken by a few units in its last place."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from bpdocs.measure.jets import Jet
from bpdocs.measure.values import Value

SHAKE = 2e-15
EXACT = 2.0**20  # counts, indices and printed whole numbers up to here carry no rounding error
_TABLE = 1 << 14


@cache
def _table(seed: int) -> Any:
    random = np.random.default_rng([seed, 5])
    return random.uniform(0.5 * SHAKE, SHAKE, _TABLE) * random.choice([-1.0, 1.0], _TABLE)


class Shaker:
    """Random relative changes of at most SHAKE, the same ones in every run."""

    def __init__(self, seed: int) -> None:
        """Take the table of that seed, which all changes come from."""
        self.table = _table(seed)
        self.at = 0

    def value(self, value: Value) -> Value:
        """Return a value with every number in it shaken."""
        return Value(self.data(value.data, value.exact), value.axes, value.rank, value.loose, value.exact)

    def data(self, data: Any, exact: bool = False) -> Any:
        """Return numbers shaken; whole ones that are exact stay."""
        if isinstance(data, Jet):
            return Jet(self.data(data.value, exact), self.data(data.slope, exact), data.tag)
        data = np.asarray(data)
        if data.dtype.kind not in "fc":
            return data
        size = data.size * (2 if data.dtype.kind == "c" else 1)
        if self.at + size > _TABLE:
            self.at = (self.at * 7919) % 61
        changes = self.table[self.at : self.at + size] if size <= _TABLE else np.resize(self.table, size)
        self.at += size
        flat = np.ravel(data).view(float)
        shaken = flat * (1.0 + changes)
        if exact:
            shaken = np.where((np.rint(flat) == flat) & (np.abs(flat) <= EXACT), flat, shaken)
        return shaken.view(data.dtype).reshape(data.shape)
