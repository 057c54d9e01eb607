"""The page language: from LaTeX to what it means."""

from __future__ import annotations

from bpdocs.notation.tokens import Unread

__all__ = ["Unread", "parse_display"]


def parse_display(latex: str) -> list[Unread]:
    """Return what stops the reader in a display of a foreign text (which defines no program): nothing if it reads whole."""
    from bpdocs.notation import syntax as s
    from bpdocs.notation.parser import parse
    from bpdocs.notation.resolve import Resolver
    from bpdocs.notation.survey import Statement, Survey, is_reals
    from bpdocs.page import Settings

    try:
        nodes = parse(latex)
        resolver = Resolver(Survey([Statement(node, True) for node in nodes], Settings()))
        for node in nodes:
            members = node.members if isinstance(node, s.Relations) else (node,)
            for member in members:
                if not (is_reals(member) or isinstance(member, s.Words | s.Listed)):
                    resolver.expression(member)
    except Unread as fault:
        return [fault]
    return []
