r"""A page → its relations with their verdicts: the whole way, on one screen.

>>> report = check_page("$y := w x$ and $\\frac{\\partial y}{\\partial w} = x$.", "notes.md")
>>> [relation.verdict for relation in report.relations if relation.kind == "claim"]
['agree']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bpdocs.diagnostic import Diagnostic, PageError, Span, diagnostic_at
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.judge import Outcome, judge
from bpdocs.measure.points import example, points, printed_numbers
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.survey import full_name, is_reals, letter_of
from bpdocs.notation.tokens import Unread
from bpdocs.page import Formula, Page, read_page
from bpdocs.relations import Context, Line, build


@dataclass(frozen=True)
class Checked:
    """One relation of a page and what is known of it."""

    formula: int
    span: Span
    line: int
    column: int
    latex: str
    kind: str
    verdict: str | None
    expected: str = "agree"
    proved: bool = False
    error: float | None = None
    points: int = 0
    message: str = ""
    suggestion: str = ""

    @property
    def fulfilled(self) -> bool:
        """Whether it is shown as wrong and found to be wrong."""
        return self.expected == "wrong" and self.verdict == "disagree"

    @property
    def ok(self) -> bool:
        """Whether there is nothing to complain about."""
        if self.expected == "wrong":
            return self.verdict in ("disagree", None) or self.message == _PARTNER
        return self.expected == "unchecked" or self.verdict in ("agree", None)


_PARTNER = "another relation of this formula is the wrong one"


@dataclass(frozen=True)
class PageReport:
    """A page, the verdicts on its relations, and everything that makes it fail."""

    page: Page
    relations: tuple[Checked, ...]
    diagnostics: tuple[Diagnostic, ...]
    printed: dict[int, str] = field(default_factory=dict, repr=False)

    @property
    def ok(self) -> bool:
        """Whether nothing makes the page fail."""
        return not self.diagnostics

    def typeset(self, number: int) -> str:
        r"""Return the LaTeX of formula `number` with `\num{…}` replaced by its value."""
        return self.printed.get(number, self.page.formulas[number].latex)


def check_page(text: str, path: str) -> PageReport:
    """Return the verdicts on every relation of a page; raise PageError if it cannot be read at all."""
    page = read_page(text, path)
    try:
        contexts, faults = build(page, tuple(_taken(page, path)))
    except Unread as fault:
        raise PageError(diagnostic_at(path, page.text, Span(0, 1), fault.message, fault.suggestion)) from None
    avoid = printed_numbers([formula.latex for formula in page.formulas])
    found: list[Checked] = []
    printed: dict[int, str] = {}
    needed = _needed(page, contexts)
    for number, context in contexts.items():
        scope = _Scope(page, context, avoid, needed[number])
        found += scope.verdicts()
        printed |= scope.typeset()
    for number, reason in faults.items():
        formula = page.formulas[number]
        found.append(_checked(page, formula, Span(0, len(formula.latex)), "claim" if "=" in formula.latex else "shown",
                              Outcome("unread", message=reason.message, suggestion=reason.suggestion, fault=reason)))  # fmt: skip
    found = _wrong_formulas(sorted(found, key=lambda checked: (checked.span.start, checked.span.end)))
    complaints = [_complaint(page, checked) for checked in found if not checked.ok]
    complaints += [
        _idle_wrong(page, formula) for formula in page.formulas if formula.wrong and not any(c.formula == formula.number and c.expected == "wrong" and c.verdict for c in found)
    ]
    return PageReport(page, tuple(found), tuple(sorted([*page.problems, *complaints], key=lambda d: (d.line, d.column))), printed)


def _taken(page: Page, path: str) -> Iterator[Page]:
    for name in page.settings.uses:
        other = Path(path).parent / name
        try:
            yield read_page(other.read_text(encoding="utf-8-sig"), str(other))
        except (OSError, UnicodeDecodeError):
            raise PageError(diagnostic_at(path, page.text, Span(0, 1), f"`uses` names {name}, which cannot be read")) from None


def _needed(page: Page, contexts: dict[int, Context]) -> dict[int, set[str]]:
    """Return, for each scope, the names that something judged there or in a scope inside it rests on."""
    needed: dict[int, set[str]] = {number: set() for number in contexts}
    for number in sorted(contexts, reverse=True):
        context = contexts[number]
        for line in context.lines:
            printed = any(isinstance(part, e.Show) for side in (line.left, line.right) if side is not None for part in e.walk(side))
            if line.kind in ("claim", "update") or printed or (line.kind == "shown" and "\\num" in line.formula.latex):
                sides = [side for side in (line.left, line.right) if side is not None]
                if line.kind == "shown" and not sides:
                    sides = _expressions(line, context)
                for side in sides:
                    needed[number] |= context.program.names(side)
            elif line.kind == "definition" and line.right is not None:
                needed[number] |= {part.name for part in e.walk(line.right) if isinstance(part, e.Ref | e.Apply)} - {line.defines}
        parent = page.scopes[number].parent
        if parent is not None:
            needed[parent] |= needed[number]
    return needed


def _expressions(line: Line, context: Context) -> list[e.Expr]:
    try:
        return [Resolver(context.survey).expression(node) for node in line.nodes]
    except Unread:
        return []


class _Scope:
    """The verdicts on the lines of one scope."""

    def __init__(self, page: Page, context: Context, avoid: set[int], needed: set[str]) -> None:
        self.page, self.context, self.needed = page, context, needed
        self.evaluators, self.why = points(context, avoid)
        self.example = example(context)

    def verdicts(self) -> Iterator[Checked]:
        """Yield every line with its verdict."""
        for line in self.context.lines:
            yield _checked(self.page, line.formula, line.span, line.kind, self.outcome(line), line.place)

    def outcome(self, line: Line) -> Outcome | None:
        """Return the outcome for a line, or None where nothing is to be judged."""
        if line.fault is not None:
            return Outcome("unread", message=line.fault.message, suggestion=line.fault.suggestion, fault=line.fault)
        match line.kind:
            case "claim":
                outcome = judge(line, self.context, self.evaluators, self.why, self.example)
                if outcome.verdict == "disagree" and not line.formula.wrong and not outcome.suggestion:
                    from bpdocs.mends import mend

                    suggestion = mend(line, self.context, self.evaluators)
                    return Outcome("disagree", outcome.error, outcome.points, outcome.message, suggestion)
                return outcome
            case "definition":
                return self._guarded(lambda: self._definition(line))
            case "update":
                return self._guarded(lambda: self._update(line))
            case "shown":
                return self._guarded(lambda: self._shown(line))
            case "assumption" | "setting":
                return self._guarded(lambda: self._known(line))
        return None

    def _guarded(self, work: object) -> Outcome | None:
        try:
            return work()  # type: ignore[operator, no-any-return]
        except Unread as fault:
            return Outcome("unread", message=fault.message, suggestion=fault.suggestion, fault=fault)
        except Ambiguous as fault:
            return Outcome("unread", message="this is read in two ways, which differ", suggestion=fault.hint)
        except Mismatch as fault:
            return Outcome("disagree", message=f"the shapes do not fit: {fault}")
        except NotSupported as fault:
            return Outcome("unread", message=str(fault))

    def _known(self, line: Line) -> None:
        for side in (line.left, line.right):
            for part in e.walk(side) if side is not None else ():
                if isinstance(part, e.Ref) and part.name not in self.context.survey.sizes:
                    self.context.program.find(part)

    def _definition(self, line: Line) -> Outcome | None:
        program = self.context.program
        for quantity in program.quantities.get(line.defines, []):
            if quantity.body is not None and (quantity.body is line.right or quantity.letters == _letters(line)):
                program.ancestors(quantity.key)
                for evaluator in self.evaluators[:1]:
                    if line.defines not in program.functions:
                        evaluator.quantity(quantity)
        if not self._used(line):
            return Outcome(
                "inconclusive",
                message=f"defines {line.defines}, which nothing uses",
                suggestion="claim something about it, or leave it out",
            )
        return None

    def _used(self, line: Line) -> bool:
        """Return whether a claim, an update or a printed number here or in an inner scope rests on what `line` defines."""
        return line.defines in self.needed

    def _update(self, line: Line) -> Outcome | None:
        assert line.left is not None and line.right is not None
        self._known(line)
        for evaluator in self.evaluators[:1]:
            left, right = evaluator.value(line.left, {}, {}), evaluator.value(line.right, {}, {})
            if left.shape != right.shape or not set(right.axes) <= set(left.axes):
                raise Mismatch("left and right differ in their shapes or free indices")
        return None

    def _shown(self, line: Line) -> Outcome | None:
        if line.left is not None and line.right is not None:
            self._known(line)
            return None
        for node in line.nodes:
            self._words(node)
        return None

    def _words(self, node: s.Node) -> None:
        """Raise Unread for a symbol that the page does not know."""
        resolver = Resolver(self.context.survey)
        try:
            for part in e.walk(resolver.expression(node)):
                if isinstance(part, e.Ref) and not self._known_name(part.name):
                    raise self.context.program.unknown(part.name, part.span)
                if isinstance(part, e.Apply) and not self._known_name(part.name):
                    raise self.context.program.unknown(part.name, part.span)
        except Unread:
            for ink in s.walk(node):
                if isinstance(ink, s.Symbol) and not self._known_ink(ink):
                    raise

    def _known_name(self, name: str) -> bool:
        survey = self.context.survey
        from bpdocs.notation.operators import known

        return bool(name in self.context.program.quantities or survey.is_function(name) or name in survey.sizes or survey.klass(name) or survey.is_quantity(name) or known(name))

    def _known_ink(self, node: s.Symbol) -> bool:
        from bpdocs.notation.operators import CONSTANTS, UNSUPPORTED, known

        survey, name = self.context.survey, full_name(node)
        if known(name) or name in CONSTANTS or is_reals(node) or name in ("d", "T", r"\Delta", r"\mathbb{R}", r"\Sigma", r"\prime", r"\infty"):
            return True
        if name.startswith("\\") and name not in UNSUPPORTED and name[1:] in ("partial", "nabla", "sum", "prod", "top", "to", "mathcal{O}", "mathbf{1}"):
            return True
        bases = {known_name.split("_")[0].split("^")[0] for known_name in (*self.context.program.quantities, *survey.functions, *survey.sizes, *survey.ranges, *survey.entries)}
        labels = "".join(part for known_name in self.context.program.quantities for part in known_name.split("_")[1:])
        return name in bases or letter_of(node) in survey.ranges or name in labels or name == r"\mathcal{O}" or name in survey.parameters

    def typeset(self) -> dict[int, str]:
        r"""Return the LaTeX of formulas with `\num{…}`, their values filled in."""
        out: dict[int, list[tuple[Span, str]]] = {}
        for line in self.context.lines:
            sides = [side for side in (line.left, line.right) if side is not None]
            if not sides and line.kind == "shown":
                sides = _expressions(line, self.context)
            for side in sides:
                for part in e.walk(side):
                    if isinstance(part, e.Show):
                        try:
                            value = float(np.real(np.asarray(self.example.value(part.body, {}, {}).data)))
                        except (KeyError, Mismatch, NotSupported, Unread, TypeError, ValueError, Ambiguous) as fault:
                            line.fault = Unread(f"\\num has no value here ({fault})", part.span, "set its inputs: $x = 0.5$")
                            continue
                        out.setdefault(line.formula.number, []).append((part.span, f"{value:.{part.digits}g}"))
        typeset = {}
        for number, replacements in out.items():
            latex = self.page.formulas[number].latex
            for span, text in sorted(set(replacements), key=lambda pair: -pair[0].start):
                latex = latex[: span.start] + text + latex[span.end :]
            typeset[number] = latex
        return typeset


def _letters(line: Line) -> tuple[str, ...]:
    return tuple(index.name for index in line.left.indices if isinstance(index, e.Letter)) if isinstance(line.left, e.Ref) else ()


def _checked(page: Page, formula: Formula, span: Span, kind: str, outcome: Outcome | None, spot_at: Span | None = None) -> Checked:
    base = formula.content.start
    place = Span(base + span.start, base + max(span.end, span.start + 1))
    if outcome is not None and outcome.fault is not None:
        at = outcome.fault.span
        start = min(max(at.start, 0), len(formula.latex))
        where = Span(base + start, base + max(at.end, start + 1))
    else:
        where = place if spot_at is None else Span(base + spot_at.start, base + spot_at.end)
    spot = page.diagnostic(where, "")
    expected = "unchecked" if formula.unchecked else "wrong" if formula.wrong and kind in ("claim", "definition", "shown", "update") else "agree"
    if expected == "wrong" and kind != "claim":
        expected = "agree" if kind != "definition" else "wrong"
    verdict = outcome.verdict if outcome else None
    latex = formula.latex[span.start : span.end].strip()
    return Checked(
        formula.number, place, spot.line, spot.column, latex, kind, verdict, expected, False,
        outcome.error if outcome else None, outcome.points if outcome else 0, outcome.message if outcome else "", outcome.suggestion if outcome else "",
    )  # fmt: skip


def _wrong_formulas(found: list[Checked]) -> list[Checked]:
    """Let the relations of a formula that is shown as wrong agree where another of them is the wrong one."""
    from dataclasses import replace

    wrong = {checked.formula for checked in found if checked.fulfilled}
    return [
        replace(checked, expected="agree", message="") if checked.expected == "wrong" and checked.formula in wrong and checked.verdict in ("agree", None) else checked
        for checked in found
    ]


def _complaint(page: Page, checked: Checked) -> Diagnostic:
    message = f"{checked.verdict}: {checked.message}" if checked.expected != "wrong" else f"shown as wrong, and {checked.verdict}s: {checked.message or 'it holds'}"
    found = page.diagnostic(checked.span, message, checked.suggestion)
    return Diagnostic(
        found.path,
        checked.line,
        checked.column,
        found.length if found.column == checked.column else 1,
        message,
        checked.suggestion,
        page.text.split("\n")[_row(page, checked)],
    )


def _row(page: Page, checked: Checked) -> int:
    return checked.line - 1 if not page.lines else page.text.count("\n", 0, checked.span.start)


def _idle_wrong(page: Page, formula: Formula) -> Diagnostic:
    return page.diagnostic(formula.span, "shown as wrong, and nothing in it can be judged", "write it as a relation whose symbols are known")


__all__ = ["Checked", "Evaluator", "PageReport", "check_page"]
