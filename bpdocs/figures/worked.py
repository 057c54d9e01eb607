"""The worked 2-2-2 network: its numbers on a drawing, before and after one step in a table, and over many steps in another."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Literal

import numpy as np

from bpdocs.figures.drawing import Drawing, Point, Role, check_lang
from bpdocs.figures.label import printed
from bpdocs.figures.table import html_table
from bpdocs.nn import Array, Network, backward_matrix, forward, sigmoid, step

Kind = Literal["right", "slip", "biases"]

_INPUTS, _HIDDEN, _OUTPUTS, _OBJECTIVE = 34.0, 158.0, 282.0, 368.0
_ROWS = (84.0, 204.0)


def worked_network() -> tuple[Network, Array, Array]:
    """The 2-2-2 sigmoid network, input and target of the page of worked numbers; those that M. Mazur chose in 2015.

    >>> network, x, t = worked_network()
    >>> f"{forward(network, x, t).J:.9f}"
    '0.298371109'
    """
    network = Network(np.array([[0.15, 0.20], [0.25, 0.30]]), np.array([[0.40, 0.45], [0.50, 0.55]]), sigmoid, np.array([0.35, 0.35]), np.array([0.60, 0.60]))
    return network, np.array([0.05, 0.10]), np.array([0.01, 0.99])


def worked_wires(digits: int = 4, *, lang: str = "ko") -> str:
    """The worked network with each unit's value above it and ∂J/∂ of it below, and each weight on its wire.

    Returns inline SVG. Source: page 1.4.

    >>> "0.7514" in worked_wires(lang="en") and "−0.2171" in worked_wires(lang="en")
    True
    """
    lang = check_lang(lang)
    network, x, t = worked_network()
    v, g = forward(network, x, t), backward_matrix(network, x, t)
    ahead = f"y = ({_list(v.y_j, digits)}), z = ({_list(v.z_k, digits)}), J = {printed(float(v.J), digits)}"
    back = f"∂J/∂z = ({_list(g.z_k, digits)}), ∂J/∂y = ({_list(g.y_j, digits)}), ∂J/∂x = ({_list(g.x_i, digits)})"
    title, desc, roles = {
        "ko": (
            "2-2-2 신경망의 모든 값과 그래디언트",
            f"순전파: {ahead}. 역전파: {back}. 선 위의 수는 가중치다.",
            ("값", "가중치", "목푯값", "그래디언트 $∂J / ∂·$"),
        ),
        "en": (
            "Every value and gradient of the 2-2-2 network",
            f"Forward: {ahead}. Backward: {back}. The number on a wire is its weight.",
            ("value", "weight", "target", "gradient $∂J / ∂·$"),
        ),
    }[lang]
    drawing = Drawing(400, 330)
    middle = (_ROWS[0] + _ROWS[1]) / 2
    for start, end, weights in ((_INPUTS, _HIDDEN, network.W_ji), (_HIDDEN, _OUTPUTS, network.W_kj)):
        for source in (0, 1):
            for target in (0, 1):
                _wire(drawing, (start, _ROWS[source]), (end, _ROWS[target]), float(weights[target, source]))
    for row in _ROWS:
        _between(drawing, (_OUTPUTS, row), (_OBJECTIVE, middle), "value")
    layers = ((_INPUTS, "x", v.x_i, g.x_i), (_HIDDEN, "y", v.y_j, g.y_j), (_OUTPUTS, "z", v.z_k, g.z_k))
    for at, letter, values, gradients in layers:
        for number, row in enumerate(_ROWS):
            drawing.circle((at, row), 19, "value", f"${letter}_{number + 1}$", size=15)
            drawing.text((at, row - 27), printed(float(values[number]), digits), "value", 14, halo=True)
            drawing.text((at, row + 37), printed(float(gradients[number]), digits), "gradient", 14, halo=True)
    drawing.circle((_OBJECTIVE, middle), 19, "value", "$J$")
    drawing.text((_OBJECTIVE, middle - 27), printed(float(v.J), digits), "value", 14, halo=True)
    for number, row in enumerate((30.0, 258.0)):
        drawing.diamond((_OBJECTIVE, row), 17, f"$t_{number + 1}$", size=14)
        drawing.text((_OBJECTIVE - 24, row + 5), printed(float(t[number]), 2), "value", 14, "end")
        inwards = 1 if number == 0 else -1
        drawing.arrow((_OBJECTIVE, row + 18 * inwards), (_OBJECTIVE, middle - (46 if number == 0 else -21)), "target")
    drawing.legend(304, [("value", roles[0]), ("parameter", roles[1]), ("target", roles[2]), ("gradient", roles[3])], start=14)
    return drawing.render("worked-wires", lang, title=title, desc=desc, max_width=620)


def _wire(drawing: Drawing, start: Point, end: Point, weight: float) -> None:
    _between(drawing, start, end, "parameter")
    # a level wire is labelled in its middle, a crossing one before the crossing
    share = 0.5 if start[1] == end[1] else 0.36
    at = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
    drawing.text((at[0], at[1] - 5 if start[1] == end[1] else at[1] + 5), printed(weight, 2), "parameter", 13, halo=True)


def _between(drawing: Drawing, start: Point, end: Point, role: Role) -> None:
    """Draw an arrow between two circles, from rim to rim."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = float(np.hypot(dx, dy))
    ux, uy = 20 * dx / length, 20 * dy / length
    drawing.arrow((start[0] + ux, start[1] + uy), (end[0] - ux, end[1] - uy), role, 1.3, head=6)


def worked_table(*, eta: float = 0.5, digits: int = 9, lang: str = "ko") -> str:
    """Each quantity of the worked network: its value, its gradient, and its value after one step that leaves the biases alone.

    Returns an HTML table. Source: page 1.4.

    >>> "0.358916480" in worked_table(lang="en") and "0.291027774" in worked_table(lang="en")
    True
    """
    lang = check_lang(lang)
    network, x, t = worked_network()
    g = backward_matrix(network, x, t)
    after = step(network, g, eta, biases=False)
    old, new = forward(network, x, t), forward(after, x, t)
    rows: list[tuple[str, Role, list[float]]] = []
    for layer, weights in ((1, (network.W_ji, g.W_ji, after.W_ji)), (2, (network.W_kj, g.W_kj, after.W_kj))):
        for row, column in np.ndindex(weights[0].shape):
            rows.append((f"$w^{{({layer})}}_{{{row + 1}{column + 1}}}$", "parameter", [float(one[row, column]) for one in weights]))
    units = (("net^{(1)}", old.net_j, g.net_j, new.net_j), ("y", old.y_j, g.y_j, new.y_j), ("net^{(2)}", old.net_k, g.net_k, new.net_k), ("z", old.z_k, g.z_k, new.z_k))
    for name, *values in units:
        rows += [(f"${name}_{unit + 1}$", "value", [float(one[unit]) for one in values]) for unit in range(len(values[0]))]
    rows.append(("$J$", "value", [float(old.J), 1.0, float(new.J)]))
    caption, head = {
        "ko": (f"한 걸음 앞뒤의 모든 수 ($η =$ {printed(eta, 2)}, 편향은 그대로)", ("양", "처음", "그래디언트", "한 걸음 뒤")),
        "en": (f"Every number before and after one step ($η =$ {printed(eta, 2)}, biases as they were)", ("quantity", "at first", "gradient", "after one step")),
    }[lang]
    cells = [[symbol, *(printed(number, digits) for number in numbers)] for symbol, _, numbers in rows]
    return html_table("worked", lang, caption, head, cells, [row[1] for row in rows])


def worked_descent(kind: Kind = "right", *, steps: tuple[int, ...] = (1, 10, 100, 1000, 10000), eta: float = 0.5, digits: int = 9, lang: str = "ko") -> str:
    """J, z_1 and z_2 of the worked network after so many steps of descent, which leaves the biases alone.

    ``kind`` "right" takes the gradients at the old weights, "slip" sends the sensitivities back through the new W⁽²⁾, and
    "biases" is right and learns the biases too. Returns an HTML table; raises ValueError for another kind, and unless
    ``steps`` rise from 0 or more. Source: page 1.4.

    >>> "0.291027774" in worked_descent(steps=(0, 1), lang="en"), "0.291027924" in worked_descent("slip", steps=(1,), lang="en")
    (True, True)
    """
    lang = check_lang(lang)
    if kind not in ("right", "slip", "biases"):
        raise ValueError(f"kind = {kind!r}, expected 'right', 'slip' or 'biases'")
    if list(steps) != sorted(set(steps)) or min(steps, default=-1) < 0:
        raise ValueError(f"steps = {steps}, expected rising numbers of steps, 0 or more")
    _, x, t = worked_network()
    cells = []
    for number, network in zip(steps, after_steps(steps, eta, kind), strict=True):
        v = forward(network, x, t)
        cells.append([str(number), *(printed(float(one), digits) for one in (v.J, *v.z_k))])
    words, head = {
        "ko": ({"right": "옛 가중치로", "slip": "버그: 새 가중치로", "biases": "편향도 함께"}, ("걸음", "$J$", "$z_1$", "$z_2$")),
        "en": ({"right": "with the old weights", "slip": "the bug: with the new weights", "biases": "biases learnt too"}, ("steps", "$J$", "$z_1$", "$z_2$")),
    }[lang]
    return html_table("worked-descent", lang, f"{words[kind]} ($η =$ {printed(eta, 2)})", head, cells)


@cache
def after_steps(steps: tuple[int, ...], eta: float, kind: Kind) -> tuple[Network, ...]:
    """The worked network after each of these numbers of steps.

    >>> f"{after_steps((1,), 0.5, 'right')[0].W_kj[0, 0]:.8f}"
    '0.35891648'
    """
    network, x, t = worked_network()
    found = []
    for number in range(max(steps) + 1):
        if number in steps:
            found.append(network)
        g = backward_matrix(network, x, t)
        after = step(network, g, eta, biases=kind == "biases")
        if kind == "slip":
            delta = (after.W_kj.T @ g.delta_k) * network.f.derivative(forward(network, x, t).net_j)
            after = replace(after, W_ji=network.W_ji - eta * np.outer(delta, x))
        network = after
    return tuple(found)


def _list(numbers: Array, digits: int) -> str:
    return ", ".join(printed(float(number), digits) for number in numbers)
