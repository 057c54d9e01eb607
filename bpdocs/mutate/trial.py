"""Who judges: whether the page's claims catch a mutant, and whether they notice a definition that is cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bpdocs import budget
from bpdocs.cases import Judged, absent, merged
from bpdocs.lines import Line
from bpdocs.measure.evaluate import Ambiguous, Evaluator
from bpdocs.measure.sample import Point
from bpdocs.measure.values import Mismatch, NotSupported
from bpdocs.mutate.equivalence import equivalent
from bpdocs.mutate.mutants import Instance, Mutant, Relation
from bpdocs.mutate.remembering import Change
from bpdocs.mutate.worlds import CAUGHT_AT_ONCE, World
from bpdocs.notation import expr as e
from bpdocs.notation.tokens import Unread
from bpdocs.program import Function, Program, Quantity


@dataclass(frozen=True)
class Reached:
    """A world that has instances of a definition, with the claims of it that rest on them."""

    world: World
    instances: list[Instance]
    claims: list[Line]


class Trial:
    """The judgement on the mutants of one relation."""

    def __init__(self, relation: Relation, worlds: list[World]) -> None:
        """Find the claims that rest on the relation, if it is a definition."""
        self.relation = relation
        self.defines = relation.line.kind == "definition"
        self.reached = [found for world in worlds if (found := _reach(relation, world)) is not None] if self.defines else []

    @property
    def dependents(self) -> int:
        """How many claims rest on a definition."""
        return sum(len(found.claims) for found in self.reached)

    def caught(self, mutant: Mutant, *, whole: bool = False) -> bool:
        """Return whether the page check fails with this mutant: plainly, at one point; or on the whole, if it did not so."""
        try:
            with budget.page(anew=True):  # what one mutant takes is not taken from the next
                return self._caught(mutant, whole)
        except budget.OVER:
            return whole  # as the page check does

    def _caught(self, mutant: Mutant, whole: bool) -> bool:
        if not self.defines:
            return _fails(mutant, whole=whole)
        said = {id(instance): line.right for instance, line in mutant.pairs() if line.right is not None}
        return any(_caught(found, said, whole=whole) for found in self.reached)

    def equivalent(self, mutant: Mutant) -> bool:
        """Return whether it is proved that a mutant says the same as the page, or something as true."""
        with budget.page(anew=True):
            return self._equivalent(mutant)

    def _equivalent(self, mutant: Mutant) -> bool:
        return all(equivalent(instance.line, line, instance.world) for instance, line in mutant.pairs())

    def unpinned(self) -> list[str]:
        """Return what the relation defines and no claim holds: it may be cut, and every verdict stays."""
        loose: dict[str, bool] = {}
        for instance in self.relation.instances if self.defines else ():
            name = instance.line.defines if instance.quantity is None else instance.world.context.program.shown(instance.quantity)
            loose[name] = loose.get(name, True) and not any(_cut(instance, found) for found in self.reached)
        return [name for name, is_loose in loose.items() if is_loose]


def _fails(mutant: Mutant, *, whole: bool) -> bool:
    """Return whether a changed claim does not agree: in some case that is there, or in none as there is none."""
    judged: list[Judged] = []
    for instance, line in mutant.pairs():
        outcome = None
        if not absent(line, instance.world.context):
            outcome = instance.world.outcome(line, whole=whole)
            if outcome.verdict in CAUGHT_AT_ONCE:
                return True
        judged.append(Judged(line, outcome, instance.world.context))
    outcome = merged(judged)[1]
    return whole and (outcome is None or outcome.verdict != "agree")


def _caught(found: Reached, said: dict[int, e.Expr], *, whole: bool) -> bool:
    """Return whether a changed definition is caught in a world; one that some layer does not have any more leaves the claims without it."""
    if not found.claims or any(id(instance) not in said for instance in found.instances):
        return bool(found.claims)
    change = Change(_program(found, lambda instance: said[id(instance)]), _names(found.instances))
    return found.world.catches(change, found.claims, whole=whole)


def _names(instances: list[Instance]) -> set[str]:
    return {instance.line.defines for instance in instances}


def _reach(relation: Relation, world: World) -> Reached | None:
    """Return what a definition reaches in a world: a scope inside has the very same quantities, unless it defines its own."""
    instances = [instance for instance in relation.instances if _has(world, instance)]
    if not instances or not world.evaluators:
        return None
    return Reached(world, instances, [claim for claim in world.claims if _names(instances) & world.names(claim)])


def _has(world: World, instance: Instance) -> bool:
    mine, its = world.context.program, instance.world.context.program
    name = instance.line.defines
    if instance.quantity is None:
        return mine.functions.get(name) is its.functions[name]
    return any(found is instance.quantity for found in mine.quantities.get(name, []))


def _program(found: Reached, body: Callable[[Instance], e.Expr | None]) -> Program:
    """Return the world's program with other right sides for a definition's instances; None makes an input, an open function."""
    old = found.world.context.program
    program = old.copy(old.survey)
    below, changed = found.world.below, _names(found.instances)
    program._ancestors |= {key: keys for key, keys in old._ancestors.items() if not changed & below.get(key, {key[0]})}
    for instance in found.instances:
        name, new = instance.line.defines, body(instance)
        if instance.quantity is not None:
            program.quantities[name] = [replace(q, body=new) if q is instance.quantity else q for q in program.quantities[name]]
        elif new is None:
            del program.functions[name]
        else:
            program.functions[name] = Function(name, program.functions[name].parameters, new)
    return program


def _cut(instance: Instance, found: Reached) -> bool:
    """Return whether some verdict changes when a quantity is replaced by an independent input, a function by any other."""
    if not any(other is instance for other in found.instances) or not found.claims:
        return False
    one = Reached(found.world, [instance], found.claims)
    change = Change(_program(one, lambda _: None), _names([instance]), None if instance.quantity is None else partial(_independent, instance.quantity))
    return any(found.world.catches(change, found.claims, whole=whole) for whole in (False, True))


def _independent(quantity: Quantity, evaluator: Evaluator) -> Point:
    """Return a point at which a quantity is an input, with values of its own."""
    try:
        shape = evaluator.quantity(quantity).shape
    except (Unread, Mismatch, NotSupported, Ambiguous, KeyError):
        return evaluator.point
    values = np.random.default_rng([7, evaluator.point.seed]).uniform(0.2, 1.2, shape)
    return replace(evaluator.point, inputs={**evaluator.point.inputs, quantity.key: values})
