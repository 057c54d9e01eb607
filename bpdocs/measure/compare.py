"""Two values, entry by entry: equal, different, or nothing to compare."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpdocs.measure import values as v
from bpdocs.measure.values import Mismatch, Value

TOLERANCE = 1e-9
NOISE = 1e-13


@dataclass(frozen=True)
class Difference:
    """The outcome at one point: the largest relative error, the worst entry, and whether anything was there to compare."""

    error: float
    left: float
    right: float
    entry: str
    finite: bool
    vanishes: bool


def compare(left: Value, right: Value, scale: float, sizes: dict[int, str]) -> Difference:
    """Return how two values differ; `scale` is the size of what is added up in them, for judging noise around zero."""
    if left.rank != right.rank:
        zero = right if left.rank else left
        if not (zero.rank == 0 and not zero.axes and float(np.real(zero.data)) == 0.0):
            raise Mismatch(f"left is {v.described(left.shape, sizes)}, right is {v.described(right.shape, sizes)}")
    elif left.shape != right.shape and not v.stretches(left, right):
        raise Mismatch(f"left is {v.described(left.shape, sizes)}, right is {v.described(right.shape, sizes)}")
    axes = v.union(left, right)
    rank = max(left.rank, right.rank)
    a, b = np.broadcast_arrays(np.real(v.spread(left, axes, rank)), np.real(v.spread(right, axes, rank)))
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        bad = np.argwhere(~(np.isfinite(a) & np.isfinite(b)))[0]
        return Difference(np.inf, float(a[tuple(bad)]), float(b[tuple(bad)]), _entry(axes, bad), False, False)
    size = np.maximum(np.abs(a), np.abs(b))
    gap = np.abs(a - b)
    noise = NOISE * scale
    error = np.where(gap <= noise * (size < 1e-6 * scale), 0.0, gap / np.where(size > 0, size, 1.0))
    worst = np.unravel_index(int(np.argmax(error)), error.shape) if error.ndim else ()
    vanishes = bool((size <= noise).all())
    return Difference(float(error[worst]), float(a[worst]), float(b[worst]), _entry(axes, worst), True, vanishes)


def _entry(axes: tuple[str, ...], place: object) -> str:
    numbers = [int(i) + 1 for i in place]  # type: ignore[attr-defined]
    named = [f"{axis.rstrip('~')} = {number}" for axis, number in zip(axes, numbers, strict=False)]
    rest = numbers[len(axes) :]
    return ", ".join(named + ([f"entry {','.join(map(str, rest))}"] if rest else []))
