"""An explanation of a line as text for people and as JSON for programs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from bpdocs.explain import Explained, Node, Step


def as_json(path: str, number: int, found: Sequence[Explained]) -> dict[str, Any]:
    """Return the object that `bpdocs explain --json` prints."""
    return {"path": path, "line": number, "relations": [_one_json(one) for one in found]}


def _one_json(one: Explained) -> dict[str, Any]:
    relation = one.checked
    numbers = one.numbers
    return {
        "line": relation.line, "column": relation.column, "latex": relation.latex, "kind": relation.kind, "verdict": relation.verdict,
        "proved": relation.proved, "expected": relation.expected, "message": relation.message, "suggestion": relation.suggestion, "where": one.where, "relation": one.relation,
        "members": [_node_json(node) for node in one.members], "symbols": one.symbols,
        "program": [{"name": step.name, "line": step.line, "latex": step.latex, "shape": step.shape} for step in one.program],
        "numbers": None if numbers is None else {"sizes": numbers.sizes, "entry": numbers.entry, "left": _finite(numbers.left), "right": _finite(numbers.right)},
    }  # fmt: skip


def _node_json(node: Node) -> dict[str, Any]:
    return {"latex": node.latex, "meaning": node.meaning, "shape": node.shape, "parts": [_node_json(part) for part in node.parts]}


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def as_text(path: str, found: Sequence[Explained]) -> str:
    """Return the relations one after the other, each as a few short blocks."""
    return "\n\n".join(_one_text(path, one) for one in found)


def _one_text(path: str, one: Explained) -> str:
    relation = one.checked
    verdict = f": {relation.verdict}" if relation.verdict else ""
    lines = [f"{path}:{relation.line}:{relation.column}: {relation.kind}{verdict}{', proved' if relation.proved else ''}", f"   {' '.join(relation.latex.split())}"]
    if relation.message:
        lines.append(f"   {relation.message}")
    if relation.suggestion:
        lines.append(f"   help: {relation.suggestion}")
    if one.members:
        lines += ["", f"   read as, for {one.where}" if one.where else "   read as"]
        for number, node in enumerate(one.members):
            lines += [f"     {one.relation}"] if number else []
            lines += _tree(node, "     ")
    if one.symbols:
        lines += ["", "   symbols", *_table(list(one.symbols.items()))]
    inputs = [step for step in one.program if not step.latex]
    if steps := [step for step in one.program if step.latex]:
        lines += ["", "   rests on", *_table([(f"line {step.line}" if step.line else "another page", f"{_step(step)}   ({step.shape})") for step in steps])]
        lines += [f"     inputs: {', '.join(f'{step.name} ({step.shape})' for step in inputs)}"] if inputs else []
    if one.numbers is not None:
        sizes = ", ".join(f"{name} = {size}" for name, size in one.numbers.sizes.items())
        place = f" at {one.numbers.entry}" if one.numbers.entry else ""
        lines += ["", f"   at one point{f' with {sizes}' if sizes else ''}", f"     left is {one.numbers.left:.10g}, right is {one.numbers.right:.10g}{place}"]
    return "\n".join(lines)


def _step(step: Step) -> str:
    """Return a definition; one that stands for several layers or steps says which this is."""
    return step.latex if step.latex.startswith(step.name) else f"{step.name} from {step.latex}"


def _tree(node: Node, indent: str) -> list[str]:
    shape = f", {node.shape}" if node.shape and node.shape != "a number" else ""
    return [f"{indent}{node.latex}   ({node.meaning}{shape})", *(line for part in node.parts for line in _tree(part, indent + "  "))]


def _table(rows: list[tuple[str, str]]) -> list[str]:
    wide = max(len(first) for first, _ in rows)
    return [f"     {first.ljust(wide)}   {second}" for first, second in rows]
