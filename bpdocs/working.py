"""Work on many pages: in order, on several cores where it pays, with a bar on the terminal, and clean when it is stopped."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TextIO, TypeVar

from bpdocs.diagnostic import Diagnostic, PageError
from bpdocs.inputs import Source

T = TypeVar("T")
HANDFUL = 6  # pages; for fewer, starting another process costs more than it saves
_QUIET = 1.0  # seconds of work after which a bar is shown
_WIDE = 24


@dataclass(frozen=True)
class Done(Generic[T]):
    """What became of one page: a result, a page that cannot be read, or a fault of bpdocs itself (its traceback)."""

    result: T | None = None
    unreadable: Diagnostic | None = None
    crash: str = ""


def each(sources: Sequence[Source], work: Callable[[Source], T], jobs: int = 1, stream: TextIO | None = None) -> Iterator[Done[T]]:
    """Yield what became of each source, in order; `work` is a function of a module if there are several jobs."""
    bar = Bar(len(sources), stream or sys.stderr)
    try:
        for done in _spread(sources, work, jobs) if jobs > 1 and len(sources) > 1 else (one(source, work) for source in sources):
            bar.step()
            yield done
    finally:
        bar.clear()


def one(source: Source, work: Callable[[Source], T]) -> Done[T]:
    """Return what became of one source."""
    try:
        return Done(work(source))
    except PageError as error:
        return Done(unreadable=error.diagnostic)
    except Exception:
        # Reported as what it is, and kept apart from "wrong": the other pages' results must not be lost.
        return Done(crash=traceback.format_exc())


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _spread(sources: Sequence[Source], work: Callable[[Source], T], jobs: int) -> Iterator[Done[T]]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Spawned, not forked: a fork may not be safe beside the threads of numpy's libraries. Nobody but this process writes to the
    # cache, so that Ctrl-C may end the others at once.
    pool = ProcessPoolExecutor(min(jobs, len(sources)), mp_context=get_context("spawn"), initializer=_die_at_once)
    try:
        yield from (future.result() for future in [pool.submit(one, source, work) for source in sources])
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _die_at_once() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Bar:
    """How far the work is, on a terminal, if it takes longer than a second."""

    def __init__(self, total: int, stream: TextIO) -> None:
        """Show nothing yet."""
        self.total, self.stream = total, stream
        self.done, self.shown, self.start = 0, False, time.monotonic()

    def step(self) -> None:
        """Count one page."""
        self.done += 1
        if self.total > 1 and self.stream.isatty() and time.monotonic() - self.start > _QUIET:
            filled = _WIDE * self.done // self.total
            self.stream.write(f"\r{'#' * filled}{'.' * (_WIDE - filled)} {self.done} of {self.total} pages")
            self.stream.flush()
            self.shown = True

    def clear(self) -> None:
        """Take the bar away, so that the result stands alone."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
