"""What a difference makes of a kink."""

from __future__ import annotations

import numpy as np

from bpdocs.figures.axes import Axes, Axis
from bpdocs.figures.drawing import Drawing, Role, check_lang
from bpdocs.figures.label import printed
from bpdocs.nn import relu


def kink_differences(nudges: tuple[float, float] = (0.5, 0.1), at: float = 0.2, *, lang: str = "ko") -> str:
    """ReLU's derivative about its kink and the central differences of two nudges, which run up a ramp; the error at one point.

    ``nudges`` lie between 0 and 1, the longer one first; ``at`` lies between 0 and the longer nudge. Returns inline SVG; raises
    ValueError otherwise. Source: page 1.11.

    >>> "0.70" in kink_differences(lang="en")
    True
    """
    lang = check_lang(lang)
    long, short = nudges
    if not 0 < short < long < 1 or not 0 < at < long:
        raise ValueError(f"nudges {nudges} and point {at}: expected 1 > long > short > 0 and 0 < point < long")

    def difference(u: np.ndarray, nudge: float) -> np.ndarray:
        return np.asarray((relu(u + nudge) - relu(u - nudge)) / (2 * nudge))

    found = printed(float(difference(np.array(at), long)), 2)
    title, desc, names, labels = {
        "ko": (
            "꺾인 곳 둘레의 도함수와 중심 차분",
            f"ReLU의 도함수는 0에서 0에서 1로 뛴다. 걸음이 {long:g}인 중심 차분은 −{long:g}에서 {long:g}까지 비탈이 되어, u = {at:g}에서 1이 아니라 {found}다. "
            f"걸음이 {short:g}이면 비탈이 좁아지고 그 점에서는 맞는다.",
            ("$u$", "기울기"),
            ("도함수", f"중심 차분, $ε =$ {long:g}", f"중심 차분, $ε =$ {short:g}"),
        ),
        "en": (
            "The derivative about a kink, and central differences",
            f"The derivative of ReLU jumps from 0 to 1 at 0. The central difference with a nudge of {long:g} is a ramp from −{long:g} to {long:g}: at u = {at:g} it "
            f"gives {found} instead of 1. With a nudge of {short:g} the ramp is narrower, and the value at that point is right.",
            ("$u$", "slope"),
            ("derivative", f"central difference, $ε =$ {long:g}", f"central difference, $ε =$ {short:g}"),
        ),
    }[lang]
    drawing = Drawing(400, 366)
    axes = Axes(drawing, Axis(-1.0, 1.0, (-1.0, -long, 0.0, long, 1.0), names[0], digits=1), Axis(-0.1, 1.15, (0.0, 0.5, 1.0), names[1], digits=1))
    axes.draw()
    looks: tuple[tuple[Role, str], ...] = (("gradient", ""), ("value", "circle"), ("ink", "square"))
    for nudge, (role, marker) in zip(nudges, looks[1:], strict=True):
        us = np.array([-1.0, -0.75, -long, -0.5 * long, -nudge, 0.0, nudge, 0.5 * long, long, 0.75, 1.0])
        us = np.unique(us)
        axes.curve([float(u) for u in us], [float(d) for d in difference(us, nudge)], role, 2, marker=marker)
    for side in (np.array([-1.0, -1e-9]), np.array([1e-9, 1.0])):
        axes.curve([float(u) for u in side], [float(d) for d in relu.derivative(side)], "gradient", 3)
    low, high = axes.at(at, float(difference(np.array(at), long))), axes.at(at, 1.0)
    drawing.line([low, high], "target", 2.4)
    drawing.text((low[0] + 9, low[1] + 16), found, "value", 14, "start", halo=True)
    axes.key(322, [(label, *look) for label, look in zip(labels, looks, strict=True)])
    return drawing.render("kink-differences", lang, title=title, desc=desc)
