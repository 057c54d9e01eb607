"""The likely mend of a wrong claim: the fewest and most natural changes after which it agrees, each of them checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from bpdocs.edits import Edit, Stock, edits, reread
from bpdocs.lines import Line
from bpdocs.missing import Place, agrees, factor, number, other, sign, term, turned
from bpdocs.notation import expr as e
from bpdocs.suppositions import layout, supposition

__all__ = ["Place", "mend"]

# Slips that people make often come first; what is not listed comes last.
_NATURAL = ("swap index", "add transpose", "transpose", "add prime", "prime", "order", "shift layer", "shift index", "rename index", "sign", "sum", "drop power", "power",
            "factor", "drop term", "elementwise", "product", "bound", "condition", "function", "drop function", "derivative", "symbol", "constant")  # fmt: skip
_DEEP = ("swap index", "add transpose", "transpose", "add prime", "prime")  # slips beside which a factor is looked for too
_LATE = ("transpose derivative", "chain order")  # the other layout, if it is that, says more
_MOST = 240  # single edits that are tried: a formula of that many places gets no better mend from more


def mend(places: Sequence[Place]) -> str:
    """Return what makes a claim agree, in words, or nothing; a claim about layers has a place for each, and the mend is right for all."""
    if not places or not all(place.evaluators and place.line.left is not None and place.line.right is not None for place in places):
        return ""
    with np.errstate(all="ignore"):
        changed = _Once(places)
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
        found = [next((words for way in ways if (words := way())), ""), layout(first) if first else ""]
    return f"agrees {'; or '.join(filter(None, found))}" if any(found) else ""


class _Once:
    """The single edits with what they make of the claim, the natural ones first; each is made when it is first asked for."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._made: list[tuple[Edit, list[Place]]] = []
        self._rest = _changed(places)

    def __iter__(self) -> Iterator[tuple[Edit, list[Place]]]:
        yield from self._made
        for one in self._rest:
            self._made.append(one)
            yield one


def _edited(changed: _Once, *, late: bool) -> str:
    """Return the words for the first single edit after which the claim agrees, or nothing."""
    return next((edit.words for edit, there in changed if (edit.operator in _LATE) == late and agrees(there)), "")


def _changed(places: Sequence[Place]) -> Iterator[tuple[Edit, list[Place]]]:
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


def _double(changed: _Once) -> str:
    """Return an edit together with a sign or a factor: the ratio of the two sides tells it at once, whatever the edit."""
    for edit, there in changed:
        if edit.operator != "sign" and (words := sign(there) or number(there)):
            return f"{edit.words}, and {words}"
    for edit, there in changed:
        if edit.operator in _DEEP and len(there) == 1 and (words := factor(there[0])):
            return f"{edit.words}, and {words}"
    return ""
