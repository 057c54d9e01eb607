r"""Each operator plants the errors that it is for, and no others; what it plants reads.

One row an operator: a claim on a page, and the claims that the operator makes of it.
"""

import pytest

from bpdocs.check import judged
from bpdocs.edits import OPERATORS, Edit, Stock, edits, read_again, reread
from bpdocs.lines import Line
from bpdocs.notation import expr as e
from bpdocs.page import read_page

INDICES = r"""
Let $f : \mathbb{R} \to \mathbb{R}$ and $i = 1, \dots, n$.

$$\mathrm{net}_k = \sum_{j=1}^{d} w_{kj} \, y_j, \qquad z_k = f(\mathrm{net}_k), \qquad J = \frac{1}{2} \sum_{k=1}^{c} (t_k - z_k)^2$$
"""
ARRAYS = r"""
Let $W^{(1)} \in \mathbb{R}^{d \times n}$, $W^{(2)} \in \mathbb{R}^{c \times d}$, $x \in \mathbb{R}^n$, $t \in \mathbb{R}^c$, $f : \mathbb{R} \to \mathbb{R}$.

$$y = f(W^{(1)} x), \qquad z = W^{(2)} y, \qquad J = \frac{1}{2} \lVert z - t \rVert^2, \qquad \delta := \frac{\partial J}{\partial z}$$
"""
LAYERS = r"""
Layers $l = 1, \dots, L$, with $W^{(l)} \in \mathbb{R}^{n_l \times n_{l-1}}$, $x \in \mathbb{R}^{n_0}$, $t \in \mathbb{R}^{n_L}$.

$$a^{(0)} = x, \qquad a^{(l)} = W^{(l)} a^{(l-1)}, \qquad J = \frac{1}{2} \lVert a^{(L)} - t \rVert^2, \qquad \delta^{(l)} := \frac{\partial J}{\partial a^{(l)}}$$
"""
STEPS = r"""
Let $s = 1, \dots, S$ and $a \in \mathbb{R}$.

$$h_s = a \, h_{s-1} + x_s, \qquad J = h_S$$
"""
SUMS = r"""
Let $i, j = 1, \dots, n$.

$$q = \sum_{i=1}^{n} x_i, \qquad J = \frac{1}{2} q^2$$
"""
NUMBERS = r"""
$$u = w x, \qquad z = (\sin(u))^2, \qquad J = \log(1 + e^{u})$$
"""
PLANTED = {
    "sign": (NUMBERS, r"\frac{\partial u}{\partial w} = x - 0 x", [
        r"-\frac{\partial u}{\partial w} = x - 0 x",
        r"\frac{\partial u}{\partial w} = -(x - 0 x)",
        r"\frac{\partial u}{\partial w} = -x - 0 x",
        r"\frac{\partial u}{\partial w} = x + 0 x",
    ]),
    "prime": (INDICES, r"\frac{\partial z_k}{\partial \mathrm{net}_k} = f'(\mathrm{net}_k)", [r"\frac{\partial z_k}{\partial \mathrm{net}_k} = f(\mathrm{net}_k)"]),
    "add prime": (INDICES, r"\frac{\partial z_k}{\partial \mathrm{net}_k} = f'(\mathrm{net}_k)", [r"\frac{\partial z_k}{\partial \mathrm{net}_k} = f''(\mathrm{net}_k)"]),
    "transpose": (ARRAYS, r"\nabla_y J = W^{(2)\top} \delta", [r"\nabla_y J = W^{(2)} \delta"]),
    "add transpose": (ARRAYS, r"\frac{\partial J}{\partial W^{(2)}} = \delta y^\top", [r"\frac{\partial J}{\partial W^{(2)}} = \delta^\top y^\top"]),
    "transpose derivative": (ARRAYS, r"\frac{\partial J}{\partial W^{(2)}} = \delta y^\top", [
        r"(\frac{\partial J}{\partial W^{(2)}})^\top = \delta y^\top",
    ]),
    "swap index": (INDICES, r"\frac{\partial J}{\partial w_{kj}} = (z_k - t_k) \, f'(\mathrm{net}_k) \, y_j", [
        r"\frac{\partial J}{\partial w_{jk}} = (z_k - t_k) \, f'(\mathrm{net}_k) \, y_j",
    ]),
    "rename index": (SUMS, r"\frac{\partial q}{\partial x_j} = \sum_{i=1}^{n} \mathbb{1}(i = j)", [
        r"\frac{\partial q}{\partial x_j} = \sum_{j=1}^{n} \mathbb{1}(i = j)",
        r"\frac{\partial q}{\partial x_j} = \sum_{i=1}^{n} \mathbb{1}(j = j)",
        r"\frac{\partial q}{\partial x_j} = \sum_{i=1}^{n} \mathbb{1}(i = i)",
    ]),
    "shift index": (STEPS, r"\frac{\partial J}{\partial h_s} = a \, \frac{\partial J}{\partial h_{s+1}} \quad (s < S)", [
        r"\frac{\partial J}{\partial h_{s-1}} = a \, \frac{\partial J}{\partial h_{s+1}} \quad (s < S)",
        r"\frac{\partial J}{\partial h_{s+1}} = a \, \frac{\partial J}{\partial h_{s+1}} \quad (s < S)",
        r"\frac{\partial J}{\partial h_s} = a \, \frac{\partial J}{\partial h_{s}} \quad (s < S)",
        r"\frac{\partial J}{\partial h_s} = a \, \frac{\partial J}{\partial h_{s-1}} \quad (s < S)",
    ]),
    "shift layer": (LAYERS, r"\nabla_{W^{(l)}} J = \delta^{(l)} a^{(l-1)\top}", [
        r"\nabla_{W^{(l-1)}} J = \delta^{(l)} a^{(l-1)\top}",
        r"\nabla_{W^{(l+1)}} J = \delta^{(l)} a^{(l-1)\top}",
        r"\nabla_{W^{(l)}} J = \delta^{(l-1)} a^{(l-1)\top}",
        r"\nabla_{W^{(l)}} J = \delta^{(l+1)} a^{(l-1)\top}",
        r"\nabla_{W^{(l)}} J = \delta^{(l)} a^{(l)\top}",
        r"\nabla_{W^{(l)}} J = \delta^{(l)} a^{(l+1)\top}",
    ]),
    "factor": (INDICES, r"\frac{\partial J}{\partial w_{kj}} = -(t_k - z_k) \, f'(\mathrm{net}_k) \, y_j", [
        r"\frac{\partial J}{\partial w_{kj}} = -1 \, f'(\mathrm{net}_k) \, y_j",
        r"\frac{\partial J}{\partial w_{kj}} = -(t_k - z_k) \, 1 \, y_j",
        r"\frac{\partial J}{\partial w_{kj}} = -(t_k - z_k) \, f'(\mathrm{net}_k) \, 1",
    ]),
    "drop term": (INDICES, r"\frac{\partial J}{\partial z_k} = z_k - t_k", [
        r"\frac{\partial J}{\partial z_k} = 0 - t_k",
        r"\frac{\partial J}{\partial z_k} = z_k",
    ]),
    "sum": (INDICES, r"\frac{\partial J}{\partial y_j} = \sum_{k=1}^{c} (z_k - t_k) \, f'(\mathrm{net}_k) \, w_{kj}", [
        r"\frac{\partial J}{\partial y_j} = (z_k - t_k) \, f'(\mathrm{net}_k) \, w_{kj}",
    ]),
    "drop power": (NUMBERS, r"\frac{\partial z}{\partial u} = 2 z^{2} \frac{\cos(u)}{(\sin(u))^3}", [
        r"\frac{\partial z}{\partial u} = 2 z \frac{\cos(u)}{(\sin(u))^3}",
        r"\frac{\partial z}{\partial u} = 2 z^{2} \frac{\cos(u)}{(\sin(u))}",
    ]),
    "power": (NUMBERS, r"\frac{\partial z}{\partial u} = 2 z^{2} \frac{\cos(u)}{(\sin(u))^3}", [
        r"\frac{\partial z}{\partial u} = 2 z^{3} \frac{\cos(u)}{(\sin(u))^3}",
        r"\frac{\partial z}{\partial u} = 2 z^{2} \frac{\cos(u)}{(\sin(u))^4}",
    ]),
    "constant": (NUMBERS, r"\frac{\partial z}{\partial u} = 2 \sin(u) \cos(u) + \frac12 - 0.50", [
        r"\frac{\partial z}{\partial u} = 3 \sin(u) \cos(u) + \frac12 - 0.50",
        r"\frac{\partial z}{\partial u} = 2 \sin(u) \cos(u) + \frac{2}2 - 0.50",
        r"\frac{\partial z}{\partial u} = 2 \sin(u) \cos(u) + \frac1{3} - 0.50",
        r"\frac{\partial z}{\partial u} = 2 \sin(u) \cos(u) + \frac12 - 0.51",
    ]),
    "product": (ARRAYS, r"\frac{\partial J}{\partial x} = W^{(1)\top} (f'(W^{(1)} x) \odot (W^{(2)\top} \delta))", [
        r"\frac{\partial J}{\partial x} = W^{(1)\top} (f'(W^{(1)} x) (W^{(2)\top} \delta))",
    ]),
    "elementwise": (ARRAYS, r"\nabla_{W^{(2)}} J = \delta y^\top", [r"\nabla_{W^{(2)}} J = \delta \odot y^\top"]),
    "order": (ARRAYS, r"\nabla_{W^{(2)}} J = \delta y^\top", [r"\nabla_{W^{(2)}} J = {y^\top} {\delta}"]),
    "chain order": (ARRAYS, r"\frac{\partial J}{\partial y} = \frac{\partial J}{\partial z} \frac{\partial z}{\partial y}", [
        r"\frac{\partial J}{\partial y} = {\frac{\partial z}{\partial y}} {\frac{\partial J}{\partial z}}",
    ]),
    "derivative": (INDICES, r"\frac{\partial J}{\partial z_k} = z_k - t_k", [r"\frac{\partial z_k}{\partial J} = z_k - t_k"]),
    "drop function": (NUMBERS, r"\frac{\partial z}{\partial u} = 2 \sin(u) \cos(u)", [
        r"\frac{\partial z}{\partial u} = 2 (u) \cos(u)",
        r"\frac{\partial z}{\partial u} = 2 \sin(u) (u)",
    ]),
    "function": (NUMBERS, r"\frac{\partial z}{\partial u} = 2 \sin(u) \cos(u)", [
        r"\frac{\partial z}{\partial u} = 2 \cos(u) \cos(u)",
        r"\frac{\partial z}{\partial u} = 2 \sin(u) \sin(u)",
    ]),
    "bound": (INDICES, r"J = \frac{1}{2} \sum_{k=1}^{c} (z_k - t_k)^2", [
        r"J = \frac{1}{2} \sum_{k=1}^{d} (z_k - t_k)^2",
        r"J = \frac{1}{2} \sum_{k=1}^{n} (z_k - t_k)^2",
        r"J = \frac{1}{2} \sum_{k=1}^{c - 1} (z_k - t_k)^2",
        r"J = \frac{1}{2} \sum_{k=2}^{c} (z_k - t_k)^2",
    ]),
    "condition": (SUMS, r"\frac{\partial x_i}{\partial x_j} = \mathbb{1}(i = j)", [r"\frac{\partial x_i}{\partial x_j} = \mathbb{1}(i \neq j)"]),
    "symbol": (INDICES, r"\frac{\partial J}{\partial z_k} = z_k - t_k", [
        r"\frac{\partial J}{\partial t_k} = z_k - t_k",
        r"\frac{\partial J}{\partial \mathrm{net}_k} = z_k - t_k",
        r"\frac{\partial J}{\partial z_k} = t_k - t_k",
        r"\frac{\partial J}{\partial z_k} = \mathrm{net}_k - t_k",
        r"\frac{\partial J}{\partial z_k} = z_k - z_k",
        r"\frac{\partial J}{\partial z_k} = z_k - \mathrm{net}_k",
    ]),
}  # fmt: skip


def read(page: str, claim: str = "") -> tuple[Line, Stock]:
    """Return the last line of a page, with its scope."""
    groups, faults, _ = judged(read_page(f"{page}\n$${claim}$$\n" if claim else page, "a.md"))
    assert not faults
    last = [group for group in groups if group[0].line.kind in ("claim", "definition")][-1][-1]
    assert last.line.fault is None
    assert last.line.kind == "definition" or (last.outcome is not None and last.outcome.verdict == "agree"), last
    return last.line, Stock(last.context, last.evaluators[0])


def after(line: Line, edit: Edit) -> str:
    source = line.formula.latex
    return " ".join((source[: edit.span.start] + edit.text + source[edit.span.end :]).split())


@pytest.mark.parametrize("operator", PLANTED)
def test_what_an_operator_plants(operator: str) -> None:
    page, claim, planted = PLANTED[operator]
    line, stock = read(page, claim)
    found = [edit for edit in edits(line, stock) if edit.operator == operator]
    assert [after(line, edit) for edit in found] == planted
    for edit in found:
        changed = reread(line, edit, stock)
        assert changed is not None and changed.left is not None and changed.right is not None, edit
        assert line.left is not None and line.right is not None
        assert (e.bare(changed.left), e.bare(changed.right)) != (e.bare(line.left), e.bare(line.right)), edit
        assert "{was}" not in edit.words and len(edit.words.split()) > 1


def test_every_operator_is_shown_at_work() -> None:
    assert list(PLANTED) == [operator.name for operator in OPERATORS]


def operators(page: str, claim: str = "") -> set[str]:
    line, stock = read(page, claim)
    return {edit.operator for edit in edits(line, stock)}


def test_what_commutes_is_no_error() -> None:
    assert "order" not in operators(INDICES, r"\frac{\partial J}{\partial w_{kj}} = (z_k - t_k) \, f'(\mathrm{net}_k) \, y_j")


def test_of_a_definition_only_the_right_side() -> None:
    line, stock = read("$y := w x$ and $z := 2 y$.\n\n$z = 2 w x$.\n\n$$q := 3 z$$")
    assert line.kind == "definition"
    assert {after(line, edit)[:5] for edit in edits(line, stock)} == {"q := "}


def test_of_a_claim_behind_a_definition_only_what_it_adds() -> None:
    line, stock = read("$x \\in \\mathbb{R}$.\n\n$$y = x x = x^2$$")
    assert line.kind == "claim"
    assert {after(line, edit) for edit in edits(line, stock)} == {"y = x x = -x^2", "y = x x = x", "y = x x = x^3", "y = x x = y^2"}


def test_a_function_keeps_its_parameter() -> None:
    line, stock = read("$a \\in \\mathbb{R}$, $y := a x$.\n\n$$F(u) = a u + 1$$")
    afters = {after(line, edit) for edit in edits(line, stock)}
    assert "F(u) = a + 1" not in afters and not any(text.endswith("a x + 1") or text.endswith("a y + 1") for text in afters)


def test_the_pages_macros_and_names() -> None:
    page = """---
bpdocs: {names: [net]}
---
$\\newcommand{\\dd}[2]{\\frac{\\partial #1}{\\partial #2}}$ Here $net := w x$ and $y := net^2$.

$$\\dd{y}{w} = 2 net x$$"""
    line, stock = read(page)
    found = {after(line, edit): reread(line, edit, stock) for edit in edits(line, stock)}
    assert found["\\dd{y}{w} = 3 net x"] is not None
    assert found["\\dd{y}{w} = 2 net 1"] is not None


def test_a_step_past_the_last_is_not_there() -> None:
    page, claim, _ = PLANTED["shift layer"]
    groups, _, _ = judged(read_page(f"{page}\n$${claim}$$\n", "a.md"))
    group = groups[-1]
    first = Stock(group[0].context, group[0].evaluators[0])
    on = next(edit for edit in edits(group[0].line, first) if after(group[0].line, edit).startswith(r"\nabla_{W^{(l+1)}}"))
    there = {one.line.values: reread(one.line, on, Stock(one.context, None)) is not None for one in group if one.context is group[0].context}
    assert there[("l", 1),] and len(there) > 2


def test_a_line_read_again_under_another_word() -> None:
    line, stock = read(ARRAYS, r"\nabla_y J = W^{(2)\top} \delta")
    again = read_again(line, stock)
    assert again is not None and again.left is not None and line.left is not None
    assert e.bare(again.left) == e.bare(line.left)
