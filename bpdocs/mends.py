"""The likely mend of a wrong claim: the fewest and most natural changes after which it agrees, each of them checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from bpdocs.edits import Edit, edits, reread
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.missing import factor, number, other, sign, term
from bpdocs.notation import expr as e
from bpdocs.relations import Context, Line
from bpdocs.suppositions import supposition

# Slips that people make often come first; what is not listed comes last.
_NATURAL = ("swap index", "transpose", "add transpose", "prime", "add prime", "order", "layer", "shift layer", "rename index", "sign", "sum", "power", "factor",
            "symbol", "bound", "product", "drop term", "constant")  # fmt: skip
_MOST = 240  # single edits that are tried: a formula of that many places gets no better mend from more


def mend(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return what makes a claim agree, in words, or nothing."""
    if not evaluators or line.left is None or line.right is None:
        return ""
    changed = list(_changed(line, context))
    with np.errstate(all="ignore"):
        ways: tuple[Callable[[], str], ...] = (
            lambda: sign(line, context, evaluators),
            lambda: other(line, context, evaluators),
            lambda: _single(changed, context, evaluators),
            lambda: number(line, context, evaluators),
            lambda: factor(line, context, evaluators),
            lambda: term(line, context, evaluators),
            lambda: supposition(line, context, evaluators),
            lambda: _double(changed, context, evaluators),
        )
        words = next((found for way in ways if (found := way())), "")
    return f"agrees {words}" if words else ""


def agrees(line: Line, context: Context, evaluators: list[Evaluator]) -> bool:
    """Return whether a changed claim agrees, at one point first and then at all."""
    for some in (evaluators[:1], evaluators):
        if judge(line, context, some, "", evaluators[0]).verdict != "agree":
            return False
    return True


def _changed(line: Line, context: Context) -> Iterator[tuple[Edit, Line]]:
    """Yield the single edits with what they make of the claim, the natural ones first."""
    assert line.left is not None and line.right is not None
    plain = isinstance(line.left, e.Ref | e.Deriv)
    found = [edit for edit in edits(line, context.survey) if edit.span.start >= line.right.span.start or not plain]
    limits = [part.span for bind in e.walk(line.right) if isinstance(bind, e.Bind) for part in (bind.low, bind.high, bind.condition) if part is not None]
    found = [edit for edit in found if edit.operator not in ("sign", "constant") or not any(at.start <= edit.span.start and edit.span.end <= at.end for at in limits)]
    right = line.right.span.start
    found.sort(key=lambda edit: (_NATURAL.index(edit.operator) if edit.operator in _NATURAL else len(_NATURAL), edit.span.start < right))
    for edit in found[:_MOST]:
        changed = reread(line, edit, context)
        if changed is not None and changed.right is not None and _derivatives(changed.right) == _derivatives(line.right):
            yield edit, changed


def _derivatives(expr: e.Expr) -> int:
    return sum(isinstance(part, e.Deriv) and bool(e.parts(part)) for part in e.walk(expr))


def _single(changed: list[tuple[Edit, Line]], context: Context, evaluators: list[Evaluator]) -> str:
    return next((edit.words for edit, line in changed if agrees(line, context, evaluators)), "")


def _double(changed: list[tuple[Edit, Line]], context: Context, evaluators: list[Evaluator]) -> str:
    """Return an edit together with a sign or a simple factor: the ratio of the two sides tells it at once, whatever the edit."""
    for edit, line in changed:
        if edit.operator != "sign" and (words := sign(line, context, evaluators) or number(line, context, evaluators)):
            return f"{edit.words}, and {words}"
    return ""
