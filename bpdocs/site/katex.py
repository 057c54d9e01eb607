r"""LaTeX typeset by KaTeX at build, so that a page needs no script to show its maths.

>>> Typesetter().typeset("w_{kj}", display=False).html[:20]
'<span class="katex">'
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from py_mini_racer import MiniRacer

from bpdocs.cache import Cache, digest

KATEX = Path(__file__).parent / "vendor" / "katex"

_RENDER = """
function bpRender(tex, display, macros) {
  const refused = [];
  const trust = (context) => {
    const ours = context.command === "\\\\htmlClass" && /^bp-[a-z-]+$/.test(context.class);
    if (!ours) refused.push(context.command);
    return ours;
  };
  try {
    const html = katex.renderToString(tex, {
      displayMode: display, throwOnError: true, strict: "ignore", output: "htmlAndMathml",
      macros: Object.assign({}, macros), trust, maxExpand: 1000, maxSize: 50,
    });
    if (refused.length) return JSON.stringify({error: refused[0] + " is not allowed on a page", at: tex.indexOf(refused[0])});
    return JSON.stringify({html});
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return JSON.stringify({error: error.rawMessage || error.message, at: error.position === undefined ? -1 : error.position});
  }
}
"""
_DEFINITION = re.compile(r"\\(?:re|provide)?newcommand\*?|\\providecommand\*?")
_ROWS = {"align": "align*", "alignat": "alignat*", "flalign": "align*", "gather": "gather*", "multline": "gather*", "equation": "equation*"}


@dataclass(frozen=True)
class Typeset:
    """The HTML of a formula, or why there is none: a message, and where in the LaTeX (-1 if unknown)."""

    html: str
    error: str = ""
    at: int = -1


class Typesetter:
    """KaTeX, started at the first formula that the cache does not have."""

    def __init__(self) -> None:
        """Open the cache; nothing is run yet."""
        self._cache = Cache("katex")
        self._memory: dict[str, Typeset] = {}
        self._context: MiniRacer | None = None

    def typeset(self, latex: str, *, display: bool, preamble: str = "") -> Typeset:
        """Return the formula as HTML; `preamble` holds the macros that earlier formulas of the page define."""
        source = preamble + (unnumbered(latex) if display else latex)
        key = digest(_version(), "display" if display else "inline", source)
        if key not in self._memory:
            self._memory[key] = self._from_disk(key, source, display, len(preamble))
        return self._memory[key]

    def _from_disk(self, key: str, source: str, display: bool, skip: int) -> Typeset:
        if (stored := self._cache.get(key)) is not None:
            return Typeset(stored.decode())
        answer = json.loads(self._run(source, display))
        if "html" in answer:
            self._cache.put(key, answer["html"].encode())
            return Typeset(answer["html"])
        return Typeset("", answer["error"], max(-1, answer["at"] - skip))

    def _run(self, source: str, display: bool) -> str:
        if self._context is None:
            self._context = MiniRacer()
            self._context.eval((KATEX / "katex.min.js").read_text(encoding="utf-8"))
            self._context.eval(_RENDER)
        return str(self._context.call("bpRender", source, display, {}))


@lru_cache(maxsize=1)
def _version() -> str:
    return digest((KATEX / "katex.min.js").read_bytes(), _RENDER)


def unnumbered(latex: str) -> str:
    r"""Return the LaTeX with its environments unnumbered (the page numbers its displays itself) and known to KaTeX.

    >>> unnumbered(r"\begin{align} a &= b \label{eq:a} \end{align}")
    '\\begin{align*} a &= b  \\end{align*}'
    """
    latex = re.sub(r"\\label\{[^{}]*\}", "", latex)
    latex = re.sub(r"\\begin\{eqnarray\*?\}", r"\\begin{array}{rcl}", latex)
    latex = re.sub(r"\\end\{eqnarray\*?\}", r"\\end{array}", latex)
    return re.sub(r"\\(begin|end)\{(align|alignat|flalign|gather|multline|equation)\*?\}", lambda m: f"\\{m[1]}{{{_ROWS[m[2]]}}}", latex)


def definitions(latex: str) -> str:
    r"""Return the macro definitions of a formula, to be put before later ones, where a second definition is no error.

    >>> definitions(r"\newcommand{\R}{\mathbb{R}} x \in \R")
    '\\providecommand{\\R}{\\mathbb{R}}'
    """
    found = []
    for start in _DEFINITION.finditer(latex):
        end = _after_groups(latex, start.end())
        if end > start.end():
            found.append("\\providecommand" + latex[start.end() : end])
    return "".join(found)


def without_definitions(latex: str) -> str:
    """Return what is left of a formula without its macro definitions."""
    parts, done = [], 0
    for start in _DEFINITION.finditer(latex):
        parts.append(latex[done : start.start()])
        done = _after_groups(latex, start.end())
    return "".join([*parts, latex[done:]])


def _after_groups(latex: str, at: int) -> int:
    """Return the offset after a definition's name, optional arguments and body."""
    groups = 0
    while groups < 2 and at < len(latex):
        if latex[at] == "{":
            at, groups = _closing(latex, at), groups + 1
        elif latex[at] == "[":
            at = latex.find("]", at) + 1 or len(latex)
        elif latex[at] == "\\" and groups == 0:
            name = re.compile(r"\\(?:[A-Za-z]+|.)").match(latex, at)
            at, groups = (name.end() if name else len(latex)), 1
        elif latex[at].isspace() or latex[at] == "*":
            at += 1
        else:
            break
    return at


def _closing(latex: str, at: int) -> int:
    """Return the offset after the brace that closes the one at `at`."""
    depth = 0
    for index in range(at, len(latex)):
        if latex[index] == "\\":
            continue
        depth += {"{": 1, "}": -1}.get(latex[index], 0) if latex[index - 1] != "\\" or index == at else 0
        if depth == 0:
            return index + 1
    return len(latex)
