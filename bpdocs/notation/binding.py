"""What Σ, Π, max and min bind: their letters with limits, and the product that follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import BIG, bound_letters, is_size, letter_of, pieces
from bpdocs.notation.run import Run
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver

_INEQUALITIES = ("≠", "<", "≤", ">", "≥")
_FROM_ONE = "write \\sum_{k=1}^{c}"


@dataclass(frozen=True)
class Limits:
    """One letter that is bound: its class, and what narrows it."""

    letter: str
    klass: str
    low: e.Expr | None = None
    high: e.Expr | None = None
    condition: s.Node | None = None


class Binding(Run):
    """Reads a big operator."""

    def binder(self, item: s.Node, name: str) -> e.Expr:
        """Return a Σ, Π, max or min with what it binds: the product that follows."""
        if not isinstance(item, s.Scripted) or item.sub is None:
            return self.unlettered(item, name)
        parts = self._parts(item.sub)
        found: list[Limits] = []
        resolver = self.r
        for place, part in enumerate(parts):
            if isinstance(part, s.Relations) and found and not self._binds(part, found):
                found[-1] = Limits(found[-1].letter, found[-1].klass, found[-1].low, found[-1].high, self._both(found[-1].condition, part))
                continue
            limits = self.limits(resolver, item, part, parts[place + 1 :])
            found.append(limits)
            resolver = resolver.inside(limits.letter, limits.klass)
        outer, self.r = self.r, resolver
        body = self.rest()
        self.r = outer
        if body is None:
            raise Unread(f"{name} has nothing to work on", item.span)
        for one in reversed(found):
            condition = None if one.condition is None else resolver.condition(one.condition)
            body = e.Bind(Span(item.span.start, body.span.end), BIG[name], one.letter, one.klass, one.low, one.high, condition, body)
        return body

    @staticmethod
    def _parts(sub: s.Node) -> tuple[s.Node, ...]:
        if isinstance(sub, s.Listed):
            return tuple(piece for item in sub.items for piece in (pieces(item) if isinstance(item, s.Sequence) else (item,)))
        return pieces(sub) if isinstance(sub, s.Sequence) else (sub,)

    @staticmethod
    def _binds(part: s.Relations, found: list[Limits]) -> bool:
        """Return whether a relation below a Σ binds a letter of its own, and is no condition on one that is bound already."""
        mine = {one.letter for one in found}
        return not any(letter_of(member) in mine for member in part.members)

    @staticmethod
    def _both(first: s.Node | None, second: s.Node) -> s.Node:
        return second if first is None else s.Listed(Span(first.span.start, second.span.end), (first, second))

    def unlettered(self, item: s.Node, name: str) -> e.Expr:
        """Return a Σ that does not say over which letter: in a foreign text it sums over all that its body is indexed by."""
        if not self.r.survey.foreign or isinstance(item, s.Scripted):
            raise Unread(f"{name} does not say over which letter", item.span, f"write {name}_{{k=1}}^{{c}}")
        body = self.rest()
        if body is None:
            raise Unread(f"{name} has nothing to work on", item.span)
        return e.Unsupported(Span(item.span.start, body.span.end), f"{name} over what is not said", (body,))

    def limits(self, resolver: Resolver, item: s.Scripted, part: s.Node, after: tuple[s.Node, ...]) -> Limits:
        """Return the letter that one part of a Σ's foot binds, its class, and what narrows it."""
        single = s.Scripted(item.span, item.base, part, item.sup)
        upper = item.sup[0] if item.sup else None
        letters = bound_letters(single)
        if not letters:
            return self._unusual(part)
        letter, klass = letters[0]
        if not isinstance(part, s.Relations):
            if upper is None:
                return Limits(letter, self._class(resolver, letter, klass, part.span, f"write {letter}=1 below and its last value above"))
            first = next((other.members[1] for other in after if isinstance(other, s.Relations) and other.relations == ("=",)), None)
            low = first or s.Number(part.span, "1")
            return self._between(resolver, letter, klass, low, upper)
        if part.relations == ("∈",):
            return self._member(resolver, letter, part)
        if len(part.members) == 3 and part.relations[0] in ("<", "≤") and part.relations[1] in ("<", "≤"):
            low, high = part.members[0], part.members[2]
            if part.relations == ("≤", "≤"):
                return self._between(resolver, letter, klass, low, high)
            return Limits(letter, self._class(resolver, letter, klass, part.span, _FROM_ONE), condition=part)
        if len(part.members) == 2 and part.relations[0] in _INEQUALITIES:
            return Limits(letter, self._class(resolver, letter, klass, part.span, _FROM_ONE), condition=part)
        if part.relations[0] in (":", "∣") and len(part.members) > 2:
            klass = self._class(resolver, letter, klass, part.span, _FROM_ONE)
            return Limits(letter, klass, condition=s.Relations(part.span, part.members[1:], part.relations[1:]))
        if part.relations != ("=",):
            raise Unread("what this runs over is not understood", part.span, _FROM_ONE)
        if upper is None:
            if resolver.survey.foreign:
                return Limits(letter, f"#{letter}", resolver.expression(part.members[1]))
            raise Unread("a sum with a lower limit wants an upper one", part.span, _FROM_ONE)
        return self._between(resolver, letter, klass, part.members[1], upper)

    def _class(self, resolver: Resolver, letter: str, klass: str | None, span: Span, help_: str) -> str:
        found = klass or resolver.klass(letter)
        if found is None and not resolver.survey.foreign:
            raise Unread(f"{letter} has no range", span, help_)
        return found or f"#{letter}"

    def _between(self, resolver: Resolver, letter: str, klass: str | None, low: s.Node, high: s.Node) -> Limits:
        klass = klass or resolver.survey.klass(letter) or (f"#{letter}" if resolver.survey.foreign else None)
        if klass is None:
            raise Unread("the upper limit of this sum names no width", high.span, _FROM_ONE)
        if isinstance(low, s.Number) and low.text == "0" and not resolver.survey.foreign and letter not in resolver.survey.declared_ranges:
            raise Unread("a sum from 0 is not supported: indices begin at 1", low.span, "let the letter run from 1")
        index = resolver.klass(klass)  # up to another index: of its class
        klass = index or klass
        if isinstance(low, s.Number) and low.text == "1" and is_size(high) and index is None:
            return Limits(letter, klass)
        whole = resolver.survey.klass(letter)
        klass = whole if whole is not None and letter in resolver.survey.declared_ranges else klass
        return Limits(letter, klass, resolver.expression(low), resolver.expression(high))

    def _member(self, resolver: Resolver, letter: str, part: s.Relations) -> Limits:
        """Return the limits of `k ∈ {1, …, c}`, or of a set that has a name."""
        group = part.members[1]
        if isinstance(group, s.Fenced) and group.kind == "{" and isinstance(group.body, s.Listed) and len(group.body.items) >= 3:
            first, *between, last = group.body.items
            if isinstance(between[-1], s.Dots):
                return self._between(resolver, letter, None if not is_size(last) else resolver.survey.klass(letter), first, last)
        if resolver.survey.foreign:
            return Limits(letter, f"#{letter}", condition=part)
        raise Unread("a sum over a set is not supported", part.span, _FROM_ONE)

    def _unusual(self, part: s.Node) -> Limits:
        """Return the limits of what no letter numbers: a sum over all x of a set."""
        node = part.members[0] if isinstance(part, s.Relations) else part
        if not self.r.survey.foreign or not isinstance(node, s.Scripted | s.Listed | s.Symbol | s.Fenced):
            raise Unread("what this runs over is not understood", part.span, _FROM_ONE)
        return Limits(f"@{node.span.start}", f"#@{node.span.start}", condition=part if isinstance(part, s.Relations) else None)
