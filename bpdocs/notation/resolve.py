r"""From a formula as written to what it means on this page.

The page's survey says what each symbol is; what people read two ways becomes an `Either`, and what is not understood is `Unread`, by name.
"""

from __future__ import annotations

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.derivatives import derivative
from bpdocs.notation.ink import base_name
from bpdocs.notation.names import Named, identify, transposing
from bpdocs.notation.operators import CONSTANTS, UNSUPPORTED, known
from bpdocs.notation.product import Product
from bpdocs.notation.survey import BIG, Survey, full_name, letter_of, pieces, symbol_name
from bpdocs.notation.tokens import Unread

_CONDITIONS = ("=", "≠", "<", "≤", ">", "≥")


class Resolver:
    """Reads expressions in the light of a survey; `letters` are the index letters that are bound, with their classes."""

    def __init__(self, survey: Survey, letters: dict[str, str] | None = None, local: tuple[str, ...] = ()) -> None:
        self.survey, self.letters, self.local = survey, letters or {}, local

    def inside(self, letter: str, klass: str) -> Resolver:
        """Return a resolver in which `letter` is bound."""
        return Resolver(self.survey, {**self.letters, letter: klass}, self.local)

    def klass(self, letter: str) -> str | None:
        """Return the class of a letter here: a Σ's own before the page's."""
        return self.letters.get(letter) or self.survey.klass(letter)

    # -- expressions --------------------------------------------------------------------------------

    def expression(self, node: s.Node) -> e.Expr:
        """Return what `node` means; raise Unread where that is not known."""
        match node:
            case s.Number(span, text):
                return e.Num(span, float(text), text)
            case s.Terms(span, terms):
                return self._terms(span, terms)
            case s.Sequence(span, items):
                return Product(self, items, span).read()
            case s.Labelled(_, body) | s.Fenced(_, "group", body):
                return self.expression(body)
            case s.Fraction(span, over, under):
                return self._fraction(span, over, under)
            case s.Root(span, body, degree):
                if degree is None:
                    return e.Call(span, "sqrt", (self.expression(body),))
                return e.Pow(span, self.expression(body), e.Div(degree.span, e.Num(degree.span, 1.0, "1"), self.expression(degree)))
            case s.Fenced(span, kind, body):
                return self._fenced(span, kind, body)
            case s.Matrix(span, kind, rows):
                return self._matrix(span, kind, rows)
            case s.Printed(span, body, digits):
                return e.Show(span, self.expression(body), digits)
            case s.Scripted() | s.Symbol():
                return self.scripted(node)
            case s.Dots(span):
                raise Unread("dots inside an expression are not supported", span, "write the sum with \\sum")
            case s.Words(span, text):
                raise Unread(f"“{text}” is prose inside an expression", span, "put it outside of the formula")
            case s.Relations(span):
                raise Unread("a relation stands where a value is wanted", span)
            case s.Listed(span):
                raise Unread("a list stands where one value is wanted", span)
            case s.Operator(span, name):
                raise Unread(f"{name} has nothing to work on", span)
            case _:
                raise Unread("something is missing here", node.span)

    def _terms(self, span: Span, terms: tuple[tuple[str, s.Node], ...]) -> e.Expr:
        out: list[e.Expr] = []
        for sign, term in terms:
            if sign == "±":
                raise Unread("± is not supported", span, "write the two formulas")
            value = self.expression(term)
            out.append(value if sign == "+" else e.Neg(term.span, value))
        return out[0] if len(out) == 1 else e.Add(span, tuple(out))

    def _fenced(self, span: Span, kind: str, body: s.Node) -> e.Expr:
        if kind in ("(", "[", "{"):
            if isinstance(body, s.Listed):
                return e.Array(span, tuple((self.expression(item),) for item in body.items))
            if isinstance(body, s.Relations) and len(body.members) == 2 and kind == "[":
                return e.Cases(span, ((e.Num(span, 1.0, "1"), self.condition(body)), (e.Num(span, 0.0, "0"), None)))
            return self.expression(body)
        if kind == "|":
            return e.Call(span, "abs", (self.expression(body),))
        if kind == "‖":
            return e.Call(span, "norm", (self.expression(body),))
        if kind == "⟨" and isinstance(body, s.Listed) and len(body.items) == 2:
            return e.Mul(span, self.expression(body.items[0]), self.expression(body.items[1]), "·")
        raise Unread(f"the delimiters {kind} are not supported", span)

    def _matrix(self, span: Span, kind: str, rows: tuple[tuple[s.Node, ...], ...]) -> e.Expr:
        if kind.endswith("cases"):
            return e.Cases(span, tuple(self._branch(row, span) for row in rows))
        if kind not in ("pmatrix", "bmatrix", "matrix", "smallmatrix", "array"):
            raise Unread(f"the environment {kind} is not supported", span)
        if len({len(row) for row in rows}) != 1:
            raise Unread("the rows of this matrix differ in length", span)
        return e.Array(span, tuple(tuple(self.expression(cell) for cell in row) for row in rows))

    def _branch(self, row: tuple[s.Node, ...], span: Span) -> tuple[e.Expr, e.Compare | None]:
        parts = [part for cell in row for part in (cell.items if isinstance(cell, s.Listed) else (cell,))]
        value = self.expression(parts[0])
        conditions = [part for part in parts[1:] if isinstance(part, s.Relations)]
        words = [part for part in parts[1:] if not isinstance(part, s.Relations)]
        if len(conditions) == 1:
            return value, self.condition(conditions[0])
        if not conditions and len(words) <= 1 and all(isinstance(part, s.Words) or full_name(part) in ("otherwise", "else") for part in words) and words:
            return value, None
        raise Unread("a case wants one condition, or “otherwise”", span)

    def condition(self, node: s.Node) -> e.Compare:
        """Return a condition between two numbers."""
        if isinstance(node, s.Relations) and len(node.members) == 2 and node.relations[0] in _CONDITIONS:
            return e.Compare(node.span, self.expression(node.members[0]), node.relations[0], self.expression(node.members[1]))
        raise Unread("this condition is not understood", node.span, "write it as a > b")

    # -- symbols ------------------------------------------------------------------------------------

    def scripted(self, node: s.Node) -> e.Expr:
        """Return what a symbol, or a bracket, with its scripts means."""
        if isinstance(node, s.Scripted) and not isinstance(node.base, s.Symbol | s.Scripted):
            return self._scripted_bracket(node)
        if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.base.name in BIG and node.base.name in (r"\sum", r"\prod"):
            raise Unread(f"{node.base.name} has nothing to work on", node.span)
        if isinstance(node, s.Symbol):
            self.supported(node)
            if node.font and node.name in ("1", "0"):
                return self._ones(node, None)
        elif isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol):
            self.supported(node.base)
            if node.base.name in CONSTANTS and node.sub is None and node.sup and not (self.survey.is_quantity(node.base.name) or self.survey.is_quantity(full_name(node))):
                return self._exponential(node)
            if node.base.font in (r"\mathbf", r"\mathbb", r"\boldsymbol") and node.base.name in ("1", "0"):
                return self.raised(self._ones(node.base, node.sub), node.sup, node)
        named = identify(node, self.survey)
        return self.raised(self.quantity(named, node), named.raised, node)

    def supported(self, node: s.Symbol) -> None:
        """Raise Unread for what is recognised and not supported."""
        name = symbol_name(node)
        if name in UNSUPPORTED and not self.survey.is_quantity(name) and not self.survey.is_function(name):
            raise Unread(f"{UNSUPPORTED[name]} is not supported", node.span)

    def _exponential(self, node: s.Scripted) -> e.Expr:
        assert isinstance(node.base, s.Symbol)
        if node.base.name != "e":
            return self.raised(e.Num(node.base.span, CONSTANTS[node.base.name], node.base.name), node.sup, node)
        return e.Call(node.span, "exp", (self.expression(node.sup[0]),))

    def _ones(self, node: s.Symbol, sub: s.Node | None) -> e.Expr:
        size = full_name(sub) if sub is not None else ""
        return e.Call(node.span, "ones" if node.name == "1" else "zeros", (e.Size(node.span, size),) if size in self.survey.sizes else ())

    def quantity(self, named: Named, node: s.Node) -> e.Expr:
        """Return the reference that a name with indices is."""
        span, name = node.span, named.name
        if named.primes:
            parameters = self.survey.parameters.get(name, ())
            if self.survey.is_function(name) and len(parameters) == 1 and not named.indices:
                return e.Apply(span, name, named.primes, (e.Ref(span, parameters[0]),))
            if self.survey.is_function(name):
                raise Unread(f"{name}{chr(39) * named.primes} of what? It stands without brackets", span, f"write {name}'(…)")
            name += "'" * named.primes
        if name in self.local and not named.indices:
            return e.Ref(span, name)
        if not named.indices:
            letter = name
            if self.klass(letter) is not None and not self.survey.is_quantity(name):
                return e.Letter(span, letter)
            if name in self.survey.sizes and not self.survey.is_quantity(name):
                return e.Size(span, name)
            if name in CONSTANTS and not self.survey.is_quantity(name):
                return e.Num(span, CONSTANTS[name], name)
            if (row := known(name)) and not self.survey.is_quantity(name) and not self.survey.is_function(name):
                raise Unread(f"{row} has nothing to work on", span)
            if name in self.survey.entries:
                target, signature = self.survey.entries[name]
                return e.Ref(span, target, (), signature)
            return e.Ref(span, name)
        indices = tuple(self.index(part) for part in named.indices)
        signature = tuple(self._class_of(index) for index in indices)
        if name == r"\delta" and len(indices) == 2 and r"\delta" not in self._indexed_twice() and len(set(signature)) == 1:
            return e.Call(span, "kronecker", indices)
        if name in self.survey.entries:
            name = self.survey.entries[name][0]
        return e.Ref(span, name, indices, signature)

    def _indexed_twice(self) -> set[str]:
        return {
            full_name(s.Scripted(node.span, left.base))
            for statement in self.survey.statements
            if isinstance(node := statement.node, s.Relations)
            and node.relations[0] in (":=", "=")
            and isinstance(left := node.members[0], s.Scripted)
            and len(pieces(left.sub)) == 2
        }

    def index(self, node: s.Node) -> e.Expr:
        """Return an index: a letter, a number, or a letter plus a number."""
        if isinstance(node, s.Symbol | s.Scripted) and base_name(node) in self.survey.indexing:
            return self.expression(node)
        letter = letter_of(node)
        if letter is not None:
            if letter in self.letters or self.survey.klass(letter) is not None:
                if letter in self.survey.conflicts and letter not in self.letters:
                    first, second = self.survey.conflicts[letter]
                    raise Unread(
                        f"{letter} runs to {first} in one sum and to {second} in another",
                        node.span,
                        f"declare {letter} = 1, \\dots, {first}",
                    )
                return e.Letter(node.span, letter)
            if letter in self.survey.sizes:
                return e.Size(node.span, letter)
            raise Unread(f"the index {letter} has no range", node.span, f"declare {letter} = 1, \\dots, n")
        match node:
            case s.Number(span, text) if text.isdigit():
                return e.Num(span, float(text), text)
            case s.Terms(span, terms):
                parts = tuple(self.index(term) if sign == "+" else e.Neg(term.span, self.index(term)) for sign, term in terms)
                return parts[0] if len(parts) == 1 else e.Add(span, parts)
            case s.Fenced(_, _, body):
                return self.index(body)
        raise Unread("this index is not understood", node.span)

    def _class_of(self, index: e.Expr) -> str:
        if isinstance(index, e.Ref):
            return self.survey.indexing[index.name]
        letters = [part.name for part in e.walk(index) if isinstance(part, e.Letter)]
        classes = {self.klass(letter) or "?" for letter in letters}
        sizes = {part.name for part in e.walk(index) if isinstance(part, e.Size)}
        found = classes or sizes
        return found.pop() if len(found) == 1 else "?"

    def _scripted_bracket(self, node: s.Scripted) -> e.Expr:
        if node.primes:
            raise Unread("a prime upon brackets is not supported", node.span, "write \\frac{d}{dx}")
        base: e.Expr
        if isinstance(node.base, s.Fenced) and node.base.kind == "‖":
            base = e.Call(node.base.span, "norm", (self.expression(node.base.body),))
            words = full_name(node.sub) if node.sub is not None else "2"
            if words == "1":
                base = e.Call(node.base.span, "norm1", (self.expression(node.base.body),))
            elif words not in ("2", "F"):
                raise Unread(f"the norm with subscript {words} is not supported", node.span)
            return self.raised(base, node.sup, node)
        base = self.expression(node.base)
        if node.sub is not None:
            base = e.Pick(node.span, base, tuple(self.index(piece) for piece in pieces(node.sub)))
        return self.raised(base, node.sup, node)

    def raised(self, base: e.Expr, sup: tuple[s.Node, ...], node: s.Node) -> e.Expr:
        """Return `base` with its superscripts applied in order."""
        for part in sup:
            span = type(node.span)(node.span.start, part.span.end)
            if transposing(part):
                base = e.Transpose(span, base)
            elif isinstance(part, s.Symbol) and part.name == "T" and "T" not in self.local:
                base = e.Transpose(span, base, "T")
            elif isinstance(part, s.Sequence) and any(transposing(item) for item in part.items):
                raise Unread("this superscript is not understood", part.span, "write brackets")
            else:
                base = e.Pow(span, base, self.expression(part))
        return base

    # -- derivatives --------------------------------------------------------------------------------

    def _fraction(self, span: Span, over: s.Node, under: s.Node) -> e.Expr:
        found = derivative(self, over, under, span)
        if found is not None:
            body, wrt = found
            if body is None:
                raise Unread("a derivative of what? Nothing follows this operator", span)
            return e.Deriv(span, body, wrt)
        return e.Div(span, self.expression(over), self.expression(under))
