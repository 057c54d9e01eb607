"""The backward pass of the seed's network, twice: index by index as on the pages, and in matrices; and one descent step."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bpdocs.nn.activations import Array
from bpdocs.nn.network import Network, forward


@dataclass(frozen=True, eq=False)
class Gradients:
    """The derivatives of J: the field X holds ∂J/∂X and has X's own shape (z_k holds ∂J/∂z_k, W_kj holds ∂J/∂W_kj, …)."""

    z_k: Array
    net_k: Array
    W_kj: Array
    b_k: Array
    y_j: Array
    net_j: Array
    W_ji: Array
    b_j: Array
    x_i: Array

    @property
    def delta_k(self) -> Array:
        """δ_k := ∂J/∂net_k, of shape (c,)."""
        return self.net_k

    @property
    def delta_j(self) -> Array:
        """δ_j := ∂J/∂net_j, of shape (d,)."""
        return self.net_j


def backward_index(network: Network, x: Array, t: Array) -> Gradients:
    """The gradients of J for one example, one entry at a time: each line is a formula of pages 1.2 and 1.3.

    ``x`` has shape (n,), ``t`` has shape (c,). Raises ValueError if a shape does not fit.

    >>> gradients = backward_index(Network([[0.4]], [[0.7]]), [0.5], [0.9])
    >>> f"{gradients.W_kj[0, 0]:.6f} {gradients.W_ji[0, 0]:.6f}"
    '-0.040403 -0.006366'
    """
    v = forward(network, x, t)
    f_prime, w_ji, w_kj = network.f.derivative, network.W_ji, network.W_kj
    n, d, c = range(network.n), range(network.d), range(network.c)

    dz = np.array([v.z_k[k] - v.t_k[k] for k in c])  # ∂J/∂z_k = z_k − t_k
    delta_k = np.array([dz[k] * f_prime(v.net_k[k]) for k in c])  # δ_k = (z_k − t_k) f′(net_k)
    dw_kj = np.array([[delta_k[k] * v.y_j[j] for j in d] for k in c])  # ∂J/∂w_kj = δ_k y_j
    db_k = np.array([delta_k[k] for k in c])  # ∂J/∂b_k = δ_k
    dy = np.array([sum(delta_k[k] * w_kj[k, j] for k in c) for j in d])  # ∂J/∂y_j = Σ_k δ_k w_kj
    delta_j = np.array([f_prime(v.net_j[j]) * dy[j] for j in d])  # δ_j = f′(net_j) Σ_k w_kj δ_k
    dw_ji = np.array([[delta_j[j] * v.x_i[i] for i in n] for j in d])  # ∂J/∂w_ji = δ_j x_i
    db_j = np.array([delta_j[j] for j in d])  # ∂J/∂b_j = δ_j
    dx = np.array([sum(delta_j[j] * w_ji[j, i] for j in d) for i in n])  # ∂J/∂x_i = Σ_j δ_j w_ji
    return Gradients(dz, delta_k, dw_kj, db_k, dy, delta_j, dw_ji, db_j, dx)


def backward_matrix(network: Network, x: Array, t: Array) -> Gradients:
    """The gradients of J for one example in matrices, as on page 1.5: δ yᵀ for the weights, Wᵀ δ for what lies below.

    ``x`` has shape (n,), ``t`` has shape (c,). Raises ValueError if a shape does not fit.

    >>> network = Network([[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]], "tanh")
    >>> one, other = backward_matrix(network, [0.7, 0.8], [0.9]), backward_index(network, [0.7, 0.8], [0.9])
    >>> bool(np.allclose(one.W_ji, other.W_ji))
    True
    """
    v = forward(network, x, t)
    dz = v.z_k - v.t_k
    delta_k = dz * network.f.derivative(v.net_k)
    dy = network.W_kj.T @ delta_k
    delta_j = dy * network.f.derivative(v.net_j)
    return Gradients(
        z_k=dz,
        net_k=delta_k,
        W_kj=np.outer(delta_k, v.y_j),
        b_k=delta_k,
        y_j=dy,
        net_j=delta_j,
        W_ji=np.outer(delta_j, v.x_i),
        b_j=delta_j,
        x_i=network.W_ji.T @ delta_j,
    )


def step(network: Network, gradients: Gradients, eta: float, *, biases: bool = True) -> Network:
    """The network after one step of gradient descent, w − η ∂J/∂w, for all weights (and biases, if it has any) at once.

    ``eta`` is the learning rate; ``biases`` = False leaves the biases as they are. All gradients are those of the *old*
    weights. Source: pages 0.1 and 1.4; the seed's formula 1_3.

    >>> network = Network([[0.4]], [[0.7]])
    >>> after = step(network, backward_matrix(network, [0.5], [0.9]), eta=1.0)
    >>> f"{after.W_kj[0, 0]:.6f} {after.W_ji[0, 0]:.6f} {forward(after, [0.5], [0.9]).J:.6f}"
    '0.740403 0.406366 0.044841'
    """

    def moved(bias: Array | None, gradient: Array) -> Array | None:
        return bias - eta * gradient if biases and bias is not None else bias

    return replace(
        network,
        W_ji=network.W_ji - eta * gradients.W_ji,
        W_kj=network.W_kj - eta * gradients.W_kj,
        b_j=moved(network.b_j, gradients.b_j),
        b_k=moved(network.b_k, gradients.b_k),
    )
