"""The backward pass, four ways: index form, matrix form, differences and the complex step, and an independent autodiff."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad

from bpdocs import nn

QUANTITIES = get_args(nn.Quantity)
SIZES = [(4, 3, 2), (2, 5, 3), (1, 1, 1), (3, 2, 4)]
SMOOTH = ["sigmoid", "tanh", "identity", "softplus"]

cases = pytest.mark.parametrize(("sizes", "f"), [(sizes, f) for sizes in SIZES for f in SMOOTH])


@cases
def test_the_index_form_is_the_matrix_form(sizes, f):
    network, x, t = nn.random_network(*sizes, f, seed=1)
    one, other = nn.backward_index(network, x, t), nn.backward_matrix(network, x, t)
    for quantity in QUANTITIES:
        assert getattr(one, quantity).shape == getattr(other, quantity).shape
        assert nn.relative_error(getattr(one, quantity), getattr(other, quantity)) < 1e-13, quantity


@cases
@pytest.mark.parametrize("backward", [nn.backward_index, nn.backward_matrix])
def test_every_gradient_is_what_the_objective_does(backward, sizes, f):
    network, x, t = nn.random_network(*sizes, f, seed=2)
    gradients = backward(network, x, t)
    for quantity in QUANTITIES:
        mine = getattr(gradients, quantity)
        assert nn.relative_error(mine, nn.complex_step(network, x, t, quantity)) < 1e-13, quantity
        assert nn.relative_error(mine, nn.central_difference(network, x, t, quantity)) < 1e-7, quantity
        assert nn.relative_error(mine, nn.forward_difference(network, x, t, quantity)) < 1e-4, quantity


AUTOGRAD_F = {
    "sigmoid": lambda u: 1 / (1 + anp.exp(-u)),
    "tanh": anp.tanh,
    "identity": lambda u: u,
    "softplus": lambda u: anp.log(1 + anp.exp(u)),
}


@cases
def test_every_gradient_is_that_of_an_independent_automatic_differentiation(sizes, f):
    network, x, t = nn.random_network(*sizes, f, seed=3)

    def objective(W_ji, W_kj, b_j, b_k, x_i):
        y_j = AUTOGRAD_F[f](anp.dot(W_ji, x_i) + b_j)
        return 0.5 * anp.sum((t - AUTOGRAD_F[f](anp.dot(W_kj, y_j) + b_k)) ** 2)

    arguments = ("W_ji", "W_kj", "b_j", "b_k", "x_i")
    theirs = grad(objective, argnum=tuple(range(5)))(network.W_ji, network.W_kj, network.b_j, network.b_k, x)
    mine = nn.backward_matrix(network, x, t)
    for quantity, gradient in zip(arguments, theirs, strict=True):
        assert nn.relative_error(getattr(mine, quantity), gradient) < 1e-13, quantity


@pytest.mark.parametrize("f", SMOOTH)
def test_a_batch_is_the_mean_of_its_examples(f):
    network, _, _ = nn.random_network(4, 3, 2, f, seed=4)
    examples = [nn.random_network(4, 3, 2, f, seed=seed)[1:] for seed in range(5, 10)]
    X, T = np.array([x for x, _ in examples]), np.array([t for _, t in examples])
    batch, alone = nn.backward_batch(network, X, T), [nn.backward_matrix(network, x, t) for x, t in examples]
    assert float(nn.forward_batch(network, X, T).J) == pytest.approx(np.mean([nn.forward(network, x, t).J for x, t in examples]))
    for parameter in ("W_ji", "W_kj", "b_j", "b_k"):
        assert nn.relative_error(getattr(batch, parameter), np.mean([getattr(g, parameter) for g in alone], axis=0)) < 1e-12
    for row in ("z_k", "net_k", "y_j", "net_j", "x_i"):
        assert nn.relative_error(getattr(batch, row), np.array([getattr(g, row) for g in alone]) / len(examples)) < 1e-12


def test_without_biases_none_are_learnt():
    network, x, t = nn.random_network(3, 2, 2, seed=0)
    bare = replace(network, b_j=None, b_k=None)
    after = nn.step(bare, nn.backward_matrix(bare, x, t), 0.5)
    assert after.b_j is None
    assert after.b_k is None
    assert nn.relative_error(nn.complex_step(bare, x, t, "b_j"), nn.backward_matrix(bare, x, t).b_j) < 1e-13


def test_the_step_uses_the_old_weights():
    network, x, t = nn.random_network(3, 4, 2, seed=5)
    gradients = nn.backward_index(network, x, t)
    after = nn.step(network, gradients, 0.1)
    for parameter in ("W_ji", "W_kj", "b_j", "b_k"):
        assert np.array_equal(getattr(after, parameter), getattr(network, parameter) - 0.1 * getattr(gradients, parameter))
    assert nn.forward(after, x, t).J < nn.forward(network, x, t).J


def test_a_step_can_leave_the_biases_alone():
    network, x, t = nn.random_network(3, 4, 2, seed=6)
    gradients = nn.backward_index(network, x, t)
    frozen, free = nn.step(network, gradients, 0.1, biases=False), nn.step(network, gradients, 0.1)
    assert np.array_equal(frozen.b_j, network.b_j)
    assert np.array_equal(frozen.b_k, network.b_k)
    assert not np.array_equal(free.b_j, network.b_j)
    assert np.array_equal(frozen.W_ji, free.W_ji)


def test_known_values_of_the_one_unit_network():
    network, x, t = nn.Network([[0.4]], [[0.7]], "sigmoid"), [0.5], [0.9]
    values, gradients = nn.forward(network, x, t), nn.backward_index(network, x, t)
    after = nn.forward(nn.step(network, gradients, 1.0), x, t)
    printed = [values.y_j[0], values.z_k[0], values.J, gradients.W_kj[0, 0], gradients.W_ji[0, 0], after.J]
    assert [f"{number:.6f}" for number in printed] == ["0.549834", "0.595050", "0.046497", "-0.040403", "-0.006366", "0.044841"]


@pytest.mark.parametrize("f", nn.ACTIVATIONS.values(), ids=lambda f: f.name)
def test_each_activation_has_its_own_derivative(f):
    u = np.array([-31.7, -3.2, -0.6, 0.3, 1.1, 4.9, 28.3])
    slope = np.imag(f(u + 1e-20j)) / 1e-20
    assert f(u).shape == f.derivative(u).shape == u.shape
    # 1 − f² can be no better than the rounding of 1
    assert np.allclose(f.derivative(u), slope, rtol=1e-13, atol=4e-16)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Network([1.0], [[1.0]]), "weights are matrices"),
        (lambda: nn.Network(np.ones((2, 3)), np.ones((1, 4))), "the hidden widths 2 and 4 differ"),
        (lambda: nn.Network(np.ones((2, 3)), np.ones((1, 2)), b_j=np.ones(3)), r"b_j has shape \(3,\), expected \(2,\)"),
        (lambda: nn.forward(nn.Network(np.ones((2, 3)), np.ones((1, 2))), np.ones(2), np.ones(1)), r"x has shape \(2,\)"),
        (lambda: nn.forward_batch(nn.Network([[1.0]], [[1.0]]), np.ones((0, 1)), np.ones((0, 1))), "N ≥ 1"),
        (lambda: nn.relative_error(np.ones((2, 3)), np.ones((3, 2))), r"shapes \(2, 3\) and \(3, 2\) differ"),
        (lambda: nn.Network([[1.0]], [[1.0]], "sigmod"), "no activation 'sigmod'"),
    ],
)
def test_what_does_not_fit_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()
