"""The examples in the docstrings of `bpdocs.figures` run and give what they show."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import bpdocs.figures

MODULES = ["bpdocs.figures", *(f"bpdocs.figures.{module.name}" for module in pkgutil.iter_modules(bpdocs.figures.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_run(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted > 0
    assert found.failed == 0


@pytest.mark.parametrize("name", bpdocs.figures.__all__)
def test_every_public_function_has_an_example(name):
    thing = getattr(bpdocs.figures, name)
    if inspect.isfunction(thing):
        assert ">>>" in (inspect.getdoc(thing) or ""), f"{name} has no example"
