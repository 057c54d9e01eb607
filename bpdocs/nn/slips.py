"""Slips that people make in the backward pass, planted on purpose: each must be caught when it is compared with the complex step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from bpdocs.nn.activations import Array
from bpdocs.nn.backward import Gradients, backward_matrix
from bpdocs.nn.network import Network, forward
from bpdocs.nn.numerical import Quantity, complex_step, relative_error


@dataclass(frozen=True)
class Slip:
    """One wrong backward pass: its name, the quantity whose gradient goes wrong first, the wrong formula, and how to compute it.

    >>> from bpdocs.nn.network import random_network
    >>> network, x, t = random_network(4, 3, 2)
    >>> [slip.name for slip in SLIPS if slip.error(network, x, t) < 0.01]
    []
    """

    name: str
    quantity: Quantity
    formula: str
    plant: Callable[[Network, Array, Array], Gradients]

    def error(self, network: Network, x: Array, t: Array) -> float:
        """The largest relative error of the slip's gradient against the complex step; infinity if even its shape is wrong."""
        wrong, right = getattr(self.plant(network, x, t), self.quantity), complex_step(network, x, t, self.quantity)
        if wrong.shape != right.shape:
            return float("inf")
        return float(np.max(np.abs(wrong - right) / np.abs(right)))

    def left(self, network: Network, x: Array, t: Array) -> float:
        """The largest relative error that the slip leaves in a weight's gradient, 0 where it hides; infinity if a shape is wrong.

        Entries below 1e-14 are rounding, and count as 0.

        >>> from bpdocs.nn.network import random_network
        >>> lost = next(slip for slip in SLIPS if slip.name == "lost f′ in the hidden layer")
        >>> lost.left(*random_network(4, 3, 2, "identity")) < 1e-9 < lost.left(*random_network(4, 3, 2, "tanh"))
        True
        """
        wrong, weights = self.plant(network, x, t), ("W_kj", "W_ji")
        pairs = [(_cleared(getattr(wrong, weight)), _cleared(complex_step(network, x, t, cast(Quantity, weight)))) for weight in weights]
        return max(relative_error(ours, theirs) if ours.shape == theirs.shape else float("inf") for ours, theirs in pairs)


def _cleared(gradient: Array) -> Array:
    return np.where(np.abs(gradient) < 1e-14, 0.0, gradient)


def _slip(change: Callable[[Network, Array, Array], dict[str, Array]]) -> Callable[[Network, Array, Array], Gradients]:
    """A backward pass in which ``change`` has replaced some of ∂J/∂z_k, δ_k, ∂J/∂y_j, δ_j, ∂J/∂W_kj, and the rest follows from it."""

    def plant(network: Network, x: Array, t: Array) -> Gradients:
        v, wrong = forward(network, x, t), change(network, x, t)
        dz = wrong.get("z_k", v.z_k - v.t_k)
        delta_k = wrong.get("net_k", dz * network.f.derivative(v.net_k))
        dy = wrong.get("y_j", network.W_kj.T @ delta_k)
        delta_j = wrong.get("net_j", dy * network.f.derivative(v.net_j))
        W_kj = wrong.get("W_kj", np.outer(delta_k, v.y_j))
        return Gradients(dz, delta_k, W_kj, delta_k, dy, delta_j, np.outer(delta_j, v.x_i), delta_j, network.W_ji.T @ delta_j)

    return plant


def _flipped_sign(network: Network, x: Array, t: Array) -> dict[str, Array]:
    v = forward(network, x, t)
    return {"z_k": v.t_k - v.z_k}


def _lost_half(network: Network, x: Array, t: Array) -> dict[str, Array]:
    v = forward(network, x, t)
    return {"z_k": 2 * (v.z_k - v.t_k)}


def _lost_f_prime_at_the_output(network: Network, x: Array, t: Array) -> dict[str, Array]:
    return {"net_k": backward_matrix(network, x, t).z_k}


def _lost_f_prime_in_the_hidden_layer(network: Network, x: Array, t: Array) -> dict[str, Array]:
    return {"net_j": backward_matrix(network, x, t).y_j}


def _f_for_f_prime(network: Network, x: Array, t: Array) -> dict[str, Array]:
    return {"net_j": backward_matrix(network, x, t).y_j * forward(network, x, t).y_j}


def _frozen_sum(network: Network, x: Array, t: Array) -> dict[str, Array]:
    return {"y_j": network.W_kj[0] * backward_matrix(network, x, t).delta_k[0]}


def _lost_transpose(network: Network, x: Array, t: Array) -> dict[str, Array]:
    # for c = d this is W δ; else the entries of W are read in the wrong order, which is what "making the shapes match" does
    return {"y_j": network.W_kj.reshape(network.d, network.c) @ backward_matrix(network, x, t).delta_k}


def _swapped_index(network: Network, x: Array, t: Array) -> dict[str, Array]:
    return {"W_kj": np.outer(forward(network, x, t).y_j, backward_matrix(network, x, t).delta_k)}


def _new_weights(network: Network, x: Array, t: Array) -> dict[str, Array]:
    gradients = backward_matrix(network, x, t)
    return {"y_j": (network.W_kj - gradients.W_kj).T @ gradients.delta_k}


SLIPS: tuple[Slip, ...] = (
    Slip("flipped sign", "z_k", "∂J/∂z_k = t_k − z_k", _slip(_flipped_sign)),
    Slip("lost ½", "z_k", "∂J/∂z_k = 2 (z_k − t_k)", _slip(_lost_half)),
    Slip("lost f′ at the output", "net_k", "δ_k = z_k − t_k", _slip(_lost_f_prime_at_the_output)),
    Slip("lost f′ in the hidden layer", "net_j", "δ_j = Σ_k w_{kj} δ_k", _slip(_lost_f_prime_in_the_hidden_layer)),
    Slip("f for f′", "net_j", "δ_j = f(net_j) Σ_k w_{kj} δ_k", _slip(_f_for_f_prime)),
    Slip("frozen sum", "y_j", "∂J/∂y_j = w_{1j} δ_1", _slip(_frozen_sum)),
    Slip("lost transpose", "y_j", "∂J/∂y = W δ", _slip(_lost_transpose)),
    Slip("swapped index", "W_kj", "∂J/∂w_{kj} = y_k δ_j", _slip(_swapped_index)),
    Slip("new weights", "y_j", "∂J/∂y_j = Σ_k δ_k (w_{kj} − η ∂J/∂w_{kj})", _slip(_new_weights)),
)
