"""A drawing: SVG elements with the site's four roles, told apart by colour and by shape or dash, never by colour alone."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal
from xml.sax.saxutils import escape

from bpdocs.figures.label import number, tspans, width

Lang = Literal["ko", "en"]
Role = Literal["value", "gradient", "parameter", "target", "ink", "faint", "paper"]
Point = tuple[float, float]

# The site's style sheet sets the properties for light, dark and print. The fallbacks hold on white and on dark paper alike
# (contrast ≥ 4.5 and ≥ 3.5), for a figure that is taken out of the site.
COLOURS: dict[Role, str] = {
    "value": "var(--bp-value, #2176b5)",
    "gradient": "var(--bp-gradient, #c8501e)",
    "parameter": "var(--bp-parameter, #0b8060)",
    "target": "var(--bp-target, #a355a8)",
    "ink": "var(--bp-ink, currentColor)",
    "faint": "var(--bp-faint, #8a8f98)",
    "paper": "var(--bp-paper, var(--md-default-bg-color, Canvas))",
}
DASHES: dict[Role, str] = {"gradient": "6 4", "target": "1.5 4"}
SMALL, MATHS = 13.0, 16.0


def check_lang(lang: str) -> Lang:
    """The language, if figures speak it; raises ValueError otherwise.

    >>> check_lang("en")
    'en'
    """
    if lang not in ("ko", "en"):
        raise ValueError(f'figures have labels in "ko" and "en", not in {lang!r}')
    return "ko" if lang == "ko" else "en"


@dataclass
class Drawing:
    """Elements in the order in which they are painted, on a paper of given size; 400 wide is a phone's column at 0.86 px a unit.

    >>> drawing = Drawing(400, 100)
    >>> drawing.circle((50, 50), 20, "value", "$x_i$")
    >>> drawing.render("demo", "en", title="One node", desc="An input x_i.")[:34]
    '<svg xmlns="http://www.w3.org/2000'
    """

    width: float
    height: float
    elements: list[str] = field(default_factory=list)

    def text(
        self,
        at: Point,
        label: str,
        role: Role = "ink",
        size: float = SMALL,
        anchor: str = "middle",
        *,
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """Write a label with its baseline at a point; a halo of paper keeps it readable where it crosses a line."""
        attributes = f'x="{number(at[0])}" y="{number(at[1])}" font-size="{number(size)}" text-anchor="{anchor}" fill="{COLOURS[role]}"'
        if bold:
            attributes += ' font-weight="600"'
        if halo:
            attributes += f' stroke="{COLOURS["paper"]}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'
        self.elements.append(f"<text {attributes}>{tspans(label, size)}</text>")

    def line(self, points: Sequence[Point], role: Role, thickness: float = 1.5, *, dash: bool = True, opacity: float = 1) -> None:
        """Draw a line through points; the role gives the colour and, unless ``dash`` is false, the dash."""
        path = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
        attributes = f'd="{path}" fill="none" stroke="{COLOURS[role]}" stroke-width="{number(thickness)}" stroke-linejoin="round"'
        if dash and role in DASHES:
            attributes += f' stroke-dasharray="{DASHES[role]}"' + (' stroke-linecap="round"' if role == "target" else "")
        if opacity != 1:
            attributes += f' opacity="{number(opacity)}"'
        self.elements.append(f"<path {attributes}/>")

    def arrow(self, start: Point, end: Point, role: Role, thickness: float = 1.5, *, head: float = 7) -> None:
        """Draw a straight arrow; its head is a triangle of the role's colour."""
        dx, dy = end[0] - start[0], end[1] - start[1]
        length = math.hypot(dx, dy)
        ux, uy = dx / length, dy / length
        base = (end[0] - head * ux, end[1] - head * uy)
        self.line([start, base], role, thickness)
        side = head * 0.45
        corners = [end, (base[0] - side * uy, base[1] + side * ux), (base[0] + side * uy, base[1] - side * ux)]
        points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
        self.elements.append(f'<polygon points="{points}" fill="{COLOURS[role]}"/>')

    def circle(self, at: Point, radius: float, role: Role, label: str = "", *, size: float = MATHS, thickness: float = 1.8) -> None:
        """Draw a value's circle with its symbol inside."""
        place = f'cx="{number(at[0])}" cy="{number(at[1])}" r="{number(radius)}"'
        self.elements.append(f"<circle {place} {_outline(role, thickness)}/>")
        self._inside(at, label, size)

    def box(
        self,
        at: Point,
        size: Point,
        role: Role,
        label: str = "",
        *,
        font: float = MATHS,
        radius: float = 3,
        thickness: float = 1.8,
        tint: float = 0,
        dash: bool = False,
        hollow: bool = False,
    ) -> None:
        """Draw a rectangle centred at a point with a label inside; ``tint`` is the share of colour in it, ``hollow`` leaves it open."""
        w, h = size
        place = f'x="{number(at[0] - w / 2)}" y="{number(at[1] - h / 2)}" width="{number(w)}" height="{number(h)}" rx="{number(radius)}"'
        outline = _outline(role, thickness, tint, hollow) + (f' stroke-dasharray="{DASHES[role]}"' if dash and role in DASHES else "")
        self.elements.append(f"<rect {place} {outline}/>")
        self._inside(at, label, font)

    def diamond(self, at: Point, radius: float, label: str = "", *, size: float = MATHS, role: Role = "target") -> None:
        """Draw a target's diamond with its symbol inside."""
        x, y = at
        points = " ".join(f"{number(a)},{number(b)}" for a, b in [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)])
        self.elements.append(f'<polygon points="{points}" {_outline(role, 1.8)} stroke-dasharray="{DASHES["target"]}" stroke-linecap="round"/>')
        self._inside(at, label, size)

    def _inside(self, at: Point, label: str, size: float) -> None:
        if label:
            self.text((at[0], at[1] + size * 0.28), label, "ink", size)

    def legend(self, y: float, entries: Sequence[tuple[Role, str]], *, start: float = 14, size: float = SMALL) -> float:
        """Draw a key of roles, each with its shape and dash, wrapped at the drawing's width; returns the last baseline."""
        x = start
        for role, words in entries:
            needed = 34 + width(words, size)
            if x > start and x + needed > self.width - 4:
                x, y = start, y + 20
            _sample(self, role, x, y - 4.5)
            self.text((x + 30, y), words, "ink", size, "start")
            x += needed + 12
        return y

    def render(self, name: str, lang: Lang, *, title: str, desc: str, max_width: float = 560) -> str:
        """The drawing as inline SVG: fills its column up to ``max_width`` px; title and description are its text alternative."""
        body = "".join(self.elements)
        # an id of its own for each drawing of a page, and the same one at every build
        key = hashlib.sha256(f"{name} {lang} {title} {desc} {body}".encode()).hexdigest()[:8]
        prefix = f"bp-{name}-{key}"
        # a width of its own, not 100 %: in a figure that shrinks to its content, a percentage would leave it 300 px wide
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="bp-drawing" role="img" lang="{lang}" '
            f'aria-labelledby="{prefix}-title {prefix}-desc" viewBox="0 0 {number(self.width)} {number(self.height)}" width="{number(max_width)}" '
            'style="display:block;margin:1em auto;max-width:100%;height:auto">'
        )
        alternative = f'<title id="{prefix}-title">{escape(title)}</title><desc id="{prefix}-desc">{escape(desc)}</desc>'
        return f"{head}{alternative}{body}</svg>"


def _outline(role: Role, thickness: float, tint: float = 0, hollow: bool = False) -> str:
    fill = f'fill="{COLOURS[role]}" fill-opacity="{number(tint)}"' if tint else f'fill="{"none" if hollow else COLOURS["paper"]}"'
    return f'{fill} stroke="{COLOURS[role]}" stroke-width="{number(thickness)}"'


def _sample(drawing: Drawing, role: Role, x: float, y: float) -> None:
    """The key's sample of a role: its line, with its shape or arrow."""
    if role == "gradient":
        drawing.arrow((x + 25, y), (x, y), role)
    elif role == "parameter":
        drawing.line([(x, y), (x + 25, y)], role, 3)
        drawing.box((x + 12.5, y), (9, 9), role, radius=1)
    elif role == "target":
        drawing.line([(x, y), (x + 25, y)], role)
        drawing.diamond((x + 12.5, y), 6)
    elif role == "value":
        drawing.arrow((x, y), (x + 25, y), role)
        drawing.circle((x + 7, y), 4.5, role)
    else:
        drawing.line([(x, y), (x + 25, y)], role)
