"""For each slip that people make: what the message says, where it points, and the mend it proposes."""

from dataclasses import dataclass

import pytest

from bpdocs.check import check_page
from bpdocs.diagnostic import Diagnostic

MODEL = r"""Letters $i = 1, \dots, n$, $j = 1, \dots, d$ and $k = 1, \dots, c$.

$$\mathrm{net}_j = \sum_{i=1}^{n} w_{ji} x_i$$

$$y_j = f(\mathrm{net}_j)$$

$$\mathrm{net}_k = \sum_{j=1}^{d} w_{kj} y_j$$

$$z_k = f(\mathrm{net}_k)$$

$$J = \frac12 \sum_{k=1}^{c} (z_k - t_k)^2$$

$$\delta_k := \frac{\partial J}{\partial \mathrm{net}_k}$$

"""
MATRICES = r"""Here $x \in \mathbb{R}^n$, $W \in \mathbb{R}^{d \times n}$ and $t \in \mathbb{R}^d$.

$$b = W x$$

$$J = \frac12 \lVert b - t \rVert^2$$

"""
SOFTMAX = r"""Letters $k = 1, \dots, c$.

$$z_k = \frac{\exp u_k}{\sum_{m=1}^{c} \exp u_m}$$

$$J = -\sum_{k=1}^{c} t_k \log z_k$$

"""
SQUARE = r"Letters $p, q = 1, \dots, n$: $$y_p = \sum_{q=1}^{n} A_{pq} x_q$$" + "\n\n"
WIDTH = r"Letters $k = 1, \dots, c$: $$m = \frac{1}{c} \sum_{k=1}^{c} x_k$$" + "\n\n"
SQUARES = r"Letters $k = 1, \dots, c$: $$s = \sum_{k=1}^{c} t_k^2$$" + "\n\n"
PLAIN = "$$y = w x^2$$\n\n"


def said(text: str) -> Diagnostic:
    """The one complaint about a page, but for those about what the model defines and the claim does not use."""
    (found,) = complaints(text)
    return found


def complaints(text: str) -> list[Diagnostic]:
    return [found for found in check_page(text, "a.md").diagnostics if "which nothing uses" not in found.message]


def pointed_at(found: Diagnostic) -> str:
    return found.source[found.column - 1 : found.column - 1 + found.length]


@dataclass(frozen=True)
class Slip:
    name: str
    model: str
    claim: str
    help: str
    at: str = ""


SLIPS = [
    Slip("sign", MODEL, r"\frac{\partial J}{\partial z_k} = t_k - z_k", "agrees with a minus before the right side", "t_k - z_k"),
    Slip("sign in front", PLAIN, r"\frac{\partial y}{\partial w} = -x^2", "agrees without its minus", "-x^2"),
    Slip("sign inside", PLAIN, r"y - \frac{\partial y}{\partial w} = w x^2 + x^2", "agrees with a minus before x^2", "w x^2 + x^2"),
    Slip("lost slope", MODEL, r"\delta_k = z_k - t_k", r"agrees with the factor f'(\mathrm{net}_k) on the right side", "z_k - t_k"),
    Slip("lost prime", MODEL, r"\frac{\partial z_k}{\partial \mathrm{net}_k} = f(\mathrm{net}_k)", r"agrees with f'(\mathrm{net}_k) for f(\mathrm{net}_k)"),
    Slip("swapped letters", MODEL, r"\frac{\partial \mathrm{net}_k}{\partial y_j} = w_{jk}", "did you mean w_{kj}?", "w_{jk}"),
    Slip("wrong letter", MODEL, r"\frac{\partial J}{\partial w_{kj}} = \delta_j y_j", r"did you mean \delta_{k}?", r"\delta_j"),
    Slip("lost sum, lost letter", MODEL, r"\frac{\partial J}{\partial w_{kj}} = \delta_k", "agrees with the factor y_j on the right side"),
    Slip("lost half", PLAIN, r"\frac{\partial y}{\partial x} = 4 w x", r"agrees with the factor \frac{1}{2} on the right side", "4 w x"),
    Slip("number", PLAIN, r"\frac{\partial y}{\partial x} = w x", "agrees with the factor 2 on the right side", "w x"),
    Slip("width", WIDTH, r"\frac{\partial m}{\partial x_k} = 1", r"agrees with \frac{1}{c} for 1"),
    Slip("power", PLAIN, r"\frac{\partial y}{\partial w} = x", "agrees with the factor x on the right side", "x"),
    Slip("term", PLAIN, r"y + x = w x^2", "agrees with + x added to the right side", "w x^2"),
    Slip("assumption: sums to one", SOFTMAX, r"\frac{\partial J}{\partial u_k} = z_k - t_k", r"agrees if \sum_k t_k = 1", "z_k - t_k"),
    Slip("assumption: positive", r"$$y = \log x^2$$" + "\n\n", r"y = 2 \log x", "agrees if x > 0", r"2 \log x"),
    Slip("assumption: 0 or 1", SQUARES, r"s = \sum_{k=1}^{c} t_k", r"agrees if t_k is 0 or 1: t_k \in \{0, 1\}"),
    Slip(
        "layout",
        MATRICES,
        r"\frac{\partial b}{\partial x} = W^\top",
        "agrees without the transpose of W; or in denominator layout (for the whole page, in the front matter: layout: denominator)",
    ),
    Slip("transposed", MATRICES, r"\nabla_W J = x (b - t)^\top", "agrees with the whole right side transposed", r"x (b - t)^\top"),
    Slip("another symbol", "$$s = u^\\top v$$ with $u, v \\in \\mathbb{R}^d$.\n\n", r"\nabla_u s = u", "agrees with v for u", "u"),
    Slip("two slips", SQUARE, r"\frac{\partial y_p}{\partial x_q} = -A_{qp}", "agrees with A_{pq} for A_{qp}, and without its minus", "-A_{qp}"),
    Slip("a new name without :=", MODEL, r"\bar y_j = \frac{\partial J}{\partial y_j}", "write := to define it here", r"\bar y_j"),
    Slip("a misspelt name", MODEL, r"\frac{\partial J}{\partial z_k} = z_k - T_k", r"define it with :=, or declare it: T \in \mathbb{R}", "T_k"),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.name)
def test_slip(slip: Slip) -> None:
    found = said(f"{slip.model}$$\n{slip.claim}\n$$\n")
    assert found.suggestion == slip.help, found.render()
    if slip.at:
        assert pointed_at(found) == slip.at


def test_a_right_page_is_never_mended() -> None:
    assert check_page(PLAIN + "$$\\frac{\\partial y}{\\partial x} = 2 w x$$", "a.md").ok


@pytest.mark.parametrize(
    ("claim", "message", "at"),
    [
        (r"J = W x", "the shapes do not fit: left is a number, right is a column of d", "W x"),
        (r"\nabla_W J = W^\top x", r"the shapes in W^\top x do not fit: W^\top is n × d, x is a column of n", r"W^\top x"),
        (r"\nabla_x J = W (b - t)", "the shapes in W (b - t) do not fit: W is d × n, b - t is a column of d", "W (b - t)"),
        (r"\nabla_x J = W^\top (b - t) + t", "the shapes in W^\\top (b - t) + t do not fit: W^\\top (b - t) is a column of n, t is a column of d, and they must be the same",
         r"W^\top (b - t) + t"),
        (r"J = \frac12 b^\top (x \odot t)", r"the shapes in x \odot t do not fit: x is a column of n, t is a column of d, and they must be the same", r"x \odot t"),
    ],
)  # fmt: skip
def test_shapes_are_named_at_the_part_that_does_not_fit(claim: str, message: str, at: str) -> None:
    found = said(f"{MATRICES}$$\n{claim}\n$$\n")
    assert (found.message, pointed_at(found)) == (f"disagree: {message}", at)


def test_free_indices_are_named() -> None:
    found = said(MODEL + r"$$\frac{\partial J}{\partial y_j} = \delta_k w_{kj}$$")
    assert found.message.endswith("left is free in j, right in j, k")


def test_both_readings_are_spelled_out() -> None:
    first, second = complaints(MODEL + "$$q := 1/2 J$$\n\n$$\\frac{\\partial q}{\\partial z_k} = \\frac12 (z_k - t_k)$$\n")
    assert first.message == r"unread: read in two ways, which differ: \frac{1}{2} J or \frac{1}{2 J}"
    assert second.message == r"unread: q rests on a formula that is read in two ways, which differ"


@pytest.mark.parametrize(
    ("formula", "opened"),
    [(r"y = (w x^2", "("), (r"y = \frac{w x^2", "{"), (r"y = \left( w x^2", "("), (r"y = \begin{pmatrix} w", r"\begin")],
)
def test_what_opens_and_never_closes_is_pointed_at_where_it_opened(formula: str, opened: str) -> None:
    found = said(f"{PLAIN}$$\\frac{{\\partial y}}{{\\partial w}} = x^2$$\n\n$$\n{formula}\n$$\n")
    assert pointed_at(found).startswith(opened), found.render()
