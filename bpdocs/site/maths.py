"""The formulas of one page on their way into its HTML: placed, glued to their particles, typeset, numbered and marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from bpdocs.check import Checked, PageReport
from bpdocs.diagnostic import Diagnostic, Span, width
from bpdocs.page import Formula, Page
from bpdocs.site import marks
from bpdocs.site.katex import Typeset, Typesetter, definitions, without_definitions
from bpdocs.site.markers import MARKER, fill, marker
from bpdocs.site.plain import plain
from bpdocs.site.words import words

_GLUED = 24  # columns: what is wider may break inside, or it would not fit on a small phone
_WORD_JOINER = "\u2060"
_CARRIED = r"(?:[^\s<>\ue0b0\ue0b1]|</?(?:strong|em|b|i|a|mark|sup|sub)\b[^<>]*>)*"
_RUN = re.compile(f"{_CARRIED}(?:{MARKER.pattern.replace('(', '(?:')}{_CARRIED})+")
_PARAGRAPH = re.compile(r"<p(?P<attributes>[^<>]*)>(?P<body>(?:(?!</?p[ >]).)*?)</p>", re.S)
_BLOCK_END = re.compile(r"</(?:p|li|td|th|dd|dt|h[1-6]|summary|div)>")
_DIRECTIVE = re.compile(r"<!--\s*bpdocs:.*?-->[ \t]*\n?", re.S)
_HOLDER = re.compile(r'(<span class="bp-math[^"]*" data-bp="(\d+)"[^<>]*>)[^<]*</span>')


@dataclass(frozen=True)
class Shown:
    """A formula of the page, ready to be put in; `label` is the number that the reader sees."""

    display: bool
    plain: str
    typeset: Typeset
    label: int | None = None


class PageMaths:
    """All formulas of one page; `problems` are those that KaTeX cannot typeset."""

    def __init__(
        self,
        report: PageReport,
        typesetter: Typesetter,
        mutants: Mapping[int, tuple[int, int]] | None,
        language: str,
        loose: list[Diagnostic],
    ) -> None:
        """Typeset every formula; `loose` are the problems of the page that no check of its formulas has found."""
        self._page, self._typesetter, self._mutants, self._language = report.page, typesetter, mutants, language
        self._relations: dict[int, list[tuple[int, Checked]]] = defaultdict(list)
        for index, relation in enumerate(report.relations):
            self._relations[relation.formula].append((index, relation))
        self.problems: list[Diagnostic] = []
        self._faults: dict[int, list[Diagnostic]] = defaultdict(list)
        self._loose: list[Diagnostic] = []
        for found in [*report.diagnostics, *loose]:
            self._place(found)
        self._preamble = ""
        self._shown: list[Shown] = []
        labels = 0
        for formula in report.page.formulas:
            latex = report.typeset(formula.number)
            kinds = {relation.kind for _, relation in self._relations[formula.number]}
            numbered = formula.display and bool(kinds & {"claim", "definition"})
            labels += numbered
            self._shown.append(Shown(formula.display, plain(latex), self._typeset(formula, latex), labels if numbered else None))
            self._preamble += definitions(latex)

    def add(self, page: Page) -> int:
        """Take over the formulas of a text that a code block printed; return the number that its first formula now has."""
        first = len(self._shown)
        for formula in page.formulas:
            typeset = self._typesetter.typeset(formula.latex, display=formula.display, preamble=self._preamble)
            self._shown.append(Shown(formula.display, plain(formula.latex), typeset))
        return first

    def fail(self, found: Diagnostic) -> None:
        """Note a problem that was met while the page was rendered, to be shown at its head."""
        self._loose.append(found)

    @property
    def anchors(self) -> set[str]:
        """The ids that the displays get, for links to them."""
        return {f"eq-{shown.label}" for shown in self._shown if shown.label}

    def plain(self, number: int) -> str:
        """Return a formula as text, to stand in an attribute or a title."""
        return escape(self._shown[number].plain)

    def content(self, html: str) -> str:
        """Return the page's content with places for the formulas that hold their text, as the search index wants it."""
        html = fill(_DIRECTIVE.sub("", html), marker, self.plain)
        html = _PARAGRAPH.sub(self._split, html)
        html = _RUN.sub(self._glue, html)
        html = MARKER.sub(lambda found: self._block(int(found[1])), html)
        for number in sorted(self._faults):
            if not self._shown[number].display:
                html = self._beside(html, number)
        return self._head() + html + self._cards()

    def finish(self, html: str) -> str:
        """Return the finished page: typeset formulas in their places, in the table of contents too."""
        html = _HOLDER.sub(lambda found: found[1] + self._html(int(found[2])) + "</span>", html)
        return fill(html, lambda number: f'<span class="bp-math">{self._html(number)}</span>', self.plain)

    # What follows is the way of one formula into the content.

    def _html(self, number: int) -> str:
        shown = self._shown[number]
        return shown.typeset.html or f'<code class="bp-untypeset">{escape(shown.plain)}</code>'

    def _typeset(self, formula: Formula, latex: str) -> Typeset:
        """Return the formula typeset, the relations that fail in red; note a problem where KaTeX gives up."""
        if not without_definitions(latex).strip():
            return Typeset("<span></span>")
        failing = [relation.span for _, relation in self._relations[formula.number] if not relation.ok]
        if failing and latex == formula.latex:
            offset = formula.content.start
            red = _reddened(latex, [Span(span.start - offset, span.end - offset) for span in failing])
            typeset = self._typesetter.typeset(red, display=formula.display, preamble=self._preamble)
            if typeset.html:
                return typeset
        typeset = self._typesetter.typeset(latex, display=formula.display, preamble=self._preamble)
        if typeset.error:
            at = formula.content.start + typeset.at if 0 <= typeset.at < len(formula.latex) else formula.span.start
            found = self._page.diagnostic(Span(at, at + 1), f"this formula cannot be typeset: {typeset.error}")
            self.problems.append(found)
            self._faults[formula.number].append(found)
        return typeset

    def _place(self, found: Diagnostic) -> None:
        """Put a problem to the formula that it points into, or to the page."""
        for formula in self._page.formulas:
            first = self._page.diagnostic(Span(formula.span.start, formula.span.start), "")
            last = self._page.diagnostic(Span(formula.span.end, formula.span.end), "")
            if (first.line, first.column) <= (found.line, found.column) < (last.line, last.column):
                self._faults[formula.number].append(found)
                return
        self._loose.append(found)

    def _split(self, found: re.Match[str]) -> str:
        """Return a paragraph as paragraphs between its displays: a display is no part of a line."""
        parts = re.split(f"({MARKER.pattern.replace('(', '(?:')})", found["body"])
        displays = [bool(MARKER.fullmatch(part)) and self._shown[int(part[1:-1])].display for part in parts]
        if not any(displays):
            return found[0]
        html, text, attributes = "", "", found["attributes"]
        for part, display in zip([*parts, ""], [*displays, True], strict=True):
            if not display:
                text += part
                continue
            if text.strip():
                html += f"<p{attributes}>{text.strip()}</p>\n"
                attributes = ""
            html, text = html + part, ""
        return html

    def _glue(self, found: re.Match[str]) -> str:
        """Return a run without spaces, its formulas in place and not to be torn from what stands next to them."""
        run = found[0]
        if any(self._shown[int(one[1])].display for one in MARKER.finditer(run)):
            return run
        seen = MARKER.sub(lambda one: self._shown[int(one[1])].plain, re.sub(r"<[^<>]*>", "", run))
        if width(seen) <= _GLUED and _balanced(run):
            return f'<span class="bp-glued">{MARKER.sub(lambda one: self._inline(int(one[1])), run)}</span>' if seen else run

        def one_by_one(one: re.Match[str]) -> str:
            after = one[2] or ""
            before = self._inline(int(one[1]))
            if width(self._shown[int(one[1])].plain + after) <= _GLUED:
                return f'<span class="bp-glued">{before}{after}</span>'
            return before + (_WORD_JOINER + after if after else "")

        return re.sub(MARKER.pattern + r"([^\s<>\ue0b0&]{1,6})?", one_by_one, run)

    def _inline(self, number: int) -> str:
        state, mark = self._mark(number)
        holder = f'<span class="bp-math" data-bp="{number}">{escape(self._shown[number].plain)}</span>'
        return f'<span class="bp-inline bp-{state}">{holder}{mark}</span>' if state else holder

    def _block(self, number: int) -> str:
        shown = self._shown[number]
        if not shown.display:
            return self._inline(number)
        state, mark = self._mark(number)
        say = words(self._language)
        identity, no, focus = "", "", ' tabindex="0"' if width(shown.plain) > 48 else ""
        label = f"{say['equation']} {shown.label}" if shown.label else say["equation"]
        if shown.label:
            identity = f' id="eq-{shown.label}"'
            no = f'<a class="bp-no" href="#eq-{shown.label}" aria-label="{label}" data-search-exclude>({shown.label})</a>'
        side = f'<div class="bp-side">{no}{mark}</div>' if no or mark else ""
        holder = f'<span class="bp-math bp-display" data-bp="{number}">{escape(shown.plain)}</span>'
        html = f'<div class="bp-eq bp-{state or "plain"}"{identity}><div class="bp-scroll" role="group" aria-label="{label}"{focus}>{holder}</div>{side}</div>'
        if state == "wrong":
            html += marks.wrong([relation for _, relation in self._relations[number]], self._language)
        if number in self._faults:
            html += marks.fault(self._faults[number], f"bp-fault-{number}", self._language)
        return html

    def _mark(self, number: int) -> tuple[str, str]:
        """Return the state of a formula and its mark; both empty where there is nothing to say."""
        state = "fault" if number in self._faults else marks.state([relation for _, relation in self._relations[number]])
        return state, marks.button(f"bp-card-{number}", state, self._language) if state and self._relations[number] else ""

    def _beside(self, html: str, number: int) -> str:
        """Return the content with the red box of an inline formula after the block in which the formula stands."""
        at = html.find(f' data-bp="{number}"')
        end = _BLOCK_END.search(html, at) if at >= 0 else None
        if end is None:
            self._loose += self._faults[number]
            return html
        outside = end[0] in ("</p>", "</summary>") or end[0].startswith("</h")
        cut = end.end() if outside else end.start()
        return html[:cut] + marks.fault(self._faults[number], f"bp-fault-{number}", self._language) + html[cut:]

    def _head(self) -> str:
        count = len(self._loose) + sum(map(len, self._faults.values()))
        return marks.banner(count, self._loose, [f"bp-fault-{n}" for n in sorted(self._faults)], self._language) if count else ""

    def _cards(self) -> str:
        cards = [
            marks.card(f"bp-card-{number}", relations, self._mutants, self._page.formulas[number].unchecked, self._language)
            for number, relations in sorted(self._relations.items())
            if self._mark(number)[1]
        ]
        return f'\n<div class="bp-cards" data-search-exclude>{"".join(cards)}</div>' if cards else ""


def _balanced(run: str) -> bool:
    """Return whether the tags of a run open and close within it."""
    open_tags: list[str] = []
    for tag in re.finditer(r"<(/?)(\w+)[^<>]*>", run):
        if not tag[1]:
            open_tags.append(tag[2])
        elif not open_tags or open_tags.pop() != tag[2]:
            return False
    return not open_tags


def _reddened(latex: str, spans: list[Span]) -> str:
    """Return the LaTeX with the spans in red; cells and rows of an alignment are coloured one by one."""
    parts, done = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        start, end = max(span.start, done), min(span.end, len(latex))
        if start >= end:
            continue
        pieces = re.split(r"(&|\\\\(?:\[[^\]]*\])?)", latex[start:end])
        red = "".join(piece if i % 2 or not piece.strip() else rf"\htmlClass{{bp-red}}{{{{}}{piece}{{}}}}" for i, piece in enumerate(pieces))
        parts += [latex[done:start], red]
        done = end
    return "".join([*parts, latex[done:]])
