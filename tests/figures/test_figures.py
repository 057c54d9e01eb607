"""Each figure, in each language: well-formed, the same bytes always, themed, with a text alternative, with its text inside."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import numpy as np
import pytest

from bpdocs import figures, nn
from bpdocs.figures.label import printed, runs, width
from bpdocs.nn.slips import SLIPS

SVG = "{http://www.w3.org/2000/svg}"
TABLES = ("steps_table", "planted_slips", "hiding_points", "worked_table", "worked_descent")
DRAWINGS = tuple(name for name in figures.__all__ if name not in TABLES)
LANGUAGES = ("ko", "en")
VARIANTS = {
    "one_unit_chain": [{"t": 0.1, "f": "tanh"}, {"w_kj": -1.25, "digits": 3}],
    "loss_against_weight": [{"weight": "w_ji"}, {"t": 0.1}, {"f": "identity", "eta": 0.5}],
    "hidden_to_output_path": [{"n": 3, "d": 3, "c": 3, "j": 3, "k": 3}],
    "input_to_hidden_paths": [{"c": 2, "i": 1, "j": 3}, {"n": 2, "d": 2, "c": 4}],
    "row_and_column_sums": [{"d": 2, "c": 4, "j": 1, "k": 4}],
    "outer_product": [{"d": 3, "c": 2, "j": 1, "k": 1}],
    "stacked_rows": [{"N": 1, "j": 1, "k": 1}, {"N": 8}],
    "facing_passes": [{"L": 2}, {"L": 4}],
    "sensitivity_by_layer": [{"L": 5, "width": 8, "seed": 3}],
    "descent_paths": [{"etas": (0.1,), "curvatures": (2.0, 3.0), "start": (1.0, 1.0), "steps": 3}],
    "kink_differences": [{"nudges": (0.8, 0.3), "at": 0.4}],
    "softmax_jacobian_map": [{"net": (-3.0, 4.5)}, {"net": (0.5, 0.4, -0.3)}],
    "softmax_pushes": [{"net": (-1.0, 0.5, 2.0, 1.0, 0.0), "right": 5}, {"net": (4.0, 0.0, 1.0), "right": 1}],
    "error_against_step": [{"f": "sigmoid", "seed": 3}],
}
CASES = [(name, lang, arguments) for name in DRAWINGS for lang in LANGUAGES for arguments in [{}, *VARIANTS.get(name, [])]]

every_drawing = pytest.mark.parametrize(("name", "lang", "arguments"), CASES)
every_figure = pytest.mark.parametrize(("name", "lang"), [(name, lang) for name in figures.__all__ for lang in LANGUAGES])


def draw(name, lang, arguments=None):
    return getattr(figures, name)(lang=lang, **(arguments or {}))


def hangul(text):
    return bool(re.search("[가-힣]", text))


@every_figure
def test_the_bytes_are_the_same_twice(name, lang):
    assert draw(name, lang) == draw(name, lang)


def test_the_bytes_are_the_same_in_another_process():
    program = "import bpdocs.figures as f, hashlib, json; print(json.dumps({n + l: hashlib.sha256(getattr(f, n)(lang=l).encode()).hexdigest()"
    program += " for n in f.__all__ for l in ('ko', 'en')}))"
    outputs = [
        subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True).stdout for seed in ("1", "4242")
    ]
    assert outputs[0] == outputs[1]
    assert len(set(json.loads(outputs[0]).values())) == 2 * len(figures.__all__)


@every_drawing
def test_it_is_well_formed_and_has_a_text_alternative_in_its_language(name, lang, arguments):
    root = ElementTree.fromstring(draw(name, lang, arguments))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("lang") == lang
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert root.get("aria-labelledby").split() == [title.get("id"), desc.get("id")]
    assert hangul(title.text) == hangul(desc.text) == (lang == "ko")
    assert len(desc.text) > 60
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(identifier.startswith("bp-") for identifier in ids)


@every_figure
def test_the_labels_are_in_its_language(name, lang):
    assert hangul(draw(name, lang)) == (lang == "ko")


def test_two_figures_of_one_page_share_no_id():
    found = [identifier for name in DRAWINGS for a in [{}, *VARIANTS.get(name, [])] for identifier in re.findall(r' id="([^"]+)"', draw(name, "ko", a))]
    assert len(found) == len(set(found))


@every_drawing
def test_every_colour_is_a_property_of_the_page(name, lang, arguments):
    root = ElementTree.fromstring(draw(name, lang, arguments))
    for element in root.iter():
        for attribute in ("fill", "stroke"):
            assert re.fullmatch(r"none|var\(--bp-[a-z]+, .+\)", element.get(attribute, "none")), element.attrib
    for text in root.iter(f"{SVG}text"):
        assert text.get("fill", "").startswith("var(--bp-")


@every_drawing
def test_the_gradient_is_told_by_its_dash_too(name, lang, arguments):
    root = ElementTree.fromstring(draw(name, lang, arguments))
    for path in root.iter(f"{SVG}path"):
        if "--bp-gradient" in path.get("stroke"):
            assert path.get("stroke-dasharray") == "6 4"
        elif "--bp-target" in path.get("stroke"):
            assert path.get("stroke-dasharray") == "1.5 4"
        else:
            assert path.get("stroke-dasharray") is None


def extents(root):
    """Each text of a drawing with the box that it takes up, estimated on the wide side."""
    for text in root.iter(f"{SVG}text"):
        label = "".join(text.itertext())
        size = float(text.get("font-size"))
        wide = 0.0
        for piece, scale in pieces(text, size):
            wide += width(piece, scale)
        x, y = float(text.get("x")), float(text.get("y"))
        left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.get("text-anchor")]
        yield label, left, y - 0.75 * size, left + wide, y + 0.1 * size


def pieces(text, size):
    yield text.text or "", size
    for span in text:
        style = "$" if "Math" in span.get("font-family", "") or "Main" in span.get("font-family", "") else ""
        yield f"{style}{span.text or ''}{style}", float(span.get("font-size", size))
        yield span.tail or "", size


@every_drawing
def test_no_text_leaves_the_drawing(name, lang, arguments):
    root = ElementTree.fromstring(draw(name, lang, arguments))
    _, _, right, bottom = map(float, root.get("viewBox").split())
    for label, x0, y0, x1, y1 in extents(root):
        assert x0 >= -1 and x1 <= right + 1 and y0 >= -1 and y1 <= bottom + 1, (label, x0, x1, y0, y1)


@every_drawing
def test_no_two_texts_overlap(name, lang, arguments):
    boxes = list(extents(ElementTree.fromstring(draw(name, lang, arguments))))
    for number, (one, a0, b0, a1, b1) in enumerate(boxes):
        for other, c0, d0, c1, d1 in boxes[number + 1 :]:
            # the estimate is wide: what overlaps by less than 3 does not in any font tried
            apart = a1 - 3 <= c0 or c1 - 3 <= a0 or b1 <= d0 or d1 <= b0
            assert apart, f"{one!r} overlaps {other!r}"


@every_drawing
def test_its_text_can_be_read_on_a_phone(name, lang, arguments):
    root = ElementTree.fromstring(draw(name, lang, arguments))
    scale = (375 - 32) / float(root.get("viewBox").split()[2])
    for text in root.iter(f"{SVG}text"):
        assert float(text.get("font-size")) * scale >= 11
    # it shrinks with its column, and has a width of its own, without which a shrinking frame would leave it 300 px wide
    assert "max-width:100%;height:auto" in root.get("style")
    assert 500 <= float(root.get("width")) <= 640


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("x", "w_ji", "w_kj", "t", "f"), [(0.5, 0.4, 0.7, 0.9, "sigmoid"), (-0.8, 1.3, -0.6, 0.25, "tanh")])
def test_the_chain_shows_the_numbers_of_the_reference_network(x, w_ji, w_kj, t, f, lang):
    shown = "".join(ElementTree.fromstring(figures.one_unit_chain(x, w_ji, w_kj, t, f=f, digits=5, lang=lang)).itertext())
    network = nn.Network(np.array([[w_ji]]), np.array([[w_kj]]), f)
    values, gradients = nn.forward(network, [x], [t]), nn.backward_index(network, [x], [t])
    numbers = [
        values.net_j,
        values.y_j,
        values.net_k,
        values.z_k,
        values.J,
        network.f.derivative(values.net_j),
        network.f.derivative(values.net_k),
    ]
    numbers += [gradients.z_k, gradients.net_k, gradients.y_j, gradients.net_j, gradients.x_i, gradients.W_kj, gradients.W_ji]
    for number in numbers:
        assert printed(float(np.sum(number)), 5) in shown


def test_the_known_values_of_the_first_page_are_in_the_table():
    table = ElementTree.fromstring(figures.steps_table(lang="en"))
    cells = ["".join(cell.itertext()) for cell in table.iter("td")]
    for number in ("0.549834", "0.595050", "0.046497", "−0.040403", "−0.006366", "0.044841"):
        assert number in cells
    assert len(cells) == 2 * 9


def test_the_table_follows_descent():
    network, Js = nn.Network(np.array([[0.4]]), np.array([[0.7]])), []
    for _ in range(4):
        Js.append(printed(float(nn.forward(network, [0.5], [0.9]).J), 6))
        network = nn.step(network, nn.backward_matrix(network, [0.5], [0.9]), 2.0)
    rows = ElementTree.fromstring(figures.steps_table(eta=2.0, steps=3, lang="ko")).iter("tr")
    assert ["".join(cell.itertext()) for cell in rows][7] == "J" + "".join(Js)


def test_the_tables_are_well_formed_and_name_their_rows():
    for name in TABLES:
        for lang in LANGUAGES:
            root = ElementTree.fromstring(draw(name, lang))
            table = root.find("table")
            assert table.get("lang") == lang
            assert hangul(table.find("caption").text) == (lang == "ko")
            assert all(header.get("scope") in ("row", "col") for header in table.iter("th"))


def test_the_loss_curve_goes_through_both_points_of_the_step():
    shown = "".join(ElementTree.fromstring(figures.loss_against_weight(eta=20.0, lang="en")).itertext())
    network = nn.Network(np.array([[0.4]]), np.array([[0.7]]))
    slope = float(nn.backward_index(network, [0.5], [0.9]).W_kj[0, 0])
    moved = nn.Network(np.array([[0.4]]), np.array([[0.7 - 20.0 * slope]]))
    for number in (slope, float(nn.forward(network, [0.5], [0.9]).J), float(nn.forward(moved, [0.5], [0.9]).J)):
        assert printed(number) in shown


def test_the_worked_numbers_are_those_in_print():
    """Mazur's article of 2015 has the right weights after a step; its objective after it, and its outputs after 10000, are those of the slip."""
    cells = {cell.text for cell in ElementTree.fromstring(figures.worked_table(lang="en")).iter("td")}
    assert {f"{number}" for number in ("0.593269992", "0.751365070", "0.298371109", "0.082167041", "0.000438568")} <= cells
    assert {f"{number}" for number in ("0.358916480", "0.408666186", "0.511301270", "0.561370121", "0.149780716", "0.291027774")} <= cells
    slipped = [cell.text for cell in ElementTree.fromstring(figures.worked_descent("slip", steps=(1, 10000), lang="en")).iter("td")]
    assert [slipped[0], *slipped[3:]] == ["0.291027924", "0.000035085", "0.015912196", "0.984065734"]
    right = [cell.text for cell in ElementTree.fromstring(figures.worked_descent(steps=(1, 10000), lang="en")).iter("td")]
    assert right[0] == "0.291027774"
    assert right[3:] != slipped[3:]


def test_the_wires_show_the_numbers_of_the_reference_network():
    from bpdocs.figures.worked import worked_network

    network, x, t = worked_network()
    values, gradients = nn.forward(network, x, t), nn.backward_index(network, x, t)
    shown = "".join(ElementTree.fromstring(figures.worked_wires(5, lang="en")).itertext())
    for numbers in (values.y_j, values.z_k, gradients.z_k, gradients.y_j, gradients.x_i):
        assert all(printed(float(number), 5) in shown for number in numbers)


@pytest.mark.parametrize(("N", "j", "k"), [(4, 3, 2), (3, 1, 1)])
def test_the_sums_of_a_batch_are_those_of_its_examples(N, j, k):
    from bpdocs.figures.batch import random_batch

    network, X, T = random_batch(N, 3)
    shown = "".join(ElementTree.fromstring(figures.stacked_rows(N, j=j, k=k, lang="en")).itertext())
    alone = [nn.backward_index(network, x, t) for x, t in zip(X, T, strict=True)]
    weight, bias = np.mean([g.W_kj[k - 1, j - 1] for g in alone]), np.mean([g.b_k[k - 1] for g in alone])
    assert f"Σp Δp{k} Yp{j} = {printed(float(weight), 3)}" in shown
    assert f"Σp Δp{k} = {printed(float(bias), 3)}" in shown


def test_the_ratio_beside_a_curve_is_that_of_its_ends():
    from bpdocs.figures.deep import sensitivity_norms

    shown = "".join(ElementTree.fromstring(figures.sensitivity_by_layer(L=6, width=9, seed=2, lang="en")).itertext())
    for f in ("sigmoid", "tanh"):
        norms = sensitivity_norms(6, 9, f, seed=2)
        network, x, t = nn.random_deep_network((9,) * 7, f, seed=2)
        assert norms[0] == pytest.approx(np.linalg.norm(nn.complex_step_deep(network, x, t, network.b[1])), rel=1e-10)
        assert f"{f}: a layer × {printed((norms[0] / norms[-1]) ** 0.2, 2)}" in shown


def test_at_a_random_point_no_slip_hides_and_at_every_convenient_one_some_do():
    rows = [["".join(cell.itertext()) for cell in row.iter("td")] for row in ElementTree.fromstring(figures.hiding_points(lang="en")).iter("tr")][1:]
    assert len(rows) == len(SLIPS)
    hidden = [[cell == "hides" for cell in row].count(True) for row in zip(*rows, strict=True)]
    assert hidden[0] == 0
    assert all(hidden[1:])


def test_the_descent_figure_shows_where_each_rate_leads():
    shown = "".join(ElementTree.fromstring(figures.descent_paths((1.0, 8.0), (-3.0, 0.5), (0.1, 0.24), steps=5, lang="en")).itertext())
    for eta in (0.1, 0.24):
        w = np.array([-3.0, 0.5]) * (1 - eta * np.array([1.0, 8.0])) ** 5
        assert printed(float(0.5 * (w[0] ** 2 + 8 * w[1] ** 2)), 3) in shown


def test_the_kink_figure_shows_the_difference_at_its_point():
    shown = "".join(ElementTree.fromstring(figures.kink_differences((0.5, 0.1), 0.3, lang="en")).itertext())
    assert printed((1 + 0.3 / 0.5) / 2, 2) in shown


def test_the_softmax_figures_show_what_the_layer_computes():
    net = np.array([0.7, -0.4, 1.9])
    z = np.exp(net) / np.exp(net).sum()
    shown = "".join(ElementTree.fromstring(figures.softmax_jacobian_map(tuple(net), lang="en")).itertext())
    for number in (np.diag(z) - np.outer(z, z)).flat:
        assert printed(float(number), 3) in shown
    shown = "".join(ElementTree.fromstring(figures.softmax_pushes(tuple(net), right=1, lang="en")).itertext())
    for push in np.array([1.0, 0.0, 0.0]) - z:
        assert printed(float(push), 3) in shown


@pytest.mark.parametrize("name", ["one_unit_chain", "steps_table"])
def test_a_language_that_figures_do_not_speak_is_refused(name):
    with pytest.raises(ValueError, match=r'"ko" and "en", not in \'fr\''):
        draw(name, "fr")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.hidden_to_output_path(k=3), "k = 3 is not one of the units 1, …, 2"),
        (lambda: figures.input_to_hidden_paths(c=5), "c = 5"),
        (lambda: figures.outer_product(d=5, j=5), "at most 6×4"),
        (lambda: figures.loss_against_weight(weight="b_k"), "expected 'w_ji' or 'w_kj'"),
        (lambda: figures.steps_table(steps=-1), "steps = -1"),
        (lambda: figures.worked_descent("wrong"), "kind = 'wrong'"),
        (lambda: figures.worked_descent(steps=(10, 1)), "expected rising numbers"),
        (lambda: figures.stacked_rows(9), "N = 9, expected 1 to 8"),
        (lambda: figures.stacked_rows(k=3), "the matrix is 2×3"),
        (lambda: figures.facing_passes(1), "L = 1, expected 2, 3 or 4"),
        (lambda: figures.sensitivity_by_layer(1), "L = 1, expected 2 layers or more"),
        (lambda: figures.softmax_jacobian_map((1.0,)), "net has 1 entries"),
        (lambda: figures.descent_paths(curvatures=(1.0, 0.0)), "expected positive curvatures"),
        (lambda: figures.kink_differences((0.1, 0.5)), "expected 1 > long > short > 0"),
        (lambda: figures.softmax_pushes(right=4), "class 4 of 3"),
        (lambda: figures.one_unit_chain(f="sigmod"), "no activation 'sigmod'"),
    ],
)
def test_what_cannot_be_drawn_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_label_lowers_its_indices():
    assert [(run.text, run.level) for run in runs("$∂J/∂w_{kj}$")] == [("∂", 0), ("J", 0), ("/∂", 0), ("w", 0), ("kj", -1)]


def test_a_label_is_escaped():
    from bpdocs.figures.drawing import Drawing

    drawing = Drawing(100, 100)
    drawing.text((50, 50), "a < b & $x_<$")
    root = ElementTree.fromstring(drawing.render("t", "en", title="<T> & 'q' \"", desc="a < b"))
    assert "".join(root.find(f"{SVG}text").itertext()) == "a < b & x<"
    assert root.find(f"{SVG}title").text == "<T> & 'q' \""
