r"""Planted errors: which are caught, which are none, which survive, and what is defined without being pinned."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpdocs.mutate as mutate
from bpdocs import scoring
from bpdocs.check import check_page, judged
from bpdocs.edits import edits, reread
from bpdocs.inputs import Source
from bpdocs.measure.judge import judge
from bpdocs.mutate import Score, cached_score, mutate_page, mutate_part, together
from bpdocs.mutate.apart import apart
from bpdocs.mutate.worlds import worlds_of
from bpdocs.page import read_page

NETWORK = r"""
Let $f : \mathbb{R} \to \mathbb{R}$.

$$\mathrm{net}_k = \sum_{j=1}^{d} w_{kj} \, y_j, \qquad z_k = f(\mathrm{net}_k), \qquad J = \frac{1}{2} \sum_{k=1}^{c} (t_k - z_k)^2$$

$$\delta_k := \frac{\partial J}{\partial \mathrm{net}_k}$$

$$\delta_k = (z_k - t_k) \, f'(\mathrm{net}_k), \qquad \frac{\partial J}{\partial w_{kj}} = \delta_k \, y_j$$

$$\frac{\partial z_k}{\partial y_j} = f'(\mathrm{net}_k) \, w_{kj}$$
"""
LAYERS = r"""
Layers $l = 1, \dots, L$, with $W^{(l)} \in \mathbb{R}^{n_l \times n_{l-1}}$, $x \in \mathbb{R}^{n_0}$, $t \in \mathbb{R}^{n_L}$.

$$a^{(0)} = x, \qquad a^{(l)} = W^{(l)} a^{(l-1)}, \qquad J = \frac{1}{2} \lVert a^{(L)} - t \rVert^2$$

$$\frac{\partial J}{\partial a^{(L)}} = a^{(L)} - t, \qquad a^{(1)} = W^{(1)} x$$

$$\frac{\partial J}{\partial a^{(l)}} = W^{(l+1)\top} \frac{\partial J}{\partial a^{(l+1)}} \quad (l < L)$$
"""


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BPDOCS_CACHE", str(tmp_path / "cache"))


def score(page: str) -> Score:
    found = mutate_part(page, "a.md")
    assert found.mutants == found.killed + found.equivalent + len(found.survivors)
    assert sum(pair[1] for pair in found.operators.values()) == sum(pair[1] for pair in found.by_relation.values()) == found.mutants - found.equivalent
    return found


def survivors(page: str) -> set[tuple[int, str, str]]:
    return {(one.line, one.operator, one.after) for one in score(page).survivors}


def test_a_page_that_is_pinned() -> None:
    found = score(NETWORK)
    assert found.killed > 80
    assert not found.survivors
    assert not found.unpinned
    assert not found.thin
    assert found.unread == 0


def test_a_true_claim_is_no_error_if_that_is_proved() -> None:
    found = score(NETWORK + r"$$\frac{\partial t_k}{\partial w_{kj}} = 0, \qquad \sum_{q=1}^{d} w_{kq} \, \mathbb{1}(q = j) = w_{kj}$$")
    assert found.equivalent >= 4  # 0 = -0, what else does not depend on w, and w_{kj} for w_{kq} where q = j
    assert not found.survivors


def test_a_definition_that_says_the_same_is_no_error_if_that_is_proved() -> None:
    found = score("$n = 3$.\n\n$w := 0$, $y := (w + 1)\\, x$.\n\n$$\\frac{\\partial y}{\\partial x} = 1$$")
    assert found.equivalent >= 1
    assert not any(one.after == "w := -0" for one in found.survivors)


def test_a_hole_is_listed() -> None:
    page = "$y := w x + b$.\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
    assert survivors(page) == {(1, "sign", "y := w x - b"), (1, "drop term", "y := w x"), (1, "symbol", "y := w x + x")}
    assert {one.why for one in score(page).survivors} == {"the one claim that rests on this definition stays true"}


def test_a_hole_that_another_claim_fills() -> None:
    assert not survivors("$y := w x + b$.\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n\n$$\ny = x w + b\n$$\n")


def test_a_survivor_stands_on_its_own_line() -> None:
    page = "$$\n\\begin{aligned}\ny &= w x \\\\\nz &= w x + b\n\\end{aligned}\n$$\n\n$\\frac{\\partial z}{\\partial w} = x$, $y = x w$.\n"
    assert {line for line, _, _ in survivors(page)} == {4}


def test_what_no_claim_rests_on() -> None:
    found = score("$y := w x$, $q := 3 x$.\n\n$$\\frac{\\partial y}{\\partial w} = x$$\n\n$q \\leftarrow q$")
    assert {one.why for one in found.survivors if one.before.startswith("q")} == {"no claim rests on this definition"}
    assert found.unpinned == ("a.md:1: q",)


def test_defined_and_not_pinned() -> None:
    page = "$u := w x$, $y := u + b$.\n\n$$\n\\frac{\\partial y}{\\partial b} = 1\n$$\n"
    assert score(page).unpinned == ("a.md:1: u",)
    assert score(page + "\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n").unpinned == ()


def test_a_function_that_might_be_any() -> None:
    page = "$f(u) := \\frac{1}{1 + e^{-u}}$, $y := f(w x)$.\n\n$$\n\\frac{\\partial y}{\\partial w} = f'(w x) \\, x\n$$\n"
    assert score(page).unpinned == ("a.md:1: f",)
    assert score(page + "\n$$\nf'(u) = f(u) \\, (1 - f(u))\n$$\n").unpinned == ()


def test_pinned_by_a_printed_number_alone() -> None:
    page = "$x = 0.5$, $w = 0.3$. $y := w x$.\n\n$$\ny \\approx 0.15\n$$\n"
    assert score(page).unpinned == ()
    assert not survivors(page)


def test_caught_by_a_claim_in_a_scope_inside() -> None:
    page = "$y := w x$.\n\n<!-- bpdocs: scope -->\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n\n<!-- bpdocs: end -->\n"
    assert not survivors(page)
    assert score(page).unpinned == ()


def test_a_scope_that_defines_anew_does_not_catch() -> None:
    page = (
        "$y := w x$, $q := y + x$.\n\n$$\n\\frac{\\partial q}{\\partial y} = 1\n$$\n\n<!-- bpdocs: scope -->\n\n$y := w x^2$.\n\n$$\n\\frac{\\partial y}{\\partial w} = x^2\n$$\n"
    )
    assert (1, "sign", "y := -w x") in survivors(page)


def test_taken_over_definitions_are_mutated_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "model.md").write_text("$y := w x + b$.\n")
    page = "---\nbpdocs: {uses: [model.md]}\n---\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
    found = mutate_part(page, str(tmp_path / "a.md"))
    assert found.killed and {one.operator for one in found.survivors} <= {"symbol"}
    assert not found.unpinned


def test_few_mutants_are_told() -> None:
    assert score("$w := v$, $y := w + x$.\n\n$$\n\\frac{\\partial y}{\\partial x} = 1\n$$\n").thin == ()
    thin = score("$g(u) := u^2$.\n\n$$\ng(0) = 0\n$$\n").thin
    assert thin == ("a.md:4: g(0) = 0 (2)",)


def test_layers_are_one_relation() -> None:
    found = score(LAYERS)
    relations = check_page(LAYERS, "a.md").relations
    claims = {relation.latex: found.by_relation[number] for number, relation in enumerate(relations) if relation.kind == "claim"}
    assert len(claims) == 3 and len(found.by_relation) == 6
    every = claims[r"\frac{\partial J}{\partial a^{(l)}} = W^{(l+1)\top} \frac{\partial J}{\partial a^{(l+1)}}"]
    assert every[0] == every[1] > 10
    assert found.operators["shift layer"][0] == found.operators["shift layer"][1] > 8
    assert not found.survivors and not found.unpinned


def test_each_relation_is_known_by_its_number() -> None:
    relations = check_page(NETWORK, "a.md").relations
    assert {relations[number].kind for number in score(NETWORK).by_relation} == {"claim", "definition"}
    assert len(score(NETWORK).by_relation) == sum(relation.kind in ("claim", "definition") for relation in relations)


def test_the_parts_make_the_whole() -> None:
    parts = together(mutate_part(NETWORK, "a.md", part, 3) for part in range(3))
    whole = score(NETWORK)
    assert (parts.mutants, parts.killed, parts.by_relation, parts.operators) == (whole.mutants, whole.killed, whole.by_relation, whole.operators)


def test_a_score_survives_being_kept() -> None:
    found = score(NETWORK + "$q := 3 J + 1$, $\\frac{\\partial q}{\\partial J} = 3$, $g(u) := u^2$, $g(0) = 0$")
    assert found.survivors and found.thin
    assert Score.load(found.dump()) == found
    assert Score.load(b"{}") is None
    assert Score.load(b"not JSON") is None


def test_the_cache_knows_the_page_and_what_it_takes_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, path = tmp_path / "model.md", str(tmp_path / "a.md")
    model.write_text("$y := w x$.\n")
    page = "---\nbpdocs: {uses: [model.md]}\n---\n\n$$\n\\frac{\\partial y}{\\partial w} = x\n$$\n"
    assert cached_score(page, path) is None
    found = mutate_page(page, path)
    assert cached_score(page, path) == found
    assert cached_score(page + "\n", path) is None

    def again(*_: object) -> Score:
        raise AssertionError("mutated again")

    with monkeypatch.context() as patch:
        patch.setattr(mutate, "mutate_part", again)
        assert mutate_page(page, path) == found
    model.write_text("$y := w x + b$.\n")
    assert cached_score(page, path) is None


def test_several_processes_come_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [Source("a.md", NETWORK), Source("bad.md", "---\nbpdocs: {what: 1}\n---\n"), Source("b.md", NETWORK + "$q := 2 J$, $\\frac{\\partial q}{\\partial J} = 2$")]
    monkeypatch.setattr(scoring, "PART", 100)
    scoring.prepare(sources, 2)
    kept = {source.path: cached_score(source.text, source.path) for source in (sources[0], sources[2])}
    assert kept["a.md"] == score(NETWORK)
    assert kept["b.md"] is not None and kept["b.md"].mutants > score(NETWORK).mutants


CASES = Path(__file__).parent / "cases" / "right"
KINDS = ("batch", "chain-in-vectors", "diagonal-and-softmax-jacobian", "maximum", "norm", "second-sum-in-the-chain", "sum-over-layers")


@pytest.mark.parametrize("name", KINDS)
def test_what_is_plainly_apart_is_judged_so_too(name: str) -> None:
    spared = 0
    for world in worlds_of(judged(read_page((CASES / f"{name}.md").read_text(encoding="utf-8"), "a.md"))[0], set()):
        for claim in world.claims:
            assert not apart(claim, world.evaluators[0])
            for edit in edits(claim, world.stock):
                changed = reread(claim, edit, world.stock)
                if changed is not None and apart(changed, world.evaluators[0]):
                    spared += 1
                    assert judge(changed, world.context, [world.evaluators[0]], "", world.printed).verdict != "agree"
    assert spared > 3


def test_a_remainder_of_the_other_sign_or_of_a_lower_power_is_no_error_and_one_of_a_higher_power_is() -> None:
    page = r"""With $\epsilon > 0$ and $f : \mathbb{R} \to \mathbb{R}$:

$$y = f(x)$$

$$f(x + \epsilon) = y + \epsilon f'(x) + O(\epsilon^2)$$

$$\frac{dy}{dx} = f'(x)$$
"""
    found = mutate_page(page, "notes.md")
    assert found.equivalent >= 2
    assert found.operators["power"] == (1, 1)
    assert not found.survivors
