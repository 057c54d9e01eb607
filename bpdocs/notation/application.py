"""What is applied to what: known operators, functions of the page, quantities at another point; or a product after all."""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.combine import Unit, combine
from bpdocs.notation.convention import FUNCTIONS, OFTEN_FUNCTIONS, applies
from bpdocs.notation.derivatives import differential
from bpdocs.notation.ink import BIG, flat, letter_of, pieces, symbol_name
from bpdocs.notation.names import Named, identify, transposing
from bpdocs.notation.operators import ATOMS, BINDING, BY_NAME, UNSUPPORTED, known
from bpdocs.notation.run import Run, head_of
from bpdocs.notation.tokens import Unread


class Application(Run):
    """Reads what stands before brackets, or before what it works on."""

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
            return self.after_brackets(applied(self.arguments(bracket), bracket.span.end), following or item)
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
        head = head_of(self.items[self.at])
        return head is not None and (known(symbol_name(head)) is not None or head.name in BIG)

    def named_unsupported(self, item: s.Node, name: str) -> e.Expr:
        """Return, in a foreign text, something recognised with its limits and all that it works on; elsewhere it is unread by its name."""
        what = UNSUPPORTED[name]
        if not self.r.survey.foreign:
            raise Unread(f"{what} is not supported", item.span)
        parts: list[e.Expr] = []
        if isinstance(item, s.Scripted):
            parts += [self.r.loosely(part) for part in (*((item.sub,) if item.sub is not None else ()), *item.sup)]
        following = self.following()
        bracket = following.base if isinstance(following, s.Scripted) else following
        if name in ATOMS:
            self.at += 1
        elif isinstance(bracket, s.Fenced) and bracket.kind != "group" and name not in BINDING:
            self.at += 2
            value = e.Unsupported(Span(item.span.start, bracket.span.end), what, (*parts, self.r.loosely(bracket.body)))
            return self.after_brackets(value, following or item)
        elif (body := self.rest()) is not None:
            parts.append(body)
        end = parts[-1].span.end if parts else item.span.end
        return e.Unsupported(Span(item.span.start, max(item.span.end, end)), what, tuple(parts))

    def composed(self, item: s.Node) -> e.Expr | None:
        r"""Return `(f \circ g)(x)` as f(g(x)), or None if it is no composition of functions."""
        base = item.base if isinstance(item, s.Scripted) else item
        bracket = self.following()
        if not (isinstance(base, s.Fenced) and isinstance(base.body, s.Sequence) and isinstance(bracket, s.Fenced) and bracket.kind == "("):
            return None
        functions, operators = base.body.items[::2], base.body.items[1::2]
        names = [symbol_name(node) if isinstance(node, s.Symbol) else "" for node in functions]
        survey = self.r.survey
        if not operators or not all(isinstance(mark, s.Operator) and mark.name == "∘" for mark in operators):
            return None
        if not all(name and (survey.is_function(name) or known(name) or (survey.foreign and name in FUNCTIONS | OFTEN_FUNCTIONS)) for name in names):
            return None
        primes = item.primes if isinstance(item, s.Scripted) else 0
        if isinstance(item, s.Scripted) and (item.sub is not None or item.sup):
            return None
        self.at += 2
        arguments = self.arguments(bracket)
        span = Span(item.span.start, bracket.span.end)
        value = e.Apply(span, names[-1], 0, arguments) if not known(names[-1]) else e.Call(span, known(names[-1]) or "", arguments)
        for name in reversed(names[:-1]):
            value = e.Apply(span, name, 0, (value,)) if survey.is_function(name) or not known(name) else e.Call(span, known(name) or name, (value,))
        if not primes:
            return value
        if primes > 1 or len(arguments) != 1 or not isinstance(arguments[0], e.Ref):
            return self.r.unsupported("a prime upon brackets", span, (value,), "write \\frac{d}{dx}")
        return e.Deriv(span, value, (arguments[0],))

    def _differential(self, item: s.Node) -> bool:
        """Return whether a lone d or ∂ stands right before a quantity: dx."""
        following = self.following()
        if isinstance(item, s.Symbol) and item.name == r"\partial" and self.r.survey.foreign and not isinstance(following, s.Operator | None):
            return True
        if not (isinstance(item, s.Symbol) and item.name == "d" and self.r.survey.foreign and following is not None):
            return False
        return head_of(following) is not None and following.span.start <= item.span.end + 1 and "d" not in self.r.survey.sizes

    def differential(self) -> e.Expr:
        """Return dx, in a foreign text."""
        start = self.items[self.at].span.start
        self.at += 1
        body = self.unit()
        return e.Unsupported(Span(start, body.span.end), "a differential", (body,))

    def bracketed(self, item: s.Node, bracket: s.Fenced) -> e.Expr:
        """Return a symbol followed by brackets: an application, or a product."""
        survey = self.r.survey
        named = identify(item, survey)
        head = head_of(item)
        assert head is not None
        following = self.following()
        assert following is not None
        span = Span(item.span.start, bracket.span.end)
        base = symbol_name(head)
        if survey.foreign and not survey.is_defined(named.name) and (found := self._usual(item, named, bracket)) is not None:
            return found
        if survey.is_function(named.name) and not named.indices and named.name not in self.r.local:
            if named.raised:
                if named.primes:
                    self.at += 2
                    return self.r.raised(e.Apply(span, named.name, named.primes, self.arguments(bracket)), named.raised, item)
                raise Unread(f"{named.name} with a superscript before its brackets is not supported", item.span, f"write ({named.name}(…))^{{…}}")
            self.at += 2
            value = self.after_brackets(e.Apply(span, named.name, named.primes, self.arguments(bracket)), following)
            inside = [node for node in s.walk(bracket.body) if isinstance(node, s.Symbol) and symbol_name(node) == named.name]
            if inside and not named.primes and not _always_applied(bracket.body, named.name):
                product = combine([("", self.r.expression(item)), ("", self.r.expression(following))], survey.settings.layout)
                return e.Either(span, (value, product), f"write {named.name}(u)\\,(…), or {named.name}\\cdot(…) for a product")
            return value
        if isinstance(bracket.body, s.Relations) and set(bracket.body.relations) & {"∣", "∥"}:
            raise Unread("a probability is not supported", span)
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
        if survey.is_defined(named.name) and not named.indices and not named.raised and not named.primes and not self._letter(item) and not _transposed(following):
            if (found := self._dependent(item, named.name, bracket, following)) is not None:
                return found
        quantity = named.indices or survey.is_quantity(named.name) or named.name in self.r.local or named.name in survey.loose or named.name in survey.sizes
        if named.primes and not survey.is_quantity(named.name + "'" * named.primes):
            raise Unread(f"{named.name}' is not known", item.span, f"declare {named.name} : \\mathbb{{R}} \\to \\mathbb{{R}}")
        if not quantity and not survey.foreign and not self._letter(item) and not isinstance(self.r.expression(item), e.Num):
            raise Unread(f"is {named.name}(…) a function or a product?", span, f"declare {named.name}, or write {named.name}\\,\\cdot(…)")
        self.at += 1
        return self.r.expression(item)

    def _usual(self, item: s.Node, named: Named, bracket: s.Fenced) -> e.Expr | None:
        """Return what a symbol before brackets is where the text declares nothing: an application, or None for a product; raise Unread where nobody can tell."""
        survey = self.r.survey
        if named.raised and not named.primes:
            inverse = any(isinstance(part, s.Terms) for part in named.raised)
            if inverse and named.name in FUNCTIONS:
                return self._taken(item, bracket, self.r.unsupported("an inverse function", item.span, self.arguments(bracket)))
            if not (named.name in FUNCTIONS | OFTEN_FUNCTIONS and not any(transposing(part) for part in named.raised)):
                return None
        own = {symbol_name(part) for part in s.walk(bracket.body) if isinstance(part, s.Symbol)}
        head = head_of(item)
        loose = named.name in survey.loose or (head is not None and symbol_name(head) in own and not _always_applied(bracket.body, symbol_name(head)))
        verdict = applies(named.name, bool(named.indices), bracket.body, plainly=named.name in survey.plainly, loose=loose)
        if named.primes or survey.is_function(named.name):
            verdict = True
        if named.name in ("E", "Var", "Cov") and bracket.kind == "[":
            return self._taken(item, bracket, e.Unsupported(item.span, "an expectation", (self.r.loosely(bracket.body),)))
        if verdict is None:
            raise Unread(f"is {named.name}(…) a function or a product?", item.span, f"declare {named.name}, or write {named.name}\\,\\cdot(…)")
        if not verdict:
            return None
        span = Span(item.span.start, bracket.span.end)
        body = bracket.body
        if isinstance(body, s.Relations) or (isinstance(body, s.Listed) and any(isinstance(part, s.Relations) for part in body.items)):
            return self._taken(item, bracket, e.Unsupported(span, f"{named.name} of a condition", (self.r.loosely(body),)))
        indices = tuple(self.r.index(part) for part in named.indices)
        value: e.Expr = e.Apply(span, named.name, named.primes, self.arguments(bracket))
        if indices:
            value = e.Pick(span, value, indices)
        return self._taken(item, bracket, self.r.raised(value, named.raised, item))

    def _taken(self, item: s.Node, bracket: s.Fenced, value: e.Expr) -> e.Expr:
        following = self.following() or item
        self.at += 2
        return self.after_brackets(value, following)

    def _dependent(self, item: s.Node, name: str, bracket: s.Fenced, following: s.Node) -> e.Expr | None:
        r"""Return J(w), J(w + ε) as J at w, where J rests on what the brackets begin with; None for a product such as z(1 - z)."""
        survey, body = self.r.survey, bracket.body
        span = Span(item.span.start, bracket.span.end)
        if isinstance(body, s.Terms):
            first = self.r.expression(body.terms[0][1])
            if not isinstance(first, e.Ref) or survey.is_defined(first.name) or first.name not in survey.rests_on(name):
                return None
            if first.indices:
                raise Unread(f"is {name}(…) a function or a product?", span, f"write {name}\\,\\cdot(…) for a product")
            value: e.Expr = e.At(span, e.Ref(item.span, name), ((first.name, self.r.expression(body)),))
        elif isinstance(body, s.Symbol | s.Scripted | s.Listed):
            arguments = self.arguments(bracket)
            names = [argument.name for argument in arguments if isinstance(argument, e.Ref) and not argument.indices]
            if len(names) != len(arguments) or not set(names) <= survey.rests_on(name):
                return None
            value = e.At(span, e.Ref(item.span, name), tuple(zip(names, arguments, strict=True)))
            if any(survey.is_defined(argument) for argument in names):
                product = e.Mul(span, e.Ref(item.span, name), self.r.expression(body if not isinstance(body, s.Listed) else bracket))
                value = e.Either(span, (value, product), f"write {name}\\,\\cdot(…) for a product, or {name} alone")
        else:
            return None
        self.at += 2
        return self.after_brackets(value, following)

    def _letter(self, item: s.Node) -> bool:
        letter = letter_of(item)
        return letter is not None and self.r.klass(letter) is not None


def _transposed(bracket: s.Node) -> bool:
    return isinstance(bracket, s.Scripted) and any(transposing(part) or (isinstance(part, s.Symbol) and part.name == "T") for part in bracket.sup)


def _always_applied(node: s.Node, name: str) -> bool:
    """Return whether `name` occurs below `node` only with brackets behind it."""
    items = node.items if isinstance(node, s.Sequence) else (node,)
    for index, item in enumerate(items):
        head = head_of(item)
        if isinstance(item, s.Fraction) and differential((item.over.items if isinstance(item.over, s.Sequence) else (item.over,))[0]):
            continue
        following = items[index + 1] if index + 1 < len(items) else None
        bracket = following.base if isinstance(following, s.Scripted) else following
        if head is not None and symbol_name(head) == name and not isinstance(bracket, s.Fenced):
            return False
        if not all(_always_applied(child, name) for child in s.children(item) if child is not head):
            return False
    return True
