"""Pages that ask for too much: each gets its verdicts in seconds and within a gigabyte, with a place and a reason, and none ends in a crash."""

from __future__ import annotations

import json
import resource
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bpdocs import budget, reading
from bpdocs.check import check_page
from bpdocs.diagnostic import PageError
from bpdocs.inputs import Source, gather
from bpdocs.notation import parse_display
from bpdocs.results import Result, summarise
from tests.fuzz.targets import within

SECONDS = 20.0  # of computing
MEMORY = 1_200_000_000  # bytes beyond what the tests have


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_AS)
    if sys.platform == "linux":
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, before[1]))
    try:
        with within(SECONDS):
            yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def checked(text: str) -> Result:
    return summarise(check_page(text, "page.md"))


def shown(*formulas: str) -> str:
    return "".join(f"$$\n{formula}\n$$\n\n" for formula in formulas)


def nested(before: str, inside: str, after: str, times: int) -> str:
    return before * times + inside + after * times


MATRIX = "$W \\in \\mathbb{R}^{1000 \\times 1000}$, $x \\in \\mathbb{R}^{1000}$\n\n"
LETTERS = "abcdfghjklmopqrstuvwxyz"
MACROS = "".join(rf"\newcommand{{\{one}}}{{{(chr(92) + two) * 10}}}" for one, two in zip("abcdfgh", "bcdfghk", strict=True))
# what is asked → the page, the line that says so, and what it says
PAGES: dict[str, tuple[str, int, str]] = {
    "braces": (shown("y = " + nested("{", "x", "}", 9_000)), 2, "nests too deeply"),
    "brackets": (shown("y = " + nested("(", "x", ")", 9_000)), 2, "nests too deeply"),
    "fractions": (shown("y = " + nested(r"\frac{1}{", "x", "}", 2_000)), 2, "nests too deeply"),
    "roots": (shown("y = " + nested(r"\sqrt{", "x", "}", 5_000)), 2, "nests too deeply"),
    "roots without braces": (shown("y = " + r"\sqrt" * 9_000 + " x"), 2, "nests too deeply"),
    "accents": (shown("y = " + r"\hat" * 9_000 + " x"), 2, "nests too deeply"),
    "a tower of powers": (shown("y = " + nested("x^{", "x", "}", 2_000)), 2, "nests too deeply"),
    "ten thousand braces": (shown("y = " + nested("{", "x", "}", 10_000)), 2, "more than 20000 tokens"),
    "tokens": (shown("y = " + "x + " * 12_000 + "x"), 2, "more than 20000 tokens"),
    "factors": (shown("y = " + "x " * 5_000), 2, "a product of more than 200 factors"),
    "quotients": (shown("y = x" + "/x" * 2_000), 2, "a product of more than 200 factors"),
    "bars that are read in two ways each": (shown("y = x + 1", "z = a " + "|_{x = 0} a " * 60), 6, "too long"),
    "macros within one another": (shown(MACROS + r"\newcommand{\k}{x} y = \a"), 2, "macros make this formula too long"),
    "macros that come to nothing": (shown(MACROS + r"\newcommand{\k}{} y = \a"), 2, "macros make this formula too long"),
    "macros that double their arguments": (shown(r"\newcommand{\a}[1]{#1#1#1#1} y = " + nested(r"\a{", "x", "}", 14)), 2, "macros make this formula too long"),
    "macros that call each other": (shown(r"\newcommand{\a}{\b\b}\newcommand{\b}{\a\a} y = \a"), 2, "macros nest too deeply"),
    "digits": (shown("y = " + "9" * 6_000 + " x"), 2, "a number of 6000 digits"),
    "an exponent of many digits": (shown("y = x^{" + "9" * 5_000 + "}"), 2, "a number of 5000 digits"),
    "a number that is none": (shown(r"y = 10^{400} x", r"\frac{dy}{dx} = 10^{400}"), 6, "no real value"),
    "a tower of numbers": (shown(r"y = 2^{2^{2^{99}}} x", r"\frac{dy}{dx} = 2^{2^{2^{99}}}"), 6, "no real value"),
    "a division by zero": (shown("y = x / 0", r"\frac{dy}{dx} = 1/0"), 6, "no real value"),
    "a sum over a thousand million": (shown(r"y = \sum_{i=1}^{1000000000} i x"), 2, "this needs an array of 1,000,000,000 numbers"),
    "a product over a thousand million": (shown(r"y = \prod_{i=1}^{1000000000} x", r"\frac{dy}{dx} = 1000000000 x^{999999999}"), 6, "rounding noise"),
    "a power of a matrix": ("$W \\in \\mathbb{R}^{n \\times n}$\n\n" + shown("Y = W^{99999999999}", "Y = W W^{99999999998}"), 8, "no real value"),
    "a derivative by a large matrix": (MATRIX + shown("y = W x", r"\frac{\partial y_i}{\partial W_{jk}} = x_k"), 8, "this needs an array of 1,000,000,000,000 numbers"),
    "a large matrix squared": (MATRIX + shown("Y = W W", "Y = W W + 0"), 4, "this needs an array of 1,000,000,000 numbers"),
    "an input of many numbers": ("$W \\in \\mathbb{R}^{90000 \\times 90000}$\n\n" + shown("Y = W W", "Y = W W + 0"), 8, "this needs an array of 8,100,000,000 numbers"),
    "a column of ones": (shown(r"y = \mathbf{1}_{n}^\top \mathbf{1}_{n}", "y = n") + "$n = 100000000000$\n", 0, ""),
    "indices": (f"$i = 1, \\dots, n$\n\n{shown('y = x_{' + 'i' * 200 + '}', 'y = 2 x_{' + 'i' * 200 + '}')}", 8, ""),
    "sums over twelve letters": (
        "".join(f"${c} = 1, \\dots, n$, " for c in LETTERS[:12]) + "\n\n" + shown("y = " + "".join(rf"\sum_{c} " for c in LETTERS[:12]) + f"z_{{{LETTERS[:12]}}}", "y = 0"),
        8,
        "this needs an array of",
    ),
    "an entry far out": (shown("y = x_1 + x_2", "y = x_2 + x_1") + "$x_{99999999} = 3$\n", 0, ""),
    "definitions in a long row": (shown(*(f"y_{{{k + 1}}} = y_{{{k}}} + 1" for k in range(1_500)), "y_{1500} = y_0 + 1500"), 0, ""),
    "definitions in a circle": (shown("f(x) = g(x) + 1", "g(x) = f(x) + 1", "f(x) = g(x) + 1"), 10, "defined by itself"),
    "a chain": (shown("y = x", "y " + "= x + 1 - 1" * 2_800), 6, "repeats the one before it"),
    "a NUL": ("\x00" + shown("y = x\x00"), 2, "is not expected here"),
    "half a character": (shown("y = x\ud800") + "\udfff", 2, "is not expected here"),
    "a mark that turns the text around": (shown("y = x\u202e"), 2, "is not expected here"),
    "scopes that are never closed": ("<!-- bpdocs: scope -->\n" * 2_000 + shown("y = x"), 1, "never closed"),
    "quotes of quotes": ("> " * 3_000 + "x\n\n" + shown("y = x", "y = 2 x"), 8, "right is"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "line", "message"), PAGES.values(), ids=PAGES)
def test_what_asks_for_too_much_is_told_so(text: str, line: int, message: str) -> None:
    result = checked(text)
    told = [*(one for row in result.rows for one in row.diagnostics), *result.problems]
    assert all(row.verdict != "agree" for row in result.rows if row.kind == "claim" and "10^{400}" in row.latex)
    if line:
        assert any(one.line == line and message in one.message for one in told), [(one.line, one.message) for one in told[:9]]
    for one in told[:50]:
        assert one.render()
        assert len(one.render()) < 2_000


def test_a_hundred_scopes_and_fifty_sums_are_not_too_much() -> None:
    scopes = "".join(f"<!-- bpdocs: scope -->\n$y := {k + 2} x$ and $\\frac{{dy}}{{dx}} = {k + 2}$.\n" for k in range(100)) + "<!-- bpdocs: end -->\n" * 100
    assert [row.verdict for row in checked(scopes).rows if row.kind == "claim"] == ["agree"] * 100
    sums = "$x \\in \\mathbb{R}^n$, $i = 1, \\dots, n$.\n\n" + shown("y = " + nested(r"\sum_i (", "x_i", ")", 50), r"\frac{\partial y}{\partial x_i} = n^{49}")
    assert [row.verdict for row in checked(sums).rows if row.kind == "claim"] == ["agree"]


def test_a_long_page_of_prose_is_read() -> None:
    text = "word and more words here\n" * 400_000 + "\n$y := 2 x$ and $\\frac{dy}{dx} = 2$.\n"
    assert len(text) > 10_000_000
    assert [row.verdict for row in checked(text).rows if row.kind == "claim"] == ["agree"]


def test_five_thousand_formulas_are_checked() -> None:
    text = "".join(f"$y_{{{k}}} := x + {k}$\n\n" for k in range(2_500)) + "".join(f"$y_{{{k}}} - x = {k}$\n\n" for k in range(2_500))
    assert [row.verdict for row in checked(text).rows if row.kind == "claim"] == ["agree"] * 2_500


OPENERS = ("<!-- a ", "<script> a ", "<script a ", r"\begin{align} a ", r"\[ a ", r"\( a ", "$` a ", "` a ", "``` a ", "$a ", "<details ", "a$$", "> ")


@pytest.mark.parametrize("opens", OPENERS)
def test_what_opens_many_times_and_is_never_closed_takes_no_longer(opens: str) -> None:
    result = checked(shown("y = x") + "a " + opens * (3_000 if "$" in opens else 30_000))  # dollars make formulas, each with its verdict
    assert result.formulas


def test_a_very_long_line_is_not_repeated_with_each_complaint() -> None:
    result = checked("word " * 200_000 + "$a = b$ " * 300)
    assert sum(len(one.source) for row in result.rows for one in row.diagnostics) < 1_000_000
    assert len(result.rows) == 300


MATTERS = {
    "aliases of aliases": "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)) + "bpdocs:\n  layout: *j",
    "mappings that take in others": "a: &a {x: 1}\n" + "".join(f"{b}: &{b} {{<<: [{', '.join([f'*{a}'] * 9)}]}}\n" for a, b in zip("abcdefghi", "bcdefghij", strict=True)),
    "an alias of itself": "bpdocs: &a\n  <<: *a",
    "brackets": "a: " + "[" * 20_000,
    "a tag that makes an object": "bpdocs: !!python/object/apply:os.system ['true']",
    "a month that is none": "a: 2001-99-99",
    "a number without digits": "a: 0x_",
    "an empty number": "a: !!int ''",
    "a truth that is none": "a: !!bool maybe",
    "a time that is none": "a: !!timestamp soon",
    "a key that is a list": "? [a]\n: b",
    "a set": "bpdocs: !!set {a}",
    "a control character": "a: \x01",
    "a number as a key": "bpdocs: {7: x}",
}


@pytest.mark.parametrize("matter", MATTERS.values(), ids=MATTERS)
def test_front_matter_that_asks_for_too_much_is_malformed(matter: str) -> None:
    with pytest.raises(PageError, match="malformed front matter"):
        check_page(f"---\n{matter}\n---\n$y := x$\n", "page.md")


def test_a_large_notebook_is_read_with_its_lines() -> None:
    cells = [{"cell_type": "markdown", "source": [*(f"word {k} {n}\n" for n in range(50)), f"$a_{{{k}}} = b$"]} for k in range(4_000)]
    text = json.dumps({"cells": cells, "blob": "x" * 50_000_000}, indent=0)
    assert len(text) > 50_000_000
    from bpdocs.page import read_page

    page = read_page(text, "lab.ipynb")
    where = page.diagnostic(page.formulas[-1].span, "")
    assert "$a_{3999} = b$" in text.split("\n")[where.line - 1]


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "{}", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"cell_type": "markdown", "source": [3]}]}', "[" * 100_000, "9" * 10_000])
def test_what_is_no_notebook_is_said_to_be_none(text: str) -> None:
    with pytest.raises(PageError, match="not a notebook"):
        check_page(text, "lab.ipynb")


@pytest.mark.parametrize("text", ["", "{", "7", "[7]", '[{"latex": 7}]', "[" * 100_000, "9" * 10_000])
def test_what_is_no_list_of_formulas_is_said_to_be_none(text: str) -> None:
    with pytest.raises(PageError):
        reading.displays(Source("list.json", text))


def test_folders_that_lead_into_themselves_are_read_once(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("$y := x$", encoding="utf-8")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "circle.md").symlink_to(tmp_path / "circle.md")
    sources, errors = gather([str(tmp_path)])
    assert [Path(source.path).name for source in sources] == ["page.md"]
    assert errors == []


@pytest.mark.parametrize("name", ["/dev/zero", "pipe", ".", "a\\0b", "circle.md"])
def test_a_page_that_takes_over_what_is_no_page_does_not_wait_for_it(name: str, tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle.md").symlink_to(tmp_path / "circle.md")
    with pytest.raises(PageError, match="cannot be read"):
        check_page(f'---\nbpdocs:\n  uses: ["{name}"]\n---\n$y := x$\n', str(tmp_path / "page.md"))


def test_pages_that_take_over_each_other_are_read_once(tmp_path: Path) -> None:
    for one, other in ("ab", "ba"):
        (tmp_path / f"{one}.md").write_text(f"---\nbpdocs:\n  uses: [{other}.md]\n---\n${one} := x$, so $\\frac{{d{one}}}{{dx}} = 1$.\n", encoding="utf-8")
    assert summarise(check_page((tmp_path / "a.md").read_text(encoding="utf-8"), str(tmp_path / "a.md"))).claims[0].verdict == "agree"


# -- the counting ---------------------------------------------------------------------------------------


@pytest.fixture
def scarce(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def lower(**limits: float) -> None:
        for name, limit in limits.items():
            monkeypatch.setattr(budget, name, limit)

    return lower


PAGE = shown("y = x^2 + x", r"\frac{dy}{dx} = 2x + 1", r"\frac{dy}{dx} = 2x + 2")


def test_a_page_that_has_used_up_its_steps_agrees_with_nothing(scarce: Callable[..., None]) -> None:
    verdicts = []
    for steps in (10, 100, 200, 400, 800, 1_600, 3_200, 10**6):
        scarce(PAGE=steps)
        result = checked(PAGE)
        assert not result.ok
        verdicts.append([row.verdict for row in result.rows if row.kind == "claim"])
        assert all(verdict != "agree" for verdict in verdicts[-1][1:])
    assert verdicts[0] == ["unread"] * len(verdicts[0])
    assert verdicts[-1] == ["agree", "disagree"]


def test_a_claim_that_has_used_up_its_own_steps_leaves_the_rest_of_the_page(scarce: Callable[..., None]) -> None:
    page = shown("y = u^2", r"\frac{dy}{du} = 2u", " + ".join([r"\frac{dy}{du}"] * 150) + " = 300 u", r"\frac{dy}{du} = 3u")
    assert [row.verdict for row in checked(page).claims] == ["agree", "agree", "disagree"]
    scarce(CLAIM=1_000)
    assert [row.verdict for row in checked(page).claims] == ["agree", "unread", "disagree"]


def test_the_clock_is_the_last_resort(scarce: Callable[..., None]) -> None:
    scarce(SECONDS=0.0, _GLANCE=0)
    assert {row.message for row in checked(PAGE).rows} == {"the page as a whole takes too long to work out"}


def test_the_same_steps_wherever_it_is_called_from() -> None:
    deep = shown("y_0 = x", *(f"y_{{{k + 1}}} = y_{{{k}}} + 1" for k in range(120)), "y_{120} = x + 120")

    def below(calls: int) -> Result:
        return below(calls - 1) if calls else checked(deep)

    first = below(0)
    assert first == below(400)
    found: list[Result] = []
    thread = threading.Thread(target=lambda: found.append(checked(deep)))
    thread.start()
    thread.join()
    assert found == [first]
    assert first.claims[0].verdict == "agree"


def test_the_recursion_limit_is_given_back() -> None:
    before = sys.getrecursionlimit()
    checked(PAGE)
    parse_display("x" + "^2" * 500)
    assert sys.getrecursionlimit() == before
