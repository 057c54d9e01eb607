import doctest
from types import SimpleNamespace

import pytest

from bpdocs import pairing
from bpdocs.diagnostic import Diagnostic
from bpdocs.page import read_page
from bpdocs.pairing import compare, missing, normalise


def report(text: str, path: str) -> SimpleNamespace:
    """A report in which each formula is one relation; nothing is checked."""
    page = read_page(text, path)
    relations = []
    for formula in page.formulas:
        at = page.diagnostic(formula.span, "")
        relations.append(
            SimpleNamespace(
                formula=formula.number,
                span=formula.content,
                line=at.line,
                column=at.column,
                latex=formula.latex,
                kind="claim" if "=" in formula.latex else "shown",
                expected="wrong" if formula.wrong else "unchecked" if formula.unchecked else "agree",
            )
        )
    return SimpleNamespace(page=page, relations=tuple(relations))


def compared(korean: str, english: str) -> list[Diagnostic]:
    return compare(report(korean, "ko/a.md"), report(english, "en/a.md"))  # type: ignore[arg-type]


def test_examples_in_the_docstrings() -> None:
    failed, tried = doctest.testmod(pairing)
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"z_k=f(net_k)", r"z_{k} = f( net_k )"),
        (r"a = b.", r"a = b"),
        (r"a = b\,,\quad \text{단, } k", r"a = b, \text{where}\; k"),
        (r"a = b, \quad c = d", r"a = b \qquad c = d"),
        (r"a = b,\ \text{단 } k", r"a = b \text{for } k"),
        (r"a = b \quad\text{(출력).}", r"a = b,"),
        (r"\text{순입력}_j = 1", r"\text{net}_j = 1"),
        (r"w_{\text{출력}} = 1", r"w_{\text{out}} = 1"),
        (r"a = b \mathrm{~for~all~} k", r"a = b \mathrm{모든} k"),
        (r"\frac12 x", r"\frac{1}{2} x"),
        (r"\dfrac{a}{b}", r"\frac{a}{b}"),
        (r"\left( x \right)", r"( x )"),
        (r"a \le b", r"a \leq b"),
        (r"\lVert x \rVert", r"\| x \|"),
        (r"f'(x)", r"f^{\prime}(x)"),
        ("a\n  = b", "a = b"),
        (r"a = b \tag{1}", r"a = b \tag{2}"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a = b", "a = -b"),
        ("w_{kj}", "w_{jk}"),
        ("w_{kj}", "w_k j"),
        ("f'(x)", "f(x)"),
        (r"W^\top x", "W x"),
        (r"\mathrm{net}_j", r"\mathrm{out}_j"),
        (r"\sum_k a", r"\sum_j a"),
        (r"\frac12", r"\frac13"),
        (r"a \cdot b", "a b"),
        (r"x_{12}", r"x_12"),
        ("0.5", "0,5"),
        ("f(a, b)", "f(a b)"),
    ],
)
def test_what_counts(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


def test_the_same_page_in_two_languages() -> None:
    korean = "# 출력\n\n$z_k = f(net_k)$ 이고 $y_j = 1$ 이다.\n\n$$\na = b \\quad \\text{모든 } k\n$$\n\n$$c = d$$\n"
    english = "# Output\n\nWe have $y_j=1$ (and $x$), $z_{k} = f(net_k)$.\n\n$$a = b, \\text{for every } k.$$\n\n$$c = d.$$\n"
    assert compared(korean, english) == []


def test_a_changed_display_is_shown_in_both_forms_at_its_place_in_the_second() -> None:
    (found,) = compared("$$a = b$$\n\n$$c = d$$\n", "# x\n\n$$a = b$$\n\n$$c = -d$$\n".replace("# x\n\n", ""))
    assert (found.path, found.line, found.column, found.source) == ("en/a.md", 3, 3, "$$c = -d$$")
    assert found.message == "differs from ko/a.md:3:1:\nc = d\nhere:\nc = -d"


def test_one_lost_display_is_one_message() -> None:
    (found,) = compared("$$a = 1$$\n\n$$b = 2$$\n\n$$c = 3$$\n\n$$d = 4$$\n", "$$a = 1$$\n\n$$c = 3$$\n\n$$d = 4$$\n")
    assert (found.line, found.message) == (3, "ko/a.md:3:1 has a relation that is missing at this place:\nb = 2")


def test_a_lost_last_display_and_a_lost_only_display() -> None:
    (found,) = compared("$$a = 1$$\n\n$$b = 2$$\n", "$$a = 1$$\n")
    assert (found.line, "b = 2" in found.message) == (1, True)
    (found,) = compared("$$a = 1$$\n", "nothing\n")
    assert (found.path, found.line, "a = 1" in found.message) == ("en/a.md", 1, True)


def test_an_added_display_is_named_where_it_stands() -> None:
    (found,) = compared("$$a = 1$$\n", "$$a = 1$$\n\n$$b = 2$$\n")
    assert (found.line, found.message) == (3, "ko/a.md does not have this relation:\nb = 2")


def test_the_order_of_displays_counts() -> None:
    assert compared("$$a = 1$$\n\n$$b = 2$$\n", "$$b = 2$$\n\n$$a = 1$$\n") != []


def test_inline_relations_are_a_set_in_each_section() -> None:
    korean = "# 1\n$a = 1$ $b = 2$\n# 2\n$c = 3$\n"
    assert compared(korean, "# 1\n$b = 2$ $a = 1$ $b = 2$\n# 2\n$c = 3$\n") == []
    found = compared(korean, "# 1\n$b = 2$\n# 2\n$c = 3$ $a = 1$\n")
    assert [(one.line, one.message.splitlines()[0]) for one in found] == [
        (2, "ko/a.md:2:1 has a relation that is missing in this section:"),
        (4, "ko/a.md does not have this relation:"),
    ]


def test_a_mention_without_a_relation_may_be_missing_inline_but_not_displayed() -> None:
    assert compared("$z_k$ 와 $x_i$", "$z_k$") == []
    assert len(compared("$$z_k$$\n", "$$x_k$$\n")) == 1


def test_a_missing_heading_is_one_message() -> None:
    korean = "---\n# a comment\ntitle: x\n---\n# 1\n$a = 1$\n## 2\n$b = 2$\n## 3\n$c = 3$\n"
    english = "# 1\n$a = 1$\n\n$b = 2$\n## 3\n$c = 3$\n"
    (found,) = compared(korean, english)
    assert found.message == "ko/a.md has 3 headings, this page 2"


def test_a_relation_shown_as_wrong_in_one_language_only() -> None:
    (found,) = compared("<!-- bpdocs: wrong -->\n$$a = b$$\n", "$$a = b$$\n")
    assert found.message == "ko/a.md:2:1 is expected to be wrong, this to be right"
    assert len(compared("<!-- bpdocs: wrong -->\n$a = b$\n", "$a = b$\n")) == 2


def test_all_differences_come_at_once_in_the_order_of_the_second_page() -> None:
    found = compared("$x = 1$\n\n$$a = 1$$\n\n$y = 1$\n\n$$b = 1$$\n", "$x = 2$\n\n$$a = 2$$\n\n$y = 1$\n\n$$b = 2$$\n")
    assert [one.line for one in found] == [1, 1, 3, 7]


def missed(first: list[str], second: list[str]) -> list[str]:
    return [one.path for one in missing(first, second)]


def test_a_page_that_only_one_language_has() -> None:
    korean = ["docs/ko/a.md", "docs/ko/b.md", "docs/ko/labs/l.ipynb"]
    english = ["docs/en/a.md", "docs/en/labs/c.md"]
    found = missing(korean, english)
    assert [one.path for one in found] == ["docs/ko/b.md", "docs/ko/labs/l.ipynb", "docs/en/labs/c.md"]
    assert "docs/en has no b.md" in found[0].message
    assert missed(korean, [path.replace("ko", "en") for path in korean]) == []


def test_a_language_with_one_page_or_none() -> None:
    assert missed(["docs/ko/a.md", "docs/ko/labs/b.md"], ["docs/en/labs/b.md"]) == ["docs/ko/a.md"]
    assert missed(["docs/ko/a.md"], ["docs/en/a.md"]) == []
    assert missed(["docs/ko/a.md"], []) == ["docs/ko/a.md"]
    assert missed([], []) == []


def test_a_language_in_the_name_of_the_file() -> None:
    assert missed(["docs/a.md", "docs/b.md"], ["docs/a.en.md"]) == ["docs/b.md"]
