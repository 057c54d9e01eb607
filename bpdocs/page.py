r"""A page of Markdown, read into its formulas, scopes and settings; nothing on it is executed.

>>> page = read_page("The slope is $w$.\n\n$$\ny = w x\n$$\n", "notes.md")
>>> [(formula.latex.strip(), formula.display) for formula in page.formulas]
[('w', False), ('y = w x', True)]
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import yaml

from bpdocs.diagnostic import Diagnostic, PageError, Span, diagnostic_at
from bpdocs.markdown import Region, scan

_DEEPEST = 40
_MOST = 60_000_000  # characters of a file
SETTING_KEYS = ("functions", "names", "assume", "layout", "uses")


@dataclass(frozen=True)
class Settings:
    """What LaTeX cannot say, from the front matter or a leading comment."""

    functions: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    layout: str = "numerator"
    uses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """A stretch of the page with definitions of its own; `parent` is None for the page and for fresh scopes."""

    number: int
    parent: int | None
    span: Span


@dataclass(frozen=True)
class Formula:
    """One formula as it stands on the page."""

    number: int
    span: Span
    content: Span
    latex: str
    display: bool
    scope: int
    section: int
    wrong: bool = False
    unchecked: str | None = None


@dataclass(frozen=True)
class Page:
    """A page and all that was read from it; offsets are into `text` (no byte-order mark, LF line ends)."""

    path: str
    text: str
    settings: Settings
    formulas: tuple[Formula, ...]
    scopes: tuple[Scope, ...]
    problems: tuple[Diagnostic, ...]
    lines: tuple[int, ...] = field(default=(), repr=False)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def diagnostic(self, span: Span, message: str, suggestion: str = "") -> Diagnostic:
        """Return a message about a stretch of this page, with the line numbers of the file."""
        found = diagnostic_at(self.path, self.text, span, message, suggestion)
        if not self.lines:
            return found
        return Diagnostic(self.path, self.lines[found.line - 1], found.column, found.length, message, suggestion, found.source)


def read_page(text: str, path: str) -> Page:
    """Return the page in `text` (Markdown, or the JSON of a notebook); raise PageError for bad front matter."""
    lines: tuple[int, ...] = ()
    if len(text) > _MOST:
        raise PageError(diagnostic_at(path, text[:100], Span(0, 1), f"a file of more than {_MOST // 1_000_000} million characters", "split it"))
    if path.endswith(".ipynb"):
        text, lines = _markdown_of_notebook(text, path)
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    settings, start = _front_matter(text, path)
    regions, problems = scan(text, start)
    builder = _Builder(text, path, settings)
    for region in regions:
        builder.add(region)
    for span, message in problems:
        builder.problem(span, message)
    return builder.page(lines)


class _Builder:
    def __init__(self, text: str, path: str, settings: Settings) -> None:
        self.text, self.path, self.settings = text, path, settings
        self.formulas: list[Formula] = []
        self.scopes = [Scope(0, None, Span(0, len(text)))]
        self.open: list[tuple[int, str]] = [(0, "page")]
        self.section = 0
        self.wrong: Span | None = None
        self.unchecked: tuple[Span, str] | None = None
        self.problems: list[Diagnostic] = []

    def problem(self, span: Span, message: str, suggestion: str = "") -> None:
        self.problems.append(diagnostic_at(self.path, self.text, span, message, suggestion))

    def add(self, region: Region) -> None:
        match region.kind:
            case "heading":
                self.section += 1
            case "fold":
                self._enter(region.span, fresh=False, how="fold")
            case "unfold":
                self._leave(region.span, "fold")
            case "comment":
                self._comment(region)
            case _:
                self._formula(region)

    def _formula(self, region: Region) -> None:
        unchecked = self.unchecked if region.kind == "display" else None
        self.formulas.append(
            Formula(
                number=len(self.formulas),
                span=region.span,
                content=region.content,
                latex=region.body,
                display=region.kind == "display",
                scope=self.open[-1][0],
                section=self.section,
                wrong=self.wrong is not None,
                unchecked=unchecked[1] if unchecked else None,
            )
        )
        self.wrong = None
        if unchecked:
            self.unchecked = None

    def _enter(self, span: Span, *, fresh: bool, how: str) -> None:
        number = len(self.scopes)
        self.scopes.append(Scope(number, None if fresh else self.open[-1][0], span))
        self.open.append((number, how))

    def _leave(self, span: Span, how: str) -> None:
        while how == "fold" and len(self.open) > 1 and self.open[-1][1] == "scope":
            left, _ = self.open.pop()
            self.problem(self.scopes[left].span, "this scope is not closed inside its folded block", "add <!-- bpdocs: end -->")
        if len(self.open) > 1 and self.open[-1][1] == how:
            self.open.pop()
        else:
            self.problem(span, "an end without a scope", "remove it, or open a scope before it: <!-- bpdocs: scope -->")

    def _comment(self, region: Region) -> None:
        words = region.body.strip()
        if words == "wrong":
            self.wrong = region.span
        elif words in ("scope", "scope fresh"):
            self._enter(region.span, fresh=words.endswith("fresh"), how="scope")
        elif words == "end":
            self._leave(region.span, "scope")
        elif found := re.fullmatch(r'unchecked\s+reason\s*=\s*["“](.+?)["”]', words, re.S):
            self.unchecked = (region.span, found[1].strip())
        elif words.split(":")[0].strip() in SETTING_KEYS:
            self.settings = _settings(_yaml(words, self.path, self.text, region.span), self.path, self.text, region.span)
        else:
            self.problem(
                region.span,
                f"unknown directive “{words.splitlines()[0] if words else ''}”",
                'known are: wrong; unchecked reason="…"; scope; scope fresh; end; and settings such as functions: [f]',
            )

    def page(self, lines: tuple[int, ...]) -> Page:
        for number, how in self.open[1:]:
            if how == "scope":
                self.problem(self.scopes[number].span, "this scope is never closed", "add <!-- bpdocs: end --> where it ends")
        for left in (self.wrong, self.unchecked[0] if self.unchecked else None):
            if left is not None:
                self.problem(left, "no formula follows this directive", "put it right before the formula that it speaks of")
        problems = tuple(
            Diagnostic(p.path, lines[p.line - 1], p.column, p.length, p.message, p.suggestion, p.source) if lines else p
            for p in sorted(self.problems, key=lambda p: (p.line, p.column))
        )
        return Page(self.path, self.text, self.settings, tuple(self.formulas), tuple(self.scopes), problems, lines)


def _front_matter(text: str, path: str) -> tuple[Settings, int]:
    found = re.match(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", text, re.S | re.M)
    if not found:
        return Settings(), 0
    span = Span(found.start(1), found.end(1))
    data = _yaml(found[1], path, text, span)
    return _settings(data.get("bpdocs", {}), path, text, span), found.end()


class _Loader(yaml.SafeLoader):
    """Reads plain data, and what one alias stands for but once: those that stand for one another would have no end."""

    deep = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node; raise for one that is too deep."""
        self.deep += 1
        if self.deep > _DEEPEST:
            raise yaml.composer.ComposerError(None, None, f"more than {_DEEPEST} levels within one another", getattr(parent, "start_mark", None))
        try:
            return super().compose_node(parent, index)
        finally:
            self.deep -= 1

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Raise for a mapping that takes in others (`<<`)."""
        if any(key.tag == "tag:yaml.org,2002:merge" for key, _ in node.value):
            raise yaml.constructor.ConstructorError(None, None, "`<<` is not read here", node.start_mark)


def _yaml(source: str, path: str, text: str, span: Span) -> dict[str, object]:
    try:
        data = yaml.load(source, Loader=_Loader)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError) as error:
        # What the YAML library itself does not expect: a 99th month, a number of no digits.
        raise PageError(diagnostic_at(path, text, span, "malformed front matter: a value that YAML cannot make", f"write it as text, in quotes ({error})")) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = min(span.start + (mark.index if mark else 0), max(span.start, span.end - 1))
        why = getattr(error, "problem", None) or "not YAML"
        raise PageError(diagnostic_at(path, text, Span(at, at + 1), f"malformed front matter: {why}", "write YAML")) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise PageError(diagnostic_at(path, text, span, "malformed front matter: keys and values are wanted", "title: …"))
    return data


def _settings(data: object, path: str, text: str, span: Span) -> Settings:
    def fail(message: str, suggestion: str, word: str = "bpdocs") -> PageError:
        at = text.find(word, span.start, span.end)
        place = Span(at, at + len(word)) if at >= 0 else span
        return PageError(diagnostic_at(path, text, place, f"malformed front matter: {message}", suggestion))

    if data is None:
        return Settings()
    if not isinstance(data, dict):
        raise fail("`bpdocs` wants keys and values", "bpdocs: {functions: [f]}")
    values: dict[str, object] = {}
    for key, value in data.items():
        if key not in SETTING_KEYS:
            raise fail(f"unknown key `{key}`", f"known are: {', '.join(SETTING_KEYS)}", str(key))
        if key == "layout":
            if value not in ("numerator", "denominator"):
                raise fail(f"layout `{value if isinstance(value, str) else type(value).__name__}`", "layout: numerator, or layout: denominator", "layout")
            values[key] = value
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            values[key] = tuple(value)
        else:
            raise fail(f"`{key}` wants a list of texts", f'{key}: ["…"]', str(key))
    return Settings(**values)  # type: ignore[arg-type]


def _markdown_of_notebook(text: str, path: str) -> tuple[str, tuple[int, ...]]:
    try:
        cells = json.loads(text)["cells"]
        sources: list[str | list[str]] = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
        if not all(isinstance(piece, str) for source in sources for piece in source):
            raise TypeError("a cell's source is text, or a list of texts")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PageError(diagnostic_at(path, text, Span(0, 1), f"not a notebook: {error}")) from None
    numbers, parts = [], []
    at = 1
    strings = _strings(text)
    for source in sources:
        for piece in source if isinstance(source, list) else [source]:
            at = next((line for line, string in strings if string == piece), at)
            numbers += [at] * piece.count("\n")
        numbers += [at, at]
        parts += ["".join(source), ""]
    return "\n".join(parts), tuple(numbers or [1])


def _strings(text: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a JSON text with their lines, in order."""
    line, last = 1, 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"', text, re.S):
        line += text.count("\n", last, found.start())
        last = found.start()
        yield line, json.loads(found[0], strict=False)
