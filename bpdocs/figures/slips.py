"""Tables of planted slips: what each leaves behind when it is compared with the complex step, and where it leaves nothing."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from bpdocs.figures.drawing import check_lang
from bpdocs.figures.label import printed
from bpdocs.figures.table import html_table
from bpdocs.nn import Activation, Array, Network, backward_matrix, complex_step, forward, random_network, relative_error
from bpdocs.nn.slips import SLIPS

_KOREAN = {
    "flipped sign": "뒤집힌 부호",
    "lost ½": "빠진 ½",
    "lost f′ at the output": "출력층에서 빠진 $f′$",
    "lost f′ in the hidden layer": "은닉층에서 빠진 $f′$",
    "f for f′": "$f′$ 자리에 $f$",
    "frozen sum": "합 대신 한 항만",
    "lost transpose": "빠진 전치",
    "swapped index": "뒤바뀐 첨자",
    "new weights": "새 가중치로 계산",
}


def planted_slips(n: int = 4, d: int = 3, c: int = 2, *, f: str | Activation = "sigmoid", seed: int = 0, lang: str = "ko") -> str:
    """Each slip of `bpdocs.nn.slips`, its wrong formula and its largest relative error against the complex step, as an HTML table.

    The first row is the right backward pass. The network and the point are drawn from ``seed``. Source: the page on how
    formulas are checked.

    >>> planted_slips(lang="en").count("<tr>") == len(SLIPS) + 2
    True
    """
    lang = check_lang(lang)
    network, x, t = random_network(n, d, c, f, seed=seed)
    caption, head, right, shape = {
        "ko": (
            f"{n}-{d}-{c} 신경망에 일부러 넣은 오류와 복소 걸음에 대한 상대 오차",
            ("오류", "틀린 식", "상대 오차"),
            "오류 없음",
            "모양이 다름",
        ),
        "en": (
            f"Slips planted in an {n}-{d}-{c} network's backward pass, and their relative error against the complex step",
            ("slip", "wrong formula", "relative error"),
            "no slip",
            "wrong shape",
        ),
    }[lang]
    honest = relative_error(backward_matrix(network, x, t).W_ji, complex_step(network, x, t, "W_ji"))
    rows = [(right, "", f"$10^{{{math.ceil(math.log10(honest + 1e-17))}}}$".replace("-", "−") + (" 이하" if lang == "ko" else " at most"))]
    for slip in SLIPS:
        name = _KOREAN[slip.name] if lang == "ko" else slip.name.replace("f′", "$f′$").replace("f for", "$f$ for")
        error = slip.error(network, x, t)
        rows.append((name, f"${slip.formula}$", shape if math.isinf(error) else printed(error, 2)))
    return html_table("slips", lang, caption, head, rows)


def hiding_points(*, seed: int = 0, lang: str = "ko") -> str:
    """Each slip of `bpdocs.nn.slips` at a random point and at five convenient ones, as an HTML table: its relative error, or that it hides.

    A slip hides where no gradient of a weight differs from the complex step by more than rounding. Source: page 1.11.

    >>> hiding_points(lang="en").count("hides") > 5
    True
    """
    lang = check_lang(lang)
    caption, head, hides, shape = {
        "ko": (
            "어느 점에서 어느 실수가 숨는가 (숨지 않으면 가장 큰 상대 오차)",
            ("실수", "아무 점", "출력 하나", "항등 $f$", "대칭인 $W$", "$W_{kj} = 0$", "$t = z$"),
            "숨는다",
            "모양이 다름",
        ),
        "en": (
            "Which point hides which mistake (where it does not hide, its largest relative error)",
            ("mistake", "random point", "one output", "identity $f$", "symmetric $W$", "$W_{kj} = 0$", "$t = z$"),
            "hides",
            "wrong shape",
        ),
    }[lang]
    rows = []
    for slip in SLIPS:
        name = _KOREAN[slip.name] if lang == "ko" else slip.name.replace("f′", "$f′$").replace("f for", "$f$ for")
        errors = [slip.left(*point) for point in _points(seed)]
        rows.append((name, *(shape if math.isinf(error) else hides if error < 1e-9 else printed(error, 2) for error in errors)))
    return html_table("points", lang, caption, head, rows)


def _points(seed: int) -> list[tuple[Network, Array, Array]]:
    """A random point, and those at which people like to test."""
    random = random_network(4, 3, 2, "tanh", seed=seed)
    square, x, t = random_network(4, 3, 3, "tanh", seed=seed)
    symmetric = replace(square, W_kj=square.W_kj + square.W_kj.T)
    blank = replace(random[0], W_kj=np.zeros((2, 3)))
    return [
        random,
        random_network(4, 3, 1, "tanh", seed=seed),
        random_network(4, 3, 2, "identity", seed=seed),
        (symmetric, x, t),
        (blank, *random[1:]),
        (random[0], random[1], forward(random[0], random[1], random[2]).z_k),
    ]
