"""Where something stands on a page, and what is to be said about it: path, line, column, the source line, a caret, the likely mend."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_INDENT = "   "
_LONGEST = 20_000  # characters of a source line that is kept with a complaint
_WINDOW = 100  # terminal columns of a source line that are shown; a paragraph of prose is often one very long line
_RED, _BOLD, _CYAN, _END = "\x1b[31m", "\x1b[1m", "\x1b[36m", "\x1b[0m"


@dataclass(frozen=True)
class Span:
    """Half-open offsets into the text of a page."""

    start: int
    end: int


@dataclass(frozen=True)
class Diagnostic:
    """One complaint and its place; line and column count from 1, the column in characters."""

    path: str
    line: int
    column: int
    length: int
    message: str
    suggestion: str = ""
    source: str = ""

    def render(self, color: bool = False) -> str:
        r"""Return the complaint as a compiler prints it.

        >>> print(Diagnostic("a.md", 3, 3, 1, "z_k is not defined", "write := ", "$$z_k = 1$$").render())
        a.md:3:3: z_k is not defined
           $$z_k = 1$$
             ^
           help: write :=
        """
        first, *rest = _printable(self.message, keep="\n").split("\n")
        place = f"{_printable(self.path)}:{self.line}:{self.column}:"
        lines = [f"{_BOLD}{place}{_END} {_RED}{first}{_END}" if color else f"{place} {first}"]
        lines += [_INDENT + line for line in rest]
        if self.source.strip():
            source, caret = _excerpt(_printable(self.source), self.column - 1, self.length)
            lines += [_INDENT + source, _INDENT + (caret.replace("^", f"{_RED}^", 1) + _END if color else caret)]
        if self.suggestion.strip():
            help_ = f"{_CYAN}help:{_END}" if color else "help:"
            mend = _printable(self.suggestion, keep="\n").strip().replace("\n", f"\n{_INDENT}      ")
            lines.append(f"{_INDENT}{help_} {mend}")
        return "\n".join(lines)


class PageError(ValueError):
    """Raised for a page that cannot be read at all: no such file, not UTF-8, malformed front matter."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        """Keep the diagnostic; the exception's text is its rendering."""
        super().__init__(diagnostic.render())
        self.diagnostic = diagnostic


class Unread(Exception):
    """LaTeX that is not understood: what, where (offsets into the formula), and the likely mend."""

    def __init__(self, message: str, span: Span, suggestion: str = "") -> None:
        """Keep all three; the exception's text is the message."""
        super().__init__(message)
        self.message, self.span, self.suggestion = message, span, suggestion


def locate(text: str, offset: int) -> tuple[int, int]:
    r"""Return line and column of an offset, both from 1.

    >>> locate("one\ntwo", 5)
    (2, 2)
    """
    offset = max(0, min(offset, len(text)))
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def diagnostic_at(path: str, text: str, span: Span, message: str, suggestion: str = "") -> Diagnostic:
    """Return a diagnostic for a span of a page's text; of a span over several lines, the part on the first line is underlined."""
    start = max(0, min(span.start, len(text)))
    line, column = locate(text, start)
    begin = start - (column - 1)
    end = text.find("\n", begin)
    end = len(text) if end < 0 else end
    end -= text.endswith("\r", begin, end)
    source = text[begin:end] if end - begin <= _LONGEST else ""
    length = max(1, min(span.end, end) - start)
    return Diagnostic(path, line, column, length, message, suggestion, source)


def width(text: str) -> int:
    """Return the number of terminal columns that a text takes: two for Hangul and Han, none for a combining mark."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    """Return the columns of one character."""
    # The medial and final Jamo are drawn into the syllable that an initial one has opened.
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _printable(text: str, keep: str = "") -> str:
    """Return the text with control characters made visible: a page must not steer the reader's terminal."""
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") and c not in "\t" + keep else c for c in text)


def _excerpt(source: str, start: int, length: int) -> tuple[str, str]:
    """Return what is shown of a source line, and the line of carets under it."""
    before, marked = source[:start], _clip(source[start : start + length], _WINDOW)
    after = source[start + len(marked) :]
    room = _WINDOW - width(marked)
    tail = _clip(after, max(room // 3, room - width(before)))
    head = _clip(before[::-1], room - width(tail))[::-1]
    head = head if head == before else "…" + head
    tail = tail if tail == after else tail + "…"
    indent = "".join("\t" if char == "\t" else " " * _width(char) for char in head)
    return head + marked + tail, indent + "^" * max(1, width(marked))


def _clip(text: str, columns: int) -> str:
    """Return as much of the text's beginning as fits into so many columns."""
    used = 0
    for index, char in enumerate(text):
        used += _width(char)
        if used > columns:
            return text[:index]
    return text
