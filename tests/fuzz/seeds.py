"""What inputs are made of: the project's own pages and formulas, and every command that the reader knows."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from bpdocs.notation import operators, rows, tokens, vocabulary
from bpdocs.page import read_page

TESTS = Path(__file__).resolve().parent.parent
LARGEST = 4_000  # characters: a page of ordinary size


@cache
def pages() -> list[str]:
    """Return the pages of the site and of the cases, the long ones cut at blank lines into pages of ordinary size."""
    found: list[str] = []
    for path in sorted([*(TESTS.parent / "docs").glob("*/*.md"), *(TESTS / "cases").glob("*/*.md")]):
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
        part = ""
        for block in re.split(r"(?<=\n)\n", text):
            if part and len(part) + len(block) > LARGEST:
                found.append(part)
                part = ""
            part += block + "\n"
        found.append(part)
    return [page for page in found if len(page) <= LARGEST]


@cache
def formulas() -> list[str]:
    """Return the LaTeX of every formula on those pages, each once."""
    return sorted({formula.latex for page in pages() for formula in read_page(page, "page.md").formulas})


@cache
def notebooks() -> list[str]:
    """Return small notebooks whose cells are pages."""
    return [json.dumps({"cells": [{"cell_type": "markdown", "source": page[:800].splitlines(keepends=True)}]}, indent=1) for page in pages()[::20]]


@cache
def matters() -> list[str]:
    """Return front matter of the pages, and some of its own."""
    found = [match[0] for page in pages() if (match := re.match(r"---\n.*?\n---\n", page, re.S))]
    own = ["functions: [f, g]", "names: [net]", 'assume: ["y_k > 0"]', "layout: denominator", "uses: [other.md]", "a: &a [1]\n  b: *a", "? x\n  : !!set {y}", "d: 2001-01-01"]
    return [*found, *(f"---\nbpdocs:\n  {text}\n---\n$y := x$\n" for text in own), *(f"<!-- bpdocs: {text} -->\n$y := x$\n" for text in own)]


@cache
def dictionary() -> list[str]:
    """Return every command and mark that the tokenizer, the parser and the resolver have a rule for, and what a page is built with."""
    text = "".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in (tokens, vocabulary, rows, operators))
    commands = {*re.findall(r"\\[A-Za-z]+\*?|\\[,;:!>|{}]", text), *vocabulary.BINARY, *vocabulary.CLOSING, *vocabulary.SEPARATORS}
    return sorted(commands) + _WHOLE


_WHOLE = [
    *(
        r"\frac{a}{b}",
        r"\frac{\partial a}{\partial b}",
        r"\frac{\partial}{\partial x}",
        r"\sum_{i=1}^n",
        r"\sum_j",
        r"\prod_{k=1}^{n}",
        r"\max_j",
        r"\nabla_W",
        r"|_{x = 0}",
        "f(x)",
        "f'",
    ),
    *(
        "x_{i}",
        "^{(l)}",
        r"^\top",
        "^{-1}",
        "^2",
        "'",
        "a^{(l-1)}",
        r"\left(",
        r"\right)",
        r"\left\{",
        r"\right.",
        r"\num{y}",
        r"\num[3]{y}",
        r"\newcommand{\a}[1]{#1 #1}",
        r"\a{x}",
    ),
    *(r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", r"\begin{cases} a & x > 0 \\ b & \text{else} \end{cases}", r"\begin{aligned} a &= b \\ &= c \end{aligned}"),
    *(r"x \in \mathbb{R}^{n \times m}", r"k = 1, \dots, c", r"l = 1, \dots, L", r"1, \dots, n", "0", "0.5", "1e9", "9" * 30, "10^{400}", "=", ":=", r"\leftarrow", r"\cdots"),
    *(
        "+",
        "-",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        "|",
        r"\|",
        "&",
        r"\\",
        "_",
        "^",
        ",",
        "%",
        "#1",
        "~",
        "$",
        "$$",
        r"\[",
        r"\]",
        r"\(",
        r"\)",
        "\x00",
        "\ud800",
        "\u200f",
        "가",
        "∂",
        "½",
        "²",
        "１",
    ),
    *(
        "\n\n",
        "```",
        "`",
        "<!-- bpdocs: scope -->\n",
        "<!-- bpdocs: scope fresh -->\n",
        "<!-- bpdocs: end -->\n",
        "<!-- bpdocs: wrong -->\n",
        '<!-- bpdocs: unchecked reason="x" -->\n',
    ),
    *("<!--", "-->", "---\n", "<details>", "</details>", "??? note\n", "    ", "> ", "- ", "# "),
]
