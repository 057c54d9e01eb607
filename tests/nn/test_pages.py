"""The reference network agrees with the formulas that stand on the pages, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpdocs.measure.evaluate import Evaluator
from bpdocs.measure.points import classes_of
from bpdocs.measure.sample import draw
from bpdocs.nn import DeepNetwork, Network, backward_batch, backward_deep, backward_index, backward_matrix
from bpdocs.nn.activations import tanh
from bpdocs.notation import expr as e
from bpdocs.page import read_page
from bpdocs.relations import build

ROOT = Path(__file__).parents[2]


class _Activation:
    """The activation of the network in the place of the page's open f."""

    def at(self, x: Any, order: int = 0, rounding: Any = None) -> Any:
        return tanh(x) if order == 0 else tanh.derivative(x)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", ["hidden-to-output", "input-to-hidden"])
def test_every_formula_for_a_weight_gives_the_networks_gradient(language: str, name: str) -> None:
    path = ROOT / "docs" / language / f"{name}.md"
    context = build(read_page(path.read_text(encoding="utf-8"), str(path)))[0][0]
    point = draw(context.program, classes_of(context), set(), 3, context.depths)
    point.smooth["f"] = _Activation()  # type: ignore[assignment]
    inputs = {key: value for key, value in point.inputs.items() if key[0] in ("x", "t", "w")}
    by_shape = {np.shape(value): value for value in inputs.values()}
    n, d, c = (point.sizes[size] for size in "ndc")
    network = Network(by_shape[d, n], by_shape[c, d], tanh)
    x, t = (next(value for key, value in inputs.items() if key[0] == letter) for letter in "xt")
    gradients = [backward_index(network, x, t), backward_matrix(network, x, t)]
    evaluator = Evaluator(context.program, point)
    wanted = {("d", "n"): "W_ji", ("c", "d"): "W_kj", ("d",): "net_j", ("c",): "net_k"}
    compared = set()
    for line in context.lines:
        left = line.left
        if line.kind != "claim" or line.formula.wrong or not isinstance(left, e.Deriv) or not isinstance(left.body, e.Ref) or left.body.name != "J":
            continue
        field = wanted.get(left.wrt[0].signature)
        if field is None or left.wrt[0].name not in ("w", "net") or line.right is None:
            continue
        letters = [index.name for index in left.wrt[0].indices if isinstance(index, e.Letter)]
        value = evaluator.value(line.right, {}, {})
        if sorted(value.axes) != sorted(letters):
            continue
        found = np.transpose(value.data, [value.axes.index(letter) for letter in letters])
        for gradient in gradients:
            np.testing.assert_allclose(found, getattr(gradient, field), rtol=1e-10)
        compared.add(field)
    assert compared >= ({"W_kj"} if name == "hidden-to-output" else {"W_ji"})


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_matrix_formulas_for_any_depth_give_the_networks_gradients(language: str) -> None:
    path = ROOT / "docs" / language / "any-depth.md"
    context = build(read_page(path.read_text(encoding="utf-8"), str(path)))[0][0]
    point = draw(context.program, classes_of(context), set(), 3, context.depths)
    point.smooth["f"] = _Activation()  # type: ignore[assignment]
    inputs = {name: np.asarray(value) for (name, _), value in point.inputs.items()}
    depth = range(1, context.depths["L"] + 1)
    network = DeepNetwork({layer: inputs[f"w^{{({layer})}}"] for layer in depth}, {layer: inputs[f"b^{{({layer})}}"] for layer in depth}, tanh)
    gradients = backward_deep(network, inputs["x"], inputs["t"])
    wanted = {f"{letter}^{{({layer})}}": getattr(gradients, letter.upper() if letter == "w" else letter)[layer] for layer in depth for letter in "wb"}
    wanted |= {"x": gradients.x} | {f"\\delta^{{({layer})}}": gradients.delta[layer] for layer in depth}
    evaluator = Evaluator(context.program, point)
    compared = set()
    for line in context.lines:
        left = line.left
        if line.kind != "claim" or line.formula.wrong or line.right is None:
            continue
        name = left.wrt[0].name if isinstance(left, e.Deriv) and left.shape == "gradient" else left.name if isinstance(left, e.Ref) and not left.indices else ""
        if name in wanted:
            np.testing.assert_allclose(evaluator.value(line.right, {}, {}).data, wanted[name], rtol=1e-9)
            compared.add(name)
    assert compared == set(wanted)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_matrix_formulas_for_a_batch_give_the_networks_gradients(language: str) -> None:
    path = ROOT / "docs" / language / "bias-and-batch.md"
    context = build(read_page(path.read_text(encoding="utf-8"), str(path)))[0][0]
    point = draw(context.program, classes_of(context), set(), 3, context.depths)
    point.smooth["f"] = _Activation()  # type: ignore[assignment]
    inputs = {(name, *signature): np.asarray(value) for (name, signature), value in point.inputs.items()}
    biases = [next(value for key, value in inputs.items() if key[0] == f"b^{{({layer})}}") for layer in (1, 2)]
    X, T = (next(value for key, value in inputs.items() if key[0] == letter) for letter in "XT")
    gradients = backward_batch(Network(inputs["w", "d", "n"], inputs["w", "c", "d"], tanh, *biases), X, T)
    wanted = {("w", "d", "n"): "W_ji", ("w", "c", "d"): "W_kj", ("b^{(1)}",): "b_j", ("b^{(2)}",): "b_k", ("Y",): "y_j"}
    wanted |= {("\\Delta^{(1)}",): "net_j", ("\\Delta^{(2)}",): "net_k"}
    evaluator = Evaluator(context.program, point)
    compared = set()
    for line in context.lines:
        left = line.left
        if line.kind != "claim" or line.formula.wrong or line.right is None:
            continue
        ref = left.wrt[0] if isinstance(left, e.Deriv) and isinstance(left.body, e.Ref) and left.body.name == "J" else left
        key = (ref.name, *(ref.signature if ref.name == "w" else ())) if isinstance(ref, e.Ref) and not ref.indices else ()
        if key in wanted:
            np.testing.assert_allclose(evaluator.value(line.right, {}, {}).data, getattr(gradients, wanted[key]), rtol=1e-10)
            compared.add(key)
    assert compared == set(wanted)
