"""Mutants that are no errors, by proof."""

from __future__ import annotations

from bpdocs.lines import Line
from bpdocs.mutate.worlds import World
from bpdocs.prove import equal, prove


def equivalent(old: Line, new: Line, world: World) -> bool:
    """Return whether it is proved that a changed claim holds, or that a changed relation says the same as before."""
    assert old.left is not None and old.right is not None and new.left is not None and new.right is not None
    if old.kind == "claim" and prove(new, world.context).proved:
        return True
    return equal(old.left, new.left, world.context) and equal(old.right, new.right, world.context)
