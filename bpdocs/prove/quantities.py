"""Quantities of a program as polynomials: definitions put in, what is cut left standing; quantities at other inputs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.program import Key, Quantity
from bpdocs.prove.rebuild import Source
from bpdocs.prove.shapes import Shape, fits
from bpdocs.prove.state import Around, Cuts, Place
from bpdocs.prove.table import Leaf, Poly, Unproved

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning


def shape(meaning: Meaning, quantity: Quantity) -> Shape:
    """Return the shape of a quantity."""
    if quantity.letters or quantity.body is None:
        signature = quantity.signature or ()
        if "?" in signature:
            raise Unproved(f"the shape of {quantity.name} is not known")
        return signature
    found = meaning.shapes.get(quantity.key)
    if found is None:
        meaning.program.ancestors(quantity.key)
        found = meaning.shapes[quantity.key] = meaning.shape(quantity.body, Around())
    return found


def entry(meaning: Meaning, quantity: Quantity, at: Place, cuts: Cuts) -> Poly:
    """Return an entry of a quantity."""
    key = quantity.key
    for fixed, (kind, name) in cuts:
        if fixed == key:
            return meaning.ring.single(kind, (name, at))
    if quantity.body is None and quantity.name in meaning.program.survey.identities and len(at) == 2:
        return meaning.ring.delta(at[0], at[1])
    if quantity.body is None:
        return meaning.ring.single("q", (key, at))
    ancestors = meaning.program.ancestors(key)
    relevant = frozenset(one for one in cuts if one[0] in ancestors)
    found = meaning.quantities.get((key, relevant))
    if found is None:
        letters = tuple((1, f"@{place}", klass) for place, klass in enumerate(shape(meaning, quantity)))
        with meaning.apart() as demands:
            if quantity.letters:
                around = Around(dict(zip(quantity.letters, letters, strict=True)), {}, relevant)
                if meaning.shape(quantity.body, around):
                    raise Unproved(f"the entries of {quantity.name} are not numbers")
                poly = meaning.entry(quantity.body, (), around)
            else:
                poly = meaning.entry(quantity.body, letters, Around({}, {}, relevant))
        found = meaning.quantities[key, relevant] = (letters, poly, demands)
    letters, poly, demands = found
    return meaning.settled(poly, demands, {a: b for a, b in zip(letters, at, strict=True) if a != b}, {})


def moved(meaning: Meaning, x: e.At, at: Place, around: Around) -> Poly:
    """Return an entry of a quantity with some inputs replaced."""
    quantity = meaning.find(x.body)
    leaves: dict[Leaf, Source] = {}
    fixed: dict[Key, Leaf] = {}
    for name, argument in x.replaced:
        target = meaning.find(e.Ref(x.span, name))
        if target.key not in meaning.program.ancestors(quantity.key):
            raise Unproved(f"{quantity.name} does not depend on {name}")
        if isinstance(argument, e.Ref) and argument.name == name and not argument.indices:
            continue
        if meaning.shape(argument, around) != shape(meaning, target):
            raise Unproved(f"{name} is replaced by something of another shape")
        fixed[target.key] = ("p", ("at", target.key))
        leaves[fixed[target.key]] = _source(meaning, argument, around)
    with meaning.apart() as demands:
        poly = entry(meaning, quantity, at, cut(meaning, around.cuts, fixed))
    return meaning.settled(poly, demands, {}, leaves)


def barred(meaning: Meaning, x: e.Bar, at: Place, around: Around) -> Poly:
    """Return an entry of a value at the foot of an evaluation bar."""
    leaves: dict[Leaf, Source] = {}
    fixed: dict[Key, Leaf] = {}
    for name, argument in x.replaced:
        target = meaning.find(e.Ref(x.span, name))
        if target.body is not None or name in around.parameters:
            raise Unproved(f"{name} is defined, and a bar sets inputs")
        if not all(map(fits, meaning.shape(argument, around), shape(meaning, target))) or len(meaning.shape(argument, around)) != len(shape(meaning, target)):
            raise Unproved(f"{name} is set to something of another shape")
        fixed[target.key] = ("p", ("at", target.key))
        leaves[fixed[target.key]] = _source(meaning, argument, around)
    with meaning.apart() as demands:
        poly = meaning.entry(x.body, at, replace(around, cuts=cut(meaning, around.cuts, fixed)))
    return meaning.settled(poly, demands, {}, leaves)


def cut(meaning: Meaning, cuts: Cuts, more: dict[Key, Leaf]) -> Cuts:
    """Return the cuts with some added: what is cut already must not depend on what is cut now."""
    for key, _ in cuts:
        if key not in more and not meaning.program.ancestors(key).isdisjoint(more):
            raise Unproved(f"{key[0]} is held fixed while something that it depends on varies")
    return frozenset(one for one in cuts if one[0] not in more) | frozenset(more.items())


def _source(meaning: Meaning, argument: e.Expr, around: Around) -> Source:
    return lambda place: meaning.entry(argument, place, around)
