"""What is known of one relation of a page, and what is to be said of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bpdocs.diagnostic import Diagnostic, Span
from bpdocs.measure.judge import Outcome
from bpdocs.notation.ink import MARK
from bpdocs.notation.tokens import Unread
from bpdocs.page import Formula, Page
from bpdocs.relations import Line

_NOWHERE = Span(0, 0)
_MARKS = re.compile(rf"{MARK}[\d.]+")


@dataclass(frozen=True)
class Checked:
    """One relation of a page and what is known of it; `at` is the stretch of the page to point at: the member at fault."""

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
    at: Span = _NOWHERE

    @property
    def fulfilled(self) -> bool:
        """Whether it is shown as wrong and found to be wrong."""
        return self.expected == "wrong" and self.verdict == "disagree"

    @property
    def ok(self) -> bool:
        """Whether there is nothing to complain about."""
        if self.expected == "wrong":
            return self.verdict in ("disagree", None)
        return self.expected == "unchecked" or self.verdict in ("agree", None)


def checked(page: Page, line: Line, outcome: Outcome | None) -> Checked:
    """Return what is known of a line after it was judged."""
    formula, kind = line.formula, line.kind
    base = formula.content.start
    place = Span(base + line.span.start, base + max(line.span.end, line.span.start + 1))
    at = place if line.place is None else Span(base + line.place.start, base + line.place.end)
    if outcome is not None and outcome.fault is not None:
        start = min(max(outcome.fault.span.start, 0), len(formula.latex))
        at = Span(base + start, base + max(outcome.fault.span.end, start + 1))
    elif outcome is not None and outcome.at is not None:
        part = Span(base + outcome.at.start, base + max(outcome.at.end, outcome.at.start + 1))
        # The relation's own line is the one that is named; a part on a later line is left to the reader's eye.
        at = part if "\n" not in page.text[at.start : part.start] else at
    spot = page.diagnostic(at, "")
    expected = "unchecked" if formula.unchecked else "wrong" if formula.wrong and kind in ("claim", "definition") else "agree"
    latex = formula.latex[line.span.start : line.span.end].strip()
    found = outcome or Outcome("")
    message, suggestion = (_MARKS.sub("", text) for text in (found.message, found.suggestion))
    return Checked(
        formula.number, place, spot.line, spot.column, latex, kind, outcome.verdict if outcome else None, expected, False,
        found.error, found.points, message, suggestion, at,
    )  # fmt: skip


def unparsed(page: Page, formula: Formula, fault: Unread) -> Checked:
    """Return what is known of a formula that could not be parsed: nothing, and why."""
    line = Line(formula, Span(0, len(formula.latex)), "claim" if "=" in formula.latex else "shown", formula.scope, fault=fault)
    return checked(page, line, Outcome("unread", message=fault.message, suggestion=fault.suggestion, fault=fault))


def announced(found: list[Checked]) -> list[Checked]:
    """Let the relations of a formula that is shown as wrong agree where another of them is the wrong one."""
    wrong = {relation.formula for relation in found if relation.fulfilled}
    return [
        replace(relation, expected="agree", message="") if relation.expected == "wrong" and relation.formula in wrong and relation.verdict in ("agree", None) else relation
        for relation in found
    ]


def complaint(page: Page, relation: Checked) -> Diagnostic:
    """Return what is to be said of a relation that fails, at the member at fault."""
    if relation.expected == "wrong":
        message = "shown as wrong, but it holds" if relation.verdict == "agree" else f"shown as wrong, but {relation.verdict}: {relation.message}"
    else:
        message = f"{relation.verdict}: {relation.message}"
    return page.diagnostic(relation.at, message, relation.suggestion)


def idle(page: Page, found: list[Checked]) -> Iterator[Diagnostic]:
    """Yield a complaint for each formula that is shown as wrong and has nothing in it that could be."""
    judged = {relation.formula for relation in found if relation.expected == "wrong" and relation.verdict}
    for formula in page.formulas:
        if formula.wrong and formula.number not in judged:
            yield page.diagnostic(formula.span, "shown as wrong, and nothing in it can be judged", "write it as a relation whose symbols are known")
