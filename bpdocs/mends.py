"""The likely mend of a wrong claim: the single edit after which it agrees."""

from __future__ import annotations

from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import judge
from bpdocs.relations import Context, Line


def mend(line: Line, context: Context, evaluators: list[Evaluator]) -> str:
    """Return the edit that makes a claim agree, for people, or nothing."""
    from bpdocs.edits import edits, reread

    for edit in edits(line, context.survey):
        changed = reread(line, edit, context)
        if changed is None:
            continue
        if judge(changed, context, evaluators[:2], "", evaluators[0]).verdict == "agree" and judge(changed, context, evaluators, "", evaluators[0]).verdict == "agree":
            return f"agrees {edit.words}"
    return ""
