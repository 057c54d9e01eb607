"""The measured verdict on one claim: its members compared at every point, every entry, each against its own size."""

from __future__ import annotations

import numpy as np

from bpdocs.lines import Context, Line
from bpdocs.measure.compare import Difference, compare
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.inequality import inequality
from bpdocs.measure.order import has_order, order
from bpdocs.measure.outcome import Outcome
from bpdocs.measure.printed import is_printed, printed
from bpdocs.measure.values import Mismatch, NotSupported, Value
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread

CALM = 2  # points at which the noise is looked at in any case

__all__ = ["Outcome", "judge"]


def judge(line: Line, context: Context, evaluators: list[Evaluator], why: str, example: Evaluator) -> Outcome:
    """Return the verdict on a claim at the points of `evaluators`, or at the page's `example`."""
    with np.errstate(all="ignore"):
        return _judge(line, context, evaluators, why, example)


def _judge(line: Line, context: Context, evaluators: list[Evaluator], why: str, example: Evaluator) -> Outcome:
    assert line.left is not None and line.right is not None
    if line.fault is not None:
        return Outcome("unread", message=line.fault.message, suggestion=line.fault.suggestion, fault=line.fault)
    try:
        for side in (line.left, line.right):
            context.program.reached(side)
        if e.same(line.left, line.right):
            return Outcome("inconclusive", message="this member repeats the one before it", suggestion="say something about it, or leave it out")
        if _verbatim(line, context):
            return Outcome("inconclusive", message="this only repeats the definition", suggestion="refer to the definition instead")
        if line.relation == "≈" or (line.relation == "=" and is_printed(line, context, example)):
            return printed(line, context, example)
        if not evaluators:
            return Outcome("inconclusive", message=why or "there is no point to compare at")
        if line.relation != "=":
            return inequality(line, context, evaluators)
        if has_order(line):
            return order(line, context, evaluators)
        return _equality(line, context, evaluators)
    except Unread as fault:
        return Outcome("unread", message=fault.message, suggestion=fault.suggestion, fault=fault)
    except Ambiguous as fault:
        return Outcome("unread", message="this is read in two ways, which differ", suggestion=fault.hint)
    except NotSupported as fault:
        return Outcome("unread", message=str(fault))
    except Mismatch as fault:
        return Outcome("disagree", message=f"the shapes do not fit: {fault}")
    except KeyError as fault:
        return Outcome(
            "unread",
            message=f"no value is set for {fault.args[0][0] if isinstance(fault.args[0], tuple) else fault}",
            suggestion="set it: $x = 0.5$",
        )


def _verbatim(line: Line, context: Context) -> bool:
    for one, other in ((line.left, line.right), (line.right, line.left)):
        if isinstance(one, e.Ref) and other is not None:
            quantity = context.program.find(one)
            letters = tuple(index.name for index in one.indices if isinstance(index, e.Letter))
            if quantity.body is not None and letters == quantity.letters and e.same(quantity.body, other):
                return True
    return False


def _equality(line: Line, context: Context, evaluators: list[Evaluator]) -> Outcome:
    assert line.left is not None and line.right is not None
    left_side, right_side = line.left, line.right
    worst: Difference | None = None
    vanishing, count = True, 0
    for evaluator in evaluators:
        left, right = evaluator.value(left_side, {}, {}), evaluator.value(right_side, {}, {})

        def shaken(turn: int, at: Evaluator = evaluator) -> tuple[Value, Value]:
            other = at.shaken(turn)
            return other.value(left_side, {}, {}), other.value(right_side, {}, {})

        found = compare(left, right, shaken, evaluator.sizes, calm=count >= CALM)
        count += 1
        if found.found == "empty":
            return Outcome("inconclusive", None, count, "no entry is left to compare", "give every width a number from 1 on")
        if found.found == "not real":
            return Outcome("disagree", found.error, count, f"a member has no real value {_where(found)}: left is {found.left:.6g}, right is {found.right:.6g}",
                           "say for which values it holds: assume")  # fmt: skip
        if found.found == "different":
            return Outcome("disagree", found.error, count, _message(found, left, right))
        vanishing = vanishing and found.vanishes
        if worst is None or (found.found == "noise", found.error) > (worst.found == "noise", worst.error):
            worst = found
    assert worst is not None
    if worst.found == "noise":
        size = max(abs(worst.left), abs(worst.right))
        return Outcome("inconclusive", worst.error, count, f"the rounding noise ({worst.noise:.1e}) is as large as the question (the sides are {size:.1e})",
                       "write it so that less cancels")  # fmt: skip
    if vanishing and not _says_zero(line):
        return Outcome("inconclusive", worst.error, count, _vacuous(line, context))
    return Outcome("agree", worst.error, count)


def _message(worst: Difference, left: Value, right: Value) -> str:
    text = f"left is {worst.left:.6g}, right is {worst.right:.6g}"
    if worst.entry:
        text += f" at {worst.entry}"
    free_left = {axis.rstrip("~") for axis in left.axes}
    free_right = {axis.rstrip("~") for axis in right.axes}
    if free_left != free_right:
        text += f"; left is free in {', '.join(sorted(free_left)) or 'no index'}, right in {', '.join(sorted(free_right)) or 'none'}"
    return text


def _where(found: Difference) -> str:
    return f"at {found.entry}" if found.entry else "at a point where the definitions have one"


def _says_zero(line: Line) -> bool:
    return any(isinstance(side, e.Num) and side.value == 0 for side in (line.left, line.right)) or any(
        isinstance(side, e.Call) and side.name == "zeros" for side in (line.left, line.right)
    )


def _vacuous(line: Line, context: Context) -> str:
    for side in (line.left, line.right):
        for part in e.walk(side) if side is not None else ():
            if isinstance(part, e.Deriv):
                target = context.program.find(part.wrt[0])
                if target.key not in context.program.reached(part.body):
                    body = part.body.name if isinstance(part.body, e.Ref) else "what stands above"
                    return f"both sides are zero: {body} does not use {context.program.shown(target)}"
    return "both sides are zero at every point"
