"""Factors side by side: what is applied to what, what a Σ or ∂/∂x binds, and what people read two ways."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.names import identify
from bpdocs.notation.operators import BY_NAME, known
from bpdocs.notation.survey import BIG, bound_letters, flat, letter_of, pieces, symbol_name
from bpdocs.notation.tokens import Unread

if TYPE_CHECKING:
    from bpdocs.notation.resolve import Resolver

Unit = tuple[str, e.Expr]


def differential(node: s.Node) -> tuple[str, int] | None:
    """Return ("∂" or "d", order) if `node` is the mark of a derivative."""
    order = 1
    if isinstance(node, s.Scripted) and node.sub is None and len(node.sup) == 1 and isinstance(node.sup[0], s.Number) and node.sup[0].text.isdigit():
        order, node = int(node.sup[0].text), node.base
    if isinstance(node, s.Symbol):
        return {r"\partial": ("∂", order), "d": ("d", order)}.get(node.name)
    return None


def _head(node: s.Node) -> s.Symbol | None:
    base = node.base if isinstance(node, s.Scripted) else node
    return base if isinstance(base, s.Symbol) else None


class Product:
    """Reads one run of factors and operators, left to right."""

    def __init__(self, resolver: Resolver, items: tuple[s.Node, ...], span: Span) -> None:
        self.r, self.items, self.span, self.at = resolver, items, span, 0

    def read(self) -> e.Expr:
        """Return what the whole run means."""
        units: list[Unit] = []
        while self.at < len(self.items):
            how = ""
            item = self.items[self.at]
            if isinstance(item, s.Operator):
                how = item.name
                self.at += 1
                if not units or self.at >= len(self.items) or isinstance(self.items[self.at], s.Operator):
                    raise Unread(f"{how} wants a factor on either side", item.span)
            units.append((how, self.unit()))
        return combine(units, self.r.survey.settings.layout)

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
        return Product(self.r, items, span).read()

    def unit(self) -> e.Expr:
        """Return the next factor with all that it takes: its brackets, what it binds."""
        item = self.items[self.at]
        head = _head(item)
        if isinstance(item, s.Fraction):
            return self.fraction(item)
        if head is None:
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
        if name in ("1", r"\mathbb{1}", r"\mathbb{I}", r"\mathds{1}") and isinstance(bracket, s.Fenced) and isinstance(bracket.body, s.Relations):
            self.at += 2
            one, zero = e.Num(item.span, 1.0, "1"), e.Num(item.span, 0.0, "0")
            return e.Cases(Span(item.span.start, bracket.span.end), ((one, self.r.condition(bracket.body)), (zero, None)))
        if known(name) and not self.r.survey.is_function(name) and not self.r.survey.is_quantity(name) and name not in self.r.local:
            return self.operator(item, head, name)
        if isinstance(bracket, s.Fenced) and bracket.kind in ("(", "["):
            return self.bracketed(item, bracket)
        self.at += 1
        return self.r.expression(item)

    # -- what binds ---------------------------------------------------------------------------------

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
            if found is None or part.relations[0] not in ("≠", "<", "≤", ">", "≥"):
                raise Unread("what this runs over is not understood", part.span, "write \\sum_{k=1}^{c}")
            return letter, found, None, None, part
        if upper is None:
            raise Unread("a sum with a lower limit wants an upper one", part.span, "write \\sum_{k=1}^{c}")
        if klass is None:
            klass = self.r.survey.klass(letter)
        low, high = part.members[1], upper
        full = isinstance(low, s.Number) and low.text == "1" and isinstance(high, s.Symbol | s.Number)
        if klass is None:
            raise Unread("the upper limit of this sum names no width", upper.span, "write \\sum_{k=1}^{c}")
        if full:
            return letter, klass, None, None, None
        whole = resolver.survey.klass(letter)
        klass = whole if whole is not None and letter in resolver.survey.declared_ranges else klass
        return letter, klass, resolver.expression(low), resolver.expression(high), None

    def fraction(self, item: s.Fraction) -> e.Expr:
        """Return a fraction, or an operator such as ∂/∂x with what it binds."""
        found = self.r.derivative(item.over, item.under, item.span)
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
        found = self.r.derivative(over, under, span)
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
        head = _head(following) if following is not None else None
        if head is None or following is None:
            return None
        span = Span(self.items[self.at].span.start, following.span.end)
        symbol = s.Symbol(span, rf"\Delta {head.name}", head.font if head.font.startswith(r"\mathcal") else "")
        node = replace(following, base=symbol) if isinstance(following, s.Scripted) else symbol
        self.at += 2
        return self.r.expression(node)

    # -- what is applied ----------------------------------------------------------------------------

    def arguments(self, bracket: s.Fenced) -> tuple[e.Expr, ...]:
        """Return the arguments between brackets."""
        body = bracket.body
        return tuple(self.r.expression(item) for item in (body.items if isinstance(body, s.Listed) else (body,)))

    def after_brackets(self, value: e.Expr, brackets: s.Node) -> e.Expr:
        """Return an application with the scripts that stand at its closing bracket."""
        if not isinstance(brackets, s.Scripted):
            return value
        if brackets.primes:
            raise Unread("a prime upon brackets is not supported", brackets.span, "write \\frac{d}{dx}")
        if brackets.sub is not None:
            value = e.Pick(Span(value.span.start, brackets.span.end), value, tuple(self.r.index(piece) for piece in pieces(brackets.sub)))
        return self.r.raised(value, brackets.sup, brackets)

    def operator(self, item: s.Node, head: s.Symbol, name: str) -> e.Expr:
        """Return a known operator applied, with or without brackets."""
        row = known(name) or name
        sub = item.sub if isinstance(item, s.Scripted) else None
        sup = item.sup if isinstance(item, s.Scripted) else ()
        primes = item.primes if isinstance(item, s.Scripted) else 0
        if sub is not None and not (row == "log" and isinstance(sub, s.Number)):
            raise Unread(f"{row} with the subscript {flat(sub)} is not supported", item.span)
        if any(isinstance(part, s.Terms | s.Operator) or not isinstance(part, s.Number) for part in sup):
            raise Unread(f"this superscript of {row} is not supported", item.span, "write the power behind brackets")
        if primes and row not in BY_NAME:
            raise Unread(f"a prime of {row} is not supported", item.span)

        def applied(arguments: tuple[e.Expr, ...], end: int) -> e.Expr:
            span = Span(item.span.start, end)
            if row in BY_NAME and len(arguments) != 1:
                raise Unread(f"{row} takes one argument", span)
            value: e.Expr = e.Apply(span, row, primes, arguments) if primes else e.Call(span, row, arguments)
            if sub is not None:
                value = e.Div(span, value, e.Call(span, "log", (self.r.expression(sub),)))
            return self.r.raised(value, sup, item)

        following = self.following()
        bracket = following.base if isinstance(following, s.Scripted) else following
        if isinstance(bracket, s.Fenced) and bracket.kind in ("(", "[", "{", "group"):
            self.at += 2
            near = self.after_brackets(applied(self.arguments(bracket), bracket.span.end), following or item)
            if isinstance(following, s.Scripted) and following.sup and head.name.startswith("\\") and row in BY_NAME:
                far = applied((self.r.expression(following),), following.span.end)
                return e.Either(near.span, (near, far), f"write brackets: ({name}(…))^… or {name}((…)^…)")
            return near
        if following is None or isinstance(following, s.Operator):
            raise Unread(f"{row} has nothing to work on", item.span)
        self.at += 1
        first = self.unit()
        near = applied((first,), first.span.end)
        start, more = self.at, []
        while self.at < len(self.items) and not isinstance(self.items[self.at], s.Operator) and not self.function_ahead():
            more.append(self.unit())
        if not more:
            return near
        self.at = start
        run: list[Unit] = [("", first)]
        tail: list[Unit] = [("", near)]
        while self.at < len(self.items) and not isinstance(self.items[self.at], s.Operator) and not self.function_ahead():
            unit = self.unit()
            run.append(("", unit))
            tail.append(("", unit))
        layout = self.r.survey.settings.layout
        whole = combine(run, layout)
        if isinstance(first, e.Num) and len(run) == 2:
            return applied((whole,), whole.span.end)
        far = applied((whole,), whole.span.end)
        return e.Either(far.span, (far, combine(tail, layout)), f"write brackets: {name}(…)")

    def function_ahead(self) -> bool:
        """Return whether the next item is a known operator, before which an argument without brackets ends."""
        head = _head(self.items[self.at])
        return head is not None and (known(symbol_name(head)) is not None or head.name in BIG)

    def bracketed(self, item: s.Node, bracket: s.Fenced) -> e.Expr:
        """Return a symbol followed by brackets: an application, or a product."""
        survey = self.r.survey
        named = identify(item, survey)
        head = _head(item)
        assert head is not None
        following = self.following()
        assert following is not None
        span = Span(item.span.start, bracket.span.end)
        base = symbol_name(head)
        if survey.is_function(named.name) and not named.indices and named.name not in self.r.local:
            if named.raised:
                raise Unread(f"{named.name} with a superscript before its brackets is not supported", item.span, f"write ({named.name}(…))^{{…}}")
            self.at += 2
            value = self.after_brackets(e.Apply(span, named.name, named.primes, self.arguments(bracket)), following)
            inside = [node for node in s.walk(bracket.body) if isinstance(node, s.Symbol) and symbol_name(node) == named.name]
            if inside and not named.primes and not _always_applied(bracket.body, named.name):
                product = combine([("", self.r.expression(item)), ("", self.r.expression(following))], survey.settings.layout)
                return e.Either(span, (value, product), f"write {named.name}(u)\\,(…), or {named.name}\\cdot(…) for a product")
            return value
        if survey.is_function(base) and named.name != base and not named.indices:
            raise Unread(f"{named.name}(…) is not supported", item.span, f"only {base}, {base}' and so on are applied")
        if named.name in survey.parameters and not named.indices and not named.raised and not named.primes:
            self.at += 2
            arguments = self.arguments(bracket)
            names = survey.parameters[named.name]
            if len(arguments) != len(names):
                raise Unread(f"{named.name} is written with {len(names)} argument(s) elsewhere", span)
            replaced = tuple((name, argument) for name, argument in zip(names, arguments, strict=True))
            return self.after_brackets(e.At(span, e.Ref(item.span, named.name), replaced), following)
        plain = isinstance(bracket.body, s.Symbol | s.Scripted | s.Listed)
        if survey.is_defined(named.name) and plain and not named.indices and not named.raised and not named.primes:
            arguments = self.arguments(bracket)
            if all(isinstance(argument, e.Ref) and not argument.indices for argument in arguments) and not self._letter(item):
                self.at += 2
                replaced = tuple((argument.name, argument) for argument in arguments if isinstance(argument, e.Ref))
                return self.after_brackets(e.At(span, e.Ref(item.span, named.name), replaced), following)
        if survey.is_defined(named.name) and not named.indices and not named.raised and not named.primes and not self._letter(item):
            if (moved := self._moved(item, named.name, bracket)) is not None:
                self.at += 2
                return self.after_brackets(moved, following)
        quantity = named.indices or survey.is_quantity(named.name) or named.name in self.r.local or named.name in survey.loose or named.name in survey.sizes
        if named.primes and not survey.is_quantity(named.name + "'" * named.primes):
            raise Unread(f"{named.name}' is not known", item.span, f"declare {named.name} : \\mathbb{{R}} \\to \\mathbb{{R}}")
        if not quantity and not self._letter(item) and not isinstance(self.r.expression(item), e.Num):
            raise Unread(f"is {named.name}(…) a function or a product?", span, f"declare {named.name}, or write {named.name}\\,\\cdot(…)")
        self.at += 1
        return self.r.expression(item)

    def _moved(self, item: s.Node, name: str, bracket: s.Fenced) -> e.Expr | None:
        r"""Return J(w + ε), read as J with w replaced, where the brackets begin with an input; None for a product such as z(1 - z)."""
        if not isinstance(bracket.body, s.Terms):
            return None
        first = self.r.expression(bracket.body.terms[0][1])
        if not isinstance(first, e.Ref) or self.r.survey.is_defined(first.name) or first.name == name:
            return None
        span = Span(item.span.start, bracket.span.end)
        if first.indices:
            raise Unread(f"is {name}(…) a function or a product?", span, f"write {name}\\,\\cdot(…) for a product")
        return e.At(span, e.Ref(item.span, name), ((first.name, self.r.expression(bracket.body)),))

    def _letter(self, item: s.Node) -> bool:
        letter = letter_of(item)
        return letter is not None and self.r.klass(letter) is not None


def _always_applied(node: s.Node, name: str) -> bool:
    """Return whether `name` occurs below `node` only with brackets behind it."""
    items = node.items if isinstance(node, s.Sequence) else (node,)
    for index, item in enumerate(items):
        head = _head(item)
        if isinstance(item, s.Fraction) and differential((item.over.items if isinstance(item.over, s.Sequence) else (item.over,))[0]):
            continue
        following = items[index + 1] if index + 1 < len(items) else None
        bracket = following.base if isinstance(following, s.Scripted) else following
        if head is not None and symbol_name(head) == name and not isinstance(bracket, s.Fenced):
            return False
        if not all(_always_applied(child, name) for child in s.children(item) if child is not head):
            return False
    return True


def combine(units: list[Unit], layout: str) -> e.Expr:
    """Return the product of units with the operators before each: side by side binds tighter than ⊙, / takes one run."""
    units = _contracted(units, layout)
    runs: list[tuple[str, list[e.Expr]]] = []
    for how, value in units:
        if how or not runs:
            runs.append((how, [value]))
        else:
            runs[-1][1].append(value)
    total = _run(runs[0][1])
    for index, (how, values) in enumerate(runs[1:], 1):
        span = Span(total.span.start, values[-1].span.end)
        if how in ("/", "⊘"):
            if len(values) == 1:
                total = e.Div(span, total, values[0], how)
                continue
            near = _run([e.Div(Span(total.span.start, values[0].span.end), total, values[0], how), *values[1:]])
            total = e.Either(span, (near, e.Div(span, total, _run(values), how)), "write brackets: which factors stand below the bar?")
        elif how == "·" and runs[index - 1][0] == "⊙":
            near = e.Mul(span, total, _run(values), how)
            before = total
            assert isinstance(before, e.Mul | e.Either)
            if isinstance(before, e.Mul):
                far = e.Mul(span, before.left, e.Mul(span, before.right, _run(values), how), "⊙")
                total = e.Either(span, (near, far), "write brackets: ⊙ and · both stand here")
            else:
                total = near
        else:
            total = e.Mul(span, total, _run(values), how)
    return total


def _run(values: list[e.Expr]) -> e.Expr:
    total = values[0]
    for value in values[1:]:
        total = e.Mul(Span(total.span.start, value.span.end), total, value)
    return total


def _contracted(units: list[Unit], layout: str) -> list[Unit]:
    """Join derivatives without indices in which each denominator is the next numerator."""
    out: list[Unit] = []
    chain: list[e.Deriv] = []

    def linked(left: e.Deriv, right: e.Deriv) -> bool:
        if layout == "denominator":
            left, right = right, left
        return isinstance(right.body, e.Ref) and not right.body.indices and right.body.name == left.wrt[0].name

    def flush() -> None:
        if len(chain) > 1:
            ordered = tuple(reversed(chain)) if layout == "denominator" else tuple(chain)
            out[-1] = (out[-1][0], e.Contract(Span(chain[0].span.start, chain[-1].span.end), ordered))
        chain.clear()

    for how, value in units:
        plain = isinstance(value, e.Deriv) and len(value.wrt) == 1 and not value.wrt[0].indices and value.shape == "layout"
        if plain and chain and how in ("", "·") and isinstance(value, e.Deriv) and linked(chain[-1], value):
            chain.append(value)
            continue
        flush()
        out.append((how, value))
        if plain and isinstance(value, e.Deriv):
            chain.append(value)
    flush()
    return out
