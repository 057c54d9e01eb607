"""A hundred formulas are read as what they mean: bpdocs' evaluator against numpy, at one random point."""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.points import points
from bpdocs.measure.values import Ambiguous, Mismatch, NotSupported
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.tokens import Unread
from bpdocs.page import read_page
from bpdocs.relations import Context, build

FORMULAS = yaml.safe_load((Path(__file__).parent / "meanings.yaml").read_text(encoding="utf-8"))
STANDARD = r"""
$x, w, t \in \mathbb{R}^n$, $u, b \in \mathbb{R}^m$, $A, B \in \mathbb{R}^{m \times n}$, $S \in \mathbb{R}^{n \times n}$, $a \in \mathbb{R}$, $c \in \mathbb{R}$,
$s \in \mathbb{R}$, $f : \mathbb{R} \to \mathbb{R}$, $g : \mathbb{R} \to \mathbb{R}$, $i = 1, \dots, n$, $j = 1, \dots, n$, $k = 1, \dots, m$.
"""


@cache
def world(page: str, formulas: tuple[str, ...]) -> tuple[Context, Evaluator]:
    header = STANDARD.replace(r"$s \in \mathbb{R}$, ", "") if "s = " in page else STANDARD
    text = "\n\n".join([header, page, *(f"$$\n{formula}\n$$" for formula in formulas)])
    context = build(read_page(text, "meanings.md"))[0][0]
    evaluators, why = points(context, set())
    assert evaluators, why
    return context, evaluators[0]


def value(formula: str, context: Context, evaluator: Evaluator, free: str) -> Any:
    (node,) = parse(formula)
    found = evaluator.value(Resolver(context.survey).expression(node), {}, {})
    wanted = free.split()
    assert set(found.axes) <= set(wanted), f"free: {found.axes}"
    whole = np.asarray(np.real(found.data), dtype=float)
    order = [found.axes.index(letter) for letter in wanted if letter in found.axes] + list(range(len(found.axes), whole.ndim))
    return np.transpose(whole, order)


def derivative(function: Any, at: Any) -> Any:
    """The derivative of `function`, the place of the result first."""
    slopes = []
    for place in np.ndindex(at.shape):
        moved = at.astype(complex)
        moved[place] += 1e-30j
        slopes.append(np.imag(function(moved)) / 1e-30)
    return np.moveaxis(np.array(slopes), 0, -1)


def meaning(text: str, evaluator: Evaluator) -> Any:
    point = evaluator.point
    known = {name: np.real(data) if np.ndim(data) else float(np.real(data)) for (name, _), data in point.inputs.items()}
    known |= {name: size for name, size in point.sizes.items() if name.isalpha()}
    known |= {f"{name}{order}": lambda x, name=name, order=order: point.function(name).at(np.asarray(x), order) for name in "fg" for order in range(3)}
    return np.asarray(eval(text, {"np": np, "D": derivative, **known}), dtype=float)


@pytest.mark.parametrize("entry", FORMULAS, ids=[entry["read"] for entry in FORMULAS])
def test_a_formula_means(entry: dict[str, str]) -> None:
    unlike = (entry["unlike"],) if "unlike" in entry else ()
    context, evaluator = world(entry.get("page", ""), (entry["read"], *unlike))
    free = entry.get("free", "")
    wanted = meaning(str(entry["means"]), evaluator)
    found = value(entry["read"], context, evaluator, free)
    assert found.shape == wanted.shape
    assert np.allclose(found, wanted, rtol=1e-11, atol=1e-13)
    for other in unlike:
        try:
            apart = value(other, context, evaluator, " ".join(dict.fromkeys([*free.split(), "i", "j", "k"])))
        except (Unread, Ambiguous, Mismatch, NotSupported):
            continue
        assert apart.shape != wanted.shape or not np.allclose(apart, wanted, rtol=1e-6)


def test_there_are_a_hundred() -> None:
    assert len(FORMULAS) >= 100
    assert sum("unlike" in entry for entry in FORMULAS) >= 30
