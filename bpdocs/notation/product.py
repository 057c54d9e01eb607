"""Factors side by side, left to right: each is handed to the reader of what it begins."""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.application import Application
from bpdocs.notation.binding import Binding
from bpdocs.notation.combine import Unit, combine
from bpdocs.notation.conditions import conditional, full_indicator, indicator
from bpdocs.notation.derivatives import Differentiation, differential
from bpdocs.notation.ink import BIG, symbol_name
from bpdocs.notation.operators import UNSUPPORTED, known
from bpdocs.notation.remainder import remainder
from bpdocs.notation.run import head_of
from bpdocs.notation.tokens import Unread


class Product(Binding, Differentiation, Application):
    """Reads one run of factors and operators."""

    def read(self) -> e.Expr:
        """Return what the whole run means."""
        units: list[Unit] = []
        while self.at < len(self.items):
            how = ""
            item = self.items[self.at]
            if isinstance(item, s.At):
                units = self.evaluated(units, item)
                self.at += 1
                continue
            if isinstance(item, s.Operator):
                how = item.name
                self.at += 1
                if not units or self.at >= len(self.items) or isinstance(self.items[self.at], s.Operator):
                    raise Unread(f"{how} wants a factor on either side", item.span)
            units.append((how, self.percent(self.unit())))
        return combine(units, self.r.survey.settings.layout)

    def evaluated(self, units: list[Unit], bar: s.At) -> list[Unit]:
        """Return the factors before an evaluation bar, at its foot: people mean all of them, or the last."""
        if not units:
            raise Unread("an evaluation bar wants something before it", bar.span)
        span = Span(self.span.start, bar.span.end)
        how, last = units[-1]
        layout = self.r.survey.settings.layout
        near = [*units[:-1], (how, self.r.evaluated(last, bar.where, Span(last.span.start, bar.span.end)))]
        if len(units) == 1:
            return near
        far = self.r.evaluated(combine(units, layout), bar.where, span)
        return [("", e.Either(span, (far, combine(near, layout)), "write brackets around what the bar evaluates"))]

    def percent(self, value: e.Expr) -> e.Expr:
        r"""Return a number with the `\%` that follows it, or as it is."""
        mark = self.items[self.at] if self.at < len(self.items) else None
        if not isinstance(value, e.Num) or not isinstance(mark, s.Symbol) or mark.name != r"\%":
            return value
        self.at += 1
        return e.Div(Span(value.span.start, mark.span.end), value, e.Num(mark.span, 100.0, "100"), "%")

    def unit(self) -> e.Expr:
        """Return the next factor with all that it takes: its brackets, what it binds."""
        item = self.items[self.at]
        head = head_of(item)
        if isinstance(item, s.Fraction):
            return self.fraction(item)
        if head is None:
            if (found := self.slashed(None)) is not None:
                return found
            if (composed := self.composed(item)) is not None:
                return composed
            self.at += 1
            return self.r.expression(item)
        name = symbol_name(head)
        if name in BIG and (name in (r"\sum", r"\prod") or (isinstance(item, s.Scripted) and item.sub is not None)):
            return self.binder(item, name)
        if (mark := differential(item)) and (found := self.slashed(mark)) is not None:
            return found
        if name in (r"\partial", r"\nabla") and (name == r"\nabla" or isinstance(item, s.Scripted)):
            return self.gradient(item, name)
        if name == r"\Delta" and not self.r.survey.is_quantity(name) and isinstance(item, s.Symbol) and (joined := self.joined()):
            return joined
        brackets = self.following()
        bracket = brackets.base if isinstance(brackets, s.Scripted) else brackets
        if full_indicator(head) and isinstance(bracket, s.Fenced) and not isinstance(item, s.Scripted) and conditional(bracket.body):
            self.at += 2
            return self.after_brackets(indicator(self.r, Span(item.span.start, bracket.span.end), bracket.body), brackets or bracket)
        if name in UNSUPPORTED and not self.r.survey.is_quantity(name) and not self.r.survey.is_function(name):
            return self.named_unsupported(item, name)
        if self._differential(item):
            return self.differential()
        if known(name) and not self.r.survey.is_function(name) and not self.r.survey.is_quantity(name) and name not in self.r.local:
            return self.operator(item, head, name)
        if brackets is not None and (order := remainder(self.r, name, item, brackets)) is not None:
            self.at += 2
            return order
        if isinstance(bracket, s.Fenced) and bracket.kind in ("(", "["):
            return self.bracketed(item, bracket)
        self.at += 1
        return self.r.expression(item)
