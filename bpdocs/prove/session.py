"""What is kept for one context: its program as polynomials, what its definitions and assumptions say, and the comparison itself."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import product
from math import prod

from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.program import Key
from bpdocs.prove import functions, quantities, remainder, sums
from bpdocs.prove.decide import has_bars, innermost, vanishes
from bpdocs.prove.meaning import Meaning
from bpdocs.prove.rebuild import Source, transform
from bpdocs.prove.ring import LIMIT, Light, Ring
from bpdocs.prove.shapes import LOOSE, Shape, common
from bpdocs.prove.state import Around, Demand, Place
from bpdocs.prove.table import Frozen, Index, Leaf, Number, Poly, Unproved
from bpdocs.relations import Context

_KEPT = 4
_ATOMS = 200_000
_CASES = 64
_VALUES = 16
_SIGNS = 4
_sessions: list[Session] = []


def session_of(context: Context) -> Session:
    """Return the session of a context, from among the last few."""
    for found in _sessions:
        if found.program is context.program and found.assumptions is context.assumptions and len(found.ring.table.kind) < _ATOMS:
            found.ring.left, found.ring.depth = LIMIT, 0
            return found
    fresh = Session(context)
    _sessions.insert(0, fresh)
    del _sessions[_KEPT:]
    return fresh


class Session:
    """One context, ready to compare."""

    def __init__(self, context: Context) -> None:
        self.program, self.assumptions, self.survey = context.program, context.assumptions, context.survey
        self.ring = Ring()
        self.meaning = Meaning(context.program, self.ring)
        self.replaced: list[tuple[Leaf, Source]] = []
        self.rules: dict[int, tuple[Place, Poly]] = {}
        self.powers: dict[Key, tuple[int, dict[int, Number]]] = {}
        self._real: set[int] | None = None
        for name, values in context.survey.choices.items():
            for quantity in context.program.quantities.get(name, []):
                if quantity.body is None:
                    self._few(quantity.key, values)
        self.meaning.few = Light(powers=dict(self.powers))
        for left, relation, right in context.assumptions:
            try:
                self._assume(left, relation, right)
            except (Unproved, Unread):
                continue

    # -- comparing ----------------------------------------------------------------------------------

    def compare(self, left: e.Expr, right: e.Expr, *, same_letters: bool) -> str:
        """Return why two expressions are not proved equal, or nothing if they are."""
        remainders = remainder.orders(left, right)
        if remainders and not same_letters:
            left, right = remainder.without(left), remainder.without(right)
        ours, theirs = free_letters(left), free_letters(right)
        if same_letters and ours != theirs:
            return "the free indices differ"
        around = Around(closed=False)
        free = {name: self.meaning.letter(name, around) for name in sorted(ours | theirs)}
        a, b = self.meaning.shape(left, around), self.meaning.shape(right, around)
        if len(a) != len(b):
            zero, other, shape = (left, right, b) if not a else (right, left, a)
            if same_letters or (a and b) or self.meaning.entry(zero, (), around):
                return "the shapes differ"
            return self._equal(other, None, shape, free, remainders)
        return self._equal(left, right, common(a, b), free, remainders)

    def _equal(self, left: e.Expr, right: e.Expr | None, shape: Shape, free: dict[str, Index], remainders: list[e.Order]) -> str:
        """Return why two expressions differ somewhere; each class of a printed width is gone through place by place."""
        axes: dict[str, Index] = {f"@{place}": (1, f"@{place}", klass) for place, klass in enumerate(shape) if klass != LOOSE}
        numbered = {name: index for name, index in {**free, **axes}.items() if index[2].isdigit()}
        choices = list(product(*(range(1, int(index[2]) + 1) for index in numbered.values())))
        if len(choices) > _CASES:
            raise Unproved("too many entries")
        for choice in choices:
            fixed: dict[str, Index] = {name: (0, place, index[2]) for (name, index), place in zip(numbered.items(), choice, strict=True)}
            at = tuple(fixed.get(f"@{place}", axes.get(f"@{place}", (0, 1, "1"))) for place in range(len(shape)))
            around = Around(letters={name: fixed.get(name, index) for name, index in free.items()}, closed=False)
            self.meaning.demands = []
            gap = self.meaning.entry(left, at, around)
            if right is not None:
                gap = self.ring.minus(gap, self.meaning.entry(right, at, around))
            if remainders:
                rest, demands = remainder.small(self.meaning, gap, self.meaning.demands, remainders)
                if reason := next((why for part in rest or [{}] if (why := self._holds(part, demands))), ""):
                    return reason
                continue
            reason = self._holds(gap, self.meaning.demands)
            if reason and not self._holds_by_cases(gap, self.meaning.demands):
                return reason
        return ""

    def _holds(self, gap: Poly, demands: list[Demand]) -> str:
        """Return why a difference is not proved to be zero where the definitions have values, or nothing."""
        if not all(map(self._granted, demands)):
            return "a root, a logarithm or a quotient that may have no value"
        return "" if self._zero(gap) else "does not reduce to zero"

    def _holds_by_cases(self, gap: Poly, demands: list[Demand]) -> bool:
        """Return whether it is zero for each of the few values that some numbers have."""
        leaves = self.ring.leaves(gap).union(*(self.ring.leaves(poly) for _, poly in demands))
        few = [(leaf, self.survey.choices[leaf[1][0]]) for leaf in sorted(leaves) if leaf[0] == "q" and leaf[1][1] == () and leaf[1][0] in self.survey.choices]
        if not few or prod(len(values) for _, values in few) > _VALUES:
            return False
        for choice in product(*(values for _, values in few)):
            fixed: dict[Leaf, Source] = {leaf: partial(_constant, self.ring.number(Fraction(value))) for (leaf, _), value in zip(few, choice, strict=True)}
            if self._holds(self.ring.replace(gap, fixed), [(kind, self.ring.replace(poly, fixed)) for kind, poly in demands]):
                return False
        return True

    def _zero(self, gap: Poly) -> bool:
        if vanishes(self.ring, gap):
            return True
        if self.replaced or self.rules or self.powers:
            for leaf, source in self.replaced:
                gap = self.ring.replace(gap, {leaf: source})
            gap = self._anew(gap, Light(self.rules, self.powers))
            if vanishes(self.ring, gap):
                return True
        return self._zero_either_way(gap, set())

    def _zero_either_way(self, gap: Poly, branch: set[Frozen]) -> bool:
        """Return whether a difference is zero for either sign of what stands between bars."""
        inner = innermost(self.ring, gap)
        if inner is None or len(branch) >= _SIGNS:
            return False
        for unit in (1, -1):
            case = branch | {functions.scaled(self.ring, self.ring.scale(inner, unit))}
            left = self._anew(gap, Light(self.rules, self.powers, case))
            if not vanishes(self.ring, left) and not self._zero_either_way(left, case):
                return False
        return True

    def _anew(self, poly: Poly, light: Light) -> Poly:
        """Return a polynomial made anew in the light of what is assumed."""
        with self.ring.lit(light):
            return transform(self.ring, poly, {}, {}, everything=True)

    # -- where it holds -----------------------------------------------------------------------------

    def _granted(self, demand: Demand) -> bool:
        """Return whether something is positive surely, or because a definition has no value elsewhere."""
        kind, poly = demand
        if not poly:
            return False
        if kind == "nonzero":
            return self._nowhere_constant(poly, set())
        if functions.positive(self.ring, poly):
            return True
        if self._real is None:
            self._real = self._from_definitions()
        return functions.generalised(self.ring, poly) in self._real

    def _nowhere_constant(self, poly: Poly, branch: set[Frozen]) -> bool:
        """Return whether what must not be zero is not so for a whole range of inputs, as u + |u| is."""
        if not poly:
            return False
        inner = innermost(self.ring, poly)
        if inner is None:
            return not has_bars(self.ring, poly)
        if len(branch) >= _SIGNS:
            return False
        cases = [branch | {functions.scaled(self.ring, self.ring.scale(inner, unit))} for unit in (1, -1)]
        return all(self._nowhere_constant(self._anew(poly, Light(branch=case)), case) for case in cases)

    def _from_definitions(self) -> set[int]:
        """Return what must be positive for the definitions to have values."""
        found: set[int] = set()
        kept = self.meaning.demands
        for many in self.program.quantities.values():
            for quantity in many:
                if quantity.body is None:
                    continue
                self.meaning.demands = []
                try:
                    shape = quantities.shape(self.meaning, quantity)
                    quantities.entry(self.meaning, quantity, tuple((1, f"@{place}", klass) for place, klass in enumerate(shape)), frozenset())
                    found |= {functions.generalised(self.ring, poly) for kind, poly in self.meaning.demands if kind == "positive"}
                except (Unproved, Unread):
                    continue
        self.meaning.demands = kept
        return found

    # -- assumptions --------------------------------------------------------------------------------

    def _assume(self, left: e.Expr, relation: str, right: e.Expr) -> None:
        around = Around(closed=False)
        shape = common(self.meaning.shape(left, around), self.meaning.shape(right, around))
        at = tuple((1, f"@{place}", klass) for place, klass in enumerate(shape))
        gap = self.ring.minus(self.meaning.part(left, at, around), self.meaning.part(right, at, around))
        if relation in ("<", "≤"):
            gap = self.ring.scale(gap, -1)
        if relation == "=":
            self._rule(gap)
        elif relation != "≠" and gap:
            self.ring.facts.add(functions.generalised(self.ring, gap))
            if not self.ring.free(gap):
                self.ring.assumed.add(functions.scaled(self.ring, gap))
            self._positive(gap)

    def _positive(self, gap: Poly) -> None:
        """Note an input of which every entry is positive: x_k > c for a c that is not negative."""
        entries = [(mono, coefficient) for mono, coefficient in gap.items() if mono]
        if len(entries) != 1 or gap.get((), 0) > 0:
            return
        ((mono, coefficient),) = entries
        if len(mono) != 1 or mono[0][1] != 1 or coefficient < 0 or self.ring.table.kind[mono[0][0]] != "q":
            return
        key, indices = self.ring.table.data[mono[0][0]]
        if _any_entry(indices):
            self.ring.positive.add(key)

    def _few(self, key: Key, values: tuple[float, ...]) -> None:
        """Keep what follows from an input's having few values: (y - a)(y - b) = 0."""
        factors: list[Number] = [1]
        for value in values:
            factors = [a - Fraction(value) * b for a, b in zip([0, *factors], [*factors, 0], strict=True)]
        self.powers[key] = (len(values), {power: -factor for power, factor in enumerate(factors[:-1]) if factor})

    def _rule(self, gap: Poly) -> None:
        """Keep an equation: solved for an input, or for a Σ, or for a power of an input."""
        ring, table = self.ring, self.ring.table
        if len(atoms := {atom for mono in gap for atom, _ in mono}) == 1 and table.kind[atom := next(iter(atoms))] == "q":
            factors = {(mono[0][1] if mono else 0): coefficient for mono, coefficient in gap.items()}
            degree = max(factors)
            if degree > 1 and all(power >= 0 and power.denominator == 1 for power in factors) and _any_entry(table.data[atom][1]):
                top = factors.pop(degree)
                self.powers[table.data[atom][0]] = (int(degree), {int(power): -Fraction(factor) / top for power, factor in factors.items()})
                return
        for mono, coefficient in sorted(gap.items(), reverse=True):
            if len(mono) != 1 or mono[0][1] != 1:
                continue
            atom = mono[0][0]
            rest = ring.scale({other: value for other, value in gap.items() if other != mono}, Fraction(-1) / coefficient)
            if not ring.free(rest) <= table.free[atom]:
                continue
            if table.kind[atom] == "q":
                key, indices = table.data[atom]
                leaf = ("q", key)
                if all(index[0] == 0 for index in indices) and indices:
                    self.replaced.append((leaf, partial(_one_entry, atom, indices, rest, self.ring)))
                    return
                if leaf not in ring.leaves(rest) and _any_entry(indices):
                    self.replaced.append((leaf, lambda place, rest=rest, indices=indices: ring.rename(rest, dict(zip(indices, place, strict=True)))))  # type: ignore[misc]
                    return
            if table.kind[atom] == "Σ" and not any(atom == other for name in rest for other, _ in name):
                self._keep(atom, rest)
                return

    def _keep(self, atom: int, value: Poly) -> None:
        """Keep the value of a Σ for all its free letters, and for those of one class made equal."""
        letters = sorted(self.ring.table.free[atom])
        self._note(atom, value)
        for a in letters:
            for b in letters:
                if a < b and a[2] == b[2]:
                    merged = self.ring.rename({((atom, 1),): 1}, {b: a})
                    if len(merged) == 1 and (mono := next(iter(merged))) and len(mono) == 1 and merged[mono] == 1:
                        self._note(mono[0][0], self.ring.rename(value, {b: a}))

    def _note(self, atom: int, value: Poly) -> None:
        pattern, coefficient, order = sums.pattern_of(self.ring, atom)
        if coefficient:
            self.rules[pattern] = (order, self.ring.scale(value, Fraction(1) / coefficient))


def _any_entry(indices: tuple[Index, ...]) -> bool:
    """Return whether indices are letters of their own, so that what is said of the entry is said of every one."""
    return all(index[0] == 1 for index in indices) and len(set(indices)) == len(indices)


def _one_entry(atom: int, indices: Place, value: Poly, ring: Ring, place: Place) -> Poly:
    """Return the value of one entry of an input, which an equation gives, and every other entry as it is."""
    return value if place == indices else ring.single("q", (ring.table.data[atom][0], place))


def _constant(value: Poly, _: tuple[Index, ...]) -> Poly:
    return value


def free_letters(x: e.Expr, bound: frozenset[str] = frozenset()) -> set[str]:
    """Return the index letters that are free in an expression."""
    if isinstance(x, e.Letter):
        return set() if x.name in bound else {x.name}
    if isinstance(x, e.Bind | e.Family):
        bound = bound | {x.letter}
    return set().union(*(free_letters(part, bound) for part in e.parts(x)), set())


__all__ = ["Session", "free_letters", "session_of"]
