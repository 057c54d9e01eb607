"""Reading and checking a page executes nothing of it, starts nothing, opens no connection and writes no file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bpdocs import reading
from bpdocs.check import check_page
from bpdocs.diagnostic import PageError
from bpdocs.inputs import Source
from bpdocs.mutate import mutate_part
from bpdocs.results import summarise

FORBIDDEN = (
    "exec",
    "compile",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "subprocess.Popen",
    "socket.",
    "ctypes.",
    "pickle.",
    "os.remove",
    "os.rename",
    "os.mkdir",
    "import",
)
_watching: list[str] = []


class Ran(Exception):
    """Something ran that must not."""


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if writes or event.startswith(FORBIDDEN):
        raise Ran(event)


sys.addaudithook(_hook)  # sees what C code does too; it cannot be taken away, so it looks only while it is asked to


@contextmanager
def watched() -> Iterator[None]:
    _watching.append("")
    try:
        yield
    finally:
        _watching.clear()


BOMB = "__import__('os').system('touch ran')"
PAGES = {
    "formulas": rf"""---
bpdocs:
  functions: ["f", "{BOMB}"]
  names: ["net", "eval('1')"]
---
<script>fetch("http://localhost/")</script>

```python exec="on"
{BOMB}
```

$$y = w x + f(x)$$

$$\frac{{\partial y}}{{\partial w}} = x$$

$$\frac{{\partial y}}{{\partial w}} = 2 x$$

$\input{{/etc/passwd}}$, $\write18{{touch ran}}$, $\immediate\openout\out=ran$, $\text{{{BOMB}}}$,
$\operatorname{{eval}}(1)$, $\mathrm{{exec}}(x) = {BOMB}$, $\href{{file:ran}}{{x}}$

$\newcommand{{\a}}{{\directlua{{os.execute("touch ran")}}}} \a = \a$, $\lambda x: {BOMB}$, $\num{{{BOMB}}}$, `{BOMB}`, {{{{ {BOMB} }}}}, {{% import os %}}
""",
    "a tag that makes an object": f"---\nbpdocs: !!python/object/apply:os.system ['{BOMB}']\n---\n$y := x$\n",
    "a tag for a name": "---\nbpdocs:\n  functions: [!!python/name:os.system '']\n---\n$y := x$\n",
    "a tag in a comment": "<!-- bpdocs: functions: [!!python/object/new:os.system [ls]] -->\n$y := x$\n",
    "an assumption": f'---\nbpdocs:\n  assume: ["{BOMB} > 0"]\n---\n$y := x$, so $y = x$.\n',
}


def checked(text: str, name: str = "page.md") -> object:
    try:
        return summarise(check_page(text, name))
    except PageError as error:
        return error.diagnostic


@pytest.mark.parametrize("text", PAGES.values(), ids=PAGES)
def test_nothing_on_a_page_runs(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = checked(text)  # imports what it needs
    with watched():
        assert checked(text) == first
    assert list(tmp_path.iterdir()) == []


def test_no_cell_of_a_notebook_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cells = [{"cell_type": "code", "source": [BOMB], "outputs": []}, {"cell_type": "markdown", "source": ["$y := x$ and $\\frac{dy}{dx} = 1$."]}]
    text = json.dumps({"cells": cells, "metadata": {"kernelspec": {"argv": ["touch", "ran"]}}})
    first = checked(text, "lab.ipynb")
    with watched():
        assert checked(text, "lab.ipynb") == first
    assert list(tmp_path.iterdir()) == []


def test_no_mutant_and_no_listed_formula_runs() -> None:
    text = PAGES["formulas"]
    listed = Source("list.json", json.dumps([{"latex": BOMB}, {"latex": r"\write18{touch ran}"}]))
    mutate_part(text, "page.md")
    reading.displays(listed)
    with watched():
        assert mutate_part(text, "page.md").mutants
        assert len(reading.displays(listed)) == 2


@pytest.mark.parametrize(
    "act", [lambda: eval("1"), lambda: exec("1"), lambda: os.system("true"), lambda: subprocess.run(["true"], check=True), lambda: Path("ran").write_text("x")]
)
def test_the_watch_sees_what_must_not_happen(act: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Ran), watched():
        act()  # type: ignore[operator]
