"""A page's source with a marker in each formula's place, so that Markdown cannot touch the formulas.

>>> from bpdocs.page import read_page
>>> mark(read_page("The slope is $w_{kj}$.", "notes.md")) == f"The slope is {marker(0)}."
True
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bpdocs.page import Formula, Page

# Two private-use characters: no Markdown extension gives them a meaning, and no text contains them.
_OPEN, _CLOSE = "\ue0b0", "\ue0b1"
MARKER = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

_FENCE = re.compile(r"(?P<prefix>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)(?P<ticks>`{3,}|~{3,})[ \t]*(?P<info>[^`\n]*)\Z")
_EXECUTED = re.compile(r"\bexec\s*=")


def marker(number: int) -> str:
    """Return the marker of a formula."""
    return f"{_OPEN}{number}{_CLOSE}"


def mark(page: Page, insertions: Iterable[tuple[int, str]] = ()) -> str:
    """Return the page's text with each formula replaced by its marker, and the line number written into each executed fence."""
    edits = [(formula.span.start, formula.span.end, _in_place(page.text, formula)) for formula in page.formulas]
    edits += [(at, at, f' bpline="{line}"') for at, line in _executed_fences(page.text)]
    edits += [(at, at, text) for at, text in insertions]
    parts, done = [], 0
    for start, end, text in sorted(edits, key=lambda edit: edit[:2]):
        parts += [page.text[done:start], text]
        done = end
    return "".join([*parts, page.text[done:]])


def fill(html: str, text_of: Callable[[int], str], plain_of: Callable[[int], str]) -> str:
    """Return the HTML with each marker replaced: by `plain_of` inside of tags and the title, by `text_of` elsewhere."""
    if _OPEN not in html:
        return html

    def plain(found: re.Match[str]) -> str:
        return MARKER.sub(lambda one: plain_of(int(one[1])), found[0])

    html = re.sub(rf"<title>[^<]*{_OPEN}[^<]*</title>|<[^<>]*{_OPEN}[^<>]*>", plain, html)
    return MARKER.sub(lambda one: text_of(int(one[1])), html)


def _in_place(text: str, formula: Formula) -> str:
    """Return what stands for a formula; of a fenced block, its indentation and its line end stay."""
    source = text[formula.span.start : formula.span.end]
    fence = _FENCE.match(source.split("\n", 1)[0])
    if fence is None:
        return marker(formula.number)
    return fence["prefix"] + marker(formula.number) + ("\n" if source.endswith("\n") else "")


def _executed_fences(text: str) -> list[tuple[int, int]]:
    """Return, for each fence that is to be run, the offset of the end of its first line, and that line's number."""
    found, open_ticks, at = [], "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        end = at + len(line.rstrip())
        at += len(line) + 1
        fence = _FENCE.match(line.rstrip())
        if fence is None:
            continue
        if open_ticks:
            if fence["ticks"].startswith(open_ticks) and not fence["info"]:
                open_ticks = ""
            continue
        open_ticks = fence["ticks"]
        if _EXECUTED.search(fence["info"]) and not fence["info"].rstrip().endswith("}"):
            found.append((end, number))
    return found
