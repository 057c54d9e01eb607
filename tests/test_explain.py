"""`bpdocs explain`: how a line was read, what it rests on, and the numbers."""

import json
from pathlib import Path

import pytest

from bpdocs.cli import main
from bpdocs.explain import explain
from bpdocs.page import read_page

PAGE = r"""Letters $j = 1, \dots, d$ and $k = 1, \dots, c$.

$$\mathrm{net}_k = \sum_{j=1}^{d} w_{kj} y_j$$

$$z_k = f(\mathrm{net}_k)$$

$$J = \frac12 \sum_{k=1}^{c} (z_k - t_k)^2$$

$$
\begin{aligned}
\frac{\partial J}{\partial w_{kj}}
  &= (z_k - t_k) f'(\mathrm{net}_k) y_j \\
  &= (z_k - t_k) y_j
\end{aligned}
$$

Here $q = y_j$ and $\frac{1$.
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(PAGE, encoding="utf-8")
    return "a.md"


def test_a_claim_with_its_reading_its_program_and_its_numbers() -> None:
    (found,) = explain(PAGE, "a.md", 11)
    assert (found.checked.kind, found.checked.verdict) == ("claim", "agree")
    left, right = found.members
    assert left.meaning == "total derivative by w_{kj}: all that depends on it is recomputed"
    assert [part.latex for part in right.parts] == [r"(z_k - t_k) f'(\mathrm{net}_k)", "y_j"]
    assert found.symbols == {
        "J": "defined on the page, a number",
        "w_{kj}": "an input, c × d",
        "k": "an index, 1 to c",
        "j": "an index, 1 to d",
        "z_k": "defined on the page, a column of c",
        "t_k": "an input, a column of c",
        "f": "a function, left open: any smooth function stands for it",
        r"\mathrm{net}_k": "defined on the page, a column of c",
        "y_j": "an input, a column of d",
    }
    assert [(step.line, step.name) for step in found.program if step.latex] == [(3, r"\mathrm{net}_k"), (5, "z_k"), (7, "J")]
    assert {step.name for step in found.program if not step.latex} == {"w_{kj}", "y_j", "t_k"}
    assert found.numbers is not None
    assert found.numbers.left == pytest.approx(found.numbers.right, rel=1e-12)
    assert set(found.numbers.sizes) == {"c", "d"}


def test_the_numbers_of_a_wrong_claim_are_those_where_it_is_most_wrong() -> None:
    (found,) = explain(PAGE, "a.md", 13)
    assert found.checked.verdict == "disagree"
    assert found.checked.suggestion == r"agrees with the factor f'(\mathrm{net}_k) on the right side"
    assert found.numbers is not None
    assert abs(found.numbers.left - found.numbers.right) > 0.1
    assert found.numbers.entry.startswith(("k = ", "j = "))


def test_a_line_inside_a_formula_shows_all_relations_of_it() -> None:
    assert [one.checked.line for one in explain(PAGE, "a.md", 10)] == [11, 13]


def test_what_is_not_read_is_explained_as_far_as_it_goes() -> None:
    unknown, broken = explain(PAGE, "a.md", 17)
    assert (unknown.checked.verdict, broken.checked.verdict) == ("unread", "unread")
    assert broken.members == ()


def test_a_definition_does_not_rest_on_itself() -> None:
    (found,) = explain(PAGE, "a.md", 5)
    assert [step.name for step in found.program if step.latex] == [r"\mathrm{net}_k"]


def test_as_text(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", f"{page}:3"]) == 0
    assert (
        capsys.readouterr().out
        == r"""a.md:3:3: definition
   \mathrm{net}_k = \sum_{j=1}^{d} w_{kj} y_j

   read as
     \mathrm{net}_k   (entry of \mathrm{net})
     =
     \sum_{j=1}^{d} w_{kj} y_j   (sum over j from 1 to d)
       w_{kj} y_j   (product)
         w_{kj}   (entry of w)
         y_j   (entry of y)

   symbols
     \mathrm{net}_k   defined on the page, a column of c
     k                an index, 1 to c
     w_{kj}           an input, c × d
     j                an index, 1 to d
     y_j              an input, a column of d
"""
    )


def test_as_json(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--json", f"{page}:11"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["path"], data["line"]) == ("a.md", 11)
    (relation,) = data["relations"]
    assert {"latex", "kind", "verdict", "proved", "members", "symbols", "program", "numbers"} <= set(relation)
    assert relation["members"][0]["parts"][0]["latex"] == "J"


@pytest.mark.parametrize(("place", "code"), [("a.md:1", 0), ("a.md:2", 1), ("a.md:99", 1), ("lost.md:3", 2), ("a.md", 2), ("a.md:x", 2), (":3", 2)])
def test_exit_codes(page: str, place: str, code: int) -> None:
    assert main(["explain", place]) == code


def test_every_line_of_every_page_can_be_explained() -> None:
    for path in sorted((Path(__file__).resolve().parent.parent / "docs" / "en").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        page = read_page(text, str(path))
        lines = [page.diagnostic(formula.content, "").line for formula in page.formulas if "=" in formula.latex][::9]
        assert all(explain(text, str(path), number) for number in lines), path
