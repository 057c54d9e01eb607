"""The examples of the reference pages, run: what each of them prints is written beside it, or compared with what stands there.

An example is a `markdown` fence. A comment at its head may say what is expected of it (`<!-- expect: line 4 disagree -->`); else a `text` fence
follows with the output of `bpdocs check page.md`, without the line that counts.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bpdocs.cli import main as bpdocs

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "docs" / language / name for language in ("en", "ko") for name in ("page-language.md", "messages.md")]
EXPECT = re.compile(r"<!-- expect: (all right|(?:line \d+ \w+(?:, )?)+) -->")
_EXAMPLE = re.compile(r"^(`{3,})markdown\n(?P<page>.*?)^\1\n(?:\n(?P<block>```text\n(?P<said>.*?)^```\n))?", re.S | re.M)


@dataclass(frozen=True)
class Example:
    """One example: where it stands, its page, and what follows it as its output (None if it says what it expects)."""

    line: int
    page: str
    said: str | None
    span: tuple[int, int]

    @property
    def expected(self) -> dict[str, str] | None:
        """The lines that the check must object to, with their verdicts; None if the output is shown instead."""
        found = EXPECT.search(self.page)
        return None if found is None else dict(re.findall(r"line (\d+) (\w+)", found[1]))


def examples(text: str) -> Iterator[Example]:
    """Yield the examples of a page, in order."""
    for found in _EXAMPLE.finditer(text):
        block = found.span("block") if found["block"] else (found.end(), found.end())
        yield Example(text.count("\n", 0, found.start()) + 1, found["page"], found["said"], block)


def output(page: str) -> str:
    """Return what `bpdocs check page.md` prints of a page, without the line that counts."""
    out, here = io.StringIO(), Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            os.chdir(folder)
            Path("page.md").write_text(page, encoding="utf-8")
            bpdocs(["check", "--no-cache", "page.md"])
        finally:
            os.chdir(here)
    lines = [line for line in out.getvalue().split("\n") if not re.match(r"\d+ claims? on \d+ pages?,", line)]
    return "\n".join(lines).strip() + "\n"


def renewed(text: str) -> str:
    """Return a page with the outputs of its examples written anew."""
    for example in reversed(list(examples(text))):
        if example.expected is None:
            block = f"```text\n{output(example.page)}```\n"
            before = "" if example.said is not None else "\n"
            text = text[: example.span[0]] + before + block + text[example.span[1] :]
    return text


if __name__ == "__main__":
    for path in PAGES:
        kept = path.read_text(encoding="utf-8")
        path.write_text(renewed(kept), encoding="utf-8")
