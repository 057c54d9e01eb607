"""Softmax: the Jacobian of its outputs by its net inputs, and how the cross-entropy pushes each net input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpdocs.figures.drawing import MATHS, SMALL, Drawing, check_lang
from bpdocs.figures.label import printed
from bpdocs.nn.softmax import cross_entropy_gradient, softmax, softmax_jacobian

_CELL = (60.0, 42.0)
_LEFT, _TOP = 96.0, 74.0


def softmax_jacobian_map(net: Sequence[float] = (2.0, 1.0, 0.2, -1.0), *, lang: str = "ko") -> str:
    """The Jacobian ∂z/∂net as a map, a row for each output, a column for each net input, with the sums of both beside it.

    ``net`` has 2 to 4 entries. Returns inline SVG; raises ValueError for another number of them. Source: page 1.10.

    >>> "−0.147" in softmax_jacobian_map(lang="en")
    True
    """
    lang = check_lang(lang)
    c = len(net)
    if not 2 <= c <= 4:
        raise ValueError(f"net has {c} entries, from 2 to 4 can be drawn")
    z, jacobian = softmax(np.array(net)), softmax_jacobian(np.array(net))
    own, other = printed(float(jacobian[0, 0]), 3), printed(float(jacobian[0, 1]), 3)
    title, desc, words, rules = {
        "ko": (
            "소프트맥스의 야코비 행렬",
            f"클래스 {c}개의 야코비 행렬 ∂z/∂net. 대각 성분은 양수 z_k (1 − z_k)이고 나머지는 모두 음수 −z_k z_m이다. "
            f"예를 들어 1행 1열은 {own}, 1행 2열은 {other}. 행의 합과 열의 합은 모두 0이다.",
            ("움직인 순입력", "합"),
            ("대각선 $k = m$:", "나머지 $k ≠ m$:"),
        ),
        "en": (
            "The Jacobian of softmax",
            f"The Jacobian ∂z/∂net for {c} classes. On the diagonal stands the positive z_k (1 − z_k), everywhere else the negative −z_k z_m: "
            f"row 1, column 1 is {own}; row 1, column 2 is {other}. All rows and all columns sum to 0.",
            ("net input that moves", "sum"),
            ("diagonal $k = m$:", "all others $k ≠ m$:"),
        ),
    }[lang]
    right, bottom = _LEFT + c * _CELL[0], _TOP + c * _CELL[1]
    drawing = Drawing(400, bottom + 110)
    drawing.text(((_LEFT + right) / 2, 18), words[0])
    largest = float(np.abs(jacobian).max())
    for k in range(c):
        y = _TOP + (k + 0.5) * _CELL[1]
        x = _LEFT + (k + 0.5) * _CELL[0]
        drawing.text((x, 40), f"$net_{k + 1}$", size=15)
        drawing.text((x, 60), printed(net[k], 1), "value")
        drawing.circle((26, y), 17, "value", f"$z_{k + 1}$")
        drawing.text((50, y + 5), printed(float(z[k]), 2), "value", anchor="start")
        for m in range(c):
            entry = float(jacobian[k, m])
            at = (_LEFT + (m + 0.5) * _CELL[0], y)
            size = (_CELL[0] - 4, _CELL[1] - 4)
            drawing.box(at, size, "gradient", thickness=2.6 if k == m else 0.8, tint=0.04 + 0.36 * abs(entry) / largest, radius=4)
            drawing.text((at[0], y + 5), printed(entry, 3), size=13.2, bold=k == m)
        drawing.text((right + 30, y + 5), printed(float(jacobian[k].sum()), 1), "gradient", 14)
        drawing.text((x, bottom + 22), printed(float(jacobian[:, k].sum()), 1), "gradient", 14)
    drawing.text((right + 30, 60), words[1])
    drawing.text((50, bottom + 22), words[1])
    for row, (rule, formula) in enumerate(zip(rules, ("$z_k (1 − z_k) > 0$", "$−z_k z_m < 0$"), strict=True)):
        drawing.text((186, bottom + 62 + 28 * row), rule, size=14, anchor="end", bold=row == 0)
        drawing.text((198, bottom + 62 + 28 * row), formula, size=MATHS, anchor="start")
    return drawing.render("softmax-jacobian-map", lang, title=title, desc=desc)


def softmax_pushes(net: Sequence[float] = (2.0, 1.0, -1.0), right: int = 2, *, lang: str = "ko") -> str:
    """The shares z as bars, the one-hot target as diamonds, and as arrows −δ = t − z, the push on each net input.

    ``net`` has 2 to 5 entries; ``right`` is the right class, counted from 1. Returns inline SVG; raises ValueError otherwise.
    Source: page 1.10.

    >>> "+0.741" in softmax_pushes(lang="en")
    True
    """
    lang = check_lang(lang)
    c = len(net)
    if not (2 <= c <= 5 and 1 <= right <= c):
        raise ValueError(f"class {right} of {c}: from 2 to 5 classes can be drawn, counted from 1")
    t = np.eye(c)[right - 1]
    z, pushes = softmax(np.array(net)), -cross_entropy_gradient(np.array(net), t)
    shown = [("+" if push > 0 else "") + printed(float(push), 3) for push in pushes]
    listed = ", ".join(f"z_{k + 1} = {printed(float(z[k]), 3)}, −δ_{k + 1} = {shown[k]}" for k in range(c))
    title, desc, roles = {
        "ko": (
            "교차 엔트로피가 순입력을 미는 방향과 크기",
            f"정답은 {right}번 클래스. {listed}. 정답의 순입력은 위로, 나머지는 아래로 밀리고 모두 더하면 0이다.",
            ("몫 $z_k$", "목푯값 $t_k$", "미는 힘 $−δ_k$"),
        ),
        "en": (
            "Which way and how hard the cross-entropy pushes each net input",
            f"Class {right} is the right one. {listed}. The net input of the right class is pushed up, the others down, and the pushes sum to 0.",
            ("share $z_k$", "target $t_k$", "push $−δ_k$"),
        ),
    }[lang]
    low, high, row = 84.0, 372.0, 66.0
    drawing = Drawing(400, 26 + c * row + 70)

    def across(share: float) -> float:
        return low + (high - low) * share

    bottom = 14 + c * row
    for tick in (0.0, 0.5, 1.0):
        drawing.line([(across(tick), 10), (across(tick), bottom)], "faint", 0.7, opacity=0.6)
        drawing.text((across(tick), bottom + 17), printed(tick, 1))
    for k in range(c):
        y = 14 + (k + 0.62) * row
        share, target = float(z[k]), float(t[k])
        drawing.text((12, y - 4), f"$net_{k + 1}$", size=15, anchor="start", bold=k + 1 == right)
        drawing.text((12, y + 15), printed(net[k], 1), "value", anchor="start")
        drawing.box(((across(0) + across(share)) / 2, y), (across(share) - across(0), 20), "value", radius=2, tint=0.25)
        if abs(across(target) - across(share)) > 8:
            drawing.arrow((across(share), y - 20), (across(target), y - 20), "gradient", 2.4)
        drawing.diamond((across(target), y), 8)
        middle, beyond = (across(share) + across(target)) / 2, max(across(share), across(target)) + 10
        at, anchor = ((min(middle, 340), y - 27), "middle") if k + 1 == right else ((beyond, y - 16), "start")
        drawing.text(at, f"$−δ_{k + 1} =$ {shown[k]}", "gradient", SMALL, anchor, halo=True)
    drawing.legend(bottom + 46, [("value", roles[0]), ("target", roles[1]), ("gradient", roles[2])])
    return drawing.render("softmax-pushes", lang, title=title, desc=desc)
