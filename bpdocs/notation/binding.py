"""What Σ, Π, max and min bind: their letters with limits, and the product that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import BIG, bound_letters, is_size, pieces
from bpdocs.notation.run import Run
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver


class Binding(Run):
    """Reads a big operator."""

    def binder(self, item: s.Node, name: str) -> e.Expr:
        """Return a Σ, Π, max or min with what it binds: the product that follows."""
        if not isinstance(item, s.Scripted) or item.sub is None:
            raise Unread(f"{name} does not say over which letter", item.span, f"write {name}_{{k=1}}^{{c}}")
        parts = item.sub.items if isinstance(item.sub, s.Listed) else (item.sub,)
        if isinstance(item.sub, s.Sequence):
            parts = pieces(item.sub)
        bound: list[tuple[str, str, e.Expr | None, e.Expr | None, s.Relations | None]] = []
        resolver = self.r
        for part in parts:
            limits = self.limits(resolver, item, part)
            bound.append(limits)
            resolver = resolver.inside(limits[0], limits[1])
        outer, self.r = self.r, resolver
        body = self.rest()
        self.r = outer
        if body is None:
            raise Unread(f"{name} has nothing to work on", item.span)
        for letter, klass, low, high, condition in reversed(bound):
            compare = None if condition is None else resolver.condition(condition)
            body = e.Bind(Span(item.span.start, body.span.end), BIG[name], letter, klass, low, high, compare, body)
        return body

    def limits(self, resolver: Resolver, item: s.Scripted, part: s.Node) -> tuple[str, str, e.Expr | None, e.Expr | None, s.Relations | None]:
        """Return the letter that is bound, its class, and what narrows it."""
        single = s.Scripted(item.span, item.base, part, item.sup)
        letters = bound_letters(single)
        if not letters:
            raise Unread("what this runs over is not understood", part.span, "write \\sum_{k=1}^{c}")
        letter, klass = letters[0]
        upper = item.sup[0] if item.sup else None
        if not isinstance(part, s.Relations):
            found = resolver.klass(letter) if upper is None else None
            if upper is not None:
                raise Unread("a sum with an upper limit wants a lower one", part.span, f"write {letter}=1")
            if found is None:
                raise Unread(f"{letter} has no range", part.span, f"write {letter}=1 below and its last value above")
            return letter, found, None, None, None
        if part.relations != ("=",):
            found = resolver.klass(letter)
            if part.relations[0] in (":", "∣") and found is not None and len(part.members) > 2:
                return letter, found, None, None, s.Relations(part.span, part.members[1:], part.relations[1:])
            if found is None or part.relations[0] not in ("≠", "<", "≤", ">", "≥"):
                raise Unread("what this runs over is not understood", part.span, "write \\sum_{k=1}^{c}")
            return letter, found, None, None, part
        if upper is None:
            raise Unread("a sum with a lower limit wants an upper one", part.span, "write \\sum_{k=1}^{c}")
        if klass is None:
            klass = self.r.survey.klass(letter)
        low, high = part.members[1], upper
        full = isinstance(low, s.Number) and low.text == "1" and is_size(high)
        if klass is None:
            raise Unread("the upper limit of this sum names no width", upper.span, "write \\sum_{k=1}^{c}")
        if full:
            return letter, klass, None, None, None
        whole = resolver.survey.klass(letter)
        klass = whole if whole is not None and letter in resolver.survey.declared_ranges else klass
        return letter, klass, resolver.expression(low), resolver.expression(high), None
