"""What the counting of multiplications says about both ways to a gradient."""

from __future__ import annotations

import dataclasses

import pytest

from bpdocs import nn
from bpdocs.nn.cost import forward_multiplications, gradient_multiplications

SIZES = [(1, 1, 1), (4, 3, 2), (5, 7, 3)]


@pytest.mark.parametrize(("n", "d", "c"), SIZES)
def test_a_forward_pass_multiplies_once_a_weight(n, d, c):
    assert forward_multiplications(n, d, c) == n * d + d * c + c + 1


@pytest.mark.parametrize(("n", "d", "c"), SIZES)
def test_a_backward_pass_multiplies_at_most_twice_a_weight(n, d, c):
    weights = n * d + d * c
    backward = gradient_multiplications(n, d, c) - forward_multiplications(n, d, c)
    assert backward == 2 * weights + c + d


@pytest.mark.parametrize(("n", "d", "c"), SIZES)
def test_forward_differences_take_one_pass_a_weight_and_one_more(n, d, c):
    network, x, t = nn.random_network(n, d, c, seed=0)
    calls = []

    def counted(u):
        calls.append(u)
        return nn.sigmoid(u)

    network = dataclasses.replace(network, f=nn.Activation("counted", counted, nn.sigmoid.derivative))
    for weights in ("W_ji", "W_kj"):
        calls.clear()
        gradient = nn.forward_difference(network, x, t, weights)
        # f is called twice a pass: for the hidden layer and for the output layer
        assert len(calls) == 2 * (gradient.size + 1)
