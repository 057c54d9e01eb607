"""What was found about one claim."""

from __future__ import annotations

from dataclasses import dataclass

from bpdocs.diagnostic import Span
from bpdocs.notation.tokens import Unread


@dataclass(frozen=True)
class Outcome:
    """A verdict with what was measured and what to say about it."""

    verdict: str
    error: float | None = None
    points: int = 0
    message: str = ""
    suggestion: str = ""
    fault: Unread | None = None
    at: Span | None = None  # the part of the formula to point at
