"""A network of any depth: the two loops against the complex step, an independent autodiff, and the one hidden layer of the seed."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from bpdocs import nn

WIDTHS = [(3, 2), (4, 3, 2), (2, 5, 3, 4), (3, 4, 2, 5, 3)]
SMOOTH = ["sigmoid", "tanh", "identity", "softplus"]
AUTOGRAD_F = {
    "sigmoid": lambda u: 1 / (1 + anp.exp(-u)),
    "tanh": anp.tanh,
    "identity": lambda u: u,
    "softplus": lambda u: anp.log(1 + anp.exp(u)),
}

cases = pytest.mark.parametrize(("widths", "f"), [(widths, f) for widths in WIDTHS for f in SMOOTH])


@cases
def test_every_gradient_is_what_the_objective_does(widths, f):
    network, x, t = nn.random_deep_network(widths, f, gain=1.5, seed=1)
    gradients = nn.backward_deep(network, x, t)
    assert nn.relative_error(gradients.x, nn.complex_step_deep(network, x, t, x)) < 1e-12
    for layer in range(1, network.L + 1):
        assert nn.relative_error(gradients.W[layer], nn.complex_step_deep(network, x, t, network.W[layer])) < 1e-12
        assert nn.relative_error(gradients.b[layer], nn.complex_step_deep(network, x, t, network.b[layer])) < 1e-12


@cases
def test_every_gradient_is_that_of_an_independent_automatic_differentiation(widths, f):
    network, x, t = nn.random_deep_network(widths, f, gain=1.5, seed=2)

    def objective(W, b, a):
        for layer in range(1, network.L + 1):
            a = AUTOGRAD_F[f](anp.dot(W[layer], a) + b[layer])
        return 0.5 * anp.sum((t - a) ** 2)

    by_W, by_b, by_x = grad(objective, argnum=(0, 1, 2))(network.W, network.b, x)
    mine = nn.backward_deep(network, x, t)
    assert nn.relative_error(mine.x, by_x) < 1e-11
    for layer in range(1, network.L + 1):
        assert nn.relative_error(mine.W[layer], by_W[layer]) < 1e-11
        assert nn.relative_error(mine.b[layer], by_b[layer]) < 1e-11


@pytest.mark.parametrize("f", SMOOTH)
def test_two_layers_are_the_seeds_network(f):
    seed, x, t = nn.random_network(4, 3, 2, f, seed=3)
    network = nn.DeepNetwork({1: seed.W_ji, 2: seed.W_kj}, {1: seed.b_j, 2: seed.b_k}, seed.f)
    deep, one = nn.backward_deep(network, x, t), nn.backward_index(seed, x, t)
    assert float(nn.forward_deep(network, x, t).J) == pytest.approx(float(nn.forward(seed, x, t).J), rel=1e-15)
    pairs = [(deep.W[1], one.W_ji), (deep.W[2], one.W_kj), (deep.b[1], one.b_j), (deep.b[2], one.b_k), (deep.x, one.x_i), (deep.delta[1], one.delta_j)]
    for mine, theirs in pairs:
        assert nn.relative_error(mine, theirs) < 1e-13


def test_a_planted_slip_shows():
    network, x, t = nn.random_deep_network((3, 4, 4, 2), "tanh", seed=4)
    right, values = nn.backward_deep(network, x, t), nn.forward_deep(network, x, t)
    untransposed = (network.W[2] @ right.delta[2]) * network.f.derivative(values.net[1])
    late = (network.W[2].T @ right.delta[2]) * network.f.derivative(values.a[1])
    for wrong in (untransposed, late):
        assert nn.relative_error(wrong, nn.complex_step_deep(network, x, t, network.b[1])) > 1e-2


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.DeepNetwork({0: np.ones((2, 2))}, {0: np.ones(2)}), "numbered 1, …, L"),
        (lambda: nn.DeepNetwork({1: np.ones((2, 2))}, {}), r"b has \[\]"),
        (lambda: nn.DeepNetwork({1: np.ones((2, 2))}, {1: np.ones(3)}), r"b\[1\] has shape \(3,\), expected \(2,\)"),
        (lambda: nn.random_deep_network((3,)), "at least those of the input and one layer"),
        (lambda: nn.forward_deep(nn.random_deep_network((3, 2))[0], np.ones(2), np.ones(2)), r"x has shape \(2,\)"),
        (lambda: nn.complex_step_deep(*nn.random_deep_network((3, 2)), np.ones(3)), "one of the network's own"),
    ],
)
def test_what_does_not_fit_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
