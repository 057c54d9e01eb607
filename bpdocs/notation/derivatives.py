"""Derivatives as people write them: ∂a/∂b, the operator ∂/∂x, ∇_W, ∂_x, J′."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.combine import Unit, combine
from bpdocs.notation.run import Run, head_of
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver


def differential(node: s.Node) -> tuple[str, int] | None:
    """Return ("∂" or "d", order) if `node` is the mark of a derivative."""
    order = 1
    if isinstance(node, s.Scripted) and node.sub is None and len(node.sup) == 1 and isinstance(node.sup[0], s.Number) and node.sup[0].text.isdigit():
        order, node = int(node.sup[0].text), node.base
    if isinstance(node, s.Symbol):
        return {r"\partial": ("∂", order), "d": ("d", order)}.get(node.name)
    return None


def derivative(resolver: Resolver, over: s.Node, under: s.Node, span: Span) -> tuple[e.Expr | None, tuple[e.Ref, ...]] | None:
    """Return (body or None for an operator, what by) if the fraction over/under is a derivative, else None."""
    below = list(under.items) if isinstance(under, s.Sequence) else [under]
    above = list(over.items) if isinstance(over, s.Sequence) else [over]
    if not below or not (mark := differential(below[0])) or differential(above[0]) is None:
        return None
    if mark[0] == "d" and (len(below) < 2 or (len(above) < 2 and resolver.survey.is_quantity("d"))):
        return None
    order = (differential(above[0]) or ("", 1))[1]
    wrt: list[e.Ref] = []
    at = 0
    while at < len(below):
        if differential(below[at]) is None or at + 1 >= len(below):
            raise Unread("below the bar of a derivative stands ∂ with one quantity each", under.span)
        wrt += _denominator(resolver, below[at + 1])
        at += 2
    if order != len(wrt):
        raise Unread(f"∂ is of order {order} above the bar and {len(wrt)} below it", span)
    rest = above[1:]
    body = resolver.expression(rest[0] if len(rest) == 1 else s.Sequence(over.span, tuple(rest))) if rest else None
    return body, tuple(wrt)


def _denominator(resolver: Resolver, node: s.Node) -> list[e.Ref]:
    times = 1
    if isinstance(node, s.Scripted) and node.sup and isinstance(node.sup[-1], s.Number):
        times = int(float(node.sup[-1].text))
        node = s.Scripted(node.span, node.base, node.sub, node.sup[:-1], node.primes) if node.sub or node.sup[1:] or node.primes else node.base
    found = resolver.expression(node)
    if isinstance(found, e.Letter | e.Size):
        found = e.Ref(found.span, found.name)
    if isinstance(found, e.Apply) and not found.primes:
        raise Unread("a derivative by a function's value needs a name for that value", node.span, "name it: y := f(x)")
    if not isinstance(found, e.Ref):
        raise Unread("a derivative is taken by one quantity", node.span, "name what stands here")
    return [found] * times


class Differentiation(Run):
    """Reads what differentiates."""

    def fraction(self, item: s.Fraction) -> e.Expr:
        """Return a fraction, or an operator such as ∂/∂x with what it binds."""
        found = derivative(self.r, item.over, item.under, item.span)
        if found is None or found[0] is not None:
            self.at += 1
            return self.r.expression(item)
        wrt = found[1]
        following = self.following()
        if following is None:
            raise Unread("a derivative of what? Nothing follows this operator", item.span)
        start = self.at
        self.at += 1
        first = self.unit()
        near = e.Deriv(Span(item.span.start, first.span.end), first, wrt)
        if isinstance(following, s.Fenced) or self.at >= len(self.items):
            return near
        after, self.at = self.at, start
        everything = self.rest()
        assert everything is not None
        far = e.Deriv(Span(item.span.start, everything.span.end), everything, wrt)
        self.at = after
        tail: list[Unit] = [("", near)]
        while self.at < len(self.items):
            how = ""
            if isinstance(mark := self.items[self.at], s.Operator):
                how = mark.name
                self.at += 1
            tail.append((how, self.unit()))
        return e.Either(far.span, (far, combine(tail, self.r.survey.settings.layout)), "write brackets around what ∂/∂x works on")

    def slashed(self, mark: tuple[str, int]) -> e.Expr | None:
        r"""Return the derivative written `\partial J / \partial w`, or None."""
        window = self.items[self.at : self.at + 5]
        if len(window) < 5 or not (isinstance(window[2], s.Operator) and window[2].name == "/"):
            return None
        below = differential(window[3])
        if below is None or below[0] != mark[0]:
            return None
        span = Span(window[0].span.start, window[4].span.end)
        over, under = s.Sequence(span, tuple(window[:2])), s.Sequence(span, tuple(window[3:]))
        found = derivative(self.r, over, under, span)
        if found is None or found[0] is None:
            return None
        self.at += 5
        return e.Deriv(span, found[0], found[1])

    def gradient(self, item: s.Node, name: str) -> e.Expr:
        r"""Return `\nabla_W J` or `\partial_x y`, which bind the next factor."""
        sub = item.sub if isinstance(item, s.Scripted) else None
        if isinstance(item, s.Scripted) and item.sup:
            raise Unread("a power of ∇ is not supported", item.span)
        self.at += 1
        if self.at >= len(self.items) or isinstance(self.items[self.at], s.Operator):
            raise Unread(f"{'∇' if name == chr(92) + 'nabla' else '∂'} of what? Nothing follows it", item.span)
        body = self.unit()
        if sub is None:
            parameters = self.r.survey.parameters.get(body.name, ()) if isinstance(body, e.Ref) else ()
            parameters = self.r.survey.parameters.get(body.body.name, ()) if isinstance(body, e.At) else parameters
            if len(parameters) != 1:
                raise Unread("∇ does not say by which quantity", item.span, "write \\nabla_W")
            wrt: e.Expr = e.Ref(item.span, parameters[0])
        else:
            wrt = self.r.expression(sub)
        if not isinstance(wrt, e.Ref):
            raise Unread("a derivative is taken by one quantity", item.span)
        return e.Deriv(Span(item.span.start, body.span.end), body, (wrt,), "gradient" if name == r"\nabla" else "layout")

    def joined(self) -> e.Expr | None:
        r"""Return `\Delta w` as the one name that it is, or None."""
        following = self.following()
        head = head_of(following) if following is not None else None
        if head is None or following is None:
            return None
        span = Span(self.items[self.at].span.start, following.span.end)
        symbol = s.Symbol(span, rf"\Delta {head.name}", head.font if head.font.startswith(r"\mathcal") else "")
        node = replace(following, base=symbol) if isinstance(following, s.Scripted) else symbol
        self.at += 2
        return self.r.expression(node)
