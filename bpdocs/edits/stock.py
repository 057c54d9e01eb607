"""What a scope has that an error may put in the place of another: quantities by their shapes, how names are written, functions, widths."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property, lru_cache

from bpdocs.budget import OVER, why
from bpdocs.diagnostic import Span
from bpdocs.lines import Context, Line
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.families import names_in
from bpdocs.notation.ink import BIG, MARK, full_name, letter_of, pieces, symbol_name
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.tokens import Macro, Unread
from bpdocs.program import Quantity

FEW = 2  # others for one symbol: on a page of twenty numbers, all of them would drown the rest


@lru_cache(maxsize=64)  # one edit is read again for every layer
def _parsed(latex: str, macros: tuple[tuple[str, Macro], ...], names: tuple[str, ...]) -> tuple[s.Node, ...] | Unread:
    try:
        return tuple(parse(latex, dict(macros), names))
    except Unread as fault:
        return fault
    except OVER as fault:
        return why(fault)


class Stock:
    """A scope's symbols; shapes are those that the quantities have at a point."""

    def __init__(self, context: Context, evaluator: Evaluator | None) -> None:
        """Keep both; nothing is looked up before it is asked for."""
        self.context, self.survey, self.program, self.families = context, context.survey, context.program, context.families
        self.evaluator = evaluator
        self.views: dict[int, object] = {}
        self._macros = tuple(context.macros.items())

    def parse(self, latex: str) -> tuple[s.Node, ...]:
        """Return the statements of a formula, read with the page's macros and names; raise Unread."""
        found = _parsed(latex, self._macros, self.survey.settings.names)
        if isinstance(found, Unread):
            raise found
        return found

    # -- quantities ---------------------------------------------------------------------------------

    @cached_property
    def inks(self) -> dict[str, str]:
        """How the page writes each name, and each symbol that names begin with."""
        found: dict[str, str] = {}
        for node in self.survey.nodes():
            base = node.base if isinstance(node, s.Scripted) else node
            if not isinstance(base, s.Symbol) or base.name in BIG or MARK in base.name:
                continue
            if isinstance(node, s.Symbol):
                found.setdefault(symbol_name(node), written(node))
            elif isinstance(node, s.Scripted) and not node.primes and not any(MARK in part.name for part in s.walk(node) if isinstance(part, s.Symbol)):
                found.setdefault(full_name(node), written(node))
        return found

    def alike(self, mine: Quantity, line: Line) -> Iterator[Quantity]:
        """Yield the quantities that are shaped as one is and may stand for it without a circle."""
        extent = self._extent(mine)
        for many in self.program.quantities.values():
            for other in many:
                known = mine.signature is not None and other.signature is not None
                if other.name == mine.name or other.name in self.program.functions or (known and other.signature != mine.signature):
                    continue
                if extent is not None and self._extent(other) == extent and not self._rests_on(other, line):
                    yield other

    def _extent(self, quantity: Quantity) -> tuple[str, ...] | tuple[int, ...] | None:
        """Return what two quantities must share to stand for one another: their shape, or else their classes."""
        try:
            return self.evaluator.quantity(quantity).shape if self.evaluator is not None else quantity.signature
        except (Unread, Mismatch, NotSupported, Ambiguous, KeyError):
            return None

    def _rests_on(self, quantity: Quantity, line: Line) -> bool:
        """Return whether a quantity is computed from what the line defines: in its definition that would be a circle."""
        try:
            return line.kind == "definition" and any(name == line.defines for name, _ in self.program.ancestors(quantity.key))
        except Unread:
            return True

    def moves(self, head: s.Node, brackets: s.Node) -> bool:
        """Return whether a quantity with brackets behind it is that quantity at another point: J(w + ε)."""
        try:
            return isinstance(Resolver(self.survey).expression(s.Sequence(Span(head.span.start, brackets.span.end), (head, brackets))), e.At | e.Apply)
        except Unread:
            return False

    def exists(self, name: str) -> bool:
        """Return whether a name stands for a quantity."""
        return bool(self.program.quantities.get(name))

    # -- widths, steps, functions -------------------------------------------------------------------

    @cached_property
    def widths(self) -> list[str]:
        """The widths that are written as one letter."""
        return sorted(size for size in self.survey.sizes if (len(size) == 1 or size.startswith("\\")) and size not in self.families.tops)

    def counts(self, node: s.Node) -> bool:
        """Return whether a script numbers layers or steps: l, l-1, L."""
        names = names_in(node)
        return bool(names) and names <= {*self.families.letters, *self.families.tops}

    @cached_property
    def stepped(self) -> frozenset[str]:
        """The index letters that the page writes with a step: the i of x_{i+1}."""
        found = (piece.terms[0][1] for node in self.survey.nodes() if isinstance(node, s.Scripted) for piece in pieces(node.sub) if isinstance(piece, s.Terms))
        return frozenset(letter.partition(MARK)[0] for first in found if (letter := letter_of(first)))

    def functions(self, name: str) -> list[str]:
        """Return how other functions of the page with as many arguments are written, a few of them."""
        arity = self.arity(name)
        others = sorted(other for other in self.survey.functions if other != name and self.arity(other) == arity and other in self.inks)
        return [self.inks[other] for other in others[:FEW]]

    def arity(self, name: str) -> int:
        """Return how many arguments a function of the page takes."""
        function = self.program.functions.get(name)
        signature = self.survey.signatures.get(name)
        return len(function.parameters) if function else len(signature[0]) if signature else 1


def written(node: s.Node) -> str:
    r"""Return LaTeX for a symbol with its labels and indices, as people write it: `\mathrm{net}_k`."""
    match node:
        case s.Symbol(_, name, font):
            return f"{font}{{{name}}}" if font else name
        case s.Number(_, text):
            return text
        case s.Words(_, text):
            return rf"\text{{{text}}}"
        case s.Operator(_, name):
            return {"·": "*"}.get(name, name)
        case s.Fenced(_, kind, body):
            return written(body) if kind == "group" else f"({written(body)})"
        case s.Listed(_, items):
            return ", ".join(map(written, items))
        case s.Terms(_, terms):
            return "".join((sign if place or sign == "-" else "") + written(term) for place, (sign, term) in enumerate(terms))
        case s.Sequence(_, items):
            return " ".join(map(written, items))
        case s.Scripted(_, base, sub, sup, primes):
            raised = "".join(f"^{{{written(part)}}}" for part in sup)
            return written(base) + "'" * primes + (f"_{{{written(sub)}}}" if sub is not None else "") + raised
        case _:
            return ""
