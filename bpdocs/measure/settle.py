"""The verdict on a claim once every choice in it was seen to go each way: more points are drawn until it was."""

from __future__ import annotations

from dataclasses import replace

from bpdocs import budget
from bpdocs.lines import Context, Line
from bpdocs.measure.branches import Places
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.outcome import Outcome
from bpdocs.measure.points import example, further, points
from bpdocs.measure.sample import Point
from bpdocs.notation import expr as e

SOFT, HARD = 6, 24


class Measured:
    """The points of one scope, more of them as claims need them, and the page's own example."""

    def __init__(self, context: Context, avoid: set[int]) -> None:
        """Draw the first points."""
        self.context, self.avoid = context, avoid
        self.evaluators: list[Evaluator] = []
        self.example = Evaluator(context.program, Point({}, {}, 0, {}, {}, printed=True))
        try:
            with budget.part():
                self.evaluators, self.why = points(context, avoid)
                self.example = example(context)
        except budget.OVER as fault:
            self.evaluators, self.why = [], budget.why(fault).message
        self._places = Places(context.program)
        self._further: dict[int, Evaluator | None] = {}

    def outcome(self, line: Line) -> Outcome:
        """Return the verdict on a claim."""
        found = judge(line, self.context, self.evaluators, self.why, self.example)
        if found.verdict != "agree" or line.relation != "=" or line.left is None or line.right is None or not self.evaluators:
            return found
        seen, sides = list(self.evaluators), (line.left, line.right)
        lacking = self._places.one_sided(sides, [evaluator.branches for evaluator in seen])
        for turn in range(HARD):
            if not lacking or (turn >= SOFT and all(choice.soft for choice in lacking)):
                break
            if turn not in self._further:
                self._further[turn] = further(self.context, self.avoid, turn)
            evaluator = self._further[turn]
            if evaluator is None:
                continue
            other = judge(line, self.context, [evaluator], "", self.example)
            if other.verdict == "disagree":
                return other
            seen.append(evaluator)
            lacking = self._places.one_sided(sides, [evaluator.branches for evaluator in seen])
        hard = [choice for choice in lacking if not choice.soft and not self._excluded(line, sides, choice.place)]
        if hard:
            return Outcome("inconclusive", found.error, len(seen), hard[0].words, hard[0].advice)
        return replace(found, points=len(seen))

    def _excluded(self, line: Line, sides: tuple[e.Expr, e.Expr], place: e.Expr) -> bool:
        """Return whether a choice goes both ways as soon as the page's assumptions are dropped, so that they are what excludes one."""
        if not self.context.assumptions:
            return False
        free, logs = replace(self.context, assumptions=[]), []
        for turn in range(SOFT):
            evaluator = further(free, self.avoid, turn)
            if evaluator is not None:
                judge(line, free, [evaluator], "", self.example)
                logs.append(evaluator.branches)
        return bool(logs) and not any(choice.place is place for choice in self._places.one_sided(sides, logs))
