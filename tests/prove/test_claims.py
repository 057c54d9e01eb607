"""Claims that must be proved, and their near misses that must not, over every notation that the prover knows."""

import pytest

from bpdocs.measure.points import points
from bpdocs.page import read_page
from bpdocs.prove import Proof, prove
from bpdocs.relations import build
from tests.prove.pages import PAGES


def proof_of(before: str, claim: str) -> Proof:
    """Return the proof of a claim that stands last on a page (inline, so that it never defines)."""
    page = read_page(f"{before}\n\nSo ${claim}$ holds.\n", "page.md")
    contexts, faults = build(page)
    last = page.formulas[-1].number
    assert last not in faults, faults[last].message
    lines = [(line, context) for context in contexts.values() for line in context.lines if line.formula.number == last]
    assert len(lines) == 1 and lines[0][0].kind == "claim" and lines[0][0].fault is None, [(line.kind, line.fault and line.fault.message) for line, _ in lines]
    points(lines[0][1], set())  # gives shapes to what the page leaves open, as a check does before anything is judged
    return prove(*lines[0])


@pytest.mark.parametrize(("before", "claim"), [pytest.param(before, claim, id=f"{name}: {claim}") for name, before, right, _ in PAGES for claim in right])
def test_is_proved(before: str, claim: str) -> None:
    assert proof_of(before, claim) == Proof(True)


@pytest.mark.parametrize(("before", "claim"), [pytest.param(before, claim, id=f"{name}: {claim}") for name, before, _, wrong in PAGES for claim in wrong])
def test_is_not_proved(before: str, claim: str) -> None:
    found = proof_of(before, claim)
    assert not found.proved
    assert not found.reason.split(":")[0].endswith("Error"), found.reason
