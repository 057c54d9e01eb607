"""The weights as a matrix: why the backward pass runs down the columns, and how two vectors fill the gradient."""

from __future__ import annotations

from collections.abc import Callable

from bpdocs.figures.drawing import MATHS, SMALL, Drawing, Role, check_lang

_CELL = (54.0, 38.0)
_LEFT, _TOP = 84.0, 84.0


def row_and_column_sums(d: int = 4, c: int = 3, *, j: int = 3, k: int = 2, lang: str = "ko") -> str:
    """The matrix W of the w_kj: forward, net_k sums along row k; backward, ∂J/∂y_j sums down column j. Hence the transpose.

    ``d`` ≤ 4 columns and ``c`` ≤ 6 rows are drawn; ``j`` and ``k`` count from 1. Returns inline SVG; raises ValueError for an
    entry that the matrix does not have. Source: page 1.5.

    >>> row_and_column_sums(lang="en").count("<title")
    1
    """
    lang = check_lang(lang)
    _check_entry(d, c, j, k)
    title, desc, forward, backward, roles = {
        "ko": (
            "순전파는 행을 따라, 역전파는 열을 따라 더한다",
            f"{c}×{d} 행렬 W에서 순입력 net_{k}의 값은 {k}행의 가중치에 y를 곱해 더한 것이고, "
            f"∂J/∂y_{j}의 값은 {j}열의 가중치에 δ를 곱해 더한 것이다. 열을 따라 더하는 곱이 전치 행렬의 곱이다: ∂J/∂y = Wᵀδ.",
            f"{k}행을 따라",
            f"{j}열을 따라",
            ("순전파", "가중치", "역전파"),
        ),
        "en": (
            "The forward pass sums along rows, the backward pass down columns",
            f"In the {c}×{d} matrix W, the net input net_{k} is the sum along row {k} of weights times y, and ∂J/∂y_{j} is the sum "
            f"down column {j} of weights times δ. The product that sums down columns is that of the transpose: ∂J/∂y = Wᵀδ.",
            f"along row {k}",
            f"down column {j}",
            ("forward", "weight", "backward"),
        ),
    }[lang]
    right, bottom = _LEFT + d * _CELL[0], _TOP + c * _CELL[1]
    drawing = Drawing(400, bottom + 196)
    _grid(drawing, d, c, lambda row, column: f"$w_{{{row}{column}}}$", lambda row, column: 0.12 * (row == k) + 0.12 * (column == j))
    x, y = _centre(j, k)
    for column in range(1, d + 1):
        drawing.circle((_centre(column, 1)[0], _TOP - 52), 17, "value", f"$y_{column}$", thickness=2.2)
    drawing.box(((_LEFT + right) / 2, y), (d * _CELL[0] - 3, _CELL[1] - 3), "value", thickness=2.6, radius=8, hollow=True)
    drawing.box((x, (_TOP + bottom) / 2), (_CELL[0] - 3, c * _CELL[1] - 3), "gradient", thickness=2.6, radius=8, hollow=True, dash=True)
    for column in range(1, d + 1):
        drawing.arrow((_centre(column, 1)[0], _TOP - 33), (_centre(column, 1)[0], _TOP - 3), "value", head=6)
    for row in range(1, c + 1):
        at = _centre(1, row)[1]
        drawing.box((30, at), (34, 28), "gradient", f"$δ_{row}$", radius=8, dash=True)
        drawing.arrow((50, at), (_LEFT - 4, at), "gradient", head=6)
        if row != k:
            drawing.text((right + 20, at + 5), f"$net_{row}$", "ink", 15, "start")
    drawing.arrow((right + 2, y), (right + 22, y), "value", 2.2)
    drawing.text((right + 27, y + 5), f"$net_{k}$", "value", 17, "start", bold=True)
    drawing.arrow((x, bottom + 2), (x, bottom + 24), "gradient", 2.2)
    drawing.text((x, bottom + 43), f"$∂J / ∂y_{j}$", "gradient", 17, bold=True)
    base = bottom + 78
    drawing.text((14, base), forward, "value", SMALL, "start", bold=True)
    drawing.text((122, base), f"$net_{k} = Σ_j y_j w_{{{k}j}}$", size=MATHS, anchor="start")
    drawing.text((386, base), "$net = W y$", size=MATHS, anchor="end")
    drawing.text((14, base + 28), backward, "gradient", SMALL, "start", bold=True)
    drawing.text((122, base + 28), f"$∂J/∂y_{j} = Σ_k w_{{k{j}}} δ_k$", size=MATHS, anchor="start")
    drawing.text((386, base + 28), "$∂J/∂y = W^⊤ δ$", size=MATHS, anchor="end")
    drawing.text((200, base + 60), f"$W$: $c × d = {c} × {d}$,   $W^⊤$: $d × c = {d} × {c}$", size=15)
    drawing.legend(base + 90, [("value", roles[0]), ("gradient", roles[2])], start=90)
    return drawing.render("row-and-column-sums", lang, title=title, desc=desc)


def outer_product(d: int = 4, c: int = 3, *, j: int = 3, k: int = 2, lang: str = "ko") -> str:
    """The column δ times the row yᵀ fills the c × d gradient ∂J/∂W: the cell in row k and column j is δ_k y_j.

    ``d`` ≤ 4 columns and ``c`` ≤ 6 rows are drawn; ``j`` and ``k`` count from 1. Returns inline SVG; raises ValueError for an
    entry that the matrix does not have. Source: page 1.5.

    >>> outer_product(j=5, lang="en")
    Traceback (most recent call last):
    ValueError: row k = 2, column j = 5: the matrix is 3×4 (at most 6×4 can be drawn)
    """
    lang = check_lang(lang)
    _check_entry(d, c, j, k)
    title, desc, words, roles = {
        "ko": (
            "열벡터 δ와 행벡터 yᵀ의 외적이 그래디언트 행렬을 채운다",
            f"{c}×{d} 행렬 ∂J/∂W의 k행 j열 성분은 δ_k y_j다. 강조한 칸은 {k}행 {j}열, 값은 δ_{k} y_{j}. 모양은 ({c}×1)·(1×{d}) = {c}×{d}로 W와 같다.",
            "모양",
            ("활성값 $y_j$", "민감도 $δ_k$"),
        ),
        "en": (
            "The outer product of the column δ and the row yᵀ fills the gradient matrix",
            f"In the {c}×{d} matrix ∂J/∂W, the entry in row k and column j is δ_k y_j. The highlighted cell, row {k} and column {j}, is "
            f"δ_{k} y_{j}. The shape is ({c}×1)·(1×{d}) = {c}×{d}, that of W.",
            "shape",
            ("activation $y_j$", "sensitivity $δ_k$"),
        ),
    }[lang]
    bottom = _TOP + c * _CELL[1]
    drawing = Drawing(400, bottom + 116)
    _grid(
        drawing,
        d,
        c,
        lambda row, column: f"$δ_{row} y_{column}$",
        lambda row, column: 0.1 * (row == k) + 0.1 * (column == j),
        role="gradient",
    )
    for column in range(1, d + 1):
        at = _centre(column, 1)[0]
        drawing.circle((at, _TOP - 52), 17, "value", f"$y_{column}$", thickness=2.6 if column == j else 1.6)
    for row in range(1, c + 1):
        drawing.box((30, _centre(1, row)[1]), (34, 28), "gradient", f"$δ_{row}$", radius=8, dash=True, thickness=2.6 if row == k else 1.6)
    x, y = _centre(j, k)
    drawing.arrow((x, _TOP - 32), (x, _TOP - 3), "value", 2.2)
    drawing.arrow((49, y), (_LEFT - 4, y), "gradient", 2.2)
    drawing.box((x, y), (_CELL[0] - 2, _CELL[1] - 2), "gradient", thickness=3, radius=6, hollow=True)
    drawing.text((200, bottom + 38), f"$∂J / ∂W = δ y^⊤ ,    ∂J / ∂w_{{{k}{j}}} = δ_{k} y_{j}$", size=MATHS)
    drawing.text((200, bottom + 68), f"{words}: $({c} × 1) · (1 × {d}) = {c} × {d}$", size=15)
    drawing.legend(bottom + 102, [("value", roles[0]), ("gradient", roles[1])], start=80)
    return drawing.render("outer-product", lang, title=title, desc=desc)


def _centre(column: int, row: int) -> tuple[float, float]:
    return _LEFT + (column - 0.5) * _CELL[0], _TOP + (row - 0.5) * _CELL[1]


def _grid(drawing: Drawing, d: int, c: int, label: Callable[[int, int], str], tint: Callable[[int, int], float], *, role: Role = "parameter") -> None:
    """Draw a c × d matrix cell by cell, with a label and a tint for each, and its brackets."""
    right, bottom = _LEFT + d * _CELL[0], _TOP + c * _CELL[1]
    for row in range(1, c + 1):
        for column in range(1, d + 1):
            drawing.box(
                _centre(column, row),
                (_CELL[0] - 4, _CELL[1] - 4),
                role,
                label(row, column),
                thickness=0.8,
                radius=4,
                tint=tint(row, column),
            )
    for x, inwards in ((_LEFT - 1, 6), (right + 1, -6)):
        drawing.line([(x + inwards, _TOP - 2), (x, _TOP - 2), (x, bottom + 2), (x + inwards, bottom + 2)], "ink", 1.8)


def _check_entry(d: int, c: int, j: int, k: int) -> None:
    if not (1 <= j <= d <= 4 and 1 <= k <= c <= 6):
        raise ValueError(f"row k = {k}, column j = {j}: the matrix is {c}×{d} (at most 6×4 can be drawn)")
