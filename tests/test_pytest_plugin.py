import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

pytest_plugins = ["pytester"]

GOOD = "# 쪽\n\n$$\ny = w x\n$$\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
WRONG = GOOD.replace("= x\n$$", "= -x\n$$")
NAMES = ["docs/a.md::4 y = w x", r"docs/a.md::8 \frac{\partial y}{\partial w} = x", "docs/a.md::page"]

Make = Callable[..., pytest.Pytester]


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Make:
    monkeypatch.delenv("BPDOCS_CACHE", raising=False)

    def make(configuration: str = "bpdocs_pages = docs/*.md", **pages: str | bytes) -> pytest.Pytester:
        pytester.makeini(f"[pytest]\n{configuration}\nfilterwarnings = error\n")
        docs = pytester.mkdir("docs")
        for name, text in pages.items():
            (docs / f"{name}.md").write_bytes(text.encode() if isinstance(text, str) else text)
        return pytester

    return make


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    result = pytester.runpytest("--collect-only", "-q", *arguments)
    return [line for line in result.outlines if "::" in line]


def test_each_relation_is_one_item_and_the_page_is_one_more(project: Make) -> None:
    pytester = project(a=GOOD)
    assert collected(pytester) == NAMES
    pytester.runpytest().assert_outcomes(passed=3)


@pytest.mark.parametrize("configuration", ["", "bpdocs_pages = other/*.md", "bpdocs_pages = docs/*.ipynb"])
def test_nothing_is_collected_that_is_not_configured(project: Make, configuration: str) -> None:
    assert collected(project(configuration, a=WRONG)) == []


def test_several_globs_and_a_list_in_toml(pytester: pytest.Pytester) -> None:
    pytester.makepyprojecttoml('[tool.pytest.ini_options]\nbpdocs_pages = ["docs/**/*.md", "notes.md"]\n')
    for name in ("docs/a.md", "docs/ko/b.md", "notes.md", "README.md"):
        path = pytester.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD)
    assert {name.split("::")[0] for name in collected(pytester)} == {"docs/a.md", "docs/ko/b.md", "notes.md"}


def test_an_absolute_glob_is_a_usage_error(project: Make) -> None:
    assert project("bpdocs_pages = /docs/*.md", a=GOOD).runpytest().ret == pytest.ExitCode.USAGE_ERROR


def test_a_failing_item_shows_the_diagnostic_and_no_traceback(project: Make) -> None:
    result = project(a=WRONG).runpytest("-v")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["docs/a.md::8 * FAILED*", "*_ line 8 *", "docs/a.md:8:33: *", "*partial w}*", "*^^*"])
    assert "Traceback" not in result.stdout.str()
    assert "pytest_plugin.py" not in result.stdout.str()


def test_an_editor_is_led_to_the_line(project: Make) -> None:
    items, _ = project(a=WRONG).inline_genitems()
    assert [(item.location[0], item.location[1]) for item in items] == [("docs/a.md", 3), ("docs/a.md", 7), ("docs/a.md", 0)]


@pytest.mark.parametrize("name", NAMES)
def test_an_item_runs_by_its_name(project: Make, name: str) -> None:
    project(a=GOOD).runpytest(name).assert_outcomes(passed=1)


def test_items_are_chosen_by_a_word(project: Make) -> None:
    project(a=GOOD).runpytest("-k", "partial").assert_outcomes(passed=1, deselected=2)


def test_xdist(project: Make) -> None:
    result = project(a=GOOD, b=WRONG).runpytest("-n2", "-p", "xdist")
    result.assert_outcomes(passed=5, failed=1)


def test_long_and_broken_lines_and_repetitions_in_names(project: Make) -> None:
    long = "$$\ny = w x\n$$\n\n$$\n\\frac{\\partial y}{\\partial w}\n   = " + "x + " * 20 + "x\n$$\n\n$x = x$ $x = x$\n"
    names = [name.split("::", 1)[1] for name in collected(project(a=long))]
    assert len(set(names)) == len(names) == 5
    assert names[1].startswith(r"6 \frac{\partial y}{\partial w} = x + x")
    assert names[1].endswith("…")
    assert len(names[1]) <= 2 + 60
    assert names[2:4] == ["10 x = x", "10 x = x (2)"]


@pytest.mark.parametrize("text", [b"\xb0\xa1", b"---\nbpdocs: [\n---\n"])
def test_a_page_that_cannot_be_read_is_a_collection_error(project: Make, text: bytes) -> None:
    result = project(a=text, b=GOOD).runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["docs/a.md:*: *"])
    assert "Traceback" not in result.stdout.str()


def test_a_page_of_formulas_without_a_claim_fails_as_a_page(project: Make) -> None:
    result = project(a="Here $x \\in \\mathbb{R}^n$.\n", prose="# 산문\n").runpytest()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["docs/a.md:1:1: no claim found"])


def test_a_problem_of_no_relation_fails_as_a_page(project: Make) -> None:
    result = project(a=GOOD + "\n<!-- bpdocs: scope -->\n").runpytest()
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["docs/a.md:11:1: *", "FAILED docs/a.md::page*"])


def test_an_exempt_claim_is_skipped_for_all_to_see(project: Make) -> None:
    result = project(a=WRONG.replace("$$\n\\frac", '<!-- bpdocs: unchecked reason="later" -->\n$$\n\\frac')).runpytest("-rs")
    assert result.parseoutcomes()["skipped"] == 1
    result.stdout.fnmatch_lines(["*unchecked*"])


def test_a_notebook(project: Make) -> None:
    pytester = project("bpdocs_pages = docs/*.ipynb")
    cells = [{"cell_type": "code", "source": ["x = 1"]}, {"cell_type": "markdown", "source": GOOD.splitlines(keepends=True)}]
    (pytester.path / "docs" / "lab.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}, indent=1))
    pytester.runpytest().assert_outcomes(passed=3)


def test_the_plugin_loads_nothing_before_a_page_is_met() -> None:
    code = "import sys, bpdocs.pytest_plugin\nassert not {'numpy', 'sympy', 'yaml', 'bpdocs.check'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env=dict(os.environ))
