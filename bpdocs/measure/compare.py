"""Two values, entry by entry: the same, different, or drowned in rounding noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpdocs.measure import values as v
from bpdocs.measure.jets import STEP
from bpdocs.measure.values import Mismatch, Value

MARGIN = 4.0  # times the noise that was seen once
CLEAR = 8.0  # times that again: a difference beyond it is one
RESOLVED = 1e-7  # the noise must be this small against an entry
STILL = 1e-7  # and this small, absolutely or against the largest entry, where both sides vanish
MORE = 8
PLAIN = 1e-9  # below it, one sample of the noise may have met the same rounding by accident
_ULP = float(np.finfo(float).eps)
_UNDERFLOW = float(np.finfo(float).tiny) / STEP  # what a step this small cannot carry

Pair = tuple[Value, Value]


@dataclass(frozen=True)
class Difference:
    """The outcome at one point, of the worst entry: `found` is "same", "different", "noise", "not real" or "empty"."""

    found: str
    error: float
    left: float
    right: float
    entry: str
    noise: float
    vanishes: bool


def compare(left: Value, right: Value, shaken: Callable[[int], Pair], sizes: dict[int, str], *, calm: bool = False) -> Difference:
    """Return how two values differ; `shaken(turn)` evaluates both sides anew with their intermediate results shaken.

    If the noise was small at other points already (`calm`), what agrees to the last digits of each entry needs no look at it.
    """
    if left.rank != right.rank:
        zero = right if left.rank else left
        if not (zero.rank == 0 and not zero.axes and float(np.real(zero.data)) == 0.0):
            raise Mismatch(f"left is {v.described(left.shape, sizes)}, right is {v.described(right.shape, sizes)}")
    elif left.shape != right.shape and not v.stretches(left, right):
        raise Mismatch(f"left is {v.described(left.shape, sizes)}, right is {v.described(right.shape, sizes)}")
    axes, rank = v.union(left, right), max(left.rank, right.rank)
    a, b = np.broadcast_arrays(*_aligned((left, right), axes, rank))
    if not a.size:
        return Difference("empty", 0.0, 0.0, 0.0, "", 0.0, True)
    real = np.isfinite(a) & np.isfinite(b)
    if not real.all():
        place = tuple(np.argwhere(~real)[0])
        return Difference("not real", np.inf, float(a[place]), float(b[place]), _entry(axes, place), 0.0, False)
    noise = np.zeros(a.shape)
    if calm and (plain := _state(a, b, noise)).same.all() and not plain.zero.any():
        return plain.difference(a, b, axes)
    for turn in range(1 + MORE):
        noise = np.maximum(noise, _noise((a, b), _aligned(shaken(turn), axes, rank)))
        state = _state(a, b, noise)
        if state.doubtless:
            break
    return state.difference(a, b, axes)


def _aligned(pair: Pair, axes: tuple[str, ...], rank: int) -> tuple[Any, Any]:
    return np.real(v.spread(pair[0], axes, rank)), np.real(v.spread(pair[1], axes, rank))


def _noise(base: tuple[Any, Any], shaken: tuple[Any, Any]) -> Any:
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.abs(base[0] - shaken[0]) + np.abs(base[1] - shaken[1]), nan=np.inf)


@dataclass(frozen=True)
class _State:
    gap: Any
    size: Any
    limit: Any
    same: Any
    zero: Any
    resolved: Any

    @property
    def doubtless(self) -> bool:
        """Whether more samples of the noise could not change the outcome."""
        return bool((self.same & self.resolved).all() or (self.gap > np.maximum(1e6 * self.limit, PLAIN)).any())

    def difference(self, a: Any, b: Any, axes: tuple[str, ...]) -> Difference:
        """Return the worst entry and what it says."""
        error = self.gap / np.where(self.zero, np.maximum(1.0, self.size), np.where(self.size > 0, self.size, 1.0))
        different = self.gap > CLEAR * self.limit
        unclear = ~self.same | ~self.resolved
        for found, where in (("different", different), ("noise", unclear), ("same", np.ones_like(unclear))):
            if where.any():
                place = np.unravel_index(int(np.argmax(np.where(where, error, -1.0))), error.shape)
                return Difference(found, float(error[place]), float(a[place]), float(b[place]), _entry(axes, place), float(self.limit[place]), bool(self.zero.all()))
        raise AssertionError("there is nothing to compare")


def _state(a: Any, b: Any, noise: Any) -> _State:
    size, gap = np.maximum(np.abs(a), np.abs(b)), np.abs(a - b)
    limit = MARGIN * noise + 8 * _ULP * size + _UNDERFLOW
    zero = size <= MARGIN * noise + _UNDERFLOW
    still = limit <= STILL * max(1.0, float(size.max(initial=0.0)))
    return _State(gap, size, limit, gap <= limit, zero, np.where(zero, still, limit <= RESOLVED * size))


def _entry(axes: tuple[str, ...], place: Any) -> str:
    numbers = [int(i) + 1 for i in place]
    named = [f"{axis.rstrip('~')} = {number}" for axis, number in zip(axes, numbers, strict=False)]
    rest = numbers[len(axes) :]
    return ", ".join(named + ([f"entry {','.join(map(str, rest))}"] if rest else []))
