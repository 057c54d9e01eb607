"""The 1-1-1 network: values and gradients on every wire, and a table of what descent does to them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from bpdocs.figures.drawing import SMALL, Drawing, Role, check_lang
from bpdocs.figures.label import printed
from bpdocs.figures.table import html_table
from bpdocs.nn import Activation, Array, Gradients, Network, Values, activation, backward_matrix, forward, step

_TOP, _ROW, _RADIUS = 46.0, 142.0, 20.0
_COLUMNS = (33.0, 99.5, 166.0, 232.5, 299.0, 366.0)


def one_unit_chain(
    x: float = 0.5,
    w_ji: float = 0.4,
    w_kj: float = 0.7,
    t: float = 0.9,
    *,
    f: str | Activation = "sigmoid",
    digits: int = 4,
    lang: str = "ko",
) -> str:
    """The network with one unit a layer as a chain: each quantity's value above it, and ∂J/∂ it below.

    The bottom row has the factors by which the gradient is multiplied on its way back. Returns inline SVG. Source: page 1.1.

    >>> "0.5951" in one_unit_chain(lang="en") and "−0.0404" in one_unit_chain(lang="en")
    True
    """
    lang = check_lang(lang)
    network, x_i, t_k = one_unit(x, w_ji, w_kj, t, f)
    v, g = forward(network, x_i, t_k), backward_matrix(network, x_i, t_k)

    def show(number: float | Array) -> str:
        return printed(float(np.sum(number)), digits)

    symbols = ("$x$", "$net_j$", "$y$", "$net_k$", "$z$", "$J$")
    values = [show(a) for a in (v.x_i, v.net_j, v.y_j, v.net_k, v.z_k, v.J)]
    gradients = [show(a) for a in (g.x_i, g.net_j, g.y_j, g.net_k, g.z_k, 1.0)]
    factors: tuple[tuple[str, float | Array], ...] = (
        ("$w_{ji}$", w_ji),
        ("$f′(net_j)$", network.f.derivative(v.net_j)),
        ("$w_{kj}$", w_kj),
        ("$f′(net_k)$", network.f.derivative(v.net_k)),
        ("$z − t$", v.z_k - v.t_k),
    )
    weights: tuple[tuple[int, str, float, str], ...] = ((0, "$w_{ji}$", w_ji, show(g.W_ji)), (2, "$w_{kj}$", w_kj, show(g.W_kj)))
    ahead = f"x = {values[0]}, net_j = {values[1]}, y = {values[2]}, net_k = {values[3]}, z = {values[4]}, t = {show(t)}, J = {values[5]}"
    back = f"∂J/∂z = {gradients[4]}, ∂J/∂net_k = {gradients[3]}, ∂J/∂w_kj = {weights[1][3]}, ∂J/∂y = {gradients[2]}, ∂J/∂net_j = {gradients[1]}, ∂J/∂w_ji = {weights[0][3]}"
    title, desc, times, roles = {
        "ko": (
            "층마다 유닛이 하나인 신경망의 값과 그래디언트",
            f"앞으로: {ahead}. 뒤로: {back}.",
            "뒤로 갈 때 곱하는 수",
            ("값", "가중치", "목푯값", "그래디언트 $∂J / ∂·$"),
        ),
        "en": (
            "Values and gradients of the network with one unit a layer",
            f"Forward: {ahead}. Backward: {back}.",
            "multiplied by, on the way back",
            ("value", "weight", "target", "gradient $∂J / ∂·$"),
        ),
    }[lang]

    drawing = Drawing(400, 318)
    for a, b in pairwise(_COLUMNS):
        drawing.arrow((a + _RADIUS, _ROW - 6), (b - _RADIUS + 1, _ROW - 6), "value")
        drawing.arrow((b - _RADIUS, _ROW + 6), (a + _RADIUS - 1, _ROW + 6), "gradient")
    for column, symbol, weight, gradient in weights:
        middle = (_COLUMNS[column] + _COLUMNS[column + 1]) / 2
        drawing.line([(middle, _TOP + 15), (middle, _ROW - 6)], "parameter", 3)
        drawing.box((middle, _TOP), (38, 30), "parameter", symbol, thickness=2.4)
        drawing.text((middle, _TOP - 22), show(weight), "value", 14)
        drawing.text((middle + 26, _TOP + 5), gradient, "gradient", 14, "start")
    last = _COLUMNS[-1]
    drawing.arrow((last, _TOP + 18), (last, _ROW - _RADIUS - 20), "target")
    drawing.diamond((last, _TOP), 18, "$t$")
    drawing.text((last, _TOP - 22), show(t), "value", 14)
    for at, symbol, value, gradient in zip(_COLUMNS, symbols, values, gradients, strict=True):
        drawing.circle((at, _ROW), _RADIUS, "value", symbol, size=15)
        drawing.text((at, _ROW - _RADIUS - 8), value, "value", 14, halo=True)
        drawing.text((at, _ROW + _RADIUS + 18), gradient, "gradient", 14)
    base = _ROW + _RADIUS + 46
    drawing.text((14, base), times, "gradient", SMALL, "start")
    for (a, b), (symbol, factor) in zip(pairwise(_COLUMNS), factors, strict=True):
        drawing.text(((a + b) / 2, base + 25), f"$×$ {symbol}", size=14)
        drawing.text(((a + b) / 2, base + 44), show(factor), "ink", 14)
    drawing.line([(14, base + 52), (386, base + 52)], "faint", 0.8)
    drawing.legend(base + 76, [("value", roles[0]), ("parameter", roles[1]), ("target", roles[2]), ("gradient", roles[3])], start=14)
    return drawing.render("one-unit-chain", lang, title=title, desc=desc, max_width=620)


def steps_table(
    x: float = 0.5,
    w_ji: float = 0.4,
    w_kj: float = 0.7,
    t: float = 0.9,
    *,
    f: str | Activation = "sigmoid",
    eta: float = 1.0,
    steps: int = 1,
    digits: int = 6,
    lang: str = "ko",
) -> str:
    """What every quantity of the 1-1-1 network is before and after each step of gradient descent, as an HTML table.

    Both weights move at once, with the gradients of the old weights. Raises ValueError if ``steps`` < 0. Source: page 1.1.

    >>> "0.044841" in steps_table(lang="en")
    True
    """
    lang = check_lang(lang)
    if steps < 0:
        raise ValueError(f"steps = {steps}, expected 0 or more")
    network, x_i, t_k = one_unit(x, w_ji, w_kj, t, f)
    columns: list[tuple[Network, Values, Gradients]] = []
    for _ in range(steps + 1):
        gradients = backward_matrix(network, x_i, t_k)
        columns.append((network, forward(network, x_i, t_k), gradients))
        network = step(network, gradients, eta)
    rows: list[tuple[str, Role, list[float]]] = [
        ("$w_{ji}$", "parameter", [float(net.W_ji[0, 0]) for net, _, _ in columns]),
        ("$w_{kj}$", "parameter", [float(net.W_kj[0, 0]) for net, _, _ in columns]),
        ("$net_j$", "value", [float(v.net_j[0]) for _, v, _ in columns]),
        ("$y$", "value", [float(v.y_j[0]) for _, v, _ in columns]),
        ("$net_k$", "value", [float(v.net_k[0]) for _, v, _ in columns]),
        ("$z$", "value", [float(v.z_k[0]) for _, v, _ in columns]),
        ("$J$", "value", [float(v.J) for _, v, _ in columns]),
        ("$∂J/∂w_{kj}$", "gradient", [float(g.W_kj[0, 0]) for _, _, g in columns]),
        ("$∂J/∂w_{ji}$", "gradient", [float(g.W_ji[0, 0]) for _, _, g in columns]),
    ]
    caption, quantity, names = {
        "ko": (
            f"경사 하강 한 걸음마다의 값 ($η =$ {printed(eta, 2)}, $t =$ {printed(t, 2)})",
            "양",
            ["처음"] + [f"{r}걸음 뒤" for r in range(1, steps + 1)],
        ),
        "en": (
            f"The values at each step of gradient descent ($η =$ {printed(eta, 2)}, $t =$ {printed(t, 2)})",
            "quantity",
            ["at first"] + [f"after {r} step" + "s" * (r > 1) for r in range(1, steps + 1)],
        ),
    }[lang]
    cells = [[symbol, *(printed(number, digits) for number in numbers)] for symbol, _, numbers in rows]
    return html_table("steps", lang, caption, [quantity, *names], cells, [role for _, role, _ in rows])


def one_unit(x: float, w_ji: float, w_kj: float, t: float, f: str | Activation) -> tuple[Network, Array, Array]:
    """The 1-1-1 network with these weights, its input and its target, as arrays.

    >>> network, x_i, t_k = one_unit(0.5, 0.4, 0.7, 0.9, "sigmoid")
    >>> network.n, network.d, network.c
    (1, 1, 1)
    """
    return Network(np.array([[w_ji]]), np.array([[w_kj]]), activation(f)), np.array([x]), np.array([t])
