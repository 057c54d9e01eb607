"""What the checker makes of one line of a page: how each relation on it was read, what it rests on, and the numbers at one point."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from bpdocs import budget
from bpdocs.cases import Judged, absent, merged
from bpdocs.check import judged
from bpdocs.diagnostic import Span
from bpdocs.lines import Context, Line
from bpdocs.locate import FAULTS, Letters, below
from bpdocs.measure import values as v
from bpdocs.measure.evaluate import Evaluator
from bpdocs.mending import mended
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.page import Page, read_page
from bpdocs.program import Quantity
from bpdocs.spelled import name_of, on_page, relation
from bpdocs.verdicts import Checked, checked, unparsed
from bpdocs.words import said


@dataclass(frozen=True)
class Node:
    """A piece of a formula: its LaTeX, what it was read as, its shape, and the pieces that it is made of."""

    latex: str
    meaning: str
    shape: str
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Step:
    """One definition that a relation rests on, or an input (no line)."""

    name: str
    line: int | None
    latex: str
    shape: str


@dataclass(frozen=True)
class Numbers:
    """Both members at one point, at the entry where they differ most."""

    sizes: dict[str, int]
    entry: str
    left: float
    right: float


@dataclass(frozen=True)
class Explained:
    """One relation and all that is known of it."""

    checked: Checked
    where: str = ""
    relation: str = ""
    members: tuple[Node, ...] = ()
    symbols: dict[str, str] = field(default_factory=dict)
    program: tuple[Step, ...] = ()
    numbers: Numbers | None = None


def explain(text: str, path: str, number: int) -> list[Explained]:
    """Return what is known of the relations on a line (else, of those of the formula around it); raise PageError."""
    with budget.page():
        return _found(read_page(text, path), number)


def _found(page: Page, number: int) -> list[Explained]:
    groups, faults, _ = judged(page)
    found = [(checked(page, *mended(group, *merged(group))), _telling(group)) for group in groups if _near(page, group[0].line, number)]
    broken = [(unparsed(page, page.formulas[index], fault), None) for index, fault in faults.items()]
    whole = [*found, *[one for one in broken if _lines(page, page.formulas[one[0].formula].span)[0] <= number <= _lines(page, page.formulas[one[0].formula].span)[1]]]
    chosen = sorted([one for one in whole if one[0].line == number] or whole, key=lambda one: (one[0].span.start, one[0].span.end))
    return [_explained(page, relation, one) for relation, one in chosen]


def _telling(group: Sequence[Judged]) -> Judged:
    """Return the layer or step to show: one that fails, else the first that the page has."""
    there = [one for one in group if not absent(one.line, one.context)] or list(group)
    return next((one for one in there if one.outcome is not None and one.outcome.verdict not in ("agree", None)), there[0])


def _lines(page: Page, span: Span) -> tuple[int, int]:
    return page.diagnostic(Span(span.start, span.start), "").line, page.diagnostic(Span(span.end, span.end), "").line


def _near(page: Page, line: Line, number: int) -> bool:
    first, last = _lines(page, line.formula.span)
    return first <= number <= last


def _explained(page: Page, relation_: Checked, one: Judged | None) -> Explained:
    if one is None:
        return Explained(relation_)
    line, context = one.line, one.context
    sides = [side for side in (line.left, line.right) if side is not None]
    evaluators = [evaluator for evaluator in ((one.example,) if line.relation == "≈" else (*one.evaluators, one.example)) if evaluator is not None]
    members = tuple(_node(side, context, evaluators[0], {}) for side in sides)
    program = tuple(_program(sides, page, context, evaluators[0], line))
    numbers = _numbers(line, evaluators[0]) if line.kind == "claim" and len(sides) == 2 else None
    return Explained(relation_, one.where, relation(line.relation), members, _symbols(sides, context, evaluators[0]), program, numbers)


def _node(part: e.Expr, context: Context, evaluator: Evaluator, letters: Letters) -> Node:
    try:
        shape = v.described(evaluator.value(part, letters, {}).shape, evaluator.sizes)
    except FAULTS:
        shape = ""
    parts = tuple(_node(inner, context, evaluator, bound) for inner, bound in below(part, letters))
    return Node(on_page(part, context.survey), said(part), shape, parts)


def _symbols(sides: list[e.Expr], context: Context, evaluator: Evaluator) -> dict[str, str]:
    """Return what each symbol of a relation is: a quantity with its shape, an index with its range, a function."""
    survey, program = context.survey, context.program
    out: dict[str, str] = {}
    bound = {part.letter: part.size for side in sides for part in e.walk(side) if isinstance(part, e.Bind)}
    for part in [part for side in sides for part in e.walk(side)]:
        if isinstance(part, e.Ref):
            try:
                quantity = program.find(part)
            except Unread:
                continue
            kind = "an input" if quantity.body is None else "defined on the page"
            name = on_page(e.Ref(part.span, part.name, (), part.signature), survey) if not part.indices else _name(quantity, context)
            out.setdefault(name, f"{kind}, {_shape(quantity, evaluator)}")
        elif isinstance(part, e.Letter):
            klass = bound.get(part.name) or survey.klass(part.name) or "?"
            out.setdefault(part.name, f"an index, 1 to {klass.lstrip('#')}" if not klass.startswith("#") else "an index whose range the page leaves open")
        elif isinstance(part, e.Size):
            out.setdefault(part.name, "a width")
        elif isinstance(part, e.Apply):
            given = "defined on the page" if part.name in program.functions else "left open: any smooth function stands for it"
            out.setdefault(name_of(part.name), f"a function, {given}")
    return out


def _shape(quantity: Quantity, evaluator: Evaluator) -> str:
    try:
        return v.described(evaluator.quantity(quantity).shape, evaluator.sizes)
    except FAULTS:
        return "of a shape that does not come out"


def _program(sides: list[e.Expr], page: Page, context: Context, evaluator: Evaluator, line: Line) -> Iterator[Step]:
    """Yield what a relation rests on, inputs first, each definition after those that it uses."""
    where = {id(quantity): other for other, _, quantity in context.definitions if quantity is not None}
    bodies = {id(other.right): other for other, _, quantity in context.definitions if quantity is None}
    try:
        keys = frozenset().union(*(context.program.reached(side) for side in sides), frozenset())
        done: list[Quantity] = []
        for key in sorted(keys, key=str):
            _visit(next(q for q in context.program.quantities[key[0]] if q.key == key), context, done)
    except (Unread, StopIteration):
        return
    for quantity in sorted(done, key=lambda q: q.body is not None):
        found = where.get(id(quantity))
        function = context.program.functions.get(quantity.name)
        if function is not None:
            found = bodies.get(id(function.body))
        if found is line:
            continue
        latex = " ".join(found.formula.latex[found.span.start : found.span.end].split()) if found is not None else ""
        yield Step(_name(quantity, context), _line_of(found, page), latex, _shape(quantity, evaluator))


def _name(quantity: Quantity, context: Context) -> str:
    letters = quantity.letters or context.program.letters(quantity)
    known = bool(quantity.letters) or all(context.survey.klass(letter) for letter in letters)
    return name_of(quantity.name, letters if known else ())


def _line_of(found: Line | None, page: Page) -> int | None:
    """Return the line that a definition stands on, or None for an input and for a definition of another page."""
    if found is None or found.formula not in page.formulas:
        return None
    return page.diagnostic(Span(found.formula.content.start + found.span.start, found.formula.content.end), "").line


def _visit(quantity: Quantity, context: Context, done: list[Quantity]) -> None:
    if any(other is quantity for other in done):
        return
    for other in context.program.references(quantity.body) if quantity.body is not None else ():
        if other is not quantity:
            _visit(other, context, done)
    done.append(quantity)


def _numbers(line: Line, evaluator: Evaluator) -> Numbers | None:
    """Return both members where they differ most."""
    assert line.left is not None and line.right is not None
    try:
        left, right = evaluator.value(line.left, {}, {}), evaluator.value(line.right, {}, {})
        axes, rank = v.union(left, right), max(left.rank, right.rank)
        a, b = np.broadcast_arrays(np.real(v.spread(left, axes, rank)), np.real(v.spread(right, axes, rank)))
    except FAULTS:
        return None
    with np.errstate(all="ignore"):
        gap = np.nan_to_num(np.abs(a - b), nan=np.inf)
    worst = np.unravel_index(int(np.argmax(gap)), gap.shape) if gap.ndim else ()
    numbers = [int(place) + 1 for place in worst]
    named = [f"{axis.rstrip('~')} = {place}" for axis, place in zip(axes, numbers, strict=False)]
    rest = numbers[len(axes) :]
    entry = ", ".join(named + ([f"entry {','.join(map(str, rest))}"] if rest else []))
    sizes = {name: size for name, size in evaluator.point.sizes.items() if not name.startswith("#") and not name.isdigit()}
    return Numbers(sizes, entry, float(a[worst]), float(b[worst]))
