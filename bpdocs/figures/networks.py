"""The n-d-c network: with every symbol of the notation, and with the paths along which J's derivatives travel."""

from __future__ import annotations

from bpdocs.figures.drawing import MATHS, SMALL, Drawing, Point, check_lang

PILL, PILL_HEIGHT = 84.0, 34.0


def network(*, lang: str = "ko") -> str:
    """Every symbol of the notation on one network of widths n, d, c: each layer's first, generic and last unit.

    Returns inline SVG. Source: page 0.2; the seed's formulas 1_5 to 1_8.

    >>> network(lang="en").count("<title")
    1
    """
    lang = check_lang(lang)
    title, desc, layers, roles = {
        "ko": (
            "입력층, 은닉층, 출력층으로 된 신경망과 모든 기호",
            "입력 x_i가 가중치 w_ji를 거쳐 은닉 유닛의 순입력 net_j가 되고, 활성화 함수 f를 거쳐 활성값 y_j가 된다. "
            "y_j는 가중치 w_kj를 거쳐 출력 유닛의 순입력 net_k가 되고, f를 거쳐 출력 z_k가 된다. "
            "목적 함수 J는 출력 z_k와 목푯값 t_k를 비교한다. 가중치의 첨자는 도착 유닛, 출발 유닛 순서다.",
            ("입력층", "은닉층", "출력층"),
            ("값", "가중치(매개변수)", "목푯값"),
        ),
        "en": (
            "A network with an input, a hidden and an output layer, and every symbol",
            "An input x_i goes through the weight w_ji into a hidden unit's net input net_j, and through the activation function f to its "
            "activation y_j. Through the weight w_kj, y_j goes into an output unit's net_k, and through f to the output z_k. The objective "
            "J compares the outputs z_k with the targets t_k. A weight's indices are: to, from.",
            ("input layer", "hidden layer", "output layer"),
            ("value", "weight (parameter)", "target"),
        ),
    }[lang]
    drawing = Drawing(400, 406)
    columns, rows = (30.0, 143.0, 281.0), (78.0, 162.0, 246.0)
    inputs, hidden, outputs = columns
    bar, middle = (366.0, 396.0), rows[1]
    for a in rows:
        for b in rows:
            drawing.line([(inputs, a), (hidden, b)], "faint", 0.9, opacity=0.7)
            drawing.line([(hidden, a), (outputs, b)], "faint", 0.9, opacity=0.7)
    for start, end, label in ((inputs + 16, hidden - PILL / 2, "$w_{ji}$"), (hidden + PILL / 2, outputs - PILL / 2, "$w_{kj}$")):
        drawing.arrow((start, middle), (end, middle), "parameter", 3, head=10)
        drawing.text(((start + end) / 2 - 2, middle - 9), label, "parameter", MATHS, halo=True)
    for row, i, j, k in zip(rows, "1in", "1jd", "1kc", strict=True):
        drawing.arrow((outputs + (PILL / 2 if row == middle else 17), row), (bar[0], row), "value")
        drawing.arrow((356, row + 36), (bar[0], row + 36), "target", head=6)
        drawing.diamond((342, row + 36), 14, f"$t_{k}$", size=14)
        drawing.circle((inputs, row), 16, "value", f"$x_{i}$")
        if row == middle:
            _unit(drawing, (hidden, row), "net_j", "y_j")
            _unit(drawing, (outputs, row), "net_k", "z_k")
        else:
            drawing.circle((hidden, row), 17, "value", f"$y_{j}$")
            drawing.circle((outputs, row), 17, "value", f"$z_{k}$")
    for x in columns:
        for row in rows[:2]:
            drawing.text((x, row + 48), "⋮", "ink", 18, halo=True)
    drawing.box(((bar[0] + bar[1]) / 2, middle + 18), (bar[1] - bar[0], rows[2] - rows[0] + 74), "value", "$J$", font=18, radius=8)
    for x, layer, indices in zip(columns, layers, ("$i = 1, …, n$", "$j = 1, …, d$", "$k = 1, …, c$"), strict=True):
        at, anchor = (14.0, "start") if x == inputs else (x, "middle")
        drawing.text((at, 20), layer, size=SMALL, anchor=anchor, bold=True)
        drawing.text((at, 40), indices, size=14, anchor=anchor)
    drawing.text((180, 326), "$net_j = Σ_i x_i w_{ji} ,    y_j = f(net_j)$", size=15)
    drawing.text((180, 350), "$net_k = Σ_j y_j w_{kj} ,    z_k = f(net_k)$", size=15)
    drawing.text((180, 374), "$J = ½ Σ_k (t_k − z_k)^2$", size=15)
    drawing.legend(399, [("value", roles[0]), ("parameter", roles[1]), ("target", roles[2])], start=40)
    return drawing.render("network", lang, title=title, desc=desc)


def hidden_to_output_path(n: int = 2, d: int = 3, c: int = 2, *, j: int = 2, k: int = 1, lang: str = "ko") -> str:
    """The one path from the weight w_kj to J, highlighted in an n-d-c network, with its three factors below.

    ``j`` ≤ d and ``k`` ≤ c count from 1. Returns inline SVG; raises ValueError for a unit that the network does not have.
    Source: page 1.2.

    >>> hidden_to_output_path(j=4, lang="en")
    Traceback (most recent call last):
    ValueError: j = 4 is not one of the units 1, …, 3
    """
    lang = check_lang(lang)
    _check_unit("j", j, d)
    _check_unit("k", k, c)
    title, desc, words, roles = {
        "ko": (
            "가중치 w_kj에서 목적 함수 J까지의 길은 하나다",
            "가중치 w_kj는 출력 유닛 k의 순입력 net_k에만 들어가고, net_k는 z_k만, z_k는 J를 바꾼다. "
            "그래서 미분계수는 세 인수의 곱 하나다: ∂J/∂w_kj = y_j · f′(net_k) · (z_k − t_k).",
            "뒤에서 앞으로 곱한다",
            ("값", "가중치 $w_{kj}$", "그래디언트"),
        ),
        "en": (
            "From the weight w_kj to the objective J there is one path",
            "The weight w_kj enters only the net input net_k of the output unit k; net_k changes only z_k, and z_k changes J. So the "
            "derivative is one product of three factors: ∂J/∂w_kj = y_j · f′(net_k) · (z_k − t_k).",
            "multiply from the back to the front",
            ("value", "weight $w_{kj}$", "gradient"),
        ),
    }[lang]
    drawing = Drawing(400, 344)
    inputs, hidden, outputs = (_column(20, n, 110), _column(104, d, 110), _column(254, c, 110))
    objective = (374.0, 110.0)
    _wires(drawing, inputs, hidden)
    _wires(drawing, hidden, outputs)
    for place in outputs:
        drawing.line([place, objective], "faint", 0.9, opacity=0.7)
    here, there = hidden[j - 1], outputs[k - 1]
    entry, leave = (there[0] - PILL / 2, there[1]), (there[0] + PILL / 2, there[1])
    _edge(drawing, here, entry, "parameter", gaps=(17, 1), thickness=3)
    _edge(drawing, leave, objective, "value", gaps=(1, 18), thickness=2.2)
    for place in inputs:
        drawing.circle(place, 9, "faint")
    for number, place in enumerate(hidden, 1):
        drawing.circle(place, 16, "value" if number == j else "faint", "$y_j$" if number == j else "")
    for number, place in enumerate(outputs, 1):
        if number == k:
            _unit(drawing, place, "net_k", "z_k")
        else:
            drawing.circle(place, 16, "faint")
    drawing.circle(objective, 17, "value", "$J$")
    x, y = (here[0] + entry[0]) / 2, (here[1] + entry[1]) / 2
    drawing.text((x - 4, y - 13), "$w_{kj}$", "parameter", MATHS, halo=True)
    factors = ((68.0, "$∂net_k / ∂w_{kj}$", "$y_j$"), (200.0, "$∂z_k / ∂net_k$", "$f′(net_k)$"), (332.0, "$∂J / ∂z_k$", "$z_k − t_k$"))
    drawing.text((200, 226), words, "gradient", SMALL)
    for x, derivative, factor in factors:
        drawing.box((x, 262), (108, 50), "gradient", dash=True, radius=8, thickness=1.4)
        drawing.text((x, 256), derivative, size=15)
        drawing.text((x, 279), f"$=$ {factor}", size=15)
    for x in (134.0, 266.0):
        drawing.arrow((x + 11, 262), (x - 11, 262), "gradient", 2)
    drawing.text((200, 311), "$∂J / ∂w_{kj} = y_j · f′(net_k) · (z_k − t_k) = δ_k y_j$", size=15)
    drawing.legend(337, [("value", roles[0]), ("parameter", roles[1]), ("gradient", roles[2])], start=50)
    return drawing.render("hidden-to-output-path", lang, title=title, desc=desc)


def input_to_hidden_paths(n: int = 3, d: int = 3, c: int = 3, *, i: int = 2, j: int = 2, lang: str = "ko") -> str:
    """The c paths from the weight w_ji through y_j and every output to J, each with its own product, before the Σ.

    ``i`` ≤ n and ``j`` ≤ d count from 1; at most 4 outputs. Returns inline SVG; raises ValueError for a unit that the network
    does not have. Source: page 1.3.

    >>> input_to_hidden_paths(c=2, lang="en").count(">path ")
    2
    """
    lang = check_lang(lang)
    _check_unit("i", i, n)
    _check_unit("j", j, d)
    _check_unit("c", c, 4)
    title, desc, path, total, roles = {
        "ko": (
            f"y_j에서 목적 함수 J까지의 길은 출력마다 하나씩 모두 {c}개다",
            "y_j는 모든 출력 유닛의 순입력에 들어간다. 길 k의 인수를 곱하면 (z_k − t_k) · f′(net_k) · w_kj = δ_k w_kj다. "
            f"{c}개의 길을 더하면 ∂J/∂y_j = Σ_k δ_k w_kj이고, f′(net_j)를 곱하면 δ_j, x_i를 곱하면 ∂J/∂w_ji다.",
            "길",
            "모두 더하면",
            ("값", "가중치", "그래디언트"),
        ),
        "en": (
            f"From y_j to the objective J there are {c} paths, one through each output",
            "y_j enters the net input of every output unit. The factors along path k multiply to (z_k − t_k) · f′(net_k) · w_kj = "
            f"δ_k w_kj. The {c} paths add up to ∂J/∂y_j = Σ_k δ_k w_kj; times f′(net_j) that is δ_j, and times x_i it is ∂J/∂w_ji.",
            "path",
            "all together",
            ("value", "weight", "gradient"),
        ),
    }[lang]
    middle = 26 + 38.0 * c
    drawing = Drawing(400, 2 * middle + 22 * c + 108)
    inputs, hidden = _column(20, n, middle, 62), _column(118, d, middle, 78)
    outputs, objective = _column(258, c, middle, 76), (376.0, middle)
    _wires(drawing, inputs, hidden)
    _wires(drawing, hidden, outputs)
    here, leave, entry = inputs[i - 1], (hidden[j - 1][0] + PILL / 2, hidden[j - 1][1]), (hidden[j - 1][0] - PILL / 2, hidden[j - 1][1])
    _edge(drawing, here, entry, "parameter", gaps=(15, 1), thickness=3)
    for place in outputs:
        _edge(drawing, leave, place, "parameter", gaps=(1, 18), thickness=2)
        _edge(drawing, place, objective, "value", gaps=(17, 18), thickness=1.6)
    for number, place in enumerate(inputs, 1):
        drawing.circle(place, 14 if number == i else 8, "value" if number == i else "faint", "$x_i$" if number == i else "")
    for number, place in enumerate(hidden, 1):
        if number == j:
            _unit(drawing, place, "net_j", "y_j")
        else:
            drawing.circle(place, 11, "faint")
    drawing.circle(objective, 17, "value", "$J$")
    drawing.text(((here[0] + entry[0]) / 2 - 1, (here[1] + entry[1]) / 2 - 10), "$w_{ji}$", "parameter", 15, halo=True)
    y = 2 * middle + 14
    for k, place in enumerate(outputs, 1):
        drawing.circle(place, 16, "value", f"$z_{k}$")
        away = (leave[0] + 2 * place[0]) / 3 - 12, (leave[1] + 2 * place[1]) / 3 - 10
        drawing.text(away, f"$w_{{{k}j}}$", "parameter", 15, halo=True)
        drawing.text((20, y), f"{path} {k}", "gradient", SMALL, "start", bold=True)
        drawing.text((74, y), f"$(z_{k} − t_{k}) · f′(net_{k}) · w_{{{k}j}}$", size=15, anchor="start")
        drawing.text((272, y), f"$= δ_{k} w_{{{k}j}}$", size=15, anchor="start")
        y += 22
    drawing.line([(20, y - 10), (380, y - 10)], "ink", 1)
    drawing.text((20, y + 10), total, "gradient", SMALL, "start", bold=True)
    drawing.text((380, y + 10), "$∂J / ∂y_j = Σ_k δ_k w_{kj}$", size=15, anchor="end")
    drawing.text((380, y + 36), "$δ_j = f′(net_j) Σ_k δ_k w_{kj} ,    ∂J / ∂w_{ji} = δ_j x_i$", size=15, anchor="end")
    drawing.legend(y + 64, [("value", roles[0]), ("parameter", roles[1]), ("gradient", roles[2])], start=50)
    return drawing.render("input-to-hidden-paths", lang, title=title, desc=desc)


def _unit(drawing: Drawing, at: Point, net: str, output: str) -> None:
    """Draw one unit opened up, as net → f → its output, in a pill centred at a point."""
    x, y = at
    drawing.box(at, (PILL, PILL_HEIGHT), "value", radius=PILL_HEIGHT / 2, thickness=2.2)
    for offset in (-3.0, 18.0):
        drawing.line([(x + offset, y - PILL_HEIGHT / 2), (x + offset, y + PILL_HEIGHT / 2)], "value", 1)
    drawing.text((x - 21, y + 5), f"${net}$", size=15)
    drawing.text((x + 7.5, y + 5), "$f$", size=16)
    drawing.text((x + 29, y + 5), f"${output}$", size=15)


def _column(x: float, units: int, middle: float, pitch: float = 66) -> list[Point]:
    return [(x, middle + pitch * (number - (units - 1) / 2)) for number in range(units)]


def _wires(drawing: Drawing, layer: list[Point], following: list[Point]) -> None:
    for a in layer:
        for b in following:
            drawing.line([a, b], "faint", 0.9, opacity=0.7)


def _edge(drawing: Drawing, start: Point, end: Point, role: str, *, gaps: tuple[float, float], thickness: float) -> None:
    """Draw a highlighted edge: the forward arrow and, beside it, the backward one, both ending outside the nodes."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / length, dy / length
    a, b = (start[0] + gaps[0] * ux, start[1] + gaps[0] * uy), (end[0] - gaps[1] * ux, end[1] - gaps[1] * uy)
    drawing.arrow(a, b, "parameter" if role == "parameter" else "value", thickness, head=6 + thickness)
    side = 8.0
    drawing.arrow((b[0] - uy * side - 3 * ux, b[1] + ux * side - 3 * uy), (a[0] - uy * side + 3 * ux, a[1] + ux * side + 3 * uy), "gradient", 1.8)


def _check_unit(letter: str, number: int, units: int) -> None:
    if not 1 <= number <= units:
        raise ValueError(f"{letter} = {number} is not one of the units 1, …, {units}")
