"""The page language: from LaTeX to what it means."""

from __future__ import annotations

from bpdocs import budget
from bpdocs.notation.expr import Expr
from bpdocs.notation.tokens import Unread

__all__ = ["Unread", "parse_display", "read_display"]


def parse_display(latex: str) -> list[Unread]:
    """Return what stops the reader in a display of a foreign text (which defines no program): nothing if it reads whole."""
    try:
        with budget.page():
            read_display(latex)
    except Unread as fault:
        return [fault]
    except budget.OVER as fault:
        return [budget.why(fault)]
    return []


def read_display(latex: str) -> list[Expr]:
    """Return what a display of a foreign text says, an expression for each member of its relations; raise Unread."""
    from bpdocs.notation import syntax as s
    from bpdocs.notation.convention import words_in
    from bpdocs.notation.ink import is_reals
    from bpdocs.notation.parser import parse
    from bpdocs.notation.resolve import Resolver
    from bpdocs.notation.survey import Statement, Survey
    from bpdocs.page import Settings

    nodes = parse(latex, None, words_in(latex))
    resolver = Resolver(Survey([Statement(node, True) for node in nodes], Settings(), foreign=True))
    found: list[Expr] = []
    for node in nodes:
        for member in node.members if isinstance(node, s.Relations) else (node,):
            if not is_reals(member):
                found.append(resolver.loosely(member))
    return found
