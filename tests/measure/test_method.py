"""The method itself: derivatives on random programs against mpmath at 60 digits; sampled functions against a contour."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from bpdocs.lines import Context
from bpdocs.measure.compare import MARGIN
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.points import points
from bpdocs.measure.sample import Smooth
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.page import read_page
from bpdocs.relations import build

DIGITS = 60
CLOSE = 1e-13
Env = dict[str, Any]
Piece = tuple[str, Callable[[Env], Any]]  # the LaTeX, and the same computed by mpmath with plain loops

ELEMENTWISE: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    (r"\exp(0.4 ({}))", lambda x: mpmath.exp(mpmath.mpf(0.4) * x)),
    (r"\log(1.5 + ({})^2)", lambda x: mpmath.log(mpmath.mpf(1.5) + x**2)),
    (r"\sqrt{{1.25 + ({})^2}}", lambda x: mpmath.sqrt(mpmath.mpf(1.25) + x**2)),
    (r"\sin({})", mpmath.sin),
    (r"\cos({})", mpmath.cos),
    (r"\tan(\frac{{1}}{{2}} \tanh({}))", lambda x: mpmath.tan(mpmath.tanh(x) / 2)),
    (r"\sinh(\arctan({}))", lambda x: mpmath.sinh(mpmath.atan(x))),
    (r"\cosh(\sin({}))", lambda x: mpmath.cosh(mpmath.sin(x))),
    (r"\tanh({})", mpmath.tanh),
    (r"\arctan({})", mpmath.atan),
    (r"\left| {} \right|", abs),
    (r"\mathrm{{sgn}}({})", mpmath.sign),
    (r"\mathrm{{ReLU}}({})", lambda x: x if x > 0 else mpmath.mpf(0)),
    (r"\mathrm{{sigmoid}}({})", lambda x: 1 / (1 + mpmath.exp(-x))),
    (r"\mathrm{{softplus}}({})", lambda x: mpmath.log1p(mpmath.exp(x))),
    (r"\mathrm{{erf}}({})", mpmath.erf),
    (r"\left(2 + \cos({})\right)^{{-3}}", lambda x: (2 + mpmath.cos(x)) ** -3),
    (r"\left(2 + \cos({})\right)^{{0.7}}", lambda x: (2 + mpmath.cos(x)) ** mpmath.mpf(0.7)),
)
BINARY: tuple[tuple[str, Callable[[Any, Any], Any]], ...] = (
    ("({}) + ({})", lambda x, y: x + y),
    ("({}) - ({})", lambda x, y: x - y),
    ("({}) \\cdot ({})", lambda x, y: x * y),
    (r"\frac{{{}}}{{1.5 + ({})^2}}", lambda x, y: x / (mpmath.mpf(1.5) + y**2)),
    (r"\max({}, {})", max),
    (r"\min({}, {})", min),
)


def _total(values: Any) -> Any:
    return mpmath.fsum(list(values))


def _times(matrix: Any, vector: Any) -> list[Any]:
    return [_total(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


NUMBERS: tuple[Piece, ...] = (
    ("a", lambda env: env["a"]),
    ("b", lambda env: env["b"]),
    (r"\lVert u \rVert^2", lambda env: _total(x * x for x in env["u"])),
    (r"\lVert M v \rVert", lambda env: mpmath.sqrt(_total(x * x for x in _times(env["M"], env["v"])))),
    (r"u^\top M v", lambda env: _total(x * y for x, y in zip(env["u"], _times(env["M"], env["v"]), strict=True))),
    (r"\operatorname{tr}(M M^\top)", lambda env: _total(x * x for row in env["M"] for x in row)),
    (r"\max_i u_i", lambda env: max(env["u"])),
)
ENTRIES: tuple[Piece, ...] = (
    ("u_i", lambda env: env["u"][env["i"]]),
    ("(M v)_i", lambda env: _times(env["M"], env["v"])[env["i"]]),
    (r"\sum_{j=1}^{m} M_{ij} v_j^2", lambda env: _total(x * y**2 for x, y in zip(env["M"][env["i"]], env["v"], strict=True))),
    (r"\mathrm{softmax}(u)_i", lambda env: mpmath.exp(env["u"][env["i"]]) / _total(mpmath.exp(x) for x in env["u"])),
    ("a u_i", lambda env: env["a"] * env["u"][env["i"]]),
)


def number(choice: random.Random, depth: int, inside: bool = False) -> Piece:
    """A random formula; `inside` a sum over i."""
    if depth == 0:
        return choice.choice(ENTRIES if inside and choice.random() < 0.7 else NUMBERS[:2] if inside else NUMBERS)
    kind = choice.random()
    if kind < 0.4:
        latex, function = choice.choice(ELEMENTWISE)
        text, body = number(choice, depth - 1, inside)
        return latex.format(text), lambda env: function(body(env))
    if kind < 0.8 or inside:
        latex, operation = choice.choice(BINARY)
        (left, x), (right, y) = number(choice, depth - 1, inside), number(choice, depth - 1, inside)
        return latex.format(left, right), lambda env: operation(x(env), y(env))
    text, body = number(choice, depth - 1, True)
    if choice.random() < 0.25:
        return rf"\prod_{{i=1}}^{{n}} \left(1.1 + {text}\right)", lambda env: mpmath.fprod(mpmath.mpf(1.1) + body({**env, "i": i}) for i in range(len(env["u"])))
    return rf"\sum_{{i=1}}^{{n}} \left({text}\right)", lambda env: _total(body({**env, "i": i}) for i in range(len(env["u"])))


PAGE = r"""$a \in \mathbb{R}$, $b \in \mathbb{R}$, $u \in \mathbb{R}^n$, $v \in \mathbb{R}^m$, $M \in \mathbb{R}^{n \times m}$, $i = 1, \dots, n$, $j = 1, \dots, m$.

$$y = NUMBER$$

$$\frac{\partial y}{\partial a} = y$$
"""
# the LaTeX of a derivative, and where its perturbations go: (name, place…)
DERIVATIVES: tuple[tuple[str, tuple[tuple[Any, ...], ...]], ...] = (
    (r"\frac{\partial y}{\partial a}", (("a",),)),
    (r"\frac{\partial y}{\partial u_2}", (("u", 1),)),
    (r"\frac{\partial y}{\partial M_{12}}", (("M", 0, 1),)),
    (r"\frac{\partial^2 y}{\partial a^2}", (("a",), ("a",))),
    (r"\frac{\partial^2 y}{\partial a \partial u_1}", (("a",), ("u", 0))),
    (r"\frac{\partial^2 y}{\partial u_1 \partial v_2}", (("u", 0), ("v", 1))),
    (r"\frac{\partial}{\partial b} \left(\frac{\partial y}{\partial v_1}\right)", (("v", 0), ("b",))),
)


def _context(text: str) -> Context:
    contexts, faults = build(read_page(text, "page.md"))
    assert not faults
    return contexts[0]


def _environment(evaluator: Evaluator) -> Env:
    return {name: np.vectorize(mpmath.mpf, otypes=[object])(data).tolist() if np.ndim(data) else mpmath.mpf(float(data)) for (name, _), data in evaluator.point.inputs.items()}


def _moved(env: Env, moves: list[tuple[tuple[Any, ...], Any]]) -> Env:
    out = {name: [list(row) if isinstance(row, list) else row for row in value] if isinstance(value, list) else value for name, value in env.items()}
    for (name, *place), by in moves:
        if not place:
            out[name] += by
        else:
            at = out[name]
            for index in place[:-1]:
                at = at[index]
            at[place[-1]] += by
    return out


def reference(body: Callable[[Env], Any], env: Env, places: tuple[tuple[Any, ...], ...]) -> float:
    """A first or second derivative by differences at 60 digits: right to about 20 of them."""
    with mpmath.workdps(DIGITS):
        h = mpmath.mpf("1e-15")
        signs = [(1,), (-1,)] if len(places) == 1 else [(1, 1), (1, -1), (-1, 1), (-1, -1)]
        parts = [mpmath.fprod(turn) * body(_moved(env, [(place, sign * h) for place, sign in zip(places, turn, strict=True)])) for turn in signs]
        return float(mpmath.fsum(parts) / (2 * h) ** len(places))


@pytest.mark.parametrize("seed", range(30))
def test_derivatives_of_random_programs(seed: int) -> None:
    latex, body = number(random.Random(seed), 4)
    context = _context(PAGE.replace("NUMBER", latex))
    evaluators, why = points(context, {2, 12})
    assert evaluators, why
    resolver, checked = Resolver(context.survey), 0
    for evaluator in evaluators[:2]:
        if evaluator.branches.close:
            continue
        env = _environment(evaluator)
        with mpmath.workdps(DIGITS):
            exact = float(body(env))
        (formula,) = parse("y")
        assert float(np.real(evaluator.value(resolver.expression(formula), {}, {}).data)) == pytest.approx(exact, rel=CLOSE, abs=CLOSE)
        for text, places in DERIVATIVES:
            (formula,) = parse(text)
            assert isinstance(formula, s.Node)
            found = evaluator.value(resolver.expression(formula), {}, {})
            want = reference(body, env, places)
            assert float(np.real(found.data)) == pytest.approx(want, rel=CLOSE, abs=CLOSE), f"{text} of {latex}"
            checked += 1
    assert checked >= len(DERIVATIVES)


def test_sampled_functions_against_a_contour() -> None:
    """Cauchy's formula on a circle, once for each order that pages use; the complex step itself never passes through one."""
    angles = 2 * np.pi * np.arange(64) / 64
    for seed in range(20):
        function = Smooth.draw(np.random.default_rng(seed))
        for x in (-1.3, 0.2, 1.7):
            ring = function.at(x + np.exp(1j * angles))
            for order, factorial in enumerate((1, 1, 2, 6)):
                contour = factorial * np.mean(ring * np.exp(-1j * order * angles))
                assert abs(function.at(np.array(x), order) - contour) < 1e-13 * max(1.0, float(np.abs(ring).max()))
                if order:
                    step = np.imag(function.at(np.array(x + 1e-20j), order - 1)) / 1e-20
                    assert abs(step - function.at(np.array(x), order)) < 1e-15 * max(1.0, float(np.abs(ring).max()))


def test_the_noise_bounds_the_error_and_is_small() -> None:
    """What the shaken evaluation says of the rounding error covers the true one, and stays far below what a wrong term would change."""
    checked = 0
    for seed in range(12):
        latex, body = number(random.Random(seed), 4)
        context = _context(PAGE.replace("NUMBER", latex))
        evaluator = points(context, {2, 12})[0][0]
        env, resolver = _environment(evaluator), Resolver(context.survey)
        for text, places in DERIVATIVES:
            (formula,) = parse(text)
            meaning = resolver.expression(formula)
            want = reference(body, env, places)

            def at(here: Evaluator, meaning: e.Expr = meaning) -> float:
                return float(np.real(here.value(meaning, {}, {}).data))

            found = at(evaluator)
            noise = max(abs(at(evaluator.shaken(turn)) - found) for turn in range(4))
            limit = MARGIN * noise + 8 * np.finfo(float).eps * abs(found)
            assert abs(found - want) <= limit + 1e-25, f"{text} of {latex}: off by {abs(found - want):.1e}, noise {noise:.1e}"
            assert limit <= 1e-11 * max(1.0, abs(want)), f"{text} of {latex}: noise {noise:.1e}"
            checked += limit > 0
    assert checked > 30
