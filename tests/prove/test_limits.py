"""What a proof needs besides a zero: equal letters and shapes, an equality, few enough steps; and what a check says of it."""

import pytest

from bpdocs.check import check_page
from bpdocs.notation import expr as e
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.page import read_page
from bpdocs.prove import equal, prove
from bpdocs.relations import Context, build
from tests.prove.pages import NET
from tests.prove.test_claims import proof_of

ARRAYS = r"""
$u \in \mathbb{R}^{n}$, $v \in \mathbb{R}^{n}$, $A \in \mathbb{R}^{n \times n}$, $i = 1, \dots, n$, $j = 1, \dots, n$.
"""


def context(text: str) -> Context:
    return build(read_page(text, "page.md"))[0][0]


def read(latex: str, there: Context) -> e.Expr:
    return Resolver(there.survey).expression(parse(latex)[0])


@pytest.mark.parametrize(
    ("left", "right", "is_equal"),
    [
        (r"u_i v_i", r"v_i u_i", True),
        (r"u_i v_i", r"u_j v_j", False),
        (r"u_i", r"u_i + 0 u_j", False),
        (r"u^\top v", r"v \cdot u", True),
        (r"u v^\top", r"v u^\top", False),
        (r"u v^\top", r"(v u^\top)^\top", True),
        (r"u - u", "0", False),
        (r"A u", r"u^\top A^\top", False),
    ],
)
def test_two_expressions_are_equal_with_their_letters_and_shapes(left: str, right: str, is_equal: bool) -> None:
    there = context(ARRAYS)
    assert equal(read(left, there), read(right, there), there) is is_equal


def test_a_zero_stands_for_an_array_of_zeros_in_a_claim() -> None:
    assert proof_of(ARRAYS, r"u - u = 0").proved
    assert not proof_of(ARRAYS, r"u + v = 0").proved


@pytest.mark.parametrize(
    ("page", "claim", "reason"),
    [
        (NET, r"J \ge 0", "only an equality is proved"),
        (NET, r"\frac{\partial J}{\partial z_k} = t_k - z_k", "does not reduce to zero"),
        (ARRAYS, r"\log u_i = \log u_i + 0", "a root, a logarithm or a quotient that may have no value"),
        (ARRAYS, r"(1 + u_1 + v_1 + u_2 + v_2 + u_3 + v_3)^{12} = (u_1 + v_1 + u_2 + v_2 + u_3 + v_3 + 1)^{11}", "too large"),
        (
            NET,
            r"\frac{\partial}{\partial z_k} \left( \frac{\partial J}{\partial \mathrm{net}_k} \right) = f'(\mathrm{net}_k)",
            "z is held fixed while something that it depends on varies",
        ),
    ],
)
def test_it_is_said_why_something_is_not_proved(page: str, claim: str, reason: str) -> None:
    assert proof_of(page, claim).reason == reason


def test_an_infinitely_deep_formula_is_not_proved_and_does_not_raise() -> None:
    there = context(ARRAYS)
    deep = read("u_1", there)
    for _ in range(5000):
        deep = e.Neg(deep.span, deep)
    line = next(iter(context(ARRAYS + "\nSo $u_1 = v_1$.").lines[-1:]))
    line.left = deep
    assert prove(line, there).reason == "too deep"


def test_a_check_marks_what_is_proved_and_only_what_agrees() -> None:
    right, wrong = r"\frac{\partial J}{\partial z_k} = z_k - t_k", r"\frac{\partial J}{\partial z_k} = t_k - z_k"
    report = check_page(f"{NET}\n\nSo ${right}$, not ${wrong}$, and $J \\ge 0$.\n", "page.md")
    marks = {relation.latex: (relation.verdict, relation.proved) for relation in report.relations if relation.kind == "claim"}
    assert marks == {right: ("agree", True), wrong: ("disagree", False), r"J \ge 0": ("agree", False)}


def test_a_relation_for_all_layers_is_proved_for_each() -> None:
    page = r"""
Layers $l = 1, \dots, L$, with $W^{(l)} \in \mathbb{R}^{n_l \times n_{l-1}}$, $f : \mathbb{R} \to \mathbb{R}$.

$$\mathrm{net}^{(l)} = W^{(l)} a^{(l-1)}, \qquad a^{(l)} = f(\mathrm{net}^{(l)})$$

$$J = \frac12 \lVert a^{(L)} - t \rVert^2$$

$$\delta^{(l)} := \frac{\partial J}{\partial \mathrm{net}^{(l)}}$$

$$\delta^{(l)} = (W^{(l+1)\top} \delta^{(l+1)}) \odot f'(\mathrm{net}^{(l)}) \quad (l < L)$$
"""
    claims = [relation for relation in check_page(page, "page.md").relations if relation.kind == "claim"]
    assert [(claim.verdict, claim.proved) for claim in claims] == [("agree", True)]
