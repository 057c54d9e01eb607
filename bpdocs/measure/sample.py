"""Random points: sizes, values of the inputs, and smooth functions for those that the page leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpdocs.budget import numbers_fit
from bpdocs.measure.jets import Jet
from bpdocs.program import Key, Program

Numbers = Any
TINY = 1e-12  # an imaginary part below it is a complex step, whose square vanishes


@dataclass(frozen=True)
class Smooth:
    """A random entire function of one number with all its derivatives in closed form: two waves of different length, and Cu + D.

    It grows no faster than its argument, so that many layers of it stay within reach.
    """

    a: float
    omega: float
    phase: float
    b: float
    kappa: float
    lag: float
    c: float
    d: float

    @staticmethod
    def draw(random: np.random.Generator, sign: float = 1.0) -> Smooth:
        """Return a random one: neither odd nor even nor linear, its slope of one sign and nowhere near zero, where digits would be lost."""
        u = random.uniform
        return Smooth(u(0.3, 0.45), u(0.7, 1.1), u(0.2, 1.2), u(0.3, 0.5), u(0.3, 0.5), u(0.3, 1.2), sign * u(0.95, 1.2), u(-0.4, 0.4))

    def at(self, x: Numbers, order: int = 0, rounding: Callable[[Numbers], Numbers] | None = None) -> Numbers:
        """Return the derivative of that order at `x`; `rounding` is done to each of the terms, which may cancel where the slope is small."""
        if isinstance(x, Jet):
            return Jet(self.at(x.value, order, rounding), self.at(x.value, order + 1, rounding) * x.slope, x.tag)
        if np.iscomplexobj(x) and float(np.abs(np.imag(x)).max(initial=0.0)) < TINY:
            real = np.real(x)
            return self.at(real, order, rounding) + 1j * (np.imag(x) * self.at(real, order + 1, rounding))
        wave = self.a * self.omega**order * _turned(order, self.omega * x + self.phase)
        swell = self.b * self.kappa**order * _turned(order + 1, self.kappa * x + self.lag)
        if rounding is not None:
            wave, swell = rounding(wave), rounding(swell)
        return wave + swell + (self.c * x + self.d if order == 0 else self.c if order == 1 else 0.0)


def _turned(quarters: int, angle: Numbers) -> Numbers:
    """Return the sine, turned by quarters: a shift of the angle would not be exact."""
    return (np.sin, np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x))[quarters % 4](angle)


@dataclass
class Point:
    """One point: the widths, the inputs, the open functions, and a seed for what is drawn on the way."""

    sizes: dict[str, int]
    inputs: dict[Key, Numbers]
    seed: int
    smooth: dict[str, Smooth]
    mixing: dict[tuple[str, tuple[int, ...]], Numbers]
    printed: bool = False

    def function(self, name: str) -> Smooth:
        """Return the function that stands for `name` at this point."""
        if name not in self.smooth:
            self.smooth[name] = Smooth.draw(np.random.default_rng([self.seed, *name.encode()]), 1.0 if (self.seed + len(name)) % 2 else -1.0)
        return self.smooth[name]

    def weights(self, name: str, shape: tuple[int, ...]) -> Numbers:
        """Return fixed random numbers of a shape, for functions of several variables."""
        if (name, shape) not in self.mixing:
            self.mixing[name, shape] = np.random.default_rng([self.seed + 1, *name.encode(), *shape]).uniform(0.3, 1.1, shape) * np.random.default_rng(
                [self.seed + 2, *name.encode(), *shape]
            ).choice([-1.0, 1.0], shape)
        return self.mixing[name, shape]


FIRST = (3, 2, 4, 5)  # the smallest width at each point, so that no width is the same at all of them


def choose_sizes(classes: list[str], avoid: set[int], turn: int, depths: dict[str, int]) -> dict[str, int]:
    """Return a width for each class: distinct, none of those printed on the page, none a sum or difference of two others; depths are given."""
    chosen: list[int] = []
    named = [klass for klass in classes if not klass.isdigit() and klass not in depths]
    fixed = {klass: int(klass) for klass in classes if klass.isdigit()} | depths
    candidate = FIRST[turn % len(FIRST)]
    while len(chosen) < len(named):
        taken = [*chosen, *fixed.values()]
        sums = {a + b for a in taken for b in taken} | {abs(a - b) for a in taken for b in taken}
        if candidate not in taken and candidate not in sums and (candidate not in avoid or candidate > 12):
            chosen.append(candidate)
        candidate += 1
    if turn % 2:
        chosen.reverse()
    elif turn:
        chosen = chosen[1:] + chosen[:1]
    return {**dict(zip(named, chosen, strict=True)), **fixed}


@dataclass(frozen=True)
class Mode:
    """How inputs are drawn: between two bounds, now and then moved past 1, and with either sign or not."""

    low: float
    high: float
    moved: float = 0.0
    signed: bool = False


MODES = {
    "signed": Mode(0.15, 0.85, 0.9, signed=True),
    "positive": Mode(0.15, 0.85, 0.9),
    "unit": Mode(0.15, 0.85),
    "wide": Mode(1.1, 4.0, signed=True),
    "beyond": Mode(0.4, 2.5, signed=True),  # times a number that the page prints
    "small": Mode(0.02, 0.12, signed=True),
}
# signs of the first inputs that are numbers, so that each is met with both, and each pair with equal ones and with different ones
_SIGNS = ((1.0, -1.0, 1.0, -1.0), (1.0, 1.0, -1.0, -1.0), (1.0, -1.0, -1.0, 1.0))


def draw(
    program: Program, classes: list[str], avoid: set[int], seed: int, depths: dict[str, int], mode: str = "signed", levels: dict[Key, list[float]] | None = None, reach: float = 1.0
) -> Point:
    """Return a random point; `levels` are values that some inputs take instead of random ones (NaN: a random one); all others are drawn `reach` times as large."""
    sizes = choose_sizes(classes, avoid, seed, depths)
    random = np.random.default_rng(20181230 + seed)
    inputs: dict[Key, Numbers] = {}
    numbers = 0
    for name in sorted(program.quantities):
        for quantity in program.quantities[name]:
            if quantity.body is None and quantity.signature is not None:
                shape = tuple(sizes[klass] for klass in quantity.signature)
                numbers_fit(shape)
                if name in program.survey.identities and len(shape) == 2:
                    inputs[quantity.key] = np.eye(*shape)
                    continue
                if (klass := program.survey.indexing.get(name)) is not None:
                    inputs[quantity.key] = random.integers(1, sizes[klass] + 1, shape).astype(float)
                    continue
                if (choices := program.survey.choices.get(name)) is not None:
                    inputs[quantity.key] = random.choice(choices, shape)
                    continue
                drawn = reach * _values(random, shape, MODES[mode])
                if not shape and MODES[mode].signed:
                    drawn = np.abs(drawn) * (_SIGNS[numbers][seed % 4] if numbers < 3 else np.sign(drawn))
                    numbers += 1
                known = (levels or {}).get(quantity.key)
                if known:
                    chosen = random.choice(known, shape)
                    drawn = np.where(np.isnan(chosen), drawn, chosen)
                inputs[quantity.key] = drawn
    return Point(sizes, inputs, seed, {}, {})


def _values(random: np.random.Generator, shape: tuple[int, ...], mode: Mode) -> Numbers:
    size = random.uniform(mode.low, mode.high, shape)
    if mode.moved:
        size = size + np.where(random.uniform(size=shape) < 0.35, mode.moved, 0.0)
    return size * random.choice([-1.0, 1.0], shape) if mode.signed else size
