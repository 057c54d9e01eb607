"""How long the checker takes on the site's own pages, beside its limits and beside what any Python program takes to start.

Each number is the best of several runs in one sitting. What runs on one core is measured in seconds of the processor, which a busy
machine does not lengthen; what runs on all cores, and what a person waits for, in seconds of the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BPDOCS = (sys.executable, "-m", "bpdocs.cli")


@dataclass(frozen=True)
class Row:
    """One line of the table; `limit` is in the unit of `value`, None where there is none."""

    what: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def text(self) -> str:
        """The line."""
        share = f"{self.limit:g} {self.unit:<4} {100 * self.value / self.limit:5.0f} %" if self.limit else ""
        return f"{self.what:<58} {self.value:9.3f} {self.unit:<4} {share}".rstrip()


def timed(command: Sequence[str], cache: Path, times: int = 3, *, clock: bool = False) -> float:
    """Return the seconds of the fastest of several runs, of the processor or of the clock; raise if one fails."""
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter() if clock else _processor()
        subprocess.run(command, cwd=ROOT, env={**os.environ, "BPDOCS_CACHE": str(cache)}, check=True, stdout=subprocess.DEVNULL)
        best = min(best, (time.perf_counter() if clock else _processor()) - start)
    return best


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(docs: str, with_mutants: bool) -> list[Row]:
    """Return the rows of the table."""
    with tempfile.TemporaryDirectory() as name:
        cache = Path(name)
        python = timed([sys.executable, "-c", "pass"], cache)
        version = timed([*BPDOCS, "--version"], cache)
        counted = json.loads(subprocess.run([*BPDOCS, "check", "--json", docs], cwd=ROOT, env={**os.environ, "BPDOCS_CACHE": name}, check=True, capture_output=True).stdout)
        claims = sum(relation["kind"] == "claim" for relation in counted["relations"])
        cached = timed([*BPDOCS, "check", docs], cache)
        one = timed([*BPDOCS, "check", "--no-cache", "--jobs", "1", docs], cache, 2)
        waited = timed([*BPDOCS, "check", "--no-cache", "--jobs", "1", docs], cache, 2, clock=True)
        all_ = timed([*BPDOCS, "check", "--no-cache", docs], cache, 2, clock=True)
        empty = Path(name, "empty.md")
        empty.write_text("$y := x$, so $y = x + 0$.\n", encoding="utf-8")
        start = timed([*BPDOCS, "check", "--no-cache", str(empty)], cache)
        rows = [
            Row("python itself", python, "s"),
            Row("bpdocs --version", version, "s"),
            Row("bpdocs check of one claim", start, "s"),
            Row(f"bpdocs check of {docs}, {claims} claims, one core", one, "s", 10.0),
            Row("  the same on all cores, by the clock", all_, "s"),
            Row("  the same, nothing changed", cached, "s", 1.0),
            Row("  a claim, start-up apart", 1000 * (one - start) / claims, "ms"),
            Row("  nothing changed against one core", cached / one, "×"),
            Row("  all cores against one core, by the clock", all_ / waited, "×"),
        ]
        if with_mutants:
            fresh = Path(name, "mutants")
            rows.append(Row(f"bpdocs mutate {docs}", timed([*BPDOCS, "mutate", docs], fresh, 1, clock=True), "s", 180.0))
            rows.append(Row("  against the check on one core", rows[-1].value / waited, "×"))
    return rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-mutants", action="store_true", help="leave the longest measurement out")
    parser.add_argument("docs", nargs="?", default="docs")
    arguments = parser.parse_args()
    print(f"{'':<58} {'':>9}      limit  share")
    for row in measure(arguments.docs, not arguments.no_mutants):
        print(row.text, flush=True)


if __name__ == "__main__":
    main()
