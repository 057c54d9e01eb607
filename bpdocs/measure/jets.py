"""Numbers that carry one more derivative: used only where a derivative is differentiated again.

A jet is v + s·ε with ε² = 0; jets nest, and the larger tag is outside. First derivatives never need them: those are complex steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from bpdocs.notation.operators import BY_NAME

Numbers = Any
STEP = 1e-20
FEW = 12  # factors that are multiplied one by one
tags = itertools.count(1)


class Jet:
    """A value and its slope in one direction, named by `tag`."""

    __array_ufunc__ = None

    def __init__(self, value: Numbers, slope: Numbers, tag: int) -> None:
        self.value, self.slope, self.tag = value, slope, tag

    def _split(self, other: Numbers) -> tuple[Numbers, Numbers]:
        if isinstance(other, Jet) and other.tag == self.tag:
            return other.value, other.slope
        return other, 0.0 * other

    def __add__(self, other: Numbers) -> Numbers:
        if isinstance(other, Jet) and other.tag > self.tag:
            return other + self
        value, slope = self._split(other)
        return Jet(self.value + value, self.slope + slope + 0 * (self.value + value), self.tag)

    __radd__ = __add__

    def __neg__(self) -> Jet:
        return Jet(-self.value, -self.slope, self.tag)

    def __sub__(self, other: Numbers) -> Numbers:
        return self + (-other)

    def __rsub__(self, other: Numbers) -> Numbers:
        return (-self) + other

    def __mul__(self, other: Numbers) -> Numbers:
        if isinstance(other, Jet) and other.tag > self.tag:
            return other * self
        value, slope = self._split(other)
        return Jet(self.value * value, self.slope * value + self.value * slope, self.tag)

    __rmul__ = __mul__

    def __truediv__(self, other: Numbers) -> Numbers:
        return self * reciprocal(other)

    def __rtruediv__(self, other: Numbers) -> Numbers:
        return reciprocal(self) * other


def reciprocal(x: Numbers) -> Numbers:
    """Return 1/x."""
    if isinstance(x, Jet):
        inverse = reciprocal(x.value)
        return Jet(inverse, -(inverse * inverse) * x.slope, x.tag)
    with np.errstate(all="ignore"):
        return 1.0 / np.asarray(x)


def structural(x: Numbers, change: Callable[[Numbers], Numbers]) -> Numbers:
    """Return `x` with a linear change of its shape or entries applied to every component."""
    if isinstance(x, Jet):
        return Jet(structural(x.value, change), structural(x.slope, change), x.tag)
    return change(x)


def compared(relation: Callable[[Numbers, Numbers], Numbers], left: Numbers, right: Numbers) -> Numbers:
    """Return 1 where a relation holds between real values, 0 where not, NaN where one of them is NaN."""
    a, b = primal(left), primal(right)
    with np.errstate(all="ignore"):
        return np.where(np.isnan(a) | np.isnan(b), np.nan, np.where(relation(a, b), 1.0, 0.0))


def choose(condition: Numbers, yes: Numbers, no: Numbers) -> Numbers:
    """Return `yes` where the condition is 1, `no` where it is 0, NaN where it is NaN."""
    tag = max((x.tag for x in (yes, no) if isinstance(x, Jet)), default=None)
    if tag is None:
        found = np.where(condition == 1, yes, no)
        unknown = np.isnan(condition)
        return np.where(unknown, np.nan, found) if unknown.any() else found

    def halves(x: Numbers) -> tuple[Numbers, Numbers]:
        return (x.value, x.slope) if isinstance(x, Jet) and x.tag == tag else (x, 0 * x)

    (a, da), (b, db) = halves(yes), halves(no)
    return Jet(choose(condition, a, b), choose(condition, da, db), tag)


def apply(name: str, x: Numbers) -> Numbers:
    """Return the known elementwise operator `name` at `x`."""
    row = BY_NAME[name]
    if isinstance(x, Jet):
        return Jet(apply(name, x.value), row.slope(apply, x.value) * x.slope, x.tag)
    with np.errstate(all="ignore"):
        return row.values(np.asarray(x))


def derivative(name: str, x: Numbers, times: int) -> Numbers:
    """Return the `times`-th derivative of a known operator by jets (exact up to rounding)."""
    if times == 0:
        return apply(name, x)
    tag = 1_000_000 + times
    found = derivative(name, Jet(x, 0 * x + 1.0, tag), times - 1)
    return found.slope if isinstance(found, Jet) and found.tag == tag else 0 * x


def primal(x: Numbers) -> Numbers:
    """Return the real values below all perturbations."""
    return primal(x.value) if isinstance(x, Jet) else np.real(x)


def slope_of(x: Numbers, tag: int, *, complex_step: bool) -> Numbers:
    """Return the derivative that `x` carries: of a complex step, or in the jet direction `tag`."""
    if complex_step:
        return structural(x, lambda d: np.imag(d) / STEP)
    if isinstance(x, Jet):
        if x.tag == tag:
            return x.slope
        if x.tag > tag:
            return Jet(slope_of(x.value, tag, complex_step=False), slope_of(x.slope, tag, complex_step=False), x.tag)
    return 0 * x


def integer_power(x: Numbers, n: int) -> Numbers:
    """Return x to the n-th power by multiplication (n ≥ 0)."""
    if n == 0:
        return 0 * x + 1.0
    if n > FEW:
        half = integer_power(x, n // 2)
        return half * half * x if n % 2 else half * half
    total = x
    for _ in range(n - 1):
        total = total * x
    return total
