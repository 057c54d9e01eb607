"""Single edits of a relation's LaTeX: the errors that people make, and therefore the mends of errors that they made.

An edit is made in the ink and read again, so that what a mutant says is what its LaTeX says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpdocs.diagnostic import Span
from bpdocs.edits import products, symbols
from bpdocs.edits.change import Changes, Site
from bpdocs.edits.place import Place, places
from bpdocs.edits.reread import read_again, reread
from bpdocs.edits.stock import Stock
from bpdocs.edits.view import View
from bpdocs.lines import Line
from bpdocs.notation import syntax as s

__all__ = ["OPERATORS", "Edit", "Operator", "Stock", "edits", "read_again", "reread"]


@dataclass(frozen=True)
class Operator:
    """A kind of error: its name, what makes it, and the words that say it as a mend ("agrees …")."""

    name: str
    changes: Changes
    words: str


OPERATORS = (
    Operator("sign", products.signs, "with {now} before {was}"),
    Operator("prime", symbols.dropped_primes, "without the prime of {was}"),
    Operator("add prime", symbols.added_primes, "with a prime at {was}"),
    Operator("transpose", symbols.dropped_transposes, "without the transpose of {was}"),
    Operator("add transpose", symbols.added_transposes, "with {was} transposed"),
    Operator("transpose derivative", symbols.transposed_derivatives, "with {was} transposed"),
    Operator("swap index", symbols.swapped_indices, "with {now} for {was}"),
    Operator("rename index", symbols.renamed_indices, "with {now} for {was}"),
    Operator("shift index", symbols.shifted_indices, "with {now} for {was}"),
    Operator("shift layer", symbols.shifted_layers, "with {now} for {was}"),
    Operator("factor", products.factors, "without the factor {was}"),
    Operator("drop term", products.terms, "without the term {was}"),
    Operator("sum", products.sums, "without {was}"),
    Operator("drop power", symbols.dropped_powers, "without the power {was}"),
    Operator("power", symbols.changed_powers, "with the power {now} for {was}"),
    Operator("constant", products.constants, "with {now} for {was}"),
    Operator("product", products.matrix_products, "with the matrix product for {was}"),
    Operator("elementwise", products.elementwise, "with an elementwise product in {was}"),
    Operator("order", products.orders, "with {now} for {was}"),
    Operator("chain order", products.chain_orders, "with {now} for {was}"),
    Operator("derivative", products.derivatives, "with {was} upside down"),
    Operator("drop function", symbols.dropped_functions, "without {was}"),
    Operator("function", symbols.other_functions, "with {now} for {was}"),
    Operator("bound", products.bounds, "with {now} for {was}"),
    Operator("condition", products.conditions, "with {now} for {was}"),
    Operator("symbol", symbols.other_symbols, "with {now} for {was}"),
)


@dataclass(frozen=True)
class Edit:
    """A new text for the stretch `span` of a formula's LaTeX; `words` says what it does, as a mend."""

    operator: str
    span: Span
    text: str
    words: str


def edits(line: Line, stock: Stock) -> Iterator[Edit]:
    """Yield the single edits of one relation (both sides of a claim, the right side of a definition), operator by operator."""
    view = View.of(line, stock)
    sides = [side.node for side in (view.left, view.right) if side is not None]
    if not sides:
        return
    source = line.formula.latex
    whole = Place(s.Relations(line.span, tuple(sides), ("=",) * (len(sides) - 1)), source, "statement")
    found = list(places(whole, stock))
    seen: set[tuple[int, int, str]] = set()
    for operator in OPERATORS:
        for place in found:
            for change in operator.changes(Site(place, view)):
                span = change.span
                key = (span.start, span.end, change.text)
                inside = any(side.span.start <= span.start and span.end <= side.span.end for side in sides)
                if inside and key not in seen and source[span.start : span.end] != change.text:
                    seen.add(key)
                    yield Edit(operator.name, span, change.text, operator.words.format(was=_plain(change.was), now=_plain(change.now)))


def _plain(ink: str) -> str:
    return " ".join(ink.split())
