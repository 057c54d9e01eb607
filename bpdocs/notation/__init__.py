"""The page language: from LaTeX to what it means."""

from __future__ import annotations

from bpdocs.notation.syntax import Node
from bpdocs.notation.tokens import Unread

__all__ = ["Unread", "parse_display"]


def _written(nodes: list[Node]) -> list[Node]:
    """Return the statements, each for one layer or step if it is about all."""
    from bpdocs.notation.families import find
    from bpdocs.notation.unroll import condition_on, unroll

    families = find(nodes)
    if not families:
        return nodes
    conditions = [found for node in nodes if (found := condition_on(node, families)) is not None]
    written: list[Node] = []
    for place, node in enumerate(nodes):
        if condition_on(node, families) is None:
            cases = unroll(node, families, families.depths(0), str(place), conditions)
            if not cases:
                raise Unread("no layer or step has all that stands here", node.span)
            written.append(cases[-1].node)
    return written


def parse_display(latex: str) -> list[Unread]:
    """Return what stops the reader in a display of a foreign text (which defines no program): nothing if it reads whole."""
    from bpdocs.notation import syntax as s
    from bpdocs.notation.parser import parse
    from bpdocs.notation.resolve import Resolver
    from bpdocs.notation.survey import Statement, Survey, is_reals
    from bpdocs.page import Settings

    try:
        nodes = _written(parse(latex))
        resolver = Resolver(Survey([Statement(node, True) for node in nodes], Settings()))
        for node in nodes:
            members = node.members if isinstance(node, s.Relations) else (node,)
            for member in members:
                if not (is_reals(member) or isinstance(member, s.Words | s.Listed)):
                    resolver.expression(member)
    except Unread as fault:
        return [fault]
    return []
