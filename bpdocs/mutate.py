"""Errors planted in a page, one at a time: how many of them the page's own claims catch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from bpdocs.cache import Cache, digest, package_digest
from bpdocs.check import Checked, check_page
from bpdocs.edits import Edit, edits, reread
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.judge import Outcome, judge
from bpdocs.measure.points import points, printed_numbers
from bpdocs.measure.sample import Point
from bpdocs.notation import expr as e
from bpdocs.page import Page, read_page
from bpdocs.program import Function, Program, Quantity
from bpdocs.relations import Context, Line, build


@dataclass(frozen=True)
class Survivor:
    """A planted error that no claim caught."""

    path: str
    line: int
    operator: str
    before: str
    after: str


@dataclass(frozen=True)
class Score:
    """What became of a page's mutants."""

    mutants: int
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]
    unpinned: tuple[str, ...]
    by_relation: Mapping[int, tuple[int, int]] = field(default_factory=dict)


def _key(text: str, path: str) -> str:
    return digest(package_digest(), path, text)


def cached_score(text: str, path: str) -> Score | None:
    """Return what the last mutation of exactly this content found, or None."""
    raw = Cache("mutate").get(_key(text, path))
    if raw is None:
        return None
    data = json.loads(raw)
    data["survivors"] = tuple(Survivor(**one) for one in data["survivors"])
    data["unpinned"] = tuple(data["unpinned"])
    data["by_relation"] = {int(key): tuple(pair) for key, pair in data["by_relation"].items()}
    return Score(**data)


def mutate_page(text: str, path: str) -> Score:
    """Return the score of a page: every edit of every definition and claim, and every definition cut; kept in the cache."""
    kept = cached_score(text, path)
    if kept is not None:
        return kept
    page = read_page(text, path)
    contexts, _ = build(page)
    relations = check_page(text, path).relations
    avoid = printed_numbers([formula.latex for formula in page.formulas])
    found = _Mutation(page, relations)
    for context in contexts.values():
        evaluators, _ = points(context, avoid)
        if evaluators:
            found.scope(context, evaluators)
    score = found.score()
    data = asdict(score)
    Cache("mutate").put(_key(text, path), json.dumps(data, ensure_ascii=False).encode())
    return score


class _Mutation:
    def __init__(self, page: Page, relations: tuple[Checked, ...]) -> None:
        self.page, self.relations = page, relations
        self.counts: dict[int, list[int]] = {}
        self.survivors: list[Survivor] = []
        self.unpinned: list[str] = []

    def scope(self, context: Context, evaluators: list[Evaluator]) -> None:
        """Mutate every relation of one scope."""
        claims = [line for line in context.lines if line.kind == "claim" and line.relation == "=" and line.fault is None and not line.formula.wrong and not line.formula.unchecked]
        baseline = {id(line): judge(line, context, evaluators[:2], "", evaluators[0]).verdict for line in claims}
        claims = [line for line in claims if baseline[id(line)] == "agree"]
        for line in claims:
            self._plant(line, context, lambda changed: _caught(changed, context, evaluators))
        for line, name, quantity in context.definitions:
            if line.formula.wrong:
                continue
            affected = [claim for claim in claims if _depends(claim, name, context)]
            self._plant(line, context, lambda changed, n=name, q=quantity, a=affected: _definition_caught(changed, n, q, a, context, evaluators))
            if quantity is not None and not _cut_caught(quantity, affected, context, evaluators):
                self.unpinned.append(f"{self.page.path}: {context.program.shown(quantity)}")

    def _plant(self, line: Line, context: Context, caught: object) -> None:
        index = self._index(line)
        for edit in edits(line, context.survey):
            changed = reread(line, edit, context)
            if changed is not None and changed.right is not None and line.right is not None and line.left is not None and changed.left is not None:
                if e.bare(changed.right) == e.bare(line.right) and e.bare(changed.left) == e.bare(line.left):
                    continue
            killed = changed is None or caught(changed)  # type: ignore[operator]
            pair = self.counts.setdefault(index, [0, 0])
            pair[1] += 1
            pair[0] += bool(killed)
            if not killed:
                self.survivors.append(self._survivor(line, edit))

    def _index(self, line: Line) -> int:
        start = line.formula.content.start + line.span.start
        return next((i for i, checked in enumerate(self.relations) if checked.formula == line.formula.number and checked.span.start == start), -1)

    def _survivor(self, line: Line, edit: Edit) -> Survivor:
        source = line.formula.latex
        latex = source[line.span.start : line.span.end]
        after = source[line.span.start : edit.span.start] + edit.text + source[edit.span.end : line.span.end]
        place = self.page.diagnostic(line.formula.content, "")
        return Survivor(self.page.path, place.line, edit.operator, " ".join(latex.split()), " ".join(after.split()))

    def score(self) -> Score:
        """Return the sums."""
        killed = sum(pair[0] for pair in self.counts.values())
        every = sum(pair[1] for pair in self.counts.values())
        return Score(every, killed, 0, tuple(self.survivors), tuple(self.unpinned), {key: (pair[0], pair[1]) for key, pair in self.counts.items()})


def _caught(changed: Line, context: Context, evaluators: list[Evaluator]) -> bool:
    first = judge(changed, context, evaluators[:1], "", evaluators[0])
    return first.verdict != "agree" or judge(changed, context, evaluators, "", evaluators[0]).verdict != "agree"


def _depends(claim: Line, name: str, context: Context) -> bool:
    sides = [side for side in (claim.left, claim.right) if side is not None]
    reached = frozenset().union(*(context.program.reached(side) for side in sides))
    return (
        any(key[0] == name for key in reached)
        or any(isinstance(part, e.Apply) and part.name == name for side in sides for part in e.walk(side))
        or name in context.program.functions
    )


def _definition_caught(changed: Line, name: str, quantity: Quantity | None, affected: list[Line], context: Context, evaluators: list[Evaluator]) -> bool:
    assert changed.right is not None
    program = context.program.copy(context.survey)
    if quantity is None:
        program.functions[name] = Function(name, program.functions[name].parameters, changed.right)
    else:
        program.quantities[name] = [replace(q, body=changed.right) if q.key == quantity.key else q for q in program.quantities[name]]
    return _some_verdict_changes(program, affected, context, evaluators)


def _cut_caught(quantity: Quantity, affected: list[Line], context: Context, evaluators: list[Evaluator]) -> bool:
    """Return whether some verdict changes when a quantity is replaced by an independent input."""
    shapes = []
    for evaluator in evaluators:
        try:
            shapes.append(evaluator.quantity(quantity).shape)
        except Exception:
            return False
    program = context.program.copy(context.survey)
    program.quantities[quantity.name] = [replace(q, body=None) if q.key == quantity.key else q for q in program.quantities[quantity.name]]
    import numpy as np

    changed = []
    for evaluator, shape in zip(evaluators, shapes, strict=True):
        inputs = {**evaluator.point.inputs, quantity.key: np.random.default_rng(7).uniform(0.2, 1.2, shape)}
        changed.append(replace(evaluator.point, inputs=inputs))
    return _some_verdict_changes(program, affected, context, evaluators, changed)


def _some_verdict_changes(program: Program, affected: list[Line], context: Context, evaluators: list[Evaluator], where: list[Point] | None = None) -> bool:
    other = replace(context, program=program)
    for count in (1, len(evaluators)):
        fresh = [Evaluator(program, point) for point in (where or [evaluator.point for evaluator in evaluators])[:count]]
        for claim in affected:
            outcome = _outcome(claim, other, fresh)
            if outcome.verdict != "agree":
                return True
    return False


def _outcome(claim: Line, context: Context, evaluators: list[Evaluator]) -> Outcome:
    try:
        return judge(claim, context, evaluators, "", evaluators[0])
    except RecursionError:
        return Outcome("unread")
