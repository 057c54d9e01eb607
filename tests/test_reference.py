"""Every example of the reference pages does what the page says; their outputs are written by `make goldens`."""

import re
from pathlib import Path

import goldens
import pytest

from bpdocs.check import check_page
from bpdocs.results import summarise

EXAMPLES = {f"{path.parent.name}/{path.stem}:{example.line}": example for path in goldens.PAGES for example in goldens.examples(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("place", EXAMPLES)
def test_an_example_does_what_the_page_says(place: str) -> None:
    example = EXAMPLES[place]
    if example.expected is None:
        assert example.said == goldens.output(example.page), "make goldens"
        return
    result = summarise(check_page(example.page, "page.md"))
    said = "\n".join(one.render() for row in result.rows for one in row.diagnostics) + "\n".join(one.render() for one in result.problems)
    found = {str(row.line): row.verdict for row in result.rows if not row.ok} | {str(one.line): "problem" for one in result.problems}
    assert found == example.expected, said
    assert result.claims


@pytest.mark.parametrize("name", ["page-language.md", "messages.md"])
def test_both_languages_show_the_same_examples(name: str) -> None:
    def formulas(language: str) -> list[list[str]]:
        text = (goldens.ROOT / "docs" / language / name).read_text(encoding="utf-8")
        return [re.findall(r"\$\$.*?\$\$|<!--.*?-->", example.page, re.S) for example in goldens.examples(text)]

    assert formulas("en") == formulas("ko")


@pytest.mark.parametrize("path", goldens.PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_example_is_overlooked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("markdown\n") >= 20
    assert len(list(goldens.examples(text))) == len(re.findall(r"^`{3,}markdown$", text, re.M))
    assert all(example.said is not None for example in goldens.examples(text) if example.expected is None)


def test_an_output_is_written_where_there_is_none_and_renewed_where_there_is_one() -> None:
    bare = "a\n\n```markdown\n$q$\n```\n\nb\n"
    written = goldens.renewed(bare)
    assert "```text\npage.md:1:2: unread: q is defined nowhere on this page\n" in written
    assert goldens.renewed(written) == written
    assert goldens.renewed(written.replace("nowhere", "somewhere")) == written
    kept = "```markdown\n<!-- expect: all right -->\n$y := x$\n```\n"
    assert goldens.renewed(kept) == kept
