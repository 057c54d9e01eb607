"""Gradient descent in a long valley: one start, three learning rates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import numpy as np

from bpdocs.figures.drawing import Drawing, Point, check_lang
from bpdocs.figures.label import printed
from bpdocs.nn.descent import descend

_WIDTH, _HEIGHT, _SCALE = 400.0, 168.0, 50.0
_LEVELS = (0.25, 1.0, 2.5, 4.5, 7.0)


def descent_paths(
    curvatures: tuple[float, float] = (1.0, 8.0),
    start: tuple[float, float] = (-3.2, 0.5),
    etas: Sequence[float] = (0.03, 0.2, 0.262),
    *,
    steps: int = 10,
    lang: str = "ko",
) -> str:
    """The contours of J = ½ (a w_1² + b w_2²) and, a panel for each learning rate, the path of gradient descent on it.

    ``curvatures`` are a and b, a path that leaves its panel is drawn up to there. Returns inline SVG; raises ValueError
    unless both curvatures are positive and there is at least one step. Source: page 1.12.

    >>> "0.262" in descent_paths(lang="en")
    True
    """
    lang = check_lang(lang)
    slopes = np.array(curvatures)
    if not (slopes > 0).all() or steps < 1:
        raise ValueError(f"curvatures {curvatures} and steps = {steps}: expected positive curvatures and at least one step")

    def J(w: np.ndarray) -> float:
        return float(0.5 * np.sum(slopes * w**2))

    paths = [descend(lambda w: slopes * w, np.array(start), eta, steps) for eta in etas]
    ends = [printed(J(path[-1]), 3) for path in paths]
    first, limit = printed(J(np.array(start)), 3), f"{2 / slopes.max():g}"
    listed = "; ".join(f"η = {eta:g}: J = {end}" for eta, end in zip(etas, ends, strict=True))
    title, desc, words = {
        "ko": (
            "길쭉한 골짜기에서 세 가지 학습률로 내려가기",
            f"곡률이 {curvatures[0]:g}과 {curvatures[1]:g}인 골짜기의 등고선 위에서 J = {first}인 같은 점에서 출발해 {steps}걸음을 간다. {listed}. "
            f"한계는 2를 큰 곡률로 나눈 {limit}이다.",
            "걸음",
        ),
        "en": (
            "Down a long valley with three learning rates",
            f"On the contours of a valley with the curvatures {curvatures[0]:g} and {curvatures[1]:g}, {steps} steps from the same start, where J = {first}. "
            f"{listed}. The limit is 2 divided by the larger curvature, {limit}.",
            " steps",
        ),
    }[lang]
    drawing = Drawing(_WIDTH, len(etas) * _HEIGHT + 6)
    for panel, (eta, path, end) in enumerate(zip(etas, paths, ends, strict=True)):
        top = panel * _HEIGHT + 34
        middle = top + (_HEIGHT - 40) / 2

        def at(w: np.ndarray, middle: float = middle) -> Point:
            return _WIDTH / 2 + _SCALE * float(w[0]), middle - _SCALE * float(w[1])

        def fits(w: np.ndarray, middle: float = middle) -> bool:
            x, y = at(w, middle)
            return abs(x - _WIDTH / 2) < _WIDTH / 2 - 4 and abs(y - middle) < (_HEIGHT - 32) / 2

        drawing.text((14, top - 12), f"$η =$ {eta:g}", size=15, anchor="start", bold=True)
        drawing.text((_WIDTH - 14, top - 12), f"{steps}{words}: $J =$ {first} → {end}", "value", anchor="end")
        for level in _LEVELS:
            radii = np.sqrt(2 * level / slopes)
            ring = [at(radii * np.array([np.cos(turn), np.sin(turn)])) for turn in np.linspace(0, 2 * np.pi, 73)]
            drawing.line([(min(max(x, 6.0), _WIDTH - 6), y) for x, y in ring], "faint", 1)
        seen = [at(w) for w in takewhile(fits, path)]
        drawing.line(seen, "gradient", 1.8)
        for point in seen:
            drawing.circle(point, 3, "parameter", thickness=1.6)
        drawing.circle(seen[0], 5, "parameter", thickness=2.4)
        drawing.diamond(at(np.zeros(2)), 7)
    return drawing.render("descent-paths", lang, title=title, desc=desc)
