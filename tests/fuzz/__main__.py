"""Feed what reads pages with broken ones until the time is up: `python -m tests.fuzz --seconds 20`.

Guided by the branches that an input reaches where atheris is installed, blindly elsewhere or with --blind (then the same seed gives the same inputs).
Each kind of failure is shown once, with a small input that shows it; the exit code is 1 if there is any.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

from tests.fuzz.mutator import broken, mutated

_MEMORY = 3 * 2**30
_HANG = 30.0  # seconds of computing


class Hang(BaseException):
    """Raised inside of an input that does not come to an end."""


class Run:
    """The inputs so far and what they have found."""

    def __init__(self, arguments: argparse.Namespace, patience: float) -> None:
        from tests.fuzz.targets import TARGETS

        self.targets, self.patience = TARGETS, patience
        self.inputs, self.folder = arguments.inputs, Path(arguments.findings)
        self.count: Counter[str] = Counter()
        self.found: dict[str, bytes] = {}
        self.wheel = [place for place, target in enumerate(TARGETS) for _ in range(target.share)]
        signal.signal(signal.SIGVTALRM, _hangs)
        for target in TARGETS:
            target.seeds()
        self.end = time.monotonic() + arguments.seconds

    def input(self, random: Random) -> bytes:
        """Return a new input: a target's number, then what it is fed with."""
        place = random.choice(self.wheel)
        texts = self.targets[place].seeds()
        return bytes([place]) + mutated(random.choice(texts), random, texts).encode("utf-8", "surrogatepass")

    def changed(self, data: bytes, random: Random) -> bytes:
        """Return an input near an old one."""
        if len(data) < 2 or data[0] >= len(self.targets) or random.random() < 0.3:
            return self.input(random)
        if random.random() < 0.15:
            return data[:1] + broken(data[1:], random)
        texts = self.targets[data[0]].seeds()
        return data[:1] + mutated(data[1:].decode("utf-8", "surrogateescape"), random, texts).encode("utf-8", "surrogatepass")

    def one(self, data: bytes) -> None:
        """Try one input, and keep it if it is of a new kind of failure."""
        if not data or data[0] >= len(self.targets):
            return
        if kind := self._failure(data):
            if kind not in self.found:
                self.found[kind] = small = self._smaller(data, kind)
                self.folder.mkdir(parents=True, exist_ok=True)
                name = f"{self.targets[data[0]].run.__name__}-{hashlib.sha256(small).hexdigest()[:8]}"
                (self.folder / name).write_bytes(small[1:])
                print(f"\n=== {kind}\n    {self.folder / name}: {small[1:400]!r}\n{self.trace}", flush=True)
            self.count["failures"] += 1
        self.count[self.targets[data[0]].run.__name__] += 1

    def _failure(self, data: bytes) -> str:
        """Return the kind of a failure, or nothing."""
        from tests.fuzz.targets import tried

        target = self.targets[data[0]]
        signal.setitimer(signal.ITIMER_VIRTUAL, _HANG)
        try:
            tried(target, data[1:], patience=self.patience)
        except (Exception, Hang) as fault:
            frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if "/bpdocs/" in frame.filename]
            self.trace = "".join(traceback.format_exception(fault, limit=-6))[-2500:]
            where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames and not isinstance(fault, RecursionError | Hang) else ""
            return f"{target.run.__name__}: {type(fault).__name__} {where}"
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return ""

    def _smaller(self, data: bytes, kind: str) -> bytes:
        """Return a shorter input with the same failure."""
        until = time.monotonic() + 15
        size = len(data) // 2
        trace = self.trace
        while size and time.monotonic() < until:
            place = 1
            while place < len(data) and time.monotonic() < until:
                fewer = data[:place] + data[place + size :]
                if self._failure(fewer) == kind:
                    data, trace = fewer, self.trace
                else:
                    place += size
            size //= 2
        self.trace = trace
        return data

    def over(self) -> bool:
        """Return whether time or inputs are used up."""
        return time.monotonic() > self.end or self.count.total() >= self.inputs

    def summary(self) -> int:
        """Print what was done; return the exit code."""
        failures = self.count.pop("failures", 0)
        print(
            f"{self.count.total()} inputs ({', '.join(f'{name} {count}' for name, count in sorted(self.count.items()))}): {len(self.found)} kinds of failure, {failures} in all",
            flush=True,
        )
        return 1 if self.found else 0


def _hangs(_: int, __: FrameType | None) -> None:
    raise Hang


def _blind(arguments: argparse.Namespace) -> int:
    run, random = Run(arguments, 1.0), Random(arguments.seed)
    while not run.over():
        run.one(run.input(random))
    return run.summary()


def _guided(arguments: argparse.Namespace, atheris: Any) -> None:
    with atheris.instrument_imports(include=["bpdocs"]):
        run = Run(arguments, 4.0)

    def test(data: bytes) -> None:
        run.one(data)
        if run.over():
            sys.stdout.flush()
            os._exit(run.summary())  # libFuzzer gives control back to nobody

    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        return run.changed(data, Random(seed))[:max_size]

    atheris.Setup([sys.argv[0], f"-seed={arguments.seed}", "-rss_limit_mb=0", "-timeout=3600", "-max_len=8192", "-verbosity=0"], test, custom_mutator=mutate)
    atheris.Fuzz()


def main() -> int:
    """Return 0 if nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--inputs", type=int, default=10**12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--blind", action="store_true")
    parser.add_argument("--findings", default=".cache/fuzz")
    arguments = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        import atheris
    except ImportError:
        atheris = None
    if atheris is None or arguments.blind:
        return _blind(arguments)
    _guided(arguments, atheris)
    return 0


if __name__ == "__main__":
    sys.exit(main())
