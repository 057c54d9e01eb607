"""How much work one page may cause: counted, so that the same page gets the same verdicts everywhere; a clock is only the last resort.

>>> with page():
...     numbers_fit((1000, 1000))
...     spend(1000)
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from bpdocs.diagnostic import Span, Unread

PAGE = 2_000_000  # steps, some 40,000 a second: five times what the dearest page of the site needs
CLAIM = 200_000  # ten times what any claim of the site or of the cases needs
SECONDS = 60.0  # of computing, however busy the machine is
ENTRIES = 4_000_000  # numbers in one array
DEPTH = 2_500  # calls inside one another; the same on the command line, in a site and in a test
_ENTRIES_A_STEP = 500  # numbers that are added or multiplied in the time of one step
_GLANCE = 2_000  # steps between two looks at the clock
_SPLIT = "split the page, or let it stand for less: fewer sums within one another, letters for widths"


class TooMuch(Exception):
    """Raised where a page wants more steps, time or memory than it may have; whoever works on a whole formula or relation turns it into a verdict."""

    def __init__(self, message: str, suggestion: str = _SPLIT) -> None:
        """Say what, and the likely mend."""
        super().__init__(message)
        self.message, self.suggestion = message, suggestion


_START = Span(0, 1)
OVER = (TooMuch, RecursionError, MemoryError)


class _Meter:
    """What is left of a page's steps, and of those of the part that is being worked on."""

    def __init__(self, endless: bool) -> None:
        self.page = self.part = sys.maxsize if endless else PAGE
        self.glance = 0
        self.end = math.inf if endless else time.thread_time() + SECONDS

    def spend(self, steps: int) -> None:
        self.page -= steps
        self.part -= steps
        if self.part < 0 or self.page < 0:
            raise TooMuch("this takes too long to work out" if self.page >= 0 else "the page as a whole takes too long to work out")
        self.glance += steps
        if self.glance > _GLANCE:
            self.glance = 0
            if time.thread_time() > self.end:
                self.page = -1
                raise TooMuch("the page as a whole takes too long to work out")


_meter: ContextVar[_Meter | None] = ContextVar("meter", default=None)


def spend(steps: int = 1) -> None:
    """Count steps; raise TooMuch when the page, or the part of it that is being worked on, has used up its own."""
    meter = _meter.get()
    if meter is not None:
        meter.spend(steps)


def numbers_fit(shape: Sequence[int]) -> None:
    """Count the work on an array of a shape; raise TooMuch before one is made that does not fit."""
    count = math.prod(shape)
    if count > ENTRIES:
        raise TooMuch(f"this needs an array of {count:,} numbers", "give the widths letters: W \\in \\mathbb{R}^{m \\times n}")
    if count > _ENTRIES_A_STEP:
        spend(count // _ENTRIES_A_STEP)


@contextmanager
def page(*, anew: bool = False, endless: bool = False) -> Iterator[None]:
    """Give a page its steps, its time and its depth of calls; within another page's, nothing is given unless it is asked for `anew`."""
    outer = _meter.get()
    if outer is not None and not anew:
        yield
        return
    kept, before = _meter.set(_Meter(endless)), sys.getrecursionlimit()
    if outer is None:
        sys.setrecursionlimit(max(before, _depth() + DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
        _meter.reset(kept)


@contextmanager
def part() -> Iterator[None]:
    """Give a part of a page a claim's steps and no more, so that what is dear does not use up what the rest needs."""
    meter = _meter.get()
    if meter is None:
        yield
        return
    before = meter.part
    meter.part = granted = min(before, CLAIM)
    try:
        yield
    finally:
        meter.part = before - (granted - meter.part)


def why(fault: BaseException, span: Span = _START) -> Unread:
    """Return the complaint that a fault of OVER amounts to."""
    if isinstance(fault, TooMuch):
        return Unread(fault.message, span, fault.suggestion)
    if isinstance(fault, RecursionError):
        return Unread("this nests too deeply, or rests on too long a row of definitions", span, "name its parts, or split the page")
    return Unread("this needs more memory than there is", span, _SPLIT)


def _depth() -> int:
    """Return how many calls are open."""
    depth, frame = 0, sys._getframe()
    while frame.f_back is not None:
        depth, frame = depth + 1, frame.f_back
    return depth
