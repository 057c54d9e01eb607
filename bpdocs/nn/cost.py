"""What a gradient costs: multiplications counted while the reference network really runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpdocs.nn.activations import Activation, Array
from bpdocs.nn.backward import backward_index
from bpdocs.nn.network import Network, forward


@dataclass
class _Counter:
    multiplications: int = 0


@dataclass(frozen=True)
class _Counted:
    """A number that counts its multiplications; it goes through numpy as an object."""

    value: float
    counter: _Counter

    def _with(self, value: float) -> _Counted:
        return _Counted(value, self.counter)

    def __add__(self, other: _Counted | float) -> _Counted:
        return self._with(self.value + _value(other))

    def __sub__(self, other: _Counted | float) -> _Counted:
        return self._with(self.value - _value(other))

    def __mul__(self, other: _Counted | float) -> _Counted:
        self.counter.multiplications += 1
        return self._with(self.value * _value(other))

    def __pow__(self, power: int) -> _Counted:
        self.counter.multiplications += power - 1
        return self._with(self.value**power)

    __radd__, __rmul__ = __add__, __mul__


def _value(number: _Counted | float) -> float:
    return number.value if isinstance(number, _Counted) else number


def _count(n: int, d: int, c: int, run: Callable[[Network, Array, Array], object]) -> int:
    counter = _Counter()
    draw = np.random.default_rng(0)

    def numbers(*shape: int) -> Array:
        found = np.empty(shape, dtype=object)
        for entry in np.ndindex(shape):
            found[entry] = _Counted(float(draw.uniform(0.2, 0.9)), counter)
        return found

    # f costs the same whichever way the gradient is computed, one call a unit, and is not counted
    free = Activation("free", lambda u: u, lambda u: u)
    run(Network(numbers(d, n), numbers(c, d), free), numbers(n), numbers(c))
    return counter.multiplications


def forward_multiplications(n: int, d: int, c: int) -> int:
    """The multiplications of one forward pass of an n-d-c network, counted while it runs: one a weight, and the c squares, ½ of J.

    >>> forward_multiplications(4, 3, 2)
    21
    """
    return _count(n, d, c, forward)


def gradient_multiplications(n: int, d: int, c: int) -> int:
    """The multiplications of one forward and one backward pass, which give the gradients by all weights (and by the inputs).

    >>> gradient_multiplications(4, 3, 2) / forward_multiplications(4, 3, 2) < 3
    True
    """
    return _count(n, d, c, backward_index)
