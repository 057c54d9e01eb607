"""Axes of a plot in a drawing: linear or logarithmic scales, ticks, curves that stay inside the frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from bpdocs.figures.drawing import SMALL, Drawing, Point, Role
from bpdocs.figures.label import printed, width


@dataclass(frozen=True)
class Axis:
    """One axis: its range, whether it is logarithmic, the numbers at its ticks, and its name.

    >>> Axis(1, 100, (1, 10, 100), "P", log=True).share(10)
    0.5
    """

    low: float
    high: float
    ticks: Sequence[float]
    name: str
    log: bool = False
    digits: int = 2

    def share(self, value: float) -> float:
        """Where a value lies between the axis' ends, 0 at the low one and 1 at the high one, clipped to that."""
        if self.log:
            value = max(value, self.low)
        bend: Callable[[float], float] = math.log10 if self.log else partial(float)
        return min(max((bend(value) - bend(self.low)) / (bend(self.high) - bend(self.low)), 0.0), 1.0)

    def label(self, tick: float) -> str:
        """A tick's number: a power of ten on a logarithmic axis.

        >>> Axis(1, 100, (1, 10, 100), "P", log=True).label(100)
        '$10^{2}$'
        """
        if self.log:
            power = round(math.log10(tick))
            return f"$10^{{{power}}}$".replace("-", "−") if power not in (0, 1) else f"${round(tick)}$"
        return printed(tick, self.digits)


@dataclass(frozen=True)
class Axes:
    """Two axes in the frame left, top, right, bottom of a drawing."""

    drawing: Drawing
    x: Axis
    y: Axis
    frame: tuple[float, float, float, float] = (52, 34, 388, 262)

    def at(self, x: float, y: float) -> Point:
        """The point of the drawing at which the values x and y lie."""
        left, top, right, bottom = self.frame
        return left + (right - left) * self.x.share(x), bottom - (bottom - top) * self.y.share(y)

    def draw(self) -> None:
        """Draw the frame's two lines, a faint grid, the ticks' numbers and the axes' names."""
        left, top, right, bottom = self.frame
        for tick in self.x.ticks:
            x = self.at(tick, self.y.low)[0]
            self.drawing.line([(x, top), (x, bottom)], "faint", 0.7, opacity=0.45)
            self.drawing.text((x, bottom + 18), self.x.label(tick))
        for tick in self.y.ticks:
            y = self.at(self.x.low, tick)[1]
            self.drawing.line([(left, y), (right, y)], "faint", 0.7, opacity=0.45)
            self.drawing.text((left - 6, y + 4.5), self.y.label(tick), anchor="end")
        self.drawing.line([(left, top), (left, bottom), (right, bottom)], "ink", 1.4)
        self.drawing.text((right, bottom + 38), self.x.name, size=SMALL, anchor="end")
        self.drawing.text((8, top - 16), self.y.name, size=SMALL, anchor="start")

    def curve(self, xs: Sequence[float], ys: Sequence[float], role: Role, thickness: float = 2.2, *, marker: str = "") -> None:
        """Draw a curve through points; with a marker ("circle", "square" or "diamond") at each, to tell it without its colour."""
        points = [self.at(x, y) for x, y in zip(xs, ys, strict=True)]
        self.drawing.line(points, role, thickness)
        for point in points if marker else ():
            self.mark(point, role, marker)

    def mark(self, point: Point, role: Role, marker: str, size: float = 3.2) -> None:
        """Draw one marker at a point of the drawing."""
        if marker == "square":
            self.drawing.box(point, (2 * size, 2 * size), role, radius=0, thickness=1.4)
        elif marker == "diamond":
            self.drawing.diamond(point, size + 1, role=role)
        else:
            self.drawing.circle(point, size, role, thickness=1.4)

    def key(self, y: float, entries: Sequence[tuple[str, Role, str]]) -> None:
        """Draw a key of curves, each name after its line and marker, wrapped at the drawing's width."""
        x = 14.0
        for name, role, marker in entries:
            needed = 34 + width(name, SMALL)
            if x > 14 and x + needed > self.drawing.width - 4:
                x, y = 14.0, y + 20
            self.drawing.line([(x, y - 4.5), (x + 25, y - 4.5)], role, 1.8)
            if marker:
                self.mark((x + 12.5, y - 4.5), role, marker)
            self.drawing.text((x + 31, y), name, anchor="start")
            x += needed + 10
