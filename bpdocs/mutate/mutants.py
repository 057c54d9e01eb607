"""The mutants of one relation: edits that read and change what it says, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bpdocs.edits import Edit, edits, reread
from bpdocs.lines import Line
from bpdocs.mutate.worlds import World
from bpdocs.notation import expr as e
from bpdocs.program import Quantity


@dataclass(frozen=True)
class Instance:
    """A relation as one context has it; for a definition, what it defines (None for a function)."""

    world: World
    line: Line
    quantity: Quantity | None = None


@dataclass(frozen=True)
class Relation:
    """One relation of the page in all contexts in which it stands: several where layers are unrolled, else one."""

    instances: list[Instance]

    @property
    def line(self) -> Line:
        """The line that its ink is taken from."""
        return self.instances[0].line


@dataclass(frozen=True)
class Mutant:
    """A relation after an edit: its lines as they read then, None where they do not."""

    relation: Relation
    edit: Edit
    lines: list[Line | None]

    def pairs(self) -> Iterator[tuple[Instance, Line]]:
        """Yield the instances that read, with what they say now."""
        for instance, line in zip(self.relation.instances, self.lines, strict=True):
            if line is not None:
                yield instance, line


def relations(worlds: list[World]) -> list[Relation]:
    """Return the relations that are mutated: claims that agree, and definitions."""
    found: dict[tuple[str, int, int, int], list[Instance]] = {}
    for world in worlds:
        own = {id(line) for line in world.context.lines}  # definitions that are taken over from another page are mutated there
        instances = [Instance(world, claim) for claim in world.claims]
        for line, _, quantity in world.context.definitions:
            if id(line) in own and not line.formula.wrong and line.fault is None:
                instances.append(Instance(world, line, quantity))
        for instance in instances:
            line = instance.line
            found.setdefault((line.kind, line.formula.number, line.span.start, line.span.end), []).append(instance)
    return [Relation(instances) for _, instances in sorted(found.items(), key=lambda pair: pair[0][1:])]


def mutants(relation: Relation) -> Iterator[Mutant | None]:
    """Yield the mutants of a relation; None for an edit that makes LaTeX which cannot be read."""
    first = relation.instances[0]
    seen = {tuple(_meaning(instance.line) for instance in relation.instances)}
    for edit in edits(first.line, first.world.stock):
        lines = [reread(instance.line, edit, instance.world.stock) for instance in relation.instances]
        if all(line is None for line in lines):
            yield None
            continue
        meaning = tuple(None if line is None else _meaning(line) for line in lines)
        if meaning not in seen:
            seen.add(meaning)
            yield Mutant(relation, edit, lines)


def _meaning(line: Line) -> tuple[e.Expr, e.Expr] | None:
    return (e.bare(line.left), e.bare(line.right)) if line.left is not None and line.right is not None else None
