"""A table of planted slips and of what each leaves behind when it is compared with the complex step."""

from __future__ import annotations

import math

from bpdocs.figures.drawing import check_lang
from bpdocs.figures.label import printed
from bpdocs.figures.table import html_table
from bpdocs.nn import Activation, backward_matrix, complex_step, random_network, relative_error
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
