"""A run of factors and operators as a stream, with what each part of its reader needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver


def head_of(node: s.Node) -> s.Symbol | None:
    """Return the symbol that stands under the scripts of `node`, or None."""
    base = node.base if isinstance(node, s.Scripted) else node
    return base if isinstance(base, s.Symbol) else None


class Run:
    """A place in a run of factors."""

    def __init__(self, resolver: Resolver, items: tuple[s.Node, ...], span: Span) -> None:
        self.r, self.items, self.span, self.at = resolver, items, span, 0

    def following(self, ahead: int = 1) -> s.Node | None:
        """Return the item `ahead` of the current one, or None."""
        index = self.at + ahead
        return self.items[index] if index < len(self.items) else None

    def rest(self) -> e.Expr | None:
        """Return what all items after the current one mean, taking them; None if there are none."""
        items = self.items[self.at + 1 :]
        self.at = len(self.items)
        if not items:
            return None
        span = Span(items[0].span.start, items[-1].span.end)
        return type(self)(self.r, items, span).read()

    def arguments(self, bracket: s.Fenced) -> tuple[e.Expr, ...]:
        """Return the arguments between brackets."""
        body = bracket.body
        items = body.items if isinstance(body, s.Listed) else (body,)
        return tuple(self.r.loosely(item) if isinstance(item, s.Relations | s.Dots) else self.r.expression(item) for item in items)

    def read(self) -> e.Expr:
        """Return what the whole run means."""
        raise NotImplementedError

    def unit(self) -> e.Expr:
        """Return the next factor with all that it takes."""
        raise NotImplementedError
