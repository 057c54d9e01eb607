"""Labels of figures: prose with formulas between dollar signs, as runs of SVG text, and an estimate of how wide they are.

There is no TeX in a figure. ``$net_k = Σ_j w_{kj} y_j$`` is set in italics with lowered indices, in the font of the
page's formulas where there is one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

SCRIPT_SIZE = 0.75
_LOWER, _RAISE = 0.22, 0.38
_FONTS = {
    "italic": ' font-style="italic" font-family="KaTeX_Math, STIX Two Math, Cambria Math, Times New Roman, serif"',
    "roman": ' font-family="KaTeX_Main, STIX Two Math, Cambria Math, Times New Roman, serif"',
    # the prime of KaTeX's own font is full size and would hang low
    "prime": ' font-family="STIX Two Math, Cambria Math, Times New Roman, serif"',
    "prose": "",
}
_WORDS = ("net",)
_TOKEN = re.compile(r"[_^]\{[^{}]*\}|[_^].|net|.", re.DOTALL)


@dataclass(frozen=True)
class Run:
    """A piece of a label in one style: "italic", "roman", "prime" or "prose"; level −1 is an index, +1 an exponent."""

    text: str
    style: str
    level: int = 0


def runs(label: str) -> tuple[Run, ...]:
    """The runs of a label; what stands between dollar signs is maths.

    >>> [(run.text, run.style, run.level) for run in runs("순입력 $net_k$")]
    [('순입력 ', 'prose', 0), ('net', 'roman', 0), ('k', 'italic', -1)]
    """
    pieces: list[Run] = []
    for number, part in enumerate(label.split("$")):
        pieces += _maths(part, 0) if number % 2 else [Run(part, "prose")] * bool(part)
    joined: list[Run] = []
    for run in pieces:
        if joined and (joined[-1].style, joined[-1].level) == (run.style, run.level):
            joined[-1] = Run(joined[-1].text + run.text, run.style, run.level)
        else:
            joined.append(run)
    return tuple(joined)


def _maths(part: str, level: int) -> list[Run]:
    found: list[Run] = []
    for token in _TOKEN.findall(part):
        if token[0] in "_^" and len(token) > 1:
            found += _maths(token[1:].strip("{}"), -1 if token[0] == "_" else 1)
        elif token == "′":
            found.append(Run(token, "prime", level))
        elif token.isalpha() and token not in _WORDS and token not in "Σ∂":
            found.append(Run(token, "italic", level))
        else:
            found.append(Run(token, "roman", level))
    return found


def tspans(label: str, size: float) -> str:
    """The label as SVG ``<tspan>`` elements at a font size; indices are lowered by ``dy``, which every browser knows.

    >>> tspans("J", 16)
    'J'
    """
    found, shift = "", 0.0
    for run in runs(label):
        wanted = {-1: _LOWER, 0: 0.0, 1: -_RAISE}[run.level] * size
        move, shift = wanted - shift, wanted
        attributes = _FONTS[run.style]
        if abs(move) > 1e-9:
            attributes += f' dy="{number(move)}"'
        if run.level:
            attributes += f' font-size="{number(size * SCRIPT_SIZE)}"'
        if run.style == "prime":
            # the hook of an italic f reaches over its right edge
            attributes += f' dx="{number(0.07 * size)}"'
        text = escape(run.text)
        found += f"<tspan{attributes}>{text}</tspan>" if attributes else text
    return found


def width(label: str, size: float) -> float:
    """The label's width in the units of the drawing, estimated on the wide side, since the reader's fonts are not known here.

    >>> width("가나다", 10) > width("abc", 10) > width("$i$", 10)
    True
    """
    total = 0.0
    for run in runs(label):
        scale = size * (SCRIPT_SIZE if run.level else 1)
        total += scale * sum(_em(character, run.style) for character in run.text)
    return total


def _em(character: str, style: str) -> float:
    if "가" <= character <= "힣" or "ㄱ" <= character <= "ㆎ":
        return 0.92
    if character == " ":
        return 0.28
    if character in ".,:;'′|()[]/ijltfr⋮":
        return 0.36
    if character in "mwMW…→←⇠↔=+−×∂Σ≈≥≤<>":
        return 0.82
    if character.isupper():
        return 0.76
    return 0.56 if style == "prose" or character.isdigit() else 0.54


def number(value: float) -> str:
    """A coordinate with at most two decimals, the same on every machine: no ``-0``, no trailing zeros.

    >>> number(12.340000001), number(-0.001), number(7)
    ('12.34', '0', '7')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def printed(value: float, digits: int = 4) -> str:
    """A number as figures print it: fixed digits and a true minus sign.

    >>> printed(-0.0404029, 4)
    '−0.0404'
    """
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")
