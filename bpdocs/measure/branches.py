"""Which way each choice in a formula went: cases, max, |x|, ReLU. A claim seen on one side of a kink only is not seen to hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpdocs.measure.jets import primal
from bpdocs.measure.values import Value, elementwise, name_array_axes, spread, union
from bpdocs.notation import expr as e
from bpdocs.program import Program

KINK = 1e-3
SIGNS = ("abs", "sign", "ReLU", "heaviside", "norm1")
_ROOTS = ("sqrt", "log", "norm", "norm1", "abs", "sign")
Sites = dict[int, tuple[e.Expr, set[object]]]


@dataclass
class Branches:
    """What was chosen at one point, by place; `close` says that a choice was a near tie."""

    seen: Sites = field(default_factory=dict)
    close: bool = False

    def note(self, place: e.Expr, ways: Any) -> None:
        """Add the ways that were taken at a place."""
        self.seen.setdefault(id(place), (place, set()))[1].update(np.unique(np.ravel(ways)).tolist())

    def sign(self, place: e.Expr, gap: Any) -> None:
        """Add the signs of a number, which is 0 at the kink."""
        real = np.ravel(primal(gap))
        real = real[np.isfinite(real)]
        self.close = self.close or bool(((np.abs(real) < KINK) & (real != 0)).any())
        self.note(place, np.sign(real[real != 0]))

    def largest(self, place: e.Expr, candidates: Any, axes: tuple[int, ...]) -> None:
        """Add which of several numbers is the largest."""
        real = np.moveaxis(primal(candidates), axes, range(-len(axes), 0))
        real = real.reshape((*real.shape[: real.ndim - len(axes)], -1))
        if real.shape[-1] < 2 or np.isnan(real).any():
            return
        top = np.sort(real, axis=-1)
        gap = top[..., -1] - np.where(np.isfinite(top[..., -2]), top[..., -2], -1e9)
        self.close = self.close or bool(((gap < KINK) & (gap != 0)).any())
        self.note(place, np.argmax(real, axis=-1)[gap != 0])

    def call(self, place: e.Call | e.Apply, name: str, arguments: list[Value], sizes: dict[int, str]) -> None:
        """Add what a known operator chooses."""
        if name == "norm" and not arguments[0].rank:
            self.note(place, np.sign(primal(arguments[0].data)))
        if name in SIGNS:
            self.sign(place, arguments[0].data)
        elif name in ("max", "min"):
            turn = 1.0 if name == "max" else -1.0
            if len(arguments) > 1:
                axes, rank = union(*arguments), max(argument.rank for argument in arguments)
                data = np.broadcast_arrays(*(turn * primal(spread(argument, axes, rank)) for argument in arguments))
                self.largest(place, np.stack(data), (0,))
            elif arguments[0].rank:
                rows = tuple(f"@{at}" for at in range(arguments[0].rank))
                named = name_array_axes(arguments[0], rows)
                self.largest(place, turn * primal(named.data), tuple(named.axes.index(row) for row in rows))

    def compare(self, place: e.Compare, left: Value, right: Value, sizes: dict[int, str]) -> None:
        """Add how a condition between numbers of the page came out; conditions between indices are no choices of a point."""
        if not _measured(place):
            return
        gap = elementwise(lambda a, b: primal(a) - primal(b), left, right, sizes).data
        if place.relation in ("=", "≠"):
            self.note(place, np.asarray(gap == 0))
        else:
            self.sign(place, gap)


def _measured(place: e.Expr) -> bool:
    return any(isinstance(part, e.Ref | e.Apply | e.Call | e.Deriv | e.At) for part in e.walk(place))


def bodies(program: Program, sides: tuple[e.Expr | None, ...]) -> list[e.Expr]:
    """Return the sides of a claim with the right sides of all that they rest on."""
    found = [side for side in sides if side is not None]
    keys = frozenset().union(*(program.reached(side) for side in found))
    found += [q.body for key in sorted(keys, key=str) for q in program.quantities[key[0]] if q.key == key and q.body is not None]
    seen: set[str] = set()
    for body in found:
        for part in e.walk(body):
            if isinstance(part, e.Apply) and part.name in program.functions and part.name not in seen:
                seen.add(part.name)
                found.append(program.functions[part.name].body)
    return found


def one_sided(program: Program, sides: tuple[e.Expr | None, ...], logs: list[Branches]) -> list[tuple[e.Expr, set[object], bool]]:
    """Return the choices that went one way at all points: the place, the ways, and whether the claim cannot stand without the other."""
    out = []
    every = [part for body in bodies(program, sides) for part in e.walk(body)]
    rooted = any((isinstance(part, e.Call) and part.name in _ROOTS) or (isinstance(part, e.Pow) and isinstance(part.exponent, e.Div)) for part in every)
    for place in every:
        ways: set[object] = set().union(*(log.seen[id(place)][1] for log in logs if id(place) in log.seen))
        known = any(id(place) in log.seen for log in logs)
        soft = isinstance(place, e.Pow | e.Mul) or (isinstance(place, e.Call) and place.name == "norm")
        if known and len(ways) < _wanted(place) and (rooted or not soft):
            out.append((place, ways, not soft))
    return out


def _wanted(place: e.Expr) -> int:
    """Return how many ways there are to see."""
    return len(place.arguments) if isinstance(place, e.Call) and place.name in ("max", "min") and len(place.arguments) > 1 else 2


def even(place: e.Pow) -> bool:
    """Return whether a power hides the sign of its base."""
    exponent = place.exponent.body if isinstance(place.exponent, e.Neg) else place.exponent
    return isinstance(exponent, e.Num) and exponent.value % 2 == 0


__all__ = ["KINK", "Branches", "bodies", "even", "one_sided"]
