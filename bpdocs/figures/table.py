"""Tables of numbers as HTML, in the roles' colours, with the labels of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

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
    found = f'<div class="bp-table-box" style="overflow-x:auto"><table class="bp-table bp-{name}" lang="{lang}"'
    found += f' style="border-collapse:collapse;margin:0 auto"><caption style="padding-bottom:.4em">{html(caption)}</caption><thead><tr>'
    found += "".join(f'<th scope="col" style="{rule};text-align:{_side(number)}">{html(cell)}</th>' for number, cell in enumerate(head))
    found += "</tr></thead><tbody>"
    for number, row in enumerate(rows):
        colour = f";color:{COLOURS[roles[number]]}" if roles else ""
        found += f'<tr><th scope="row" style="{rule};text-align:left;font-weight:normal{colour}">{html(row[0])}</th>'
        numbers = f"{rule};text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
        found += "".join(f'<td style="{numbers}">{html(cell)}</td>' for cell in row[1:]) + "</tr>"
    return found + "</tbody></table></div>"


def _side(column: int) -> str:
    return "right" if column else "left"
