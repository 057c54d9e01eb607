"""A batch: the examples as rows, and the sums down the columns that make the gradients of weights and biases."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bpdocs.figures.drawing import MATHS, SMALL, Drawing, Point, Role, check_lang
from bpdocs.figures.label import printed
from bpdocs.nn import Array, Network, backward_batch, forward_batch, random_network

_CELL = (56.0, 30.0)


def stacked_rows(N: int = 4, *, j: int = 3, k: int = 2, seed: int = 3, lang: str = "ko") -> str:
    """Δ⁽²⁾ and Y of a batch of N examples, one row each, and ∂J/∂W⁽²⁾ = Δᵀ Y and ∂J/∂b⁽²⁾ = Δᵀ 1 below, in numbers.

    The network has 3 hidden units and 2 outputs; the entry in row ``k``, column ``j`` is highlighted with the columns that it
    comes from. Returns inline SVG; raises ValueError for an entry that there is not, and unless 1 ≤ N ≤ 8. Source: page 1.6.

    >>> stacked_rows(lang="en").count("<title")
    1
    >>> stacked_rows(0)
    Traceback (most recent call last):
    ValueError: N = 0, expected 1 to 8 examples
    """
    lang = check_lang(lang)
    if not 1 <= N <= 8:
        raise ValueError(f"N = {N}, expected 1 to 8 examples")
    if not (1 <= j <= 3 and 1 <= k <= 2):
        raise ValueError(f"row k = {k}, column j = {j}: the matrix is 2×3")
    network, X, T = random_batch(N, seed)
    Delta, Y, gradients = backward_batch(network, X, T).net_k, forward_batch(network, X, T).y_j, backward_batch(network, X, T)
    weight, bias = printed(float(gradients.W_kj[k - 1, j - 1]), 3), printed(float(gradients.b_k[k - 1]), 3)
    title, desc, words, roles = {
        "ko": (
            "예제마다 한 줄: 열을 따라 더하면 그래디언트가 된다",
            f"예제 {N}개의 민감도 Δ는 {N}×2, 은닉층의 출력 Y는 {N}×3이다. Δ의 {k}열과 Y의 {j}열을 같은 줄끼리 곱해 더하면 가중치의 그래디언트의 {k}행 {j}열 {weight}이고, "
            f"Δ의 {k}열을 그냥 더하면 편향의 그래디언트 {bias}이다.",
            ("같은 줄끼리 곱해", "더한다"),
            ("값", "그래디언트"),
        ),
        "en": (
            "One row an example: sums down the columns make the gradients",
            f"The sensitivities Δ of {N} examples are {N}×2, the hidden outputs Y are {N}×3. Column {k} of Δ times column {j} of Y, row by row, adds up to "
            f"{weight}, row {k} and column {j} of the weights' gradient; column {k} of Δ alone adds up to {bias}, the gradient of a bias.",
            ("multiply row by row", "and add"),
            ("value", "gradient"),
        ),
    }[lang]
    left, right, top = 64.0, 212.0, 66.0
    below = top + N * _CELL[1] + 66
    drawing = Drawing(400, below + 2 * _CELL[1] + 124)
    drawing.text((left + _CELL[0], 24), "$Δ^{(2)}$", "gradient", MATHS)
    drawing.text((left + _CELL[0], 46), f"${N} × 2$", size=14)
    drawing.text((right + 1.5 * _CELL[0], 24), "$Y$", "value", MATHS)
    drawing.text((right + 1.5 * _CELL[0], 46), f"${N} × 3$", size=14)
    for p in range(N):
        drawing.text((left - 10, top + (p + 0.5) * _CELL[1] + 5), f"$p = {p + 1}$", size=14, anchor="end")
    _matrix(drawing, (left, top), Delta, "gradient", lambda _, column: column == k - 1)
    _matrix(drawing, (right, top), Y, "value", lambda _, column: column == j - 1)
    _matrix(drawing, (left + _CELL[0] / 2, below), gradients.b_k[:, None], "gradient", lambda row, _: row == k - 1)
    _matrix(drawing, (right, below), gradients.W_kj, "gradient", lambda row, column: (row, column) == (k - 1, j - 1))
    foot, target = top + N * _CELL[1] + 4, below - 5
    column_k, column_j = left + (k - 0.5) * _CELL[0], right + (j - 0.5) * _CELL[0]
    drawing.arrow((column_j, foot), (column_j, target), "gradient", 2)
    drawing.line([(column_k, foot), (column_k, foot + 16), (column_j, foot + 16)], "gradient", 1.6)
    drawing.line([(column_k, foot + 16), (left + _CELL[0], foot + 16)], "gradient", 1.6)
    drawing.arrow((left + _CELL[0], foot + 16), (left + _CELL[0], target), "gradient", 2)
    beside, anchor = (12.0, "start") if j == 1 else (-12.0, "end")
    drawing.text((column_j + beside, foot + 34), words[0], anchor=anchor)
    drawing.text((column_j + beside, foot + 51), words[1], anchor=anchor)
    drawing.text((left + _CELL[0] - 12, foot + 42), words[1].removeprefix("and "), anchor="end")
    bottom = below + 2 * _CELL[1]
    drawing.text((left + _CELL[0], bottom + 26), "$∂J / ∂b^{(2)} = Δ^{(2)⊤} 1$", size=15)
    drawing.text((right + 1.5 * _CELL[0], bottom + 26), "$∂J / ∂W^{(2)} = Δ^{(2)⊤} Y$", size=15)
    drawing.text((left + _CELL[0], bottom + 52), f"$Σ_p Δ_{{p{k}}} =$ {bias}", size=15)
    drawing.text((right + 1.5 * _CELL[0], bottom + 52), f"$Σ_p Δ_{{p{k}}} Y_{{p{j}}} =$ {weight}", size=15)
    drawing.legend(bottom + 96, [("value", roles[0]), ("gradient", roles[1])], start=100)
    return drawing.render("stacked-rows", lang, title=title, desc=desc)


def random_batch(N: int, seed: int = 0, *, f: str = "tanh") -> tuple[Network, Array, Array]:
    """A 4-3-2 network with N inputs (N × 4) and N targets (N × 2), one example a row.

    >>> network, X, T = random_batch(5)
    >>> X.shape, T.shape
    ((5, 4), (5, 2))
    """
    network = random_network(4, 3, 2, f, seed=seed)[0]
    examples = [random_network(4, 3, 2, f, seed=seed + p)[1:] for p in range(1, N + 1)]
    return network, np.array([x for x, _ in examples]), np.array([t for _, t in examples])


def _matrix(drawing: Drawing, corner: Point, numbers: Array, role: Role, marked: Callable[[int, int], bool]) -> None:
    """Draw a matrix of numbers in cells, with those that are marked tinted, and its brackets."""
    rows, columns = numbers.shape
    for row in range(rows):
        for column in range(columns):
            at = (corner[0] + (column + 0.5) * _CELL[0], corner[1] + (row + 0.5) * _CELL[1])
            here = marked(row, column)
            label = printed(float(numbers[row, column]), 3)
            drawing.box(at, (_CELL[0] - 4, _CELL[1] - 4), role, label, font=SMALL, thickness=2.2 if here else 0.7, radius=4, tint=0.14 if here else 0)
    right, bottom = corner[0] + columns * _CELL[0], corner[1] + rows * _CELL[1]
    for x, inwards in ((corner[0] - 2, 6), (right + 2, -6)):
        drawing.line([(x + inwards, corner[1] - 1), (x, corner[1] - 1), (x, bottom + 1), (x + inwards, bottom + 1)], "ink", 1.6)
