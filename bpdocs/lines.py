"""The relations of a page and what one scope of it knows: the hinge between reading and using."""

from __future__ import annotations

from dataclasses import dataclass, field

from bpdocs.diagnostic import Span
from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.families import Families
from bpdocs.notation.survey import Survey
from bpdocs.notation.tokens import Macro, Unread
from bpdocs.page import Formula
from bpdocs.program import Program, Quantity

INEQUALITIES = ("<", "≤", ">", "≥", "≠")


@dataclass
class Line:
    """One relation of a formula; spans are offsets into the formula's LaTeX."""

    formula: Formula
    span: Span
    kind: str
    scope: int
    left: e.Expr | None = None
    relation: str = ""
    right: e.Expr | None = None
    nodes: tuple[s.Node, ...] = ()
    fault: Unread | None = None
    defines: str = ""
    place: Span | None = None
    values: tuple[tuple[str, int], ...] = ()  # which layer or step this is the statement about
    tag: str = ""


@dataclass
class Setting:
    """An example value of an input: entries where there are indices."""

    ref: e.Ref
    value: e.Expr
    text: str


@dataclass
class Context:
    """All that one scope of the page knows."""

    survey: Survey
    program: Program
    lines: list[Line] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    assumptions: list[tuple[e.Expr, str, e.Expr]] = field(default_factory=list)
    definitions: list[tuple[Line, str, Quantity | None]] = field(default_factory=list)
    depths: dict[str, int] = field(default_factory=dict)
    families: Families = field(default_factory=Families)
    macros: dict[str, Macro] = field(default_factory=dict)
    squares: frozenset[str] = frozenset()  # symbols that the page names by their square
    instances: frozenset[str] = frozenset()  # the names of quantities of one layer or step
