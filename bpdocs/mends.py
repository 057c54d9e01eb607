"""The likely mend of a wrong claim: the fewest and most natural changes after which it agrees, each of them checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bpdocs.edits import Edit, Stock, edits, reread
from bpdocs.lines import Line
from bpdocs.missing import Place, agrees, factor, number, other, sign, term, turned
from bpdocs.notation import expr as e
from bpdocs.suppositions import supposition

__all__ = ["Place", "mend"]

# Slips that people make often come first; what is not listed comes last.
_NATURAL = ("swap index", "transpose", "add transpose", "prime", "add prime", "order", "shift layer", "shift index", "rename index", "sign", "sum", "drop power", "power",
            "factor", "symbol", "function", "drop function", "bound", "product", "elementwise", "derivative", "condition", "drop term", "constant")  # fmt: skip
_LATE = ("transpose derivative", "chain order")  # the other layout, if it is that, says more
_MOST = 240  # single edits that are tried: a formula of that many places gets no better mend from more


def mend(places: Sequence[Place]) -> str:
    """Return what makes a claim agree, in words, or nothing; a claim about layers has a place for each, and the mend is right for all."""
    if not places or not all(place.evaluators and place.line.left is not None and place.line.right is not None for place in places):
        return ""
    with np.errstate(all="ignore"):
        changed = list(_changed(places))
        first = places[0] if len(places) == 1 else None
        ways: tuple[Callable[[], str], ...] = (
            lambda: sign(places),
            lambda: other(first) if first else "",
            lambda: _edited(changed, late=False),
            lambda: turned(places),
            lambda: number(places),
            lambda: factor(first) if first else "",
            lambda: term(first) if first else "",
            lambda: supposition(first) if first else "",
            lambda: _edited(changed, late=True),
            lambda: _double(changed),
        )
        words = next((found for way in ways if (found := way())), "")
    return f"agrees {words}" if words else ""


def _edited(changed: list[tuple[Edit, list[Place]]], *, late: bool) -> str:
    """Return the words for the first single edit after which the claim agrees, or nothing."""
    return next((edit.words for edit, there in changed if (edit.operator in _LATE) == late and agrees(there)), "")


def _changed(places: Sequence[Place]) -> Iterator[tuple[Edit, list[Place]]]:
    """Yield the single edits with what they make of the claim, the natural ones first."""
    stocks = [Stock(place.context, place.evaluators[0]) for place in places]
    for edit in _ordered(places[0].line, list(edits(places[0].line, stocks[0]))):
        lines = [reread(place.line, edit, stock) for place, stock in zip(places, stocks, strict=True)]
        there = [Place(line, place.context, place.evaluators) for line, place in zip(lines, places, strict=True) if line is not None]
        if len(there) == len(places) and all(_derivatives(new.line) == _derivatives(old.line) for new, old in zip(there, places, strict=True)):
            yield edit, there


def _ordered(line: Line, found: list[Edit]) -> list[Edit]:
    """Return the edits worth trying, the natural ones first."""
    assert line.left is not None and line.right is not None
    right = line.right.span.start
    if isinstance(line.left, e.Ref | e.Deriv) or line.place is not None:  # in a chain, what stands before was judged by itself
        found = [edit for edit in found if edit.span.start >= right]
    limits = [part.span for bind in e.walk(line.right) if isinstance(bind, e.Bind) for part in (bind.low, bind.high, bind.condition) if part is not None]
    found = [edit for edit in found if edit.operator not in ("sign", "constant") or not any(at.start <= edit.span.start and edit.span.end <= at.end for at in limits)]
    found.sort(key=lambda edit: (_NATURAL.index(edit.operator) if edit.operator in _NATURAL else len(_NATURAL), edit.span.start < right))
    return found[:_MOST]


def _derivatives(line: Line) -> int:
    return sum(isinstance(part, e.Deriv) for part in e.walk(line.right)) if line.right is not None else 0


def _double(changed: list[tuple[Edit, list[Place]]]) -> str:
    """Return an edit together with a sign or a simple factor: the ratio of the two sides tells it at once, whatever the edit."""
    for edit, there in changed:
        if edit.operator != "sign" and (words := sign(there) or number(there)):
            return f"{edit.words}, and {words}"
    return ""
