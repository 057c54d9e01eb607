"""Mutants that are no errors, by proof."""

from __future__ import annotations

from bpdocs.lines import Line
from bpdocs.mutate.worlds import World
from bpdocs.notation import expr as e


def equivalent(old: Line, new: Line, world: World) -> bool:
    """Return whether it is proved that a changed claim holds, or that a changed definition says the same as before."""
    zero = any(isinstance(side, e.Num) and side.value == 0 for side in (old.left, old.right))
    return zero and old.kind == "claim" and _unsigned(old) == _unsigned(new)


def _unsigned(line: Line) -> tuple[e.Expr, ...]:
    return tuple(e.bare(side.body if isinstance(side, e.Neg) else side) for side in (line.left, line.right) if side is not None)
