"""The scopes of a page with their points, and the claims that agree there: where mutants are tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from bpdocs.cases import Judged, absent
from bpdocs.edits import Stock
from bpdocs.lines import Context, Line
from bpdocs.measure.judge import Outcome, judge
from bpdocs.measure.settle import Measured
from bpdocs.mutate.apart import apart
from bpdocs.mutate.remembering import Change, Remembering
from bpdocs.program import Key

CAUGHT_AT_ONCE = ("disagree", "unread")  # at a single point, "inconclusive" may only mean that one point is too few


@dataclass(frozen=True)
class World:
    """One context of a page (a scope; with layers, at one depth) with its points, the page's example, and the claims that agree there."""

    context: Context
    evaluators: list[Remembering]
    printed: Remembering
    claims: list[Line]
    stock: Stock
    avoid: set[int]
    _names: dict[int, frozenset[str]] = field(default_factory=dict)

    @staticmethod
    def of(judged: Sequence[Judged], avoid: set[int]) -> World:
        """Return the world of a context from what was judged in it."""
        first = judged[0]
        assert first.example is not None
        fine = [one.line for one in judged if one.outcome is not None and one.outcome.verdict == "agree" and _planted(one.line)]
        sides = [side for line in fine for side in (line.left, line.right) if side is not None]
        evaluators = [Remembering(evaluator, sides) for evaluator in first.evaluators]
        claims = [line for line in fine if evaluators and not absent(line, first.context)]
        stock = Stock(first.context, evaluators[0] if evaluators else None)
        return World(first.context, evaluators, Remembering(first.example, sides), claims, stock, avoid)

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

    @cached_property
    def measured(self) -> Measured:
        """The scope as the page check measures it."""
        return Measured(self.context, self.avoid)

    def outcome(self, claim: Line, *, whole: bool) -> Outcome:
        """Return the outcome for a claim in the place of one of the page's own: at one point, or as the page check finds it."""
        if whole:
            return self.measured.outcome(claim)
        if apart(claim, self.evaluators[0]):
            return Outcome("disagree")
        return judge(claim, self.context, [self.evaluators[0]], "", self.printed)

    def catches(self, change: Change, claims: list[Line], *, whole: bool) -> bool:
        """Return whether some verdict changes with the program: at one point, or as the page check finds it."""
        context = replace(self.context, program=change.program)
        if whole and change.point is None:
            measured = Measured(context, self.avoid)
            return _first(claims, lambda claim: measured.outcome(claim).verdict != "agree")
        kept = {key for key, names in self.below.items() if not change.names & names} | {key for key in self.evaluators[0].point.inputs if key[0] not in change.names}
        printed, *fresh = (evaluator.moved(change, kept) for evaluator in (self.printed, *self.evaluators[: None if whole else 1]))
        if whole:
            return _first(claims, lambda claim: judge(claim, context, fresh, "", printed).verdict != "agree")
        if _first(claims, lambda claim: apart(claim, fresh[0])):
            return True
        return _first(claims, lambda claim: judge(claim, context, fresh, "", printed).verdict in CAUGHT_AT_ONCE)


def _first(claims: list[Line], fails: Callable[[Line], bool]) -> bool:
    """Return whether a claim fails; it is asked first the next time, as what catches one error in a definition is apt to catch another."""
    for place, claim in enumerate(claims):
        if fails(claim):
            claims.insert(0, claims.pop(place))
            return True
    return False


def _planted(line: Line) -> bool:
    """Return whether errors are planted in a claim, and it is asked to catch those planted elsewhere."""
    return line.kind == "claim" and line.relation in ("=", "≈") and not line.formula.wrong and not line.formula.unchecked


def worlds_of(groups: Sequence[Sequence[Judged]], avoid: set[int]) -> list[World]:
    """Return the worlds of a page, scope by scope; where it has layers or steps, at each of two depths."""
    found: dict[int, list[Judged]] = {}
    for group in groups:
        for one in group:
            found.setdefault(id(one.context), []).append(one)
    return [World.of(judged, avoid) for judged in found.values()]
