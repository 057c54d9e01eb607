"""Derivatives of J without a formula: differences and the complex step, to compare the backward pass with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from bpdocs.nn.activations import Array
from bpdocs.nn.network import Network, forward

Quantity = Literal["W_ji", "W_kj", "b_j", "b_k", "x_i", "net_j", "y_j", "net_k", "z_k"]


def forward_difference(network: Network, x: Array, t: Array, quantity: Quantity, epsilon: float = 1e-8) -> Array:
    """∂J/∂quantity by (J(q + ε) − J(q)) / ε, entry by entry, of the quantity's shape; its error falls as ε, then grows as 1/ε.

    Costs one forward pass an entry, plus one. Source: page 0.1.

    >>> network = Network([[0.4]], [[0.7]])
    >>> f"{forward_difference(network, [0.5], [0.9], 'W_kj')[0, 0]:.5f}"
    '-0.04040'
    """
    here = forward(network, x, t).J
    return _each_entry(network, x, t, quantity, lambda J: (J(epsilon) - here) / epsilon)


def central_difference(network: Network, x: Array, t: Array, quantity: Quantity, epsilon: float = 1e-5) -> Array:
    """∂J/∂quantity by (J(q + ε) − J(q − ε)) / 2ε, entry by entry, of the quantity's shape; its error falls as ε².

    Costs two forward passes an entry; about ten digits are right at the best ε. Source: page 0.1.

    >>> network = Network([[0.4]], [[0.7]])
    >>> f"{central_difference(network, [0.5], [0.9], 'W_kj')[0, 0]:.6f}"
    '-0.040403'
    """
    return _each_entry(network, x, t, quantity, lambda J: (J(epsilon) - J(-epsilon)) / (2 * epsilon))


def complex_step(network: Network, x: Array, t: Array, quantity: Quantity, epsilon: float = 1e-20) -> Array:
    """∂J/∂quantity by Im J(q + iε) / ε, entry by entry, of the quantity's shape: nothing is subtracted, so nothing cancels.

    Right to rounding for every small ε, where f can take a complex number. Source: the page on how formulas are checked.

    >>> network = Network([[0.4]], [[0.7]])
    >>> f"{complex_step(network, [0.5], [0.9], 'W_kj')[0, 0]:.6f}"
    '-0.040403'
    """
    return _each_entry(network, x, t, quantity, lambda J: np.imag(J(1j * epsilon)) / epsilon)


def relative_error(a: Array, b: Array) -> float:
    """The largest |a − b| / max(|a|, |b|) over the entries; 0 where both are 0. Raises ValueError if the shapes differ.

    Each entry is compared with itself, never with the array's maximum: else a wrong small entry would hide behind a large one.

    >>> relative_error(np.array([1.0, 0.0, 4.0]), np.array([1.0, 0.0, 2.0]))
    0.5
    """
    a, b = np.asarray(a), np.asarray(b)
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} differ")
    scale = np.maximum(np.abs(a), np.abs(b))
    return float(np.max(np.abs(a - b) / np.where(scale == 0, 1.0, scale), initial=0.0))


def _each_entry(network: Network, x: Array, t: Array, quantity: Quantity, slope: Callable[[Callable[[complex], Array]], Array]) -> Array:
    """The slope that ``slope`` reads off J as a function of a shift, for each entry of the quantity."""
    start = _value(network, x, t, quantity)
    result = np.zeros(start.shape)
    for entry in np.ndindex(start.shape):

        def J(shift: complex, entry: tuple[int, ...] = entry) -> Array:
            moved = start.astype(complex if isinstance(shift, complex) else float)
            moved[entry] += shift
            return forward(network, x, t, {quantity: moved}).J

        result[entry] = slope(J)
    return result


def _value(network: Network, x: Array, t: Array, quantity: Quantity) -> Array:
    """The quantity's value at this point: a parameter of the network (a bias that it does without is 0), or what it computes."""
    if quantity in ("b_j", "b_k") and getattr(network, quantity) is None:
        return np.zeros(network.d if quantity == "b_j" else network.c)
    return np.asarray(getattr(network, quantity) if hasattr(network, quantity) else getattr(forward(network, x, t), quantity))
