"""Errors planted in a page, one at a time: how many of them the page's own claims catch."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial

import numpy as np

from bpdocs.cache import Cache, digest, package_digest
from bpdocs.check import Checked, check_page
from bpdocs.edits import Edit, edits, reread
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.judge import judge
from bpdocs.measure.points import example, points, printed_numbers
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
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
    why: str = ""


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
    worlds = {number: World.of(context, avoid) for number, context in contexts.items()}
    found = _Mutation(page, relations)
    for number, world in worlds.items():
        inner = [other for other in range(len(page.scopes)) if _inside(page, other, number)]
        if world.evaluators:
            found.scope(world, [worlds[other] for other in inner if worlds[other].evaluators])
    score = found.score()
    data = asdict(score)
    Cache("mutate").put(_key(text, path), json.dumps(data, ensure_ascii=False).encode())
    return score


@dataclass(frozen=True)
class World:
    """One scope with its points, the page's example, and the claims that agree there."""

    context: Context
    evaluators: list[Evaluator]
    example: Evaluator
    claims: list[Line]

    @staticmethod
    def of(context: Context, avoid: set[int]) -> World:
        """Return the world of a scope."""
        evaluators, _ = points(context, avoid)
        printed = example(context)
        lines = [line for line in context.lines if line.kind == "claim" and line.relation in ("=", "≈") and line.fault is None]
        lines = [line for line in lines if not line.formula.wrong and not line.formula.unchecked]
        claims = [line for line in lines if evaluators and judge(line, context, evaluators[:2], "", printed).verdict == "agree"]
        return World(context, evaluators, printed, claims)

    def catches(self, program: Program, affected: list[Line], moved: Callable[[Point], Point] | None = None) -> bool:
        """Return whether the verdict on some claim changes when `program` takes the place of the scope's own."""
        other = replace(self.context, program=program)
        places = [evaluator.point if moved is None else moved(evaluator.point) for evaluator in self.evaluators]
        for count in (1, len(places)):
            fresh = [Evaluator(program, point) for point in places[:count]]
            printed = Evaluator(program, self.example.point)
            if any(judge(claim, other, fresh, "", printed).verdict != "agree" for claim in affected):
                return True
        return False


def _inside(page: Page, scope: int, outer: int) -> bool:
    """Return whether a scope is `outer` or lies inside of it."""
    at: int | None = scope
    while at is not None and at != outer:
        at = page.scopes[at].parent
    return at == outer


class _Mutation:
    def __init__(self, page: Page, relations: tuple[Checked, ...]) -> None:
        self.page, self.relations = page, relations
        self.counts: dict[int, list[int]] = {}
        self.equivalent = 0
        self.survivors: list[Survivor] = []
        self.unpinned: list[str] = []

    def scope(self, world: World, worlds: list[World]) -> None:
        """Mutate every relation of one scope; `worlds` are that scope and those inside of it."""
        context = world.context
        for line in world.claims:
            self._plant(line, world, lambda changed: _caught(changed, world))
        for line, name, quantity in context.definitions:
            if line.formula.wrong or line.fault is not None or not any(other is line for other in context.lines):
                continue
            reached = [(other, [claim for claim in other.claims if _depends(claim, name, other.context)]) for other in worlds if _shares(other, context, name, quantity)]
            self._plant(line, world, partial(_reaching, name, quantity, reached))
            if quantity is not None and not any(_cut_caught(quantity, other, some) for other, some in reached):
                self.unpinned.append(f"{self.page.path}: {context.program.shown(quantity)}")

    def _plant(self, line: Line, world: World, caught: Callable[[Line], bool]) -> None:
        index, context = self._index(line), world.context
        for edit in edits(line, context.survey):
            changed = reread(line, edit, context)
            if changed is not None and changed.right is not None and line.right is not None and line.left is not None and changed.left is not None:
                if e.same(changed.right, line.right) and e.same(changed.left, line.left):
                    continue
            if changed is not None and _proved_equivalent(line, edit, world):
                self.equivalent += 1
                continue
            killed = changed is None or caught(changed)
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
        why = "the changed claim is true as well" if line.kind == "claim" else "no claim rests on this part of the definition"
        return Survivor(self.page.path, place.line, edit.operator, " ".join(latex.split()), " ".join(after.split()), why)

    def score(self) -> Score:
        """Return the sums."""
        killed = sum(pair[0] for pair in self.counts.values())
        every = sum(pair[1] for pair in self.counts.values())
        return Score(every + self.equivalent, killed, self.equivalent, tuple(self.survivors), tuple(self.unpinned), {key: (pair[0], pair[1]) for key, pair in self.counts.items()})


def _proved_equivalent(line: Line, edit: Edit, world: World) -> bool:
    """Return whether an edit changes nothing, for a reason that holds always: numbers commute, and -0 is 0."""
    if edit.operator == "sign" and line.relation == "=" and edit.words.endswith("of this side turned"):
        return any(isinstance(side, e.Num) and side.value == 0 for side in (line.left, line.right))
    if edit.operator != "order":
        return False
    within = [
        part
        for side in (line.left, line.right)
        if side is not None
        for part in e.walk(side)
        if isinstance(part, e.Ref | e.Letter | e.Size) and edit.span.start <= part.span.start and part.span.end <= edit.span.end
    ]
    return bool(within) and all(not isinstance(part, e.Ref) or _is_number(part, world) for part in within)


def _is_number(ref: e.Ref, world: World) -> bool:
    """Return whether a reference is a number by its indices, or by the shape of what it refers to."""
    if ref.indices:
        return True
    try:
        return not world.evaluators[0].quantity(world.context.program.find(ref)).rank
    except (Unread, Mismatch, NotSupported, Ambiguous, KeyError):
        return False


def _caught(changed: Line, world: World) -> bool:
    some = judge(changed, world.context, world.evaluators[:1], "", world.example)
    return some.verdict != "agree" or judge(changed, world.context, world.evaluators, "", world.example).verdict != "agree"


def _reaching(name: str, quantity: Quantity | None, reached: list[tuple[World, list[Line]]], changed: Line) -> bool:
    """Return whether a changed definition is caught by a claim of some scope that it reaches."""
    return any(world.catches(_changed(world, name, quantity, changed), claims) for world, claims in reached)


def _depends(claim: Line, name: str, context: Context) -> bool:
    return any(name in context.program.names(side) for side in (claim.left, claim.right) if side is not None)


def _shares(other: World, context: Context, name: str, quantity: Quantity | None) -> bool:
    """Return whether another scope has this very definition, not one of its own in its place."""
    if quantity is None:
        return other.context.program.functions.get(name) is context.program.functions[name]
    return any(found is quantity for found in other.context.program.quantities.get(name, []))


def _changed(world: World, name: str, quantity: Quantity | None, changed: Line) -> Program:
    """Return the program of a scope with one definition's right side changed."""
    assert changed.right is not None
    program = world.context.program.copy(world.context.survey)
    if quantity is None:
        program.functions[name] = Function(name, program.functions[name].parameters, changed.right)
    else:
        program.quantities[name] = [replace(q, body=changed.right) if q is quantity else q for q in program.quantities[name]]
    return program


def _cut_caught(quantity: Quantity, world: World, affected: list[Line]) -> bool:
    """Return whether some verdict changes when a quantity is replaced by an independent input."""
    try:
        shape = {evaluator.point.seed: evaluator.quantity(quantity).shape for evaluator in world.evaluators}
    except (Unread, Mismatch, NotSupported, Ambiguous, KeyError):
        return False
    program = world.context.program.copy(world.context.survey)
    program.quantities[quantity.name] = [replace(q, body=None) if q is quantity else q for q in program.quantities[quantity.name]]

    def moved(point: Point) -> Point:
        values = np.random.default_rng(7).uniform(0.2, 1.2, shape[point.seed])
        return replace(point, inputs={**point.inputs, quantity.key: values})

    return world.catches(program, affected, moved)
