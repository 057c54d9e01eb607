"""No token of a formula is ignored: each can be taken away only with a change of what is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from bpdocs.notation import accounting
from bpdocs.notation.accounting import meaning, silent
from bpdocs.notation.parser import parse
from bpdocs.notation.tokens import Unread
from bpdocs.page import read_page

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs" / "en").glob("*.md")), *sorted((ROOT / "tests" / "cases" / "right").glob("*.md"))]
MEANINGS = yaml.safe_load((Path(__file__).parent / "meanings.yaml").read_text(encoding="utf-8"))


def displays(path: Path) -> Iterator[str]:
    page = read_page(path.read_text(encoding="utf-8"), path.name)
    # What only defines macros says nothing by itself; its tokens count where the macros are used.
    yield from (formula.latex for formula in page.formulas if formula.display and says_something(formula.latex))


def says_something(latex: str) -> bool:
    try:
        return bool(parse(latex))
    except Unread:
        return True


def complaint(latex: str) -> str:
    return "\n".join(f"{token.text} at {token.span.start} of {latex}" for token in silent(latex))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_token_of_a_page_is_ignored(path: Path) -> None:
    assert not "\n".join(filter(None, map(complaint, displays(path))))


def test_no_token_of_the_formulas_with_a_meaning_is_ignored() -> None:
    assert not "\n".join(filter(None, (complaint(entry["read"]) for entry in MEANINGS)))


def test_most_of_these_formulas_are_read() -> None:
    read = [meaning(latex) is not None for path in PAGES for latex in displays(path)]
    assert sum(read) > 0.9 * len(read)


def test_a_reader_that_skips_a_token_is_caught() -> None:
    def careless(latex: str) -> accounting.Reading | None:
        return meaning(latex.replace("'", " "))

    assert [token.text for token in silent("y = f'(x) + 1", careless)] == ["'"]


@pytest.mark.parametrize(
    ("latex", "allowed"),
    [(r"\mathbf{x} = \boxed{y}", r"\mathbf \boxed"), (r"y = \underbrace{a}_{\text{big}} b, \quad z = c.", r"\underbrace , \quad .")],
)
def test_ink_without_meaning_is_on_the_list(latex: str, allowed: str) -> None:
    assert silent(latex) == []
    assert set(allowed.split()) <= accounting.IDLE


def test_the_command_lists_what_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("$$y = f'(x)$$\n", encoding="utf-8")
    assert accounting.main([str(page)]) == 0
    monkeypatch.setattr(accounting.silent, "__defaults__", (lambda latex: (latex.replace("'", "").replace(" ", ""),),))
    assert accounting.main([str(page)]) == 1
    assert "' changes nothing" in capsys.readouterr().out
