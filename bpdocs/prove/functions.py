"""The functions that the prover knows: exp, log, roots, absolute values, trigonometry; what is positive; open functions."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from bpdocs.prove.normal import content, product
from bpdocs.prove.table import Frozen, Index, Number, Poly, Unproved, bound, freeze

if TYPE_CHECKING:
    from bpdocs.prove.ring import Ring

HALF = Fraction(1, 2)
_LARGEST = 10**6


def exponential(ring: Ring, poly: Poly) -> Poly:
    """Return e to a polynomial: a product of one power for each term, so that e^(a+b) is e^a e^b."""
    out = ring.number(1)
    for mono, coefficient in poly.items():
        if len(mono) == 1 and mono[0][1] == 1 and ring.table.kind[mono[0][0]] == "log":
            part = ring.power(dict(ring.table.data[mono[0][0]]), coefficient)
        else:
            part = {((ring.keep("exp", {mono: 1}), coefficient),): 1}
        out = ring.mul(out, part)
    return out


def logarithm(ring: Ring, poly: Poly) -> Poly:
    """Return the logarithm of what is positive: a sum of one for each factor."""
    factor, sure, rest = split(ring, poly)
    out = ring.total(ring.scale(ring.single("log", (((), prime),)), power) for prime, power in primes(factor))
    for atom, exponent in sure:
        kind, data = ring.table.kind[atom], ring.table.data[atom]
        if kind == "exp":
            out = ring.add(out, dict(data), exponent)
        elif kind == "num":
            out = ring.add(out, ring.single("log", (((), data),)), exponent)
        elif kind == "Π":
            with ring.opened((data[0],)) as letters:
                out = ring.add(out, ring.close(letters, logarithm(ring, body_of(ring, data[1], letters))), exponent)
        else:
            out = ring.add(out, ring.single("log", data if kind == "poly" else ((((atom, 1),), 1),)), exponent)
    if rest == ring.number(1):
        return out
    if len(rest) == 1:
        ((mono, coefficient),) = rest.items()
        if coefficient == 1 and len(mono) == 1:
            return ring.add(out, ring.single("log", ((((mono[0][0], 1),), 1),)), mono[0][1])
    return ring.add(out, {((ring.keep("log", rest), 1),): 1})


def root(ring: Ring, poly: Poly, exponent: Fraction) -> Poly:
    """Return a broken power of what is positive (or zero, if the exponent is)."""
    if not poly:
        raise Unproved("a root of zero")
    factor, sure, rest = split(ring, poly)
    out = ring.number(1)
    for prime, power in primes(factor):
        out = ring.mul(out, product(ring, {ring.table.atom("num", prime): power * exponent}))
    for atom, e in sure:
        out = ring.mul(out, product(ring, {atom: e * exponent}))
    if rest == ring.number(1):
        return out
    if len(rest) == 1:
        ((mono, coefficient),) = rest.items()
        if coefficient == 1 and len(mono) == 1:
            return ring.mul(out, product(ring, {mono[0][0]: mono[0][1] * exponent}))
    return ring.mul(out, product(ring, {ring.keep("poly", rest): exponent}))


def absolute(ring: Ring, poly: Poly) -> Poly:
    """Return the absolute value."""
    if not poly:
        return {}
    factor, sure, rest = split(ring, poly, signed=True)
    out = ring.number(factor)
    for atom, exponent in sure:
        out = ring.mul(out, product(ring, {atom: exponent}))
    common = dict(next(iter(rest))) if len(rest) == 1 else content(rest)
    parts: list[tuple[Poly, Number]] = [({((atom, 1),): 1}, exponent) for atom, exponent in common.items()]
    if len(rest) > 1:
        parts.append((ring.monic(ring.mul(rest, product(ring, {atom: -exponent for atom, exponent in common.items()})))[1], 1))
    for part, exponent in parts:
        known = next((unit for unit in (1, -1) if positive(ring, ring.scale(part, unit))), 0)
        out = ring.mul(out, ring.power(ring.scale(part, known), exponent) if known else product(ring, {ring.keep("abs", part): exponent}))
    return out


def sign(ring: Ring, poly: Poly) -> Poly:
    """Return the sign of what is not zero."""
    if positive(ring, poly):
        return ring.number(1)
    return ring.mul(absolute(ring, poly), ring.inverse(poly))


def split(ring: Ring, poly: Poly, *, signed: bool = False) -> tuple[Fraction, list[tuple[int, Number]], Poly]:
    """Return poly as factor · Π sure · rest: a positive number, factors that are surely positive, and the rest, whose sign is open.

    The rest has a leading coefficient of 1 or -1; of 1 alone if `signed`, when the factor is that of the absolute value.
    """
    sure: list[tuple[int, Number]] = []
    if not poly:
        raise Unproved("a root or a logarithm of zero")
    if len(poly) == 1:
        ((mono, coefficient),) = poly.items()
        open_: list[tuple[int, Number]] = []
        for atom, exponent in mono:
            if atom_positive(ring, atom) or exponent.denominator != 1:
                sure.append((atom, exponent))
            elif exponent % 2 == 0:
                sure.append((ring.keep("abs", {((atom, 1),): 1}), exponent))
            else:
                open_.append((atom, exponent))
        unit = 1 if coefficient > 0 or signed else -1
        return magnitude(coefficient), sure, {tuple(sorted(open_)): unit}
    taken: dict[int, Number] = {}
    for atom, exponent in content(poly).items():
        if atom_positive(ring, atom) or exponent.denominator != 1:
            sure.append((atom, exponent))
        elif exponent % 2 == 0:
            sure.append((ring.keep("abs", {((atom, 1),): 1}), exponent))
        else:
            continue
        taken[atom] = -exponent
    away = product(ring, taken)
    rest = ring.mul(poly, away)
    if len(rest) == 1:
        factor, more, rest = split(ring, rest, signed=signed)
        return factor, sure + more, rest
    coefficient = ring.leading(rest)[1]
    rest = ring.scale(rest, Fraction(1) / (coefficient if signed else magnitude(coefficient)))
    if positive(ring, rest):
        return magnitude(coefficient), [*sure, (ring.keep("poly", rest), 1)], ring.number(1)
    return magnitude(coefficient), sure, rest


def positive(ring: Ring, poly: Poly) -> bool:
    """Return whether a polynomial is surely positive."""
    if not poly:
        return False
    if _all_positive(ring, poly) or any(_more_than(ring, poly, dict(known)) for known in (*ring.light.branch, *ring.assumed)):
        return True
    shared = {atom: -exponent for atom, exponent in content(poly).items() if atom_positive(ring, atom)} if len(poly) > 1 else {}
    if shared:
        return positive(ring, ring.mul(poly, product(ring, shared)))
    return bool(ring.facts) and generalised(ring, poly) in ring.facts


def _more_than(ring: Ring, poly: Poly, known: Poly) -> bool:
    """Return whether a polynomial is something positive and a multiple of what is positive: 1 - a/2 is, where 1 - a is."""
    shares = {Fraction(coefficient) / known[mono] for mono, coefficient in poly.items() if known.get(mono, 0) * coefficient > 0}
    return any(not (gap := ring.add(poly, known, -share)) or _all_positive(ring, gap) for share in shares)


def scaled(ring: Ring, poly: Poly) -> Frozen:
    """Return a polynomial but for a positive factor."""
    return freeze(ring.scale(poly, Fraction(1) / magnitude(ring.leading(poly)[1])))


def _all_positive(ring: Ring, poly: Poly) -> bool:
    return bool(poly) and all(
        (coefficient > 0 and _sure(ring, mono)) or (bool(ring.light.branch) and mono != () and scaled(ring, {mono: coefficient}) in ring.light.branch)
        for mono, coefficient in poly.items()
    )


def generalised(ring: Ring, poly: Poly) -> int:
    """Return one atom for a polynomial and all that differ from it by a positive number and by the names of its letters."""
    from bpdocs.prove.sums import labelled

    body = dict(scaled(ring, poly))
    names = tuple(sorted(index for index in ring.free(body) if index[0] > 0))
    mono, _, _ = labelled(ring, names, {ring.keep("box", body): 1})
    return ring.table.atom("all", mono)


def _sure(ring: Ring, mono: tuple[tuple[int, Number], ...]) -> bool:
    return all(exponent % 2 == 0 or exponent.denominator != 1 or atom_positive(ring, atom) for atom, exponent in mono)


def atom_positive(ring: Ring, atom: int) -> bool:
    """Return whether an atom is surely positive (or, where all else is generic, not zero and not negative)."""
    kind, data = ring.table.kind[atom], ring.table.data[atom]
    if kind in ("exp", "n", "num", "π", "abs", "i"):
        return True
    if kind == "q":
        return data[0] in ring.positive
    if kind == "Σ":
        return _sure(ring, data[1])
    if kind in ("poly", "Π"):
        data = data if kind == "poly" else data[1]
        return positive(ring, dict(data))
    return False


def odd(ring: Ring, kind: str, poly: Poly) -> Poly:
    """Return sin, arctan or erf of a polynomial, with the sign brought out."""
    if not poly:
        return {}
    unit = 1 if ring.leading(poly)[1] > 0 else -1
    return {((ring.keep(kind, ring.scale(poly, unit)), 1),): unit}


def cosine(ring: Ring, poly: Poly) -> Poly:
    """Return the cosine."""
    if not poly:
        return ring.number(1)
    return {((ring.keep("cos", ring.scale(poly, 1 if ring.leading(poly)[1] > 0 else -1)), 1),): 1}


def magnitude(value: Number) -> Fraction:
    """Return the absolute value of a number."""
    return Fraction(value if value > 0 else -value)


def primes(value: Fraction) -> list[tuple[int, int]]:
    """Return the prime factors of a positive fraction, with their exponents."""
    out: dict[int, int] = {}
    for number, unit in ((value.numerator, 1), (value.denominator, -1)):
        if number > _LARGEST:
            raise Unproved("the root or logarithm of a large number")
        at = 2
        while at * at <= number:
            while number % at == 0:
                out[at] = out.get(at, 0) + unit
                number //= at
            at += 1
        if number > 1:
            out[number] = out.get(number, 0) + unit
    return sorted((prime, power) for prime, power in out.items() if power)


Argument = tuple[tuple[str, ...], Frozen]


def body_of(ring: Ring, body: Frozen, letters: tuple[Index, ...]) -> Poly:
    """Return what a Π or an array argument binds, with letters in place of its own."""
    height = ring.table.inner_height(body) + 1
    return ring.rename(dict(body), {bound(height, place, letter[2]): letter for place, letter in enumerate(letters)})


def shut(ring: Ring, letters: tuple[Index, ...], poly: Poly) -> Argument:
    """Return an array argument of an open function, from its entries at letters."""
    height = ring.table.inner_height(freeze(poly)) + 1
    body = ring.rename(poly, {letter: bound(height, place, letter[2]) for place, letter in enumerate(letters)})
    return tuple(letter[2] for letter in letters), freeze(body)


def open_function(ring: Ring, name: Any, out: tuple[Index, ...], slots: tuple[tuple[int, tuple[Index, ...]], ...], arguments: list[Argument]) -> Poly:
    """Return an open function at its arguments, differentiated once for each slot."""
    return ring.single("fn", (name, out, tuple(sorted(slots)), tuple(arguments)))


def over_letter(ring: Ring, name: Index, poly: Poly) -> Poly:
    """Return Π of a polynomial over a letter."""
    if name[2].isdigit():
        return ring.product(ring.rename(poly, {name: (0, place, name[2])}) for place in range(1, int(name[2]) + 1))
    if len(poly) > 1:
        common = content(poly)
        if not common:
            return _over(ring, name, poly)
        rest = ring.mul(poly, product(ring, {atom: -exponent for atom, exponent in common.items()}))
        return ring.mul(over_letter(ring, name, product(ring, common)), over_letter(ring, name, rest))
    out = ring.number(1)
    for mono, coefficient in poly.items():
        constant: Poly = {(): coefficient}
        for atom, exponent in mono:
            if name in ring.table.free[atom]:
                out = ring.mul(out, ring.power(_over(ring, name, {((atom, 1),): 1}), exponent))
            else:
                constant = ring.mul(constant, {((atom, exponent),): 1})
        if constant != ring.number(1):
            if not positive(ring, constant):
                raise Unproved("a power whose exponent is a width")
            out = ring.mul(out, exponential(ring, ring.mul(ring.size(name[2]), logarithm(ring, constant))))
    return out


def _over(ring: Ring, name: Index, poly: Poly) -> Poly:
    (klass,), body = shut(ring, (name,), poly)
    return ring.single("Π", (klass, body))
