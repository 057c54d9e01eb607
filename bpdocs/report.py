"""Results as text for a terminal, as JSON for programs, as annotations for GitHub."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bpdocs.diagnostic import Diagnostic
from bpdocs.results import Result

_GREEN, _RED, _END = "\x1b[32m", "\x1b[31m", "\x1b[0m"


@dataclass(frozen=True)
class Counts:
    """How many claims there are and how they stand; a claim that is exempt is not among the checked ones."""

    checked: int
    agree: int
    fulfilled: int
    unchecked: int
    allowed: int


def count(results: Iterable[Result]) -> Counts:
    """Return the counts over all claims of the results."""
    results = list(results)
    claims = [row for result in results for row in result.claims]
    exempt = [row for row in claims if row.expected == "unchecked"]
    tested = [row for row in claims if row.expected != "unchecked" and not row.allowed]
    return Counts(
        checked=len(tested),
        agree=sum(row.verdict == "agree" and row.ok for row in tested),
        fulfilled=sum(row.fulfilled for row in tested),
        unchecked=len(exempt),
        allowed=sum(row.allowed for result in results for row in result.rows),
    )


def diagnostics(results: Iterable[Result]) -> Iterator[Diagnostic]:
    """Yield everything that makes the results fail, page by page, in the order of the page."""
    for result in results:
        found = [diagnostic for row in result.rows if not row.ok and not row.allowed for diagnostic in row.diagnostics]
        yield from sorted([*found, *result.problems], key=lambda diagnostic: (diagnostic.line, diagnostic.column))


def too_many_exempt(results: Sequence[Result]) -> Diagnostic | None:
    """Return the complaint that more than one claim of a hundred is exempt from the check (one formula always may be), or None."""
    every = sum(len(result.claims) for result in results)
    exempt = [(result, row) for result in results for row in result.claims if row.expected == "unchecked"]
    if len({(result.path, row.formula) for result, row in exempt}) <= 1 or 100 * len(exempt) <= every:
        return None
    result, row = exempt[-1]
    message = f"{len(exempt)} of {every} claims are exempt from the check, and at most one of a hundred may be"
    return Diagnostic(result.path, row.line, row.column, 1, message, "check them, or state them in words")


def as_json(results: Sequence[Result]) -> dict[str, Any]:
    """Return the object that `bpdocs check --json` prints."""
    counts = count(results)
    relations = [
        {
            "path": result.path,
            "line": row.line,
            "column": row.column,
            "latex": row.latex,
            "kind": row.kind,
            "verdict": row.verdict,
            "proved": row.proved,
            "expected": row.expected,
            "error": row.error,
            "message": row.message,
            "suggestion": row.suggestion,
        }
        for result in results
        for row in result.rows
    ]
    return {
        "relations": relations,
        "checked": counts.checked,
        "agree": counts.agree,
        "fulfilled": counts.fulfilled,
        "unchecked": counts.unchecked,
    }


def as_text(results: Sequence[Result], complaints: Sequence[Diagnostic], color: bool = False) -> str:
    """Return the complaints, each with its source line, and a summary in one line."""
    parts = [diagnostic.render(color) for diagnostic in complaints]
    return "\n\n".join([*parts, summary(results, complaints, color)])


def summary(results: Sequence[Result], complaints: Sequence[Diagnostic], color: bool = False) -> str:
    """Return one line: how many claims on how many pages, how many of them agree, what is wrong."""
    counts = count(results)
    words = [f"{_number(counts.checked, 'claim')} on {_number(len(results), 'page')}", f"{counts.agree} agree"]
    if proved := sum(row.proved for result in results for row in result.claims):
        words[-1] += f" ({proved} proved)"
    if counts.fulfilled:
        words.append(f"{counts.fulfilled} wrong as announced")
    if counts.unchecked:
        words.append(f"{counts.unchecked} unchecked")
    if counts.allowed:
        words.append(f"{counts.allowed} unread but in the baseline")
    words.append(_number(len(complaints), "problem") if complaints else "no problems")
    line = ", ".join(words)
    if not color:
        return line
    return f"{_RED if complaints else _GREEN}{line}{_END}"


def as_github(complaints: Iterable[Diagnostic]) -> str:
    """Return one workflow command a complaint, which GitHub shows beside the line."""
    return "\n".join(_annotation(diagnostic) for diagnostic in complaints)


def _annotation(diagnostic: Diagnostic) -> str:
    place = {
        "file": diagnostic.path,
        "line": diagnostic.line,
        "col": diagnostic.column,
        "endColumn": diagnostic.column + diagnostic.length,
    }
    properties = ",".join(f"{name}={_escape(str(value), more=True)}" for name, value in place.items())
    text = diagnostic.message + (f"\nhelp: {diagnostic.suggestion}" if diagnostic.suggestion else "")
    return f"::error {properties}::{_escape(text)}"


def _escape(text: str, more: bool = False) -> str:
    """Return the text with the characters escaped that would end the command, or a property of it."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if more else text


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
