r"""From a formula as written to what it means on this page.

The page's survey says what each symbol is; what people read two ways becomes an `Either`, and what is not understood is `Unread`, by name.
"""

from __future__ import annotations

from bpdocs.budget import spend
from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.conditions import branch, condition, conditional, evaluated, full_indicator, indicator, opened
from bpdocs.notation.convention import array_or_set
from bpdocs.notation.derivatives import derivative, differentiated
from bpdocs.notation.ink import BIG, full_name, is_size, pieces, symbol_name
from bpdocs.notation.names import Named, identify
from bpdocs.notation.operators import CONSTANTS, UNSUPPORTED, known
from bpdocs.notation.product import Product
from bpdocs.notation.scripts import index, raised, scripted_bracket
from bpdocs.notation.survey import Survey
from bpdocs.notation.tokens import Unread
from bpdocs.notation.vocabulary import SYMBOLS

_DELIMITERS = {"⌊": "rounding down", "⌈": "rounding up", "⟨": "an expression in angle brackets", "{": "a set"}


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
        spend()
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
            case s.Family(span, letter, low, high, body, way):
                return self._family(span, letter, low, high, body, way)
            case s.Dots(span):
                return self.unsupported("a row of dots whose pattern is not clear", span, (), "write the sum with \\sum")
            case s.Words(span, text):
                raise Unread(f"“{text}” is prose inside an expression", span, "put it outside of the formula")
            case s.Empty(span):
                raise Unread("something is missing here", span)
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
                out.append(self.unsupported("±", span, (self.expression(term),), "write the two formulas"))
                continue
            value = self.expression(term)
            out.append(value if sign == "+" else e.Neg(term.span, value))
        return out[0] if len(out) == 1 else e.Add(span, tuple(out))

    def _fenced(self, span: Span, kind: str, body: s.Node) -> e.Expr:
        if kind in ("(", "[", "{"):
            if isinstance(body, s.Listed):
                return e.Array(span, tuple((self.expression(item),) for item in body.items))
            if conditional(body) and kind == "[":
                return indicator(self, span, body)
            if self.survey.foreign and isinstance(body, s.Relations):
                return self.loosely(body)
            return self.expression(body)
        if kind == "|" and self.survey.foreign and array_or_set(body):
            return e.Unsupported(span, "bars around an array or a set", (self.expression(body),))
        if kind == "|":
            return e.Call(span, "abs", (self.expression(body),))
        if kind == "‖":
            return e.Call(span, "norm", (self.expression(body),))
        if kind == "⟨" and isinstance(body, s.Listed) and len(body.items) == 2:
            return e.Mul(span, self.expression(body.items[0]), self.expression(body.items[1]), "·")
        return self.unsupported(f"{_DELIMITERS.get(kind, kind)}", span, (self.loosely(body),))

    def _family(self, span: Span, letter: str, low: s.Node, high: s.Node, body: s.Node, way: str) -> e.Expr:
        """Return the column or row that dots stand for."""
        klass = full_name(high)
        if not (isinstance(low, s.Number) and low.text == "1" and is_size(high)):
            parts = (self.expression(low), self.expression(high), self.inside(letter, f"#{letter}").expression(body))
            return self.unsupported("a row of dots that does not run from 1 to a width", span, parts)
        return e.Family(span, letter, klass, self.inside(letter, klass).expression(body), way)

    def _matrix(self, span: Span, kind: str, rows: tuple[tuple[s.Node, ...], ...]) -> e.Expr:
        if kind.endswith("cases"):
            return e.Cases(span, tuple(branch(self, row, span) for row in rows))
        if kind in ("vmatrix", "Vmatrix"):
            return self.unsupported("a determinant", span, tuple(self.expression(cell) for row in rows for cell in row))
        if kind not in ("pmatrix", "bmatrix", "Bmatrix", "matrix", "smallmatrix", "array"):
            raise Unread(f"the environment {kind} is not supported", span)
        rows = tuple(tuple(row[0].items) if len(row) == 1 and isinstance(row[0], s.Listed) else row for row in rows)
        if len({len(row) for row in rows}) != 1:
            return self.unsupported("a matrix whose rows differ in length", span, tuple(self.loosely(cell) for row in rows for cell in row))
        return e.Array(span, tuple(tuple(self.expression(cell) for cell in row) for row in rows))

    def condition(self, node: s.Node) -> e.Compare:
        """Return a condition between two numbers, or several that hold together."""
        return condition(self, node)

    def evaluated(self, body: e.Expr, where: s.Node, span: Span) -> e.Expr:
        """Return `body` at the foot of an evaluation bar."""
        return evaluated(self, body, where, span)

    def unsupported(self, what: str, span: Span, parts: tuple[e.Expr, ...] = (), suggestion: str = "") -> e.Expr:
        """Return what a foreign text says and nothing here computes; on a page that is checked, raise Unread by its name."""
        if not self.survey.foreign:
            raise Unread(f"{what} is not supported", span, suggestion)
        return e.Unsupported(span, what, parts)

    def loosely(self, node: s.Node) -> e.Expr:
        """Return what stands in a list, a relation or prose of a foreign text; an expression is read as everywhere."""
        match node:
            case s.Relations(span, members, relations) if self.survey.foreign:
                return e.Unsupported(span, f"a relation {' '.join(relations)}", tuple(self.loosely(member) for member in members))
            case s.Listed(span, items) if self.survey.foreign:
                return e.Unsupported(span, "a list", tuple(self.loosely(item) for item in items))
            case s.Words(span, text, maths) if self.survey.foreign:
                return e.Unsupported(span, f"“{text}”", tuple(self.loosely(item) for item in maths))
            case s.Empty(span) if self.survey.foreign:
                return e.Unsupported(span, "nothing")
            case s.Fenced(_, _, s.Listed() | s.Relations() as body) if self.survey.foreign:
                return self.loosely(body)
            case s.Operator(span, name) if self.survey.foreign:
                return e.Unsupported(span, name)
            case _:
                return self.expression(node)

    # -- symbols ------------------------------------------------------------------------------------

    def scripted(self, node: s.Node) -> e.Expr:
        """Return what a symbol, or a bracket, with its scripts means."""
        if isinstance(node, s.Scripted) and not isinstance(node.base, s.Symbol | s.Scripted):
            return scripted_bracket(self, node)
        if isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol) and node.base.name in BIG and node.base.name in (r"\sum", r"\prod"):
            raise Unread(f"{node.base.name} has nothing to work on", node.span)
        if isinstance(node, s.Symbol):
            self.supported(node)
            if node.font and node.name in ("1", "0"):
                return self._ones(node, None)
        elif isinstance(node, s.Scripted) and isinstance(node.base, s.Symbol):
            if full_indicator(node.base) and node.sub is not None and not node.sup and conditional(opened(node.sub)):
                return indicator(self, node.span, opened(node.sub))
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
        if name in (r"\partial", r"\nabla") and not self.survey.is_quantity(name):
            raise Unread(f"this {'∂' if name == chr(92) + 'partial' else '∇'} is no part of a derivative", node.span, "write \\frac{\\partial a}{\\partial b}")
        if self.survey.foreign and node.name.startswith("\\") and node.name[1:].isalpha() and node.name not in SYMBOLS | UNSUPPORTED.keys() and known(node.name) is None:
            raise Unread(f"{node.name} is not known", node.span, "write it with a command that is")
        if name in UNSUPPORTED and not self.survey.foreign and not self.survey.is_quantity(name) and not self.survey.is_function(name):
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
        return index(self, node)

    def _class_of(self, index: e.Expr) -> str:
        if isinstance(index, e.Ref):
            return self.survey.indexing.get(index.name, "?")
        letters = [part.name for part in e.walk(index) if isinstance(part, e.Letter)]
        classes = {self.klass(letter) or "?" for letter in letters}
        sizes = {part.name for part in e.walk(index) if isinstance(part, e.Size)}
        found = classes or sizes
        return found.pop() if len(found) == 1 else "?"

    def raised(self, base: e.Expr, sup: tuple[s.Node, ...], node: s.Node) -> e.Expr:
        """Return `base` with its superscripts applied in order."""
        return raised(self, base, sup, node)

    # -- derivatives --------------------------------------------------------------------------------

    def _fraction(self, span: Span, over: s.Node, under: s.Node) -> e.Expr:
        found = derivative(self, over, under, span)
        if found is None:
            return e.Div(span, self.expression(over), self.expression(under))
        if found.body is None:
            return self.unsupported("an operator ∂/∂x that works on nothing", span, found.wrt, "write what it differentiates behind it")
        return found.over(differentiated(self, span, found.body, found.wrt))
