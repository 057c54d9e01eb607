"""How much of a text's displayed maths can be read, for texts that define no program: Markdown, or JSON lists of `{"latex": …}`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bpdocs.diagnostic import PageError, Span, diagnostic_at, locate
from bpdocs.inputs import Source


@dataclass(frozen=True)
class Display:
    """One displayed formula; an empty message means that it reads whole."""

    path: str
    line: int
    latex: str
    message: str


def displays(source: Source) -> list[Display]:
    """Return the displays of a page, or of a JSON list of formulas, each with what stopped the reader."""
    if source.path.endswith(".json"):
        return [Display(source.path, line, latex, _message(latex)) for line, latex in _listed(source)]
    from bpdocs.page import read_page

    page = read_page(source.text, source.path)
    shown = [formula for formula in page.formulas if formula.display]
    return [Display(source.path, page.diagnostic(f.span, "").line, f.latex, _message(f.latex)) for f in shown]


def as_json(found: Sequence[Display]) -> dict[str, Any]:
    """Return the object that `bpdocs parse --json` prints."""
    unread = [display for display in found if display.message]
    return {
        "displays": len(found),
        "whole": len(found) - len(unread),
        "unread": [{"path": d.path, "line": d.line, "latex": d.latex, "message": d.message} for d in unread],
    }


def as_text(found: Sequence[Display]) -> str:
    """Return one paragraph a display that is not read whole, and the share of those that are."""
    unread = [display for display in found if display.message]
    parts = [f"{d.path}:{d.line}: {d.message}\n   {' '.join(d.latex.split())}" for d in unread]
    share = f" ({100 * (len(found) - len(unread)) / len(found):.1f} %)" if found else ""
    return "\n".join([*parts, f"{len(found) - len(unread)} of {len(found)} displays read whole{share}"])


def _message(latex: str) -> str:
    from bpdocs import notation

    parse_display: Callable[[str], Sequence[Any]] = notation.parse_display
    problems = parse_display(latex)
    return str(problems[0].message) if problems else ""


def _listed(source: Source) -> list[tuple[int, str]]:
    """Return line and LaTeX of each entry of a JSON list; raise PageError if it is no such list."""

    def fail(message: str, at: int = 0) -> PageError:
        return PageError(diagnostic_at(source.path, source.text, Span(at, at + 1), message))

    try:
        data = json.loads(source.text)
    except json.JSONDecodeError as error:
        raise fail(f"not JSON: {error.msg}", error.pos) from None
    except (ValueError, RecursionError) as error:
        raise fail(f"JSON that cannot be read: {error}") from None
    if not isinstance(data, list):
        raise fail('a JSON list of {"latex": …} is wanted')
    found: list[tuple[int, str]] = []
    at = 0
    for entry in data:
        latex = entry.get("latex") if isinstance(entry, dict) else None
        if not isinstance(latex, str):
            raise fail(f'entry {len(found)} has no "latex"')
        written = (json.dumps(latex), json.dumps(latex, ensure_ascii=False))
        at = next((place for text in written if (place := source.text.find(text, at)) >= 0), at)
        found.append((locate(source.text, at)[0], latex))
        at += 1
    return found
