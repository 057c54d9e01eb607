"""Gradient descent on any objective of which the gradient is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpdocs.nn.activations import Array


def descend(gradient: Callable[[Array], Array], w: Array, eta: float, steps: int) -> Array:
    """The weights before, between and after the steps w − η ∇J(w): of shape (steps + 1, …), the first of them the start.

    Each step takes all weights at once, with the gradient at the old ones. Raises ValueError for a negative number of steps
    or a gradient that does not have the weights' shape. Source: page 1.12.

    >>> print(descend(lambda w: 4 * (w - 1), np.array([3.0]), eta=0.25, steps=2)[:, 0])
    [3. 1. 1.]
    """
    if steps < 0:
        raise ValueError(f"steps = {steps}")
    path = [np.asarray(w, dtype=float)]
    for _ in range(steps):
        found = np.asarray(gradient(path[-1]))
        if found.shape != path[-1].shape:
            raise ValueError(f"the gradient has shape {found.shape}, the weights {path[-1].shape}")
        path.append(path[-1] - eta * found)
    return np.array(path)
