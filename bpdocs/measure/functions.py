"""Functions applied: those that the page defines, known operators with primes, and open ones; quantities at other inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bpdocs.measure import values as v
from bpdocs.measure.arrays import open_function
from bpdocs.measure.jets import STEP, Jet, derivative, slope_of, tags
from bpdocs.measure.values import Letters, Mismatch, NotSupported, Value
from bpdocs.notation import expr as e
from bpdocs.notation.operators import BY_NAME
from bpdocs.notation.tokens import Unread
from bpdocs.program import Key

if TYPE_CHECKING:
    from bpdocs.measure.evaluate import Evaluator


def apply(ev: Evaluator, x: e.Apply, arguments: list[Value]) -> Value:
    """Return a function of the page, a known operator with primes, or an open function at its arguments."""
    function = ev.program.function(x.name, x.span)
    if function is not None:
        if len(arguments) != len(function.parameters):
            raise NotSupported(f"{x.name} takes {len(function.parameters)} argument(s)")
        return defined(ev, function.body, function.parameters, arguments, x.primes)
    if x.name in BY_NAME and x.name not in ev.program.survey.functions:
        argument = arguments[0]
        return Value(derivative(x.name, argument.data, x.primes), argument.axes, argument.rank, loose=argument.loose)
    signature = ev.program.survey.signatures.get(x.name)
    if signature is not None and (any(signature[0]) or signature[1]):
        if x.primes:
            raise NotSupported(f"{x.name}' of arrays is not supported: write \\partial")
        return open_function(x.name, arguments, signature, ev.point, ev.sizes, ev.rounding)
    if signature is not None and len(signature[0]) != len(arguments):
        raise NotSupported(f"{x.name} takes {len(signature[0])} argument(s)")
    if len(arguments) == 1:
        argument = arguments[0]
        return Value(ev.point.function(x.name).at(argument.data, x.primes, ev.rounding), argument.axes, argument.rank, loose=argument.loose)
    if x.primes:
        raise NotSupported(f"{x.name}' of several arguments is not supported")
    weights = ev.point.weights(x.name, (2, len(arguments)))
    out: Value | None = None
    for turn in range(2):
        mixed: Value | None = None
        for weight, argument in zip(weights[turn], arguments, strict=True):
            part = Value(argument.data * float(weight), argument.axes, argument.rank)
            mixed = part if mixed is None else v.elementwise(lambda a, b: a + b, mixed, part, ev.sizes)
        assert mixed is not None
        part = Value(ev.point.function(f"{x.name}{turn}").at(mixed.data, 0, ev.rounding), mixed.axes, mixed.rank)
        out = part if out is None else v.elementwise(lambda a, b: a * b, out, part, ev.sizes)
    assert out is not None
    return out


def defined(ev: Evaluator, body: e.Expr, parameters: tuple[str, ...], arguments: list[Value], primes: int) -> Value:
    """Return the body of a function, or its derivative, at its arguments; elementwise unless a parameter is an array."""
    whole = any(ev.program.survey.shapes.get(parameter) for parameter in parameters)
    if whole:
        if primes:
            raise NotSupported("a prime of a function of an array is not supported: write \\partial")
        return ev.value(body, {}, dict(zip(parameters, arguments, strict=True)))
    rank = max(argument.rank for argument in arguments)
    shape = next(argument.shape for argument in arguments if argument.rank == rank)
    names = tuple(f"@{next(tags)}" for _ in range(rank))
    local = {name: v.name_array_axes(value, names) if value.rank else value for name, value in zip(parameters, arguments, strict=True)}
    if primes and len(parameters) != 1:
        raise NotSupported("a prime of a function of several arguments is not supported")
    out = primed(ev, body, parameters[0], local, primes)
    return v.unname(out, names, shape) if rank else out


def primed(ev: Evaluator, body: e.Expr, parameter: str, local: dict[str, Value], primes: int) -> Value:
    """Return the derivative of a function of one number at its argument, by a complex step or, inside another, a jet."""
    if primes == 0:
        return ev.value(body, {}, local)
    argument = local[parameter]
    tag = next(tags)
    inner = ev.inside()
    stepped = not ev.complex and primes == 1
    if stepped:
        data: Any = argument.data + 1j * STEP
        inner.complex = True
    else:
        data = Jet(argument.data, 0 * argument.data + 1.0, tag)
    found = primed(inner, body, parameter, {**local, parameter: Value(data, argument.axes, argument.rank)}, primes - 1)
    out = slope_of(found.data, tag, complex_step=stepped)
    return Value(out, found.axes, found.rank)


def at(ev: Evaluator, body: e.Ref, replaced: tuple[tuple[str, e.Expr], ...], letters: Letters, local: dict[str, Value]) -> Value:
    """Return a quantity with some of its inputs replaced."""
    key = ev.program.find(body)
    override: dict[Key, Value] = {}
    for name, argument in replaced:
        target = ev.program.find(e.Ref(body.span, name))
        if target.key not in ev.program.ancestors(key.key):
            raise Unread(f"{body.name} does not depend on {name}", body.span, f"for a product write {body.name}\\,\\cdot(…)")
        if not (isinstance(argument, e.Ref) and argument.name == name and not argument.indices):
            override[target.key] = ev.value(argument, letters, local)
    return ev.quantity(key) if not override else ev.inside(override).quantity(key)


def bar(ev: Evaluator, body: e.Expr, replaced: tuple[tuple[str, e.Expr], ...], letters: Letters, local: dict[str, Value]) -> Value:
    """Return a value at the foot of an evaluation bar: the inputs are set, all else is computed from them."""
    override: dict[Key, Value] = {}
    for name, argument in replaced:
        target = ev.program.find(e.Ref(body.span, name))
        if target.body is not None:
            raise NotSupported(f"an evaluation bar sets inputs, and {name} is defined")
        if target.key not in ev.program.reached(body):
            raise Unread(f"what stands before this bar does not depend on {name}", body.span)
        value, whole = ev.value(argument, letters, local), ev.quantity(target)
        if value.shape != whole.shape and not value.loose:
            raise Mismatch(f"{name} is {v.described(whole.shape, ev.sizes)}, and the bar sets it to {v.described(value.shape, ev.sizes)}")
        override[target.key] = v.elementwise(lambda a, b: a + 0 * b, value, whole, ev.sizes) if value.loose else value
    return ev.inside(override).value(body, letters, local)
