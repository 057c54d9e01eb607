"""The verdicts on the relations of one scope."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpdocs import budget
from bpdocs.cases import Judged
from bpdocs.lines import Context, Line
from bpdocs.measure.evaluate import Ambiguous
from bpdocs.measure.judge import Outcome
from bpdocs.measure.settle import Measured
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.page import Page
from bpdocs.shown import require_known, typeset
from bpdocs.wording import told


class Scoped:
    """One scope with its points and the page's own example; `needed` are the names that something judged rests on."""

    def __init__(self, page: Page, context: Context, avoid: set[int], needed: set[str]) -> None:
        """Draw the points."""
        self.page, self.context, self.needed = page, context, needed
        self.measured = Measured(context, avoid)
        self.evaluators, self.example = self.measured.evaluators, self.measured.example

    def typeset(self) -> dict[int, str]:
        r"""Return the LaTeX of formulas with `\num{…}`; to be called first, as a number without a value is a fault of its line."""
        return typeset(self.page, self.context, self.example)

    def judged(self) -> Iterator[Judged]:
        """Yield every line with its outcome."""
        for line in self.context.lines:
            yield Judged(line, self.outcome(line), self.context, tuple(self.evaluators), self.example)

    def outcome(self, line: Line) -> Outcome | None:
        """Return the outcome for a line, or None where nothing is to be judged; what takes too much has no verdict but that."""
        try:
            with budget.part():
                return self._outcome(line)
        except budget.OVER as fault:
            reason = budget.why(fault)
            return Outcome("unread", message=reason.message, suggestion=reason.suggestion)

    def _outcome(self, line: Line) -> Outcome | None:
        if line.fault is not None:
            return Outcome("unread", message=line.fault.message, suggestion=line.fault.suggestion, fault=line.fault)
        match line.kind:
            case "claim":
                return told(line, self.context, self.evaluators, self.measured.outcome(line))
            case "definition":
                return self._guarded(self._definition, line)
            case "update":
                return self._guarded(self._update, line)
            case "shown":
                return self._guarded(self._shown, line)
            case "assumption" | "setting":
                return self._guarded(self._known, line)
        return None

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
        if line.defines not in self.needed:
            return Outcome("inconclusive", message=f"defines {line.defines}, which nothing uses", suggestion="claim something about it, or leave it out")
        return None

    def _update(self, line: Line) -> None:
        assert line.left is not None and line.right is not None
        self._known(line)
        for evaluator in self.evaluators[:1]:
            left, right = evaluator.value(line.left, {}, {}), evaluator.value(line.right, {}, {})
            if left.shape != right.shape or not set(right.axes) <= set(left.axes):
                raise Mismatch("left and right differ in their shapes or free indices")

    def _shown(self, line: Line) -> None:
        if line.left is not None and line.right is not None:
            self._known(line)
            return
        for node in line.nodes:
            require_known(node, self.context)

    def _guarded(self, work: Callable[[Line], Outcome | None], line: Line) -> Outcome | None:
        """Return what `work` finds, or what stopped it as an outcome."""
        try:
            return work(line)
        except Unread as fault:
            return Outcome("unread", message=fault.message, suggestion=fault.suggestion, fault=fault)
        except Ambiguous as fault:
            outcome = Outcome("unread", message="read in two ways, which differ", suggestion=fault.hint)
        except Mismatch as fault:
            outcome = Outcome("disagree", message=f"the shapes do not fit: {fault}")
        except NotSupported as fault:
            outcome = Outcome("unread", message=str(fault))
        return told(line, self.context, self.evaluators, outcome)


def _letters(line: Line) -> tuple[str, ...]:
    return tuple(index.name for index in line.left.indices if isinstance(index, e.Letter)) if isinstance(line.left, e.Ref) else ()
