"""What is said of a relation that fails, to people who know the maths and not the tool, and what stretch of it is pointed at."""

from __future__ import annotations

from dataclasses import replace

from bpdocs.diagnostic import Span
from bpdocs.lines import Context, Line
from bpdocs.locate import Fault, smallest_fault
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.judge import Outcome
from bpdocs.measure.values import Mismatch
from bpdocs.notation import expr as e
from bpdocs.spelled import on_page

_SHAPES = "the shapes do not fit"
_OPEN, _CLOSE = "([{", ")]}"


def told(line: Line, context: Context, evaluators: list[Evaluator], outcome: Outcome) -> Outcome:
    """Return an outcome in the words of the page, pointing at the part that does not fit, else at the right member."""
    if outcome.verdict == "agree":
        return outcome
    if outcome.fault is not None:
        return _undefined(line, context, outcome)
    sides = [side for side in (line.right, line.left if line.kind != "definition" else None) if side is not None]
    found = next((fault for side in sides for evaluator in evaluators[:1] if (fault := smallest_fault(side, evaluator))), None)
    if found is not None and (outcome.verdict == "unread" or outcome.message.startswith(_SHAPES)):
        message, suggestion = _of(found, line, context)
        return replace(outcome, message=message, suggestion=suggestion or outcome.suggestion, at=_whole(found.part, line))
    if line.right is not None and outcome.verdict == "disagree":
        return replace(outcome, at=_whole(line.right, line))
    return outcome


def _undefined(line: Line, context: Context, outcome: Outcome) -> Outcome:
    """Return what is said of an unknown symbol; one that stands alone on the left was meant to be defined."""
    left, fault = line.left, outcome.fault
    own = [part for side in (line.left, line.right) if side is not None for part in e.walk(side)]
    here = [part for part in own if fault is not None and part.span == fault.span and str(getattr(part, "name", "")) in fault.message]
    if line.fault is None and fault is not None and own and not here:  # it stands in a definition, and so in another formula
        return replace(outcome, fault=None, message=f"this rests on a definition that is not read: {fault.message}")
    if line.kind == "claim" and isinstance(left, e.Ref) and fault is not None and fault.span == left.span and not context.program.quantities.get(left.name):
        return replace(outcome, suggestion="write := to define it here" + (f"; {fault.suggestion}" if fault.suggestion.startswith("did you mean") else ""))
    return outcome


def _of(fault: Fault, line: Line, context: Context) -> tuple[str, str]:
    """Return message and suggestion for the part that has no value."""
    ink = _ink(fault.part, line)
    if isinstance(fault.reason, Ambiguous):
        if not isinstance(fault.part, e.Either):
            return f"{ink} rests on a formula that is read in two ways, which differ", fault.reason.hint
        return f"read in two ways, which differ: {' or '.join(on_page(reading, context.survey) for reading in fault.part.readings)}", fault.reason.hint
    if isinstance(fault.part, e.Ref) and not fault.part.indices and line.kind == "claim":
        return f"{ink} rests on a definition that does not fit: {fault.reason}", ""
    if isinstance(fault.reason, Mismatch) and len(fault.shapes) > 1:
        shapes = ", ".join(f"{_ink(part, line)} is {shape}" for part, shape in fault.shapes)
        same = isinstance(fault.part, e.Add) or (isinstance(fault.part, e.Mul) and fault.part.how == "⊙")
        return f"the shapes in {ink} do not fit: {shapes}" + (", and they must be the same" if same else ""), ""
    return (f"the shapes do not fit: {fault.reason}" if isinstance(fault.reason, Mismatch) else str(fault.reason)), ""


def _ink(part: e.Expr, line: Line) -> str:
    span = _whole(part, line)
    return " ".join(line.formula.latex[span.start : span.end].split())


def _whole(part: e.Expr, line: Line) -> Span:
    """Return the stretch of a part with the brackets and the minus that belong to it, which an expression's own span leaves out."""
    latex, start, end = line.formula.latex, part.span.start, part.span.end
    missing: list[str] = []
    opened: list[str] = []
    for char in latex[start:end]:
        if char in _OPEN:
            opened.append(_CLOSE[_OPEN.index(char)])
        elif char in _CLOSE:
            if opened and opened[-1] == char:
                opened.pop()
            else:
                missing.append(_OPEN[_CLOSE.index(char)])
    for char in missing:
        at = latex.rfind(char, line.span.start, start)
        start = at if at >= 0 else start
    for char in reversed(opened):
        at = latex.find(char, end)
        end = at + 1 if at >= 0 else end
    before = latex[:start].rstrip()
    for command in ("\\left", "\\bigl", "\\Bigl", "\\big", "\\Big"):
        if missing and before.endswith(command):
            start = len(before) - len(command)
    if isinstance(part, e.Neg) and before.endswith("-"):
        start = len(before) - 1
    return Span(start, end)
