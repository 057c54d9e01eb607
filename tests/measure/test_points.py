"""Points: sizes, signs, what is kept away from, assumptions that are solved for."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from bpdocs.lines import Context
from bpdocs.measure.points import further, points
from bpdocs.measure.sample import choose_sizes
from bpdocs.page import read_page
from bpdocs.relations import build


def context(text: str) -> Context:
    contexts, faults = build(read_page(text, "page.md"))
    assert not faults
    return contexts[0]


def test_sizes_are_distinct_never_one_and_never_the_same_at_all_points() -> None:
    classes = ["#n", "#d", "#c"]
    chosen = [choose_sizes(classes, {4, 7}, turn, {}) for turn in range(4)]
    for sizes in chosen:
        values = list(sizes.values())
        assert len(set(values)) == len(values)
        assert min(values) >= 2
        assert not {4, 7} & set(values)
        assert all(a + b != c and abs(a - b) != c for a, b, c in itertools.permutations(values, 3))
    assert all(len({sizes[klass] for sizes in chosen}) > 1 for klass in classes)
    alone = [choose_sizes(["#n"], set(), turn, {})["#n"] for turn in range(4)]
    assert len(set(alone)) > 1


def test_values_are_away_from_zero_and_one_and_numbers_take_both_signs() -> None:
    page = context("$x \\in \\mathbb{R}^n$, $i = 1, \\dots, n$.\n\n$$y = a b c + \\sum_i x_i$$\n\n$$\\frac{\\partial y}{\\partial a} = b c$$\n")
    evaluators, why = points(page, set())
    assert len(evaluators) == 4, why
    values = [{name: np.asarray(data) for (name, _), data in evaluator.point.inputs.items()} for evaluator in evaluators]
    for inputs in values:
        every = np.abs(np.concatenate([np.ravel(data) for data in inputs.values()]))
        assert every.min() > 0.1
        assert np.abs(every - 1).min() > 0.04
        assert len(np.unique(every)) == every.size
    for name in "abc":
        assert {float(np.sign(inputs[name])) for inputs in values} == {1.0, -1.0}
    for one, other in itertools.combinations("abc", 2):
        assert {float(np.sign(inputs[one] * inputs[other])) for inputs in values} == {1.0, -1.0}


@pytest.mark.parametrize(
    ("assume", "holds"),
    [
        (r"\\sum_k p_k = 1", lambda p: abs(p.sum() - 1) < 1e-10),
        (r"\\sum_k p_k^2 > 9", lambda p: (p**2).sum() > 9),
        (r"h < \\frac{1}{10}", lambda p: (p**2).sum() < 0.1),
        (r"p_1 = 2 p_2", lambda p: abs(p[0] - 2 * p[1]) < 1e-10),
        (r"0 < p_k < 1", lambda p: bool(((p > 0) & (p < 1)).all())),
    ],
)
def test_assumptions_are_solved_for(assume: str, holds: object) -> None:
    text = (
        f'<!-- bpdocs:\nassume: ["{assume}"]\n-->\n\n$p \\in \\mathbb{{R}}^n$, $k = 1, \\dots, n$.\n\n$$h = \\sum_k p_k^2$$\n\n$$\\frac{{\\partial h}}{{\\partial p_k}} = 2 p_k$$\n'
    )
    evaluators, why = points(context(text), set())
    assert len(evaluators) == 4, why
    for evaluator in evaluators:
        (p,) = (np.asarray(data) for (name, _), data in evaluator.point.inputs.items() if name == "p")
        assert holds(p)  # type: ignore[operator]
        assert len(np.unique(p)) == p.size


def test_no_point_where_an_assumption_cannot_hold_and_the_reason_is_said() -> None:
    text = '<!-- bpdocs:\nassume: ["h < 0"]\n-->\n\n$$h = x^2$$\n\n$$\\frac{\\partial h}{\\partial x} = 2 x$$\n'
    evaluators, why = points(context(text), set())
    assert not evaluators
    assert why == "no point was found that satisfies the assumptions"


def test_points_where_a_definition_is_not_real_are_redrawn() -> None:
    evaluators, _ = points(context("$$y = \\log x$$\n\n$$\\frac{\\partial y}{\\partial x} = \\frac1x$$\n"), set())
    assert len(evaluators) == 4
    assert all(float(data) > 0 for evaluator in evaluators for data in evaluator.point.inputs.values())


def test_no_point_is_next_to_a_kink() -> None:
    page = context("$x \\in \\mathbb{R}^n$.\n\n$$y = \\mathrm{ReLU}(x - \\frac{1}{2})$$\n\n$$\\frac{\\partial y}{\\partial x} = 1$$\n")
    found = points(page, set())[0] + [evaluator for turn in range(30) if (evaluator := further(page, set(), turn))]
    gaps = np.concatenate([np.ravel(np.abs(data - 0.5)) for evaluator in found for data in evaluator.point.inputs.values()])
    assert gaps.min() > 1e-3
