"""How large the rounding errors of a value are: the formula evaluated once more, each intermediate result shaken by a few units in its last place."""

from __future__ import annotations

from typing import Any

import numpy as np

from bpdocs.measure.jets import Jet
from bpdocs.measure.values import Value

SHAKE = 2e-15
EXACT = 2.0**20  # whole numbers up to here are counts, indices and small constants: they carry no rounding error
_TABLE = 1 << 14


class Shaker:
    """Random relative changes of at most SHAKE, the same ones in every run."""

    def __init__(self, seed: int) -> None:
        """Fill the table that all changes are taken from."""
        self.table = np.random.default_rng([seed, 5]).uniform(-SHAKE, SHAKE, _TABLE)
        self.at = 0

    def value(self, value: Value) -> Value:
        """Return a value with every number in it shaken."""
        return Value(self._data(value.data), value.axes, value.rank, value.loose)

    def _data(self, data: Any) -> Any:
        if isinstance(data, Jet):
            return Jet(self._data(data.value), self._data(data.slope), data.tag)
        if np.asarray(data).dtype.kind not in "fc":
            return data
        if np.iscomplexobj(data):
            return self._real(np.real(data)) + 1j * self._real(np.imag(data))
        return self._real(data)

    def _real(self, data: Any) -> Any:
        size = np.size(data)
        if self.at + size > _TABLE:
            self.at = (self.at * 7919) % 61
        changes = self.table[self.at : self.at + size] if size <= _TABLE else np.resize(self.table, size)
        self.at += size
        with np.errstate(all="ignore"):
            exact = (np.rint(data) == data) & (np.abs(data) <= EXACT)
            return np.where(exact, data, data * (1.0 + changes.reshape(np.shape(data))))
