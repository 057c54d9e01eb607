"""Every row of the table of operators: its values, slopes and curvatures against mpmath at 60 digits, its domain, its overflow."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

from bpdocs.measure.jets import STEP, Jet, apply, derivative
from bpdocs.notation.operators import ELEMENTWISE

CLOSE = 1e-13
FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "exp": mpmath.exp, "log": mpmath.log, "sqrt": mpmath.sqrt, "sin": mpmath.sin, "cos": mpmath.cos, "tan": mpmath.tan, "sinh": mpmath.sinh, "cosh": mpmath.cosh,
    "tanh": mpmath.tanh, "arctan": mpmath.atan, "abs": abs, "sign": mpmath.sign, "ReLU": lambda x: x if x > 0 else mpmath.mpf(0),
    "heaviside": lambda x: mpmath.mpf(1 if x > 0 else 0), "sigmoid": lambda x: 1 / (1 + mpmath.exp(-x)), "softplus": lambda x: mpmath.log1p(mpmath.exp(x)), "erf": mpmath.erf,
}  # fmt: skip
POSITIVE = ("log", "sqrt")
LARGE = [8.0, -8.0, 20.0, -20.0]
POINTS = [*np.random.default_rng(1).uniform(-3, 3, 40), *np.random.default_rng(2).uniform(-1e-3, 1e-3, 10), *LARGE]
NAMES = [row.names[0] for row in ELEMENTWISE]


def reference(name: str, x: float, order: int) -> float:
    """The derivative of that order at 60 digits, off the kink."""
    with mpmath.workdps(60):
        return float(mpmath.diff(FUNCTIONS[name], mpmath.mpf(x), order, h=mpmath.mpf("1e-20")) if order else FUNCTIONS[name](mpmath.mpf(x)))


def test_every_row_has_a_reference() -> None:
    assert set(NAMES) == FUNCTIONS.keys()


@pytest.mark.parametrize("name", NAMES)
def test_value_slope_and_curvature(name: str) -> None:
    for x in POINTS:
        if name in POSITIVE and x <= 0:
            continue
        value, slope, curvature = (reference(name, x, order) for order in range(3))
        here = np.array(x)
        jet = apply(name, Jet(Jet(here, np.array(1.0), 1), Jet(np.array(1.0), np.array(0.0), 1), 2))
        found = {
            "real": (np.real(apply(name, here)), value),
            "complex": (np.real(apply(name, here + 1j * STEP)), value),
            "complex step": (np.imag(apply(name, here + 1j * STEP)) / STEP, slope),
            "jet value": (jet.value.value, value),
            "jet slope": (jet.value.slope, slope),
            "second by jets": (jet.slope.slope, curvature),
            "first derivative": (derivative(name, here, 1), slope),
            "second derivative": (derivative(name, here, 2), curvature),
            "slope of a slope by a complex step": (np.imag(derivative(name, here + 1j * STEP, 1)) / STEP, curvature),
        }
        for way, (got, want) in found.items():
            # a curvature that passes through zero is a difference of numbers near 1, and right to their spacing
            spacing = 2e-16 if want is curvature else 1e-300
            assert abs(float(got) - want) <= CLOSE * abs(want) + spacing, f"{name} at {x}: {way} is {float(got)}, not {want}"


@pytest.mark.parametrize(("name", "x"), [("log", -1.0), ("log", 0.0), ("sqrt", -1.0)])
def test_outside_of_the_domain_is_not_a_number(name: str, x: float) -> None:
    for here in (np.array(x), np.array(x + 1j * STEP)):
        assert np.isnan(apply(name, here)).all()


@pytest.mark.parametrize("x", [800.0, -800.0])
@pytest.mark.parametrize(("name", "limits"), [("sigmoid", (0.0, 1.0)), ("softplus", (0.0, 800.0)), ("tanh", (-1.0, 1.0)), ("erf", (-1.0, 1.0))])
def test_far_out_it_stays_finite(name: str, limits: tuple[float, float], x: float) -> None:
    want = limits[1] if x > 0 else limits[0]
    for order in range(3):
        for here in (np.array(x), np.array(x + 1j * STEP)):
            assert float(np.real(derivative(name, here, order))) == (want if order == 0 else 1.0 if (name, order) == ("softplus", 1) and x > 0 else 0.0)


def test_erf_needs_no_scipy() -> None:
    program = "import sys; sys.modules['scipy'] = None; from bpdocs.measure.jets import apply; print(float(apply('erf', 0.5)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert abs(float(run.stdout) - math.erf(0.5)) < 1e-16
