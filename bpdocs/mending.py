"""When a mend is looked for: for a wrong claim that is not shown as wrong, and for all layers and steps that it stands for at once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bpdocs import budget
from bpdocs.cases import Judged, absent
from bpdocs.lines import Line
from bpdocs.measure.judge import Outcome


def mended(group: Sequence[Judged], line: Line, outcome: Outcome | None) -> tuple[Line, Outcome | None]:
    """Return the line and the outcome of a group, with the likely mend if it is a wrong claim."""
    if outcome is None or outcome.verdict != "disagree" or line.kind != "claim" or line.relation != "=" or line.formula.wrong:
        return line, outcome
    from bpdocs.mends import Place, mend

    there = [one for one in group if one.line.right is not None and one.line.kind == "claim" and not absent(one.line, one.context)]
    there.sort(key=lambda one: one.outcome is None or one.outcome.verdict != "disagree")
    words = ""
    with suppress(*budget.OVER), budget.part():
        words = mend([Place(one.line, one.context, list(one.evaluators)) for one in there])
    return line, replace(outcome, suggestion=words or outcome.suggestion)
