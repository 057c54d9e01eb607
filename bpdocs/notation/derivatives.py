"""Derivatives as people write them: ∂a/∂b, the operator ∂/∂x, ∇_W, ∂_x, J′."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.combine import Unit, combine
from bpdocs.notation.convention import applies, plain
from bpdocs.notation.ink import full_name
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


@dataclass(frozen=True)
class Derivative:
    """A derivative written as a fraction: what is differentiated (None for the operator alone), by what, and factors beside ∂."""

    body: e.Expr | None
    wrt: tuple[e.Expr, ...]
    above: e.Expr | None = None
    below: e.Expr | None = None
    hows: tuple[str, str] = ("", "")

    def over(self, value: e.Expr) -> e.Expr:
        """Return the derivative with the factors that stood beside it."""
        if self.above is not None:
            value = e.Mul(value.span, self.above, value, self.hows[0])
        if self.below is None:
            return value
        if not self.hows[1]:
            return e.Div(value.span, value, self.below)
        return e.Mul(value.span, e.Div(value.span, e.Num(value.span, 1.0, "1"), self.below), value, self.hows[1])


def _factors(node: s.Node) -> list[s.Node]:
    """Return the factors of a numerator or denominator, out of colours, boxes and braces."""
    while isinstance(node, s.Labelled) or (isinstance(node, s.Fenced) and node.kind == "group"):
        node = node.body
    if isinstance(node, s.Sequence):
        return [part for item in node.items for part in (_factors(item) if isinstance(item, s.Labelled) or item is node.items[0] else [item])]
    return [node]


def _mark(items: list[s.Node]) -> int | None:
    """Return where the first ∂ (or d) stands, with only factors before it."""
    for place, item in enumerate(items):
        found = differential(item)
        if found and (found[0] == "∂" or place == 0):
            return place
    return None


def derivative(resolver: Resolver, over: s.Node, under: s.Node, span: Span) -> Derivative | None:
    """Return what the fraction over/under differentiates and by what, or None if it is no derivative."""
    below, above = _factors(under), _factors(over)
    minus = False
    if len(above) == 1 and isinstance(above[0], s.Terms) and len(above[0].terms) == 1 and above[0].terms[0][0] == "-":
        minus, above = True, _factors(above[0].terms[0][1])
    at = _mark(below)
    if at is None or (mark := differential(below[at])) is None or (start := _mark(above)) is None:
        return None
    if mark[0] == "d" and (len(below) < 2 or (len(above) < 2 and resolver.survey.is_quantity("d"))):
        return None
    (before, first), (after, second) = _beside(resolver, above[:start]), _beside(resolver, below[:at])
    if minus:
        before = e.Neg(span, before if before is not None else e.Num(span, 1.0, "1"))
    order = (differential(above[start]) or ("", 1))[1]
    wrt: list[e.Expr] = []
    while at < len(below):
        if differential(below[at]) is None or at + 1 >= len(below):
            raise Unread("below the bar of a derivative stands ∂ with one quantity each", under.span)
        end = at + 2
        while end < len(below) and differential(below[end]) is None:
            end += 1
        wrt += _denominator(resolver, below[at + 1 : end])
        at = end
    if order != len(wrt):
        raise Unread(f"∂ is of order {order} above the bar and {len(wrt)} below it", span)
    rest = above[start + 1 :]
    body = resolver.expression(rest[0] if len(rest) == 1 else s.Sequence(Span(rest[0].span.start, rest[-1].span.end), tuple(rest))) if rest else None
    return Derivative(body, tuple(wrt), before, after, (first, second))


def _beside(resolver: Resolver, items: list[s.Node]) -> tuple[e.Expr | None, str]:
    """Return the factors before a ∂, with the operator that joins them to it."""
    how = ""
    if items and isinstance(items[-1], s.Operator) and items[-1].name in ("·", "×"):
        how, items = items[-1].name, items[:-1]
    if not items:
        return None, ""
    return resolver.expression(items[0] if len(items) == 1 else s.Sequence(Span(items[0].span.start, items[-1].span.end), tuple(items))), how


def _denominator(resolver: Resolver, nodes: list[s.Node]) -> list[e.Expr]:
    """Return what a derivative is taken by, once for each time."""
    times, node = 1, nodes[0]
    if len(nodes) > 1:
        node = s.Sequence(Span(nodes[0].span.start, nodes[-1].span.end), tuple(nodes))
        if not resolver.survey.foreign:
            raise Unread("below the bar of a derivative stands ∂ with one quantity each", node.span)
    if isinstance(node, s.Scripted) and node.sup and isinstance(node.sup[-1], s.Number):
        times = int(float(node.sup[-1].text))
        node = s.Scripted(node.span, node.base, node.sub, node.sup[:-1], node.primes) if node.sub or node.sup[1:] or node.primes else node.base
    if isinstance(node, s.Scripted) and isinstance(node.base, s.Fenced) and node.base.kind in ("(", "[") and isinstance(node.base.body, s.Symbol):
        node = s.Scripted(node.span, node.base.body, node.sub, node.sup, node.primes)
    found = resolver.loosely(node)
    if isinstance(found, e.Letter | e.Size):
        found = e.Ref(found.span, found.name)
    return [found] * times


def differentiated(resolver: Resolver, span: Span, body: e.Expr, wrt: tuple[e.Expr, ...], shape: str = "layout") -> e.Expr:
    """Return the derivative of `body`, by quantities; what is no quantity wants a name."""
    refs = tuple(by for by in wrt if isinstance(by, e.Ref))
    if len(refs) == len(wrt):
        return e.Deriv(span, body, refs, shape)
    other = next(by for by in wrt if not isinstance(by, e.Ref))
    what = "a function's value" if isinstance(other, e.Apply) else "a transposed array" if isinstance(other, e.Transpose) else "an expression"
    return resolver.unsupported(
        f"a derivative by {what}", other.span if not resolver.survey.foreign else span, (body, *wrt), "a derivative is taken by one quantity: name what stands here"
    )


class Differentiation(Run):
    """Reads what differentiates."""

    def fraction(self, item: s.Fraction) -> e.Expr:
        """Return a fraction, or an operator such as ∂/∂x with what it binds."""
        found = derivative(self.r, item.over, item.under, item.span)
        if found is None or found.body is not None:
            value = self.r.expression(item)
            following = self.following()
            self.at += 1
            if found is not None and isinstance(following, s.Fenced) and following.kind == "(" and (plain(following.body) or isinstance(following.body, s.Listed)):
                return self._at_point(found, value, following)
            return value
        wrt = found.wrt
        following = self.following()
        if following is None or isinstance(following, s.Operator):
            self.at += 1
            return self.r.unsupported("an operator ∂/∂x that works on nothing", item.span, wrt, "write what it differentiates behind it")
        start = self.at
        self.at += 1
        first = self.unit()
        near = found.over(differentiated(self.r, Span(item.span.start, first.span.end), first, wrt))
        if (isinstance(following, s.Fenced) and following.kind != "group") or self.at >= len(self.items):
            return near
        after, self.at = self.at, start
        everything = self.rest()
        assert everything is not None
        far = found.over(differentiated(self.r, Span(item.span.start, everything.span.end), everything, wrt))
        self.at = after
        return e.Either(far.span, (far, self.tail(near)), "write brackets around what ∂/∂x works on")

    def _at_point(self, found: Derivative, value: e.Expr, bracket: s.Fenced) -> e.Expr:
        r"""Return `\frac{df}{dx}(x)`: the derivative, at the point where it is taken anyway; at any other it is not read."""
        names = [part.name if isinstance(part, e.Ref) and not part.indices else "" for part in self.arguments(bracket)]
        body = found.body
        parameters = self.r.survey.parameters.get(body.name, ()) if isinstance(body, e.Ref) else ()
        by = {part.name for part in found.wrt if isinstance(part, e.Ref)}
        self.at += 1
        if all(names) and by <= set(names) and (len(names) == 1 or tuple(names) == parameters):
            return value
        span = Span(value.span.start, bracket.span.end)
        return self.r.unsupported("a derivative before brackets", span, (value, *self.arguments(bracket)), "write \\Big|_{x = a}, or \\cdot for a product")

    def tail(self, first: e.Expr) -> e.Expr:
        """Return `first` with all that follows, taking it."""
        units: list[Unit] = [("", first)]
        while self.at < len(self.items):
            how = ""
            if isinstance(mark := self.items[self.at], s.Operator):
                how = mark.name
                self.at += 1
            units.append((how, self.unit()))
        return combine(units, self.r.survey.settings.layout)

    def slashed(self, mark: tuple[str, int] | None) -> e.Expr | None:
        r"""Return the derivative written `\partial J / \partial w`, or None."""
        first, bar, last = (self.items[self.at + place] if self.at + place < len(self.items) else None for place in range(3))
        if isinstance(first, s.Fenced | s.Labelled) and isinstance(bar, s.Operator) and bar.name == "/" and isinstance(last, s.Fenced | s.Labelled):
            span = Span(first.span.start, last.span.end)
            found = derivative(self.r, first, last, span)
            if found is None or found.body is None:
                return None
            self.at += 3
            return found.over(differentiated(self.r, span, found.body, found.wrt))
        window = self.items[self.at : self.at + 5]
        if len(window) < 5 or not (isinstance(window[2], s.Operator) and window[2].name == "/"):
            return None
        if mark is None or (below := differential(window[3])) is None or below[0] != mark[0]:
            return None
        span = Span(window[0].span.start, window[4].span.end)
        over, under = s.Sequence(span, tuple(window[:2])), s.Sequence(span, tuple(window[3:]))
        found = derivative(self.r, over, under, span)
        if found is None or found.body is None:
            return None
        self.at += 5
        return differentiated(self.r, span, found.body, found.wrt)

    def gradient(self, item: s.Node, name: str) -> e.Expr:
        r"""Return `\nabla_W J` or `\partial_x y`, which bind the next factor."""
        sub = item.sub if isinstance(item, s.Scripted) else None
        sign = "∇" if name == r"\nabla" else "∂"
        shape = "gradient" if name == r"\nabla" else "layout"
        self.at += 1
        if self.at >= len(self.items) or isinstance(self.items[self.at], s.Operator):
            return self.r.unsupported(f"{sign} that works on nothing", item.span, (), f"write what {sign} differentiates behind it")
        start = self.at
        body = self.unit()
        span = Span(item.span.start, body.span.end)
        if isinstance(item, s.Scripted) and item.sup:
            return self.r.unsupported(f"a power of {sign}", span, (body,), "write \\frac{\\partial^2 a}{\\partial b \\partial c}")
        if sub is None:
            return self._all_parameters(span, body)
        by = self.r.loosely(sub)
        if isinstance(by, e.Letter | e.Size):
            by = e.Ref(by.span, by.name)
        if not any(isinstance(part, e.Ref | e.Apply | e.Unsupported) for part in e.walk(body)) and self.at < len(self.items):
            self.at = start - 1
            everything = self.rest()
            assert everything is not None
            body, span = everything, Span(item.span.start, everything.span.end)
        return differentiated(self.r, span, body, (by,), shape)

    def _all_parameters(self, span: Span, body: e.Expr) -> e.Expr:
        """Return ∇f: the gradient by all that f is written to depend on."""
        survey = self.r.survey
        if isinstance(body, e.At) and isinstance(body.body, e.Ref):
            parameters = survey.parameters.get(body.body.name, ())
            if len(parameters) == 1:
                return e.Bar(span, e.Deriv(span, body.body, (e.Ref(span, parameters[0]),), "gradient"), body.replaced)
        if isinstance(body, e.Apply) and len(body.arguments) == 1 and not body.primes:
            (argument,) = body.arguments
            if isinstance(argument, e.Ref) and not argument.indices:
                return e.Deriv(span, body, (argument,), "gradient")
            parameters = survey.parameters.get(body.name, ())
            if len(parameters) == 1:
                by = e.Ref(span, parameters[0])
                return e.Bar(span, e.Deriv(span, e.Apply(body.span, body.name, 0, (by,)), (by,), "gradient"), ((by.name, argument),))
        if isinstance(body, e.Ref) and not body.indices and len(parameters := survey.parameters.get(body.name, ())) == 1:
            return e.Deriv(span, body, (e.Ref(span, parameters[0]),), "gradient")
        if survey.foreign:
            return e.Unsupported(span, "a gradient by all parameters", (body,))
        raise Unread("∇ does not say by which quantity", span, "write \\nabla_W")

    def joined(self) -> e.Expr | None:
        r"""Return `\Delta w` as the one name that it is, or None."""
        following = self.following()
        head = head_of(following) if following is not None else None
        if head is None or following is None:
            return None
        span = Span(self.items[self.at].span.start, following.span.end)
        symbol = s.Symbol(span, rf"\Delta {head.name}", head.font if head.font.startswith(r"\mathcal") else "")
        node = replace(following, base=symbol) if isinstance(following, s.Scripted) else symbol
        bracket = self.following(2)
        if self.r.survey.foreign and isinstance(bracket, s.Fenced) and bracket.kind == "(":
            name = full_name(following)
            verdict = applies(name, False, bracket.body, plainly=name in self.r.survey.plainly, loose=False)
            if verdict is None:
                raise Unread(f"is Δ{name}(…) a function or a product?", span)
            if verdict:
                self.at += 3
                return e.Apply(Span(span.start, bracket.span.end), rf"\Delta {name}", 0, self.arguments(bracket))
        self.at += 2
        return self.r.expression(node)
