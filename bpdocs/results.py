"""What the faces need of a checked page, small enough to keep on disk: one row a relation, and what is to be said of the page itself."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bpdocs.cache import Cache, digest, package_digest
from bpdocs.diagnostic import Diagnostic, Span
from bpdocs.inputs import taken

if TYPE_CHECKING:
    from bpdocs.check import Checked, PageReport
    from bpdocs.inputs import Source
    from bpdocs.page import Page


@dataclass(frozen=True)
class Row:
    """One relation of a page and what is known of it; `allowed` is set where a baseline excuses it."""

    line: int
    column: int
    latex: str
    kind: str
    verdict: str | None
    proved: bool
    expected: str
    error: float | None
    points: int
    message: str
    suggestion: str
    ok: bool
    diagnostics: tuple[Diagnostic, ...] = ()
    allowed: bool = False
    formula: int = -1

    @property
    def fulfilled(self) -> bool:
        """Whether it is shown as an error, and is one."""
        return self.expected == "wrong" and self.verdict == "disagree"


@dataclass(frozen=True)
class Result:
    """A checked page: its relations in order, and the problems that belong to none of them."""

    path: str
    formulas: int
    rows: tuple[Row, ...]
    problems: tuple[Diagnostic, ...] = ()

    @property
    def claims(self) -> tuple[Row, ...]:
        """The relations that are checked and counted."""
        return tuple(row for row in self.rows if row.kind == "claim")

    @property
    def ok(self) -> bool:
        """Whether there is nothing to complain about (a page without a claim is a matter for who asks)."""
        return not self.problems and all(row.ok or row.allowed for row in self.rows)


def checked(text: str, path: str, cache: Cache | None = None) -> Result:
    """Return the result for a page, from the cache if this very text was checked by this very bpdocs; raise PageError."""
    if cache is None:
        return _check(text, path)
    if (found := stored(text, path, cache)) is not None:
        return found
    result = _check(text, path)
    keep(result, text, cache)
    return result


def check_source(source: Source) -> Result:
    """Return the result for a page, checked afresh; raise PageError."""
    return _check(source.text, source.path)


def stored(text: str, path: str, cache: Cache) -> Result | None:
    """Return the result that the cache has for this very text, or None; raise PageError."""
    raw = cache.get(_key(text, path))
    return load(raw) if raw is not None else None


def keep(result: Result, text: str, cache: Cache) -> None:
    """Put a result into the cache."""
    cache.put(_key(text, result.path), dump(result))


def _key(text: str, path: str) -> str:
    return digest("result", package_digest(), path, text, *taken_texts(text, path))


def summarise(report: PageReport) -> Result:
    """Return the rows of a report, each failed one with the diagnostic at its place, or else within it."""
    page, rest = report.page, list(report.diagnostics)
    rows = []
    for relation in report.relations:
        mine: list[Diagnostic] = []
        if not relation.ok:
            exact = [found for found in rest if (found.line, found.column) == (relation.line, relation.column)]
            # One each: several relations of a row that is not read stand at the same place.
            mine = exact[:1] or [found for found in rest if _within(found, relation.span, page)][:1]
            for found in mine:
                rest.remove(found)
            mine = mine or [page.diagnostic(relation.span, relation.message or str(relation.verdict), relation.suggestion)]
        rows.append(_row(relation, tuple(mine)))
    return Result(page.path, len(page.formulas), tuple(rows), tuple(rest))


def dump(result: Result) -> bytes:
    """Return the result as JSON, to be read back by `load`."""
    return json.dumps(asdict(result)).encode()


def load(stored: bytes) -> Result | None:
    """Return the result that `dump` wrote, or None for anything else."""
    try:
        data: dict[str, Any] = json.loads(stored)
        rows = tuple(Row(**{**row, "diagnostics": _diagnostics(row["diagnostics"])}) for row in data["rows"])
        return Result(data["path"], data["formulas"], rows, _diagnostics(data["problems"]))
    except (ValueError, KeyError, TypeError):
        return None


def allow(result: Result, latex: list[str]) -> Result:
    """Return the result with those unread relations excused whose LaTeX is listed, each entry once; used entries leave the list."""
    rows = []
    for row in result.rows:
        if not row.ok and row.verdict == "unread" and row.latex in latex:
            latex.remove(row.latex)
            row = replace(row, allowed=True)
        rows.append(row)
    return replace(result, rows=tuple(rows))


def _check(text: str, path: str) -> Result:
    from bpdocs.check import check_page

    return summarise(check_page(text, path))


def taken_texts(text: str, path: str) -> list[str]:
    """Return name and text of every page whose definitions this one takes over, directly or not."""
    from bpdocs.page import read_page

    parts: list[str] = []
    seen: set[Path] = set()
    todo = [(text, path)]
    while todo:
        source, name = todo.pop()
        if "uses" not in source:  # reading a page costs more than looking at it
            continue
        for other in read_page(source, name).settings.uses:
            target = Path(name).parent / other
            if target in seen:
                continue
            seen.add(target)
            try:
                content = taken(target)
            except (OSError, ValueError) as error:
                parts += [str(target), type(error).__name__]
                continue
            parts += [str(target), content.decode("utf-8", "surrogateescape")]
            todo.append((parts[-1], str(target)))
    return parts


def _row(relation: Checked, diagnostics: tuple[Diagnostic, ...]) -> Row:
    error = relation.error if relation.error is None or math.isfinite(relation.error) else None
    return Row(
        line=relation.line,
        column=relation.column,
        latex=relation.latex,
        kind=relation.kind,
        verdict=relation.verdict,
        proved=relation.proved,
        expected=relation.expected,
        error=None if error is None else float(error),
        points=relation.points,
        message=relation.message,
        suggestion=relation.suggestion,
        ok=relation.ok,
        diagnostics=diagnostics,
        formula=relation.formula,
    )


def _within(found: Diagnostic, span: Span, page: Page) -> bool:
    """Return whether a diagnostic points into a span, in the line numbers of the file."""
    first, last = page.diagnostic(Span(span.start, span.start), ""), page.diagnostic(Span(span.end, span.end), "")
    return (first.line, first.column) <= (found.line, found.column) <= (last.line, last.column)


def _diagnostics(data: list[dict[str, Any]]) -> tuple[Diagnostic, ...]:
    return tuple(Diagnostic(**one) for one in data)
