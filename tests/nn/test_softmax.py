"""Softmax and cross-entropy: against differences, the complex step, an independent autodiff, and the page's own formulas."""

from __future__ import annotations

from pathlib import Path

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad, jacobian

from bpdocs import nn
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.points import classes_of
from bpdocs.measure.sample import draw
from bpdocs.page import read_page
from bpdocs.relations import build

ROOT = Path(__file__).parents[2]
WIDTHS = [1, 2, 5]


def point(c, seed=0):
    random = np.random.default_rng(seed)
    return random.normal(size=c) * 2, random.normal(size=c), nn.softmax(random.normal(size=c))


def theirs(u):
    return anp.exp(u) / anp.sum(anp.exp(u))


def by_differences(function, net, step=1e-5):
    return np.array([(function(net + step * unit) - function(net - step * unit)) / (2 * step) for unit in np.eye(len(net))])


@pytest.mark.parametrize("c", WIDTHS)
def test_the_jacobian_is_that_of_an_independent_automatic_differentiation(c):
    net, _, _ = point(c)
    np.testing.assert_allclose(nn.softmax_jacobian(net), jacobian(theirs)(net), rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(nn.softmax_jacobian(net), by_differences(nn.softmax, net).T, rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("c", WIDTHS)
@pytest.mark.parametrize(
    ("mine", "objective"),
    [
        (nn.softmax_vjp, lambda u, v: anp.sum(v * theirs(u))),
        (nn.log_softmax_vjp, lambda u, v: anp.sum(v * anp.log(theirs(u)))),
        (nn.cross_entropy_gradient, lambda u, v: -anp.sum(v * anp.log(theirs(u)))),
    ],
)
def test_what_is_sent_back_is_that_of_an_independent_automatic_differentiation(mine, objective, c):
    net, v, t = point(c, seed=1)
    for sent in (v, t):
        np.testing.assert_allclose(mine(net, sent), grad(objective)(net, sent), rtol=1e-11, atol=1e-15)
        np.testing.assert_allclose(mine(net, sent), by_differences(lambda u, s=sent: objective(u, s), net), rtol=1e-7, atol=1e-9)


def test_the_complex_step_passes_through():
    net, _, t = point(4, seed=2)
    slopes = [np.imag(nn.cross_entropy(net + 1e-20j * unit, t)) / 1e-20 for unit in np.eye(4)]
    assert nn.relative_error(np.array(slopes), nn.softmax(net) - t) < 1e-13


def test_a_batch_is_the_mean_of_its_examples():
    Net, _, _ = (np.array(rows) for rows in zip(*(point(3, seed) for seed in range(4)), strict=True))
    T = np.array([point(3, seed)[2] for seed in range(4)])
    assert float(nn.cross_entropy(Net, T)) == pytest.approx(np.mean([nn.cross_entropy(net, t) for net, t in zip(Net, T, strict=True)]))
    np.testing.assert_allclose(nn.cross_entropy_gradient(Net, T), [(nn.softmax(net) - t) / 4 for net, t in zip(Net, T, strict=True)])
    np.testing.assert_allclose(nn.softmax_vjp(Net, T), [nn.softmax_jacobian(net).T @ t for net, t in zip(Net, T, strict=True)])


def test_large_and_small_net_inputs_do_no_harm():
    net, right = np.array([1000.0, 0.0, -1000.0]), np.array([0.0, 0.0, 1.0])
    assert np.array_equal(nn.softmax(net), [1.0, 0.0, 0.0])
    assert float(nn.cross_entropy(net, right)) == 2000.0
    assert np.array_equal(nn.cross_entropy_gradient(net, right), [1.0, 0.0, -1.0])


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_formulas_of_the_page_give_the_same(language):
    path = ROOT / "docs" / language / "softmax-cross-entropy.md"
    context = build(read_page(path.read_text(encoding="utf-8"), str(path)))[0][0]
    drawn = draw(context.program, classes_of(context), set(), 3, context.depths)
    evaluator = Evaluator(context.program, drawn)
    inputs = {key[0]: value for key, value in drawn.inputs.items()}
    net = inputs["w"] @ inputs["y"]
    sent_back = r"( \frac{\partial %s}{\partial \mathrm{net}} \right)^\top v"
    wanted = {sent_back % "z": nn.softmax_vjp(net, inputs["v"]), sent_back % "q": nn.log_softmax_vjp(net, inputs["v"])}
    compared = []
    for line in context.lines:
        if line.kind == "claim" and not line.formula.wrong and line.left is not None and line.right is not None:
            left = line.formula.latex[line.left.span.start : line.left.span.end].strip()
            if left in wanted:
                np.testing.assert_allclose(evaluator.value(line.right, {}, {}).data, wanted[left], rtol=1e-10)
                compared.append(left)
    assert sorted(compared) == sorted(wanted)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: nn.softmax_jacobian(np.ones((2, 3))), r"shape \(2, 3\), expected one example"),
        (lambda: nn.softmax_vjp(np.ones(3), np.ones(2)), r"shape \(3,\) and v \(2,\)"),
        (lambda: nn.log_softmax_vjp(np.ones(3), np.ones(2)), r"shape \(3,\) and v \(2,\)"),
        (lambda: nn.cross_entropy(np.ones(3), np.ones(2)), r"shape \(3,\) and t \(2,\)"),
        (lambda: nn.cross_entropy_gradient(np.ones(3), np.ones(2)), r"shape \(3,\) and t \(2,\)"),
    ],
)
def test_what_does_not_fit_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
