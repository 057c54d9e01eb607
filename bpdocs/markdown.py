"""Where the maths of a Markdown text stands, and where it does not: code, comments, money.

>>> [(region.kind, region.body) for region in scan("`$no$` but $x_i$, $5 and $6", 0)[0]]
[('inline', 'x_i')]
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bpdocs.diagnostic import Span


@dataclass(frozen=True)
class Region:
    """A stretch of a Markdown text: kind is display, inline, comment (a directive), heading, fold or unfold."""

    kind: str
    span: Span
    content: Span
    body: str


_RAW = ("script", "style", "pre", "code", "kbd", "svg", "textarea")
_LONGEST = 20_000  # characters of inline code
_ENVIRONMENTS = "align|alignat|equation|gather|multline|eqnarray|flalign"
_TOKEN = re.compile(
    rf"""
      (?P<escape>\\\\|\\\$|\\`)
    | (?P<comment><!--(?P<comment_body>.*?)-->)
    | (?P<github>\$`(?P<github_body>[^`\n]+)`\$)
    | (?P<code>(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).){{1,{_LONGEST}}}?(?<!`)(?P=ticks)(?!`))
    | (?P<raw><(?P<tag>{"|".join(_RAW)})\b[^<>]*>.*?</(?P=tag)\s*>)
    | (?P<display>\$\$(?P<display_body>(?:(?!\n[>\s]*\n|\$\$)(?:\\.|[^\\]))+)\$\$)
    | (?P<bracket>\\\[(?P<bracket_body>(?:(?!\n[>\s]*\n|\\\]).)+)\\\])
    | (?P<paren>\\\((?P<paren_body>(?:(?!\n[>\s]*\n|\\\)).)+)\\\))
    | (?P<env>\\begin\{{(?P<env_name>(?:{_ENVIRONMENTS})\*?)\}}.+?\\end\{{(?P=env_name)\}})
    | (?P<inline>(?<![\\$])\$(?![\s$])(?P<inline_body>(?:\\.|(?!\n[>\s]*\n)[^$\\`])+?)(?<=[^\s\\])\$(?![\d$]))
    | (?P<details></?details\b[^<>]*>)
    """,
    re.S | re.X,
)
_BODIES = {"github": "github_body", "display": "display_body", "bracket": "bracket_body", "paren": "paren_body", "inline": "inline_body"}
_FENCE = re.compile(r"(?P<indent>[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?)(?P<ticks>`{3,}|~{3,})(?P<info>[^`\n]*)\Z")
_CONTAINER = re.compile(r"[ \t]*(?:[-*+]|\d+[.)]|\?\?\?\+?|!!!|===\+?|\[\^[^\]]+\]:|:)(?:[ \t]|$)")
_FOLD = re.compile(r"([ \t]*)\?\?\?\+?[ \t]")
_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]")


def scan(text: str, start: int) -> tuple[list[Region], list[tuple[Span, str]]]:
    """Return the regions of `text` from `start` on, in order, and what looks broken, each with its place."""
    masked, regions = _blocks(text, start)
    problems: list[tuple[Span, str]] = []
    leftover = list(masked)
    for found in _TOKEN.finditer(_closable(masked), start):
        kind = found.lastgroup and next(name for name in _GROUPS if found[name] is not None)
        span = Span(*found.span())
        leftover[span.start : span.end] = " " * (span.end - span.start)
        if kind == "comment":
            body = re.fullmatch(r"\s*bpdocs:(.*)", found["comment_body"], re.S)
            if body:
                regions.append(Region("comment", span, span, body[1]))
        elif kind == "details":
            regions.append(Region("unfold" if found[0].startswith("</") else "fold", span, span, ""))
        elif kind == "env":
            regions.append(Region("display", span, span, _unquoted(masked[span.start : span.end])))
        elif kind in _BODIES:
            content = Span(*found.span(_BODIES[kind]))
            display = kind in ("display", "bracket")
            regions.append(Region("display" if display else "inline", span, content, _unquoted(masked[content.start : content.end])))
    rest = "".join(leftover)
    for found in re.finditer(r"(?<!\\)\$\$|(?<!\\)\\[\[(](?=[^\n]*?[\\^_=])", rest[start:]):
        at = start + found.start()
        problems.append((Span(at, at + 2), f"{found[0]} opens a formula that is never closed (a blank line ends it)"))
    order = {"unfold": 0, "heading": 1, "comment": 2, "fold": 3}
    return sorted(regions, key=lambda region: (region.span.start, order.get(region.kind, 4))), problems


_PARAGRAPH = re.compile(r"\n[>\s]*\n|\Z")
_PAIRS = (
    (re.compile(r"<!--"), "-->"),
    *((re.compile(rf"<{tag}\b"), f"</{tag}") for tag in _RAW),
    *((re.compile(re.escape(rf"\begin{{{name}{star}}}")), rf"\end{{{name}{star}}}") for name in _ENVIRONMENTS.split("|") for star in ("", "*")),
)


def _closable(text: str) -> str:
    """Return `text` with what opens and is never closed crossed out, of the same length: each such mark would be searched to the end for its close."""
    dead: list[tuple[int, int]] = []
    for opens, close in _PAIRS:
        last = text.rfind(close)
        dead += [found.span() for found in opens.finditer(text, max(last, 0))]
    start = 0
    for paragraph in _PARAGRAPH.finditer(text):
        end = paragraph.start()
        for opens_with, close in ((r"\[", r"\]"), (r"\(", r"\)")):
            at = text.find(opens_with, max(text.rfind(close, start, end), start), end)
            while at >= 0:
                dead.append((at, at + 2))
                at = text.find(opens_with, at + 2, end)
        start = paragraph.end()
    out = list(text) if dead else []
    for begin, end in dead:
        out[begin:end] = "x" * (end - begin)
    return "".join(out) if dead else text


_GROUPS = ("escape", "comment", "github", "code", "raw", "display", "bracket", "paren", "env", "inline", "details")


def _unquoted(body: str) -> str:
    """Return `body` with the marks of block quotes at line starts blanked, of the same length."""
    return re.sub(r"(?m)(?<=\n)[ \t]*(?:>[ \t]?)+", lambda found: " " * len(found[0]), body)


def _blank(source: str) -> str:
    return re.sub(r"[^\n]", " ", source)


def _blocks(text: str, start: int) -> tuple[str, list[Region]]:
    """Return `text` with code blocks blanked, and the regions that are whole blocks."""
    regions: list[Region] = []
    out = [_blank(text[:start])]
    folds: list[int] = []
    container = 0
    after_blank = True
    fence: tuple[str, int, int, bool] | None = None
    at = start
    for line in text[start:].splitlines(keepends=True):
        bare = line.rstrip("\n")
        begin, at = at, at + len(line)
        if fence is not None:
            closes = re.fullmatch(r"(?:[ \t]|>)*(`{3,}|~{3,})[ \t]*", bare)
            if closes and closes[1].startswith(fence[0]):
                if fence[3]:
                    content = Span(fence[2], begin)
                    regions.append(Region("display", Span(fence[1], at), content, _unquoted("\n" + text[fence[2] : begin])[1:]))
                fence = None
            out.append(_blank(line))
            continue
        indent = len(bare) - len(bare.lstrip(" \t"))
        if bare.strip():
            while folds and indent < folds[-1] + 4:
                folds.pop()
                regions.append(Region("unfold", Span(begin, begin), Span(begin, begin), ""))
        if opened := _FENCE.match(bare):
            fence = (opened["ticks"], begin, at, opened["info"].strip() == "math")
            out.append(_blank(line))
            after_blank = False
            continue
        if not bare.strip():
            after_blank = True
            out.append(line)
            continue
        if indent < container:
            container = max(0, indent // 4 * 4) if indent else 0
        if after_blank and indent >= container + 4:
            out.append(_blank(line))
            continue
        if _CONTAINER.match(bare):
            container = indent + 4
        if fold := _FOLD.match(bare):
            folds.append(len(fold[1]))
            regions.append(Region("fold", Span(begin, at), Span(begin, at), ""))
        if _HEADING.match(bare):
            regions.append(Region("heading", Span(begin, at), Span(begin, at), bare))
        after_blank = False
        out.append(line)
    for _ in folds:
        regions.append(Region("unfold", Span(at, at), Span(at, at), ""))
    return "".join(out), regions
