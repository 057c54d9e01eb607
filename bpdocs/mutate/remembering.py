"""Evaluators that do not compute again what a mutant leaves as it was."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Letters, Value
from bpdocs.notation import expr as e
from bpdocs.program import Key, Program


@dataclass(frozen=True)
class Change:
    """A program that differs from the page's in what `names` says, and the point that it wants in the place of another, if it wants one."""

    program: Program
    names: set[str]
    point: Callable[[Evaluator], Point] | None = None


class Remembering(Evaluator):
    """An evaluator that evaluates derivatives, and the sides of the page's own claims, once; of a changed claim little else is new."""

    def __init__(self, plain: Evaluator, sides: list[e.Expr]) -> None:
        """Remember the values of `sides`, by what they are and not by what they say."""
        super().__init__(plain.program, plain.point)
        self.memo = plain.memo
        self.shaker = plain.shaker
        self.branches = plain.branches
        self._sides = sides
        self._known = {id(side) for side in sides}
        self._values: dict[int, Value] = {}
        self._slopes: dict[tuple[e.Expr, tuple[tuple[str, tuple[str, str]], ...]], Value] = {}
        self._turns: dict[int, Remembering] = {}

    def value(self, x: e.Expr, letters: Letters, local: dict[str, Value]) -> Value:
        """Return the value of an expression."""
        if isinstance(x, e.Deriv | e.Contract) and not local:
            key = (e.bare(x), tuple(letters.items()))
            if key not in self._slopes:
                self._slopes[key] = super().value(x, letters, local)
            return self._slopes[key]
        if letters or local or id(x) not in self._known:
            return super().value(x, letters, local)
        if id(x) not in self._values:
            self._values[id(x)] = super().value(x, letters, local)
        return self._values[id(x)]

    def shaken(self, turn: int) -> Remembering:
        """Return the evaluator with rounding noise, which remembers as well."""
        if turn not in self._turns:
            self._turns[turn] = Remembering(super().shaken(turn), self._sides)
        return self._turns[turn]

    def moved(self, change: Change, kept: Set[Key]) -> Evaluator:
        """Return an evaluator of a changed program, with the values that the change does not reach: those of `kept`."""
        return Moved(change.program, self.point if change.point is None else change.point(self), self, kept)


class Moved(Evaluator):
    """An evaluator of a changed program that begins with what another has computed."""

    def __init__(self, program: Program, point: Point, old: Remembering, kept: Set[Key]) -> None:
        """Take over the values of `kept`."""
        super().__init__(program, point)
        self._old, self._kept = old, kept
        self.memo = {key: value for key, value in old.memo.items() if key in kept}

    def shaken(self, turn: int) -> Evaluator:
        """Return the evaluator with rounding noise, which begins in the same way."""
        fresh = turn not in self._shaken
        other = super().shaken(turn)
        if fresh:
            other.memo |= {key: value for key, value in self._old.shaken(turn).memo.items() if key in self._kept}
        return other
