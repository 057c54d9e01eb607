"""The program that a page's definitions form: quantities, what each depends on, and what a name refers to."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation.ink import MARK, plain_letter
from bpdocs.notation.operators import known
from bpdocs.notation.survey import Survey
from bpdocs.notation.tokens import Unread

Key = tuple[str, tuple[str, ...] | None]


@dataclass(frozen=True)
class Quantity:
    """A quantity: an input (no body) or a definition; `signature` is None where its shape shows only when it is computed."""

    name: str
    signature: tuple[str, ...] | None
    letters: tuple[str, ...] = ()
    body: e.Expr | None = None
    place: int = -1

    @property
    def key(self) -> Key:
        """What tells it from quantities of the same name."""
        return self.name, self.signature


@dataclass(frozen=True)
class Function:
    """A function that the page defines."""

    name: str
    parameters: tuple[str, ...]
    body: e.Expr


@dataclass
class Program:
    """Definitions in the light of a survey; `find` says which quantity a reference means."""

    survey: Survey
    quantities: dict[str, list[Quantity]] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    _ancestors: dict[Key, frozenset[Key]] = field(default_factory=dict)
    _applied: dict[str, tuple[Function, frozenset[str]]] = field(default_factory=dict)

    def define(self, quantity: Quantity) -> None:
        """Add a definition, in place of one of the same key from outside."""
        mine = self.quantities.setdefault(quantity.name, [])
        if quantity.signature is None:
            mine.clear()
        mine[:] = [other for other in mine if other.signature != quantity.signature and other.signature is not None]
        mine.append(quantity)
        self._ancestors.clear()

    def forget(self) -> None:
        """Drop what was derived from the quantities, as some of them have changed."""
        self._ancestors.clear()

    def input(self, name: str, signature: tuple[str, ...]) -> None:
        """Add an input, unless the name is known with this signature."""
        mine = self.quantities.setdefault(name, [])
        if not any(other.signature == signature or other.signature is None for other in mine):
            mine.append(Quantity(name, signature))
            self._ancestors.clear()

    def find(self, ref: e.Ref) -> Quantity:
        """Return the quantity that a reference means; raise Unread if there is none, or more than one."""
        candidates = self.quantities.get(ref.name, [])
        if not candidates:
            raise self.unknown(ref.name, ref.span)
        if ref.indices:
            row = len(ref.indices) == 1 and isinstance(ref.indices[0], e.Ref)
            fitting = [q for q in candidates if q.signature is None or _fits(q.signature[:1] if row else q.signature, ref.signature)]
            if not fitting and len(candidates) == 1 and any(MARK in index.name for index in ref.indices if isinstance(index, e.Letter)):
                return candidates[0]  # of one layer there is one: that the index is another's shows in the widths
            if not fitting:
                have = " or ".join(self.shown(q) for q in candidates)
                raise Unread(f"{self._written(ref)} is defined nowhere on this page; there is {have}", ref.span, self._likely(ref, candidates))
        else:
            fitting = [q for q in candidates if q.signature == ref.signature] if ref.signature else candidates
        if len(fitting) > 1:
            raise Unread(f"which {ref.name}? There are {' and '.join(self.shown(q) for q in fitting)}", ref.span, "write its indices")
        if not fitting:
            raise self.unknown(ref.name, ref.span)
        return fitting[0]

    def shown(self, quantity: Quantity) -> str:
        """Return a quantity with its indices, for people."""
        letters = self.letters(quantity)
        return f"{quantity.name}_{{{''.join(letters)}}}" if letters else quantity.name

    def letters(self, quantity: Quantity) -> tuple[str, ...]:
        """Return the letters of a quantity's places, for people: those it is defined with, else any of the page's."""
        return quantity.letters or tuple(self._letter(klass) for klass in quantity.signature or ())

    def _letter(self, klass: str) -> str:
        return next((letter for letter, found in self.survey.ranges.items() if found == klass), klass)

    def _likely(self, ref: e.Ref, candidates: list[Quantity]) -> str:
        letters = [part.name for part in ref.indices if isinstance(part, e.Letter)]
        for quantity in candidates:
            if quantity.signature and sorted(quantity.signature) == sorted(ref.signature) and len(letters) == len(ref.indices):
                order = {klass: letter for klass, letter in zip(ref.signature, letters, strict=True)}
                return f"did you mean {ref.name}_{{{''.join(order[klass] for klass in quantity.signature)}}}?"
        alike = [quantity for quantity in candidates if len(quantity.signature or ()) == len(ref.indices)]
        return f"did you mean {self.shown(alike[0])}?" if len(alike) == 1 else ""

    def _written(self, ref: e.Ref) -> str:
        """Return a reference with its indices, for people; what is no letter or number is shown by the range it runs over."""
        pairs = zip(ref.indices, ref.signature, strict=True)
        return f"{ref.name}_{{{''.join(getattr(index, 'name', '') or getattr(index, 'text', '') or klass.lstrip('#') for index, klass in pairs)}}}"

    def unknown(self, name: str, span: Span) -> Unread:
        """Return the complaint about a name that is defined nowhere, with the nearest that is."""
        every = [*self.quantities, *self.survey.functions, *self.survey.sizes, *self.survey.ranges]
        names = [other for other in every if plain_letter(other) != plain_letter(name)]
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        base = name.split("_")[0].split("^")[0]
        near = near or [other for other in names if other.split("_")[0].split("^")[0] == base][:1]
        if name in self.survey.functions:
            return Unread(f"{name} is a function: {name} of what?", span, f"write {name}(…)")
        return Unread(
            f"{name} is defined nowhere on this page",
            span,
            f"did you mean {near[0]}?" if near else f"define it with :=, or declare it: {name} \\in \\mathbb{{R}}",
        )

    # -- what depends on what -----------------------------------------------------------------------

    def references(self, expr: e.Expr, local: tuple[str, ...] = ()) -> list[Quantity]:
        """Return the quantities that an expression reads, directly or through functions of the page."""
        out: list[Quantity] = []
        seen: set[str] = set()

        def visit(node: e.Expr, local: tuple[str, ...]) -> None:
            if isinstance(node, e.Ref):
                if node.name not in local:
                    out.append(self.find(node))
            elif isinstance(node, e.Apply) and node.name in seen:
                raise Unread(f"{node.name} is defined by itself", node.span)
            elif isinstance(node, e.Apply) and node.name in self.functions:
                seen.add(node.name)
                visit(self.functions[node.name].body, (*local, *self.functions[node.name].parameters))
                seen.discard(node.name)
            elif isinstance(node, e.Apply) and node.name not in self.survey.functions and known(node.name) is None:
                raise self.unknown(node.name, node.span)
            for part in e.parts(node):
                visit(part, local)
            if isinstance(node, e.At):
                for name, _ in node.replaced:
                    visit(e.Ref(node.span, name), local)

        visit(expr, local)
        return out

    def ancestors(self, key: Key, trail: tuple[Key, ...] = ()) -> frozenset[Key]:
        """Return the keys of everything that a quantity is computed from, itself included; raise Unread for a cycle."""
        if key in self._ancestors:
            return self._ancestors[key]
        quantity = next(q for q in self.quantities[key[0]] if q.key == key)
        found = {key}
        if quantity.body is not None:
            if key in trail:
                raise Unread(
                    f"{quantity.name} is defined by itself: " + " → ".join(name for name, _ in (*trail[trail.index(key) :], key)),
                    quantity.body.span,
                )
            for other in self.references(quantity.body):
                found |= self.ancestors(other.key, (*trail, key))
        self._ancestors[key] = frozenset(found)
        return self._ancestors[key]

    def function(self, name: str, span: Span) -> Function | None:
        """Return a function that the page defines, or None; raise Unread for one that is defined by itself."""
        found = self.functions.get(name)
        if found is None:
            return None
        seen, waiting = set[str](), [name]
        while waiting:
            for other in self._applications(waiting.pop()) - seen:
                if other == name:
                    raise Unread(f"{name} is defined by itself", span)
                seen.add(other)
                waiting.append(other)
        return found

    def _applications(self, name: str) -> frozenset[str]:
        """Return the functions of the page that the body of one applies."""
        function = self.functions[name]
        known = self._applied.get(name)
        if known is None or known[0] is not function:
            names = frozenset(part.name for part in e.walk(function.body) if isinstance(part, e.Apply) and part.name in self.functions)
            known = self._applied[name] = function, names
        return known[1]

    def reached(self, expr: e.Expr) -> frozenset[Key]:
        """Return the keys of all that an expression depends on."""
        return frozenset().union(*(self.ancestors(quantity.key) for quantity in self.references(expr)), frozenset())

    def names(self, expr: e.Expr) -> set[str]:
        """Return the names of all quantities and functions that an expression depends on."""
        found: set[str] = set()
        try:
            keys = self.reached(expr)
        except Unread:
            keys = frozenset()
        bodies = [expr, *(q.body for key in keys for q in self.quantities[key[0]] if q.key == key and q.body is not None)]
        seen: set[str] = set()
        while bodies:
            for part in e.walk(bodies.pop()):
                if isinstance(part, e.Ref | e.Apply):
                    found.add(part.name)
                    if part.name in self.functions and part.name not in seen:
                        seen.add(part.name)
                        bodies.append(self.functions[part.name].body)
        return found

    def copy(self, survey: Survey) -> Program:
        """Return a program for an inner scope."""
        return Program(survey, {name: list(found) for name, found in self.quantities.items()}, dict(self.functions))


def _fits(have: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    return len(have) == len(wanted) and all(a == b or b == "?" for a, b in zip(have, wanted, strict=True))
