import doctest
import re

import pytest

from bpdocs import diagnostic
from bpdocs.diagnostic import Diagnostic, PageError, Span, diagnostic_at, locate, width


def caret_columns(rendered: str) -> tuple[int, int]:
    """Where the carets begin, in terminal columns, and how many there are."""
    line = next(line for line in rendered.splitlines() if re.fullmatch(r"\s*\^+", line))
    return width(line[: line.index("^")]), line.count("^")


def test_examples_in_the_docstrings() -> None:
    failed, tried = doctest.testmod(diagnostic)
    assert (failed, tried > 0) == (0, True)


@pytest.mark.parametrize(
    ("offset", "place"),
    [(0, (1, 1)), (2, (1, 3)), (3, (1, 4)), (4, (2, 1)), (5, (3, 1)), (7, (3, 3)), (99, (3, 3)), (-1, (1, 1))],
)
def test_locate_counts_lines_and_characters_from_one(offset: int, place: tuple[int, int]) -> None:
    assert locate("abc\n\nde", offset) == place


def test_the_source_line_and_what_is_underlined() -> None:
    found = diagnostic_at("a.md", "one\ntwo $x$ end\nthree", Span(8, 11), "no", "do")
    assert found == Diagnostic("a.md", 2, 5, 3, "no", "do", "two $x$ end")


@pytest.mark.parametrize("text", ["ab $x$\nmore", "ab $x$\r\nmore"])
def test_a_span_over_several_lines_is_underlined_on_the_first(text: str) -> None:
    found = diagnostic_at("a.md", text, Span(3, len(text)), "no")
    assert (found.line, found.column, found.length, found.source) == (1, 4, 3, "ab $x$")


@pytest.mark.parametrize("at", [0, 3, 4, 10])
def test_the_end_of_the_text_and_an_empty_span_have_one_caret(at: int) -> None:
    assert diagnostic_at("a.md", "abc", Span(at, at), "no").length == 1
    assert diagnostic_at("a.md", "", Span(at, at), "no").render() == "a.md:1:1: no"


def test_carets_line_up_under_hangul() -> None:
    text = "출력 유닛의 $z_k$ 값"
    start = text.index("$")
    rendered = diagnostic_at("a.md", text, Span(start, start + 5), "no").render()
    assert caret_columns(rendered) == (3 + 12, 5)  # five syllables take two columns each, the spaces one
    rendered = diagnostic_at("a.md", text, Span(0, 2), "no").render()
    assert caret_columns(rendered) == (3, 4)


def test_a_combining_mark_and_a_decomposed_syllable_take_no_column_of_their_own() -> None:
    assert width("e\u0301") == 1
    assert width("\u1112\u1161\u11ab") == 2  # 한, as macOS writes it in file names


def test_a_tab_stays_a_tab_under_a_tab() -> None:
    assert Diagnostic("a.md", 1, 2, 1, "no", "", "\tx").render().splitlines()[1:] == ["   \tx", "   \t^"]


def test_of_a_very_long_line_the_part_around_the_caret_is_shown() -> None:
    text = "역전파 " * 100 + "$x = y$" + " 순전파" * 100
    start = text.index("$")
    rendered = diagnostic_at("a.md", text, Span(start, start + 7), "no").render()
    _, source, carets = rendered.splitlines()
    assert width(source) < 110
    assert "$x = y$" in source
    assert source.strip().startswith("…")
    assert source.endswith("…")
    assert width(carets[: carets.index("^")]) == width(source[: source.index("$")])


def test_a_short_line_is_shown_whole_to_the_last_column() -> None:
    source = "a" * 40 + "b" * 60
    for column in (1, 50, 100):
        assert source in Diagnostic("a.md", 1, column, 1, "no", "", source).render()


def test_a_caret_longer_than_the_window_is_cut() -> None:
    rendered = Diagnostic("a.md", 1, 1, 500, "no", "", "x" * 500).render()
    assert max(map(width, rendered.splitlines())) < 110


def test_control_characters_do_not_reach_the_terminal() -> None:
    rendered = Diagnostic("a\x1b.md", 1, 1, 1, "no\x1b[2J", "\x07", "\x1b[31mred").render()
    assert "\x1b" not in rendered
    assert "\x07" not in rendered


def test_several_lines_of_message_and_help_are_indented() -> None:
    rendered = Diagnostic("a.md", 1, 1, 1, "left 1\nright 2", "either\nor").render()
    assert rendered == "a.md:1:1: left 1\n   right 2\n   help: either\n         or"


def test_colour_adds_nothing_but_colour() -> None:
    found = diagnostic_at("a.md", "값 $x$", Span(2, 5), "no\nmore", "do")
    assert "\x1b[" in found.render(color=True)
    assert re.sub(r"\x1b\[\d*m", "", found.render(color=True)) == found.render()


def test_a_page_error_says_where() -> None:
    found = Diagnostic("a.md", 2, 1, 1, "not UTF-8")
    with pytest.raises(PageError, match=r"a\.md:2:1: not UTF-8") as error:
        raise PageError(found)
    assert error.value.diagnostic is found
