"""Executed code blocks: run at build in one namespace a page, in order, kept on disk; what goes wrong says path:line."""

from __future__ import annotations

import contextlib
import io
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from types import FrameType
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from bpdocs.cache import Cache, digest, package_digest
from bpdocs.diagnostic import Diagnostic
from bpdocs.site.words import words


class TimeLimit(BaseException):
    """Raised inside a block that runs too long; no `except Exception` of the block can swallow it."""


@dataclass
class _Chain:
    """The blocks of one page so far: where they stand, the namespace that they share, and those not yet run (the cache had them)."""

    path: str
    language: str
    markdown: Callable[[str], str]
    lines: list[str]
    key: str = ""
    namespace: dict[str, Any] = field(default_factory=dict)
    waiting: list[tuple[str, int]] = field(default_factory=list)
    broken: bool = False

    def __post_init__(self) -> None:
        self.namespace |= {"__name__": "__bpdocs__", "__file__": self.path}


class Fences:
    """The formatter of fences with `exec="on"`; `problems` gathers what went wrong, page by page."""

    def __init__(self, limit: float) -> None:
        """Open the cache; `limit` is in seconds, a block."""
        self._limit = limit
        self._cache = Cache("fences")
        self._chain: _Chain | None = None
        self.problems: list[Diagnostic] = []

    def begin(self, path: str, text: str, language: str, markdown: Callable[[str], str]) -> None:
        """Start a page; `markdown` turns what a block prints without html="on" into HTML."""
        self._chain = _Chain(path, language, markdown, text.split("\n"))
        self.problems = []

    def validate(self, language: str, inputs: dict[str, str], options: dict[str, Any], attrs: dict[str, str], md: Any) -> bool:
        """Return whether the fence is one of ours: SuperFences asks; others fall through to plain highlighting."""
        if inputs.get("exec", "off") not in ("on", "true", "1", "yes"):
            return False
        options.update(inputs)
        return True

    def format(self, source: str, language: str, css_class: str, options: dict[str, Any], md: Any, **_: Any) -> str:
        """Return the figure of a block: what it printed, and its code, folded."""
        chain = self._chain
        assert chain is not None, "begin() comes first"
        line = int(options.get("bpline", 0))
        say = words(chain.language)
        try:
            printed = self._run(chain, source, line, options.get("reads", ""))
        except _Failed as failed:
            self.problems.append(failed.diagnostic)
            box = f'<p class="bp-place">{escape(chain.path)}:{failed.diagnostic.line}</p><p>{escape(failed.diagnostic.message)}</p>'
            return f'<div class="bp-fault" id="bp-code-{line}" role="note" data-search-exclude><p><strong>{say["code_failed"]}</strong></p>{box}{_highlighted(source)}</div>'
        shown = printed if options.get("html", "off") in ("on", "true", "1", "yes") else chain.markdown(printed)
        code = ""
        if options.get("source", "") != "none":
            title = escape(options.get("title", say["code"]))
            code = f'<details class="bp-code" data-search-exclude><summary>{title}</summary>{_highlighted(source)}</details>'
        return f'<figure class="bp-figure">{shown}{code}</figure>'

    def _run(self, chain: _Chain, source: str, line: int, reads: str) -> str:
        """Return what the block prints; from the cache if this block, all before it and the files that it reads (a pattern beside the page) are known."""
        beside = Path(chain.path).parent.glob(reads) if reads else ()
        read = sorted(file for file in beside if file.is_file())
        chain.key = digest(chain.key, source, *(part for file in read for part in (file.name, file.read_text(encoding="utf-8", errors="surrogateescape"))))
        key = digest(package_digest(), chain.language, chain.key)
        if not chain.broken and (stored := self._cache.get(key)) is not None:
            chain.waiting.append((source, line))
            return stored.decode()
        try:
            for earlier in chain.waiting:
                self._execute(chain, *earlier)
            chain.waiting = []
            printed = self._execute(chain, source, line)
        except _Failed:
            chain.broken = True  # what follows may lack a name, and is not to be kept
            raise
        if not chain.broken:
            self._cache.put(key, printed.encode())
        return printed

    def _execute(self, chain: _Chain, source: str, line: int) -> str:
        printed = io.StringIO()
        try:
            # The line breaks before it give the code the line numbers of the page.
            code = compile("\n" * line + source, chain.path, "exec", dont_inherit=True)
            with contextlib.redirect_stdout(printed), time_limit(self._limit):
                exec(code, chain.namespace)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise _Failed(self._diagnostic(chain, error, line)) from None
        return printed.getvalue()

    def _diagnostic(self, chain: _Chain, error: BaseException, line: int) -> Diagnostic:
        if isinstance(error, SyntaxError) and error.filename == chain.path:
            at, column, message = error.lineno or line + 1, error.offset or 1, f"SyntaxError: {error.msg}"
        else:
            frames = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == chain.path]
            at, column = (frames[-1] if frames else None) or line + 1, 1
            message = "".join(traceback.format_exception_only(error)).strip()
        mend = ""
        if isinstance(error, TimeLimit):
            message = f"this code block did not end within {self._limit:g} s"
            mend = "make it end, or raise time_limit in the settings of the plugin"
        source = chain.lines[at - 1] if 0 < at <= len(chain.lines) else ""
        return Diagnostic(chain.path, at, column, max(1, len(source.rstrip()) - column + 1), message, mend, source)


class _Failed(Exception):
    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what runs inside after so many seconds, and again each half second should it catch that and go on.

    Only where the system has interval timers, and in the main thread, in which MkDocs builds.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.5)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _highlighted(source: str) -> str:
    return str(highlight(source, PythonLexer(), HtmlFormatter(cssclass="highlight", wrapcode=True)))
