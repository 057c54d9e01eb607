"""Activation functions f with their derivatives f′, elementwise, for real and complex arrays.

Each is written so that the complex step can pass through it: no ``abs``, no comparison of complex numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# float64, or complex128 while a complex step is taken
Array = NDArray[Any]


@dataclass(frozen=True)
class Activation:
    """An activation function: calling it gives f(u), ``derivative`` gives f′(u), both elementwise and of u's shape.

    >>> float(sigmoid(np.array(0.0))), float(sigmoid.derivative(np.array(0.0)))
    (0.5, 0.25)
    """

    name: str
    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]

    def __call__(self, u: Array) -> Array:
        """f(u), elementwise, of u's shape."""
        return self.function(u)


def _sigmoid(u: Array) -> Array:
    # tanh does not overflow where exp(-u) does; 1 / (1 + e^{-u}) = ½ (1 + tanh ½u)
    return np.asarray(0.5 * (1 + np.tanh(0.5 * u)))


def _identity(u: Array) -> Array:
    return np.asarray(u)


def _softplus(u: Array) -> Array:
    positive = np.real(u) > 0
    # log(1 + e^u) = u + log(1 + e^{-u}): take the form whose exponential is small
    small = np.exp(np.where(positive, -u, u))
    return np.asarray(np.where(positive, u, 0) + np.log1p(small))


sigmoid = Activation("sigmoid", _sigmoid, lambda u: _sigmoid(u) * (1 - _sigmoid(u)))
tanh = Activation("tanh", lambda u: np.asarray(np.tanh(u)), lambda u: np.asarray(1 - np.tanh(u) ** 2))
identity = Activation("identity", _identity, lambda u: np.ones_like(u))
relu = Activation("relu", lambda u: np.asarray(u * (np.real(u) > 0)), lambda u: np.asarray((np.real(u) > 0) * np.ones_like(u)))
softplus = Activation("softplus", _softplus, _sigmoid)

ACTIVATIONS: dict[str, Activation] = {f.name: f for f in (sigmoid, tanh, identity, relu, softplus)}


def activation(f: str | Activation) -> Activation:
    """The activation function named f (or f itself, if it is one already).

    >>> activation("tanh").name
    'tanh'
    >>> activation("sigmod")
    Traceback (most recent call last):
    ValueError: no activation 'sigmod'; known: sigmoid, tanh, identity, relu, softplus
    """
    if isinstance(f, Activation):
        return f
    if f not in ACTIVATIONS:
        raise ValueError(f"no activation {f!r}; known: {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[f]
