"""The figures of the pages: one function a figure, which returns inline SVG or, for a table, HTML.

Each has labels in Korean and English, computes its numbers with `bpdocs.nn`, takes its colours from the page's style
sheet and returns the same bytes for the same arguments.

>>> figure = one_unit_chain(lang="en")
>>> figure == one_unit_chain(lang="en"), figure.startswith("<svg")
(True, True)
"""

from bpdocs.figures.batch import stacked_rows
from bpdocs.figures.chain import one_unit_chain, steps_table
from bpdocs.figures.curves import cost_of_gradients, error_against_step, loss_against_weight
from bpdocs.figures.deep import facing_passes, sensitivity_by_layer
from bpdocs.figures.descent import descent_paths
from bpdocs.figures.kinks import kink_differences
from bpdocs.figures.matrices import outer_product, row_and_column_sums
from bpdocs.figures.networks import hidden_to_output_path, input_to_hidden_paths, network
from bpdocs.figures.slips import hiding_points, planted_slips
from bpdocs.figures.softmax import softmax_jacobian_map, softmax_pushes
from bpdocs.figures.worked import worked_descent, worked_table, worked_wires

__all__ = [
    "cost_of_gradients",
    "descent_paths",
    "error_against_step",
    "facing_passes",
    "hidden_to_output_path",
    "hiding_points",
    "input_to_hidden_paths",
    "kink_differences",
    "loss_against_weight",
    "network",
    "one_unit_chain",
    "outer_product",
    "planted_slips",
    "row_and_column_sums",
    "sensitivity_by_layer",
    "softmax_jacobian_map",
    "softmax_pushes",
    "stacked_rows",
    "steps_table",
    "worked_descent",
    "worked_table",
    "worked_wires",
]
