"""What became of a page's mutants, and how it is kept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True)
class Survivor:
    """A planted error that no claim caught."""

    path: str
    line: int
    operator: str
    before: str
    after: str
    why: str = ""


Pair = tuple[int, int]  # caught, of how many that change something


@dataclass(frozen=True)
class Score:
    """What became of a page's mutants; `mutants` are those that read, `unread` those that do not and count for nothing."""

    mutants: int
    killed: int
    equivalent: int
    survivors: tuple[Survivor, ...]
    unpinned: tuple[str, ...]
    by_relation: Mapping[int, Pair] = field(default_factory=dict)
    operators: Mapping[str, Pair] = field(default_factory=dict)
    unread: int = 0
    thin: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The share of the mutants that are caught, of those that change anything."""
        return self.killed / max(1, self.mutants - self.equivalent)

    def dump(self) -> bytes:
        """Return the score as JSON, to be read back by `load`."""
        return json.dumps(asdict(self), ensure_ascii=False).encode()

    @staticmethod
    def load(stored: bytes) -> Score | None:
        """Return the score that `dump` wrote, or None for anything else."""
        try:
            data = json.loads(stored)
            data["survivors"] = tuple(Survivor(**one) for one in data["survivors"])
            data["unpinned"], data["thin"] = tuple(data["unpinned"]), tuple(data["thin"])
            data["by_relation"] = {int(key): (pair[0], pair[1]) for key, pair in data["by_relation"].items()}
            data["operators"] = {key: (pair[0], pair[1]) for key, pair in data["operators"].items()}
            return Score(**data)
        except (ValueError, KeyError, TypeError):
            return None


def together(scores: Iterable[Score]) -> Score:
    """Return the sum of several scores: of the parts of one page, or of pages (then `by_relation` says nothing)."""
    scores = list(scores)
    by_relation: dict[int, Pair] = {}
    for one in scores:
        by_relation |= one.by_relation
    caught, every = Counter[str](), Counter[str]()
    for one in scores:
        for name, (killed, of) in one.operators.items():
            caught[name] += killed
            every[name] += of
    return Score(
        mutants=sum(one.mutants for one in scores),
        killed=sum(one.killed for one in scores),
        equivalent=sum(one.equivalent for one in scores),
        survivors=tuple(sorted((survivor for one in scores for survivor in one.survivors), key=lambda one: (one.path, one.line))),
        unpinned=tuple(name for one in scores for name in one.unpinned),
        by_relation=by_relation,
        operators={name: (caught[name], every[name]) for name in every},
        unread=sum(one.unread for one in scores),
        thin=tuple(name for one in scores for name in one.thin),
    )
