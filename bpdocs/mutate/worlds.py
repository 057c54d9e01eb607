"""The scopes of a page with their points, and the claims that agree there: where mutants are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bpdocs.cases import Judged, absent
from bpdocs.edits import Stock
from bpdocs.lines import Context, Line
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import Outcome, judge
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Letters, Value
from bpdocs.notation import expr as e
from bpdocs.program import Key, Program

CAUGHT_AT_ONCE = ("disagree", "unread")  # at a single point, "inconclusive" may only mean that one point is too few


class Remembering(Evaluator):
    """An evaluator that evaluates the sides of the page's own claims once; of a mutant only the other side is new."""

    def __init__(self, plain: Evaluator, sides: list[e.Expr]) -> None:
        """Remember the values of `sides`, by what they are and not by what they say."""
        super().__init__(plain.program, plain.point)
        self.memo = plain.memo
        self._sides: dict[int, e.Expr] = {id(side): side for side in sides}
        self._values: dict[int, Value] = {}

    def value(self, x: e.Expr, letters: Letters, local: dict[str, Value]) -> Value:
        """Return the value of an expression."""
        if letters or local or id(x) not in self._sides:
            return super().value(x, letters, local)
        if id(x) not in self._values:
            self._values[id(x)] = super().value(x, letters, local)
        return self._values[id(x)]


@dataclass(frozen=True)
class World:
    """One context of a page (a scope; with layers, at one depth) with its points, the page's example, and the claims that agree there."""

    context: Context
    evaluators: list[Evaluator]
    printed: Evaluator
    claims: list[Line]
    stock: Stock
    _names: dict[int, frozenset[str]] = field(default_factory=dict)

    @staticmethod
    def of(judged: Sequence[Judged]) -> World:
        """Return the world of a context from what was judged in it."""
        first = judged[0]
        assert first.example is not None
        fine = [one.line for one in judged if one.outcome is not None and one.outcome.verdict == "agree" and _planted(one.line)]
        sides = [side for line in fine for side in (line.left, line.right) if side is not None]
        evaluators = [Remembering(evaluator, sides) for evaluator in first.evaluators]
        claims = [line for line in fine if evaluators and not absent(line, first.context)]
        return World(first.context, list(evaluators), Remembering(first.example, sides), claims, Stock(first.context, evaluators[0] if evaluators else None))

    def names(self, claim: Line) -> frozenset[str]:
        """Return the names of the quantities and functions that a claim rests on."""
        if id(claim) not in self._names:
            sides = [side for side in (claim.left, claim.right) if side is not None]
            self._names[id(claim)] = frozenset().union(*(self.context.program.names(side) for side in sides))
        return self._names[id(claim)]

    @cached_property
    def below(self) -> Mapping[Key, set[str]]:
        """The names that each defined quantity rests on, its own among them."""
        program = self.context.program
        return {q.key: {q.name, *program.names(q.body)} for many in program.quantities.values() for q in many if q.body is not None}

    def verdict(self, claim: Line) -> Outcome:
        """Return the outcome for a claim that stands in the place of one of the page's own."""
        first = judge(claim, self.context, self.evaluators[:1], "", self.printed)
        return first if first.verdict in CAUGHT_AT_ONCE else judge(claim, self.context, self.evaluators, "", self.printed)

    def catches(self, program: Program, changed: set[str], claims: list[Line], moved: Callable[[Evaluator], Point] | None = None) -> bool:
        """Return whether some verdict changes when `program`, which differs in what `changed` names, takes the place of the scope's own."""
        context = replace(self.context, program=program)
        fresh = [self._moved(evaluator, program, changed, moved) for evaluator in self.evaluators[:1]]
        printed = self._moved(self.printed, program, changed, moved)
        if any(judge(claim, context, fresh, "", printed).verdict in CAUGHT_AT_ONCE for claim in claims):
            return True
        fresh += [self._moved(evaluator, program, changed, moved) for evaluator in self.evaluators[1:]]
        return any(judge(claim, context, fresh, "", printed).verdict != "agree" for claim in claims)

    def _moved(self, evaluator: Evaluator, program: Program, changed: set[str], moved: Callable[[Evaluator], Point] | None) -> Evaluator:
        """Return an evaluator of `program` at a point, with the values that the change does not reach."""
        point = evaluator.point if moved is None else moved(evaluator)
        fresh = Evaluator(program, point)
        fresh.memo = {key: value for key, value in evaluator.memo.items() if not changed & self.below.get(key, {key[0]})}
        return fresh


def _planted(line: Line) -> bool:
    """Return whether errors are planted in a claim, and it is asked to catch those planted elsewhere."""
    return line.kind == "claim" and line.relation in ("=", "≈") and not line.formula.wrong and not line.formula.unchecked


def worlds_of(groups: Sequence[Sequence[Judged]]) -> list[World]:
    """Return the worlds of a page, scope by scope; where it has layers or steps, at each of two depths."""
    found: dict[int, list[Judged]] = {}
    for group in groups:
        for one in group:
            found.setdefault(id(one.context), []).append(one)
    return [World.of(judged) for judged in found.values()]
