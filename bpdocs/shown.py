"""What is asked of formulas that claim nothing: that their symbols are known, and that each printed number has a value."""

from __future__ import annotations

import numpy as np

from bpdocs.diagnostic import Span
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import plain_letter
from bpdocs.notation.operators import CONSTANTS, UNSUPPORTED, known
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.survey import full_name, is_reals, letter_of
from bpdocs.notation.tokens import Unread
from bpdocs.page import Page
from bpdocs.relations import Context, Line

_PLAIN = ("d", "T", r"\Delta", r"\mathbb{R}", r"\Sigma", r"\prime", r"\infty")
_COMMANDS = ("partial", "nabla", "sum", "prod", "top", "to", "mathcal{O}", "mathbf{1}")


def expressions(line: Line, context: Context) -> list[e.Expr]:
    """Return what stands in a line that is no relation, or nothing where it cannot be read."""
    try:
        return [Resolver(context.survey).expression(node) for node in line.nodes]
    except Unread:
        return []


def require_known(node: s.Node, context: Context) -> None:
    """Raise Unread for a symbol that the page does not know."""
    try:
        for part in e.walk(Resolver(context.survey).expression(node)):
            if isinstance(part, e.Ref | e.Apply) and not _is_name(part.name, context):
                raise context.program.unknown(part.name, part.span)
    except Unread:
        for ink in s.walk(node):
            if isinstance(ink, s.Symbol) and not _is_ink(ink, context):
                raise


def _is_name(name: str, context: Context) -> bool:
    survey = context.survey
    return bool(
        name in context.families.letters
        or name in map(plain_letter, survey.ranges)
        or name in context.program.quantities
        or survey.is_function(name)
        or name in survey.sizes
        or survey.klass(name)
        or survey.is_quantity(name)
        or known(name)
    )


def _is_ink(node: s.Symbol, context: Context) -> bool:
    survey, name = context.survey, full_name(node)
    if known(name) or name in CONSTANTS or is_reals(node) or name in _PLAIN:
        return True
    if name.startswith("\\") and name not in UNSUPPORTED and name[1:] in _COMMANDS:
        return True
    bases = {
        other.split("_")[0].split("^")[0]
        for other in (*context.program.quantities, *survey.functions, *survey.sizes, *map(plain_letter, survey.ranges), *survey.entries, *context.families.letters)
    }
    labels = "".join(part for other in context.program.quantities for part in other.split("_")[1:])
    return name in bases or letter_of(node) in survey.ranges or name in labels or name == r"\mathcal{O}" or name in survey.parameters


def typeset(page: Page, context: Context, example: Evaluator) -> dict[int, str]:
    r"""Return the LaTeX of formulas with `\num{…}`, their values filled in; a number without a value becomes its line's fault."""
    out: dict[int, list[tuple[Span, str]]] = {}
    for line in context.lines:
        sides = [side for side in (line.left, line.right) if side is not None]
        if not sides and line.kind == "shown":
            sides = expressions(line, context)
        for part in (part for side in sides for part in e.walk(side) if isinstance(part, e.Show)):
            try:
                value = float(np.real(np.asarray(example.value(part.body, {}, {}).data)))
            except (KeyError, Mismatch, NotSupported, Unread, TypeError, ValueError, Ambiguous) as fault:
                line.fault = Unread(f"\\num has no value here: {_why(fault)}", part.span, "set its inputs: $x = 0.5$")
                continue
            out.setdefault(line.formula.number, []).append((part.span, f"{value:.{part.digits}g}"))
    typeset = {}
    for number, replacements in out.items():
        latex = page.formulas[number].latex
        for span, text in sorted(set(replacements), key=lambda pair: -pair[0].start):
            latex = latex[: span.start] + text + latex[span.end :]
        typeset[number] = latex
    return typeset


def _why(fault: Exception) -> str:
    if isinstance(fault, KeyError) and isinstance(fault.args[0], tuple):
        return f"no value is set for {fault.args[0][0]}"
    if isinstance(fault, TypeError | ValueError):
        return "it is not one number"
    return str(fault)
