"""Which way each choice in a formula went: cases, max, |x|, ReLU. A claim seen on one side of a kink only is not seen to hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bpdocs.measure.jets import STEP, Jet, primal
from bpdocs.measure.values import Value, elementwise, name_array_axes, spread, union
from bpdocs.notation import expr as e
from bpdocs.program import Program

KINK = 1e-3
LOST = 1e-12  # of the largest term: a smaller one is drowned in its rounding
SIGNS = ("abs", "sign", "ReLU", "heaviside", "norm1")
_DOMAIN = ("sqrt", "log")
_ROOTS = ("sqrt", "log", "norm", "norm1", "abs", "sign")
RELATIONS: dict[str, Any] = {"=": np.equal, "≠": np.not_equal, "<": np.less, "≤": np.less_equal, ">": np.greater, "≥": np.greater_equal}
Sites = dict[int, tuple[e.Expr, set[object]]]


@dataclass
class Branches:
    """What was chosen at one point, by place; `close` says that a choice was a near tie."""

    seen: Sites = field(default_factory=dict)
    close: bool = False

    def clear(self) -> None:
        """Forget everything."""
        self.seen.clear()
        self.close = False

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

    def add(self, place: e.Add, values: list[Value]) -> None:
        """Add which terms of a sum are seen beside the others, somewhere, in its value or in what is differentiated."""
        if id(place) in self.seen and len(self.seen[id(place)][1]) == len(values):
            return
        sizes = np.array([_sizes(value.data) for value in values])
        largest = sizes.max(axis=0)
        self.note(place, np.flatnonzero((sizes > LOST * largest).any(axis=1) | (sizes == 0).all(axis=1)))

    def call(self, place: e.Call | e.Apply, name: str, arguments: list[Value], sizes: dict[int, str]) -> None:
        """Add what a known operator chooses."""
        if name == "norm" and not arguments[0].rank:
            self.note(place, np.sign(primal(arguments[0].data)))
        if name in _DOMAIN:
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
        gap = np.ravel(elementwise(lambda a, b: primal(a) - primal(b), left, right, sizes).data)
        gap = gap[np.isfinite(gap)]
        if place.relation not in ("=", "≠"):
            self.close = self.close or bool(((np.abs(gap) < KINK) & (gap != 0)).any())
        self.note(place, RELATIONS[place.relation](gap, 0.0))


def _measured(place: e.Expr) -> bool:
    return any(isinstance(part, e.Ref | e.Apply | e.Call | e.Deriv | e.At) for part in e.walk(place))


@dataclass
class Places:
    """The choices that each claim of a scope rests on."""

    program: Program
    _inside: dict[int, tuple[e.Expr, list[e.Expr], bool]] = field(default_factory=dict)

    def one_sided(self, sides: tuple[e.Expr, e.Expr], logs: list[Branches]) -> list[OneSided]:
        """Return the choices that went one way only at all points."""
        found = [self._choices(body) for body in self._bodies(sides)]
        rooted, own = any(roots for _, roots in found), {id(part) for side in sides for part in e.walk(side)}
        out = []
        for place in (place for places, _ in found for place in places):
            soft = _soft(place)
            if not any(id(place) in log.seen for log in logs) or (soft and not (id(place) in own if _named(place, _DOMAIN) else rooted)):
                continue
            ways: set[object] = set().union(*(log.seen[id(place)][1] for log in logs if id(place) in log.seen))
            if len(ways) < _wanted(place):
                out.append(OneSided(place, soft))
        return out

    def _bodies(self, sides: tuple[e.Expr, e.Expr]) -> list[e.Expr]:
        """Return the sides of a claim with the right sides of all that they rest on."""
        found: list[e.Expr] = list(sides)
        keys = self.program.reached(sides[0]) | self.program.reached(sides[1])
        found += [q.body for key in sorted(keys, key=str) for q in self.program.quantities[key[0]] if q.key == key and q.body is not None]
        seen: set[str] = set()
        for body in found:
            for name in [part.name for part in self._applied(body)]:
                if name in self.program.functions and name not in seen:
                    seen.add(name)
                    found.append(self.program.functions[name].body)
        return found

    def _applied(self, body: e.Expr) -> list[e.Apply]:
        return [part for part in self._choices(body)[0] if isinstance(part, e.Apply)]

    def _choices(self, body: e.Expr) -> tuple[list[e.Expr], bool]:
        """Return the places below `body` that may choose (applied functions among them), and whether one of them hides a sign."""
        if id(body) not in self._inside:
            every = e.walk(body)
            kept: list[e.Expr] = [part for part in every if isinstance(part, e.Call | e.Apply | e.Compare | e.Bind | e.Pow | e.Mul | e.Add)]
            roots = any(_named(part, _ROOTS) or (isinstance(part, e.Pow) and isinstance(part.exponent, e.Div)) for part in every)
            self._inside[id(body)] = (body, kept, roots)
        return self._inside[id(body)][1:]


@dataclass(frozen=True)
class OneSided:
    """A choice that went one way; `soft` if it may have no other way, such as the sign of what is squared."""

    place: e.Expr
    soft: bool

    @property
    def advice(self) -> str:
        """What to do about it."""
        return "leave the term out, or subtract what is large" if isinstance(self.place, e.Add) else "say for which values it holds, or leave the choice out"

    @property
    def words(self) -> str:
        """What to say of it."""
        match self.place:
            case e.Compare(_, _, relation, _):
                return f"a condition (with {relation}) came out the same at every point"
            case e.Add():
                return "a term of a sum is lost in the rounding of the others at every point"
            case e.Call(_, "max" | "min" as name) | e.Bind(_, "max" | "min" as name):
                return f"the {name} was never met by each of its arguments"
            case _:
                return "what stands in |…|, ReLU or sign had the same sign at every point"


def _sizes(data: Any) -> tuple[float, float]:
    """Return the largest entry of a value, and of its derivatives."""
    if isinstance(data, Jet):
        inner, slope = _sizes(data.value), _sizes(data.slope)
        return inner[0], max(inner[1], *slope)
    sizes = [np.nan_to_num(np.abs(part), nan=0.0, posinf=0.0) for part in (np.real(data), np.imag(data))]
    return float(sizes[0].max(initial=0.0)), float(sizes[1].max(initial=0.0)) / STEP


def _soft(place: e.Expr) -> bool:
    return isinstance(place, e.Pow | e.Mul) or _named(place, (*_DOMAIN, "norm"))


def _named(place: e.Expr, names: tuple[str, ...]) -> bool:
    return isinstance(place, e.Call) and place.name in names


def _wanted(place: e.Expr) -> int:
    """Return how many ways there are to see."""
    if isinstance(place, e.Add):
        return len(place.terms)
    return len(place.arguments) if _named(place, ("max", "min")) and isinstance(place, e.Call) and len(place.arguments) > 1 else 2


def even(place: e.Pow) -> bool:
    """Return whether a power hides the sign of its base."""
    exponent = place.exponent.body if isinstance(place.exponent, e.Neg) else place.exponent
    return isinstance(exponent, e.Num) and exponent.value % 2 == 0
