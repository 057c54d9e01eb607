"""A test of the tests: each slip that people make in a backward pass is caught by the comparison with the complex step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bpdocs import nn
from bpdocs.nn.slips import SLIPS

POINTS = [((4, 3, 2), "sigmoid"), ((3, 3, 3), "tanh"), ((2, 4, 3), "softplus")]


@pytest.mark.parametrize(("sizes", "f"), POINTS)
@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_a_planted_slip_is_caught(slip, sizes, f):
    network, x, t = nn.random_network(*sizes, f, seed=11)
    right = nn.backward_matrix(network, x, t)
    wrong = slip.plant(network, x, t)
    assert nn.relative_error(getattr(right, slip.quantity), nn.complex_step(network, x, t, slip.quantity)) < 1e-13
    assert slip.error(network, x, t) > 1e-2
    moved = [q for q in ("W_ji", "W_kj") if not np.array_equal(getattr(wrong, q), getattr(right, q))]
    assert moved, "a slip must reach a weight's gradient"


def test_a_slip_in_one_small_entry_does_not_hide_behind_a_large_one():
    network, x, t = nn.random_network(4, 3, 2, seed=12)
    right = nn.backward_matrix(network, x, t)
    W_kj = right.W_kj * np.array([[1.0, 1e6, 1.0], [1.0, 1.0, 1.0]])
    wrong = W_kj.copy()
    wrong[1, 2] *= -1
    assert nn.relative_error(W_kj, wrong) == 2.0


def test_a_point_with_equal_numbers_hides_a_slip():
    """Why the points are drawn without symmetry: at one output the missing Σ_k does not show."""
    frozen = next(slip for slip in SLIPS if slip.name == "frozen sum")
    network, x, t = nn.random_network(4, 3, 1, seed=13)
    assert frozen.error(network, x, t) < 1e-13
    network, x, t = nn.random_network(4, 3, 2, seed=13)
    assert frozen.error(network, x, t) > 1e-2
    transposed = next(slip for slip in SLIPS if slip.name == "lost transpose")
    network, x, t = nn.random_network(3, 2, 2, seed=13)
    symmetric = replace(network, W_kj=network.W_kj + network.W_kj.T)
    assert transposed.error(symmetric, x, t) < 1e-13
    assert transposed.error(network, x, t) > 1e-2
