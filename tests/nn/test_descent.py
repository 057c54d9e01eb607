"""Gradient descent: the factors of page 1.12, the same step as the network's, and where it stops coming nearer."""

from __future__ import annotations

import numpy as np
import pytest

from bpdocs import nn

CURVATURES = np.array([0.7, 5.0])


@pytest.mark.parametrize("eta", [0.01, 0.2, 0.39, 0.41])
def test_each_step_multiplies_the_distance_by_the_factor_of_the_page(eta):
    start = np.array([1.3, -0.4])
    path = nn.descend(lambda w: CURVATURES * w, start, eta, 120)
    assert path.shape == (121, 2)
    np.testing.assert_allclose(path, [(1 - eta * CURVATURES) ** r * start for r in range(121)], rtol=1e-9)
    nearer = np.linalg.norm(path[-1]) < np.linalg.norm(start)
    assert nearer == (eta < 2 / CURVATURES.max())


def test_in_matrices_too():
    random = np.random.default_rng(0)
    B, m, w = random.normal(size=(3, 3)), random.normal(size=3), random.normal(size=3)
    A = B.T @ B
    after = nn.descend(lambda w: A @ (w - m), w, 0.1, 1)[1]
    np.testing.assert_allclose(after - m, (np.eye(3) - 0.1 * A) @ (w - m), rtol=1e-12)


def test_it_takes_the_step_of_the_network():
    network, x, t = nn.random_network(4, 3, 2, seed=6)
    after = nn.step(network, nn.backward_matrix(network, x, t), 0.3)

    def gradient(W_kj):
        return nn.backward_matrix(nn.Network(network.W_ji, W_kj, network.f, network.b_j, network.b_k), x, t).W_kj

    np.testing.assert_array_equal(nn.descend(gradient, network.W_kj, 0.3, 1)[1], after.W_kj)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.descend(lambda w: w, np.ones(2), 0.1, -1), "steps = -1"),
        (lambda: nn.descend(lambda w: w[:1], np.ones(2), 0.1, 1), r"gradient has shape \(1,\), the weights \(2,\)"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
