"""A relation as its ink says it: the members that it was read from, and what a piece of that ink means for its layer or step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bpdocs.diagnostic import Span
from bpdocs.edits.stock import FEW, Stock
from bpdocs.lines import Line
from bpdocs.measure.evaluate import Ambiguous
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.ink import MARK, is_label, letter_of, pieces, plain_letter, symbol_name
from bpdocs.notation.names import identify, split_raised
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.tokens import Unread
from bpdocs.notation.unroll import instance
from bpdocs.relations import statements_again


@dataclass(frozen=True)
class Side:
    """A member of a relation as written; `alone` says that its own ink reads the same as within the formula."""

    node: s.Node
    alone: bool


class View:
    """One line in the light of its scope."""

    def __init__(self, line: Line, stock: Stock) -> None:
        """Find how its letters are marked."""
        self.line, self.stock = line, stock
        function = stock.program.functions.get(line.defines) if line.kind == "definition" else None
        self.resolver = Resolver(stock.survey, {}, function.parameters if function is not None else ())
        parts = [part for side in (line.left, line.right) if side is not None for part in e.walk(side)]
        marked = next((name for part in parts if MARK in (name := _letter_in(part))), "")
        self.mark = marked.partition(MARK)[2].rstrip("'~")
        self._shapes: dict[s.Node, tuple[int, ...] | None] = {}

    @staticmethod
    def of(line: Line, stock: Stock) -> View:
        """Return the view of a line, the same one each time."""
        found = stock.views.get(id(line))
        if not isinstance(found, View) or found.line is not line:
            found = stock.views[id(line)] = View(line, stock)
        return found

    # -- ink and meaning ----------------------------------------------------------------------------

    @property
    def left(self) -> Side | None:
        """The left side, or None where it was not read from here: in a definition, behind a chain's name."""
        return self._sides[0]

    @property
    def right(self) -> Side | None:
        """The right side, or None where the line cannot be found in its ink."""
        return self._sides[1]

    @cached_property
    def _sides(self) -> tuple[Side | None, Side | None]:
        line = self.line
        members = _members(self._statements(line.formula.latex), line.span)
        if members is None or line.left is None or line.right is None or line.fault is not None:
            return None, None
        right = self._side(members[1], line.right, 1)
        return self._side(members[0], line.left, 0) if line.kind == "claim" and right is not None else None, right

    def _statements(self, latex: str) -> tuple[s.Node, ...]:
        try:
            return self.stock.parse(latex)
        except Unread:
            return ()

    def _side(self, node: s.Node, meant: e.Expr, place: int) -> Side | None:
        """Return a side if its ink means what the line says."""
        wanted = e.bare(meant)
        try:
            if e.bare(self.meaning(self.line.formula.latex[node.span.start : node.span.end])) == wanted:
                return Side(node, True)
        except Unread:
            pass
        try:
            return Side(node, False) if e.bare(self.within(self.line.formula.latex, self.line.span, place)) == wanted else None
        except Unread:
            return None

    def meaning(self, ink: str) -> e.Expr:
        """Return what a member's ink means by itself; raise Unread."""
        found = self.stock.parse(ink)
        if len(found) != 1:
            raise Unread("this is not one expression", Span(0, len(ink)))
        return self.expression(found[0])

    def within(self, latex: str, span: Span, place: int) -> e.Expr:
        """Return what the left (0) or right (1) member of the relation at `span` means within its formula; raise Unread."""
        members = _members(statements_again(self.line, latex, self.stock.context), span)
        if members is None:
            raise Unread("this relation is not there any more", span)
        return self.resolver.expression(members[place])

    def expression(self, node: s.Node) -> e.Expr:
        """Return what a piece of ink means for the line's layer or step; raise Unread."""
        return self.resolver.expression(self._instance(node))

    def _instance(self, node: s.Node) -> s.Node:
        if not self.stock.families:
            return node
        found = instance(node, dict(self.line.values), self.stock.families, self.stock.context.depths, self.mark)
        if found is None:
            raise Unread("there is no such layer or step", node.span)
        return found

    def uses_parameters(self, meant: e.Expr) -> bool:
        """Return whether a function's right side has all its parameters: without them it would not be read as a function."""
        return set(self.resolver.local) <= {part.name for part in e.walk(meant) if isinstance(part, e.Ref)}

    # -- what may stand here ------------------------------------------------------------------------

    def shape(self, node: s.Node) -> tuple[int, ...] | None:
        """Return the shape of what a piece of ink says (() for a number), or None where that is not known."""
        if node not in self._shapes:
            self._shapes[node] = self._shape(node)
        return self._shapes[node]

    def _shape(self, node: s.Node) -> tuple[int, ...] | None:
        evaluator = self.stock.evaluator
        try:
            found = self.expression(node)
            return () if evaluator is None or (isinstance(found, e.Ref) and found.indices) else evaluator.value(found, {}, {}).shape
        except (Unread, Mismatch, NotSupported, Ambiguous, KeyError):
            return None

    def klass(self, letter: str) -> str | None:
        """Return the class of an index letter in this line."""
        return (self.stock.survey.klass(f"{letter}{MARK}{self.mark}") if self.mark else None) or self.stock.survey.klass(letter)

    def free(self) -> tuple[str, ...]:
        """Return the letters that are free in the relation, those of its left side first."""
        sides = [side for side in (self.line.left, self.line.right) if side is not None]
        return tuple(dict.fromkeys(plain_letter(letter) for side in sides for letter in _free(side)))

    def letters(self, letter: str, around: tuple[str, ...]) -> list[str]:
        """Return other letters that may be written for `letter`: all of its class among those around it, a few of another."""
        klass = self.klass(letter)
        others = [other for other in dict.fromkeys(around) if other != letter and self.klass(other) is not None]
        foreign = [other for other in others if self.klass(other) != klass]
        return [other for other in others if other not in foreign] + foreign[:FEW]

    def others(self, node: s.Node) -> Iterator[tuple[s.Node, str]]:
        """Yield (what to replace, by which ink) for a symbol: quantities of its shape, those of the same relation first, a few of them."""
        base = node.base if isinstance(node, s.Scripted) else node
        try:
            plain = self._instance(s.Scripted(node.span, node.base, node.sub, _layers(node)) if isinstance(node, s.Scripted) else node)
            ref = self.resolver.expression(plain)
            mine = self.stock.program.find(ref) if isinstance(ref, e.Ref) else None
            name = identify(plain, self.stock.survey).name
        except Unread:
            return
        if mine is None or not isinstance(ref, e.Ref) or not isinstance(base, s.Symbol) or ref.name in self.resolver.local:
            return
        here = {part.name for side in (self.line.left, self.line.right) if side is not None for part in e.walk(side) if isinstance(part, e.Ref)}
        rest = name.removeprefix(symbol_name(base))
        whole = not ref.indices and not self.line.values and not (isinstance(node, s.Scripted) and (len(node.sup) > len(_layers(node)) or node.primes))
        inks, count = self.stock.inks, 0
        for other in sorted(self.stock.alike(mine, self.line), key=lambda other: other.name not in here):
            ink = inks.get(other.name.removesuffix(rest)) if other.name.endswith(rest) else None
            what: s.Node = base if ink is not None else node
            ink = ink or (inks.get(other.name) if whole else None)
            numbered = other.name in self.stock.context.instances and not rest  # the page does not write a layer's number out
            if ink is not None and not numbered and count < FEW:
                count += 1
                yield what, ink


def _members(statements: tuple[s.Node, ...] | list[s.Node], span: Span) -> tuple[s.Node, s.Node] | None:
    """Return the members of the relation that covers `span`."""
    for statement in statements:
        if isinstance(statement, s.Relations):
            left = [member for member in statement.members if member.span.start == span.start]
            right = [member for member in statement.members if member.span.end == span.end]
            if left and right and left[0] is not right[0]:
                return left[0], right[0]
    return None


def _layers(node: s.Scripted) -> tuple[s.Node, ...]:
    """Return the superscripts that belong to a name."""
    return tuple(part for part in split_raised(node.sup) if isinstance(part, s.Fenced) or (isinstance(part, s.Operator) and part.name in ("*", "·")))


def _letter_in(part: e.Expr) -> str:
    return part.name if isinstance(part, e.Letter) else part.letter if isinstance(part, e.Bind) else ""


def _free(expr: e.Expr) -> list[str]:
    match expr:
        case e.Letter(_, name):
            return [name]
        case e.Bind(_, _, letter):
            return [name for part in e.parts(expr) for name in _free(part) if name != letter]
        case _:
            return [name for part in e.parts(expr) for name in _free(part)]


def letters_of(node: s.Scripted) -> list[tuple[s.Node, str]]:
    """Return the index letters of a symbol with their ink."""
    return [(piece, letter) for piece in pieces(node.sub) if not is_label(piece) and (letter := letter_of(piece))]
