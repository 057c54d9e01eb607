"""Plots: what a gradient costs, the objective against one weight, and the error of numerical derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from bpdocs.figures.axes import Axes, Axis
from bpdocs.figures.chain import one_unit
from bpdocs.figures.drawing import Drawing, Role, check_lang
from bpdocs.figures.label import printed
from bpdocs.nn import (
    Activation,
    backward_matrix,
    central_difference,
    complex_step,
    forward,
    forward_difference,
    random_network,
    relative_error,
)
from bpdocs.nn.cost import forward_multiplications, gradient_multiplications


def cost_of_gradients(*, widths: Sequence[int] = (1, 2, 4, 8, 16, 32), lang: str = "ko") -> str:
    """What all of ∂J/∂w costs, in forward passes, against the number P of weights of a w-w-w network, for each width w.

    Finite differences need P + 1 passes; backpropagation's multiplications are counted while it runs. Returns inline SVG.
    Source: page 0.1.

    >>> "2048" in cost_of_gradients(lang="en")
    True
    """
    lang = check_lang(lang)
    weights = [2 * width * width for width in widths]
    differences = [float(P + 1) for P in weights]
    backprop = [gradient_multiplications(w, w, w) / forward_multiplications(w, w, w) for w in widths]
    last, times, many = f"{weights[-1]}", printed(backprop[-1], 1), f"{weights[-1] + 1}"
    title, desc, names, upper, lower = {
        "ko": (
            "그래디언트 전체를 얻는 비용과 가중치의 개수",
            f"가중치가 P개이면 유한 차분은 순전파 P + 1번이 든다. 역전파는 곱셈을 세어 보면 P와 거의 상관없이 순전파 {times}번 값이다. P = {last}일 때 {many}번 대 {times}번이다.",
            ("가중치의 개수 $P$", "비용 (순전파 1번 = 1)"),
            "유한 차분: $P + 1$",
            f"순전파 + 역전파: {times}",
        ),
        "en": (
            "The cost of the whole gradient against the number of weights",
            f"With P weights, finite differences take P + 1 forward passes. Backpropagation, its multiplications counted, costs as much "
            f"as {times} forward passes, almost whatever P is. At P = {last} that is {many} against {times}.",
            ("number of weights $P$", "cost (one forward pass = 1)"),
            "finite differences: $P + 1$",
            f"forward + backward: {times}",
        ),
    }[lang]
    drawing = Drawing(400, 310)
    top = 10 ** int(np.ceil(np.log10(differences[-1])))
    ticks = [10.0**power for power in range(round(np.log10(top)) + 1)]
    axes = Axes(drawing, Axis(1, top, ticks, names[0], log=True), Axis(1, top, ticks, names[1], log=True))
    axes.draw()
    axes.curve(weights, differences, "ink", marker="square")
    axes.curve(weights, backprop, "gradient", marker="circle")
    x, y = axes.at(weights[-1], differences[-1])
    drawing.text((x - 84, y + 4), upper, anchor="end", size=14, halo=True)
    x, y = axes.at(weights[-1], backprop[-1])
    drawing.text((x, y - 16), lower, "gradient", 14, "end", halo=True)
    return drawing.render("cost-of-gradients", lang, title=title, desc=desc)


def loss_against_weight(
    x: float = 0.5,
    w_ji: float = 0.4,
    w_kj: float = 0.7,
    t: float = 0.9,
    *,
    weight: Literal["w_ji", "w_kj"] = "w_kj",
    f: str | Activation = "sigmoid",
    eta: float = 30.0,
    lang: str = "ko",
) -> str:
    """J as a function of one weight of the 1-1-1 network, its tangent at the weight's value, and one step of gradient descent.

    ``eta`` is large by default so that the step can be seen. Returns inline SVG; raises ValueError for another weight.
    Source: page 0.1.

    >>> "−0.0404" in loss_against_weight(lang="en")
    True
    """
    lang = check_lang(lang)
    if weight not in ("w_ji", "w_kj"):
        raise ValueError(f"weight = {weight!r}, expected 'w_ji' or 'w_kj'")
    network, x_i, t_k = one_unit(x, w_ji, w_kj, t, f)
    matrix: Literal["W_ji", "W_kj"] = "W_ji" if weight == "w_ji" else "W_kj"
    here, slope = float(getattr(network, matrix)[0, 0]), float(getattr(backward_matrix(network, x_i, t_k), matrix)[0, 0])
    after = here - eta * slope

    def J(w: float) -> float:
        moved = replace(network, W_ji=np.array([[w]])) if weight == "w_ji" else replace(network, W_kj=np.array([[w]]))
        return float(forward(moved, x_i, t_k).J)

    reach = abs(after - here) or 0.5
    low, high = min(here, after) - 1.7 * reach, max(here, after) + 1.7 * reach
    ws = np.linspace(low, high, 121)
    Js = [J(float(w)) for w in ws]
    symbol = "$w_{ji}$" if weight == "w_ji" else "$w_{kj}$"
    numbers = {
        "w": printed(here, 2),
        "J": printed(J(here)),
        "slope": printed(slope),
        "new": printed(after, 2),
        "J2": printed(J(after)),
        "eta": f"{eta:g}",
    }
    title, desc, tangent = {
        "ko": (
            f"가중치 {weight} 하나에 대한 목적 함수 J, 접선, 경사 하강 한 걸음",
            f"지금: {weight} = {numbers['w']}, J = {numbers['J']}, 기울기 {numbers['slope']}. "
            f"η = {numbers['eta']}인 경사 하강 한 걸음 뒤: {weight} = {numbers['new']}, J = {numbers['J2']}.",
            f"기울기 {numbers['slope']}",
        ),
        "en": (
            f"The objective J against the one weight {weight}, its tangent, and one step of gradient descent",
            f"At {weight} = {numbers['w']}, J = {numbers['J']} and the slope is {numbers['slope']}. One step with η = {numbers['eta']} "
            f"leads to {weight} = {numbers['new']}, J = {numbers['J2']}.",
            f"slope {numbers['slope']}",
        ),
    }[lang]
    drawing = Drawing(400, 310)
    top = 1.12 * max(Js)
    axes = Axes(drawing, Axis(low, high, *_ticks(low, high, symbol)), Axis(0.0, top, *_ticks(0.0, top, "$J$")))
    axes.draw()
    axes.curve([float(w) for w in ws], Js, "value", 2.4)
    uphill, downhill = here - 0.7 * (after - here), here + 1.5 * (after - here)
    # the tangent ends where it meets J = 0
    downhill = here - J(here) / slope if abs(slope * (downhill - here)) > J(here) else downhill
    axes.curve([uphill, downhill], [J(here) + slope * (w - here) for w in (uphill, downhill)], "gradient", 1.8)
    start, end = axes.at(here, J(here)), axes.at(after, J(after))
    across = (end[0], start[1])
    for point in (start, end):
        drawing.line([point, (point[0], axes.frame[3])], "parameter", 1.2)
    drawing.line([across, end], "faint", 1.4)
    drawing.arrow(start, across, "parameter", 3, head=10)
    drawing.text(((start[0] + end[0]) / 2, start[1] - 10), f"$−η ∂J / ∂{symbol[1:]}", "parameter", 14, halo=True)
    for point in (start, end):
        axes.mark(point, "value", "circle", 5)
    # below the curve on the uphill side there is nothing, above it on the other there is nothing
    left = after > here
    behind, before = ("end", "start") if left else ("start", "end")
    away = 10 if left else -10
    drawing.text((start[0] - away, start[1] + 16), f"$J =$ {numbers['J']}", "value", 14, behind, halo=True)
    drawing.text((end[0] + away, end[1] - 8), f"$J =$ {numbers['J2']}", "value", 14, before, halo=True)
    drawing.text((start[0] - away, start[1] + 35), tangent, "gradient", 14, behind, halo=True)
    return drawing.render("loss-against-weight", lang, title=title, desc=desc)


def _ticks(low: float, high: float, name: str) -> tuple[Sequence[float], str, bool, int]:
    """The ticks of a linear axis: three to seven round numbers, with the axis' name and the decimals that they need."""
    decade = 10.0 ** np.floor(np.log10((high - low) / 3))
    spacing = decade * max(step for step in (1, 2, 5) if step * decade <= (high - low) / 3)
    found = [float(spacing * number) for number in range(int(np.ceil(low / spacing)), int(np.floor(high / spacing)) + 1)]
    return found, name, False, max(0, -int(np.floor(np.log10(spacing))))


def _power(exponent: float) -> str:
    return f"10^{round(exponent)}".replace("-", "−")


def error_against_step(n: int = 4, d: int = 3, c: int = 2, *, f: str | Activation = "tanh", seed: int = 0, lang: str = "ko") -> str:
    """The relative error of ∂J/∂W_ji by forward and central differences and by the complex step, against the step ε, log-log.

    The error is the largest over the entries, against the backward pass, on the seed's network at a random point. Errors below
    10⁻¹⁷ are drawn there. Returns inline SVG. Source: the page on how formulas are checked.

    >>> error_against_step(lang="en").count("<title")
    1
    """
    lang = check_lang(lang)
    network, x, t = random_network(n, d, c, f, seed=seed)
    right = backward_matrix(network, x, t).W_ji
    steps = [10.0**-power for power in range(20, 0, -1)]
    methods = {"forward": forward_difference, "central": central_difference, "complex": complex_step}
    errors = {name: [relative_error(method(network, x, t, "W_ji", step), right) for step in steps] for name, method in methods.items()}

    def best(name: str) -> tuple[str, str]:
        at = int(np.argmin(errors[name]))
        return _power(np.log10(steps[at])), _power(np.log10(errors[name][at]))

    (forward_step, forward_error), (central_step, central_error) = best("forward"), best("central")
    small = _power(np.ceil(np.log10(max(errors["complex"][:12]) + 1e-17)))
    title, desc, names, labels = {
        "ko": (
            "걸음 ε에 따른 수치 미분의 상대 오차",
            f"전진 차분은 ε = {forward_step}쯤에서 상대 오차 {forward_error}쯤이 가장 좋고, 중심 차분은 ε = {central_step}쯤에서 "
            f"{central_error}쯤이 가장 좋다. ε를 더 줄이면 뺄셈에서 자릿수를 잃어 오차가 다시 커진다. "
            f"복소 걸음은 빼지 않으므로 ε가 아무리 작아도 {small} 아래다.",
            ("걸음 $ε$", "상대 오차"),
            {"forward": "전진 차분", "central": "중심 차분", "complex": "복소 걸음"},
        ),
        "en": (
            "The relative error of numerical derivatives against the step ε",
            f"Forward differences are best near ε = {forward_step}, with a relative error of about {forward_error}; central differences "
            f"near ε = {central_step}, with about {central_error}. For smaller ε the subtraction loses digits and the error grows again. "
            f"The complex step subtracts nothing: however small ε is, its error stays below {small}.",
            ("step $ε$", "relative error"),
            {"forward": "forward difference", "central": "central difference", "complex": "complex step"},
        ),
    }[lang]
    drawing = Drawing(400, 354)
    axes = Axes(
        drawing,
        Axis(1e-20, 1e-1, [1e-20, 1e-16, 1e-12, 1e-8, 1e-4], names[0], log=True),
        Axis(1e-17, 10.0, [1e-16, 1e-12, 1e-8, 1e-4, 1.0], names[1], log=True),
        (52, 34, 388, 262),
    )
    axes.draw()
    looks: dict[str, tuple[Role, str]] = {"forward": ("ink", "square"), "central": ("value", "circle"), "complex": ("gradient", "diamond")}
    for name, (role, marker) in looks.items():
        axes.curve(steps, errors[name], role, 1.8, marker=marker)
    axes.key(324, [(labels[name], *looks[name]) for name in looks])
    return drawing.render("error-against-step", lang, title=title, desc=desc)
