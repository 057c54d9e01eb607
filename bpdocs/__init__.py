r"""Executable derivations: the LaTeX on a page is itself what is checked.

>>> from bpdocs import check_page
>>> check_page("$y := w x$, so $\\frac{\\partial y}{\\partial w} = x$.", "notes.md").ok
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["PageReport", "__version__", "check_page"]

if TYPE_CHECKING:
    from bpdocs.check import PageReport, check_page


def __getattr__(name: str) -> Any:
    if name in ("PageReport", "check_page"):
        from importlib import import_module

        return getattr(import_module("bpdocs.check"), name)
    raise AttributeError(f"module 'bpdocs' has no attribute {name!r}")
