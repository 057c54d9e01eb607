"""A relation read again after an edit of its ink."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.budget import OVER
from bpdocs.diagnostic import Span
from bpdocs.edits.stock import Stock
from bpdocs.edits.view import View
from bpdocs.lines import Line
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.edits import Edit


def read_again(line: Line, stock: Stock) -> Line | None:
    """Return the line as its ink reads in the light of another scope's word, or None where it cannot be read there."""
    view = View(line, stock)
    try:
        left, right = (view.within(line.formula.latex, line.span, place) for place in (0, 1))
    except (Unread, *OVER):
        return None
    return replace(line, left=left, right=right)


def reread(line: Line, edit: Edit, stock: Stock) -> Line | None:
    """Return the line with the edit made in its formula, or None where the edited formula cannot be read."""
    view = View.of(line, stock)
    if view.right is None:
        return None
    place = int(view.right.node.span.start <= edit.span.start)
    side = view.right if place else view.left
    if side is None:
        return None
    source = line.formula.latex
    latex = source[: edit.span.start] + edit.text + source[edit.span.end :]
    shift = len(latex) - len(source)
    span = Span(line.span.start, line.span.end + shift)
    try:
        meant = view.meaning(latex[side.node.span.start : side.node.span.end + shift]) if side.alone else view.within(latex, span, place)
    except (Unread, *OVER):
        return None
    if not view.uses_parameters(meant):
        return None
    changed = replace(line, formula=replace(line.formula, latex=latex), span=span)
    return replace(changed, right=meant) if place else replace(changed, left=meant)
