"""Tables of numbers as HTML, in the roles' colours, with the labels of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from bpdocs.figures.drawing import COLOURS, Lang, Role
from bpdocs.figures.label import runs

_MATHS = "font-family:KaTeX_Main,'STIX Two Math','Cambria Math','Times New Roman',serif"
_STYLES = {
    "italic": " style=\"font-style:italic;font-family:KaTeX_Math,'STIX Two Math','Cambria Math','Times New Roman',serif\"",
    "roman": f' style="{_MATHS}"',
    "prime": "",
}


def html(label: str) -> str:
    """A label (prose with formulas between dollar signs) as HTML.

    >>> html("1 & $2_3$").endswith("<sub>3</sub></span>")
    True
    """
    found = ""
    for run in runs(label):
        text = escape(run.text)
        if run.level:
            tag = "sub" if run.level < 0 else "sup"
            text = f"<{tag}>{text}</{tag}>"
        found += f"<span{_STYLES[run.style]}>{text}</span>" if run.style in _STYLES else text
    return found


def html_table(name: str, lang: Lang, caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], roles: Sequence[Role] | None = None) -> str:
    """An HTML table of labels: the first cell of a row names it, the others are numbers; ``roles`` colours the rows.

    >>> print(html_table("t", "en", "c", ["a"], [["b"]])[:25])
    <div class="bp-table-box"
    """
    rule = f"padding:.35em .6em;border-bottom:1px solid {COLOURS['faint']}"
    # a box that scrolls sideways must be reachable by keyboard
    plain = quoteattr("".join(run.text for run in runs(caption)))
    found = f'<div class="bp-table-box" style="overflow-x:auto;font-size:.9em" tabindex="0" role="region" aria-label={plain}>'
    found += f'<table class="bp-table bp-{name}" lang="{lang}"'
    found += ' style="border-collapse:collapse;margin:0 auto">'
    found += f'<caption style="padding-bottom:.4em;text-align:left">{html(caption)}</caption><thead><tr>'
    # a column is set like its last cell, a number to the right and words to the left
    sides = [_side(cell) for cell in rows[-1]]
    found += "".join(f'<th scope="col" style="{rule};{side}">{html(cell)}</th>' for cell, side in zip(head, sides, strict=True))
    found += "</tr></thead><tbody>"
    for number, row in enumerate(rows):
        colour = f";color:{COLOURS[roles[number]]}" if roles else ""
        found += f'<tr><th scope="row" style="{rule};{sides[0]};font-weight:normal{colour}">{html(row[0])}</th>'
        found += "".join(f'<td style="{rule};{side}">{html(cell)}</td>' for cell, side in zip(row[1:], sides[1:], strict=True)) + "</tr>"
    return found + "</tbody></table></div>"


def _side(cell: str) -> str:
    if cell.lstrip("−").replace(".", "").isdigit():
        return "text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
    return "text-align:left" + (";white-space:nowrap" if cell.startswith("$") and len(cell) < 20 else "")
