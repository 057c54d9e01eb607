r"""Small pages, one planted error each; the leading comment says which lines the checker must object to, and with which verdict."""

import re
from pathlib import Path

import pytest

from bpdocs.check import check_page
from bpdocs.results import summarise

CASES = sorted((Path(__file__).parent / "cases").glob("[rw]*/*.md"))
EXPECT = re.compile(r"<!-- expect: (all right|(?:line \d+ \w+(?:, )?)+) -->")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_case(case: Path) -> None:
    expect = EXPECT.match(text := case.read_text(encoding="utf-8"))
    assert expect, "the first line says what is expected"
    wanted = dict(re.findall(r"line (\d+) (\w+)", expect[1]))
    assert bool(wanted) == (case.parent.name == "wrong")
    result = summarise(check_page(text, case.name))
    found = {str(row.line): row.verdict for row in result.rows if not row.ok} | {str(one.line): "problem" for one in result.problems}
    said = "\n".join(one.render() for row in result.rows for one in row.diagnostics) + "\n".join(one.render() for one in result.problems)
    assert found.keys() == wanted.keys(), said
    assert all(wanted[line] in ("any", found[line]) for line in wanted), said
    assert result.claims or wanted
