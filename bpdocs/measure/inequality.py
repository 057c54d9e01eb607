"""Inequalities: a search for a point at which one fails, over many scales at once, then uphill from the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bpdocs.lines import Context, Line
from bpdocs.measure.assume import fixed, holds_where, project
from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.outcome import Outcome
from bpdocs.measure.values import Value, elementwise
from bpdocs.program import Key

SAMPLES = 1024
CLIMBERS, ROUNDS = 48, 40
SPECIAL = (0.0, 1.0, -1.0)
_AXIS = "∂sample"  # evaluation lets axes of this kind pass through definitions
_LIMIT = 2_000_000  # numbers in one array
_TURN = {"<": 1.0, "≤": 1.0, ">": -1.0, "≥": -1.0}
Batch = dict[Key, Any]


@dataclass(frozen=True)
class _Question:
    """How far each of many points is from satisfying left ≤ right: positive where it fails."""

    line: Line
    context: Context
    evaluator: Evaluator
    turn: float

    def excess(self, batch: Batch) -> Any:
        """Return the excess of every sample and entry; NaN where the page's definitions or assumptions do not hold."""
        at = self.at(batch)
        good = holds_where(self.context.assumptions, at, _AXIS)
        assert self.line.left is not None and self.line.right is not None
        left, right = at.value(self.line.left, {}, {}), at.value(self.line.right, {}, {})
        gap: Value = elementwise(lambda a, b: np.real(a) - np.real(b), left, right, at.sizes)
        count = len(next(iter(batch.values()))) if batch else 1
        data = np.asarray(gap.data, dtype=float)
        data = np.moveaxis(data, gap.axes.index(_AXIS), 0).reshape(count, -1) if _AXIS in gap.axes else np.broadcast_to(data.reshape(1, -1), (count, data.size))
        return np.where(np.asarray(good).reshape(-1, 1) & np.isfinite(data), self.turn * data, np.nan)

    def at(self, batch: Batch) -> Evaluator:
        base = self.evaluator
        return Evaluator(base.program, base.point, {key: Value(data, (_AXIS,), data.ndim - 1) for key, data in batch.items()})

    def noise(self, batch: Batch, place: int) -> float:
        """Return the rounding noise of the excess at one sample."""
        one = {key: data[:1] for key, data in batch.items()}
        at = self.at(one)
        assert self.line.left is not None and self.line.right is not None
        found = []
        for turn in range(4):
            other = at.shaken(turn)
            values = [other.value(side, {}, {}) for side in (self.line.left, self.line.right)]
            gap = elementwise(lambda a, b: np.real(a) - np.real(b), values[0], values[1], at.sizes)
            found.append(np.ravel(np.asarray(gap.data, dtype=float))[place])
        base = float(self.excess(one)[0, place]) * self.turn
        return 4.0 * float(np.max(np.abs(np.array(found) - base)))


def inequality(line: Line, context: Context, evaluators: list[Evaluator]) -> Outcome:
    """Return the verdict on left < right, ≤, >, ≥ or ≠: nothing was found against it, or where it fails."""
    found = Outcome("inconclusive", message="no point with a real value was found")
    for turn, evaluator in enumerate(evaluators[:2]):
        question = _Question(line, context, evaluator, _TURN.get(line.relation, 1.0))
        outcome = _different(question, turn) if line.relation == "≠" else _ordered(question, turn, strict=line.relation in "<>")
        if outcome.verdict != "agree":
            return outcome
        found = Outcome("agree", 0.0, found.points + outcome.points)
    return found


def _ordered(question: _Question, seed: int, *, strict: bool) -> Outcome:
    batch = _samples(question, seed)
    with np.errstate(all="ignore"):
        excess = question.excess(batch)
        if np.isnan(excess).all():
            return Outcome("inconclusive", message="no point with a real value was found")
        batch, excess = _climb(question, batch, excess, seed)
        count = int(np.isfinite(excess).any(axis=1).sum())
        best = np.nan_to_num(excess, nan=-np.inf)
        sample, entry = (int(i) for i in np.unravel_index(int(np.argmax(best)), best.shape))
        chosen = {key: data[sample : sample + 1] for key, data in batch.items()}
        value, noise = float(best[sample, entry]), question.noise(chosen, entry)
        if value > noise:
            return _failed(question, chosen, value, count)
        if strict:
            return _attained(question, batch, best, count)
    return Outcome("agree", 0.0, count)


def _attained(question: _Question, batch: Batch, best: Any, count: int) -> Outcome:
    """Return the verdict on a strict inequality that fails nowhere, but may be attained with equality."""
    for sample in np.argsort(-best.max(axis=1))[:8]:
        entry = int(np.argmax(best[sample]))
        chosen = {key: data[sample : sample + 1] for key, data in batch.items()}
        value, noise = float(best[sample, entry]), question.noise(chosen, entry)
        near = {key: np.repeat(data, 17, axis=0) for key, data in chosen.items()}
        random = np.random.default_rng(3)
        for data in near.values():
            data[1:] += random.uniform(1e-3, 3e-3, data[1:].shape) * random.choice([-1.0, 1.0], data[1:].shape) * (1 + np.abs(data[1:]))
        around = float(np.nanmin(question.excess(near)[1:, entry], initial=0.0))
        # a function that only comes near its bound (tanh) does so slowly; at a maximum it falls away on all sides
        peak = around < -1e-10 and around < 100 * value - noise
        if peak and value >= -noise:
            return _failed(question, chosen, value, count)
        moderate = value >= -noise and all(np.abs(data).max(initial=0.0) <= 1.0 for data in chosen.values())
        if (peak and value > -1e-9) or moderate:
            return Outcome("inconclusive", None, count, "both sides are equal at a point, as far as rounding shows", "write ≤ or ≥")
    return Outcome("agree", 0.0, count)


def _different(question: _Question, seed: int) -> Outcome:
    """Return the verdict on ≠: numbers differ everywhere; arrays, which may agree at special points, differ at every random one."""
    assert question.line.left is not None and question.line.right is not None
    base = question.evaluator
    left, right = base.value(question.line.left, {}, {}), base.value(question.line.right, {}, {})
    if left.shape != right.shape:
        return Outcome("agree", 0.0, 1)
    one = {key: np.asarray(data)[None] for key, data in base.point.inputs.items()}
    with np.errstate(all="ignore"):
        here = question.excess(one)[0]
        noise = np.array([question.noise(one, place) for place in range(min(here.size, 64))])
        differ = np.abs(here[: noise.size]) > noise
        if not (differ.any() if left.rank else differ.all()):
            return Outcome("disagree", None, 1, "both sides are equal at a point")
        if left.rank:
            return Outcome("agree", 0.0, 1)
        batch = _samples(question, seed)
        excess = question.excess(batch)
        count = int(np.isfinite(excess).any(axis=1).sum())
        for entry in range(excess.shape[1]):
            column = excess[:, entry]
            zero = np.flatnonzero(column == 0.0)
            moderate = [sample for sample in zero if all(np.abs(data[sample]).max(initial=0.0) <= 1.0 for data in batch.values())]
            if moderate:
                return _failed(question, {key: data[moderate[0]][None] for key, data in batch.items()}, 0.0, count)
            if (column > 0).any() and (column < 0).any():
                return Outcome("disagree", None, count, "the difference takes both signs, so it vanishes in between", "say for which values it holds: assume")
    return Outcome("agree", 0.0, count)


def _failed(question: _Question, chosen: Batch, value: float, count: int) -> Outcome:
    numbers = [f"{key[0]} = {float(np.ravel(data)[0]):.4g}" for key, data in chosen.items() if data.size == 1]
    where = f" at {', '.join(numbers[:4])}" if numbers else " at a point"
    return Outcome("disagree", None, count, f"it fails{where}: left minus right is {question.turn * value:.6g}")


def _samples(question: _Question, seed: int) -> Batch:
    """Return many points: over the scales 1e-3 to 1e2, with 0 and ±1 among them, and the evaluator's own."""
    reached = question.context.program.reached(question.line.left) | question.context.program.reached(question.line.right)  # type: ignore[arg-type]
    for left, _, right in question.context.assumptions:
        reached |= question.context.program.reached(left) | question.context.program.reached(right)
    inputs = {key: np.asarray(data) for key, data in question.evaluator.point.inputs.items() if key in reached}
    widest = max([int(np.prod(data.shape, dtype=int)) for data in inputs.values()], default=1)
    count = int(max(64, min(SAMPLES, _LIMIT // max(1, widest**2))))
    if any(relation == "=" for _, relation, _ in question.context.assumptions):
        count = 128
    random, out = np.random.default_rng(seed), {}
    common = 10.0 ** random.uniform(-3, 2, count)
    own = random.uniform(size=count) < 0.3
    one_sign = random.uniform(size=count) < 0.25
    sign = random.choice([-1.0, 1.0], count)
    for key in sorted(inputs, key=str):
        shape = (count, *inputs[key].shape)
        if fixed(question.context, key):
            out[key] = np.broadcast_to(inputs[key], shape).copy()
            continue
        lead = (count,) + (1,) * inputs[key].ndim
        scale = np.where(own.reshape(lead), 10.0 ** random.uniform(-3, 2, lead), common.reshape(lead))
        signs = np.where(one_sign.reshape(lead), sign.reshape(lead), random.choice([-1.0, 1.0], shape))
        data = scale * random.uniform(0.3, 1.0, shape) * signs
        some = np.flatnonzero(np.arange(count) % 8 == 3)
        data[some] = random.choice(SPECIAL, (some.size, *inputs[key].shape))
        data[0] = inputs[key]
        for place, special in enumerate(SPECIAL, 1):
            data[place] = special
        exact = 10.0 ** np.linspace(-3, 2, 24)
        data[4:28] = exact.reshape((24,) + (1,) * inputs[key].ndim)
        data[28:52] = -data[4:28]
        out[key] = data
    return project(question.context.assumptions, out, question.at, _AXIS)


def _climb(question: _Question, batch: Batch, excess: Any, seed: int) -> tuple[Batch, Any]:
    """Return the points with the best of them moved uphill by random steps that shrink when they fail."""
    if not batch:
        return batch, excess
    order = np.argsort(-np.nan_to_num(excess, nan=-np.inf).max(axis=1))[:CLIMBERS]
    at = {key: data[order].copy() for key, data in batch.items()}
    best, random = np.nan_to_num(excess[order], nan=-np.inf).max(axis=1), np.random.default_rng(seed + 50)
    step = np.full(len(order), 0.5)
    for _ in range(ROUNDS):
        tried = {}
        for key, data in at.items():
            lead = step.reshape((-1,) + (1,) * (data.ndim - 1))
            free = 0.0 if fixed(question.context, key) else 1.0
            tried[key] = data + free * lead * random.normal(size=data.shape) * (0.1 + np.abs(data))
        tried = project(question.context.assumptions, tried, question.at, _AXIS)
        there = np.nan_to_num(question.excess(tried), nan=-np.inf).max(axis=1)
        better = there > best
        best = np.where(better, there, best)
        step = np.where(better, np.minimum(step * 1.4, 1.0), step * 0.8)
        for key, data in at.items():
            data[better] = tried[key][better]
    joined = {key: np.concatenate([batch[key], at[key]]) for key in batch}
    return joined, np.concatenate([excess, question.excess(at)])
