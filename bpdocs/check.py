r"""A page → its relations with their verdicts: the whole way, on one screen.

>>> report = check_page("$y := w x$ and $\\frac{\\partial y}{\\partial w} = x$.", "notes.md")
>>> [relation.verdict for relation in report.relations if relation.kind == "claim"]
['agree']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bpdocs import budget
from bpdocs.cases import Judged, merged, relations
from bpdocs.diagnostic import Diagnostic, PageError, Span, diagnostic_at
from bpdocs.inputs import taken
from bpdocs.measure.points import printed_numbers
from bpdocs.mending import mended
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.page import Page, read_page
from bpdocs.proving import proven
from bpdocs.relations import Context, build, turns
from bpdocs.scoped import Scoped
from bpdocs.shown import expressions
from bpdocs.verdicts import Checked, announced, checked, complaint, idle, unparsed

__all__ = ["Checked", "PageReport", "check_page"]


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
    with budget.page():
        return _report(read_page(text, path))


def _report(page: Page) -> PageReport:
    groups, faults, printed = judged(page)
    found = [proven(group, checked(page, *mended(group, *merged(group)))) for group in groups]
    found += [unparsed(page, page.formulas[number], reason) for number, reason in faults.items()]
    found = announced(sorted(found, key=lambda checked: (checked.span.start, checked.span.end)))
    complaints = [complaint(page, checked) for checked in found if not checked.ok]
    complaints += idle(page, found)
    return PageReport(page, tuple(found), tuple(sorted([*page.problems, *complaints], key=lambda d: (d.line, d.column))), printed)


def judged(page: Page) -> tuple[list[list[Judged]], dict[int, Unread], dict[int, str]]:
    """Return what was judged, grouped by relation; the formulas that could not be parsed; and those that print a number. Raises PageError."""
    try:
        with budget.page():
            return _judged(page)
    except budget.OVER as fault:
        return [], dict.fromkeys(range(len(page.formulas)), budget.why(fault)), {}


def _judged(page: Page) -> tuple[list[list[Judged]], dict[int, Unread], dict[int, str]]:
    taken = tuple(_taken_over(page))
    avoid = printed_numbers([formula.latex for formula in page.formulas])
    found: list[Judged] = []
    printed: dict[int, str] = {}
    faults: dict[int, Unread] = {}
    for turn in range(turns(page, taken)):
        try:
            contexts, faults = build(page, taken, turn)
        except Unread as fault:
            raise PageError(diagnostic_at(page.path, page.text, _word(page, "assume"), fault.message, fault.suggestion)) from None
        needed = _needed(page, contexts)
        for number, context in contexts.items():
            scope = Scoped(page, context, avoid, needed[number])
            printed = {**scope.typeset(), **printed}
            found += scope.judged()
    return relations(found), faults, printed


def _taken_over(page: Page) -> Iterator[Page]:
    """Yield the pages whose definitions this one takes over; raise PageError for one that cannot be read."""
    for name in page.settings.uses:
        other = Path(page.path).parent / name
        try:
            yield read_page(taken(other).decode("utf-8-sig"), str(other))
        except (OSError, ValueError) as fault:
            if isinstance(fault, PageError):
                raise
            raise PageError(diagnostic_at(page.path, page.text, _word(page, name), f"`uses` names {name}, which cannot be read")) from None


def _word(page: Page, word: str) -> Span:
    """Return where a word of the settings stands, which come before everything else."""
    at = max(page.text.find(word), 0)
    return Span(at, at + len(word) if page.text.startswith(word, at) else 1)


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
                    sides = expressions(line, context)
                for side in sides:
                    needed[number] |= context.program.names(side)
            elif line.kind == "definition" and line.right is not None:
                needed[number] |= {part.name for part in e.walk(line.right) if isinstance(part, e.Ref | e.Apply)} - {line.defines}
        parent = page.scopes[number].parent
        if parent is not None:
            needed[parent] |= needed[number]
    return needed
