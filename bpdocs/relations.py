"""From the formulas of a page to the program and the relations of each of its scopes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bpdocs.budget import OVER, why
from bpdocs.diagnostic import Span
from bpdocs.lines import INEQUALITIES, Context, Line, Setting
from bpdocs.notation import syntax as s
from bpdocs.notation.families import Families, find
from bpdocs.notation.parser import parse
from bpdocs.notation.squares import rename, squared
from bpdocs.notation.survey import Statement, Survey
from bpdocs.notation.tokens import Macro, Unread
from bpdocs.notation.unroll import Case, condition_on, unroll
from bpdocs.page import Formula, Page
from bpdocs.statements import Builder, Written

__all__ = ["INEQUALITIES", "Context", "Line", "Setting", "build", "statements_again", "statements_of", "turns"]

Read = list[tuple[Formula, list[s.Node]]]


@dataclass
class Ink:
    """What the ink of a page means before it is read: its macros, and the symbols that it names by their square."""

    macros: dict[str, Macro] = field(default_factory=dict)
    squares: frozenset[str] = frozenset()


def statements_of(page: Page, ink: Ink | None = None) -> tuple[dict[int, list[s.Node]], dict[int, Unread]]:
    """Return each formula's statements, or the reason why it cannot be read; what the ink means is added to `ink`."""
    ink = ink or Ink()
    read: dict[int, list[s.Node]] = {}
    faults: dict[int, Unread] = {}
    for formula in page.formulas:
        try:
            read[formula.number] = parse(formula.latex, ink.macros, page.settings.names)
        except Unread as fault:
            faults[formula.number] = fault
        except OVER as fault:
            blank = len(formula.latex) - len(formula.latex.lstrip())
            faults[formula.number] = why(fault, Span(blank, len(formula.latex)))
    said = [(page.formulas[number], node) for number, nodes in sorted(read.items()) for node in nodes]
    ink.squares = squared(node for formula, node in said if not formula.wrong and (formula.display or isinstance(node, s.Relations)))
    return {number: [rename(node, ink.squares) for node in nodes] for number, nodes in read.items()}, faults


def turns(page: Page, taken: tuple[Page, ...] = ()) -> int:
    """Return how many programs a page has: two where it has layers or steps, at two depths, else one."""
    return 2 if any(families for families in _families(page, statements_of(page)[0], _lent(taken)).values()) else 1


def build(page: Page, taken: tuple[Page, ...] = (), turn: int = 0) -> tuple[dict[int, Context], dict[int, Unread]]:
    """Return the context of each scope (with its lines), and the formulas that could not be parsed; `turn` chooses the depth of layers."""
    ink = Ink()
    read, faults = statements_of(page, ink)
    outside = _lent(taken)
    families = _families(page, read, outside)
    contexts: dict[int, Context] = {}
    for scope in page.scopes:
        parent = contexts[scope.parent] if scope.parent is not None else None
        found = families[_root(page, scope.number)]
        depths = found.depths(turn)
        lent = [(formula, _written(formula, nodes, found, depths)) for formula, nodes in (outside if parent is None else [])]
        mine = [(page.formulas[n], _written(page.formulas[n], nodes, found, depths)) for n, nodes in sorted(read.items()) if page.formulas[n].scope == scope.number]
        seen = [(formula, case) for formula, written in [*lent, *mine] if not formula.wrong for one in written for case in one.cases]
        visible = [*(parent.survey.statements if parent else ()), *(Statement(case.node, formula.display) for formula, case in seen)]
        instances = frozenset().union(*(case.names for _, case in seen), *((parent.instances,) if parent else ()))
        survey = Survey(visible, page.settings)
        survey.sizes |= {top for top in depths if top not in found.named}
        builder = Builder(survey, parent, scope.number, found, depths, instances)
        for _, written in [*lent, *mine]:
            builder.announce(written)
        for formula, written in lent:
            builder.formula(formula, written, borrowed=True)
        for formula, written in mine:
            builder.formula(formula, written)
        contexts[scope.number] = builder.finish(page.settings)
        contexts[scope.number].macros, contexts[scope.number].squares = ink.macros, ink.squares
    return contexts, faults


def statements_again(line: Line, latex: str, context: Context) -> list[s.Node]:
    """Return the statements of a formula that was changed, written for the layer or step that a line is about; raise Unread."""
    out: list[s.Node] = []
    nodes = [rename(node, context.squares) for node in parse(latex, dict(context.macros), context.survey.settings.names)]
    for written in _written(replace(line.formula, latex=latex), nodes, context.families, context.depths):
        if written.fault is not None:
            raise written.fault
        out += [case.node for case in written.cases if tuple(case.values.items()) == line.values]
    return out


def _lent(taken: tuple[Page, ...]) -> Read:
    """Return the formulas that other pages lend: those of their outermost scope."""
    out: Read = []
    for other in taken:
        for number, nodes in statements_of(other)[0].items():
            formula = other.formulas[number]
            if formula.scope == 0 and not formula.wrong:
                out.append((formula, nodes))
    return out


def _families(page: Page, read: dict[int, list[s.Node]], lent: Read) -> dict[int, Families]:
    """Return the families of each outermost scope, with all that lies inside of it."""
    found: dict[int, Families] = {}
    for scope in page.scopes:
        if scope.parent is None:
            formulas = [page.formulas[n] for n in sorted(read) if _root(page, page.formulas[n].scope) == scope.number]
            inside = [read[formula.number] for formula in formulas if not formula.wrong and not formula.unchecked]
            found[scope.number] = find(node for nodes in [*(nodes for _, nodes in lent), *inside] for node in nodes)
    return found


def _root(page: Page, scope: int) -> int:
    while (parent := page.scopes[scope].parent) is not None:
        scope = parent
    return scope


def _written(formula: Formula, nodes: list[s.Node], families: Families, depths: dict[str, int]) -> list[Written]:
    """Return the statements of a formula with their cases: what holds for every layer, once for each."""
    if not families:
        return [Written(node, (Case({}, node),)) for node in nodes]
    conditions = [found for node in nodes if (found := condition_on(node, families)) is not None]
    out: list[Written] = []
    for place, node in enumerate(nodes):
        if condition_on(node, families) is not None:
            out.append(Written(node))
            continue
        try:
            out.append(Written(node, tuple(unroll(node, families, depths, f"{formula.number}.{place}", conditions))))
        except Unread as fault:
            out.append(Written(node, fault=fault))
    return out
