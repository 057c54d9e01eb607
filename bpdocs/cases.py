"""One relation that stands for several, one for each layer or step at each depth: their verdicts as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bpdocs.lines import Context, Line
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import Outcome
from bpdocs.notation import expr as e

_SEVERITY = ("unread", "disagree", "inconclusive", "agree")


@dataclass(frozen=True)
class Judged:
    """A line with its outcome (None where there is nothing to judge) in the context that it was judged in."""

    line: Line
    outcome: Outcome | None
    context: Context
    evaluators: tuple[Evaluator, ...] = ()
    example: Evaluator | None = None

    @property
    def where(self) -> str:
        """The layer or step, and how many there are: "l = 2 of L = 3"; empty for what stands for itself."""
        values = self.line.values
        tops = {self.context.families.letters[letter][1] for letter, _ in values}
        depths = ", ".join(f"{top} = {self.context.depths[top]}" for top in sorted(tops) if not top.isdigit() and not top.startswith("#"))
        return ", ".join(f"{letter} = {value}" for letter, value in values) + (f" (of {depths})" if depths else "")


def absent(line: Line, context: Context) -> bool:
    """Return whether a line speaks of a layer or step that the page does not have."""
    if not line.values:
        return False
    have = context.program.quantities
    refs = [part for side in (line.left, line.right) if side is not None for part in e.walk(side) if isinstance(part, e.Ref)]
    return any(ref.name in context.instances and ref.name not in have for ref in refs)


def relations(judged: Iterable[Judged]) -> list[list[Judged]]:
    """Return the lines grouped by the relation on the page that they stand for, in the order of the page."""
    groups: dict[tuple[int, int, int, str], list[Judged]] = {}
    for one in judged:
        kind = one.line.kind if not one.line.values and not one.context.depths else ""
        groups.setdefault((one.line.formula.number, one.line.span.start, one.line.span.end, kind), []).append(one)
    return list(groups.values())


def merged(group: Sequence[Judged]) -> tuple[Line, Outcome | None]:
    """Return one line and one outcome for a group: the worst of those that exist; what is vacuous in some cases only does not count."""
    if len(group) == 1 and not group[0].line.values:
        return group[0].line, group[0].outcome
    if all(one.line.kind == "shown" for one in group):
        best = next((one for one in group if one.outcome is None), group[0])
        return best.line, best.outcome
    there = [one for one in group if not absent(one.line, one.context)]
    if not there:
        first = group[0]
        known = {name for one in group for name in one.context.program.quantities}
        if any(isinstance(part, e.Ref) and part.name.split("^")[0].split("_")[0] not in {name.split("^")[0].split("_")[0] for name in known} for part in _parts(first.line)):
            return first.line, first.outcome
        return first.line, Outcome("inconclusive", message="no layer or step has all that stands here", suggestion="say for which it holds: \\quad (l < L)")
    defining = [one for one in there if one.line.kind == "definition"]
    judged = [one for one in there if one.outcome is not None and one.outcome.verdict]
    fine = [one for one in there if one not in judged or (one.outcome is not None and one.outcome.verdict == "agree")]
    worst = min(judged, key=lambda one: _SEVERITY.index(one.outcome.verdict), default=None) if judged else None  # type: ignore[union-attr]
    if worst is None or worst.outcome is None or (worst.outcome.verdict == "inconclusive" and fine and fine[0] in judged):
        worst = next((one for one in judged if one.outcome is not None and one.outcome.verdict == "agree"), None)
    line = (defining or [worst or there[0]])[0].line
    if worst is None or worst.outcome is None or (defining and worst.outcome.verdict == "inconclusive" and len(judged) < len(there)):
        return line, None
    outcome = worst.outcome
    if outcome.verdict == "agree":
        errors = [one.outcome.error for one in judged if one.outcome is not None and one.outcome.error is not None]
        points = sum(one.outcome.points for one in judged if one.outcome is not None)
        return line, replace(outcome, error=max(errors, default=None), points=points)
    if worst.line.values and outcome.message:
        outcome = replace(outcome, message=f"{outcome.message} [{worst.where}]")
    return replace(line, place=worst.line.place), outcome


def _parts(line: Line) -> list[e.Expr]:
    return [part for side in (line.left, line.right) if side is not None for part in e.walk(side)]
