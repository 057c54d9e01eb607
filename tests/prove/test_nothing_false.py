"""Nothing false is ever proved: every planted error that is proved is no error, as the measured verdict on it says as well."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from bpdocs.edits import Stock, edits, reread
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.points import example, points, printed_numbers
from bpdocs.page import read_page
from bpdocs.prove import Proof, prove
from bpdocs.relations import Context, Line, build

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "docs" / "en" / "hidden-to-output.md", ROOT / "docs" / "en" / "matrices.md", *sorted((ROOT / "tests" / "cases").glob("[rw]*/*.md"))]
EVERY = 5  # of the planted errors, so that the test takes seconds; `EVERY = 1` runs them all


def mutants(path: Path) -> Iterator[tuple[Line, Context, tuple[list[Evaluator], str]]]:
    """Yield each claim of a page as it would be with one planted error."""
    page = read_page(path.read_text(encoding="utf-8"), str(path))
    avoid = printed_numbers([formula.latex for formula in page.formulas])
    for context in build(page)[0].values():
        there = points(context, avoid)
        stock = Stock(context, there[0][0] if there[0] else None)
        for line in context.lines:
            if line.kind == "claim" and line.relation == "=" and line.fault is None:
                for edit in edits(line, stock):
                    if (changed := reread(line, edit, stock)) is not None:
                        yield changed, context, there


@pytest.mark.parametrize("start", range(EVERY)[:1])
def test_no_planted_error_is_proved(start: int) -> None:
    found: list[Proof] = []
    for path in PAGES:
        for line, context, (evaluators, why) in islice(mutants(path), start, None, EVERY):
            proof = prove(line, context)
            found.append(proof)
            if proof.proved:
                outcome = judge(line, context, evaluators, why, example(context))
                shown = line.formula.latex[line.span.start : line.span.end]
                assert outcome.verdict in ("agree", "inconclusive"), f"{path.name}: {shown} is proved, and {outcome.verdict}s: {outcome.message}"
    assert len(found) > 500
    assert any(proof.proved for proof in found), "some planted errors are none: a sign before 0, factors in another order"
    assert not [proof.reason for proof in found if proof.reason.split(":")[0].endswith("Error")]
