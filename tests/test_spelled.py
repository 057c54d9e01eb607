"""What is written out again reads as what it was: on every page and every case, for every side of every relation."""

from pathlib import Path

import pytest

from bpdocs.notation import expr as e
from bpdocs.notation import syntax as s
from bpdocs.notation.parser import parse
from bpdocs.notation.resolve import Resolver
from bpdocs.notation.squares import rename
from bpdocs.notation.tokens import Unread
from bpdocs.page import read_page
from bpdocs.relations import build
from bpdocs.spelled import name_of, on_page

ROOT = Path(__file__).resolve().parent.parent
PAGES = [*sorted((ROOT / "docs" / "en").glob("*.md")), *sorted((ROOT / "tests" / "cases" / "right").glob("*.md"))]


def meaning(expr: e.Expr) -> str:
    """The tree without places, and without what is written in two ways that mean the same: (1/2) and \\frac12."""
    return repr(e.bare(expr)).replace("how='·'", "how=''").replace("text='0.50'", "text='0.5'")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_is_written_out_reads_as_it_did(path: Path) -> None:
    page = read_page(path.read_text(encoding="utf-8"), str(path))
    different = []
    for context in build(page)[0].values():
        for line in context.lines:
            for side in (line.left, line.right):
                if side is None or (context.depths and line.scope == 0) or line.kind in ("setting", "definition"):
                    continue
                if any(isinstance(part, e.Either | e.At | e.Show) for part in e.walk(side)):
                    continue
                spelled = on_page(side, context.survey)
                try:
                    (node,) = (rename(one, context.squares) for one in parse(spelled, {}, page.settings.names))
                    again: e.Expr = Resolver(context.survey).expression(node)
                except (Unread, ValueError) as fault:
                    different.append(f"{spelled}: {fault}")
                    continue
                assert not isinstance(node, s.Relations)
                if meaning(again) != meaning(side):
                    different.append(f"{spelled}\n  {e.bare(side)}\n  {e.bare(again)}")
    assert not different, "\n".join(different)


@pytest.mark.parametrize(
    ("name", "indices", "latex"),
    [("net", ("k",), r"\mathrm{net}_k"), ("w", ("k", "j"), "w_{kj}"), ("W^{(2)}", (), "W^{(2)}"), ("w_{out}", (), r"w_{\text{out}}"), (r"\delta^{(1)}", ("j",), r"\delta^{(1)}_j"),
     (r"\bar{y}", (), r"\bar{y}"), ("w_{7}", (), "w_7"), ("z", ("k'",), "z_{k'}"), ("비용", (), r"\text{비용}")],
)  # fmt: skip
def test_names(name: str, indices: tuple[str, ...], latex: str) -> None:
    assert name_of(name, indices) == latex
