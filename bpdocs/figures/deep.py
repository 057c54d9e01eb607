"""A network of any depth: the forward and the backward pass facing each other, and how large the sensitivities are, layer by layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bpdocs.figures.axes import Axes, Axis
from bpdocs.figures.drawing import SMALL, Drawing, Role, check_lang
from bpdocs.figures.label import printed
from bpdocs.nn import backward_deep, random_deep_network

_FORWARD, _BACKWARD, _GRADIENT = 78.0, 236.0, 348.0
_TOP, _PITCH = 76.0, 98.0


def facing_passes(L: int = 3, *, lang: str = "ko") -> str:
    """The forward pass downwards on the left, the backward pass upwards on the right, and between them what is kept for it.

    ``L`` is 2, 3 or 4 layers. Returns inline SVG; raises ValueError for another depth. Source: page 1.7.

    >>> facing_passes(lang="en").count("<title")
    1
    >>> facing_passes(9)
    Traceback (most recent call last):
    ValueError: L = 9, expected 2, 3 or 4 layers
    """
    lang = check_lang(lang)
    if L not in (2, 3, 4):
        raise ValueError(f"L = {L}, expected 2, 3 or 4 layers")
    title, desc, heads, roles = {
        "ko": (
            f"{L}층 신경망의 순전파와 역전파가 마주 본다",
            f"왼쪽에서 순전파가 a(0)에서 a({L})까지 내려가 J에 이른다. 오른쪽에서 역전파가 민감도 δ({L})에서 δ(1)까지 올라간다. 올라갈 때마다 다음 층의 "
            "가중치를 전치해 곱하고 f′(net(l))을 원소마다 곱한다. 층 l의 그래디언트는 δ(l)과 a(l−1)의 외적이다.",
            ("순전파", "역전파", "그래디언트"),
            ("값", "가중치", "그래디언트"),
        ),
        "en": (
            f"The forward and the backward pass of a network with {L} layers, face to face",
            f"On the left the forward pass runs down from a(0) to a({L}) and ends in J. On the right the backward pass runs up from the sensitivity "
            f"δ({L}) to δ(1). Each step up multiplies by the transposed weights of the layer after, and entry by entry by f′(net(l)). The gradient "
            "of layer l is the outer product of δ(l) and a(l−1).",
            ("forward", "backward", "gradient"),
            ("value", "weight", "gradient"),
        ),
    }[lang]
    ys = [_TOP + _PITCH * layer for layer in range(L + 1)]
    drawing = Drawing(400, ys[L] + 124)
    columns: tuple[tuple[float, Role], ...] = ((_FORWARD, "value"), (_BACKWARD, "gradient"), (_GRADIENT, "gradient"))
    for (x, role), head in zip(columns, heads, strict=True):
        drawing.text((x, 22), head, role, SMALL, bold=True)
    objective = (_FORWARD, ys[L] + 66)
    for layer in range(1, L + 1):
        above, y = ys[layer - 1], ys[layer]
        drawing.arrow((_FORWARD, above + (19 if layer > 1 else 18)), (_FORWARD, y - 19), "value")
        drawing.box((_FORWARD - 34, (above + y) / 2), (44, 26), "parameter", f"$W^{{({layer})}}$", font=14, thickness=2)
        drawing.arrow((_FORWARD + 62, y), (_BACKWARD - 26, y), "value", 1.2)
        drawing.text(((_FORWARD + 62 + _BACKWARD - 26) / 2, y - 8), f"$f′(net^{{({layer})}})$", "ink", 14)
        if layer < L:
            drawing.arrow((_BACKWARD, ys[layer + 1] - 17), (_BACKWARD, y + 17), "gradient", 2)
            drawing.text((_BACKWARD - 10, y + _PITCH / 2 + 5), f"$× W^{{({layer + 1})⊤}}$", "parameter", 15, "end")
        drawing.arrow((_BACKWARD + 24, y), (_GRADIENT - 46, y), "gradient", 1.6)
        drawing.box((_BACKWARD, y), (46, 32), "gradient", f"$δ^{{({layer})}}$", font=15, dash=True, radius=8, thickness=2)
        drawing.box((_GRADIENT, y), (90, 32), "gradient", f"$δ^{{({layer})}} a^{{({layer - 1})⊤}}$", font=15, dash=True, radius=3, thickness=1.2)
        _layer(drawing, y, layer)
    drawing.circle((_FORWARD, ys[0]), 18, "value", "$a^{(0)}$", size=14)
    drawing.text((_FORWARD + 28, ys[0] + 5), "$= x$", size=15, anchor="start")
    drawing.arrow((_FORWARD, ys[L] + 19), (_FORWARD, objective[1] - 17), "value")
    drawing.circle(objective, 16, "value", "$J$")
    drawing.line([(_FORWARD + 19, objective[1]), (_BACKWARD, objective[1])], "gradient", 2)
    drawing.arrow((_BACKWARD, objective[1]), (_BACKWARD, ys[L] + 17), "gradient", 2)
    drawing.text((_BACKWARD + 12, objective[1] - 14), f"$∂J / ∂a^{{({L})}}$", "ink", 15, "start")
    drawing.legend(ys[L] + 112, [("value", roles[0]), ("parameter", roles[1]), ("gradient", roles[2])], start=60)
    return drawing.render("facing-passes", lang, title=title, desc=desc)


def _layer(drawing: Drawing, y: float, layer: int) -> None:
    """Draw layer l opened up, as net → f → a."""
    drawing.box((_FORWARD, y), (122, 36), "value", radius=18, thickness=2)
    for x in (_FORWARD + 4, _FORWARD + 24):
        drawing.line([(x, y - 18), (x, y + 18)], "value", 1)
    drawing.text((_FORWARD - 27, y + 5), f"$net^{{({layer})}}$", size=14)
    drawing.text((_FORWARD + 14, y + 5), "$f$", size=15)
    drawing.text((_FORWARD + 41, y + 5), f"$a^{{({layer})}}$", size=14)


def sensitivity_by_layer(L: int = 10, width: int = 30, *, seed: int = 0, lang: str = "ko") -> str:
    """‖δ⁽ˡ⁾‖ against l in a network of L layers of equal width, for the sigmoid and for tanh, on a logarithmic axis.

    Weights are normal with standard deviation 1/√n_{l−1}. Returns inline SVG; raises ValueError for fewer than 2 layers.
    Source: page 1.7.

    >>> sensitivity_by_layer(lang="en").count("<title")
    1
    """
    lang = check_lang(lang)
    if L < 2:
        raise ValueError(f"L = {L}, expected 2 layers or more")
    curves = {f: sensitivity_norms(L, width, f, seed=seed) for f in ("sigmoid", "tanh")}
    ratios = {f: printed((norms[0] / norms[-1]) ** (1 / (L - 1)), 2) for f, norms in curves.items()}
    title, desc, names, words = {
        "ko": (
            "층마다 잰 민감도의 크기",
            f"너비가 {width}인 층 {L}개의 신경망에서 민감도의 노름을 층마다 쟀다. 한 층 거슬러 갈 때마다 시그모이드에서는 평균 {ratios['sigmoid']}배, "
            f"tanh에서는 평균 {ratios['tanh']}배가 된다.",
            ("층 $l$", "민감도의 노름 $‖ δ^{(l)} ‖$"),
            ("시그모이드: 한 층에", "tanh: 한 층에"),
        ),
        "en": (
            "How large the sensitivity is in each layer",
            f"The norm of the sensitivity, layer by layer, in a network of {L} layers of width {width}. Each layer further back multiplies it on "
            f"average by {ratios['sigmoid']} with the sigmoid and by {ratios['tanh']} with tanh.",
            ("layer $l$", "norm of the sensitivity $‖ δ^{(l)} ‖$"),
            ("sigmoid: a layer", "tanh: a layer"),
        ),
    }[lang]
    drawing = Drawing(400, 342)
    everything = [norm for norms in curves.values() for norm in norms]
    low, high = int(np.floor(np.log10(min(everything)))), int(np.ceil(np.log10(max(everything))))
    axes = Axes(drawing, Axis(1, L, range(1, L + 1), names[0], digits=0), Axis(10.0**low, 10.0**high, [10.0**p for p in range(low, high + 1)], names[1], log=True))
    axes.draw()
    looks: dict[str, tuple[Role, str]] = {"sigmoid": ("gradient", "circle"), "tanh": ("ink", "square")}
    for f, (role, marker) in looks.items():
        axes.curve(range(1, L + 1), curves[f], role, marker=marker)
    entries = [(f"{words[0]} × {ratios['sigmoid']}", *looks["sigmoid"]), (f"{words[1]} × {ratios['tanh']}", *looks["tanh"])]
    axes.key(330, entries)
    return drawing.render("sensitivity-by-layer", lang, title=title, desc=desc)


def sensitivity_norms(L: int, width: int, f: str, *, seed: int = 0) -> Sequence[float]:
    """The norms ‖δ⁽¹⁾‖, …, ‖δ⁽ᴸ⁾‖ in a random network of L layers of this width.

    >>> len(sensitivity_norms(4, 5, "tanh"))
    4
    """
    network, x, t = random_deep_network((width,) * (L + 1), f, seed=seed)
    delta = backward_deep(network, x, t).delta
    return [float(np.linalg.norm(delta[layer])) for layer in range(1, L + 1)]
