"""Lab 1 in both languages: it runs, it learns, its checks say what is amiss, and both languages run the same code."""

from __future__ import annotations

import ast
import json
import re
import time
from functools import cache
from pathlib import Path

import nbclient
import nbformat
import pytest

from bpdocs import check_page

ROOT = Path(__file__).resolve().parents[2]
PATHS = {lang: ROOT / "docs" / lang / "labs" / "lab1-digits.ipynb" for lang in ("ko", "en")}

# Answers to the exercises, given after the notebook has run: each must get a message of its own
ANSWERS = """
check_tanh(lambda u: 1 - np.tanh(u) ** 2)
check_tanh(lambda u: np.tanh(u) ** 2 - 1)
check_tanh(lambda u: f(u) * (1 - f(u)))
check_tanh(lambda u: 1 - np.tanh(u))
check_tanh(lambda u: 1 - u**2)
check_tanh(lambda u: u)
check_tanh(lambda u: ...)
check_bias(np.einsum("pk->k", delta_k))
check_bias(delta_k)
check_bias(delta_k.mean(axis=0))
check_bias(-delta_k.sum(axis=0))
check_bias(delta_k.sum(axis=1))
check_bias(2 * delta_k.sum(axis=0))
check_bias(...)
check_backward(backward)
check_backward(lambda *a: (-backward(*a)[0], backward(*a)[1]))
check_backward(lambda *a: (2 * backward(*a)[0], backward(*a)[1]))
check_backward(lambda *a: (backward(*a)[0], -backward(*a)[1]))
"""


def notebook(lang):
    return nbformat.read(PATHS[lang], as_version=4)


def texts(cells):
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", ()))


@cache
def run(lang):
    """The lab after it has run, the seconds that it took, and what the checks said to ANSWERS, one line each."""
    lab = notebook(lang)
    answers = [nbformat.v4.new_code_cell(line) for line in ANSWERS.strip().splitlines()]
    count = len(lab.cells)
    lab.cells += answers
    began = time.monotonic()
    nbclient.NotebookClient(lab, kernel_name="python3", timeout=60).execute()
    return lab.cells[:count], time.monotonic() - began, [texts([cell]).strip() for cell in lab.cells[count:]]


both = pytest.mark.parametrize("lang", PATHS)


@both
def test_it_is_stored_without_outputs_and_with_fixed_metadata(lang):
    lab = json.loads(PATHS[lang].read_text(encoding="utf-8"))
    nbformat.validate(lab)
    assert lab["metadata"]["kernelspec"]["name"] == "python3"
    assert [cell["id"] for cell in lab["cells"]] == [f"cell-{number:02}" for number in range(len(lab["cells"]))]
    assert all(cell["metadata"] == {} for cell in lab["cells"])
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in lab["cells"] if cell["cell_type"] == "code")


@both
def test_it_learns_to_read_held_back_digits(lang):
    cells, seconds, _ = run(lang)
    label = {"ko": "떼어 둔 숫자", "en": "digits held back"}[lang]
    found = re.search(rf"^{label}: ([0-9.]+)%$", texts(cells), re.MULTILINE)
    assert float(found[1]) >= 95.0
    assert seconds < 60, "the lab should take a few seconds"


@both
def test_the_planted_slip_is_caught_and_the_right_gradient_passes(lang):
    said = texts(run(lang)[0])
    errors = [float(number) for number in re.findall(r"∂J/∂w_\w\w: .*?([0-9.e+-]+)$", said, re.MULTILINE)]
    assert len(errors) == 2
    assert max(errors) < 1e-12
    assert float(re.search(r"f′.* ([0-9.]+)$", said, re.MULTILINE)[1]) > 0.1


@both
def test_it_shows_the_loss_curve_and_digits(lang):
    pictures = [output for cell in run(lang)[0] for output in cell.get("outputs", ()) if "image/png" in output.get("data", {})]
    assert len(pictures) == 3


@both
def test_the_exercises_tell_right_from_wrong_and_hint(lang):
    _, _, said = run(lang)
    right = {"ko": "맞다.", "en": "Right."}[lang]
    calls = ANSWERS.strip().splitlines()
    assert all("\n" not in line and line for line in said)
    for check in ("check_tanh", "check_bias", "check_backward"):
        mine = [line for call, line in zip(calls, said, strict=True) if call.startswith(check)]
        assert mine[0].startswith(right.rstrip("."))
        assert len(set(mine)) == len(mine), mine


@both
def test_its_formulas_are_checked_like_those_of_a_page(lang):
    report = check_page(PATHS[lang].read_text(encoding="utf-8"), str(PATHS[lang]))
    assert report.ok, "\n".join(diagnostic.render() for diagnostic in report.diagnostics)
    assert sum(relation.verdict == "agree" for relation in report.relations) >= 8
    assert sum(relation.fulfilled for relation in report.relations) == 1


def relations(lang):
    report = check_page(PATHS[lang].read_text(encoding="utf-8"), str(PATHS[lang]))
    return [(relation.kind, relation.latex) for relation in report.relations if relation.kind not in ("shown", "declaration")]


def test_both_languages_have_the_same_relations_in_the_same_order():
    assert relations("ko") == relations("en")


class _WithoutWords(ast.NodeTransformer):
    """Blanks what is said to the reader: string literals that are printed, and the fixed parts of formatted strings."""

    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "print":
            for argument in node.args:
                parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                for part in parts:
                    if isinstance(part, ast.Constant):
                        part.value = ""
        return node


def code(lang):
    trees = [_WithoutWords().visit(ast.parse(cell.source)) for cell in notebook(lang).cells if cell.cell_type == "code"]
    return [re.sub(r"Constant\(value=''\),? ?", "", ast.dump(tree)) for tree in trees]


def test_both_languages_run_the_same_code():
    assert code("ko") == code("en")
    assert [cell.cell_type for cell in notebook("ko").cells] == [cell.cell_type for cell in notebook("en").cells]


def test_the_core_uses_no_ready_made_network():
    imported = {
        alias.name for cell in notebook("en").cells if cell.cell_type == "code" for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module)])
    }  # fmt: skip
    assert imported == {"matplotlib.pyplot", "numpy", "sklearn.datasets"}


def test_the_functions_repeat_the_lines_that_stand_under_the_formulas():
    sources = [cell.source for cell in notebook("en").cells if cell.cell_type == "code"]
    gathered = next(source for source in sources if "def backward(" in source)
    single = [line for source in sources[: sources.index(gathered)] for line in source.splitlines() if not line.startswith(" ")]
    names = ("net_j", "y", "net_k", "z", "delta_k", "dJ_dw_kj", "delta_j", "dJ_dw_ji")
    for name in names:
        line = next(line for line in single if line.startswith(f"{name} = "))
        assert f"    {line}\n" in gathered, line
