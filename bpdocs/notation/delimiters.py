r"""Delimiters with a side: \left, \right, \bigl … say which bar opens and which closes, and what an invisible one is for.

>>> from bpdocs.notation.tokens import tokenize
>>> [token.text for token in tokenize(r"\left| x \right| \left. y \right|_{x=0}")][:5]
['\\lvert', 'x', '\\rvert', '\\left.', 'y']
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span

if TYPE_CHECKING:
    from bpdocs.notation.tokens import Token

_OPENS = {"|": r"\lvert", r"\vert": r"\lvert", r"\|": r"\lVert", r"\Vert": r"\lVert", r"\lbrace": r"\{", "<": r"\langle"}
_CLOSES = {"|": r"\rvert", r"\vert": r"\rvert", r"\|": r"\rVert", r"\Vert": r"\rVert", r"\rbrace": r"\}", ">": r"\rangle"}
_SIZES = ("big", "Big", "bigg", "Bigg")
_LEFT = frozenset({r"\left", *(rf"\{size}l" for size in _SIZES)})
_RIGHT = frozenset({r"\right", *(rf"\{size}r" for size in _SIZES)})
_MIDDLE = frozenset({r"\middle", *(rf"\{size}m" for size in _SIZES)})
_BARS = ("|", r"\vert", r"\rvert")


def sided(tokens: list[Token]) -> list[Token]:
    r"""Return the tokens with \left, \right and the like worked into the delimiter after them."""
    if not any(token.text in _LEFT or token.text in _RIGHT or token.text in _MIDDLE for token in tokens):
        return tokens
    out: list[Token] = []
    opened: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if at + 1 == len(tokens) or not (token.text in _LEFT or token.text in _RIGHT or token.text in _MIDDLE):
            out.append(token)
            at += 1
            continue
        mark = tokens[at + 1]
        span = Span(token.span.start, mark.span.end)
        at += 2
        if token.text in _MIDDLE:
            out.append(replace(mark, kind="command", text=r"\mid", span=span) if mark.text in _BARS else mark)
        elif token.text in _LEFT:
            if token.text == r"\left":
                opened.append(len(out))
            out.append(replace(mark, kind="command", text=r"\left.", span=span) if mark.text == "." else replace(mark, text=_OPENS.get(mark.text, mark.text)))
        elif token.text == r"\right" and opened:
            _close(out, opened.pop(), mark, span)
        elif mark.text != ".":
            out.append(replace(mark, text=_CLOSES.get(mark.text, mark.text)))
    return [token for token in out if token.text]


def _close(out: list[Token], start: int, mark: Token, span: Span) -> None:
    """Add the right delimiter, in the light of the left one; a pair that only splits brackets over two rows leaves no trace."""
    left = out[start]
    if left.text == r"\left.":
        if mark.text in _BARS:
            out.append(replace(mark, kind="command", text=r"\right|", span=span))
            return
        out[start] = replace(left, text="")
    if mark.text != ".":
        out.append(replace(mark, text=_CLOSES.get(mark.text, mark.text)))
    elif left.text == r"\{":
        out[start] = replace(left, kind="command", text=r"\left\{", span=left.span)
        out.append(replace(mark, kind="command", text=r"\right.", span=span))
