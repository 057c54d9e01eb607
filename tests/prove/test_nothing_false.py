"""Nothing false is ever proved: every planted error that is proved is no error, as the measured verdict on it says as well."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bpdocs.edits import Edit, Stock, edits, reread
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.points import example, points, printed_numbers
from bpdocs.notation.tokens import Unread
from bpdocs.page import read_page
from bpdocs.prove import Proof, prove
from bpdocs.relations import Context, Line, build

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "docs" / "en" / "hidden-to-output.md", ROOT / "docs" / "en" / "matrices.md", *sorted((ROOT / "tests" / "cases").glob("[rw]*/*.md"))]
PAGE, ERROR = 4, 20  # every fourth page, every twentieth error, so that the test takes seconds; 1, 1 runs them all


Place = tuple[Context, Stock, list[Evaluator], str]


def errors(path: Path) -> Iterator[tuple[Line, Edit, Place]]:
    """Yield each claim of a page with each error that can be planted in it; nothing for a page that cannot be read as a whole."""
    page = read_page(path.read_text(encoding="utf-8"), str(path))
    avoid = printed_numbers([formula.latex for formula in page.formulas])
    try:
        contexts = build(page)[0].values()
    except Unread:
        return
    for context in contexts:
        evaluators, why = points(context, avoid)
        place = (context, Stock(context, evaluators[0] if evaluators else None), evaluators, why)
        for line in context.lines:
            if line.kind == "claim" and line.relation == "=" and line.fault is None:
                for edit in edits(line, place[1]):
                    yield line, edit, place


def test_no_planted_error_is_proved() -> None:
    found: list[Proof] = []
    for number, path in enumerate(PAGES[::PAGE]):
        for line, edit, (context, stock, evaluators, why) in islice(errors(path), number % ERROR, None, ERROR):
            if (changed := reread(line, edit, stock)) is None:
                continue
            proof = prove(changed, context)
            found.append(proof)
            if proof.proved:
                outcome = judge(changed, context, evaluators, why, example(context))
                shown = changed.formula.latex[changed.span.start : changed.span.end]
                assert outcome.verdict in ("agree", "inconclusive"), f"{path.name}: {shown} is proved, and {outcome.verdict}s: {outcome.message}"
    assert len(found) > 300
    assert any(proof.proved for proof in found), "some planted errors are none: a sign before 0, factors in another order"
    assert not [proof.reason for proof in found if proof.reason.split(":")[0].endswith("Error")]
