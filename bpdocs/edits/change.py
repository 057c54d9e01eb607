"""One change of a formula's ink, and what an operator is given to make it from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bpdocs.diagnostic import Span
from bpdocs.edits.place import Place
from bpdocs.edits.stock import Stock
from bpdocs.edits.view import View


@dataclass(frozen=True)
class Change:
    """A new text for a stretch of ink; `was` and `now` are for people."""

    span: Span
    text: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True)
class Site:
    """A place of a line, with all that the page has to put there."""

    place: Place
    view: View

    @property
    def stock(self) -> Stock:
        """What the scope has."""
        return self.view.stock


Changes = Callable[[Site], Iterator[Change]]
