"""When a proof is looked for: for an equality that measures as true, and for all layers and steps that it stands for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bpdocs.cases import Judged, absent
from bpdocs.prove import prove
from bpdocs.verdicts import Checked


def proven(group: Sequence[Judged], relation: Checked) -> Checked:
    """Return a relation marked as proved if it is a claim that agrees and every case of it is proved."""
    if relation.kind != "claim" or relation.verdict != "agree":
        return relation
    there = [one for one in group if not absent(one.line, one.context) and one.line.kind == "claim"]
    return replace(relation, proved=bool(there) and all(prove(one.line, one.context).proved for one in there))
