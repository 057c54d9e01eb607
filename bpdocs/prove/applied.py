"""Functions applied: those that the page defines, known ones with primes, and open ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bpdocs.notation import expr as e
from bpdocs.notation.operators import BY_NAME
from bpdocs.prove import arrays, functions
from bpdocs.prove.derivative import derivative
from bpdocs.prove.rebuild import Source
from bpdocs.prove.shapes import Shape, common
from bpdocs.prove.state import Around, Known, Place
from bpdocs.prove.table import Leaf, Poly, Unproved, freeze

if TYPE_CHECKING:
    from bpdocs.prove.meaning import Meaning


def shape(meaning: Meaning, name: str, primes: int, shapes: list[Shape], around: Around) -> Shape:
    """Return the shape of a function's value."""
    function = meaning.program.functions.get(name)
    if function is not None and _whole(meaning, name):
        return meaning.shape(function.body, _parameters(meaning, name, shapes, around))
    signature = meaning.program.survey.signatures.get(name)
    if function is None and signature is not None and (any(signature[0]) or signature[1]):
        if primes or list(signature[0]) != shapes:
            raise Unproved(f"{name} is not given what it takes")
        return signature[1]
    return common(*shapes)


def _whole(meaning: Meaning, name: str) -> bool:
    """Return whether a function of the page takes arrays as a whole, not entry by entry."""
    return any(meaning.program.survey.shapes.get(parameter) for parameter in meaning.program.functions[name].parameters)


def _parameters(meaning: Meaning, name: str, shapes: list[Shape], around: Around) -> Around:
    parameters = meaning.program.functions[name].parameters
    if len(parameters) != len(shapes):
        raise Unproved(f"{name} takes {len(parameters)} argument(s)")
    local: dict[str, tuple[Leaf, Shape]] = {parameter: (("p", (name, parameter)), shape) for parameter, shape in zip(parameters, shapes, strict=True)}
    return replace(around, letters={}, parameters=local, closed=True)


def entry(meaning: Meaning, x: e.Apply, at: Place, around: Around) -> Poly:
    """Return an entry of a function's value."""
    name, shapes = x.name, [meaning.shape(argument, around) for argument in x.arguments]
    function = meaning.program.functions.get(name)
    if function is not None:
        whole = _whole(meaning, name)
        letters, poly, demands = _defined(meaning, name, x.primes, shapes if whole else [() for _ in shapes], around)
        names = {a: b for a, b in zip(letters, at, strict=True) if a != b} if whole else {}
        leaves: dict[Leaf, Source] = {}
        for parameter, argument in zip(function.parameters, x.arguments, strict=True):
            leaves["p", (name, parameter)] = _source(meaning, argument, at, around, whole=whole)
        return meaning.settled(poly, demands, names, leaves)
    if name in BY_NAME and name not in meaning.program.survey.functions:
        return _known(meaning, name, x, at, around)
    signature = meaning.program.survey.signatures.get(name)
    if signature is not None and (any(signature[0]) or signature[1]):
        shape(meaning, name, x.primes, shapes, around)
        arguments = []
        for argument, classes in zip(x.arguments, shapes, strict=True):
            with meaning.bound(classes) as letters:
                arguments.append(functions.shut(meaning.ring, letters, meaning.entry(argument, letters, around)))
        return functions.open_function(meaning.ring, name, at, (), arguments)
    if not meaning.program.survey.is_function(name):
        raise Unproved(f"{name} is no function of the page")
    if signature is not None and len(signature[0]) != len(shapes):
        raise Unproved(f"{name} takes {len(signature[0])} argument(s)")
    if x.primes and len(shapes) != 1:
        raise Unproved("a prime of a function of several arguments")
    slots: tuple[tuple[int, Place], ...] = ((0, ()),) * x.primes
    every: list[functions.Argument] = [((), freeze(meaning.part(argument, at, around))) for argument in x.arguments]
    return functions.open_function(meaning.ring, name, (), slots, every)


def _source(meaning: Meaning, argument: e.Expr, at: Place, around: Around, *, whole: bool) -> Source:
    return (lambda place: meaning.entry(argument, place, around)) if whole else (lambda place: meaning.part(argument, at, around))


def _defined(meaning: Meaning, name: str, primes: int, shapes: list[Shape], around: Around) -> Known:
    """Return a function of the page, differentiated `primes` times, in its parameters."""
    reached = meaning.reached(name)
    cuts = frozenset(cut for cut in around.cuts if cut[0] in reached)
    key = (name, primes, tuple(shapes), cuts)
    found = meaning.functions.get(key)
    if found is None:
        function = meaning.program.functions[name]
        within = replace(_parameters(meaning, name, shapes, around), cuts=cuts)
        classes = meaning.shape(function.body, within)
        if primes and (len(function.parameters) != 1 or any(shapes)):
            raise Unproved("a prime of a function of several numbers")
        if classes and not any(shapes):
            raise Unproved(f"{name} of a number is an array")
        letters = tuple((1, f"@{place}", klass) for place, klass in enumerate(classes))
        with meaning.apart() as demands:
            poly = meaning.entry(function.body, letters, within)
            for _ in range(primes):
                poly = derivative(meaning.ring, poly, ("p", (name, function.parameters[0])), ())
        found = meaning.functions[key] = (letters, poly, demands)
    return found


def _known(meaning: Meaning, name: str, x: e.Apply, at: Place, around: Around) -> Poly:
    """Return a derivative of a known function."""
    leaf: Leaf = ("p", ("known", name))
    with meaning.apart() as demands:
        poly = arrays.elementwise(meaning, name, meaning.ring.single("p", (leaf[1], ())))
        for _ in range(x.primes):
            poly = derivative(meaning.ring, poly, leaf, ())
    return meaning.settled(poly, demands, {}, {leaf: lambda _: meaning.part(x.arguments[0], at, around)})
