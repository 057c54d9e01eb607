"""The seed's network on a batch: the N examples are the rows of X and T.

Net_j = X W_jiᵀ + 1 b_jᵀ, Y = f(Net_j), Net_k = Y W_kjᵀ + 1 b_kᵀ, Z = f(Net_k), J = (1/N) Σ_p ½ Σ_k (t_pk − z_pk)².
"""

from __future__ import annotations

import numpy as np

from bpdocs.nn.activations import Array
from bpdocs.nn.backward import Gradients
from bpdocs.nn.network import Network, Values, plus


def forward_batch(network: Network, X: Array, T: Array) -> Values:
    """The forward pass of N examples; fields are as for one example, with a row for each: net_j is N × d, z_k is N × c.

    ``X`` is N × n, ``T`` is N × c; J is the mean over the examples. Raises ValueError if a shape does not fit.

    >>> network = Network([[0.4]], [[0.7]])
    >>> forward_batch(network, [[0.5], [0.6]], [[0.9], [0.8]]).z_k.shape
    (2, 1)
    """
    X, T = np.asarray(X), np.asarray(T)
    N = len(X)
    if X.shape != (N, network.n) or T.shape != (N, network.c) or N == 0:
        raise ValueError(f"X has shape {X.shape} and T {T.shape}, expected (N, {network.n}) and (N, {network.c}), N ≥ 1")
    net_j = plus(X @ network.W_ji.T, network.b_j)
    y_j = network.f(net_j)
    net_k = plus(y_j @ network.W_kj.T, network.b_k)
    z_k = network.f(net_k)
    return Values(X, net_j, y_j, net_k, z_k, T, np.asarray(0.5 * np.sum((T - z_k) ** 2) / N))


def backward_batch(network: Network, X: Array, T: Array) -> Gradients:
    """The gradients of the batch's J: ∂J/∂W = Δᵀ A and ∂J/∂b = Δᵀ 1, where the rows of Δ are the examples' δ.

    ``X`` is N × n, ``T`` is N × c. 1/N enters once, at the objective. Raises ValueError if a shape does not fit.

    >>> network = Network([[0.4]], [[0.7]])
    >>> f"{backward_batch(network, [[0.5], [0.5]], [[0.9], [0.9]]).W_kj[0, 0]:.6f}"
    '-0.040403'
    """
    v = forward_batch(network, X, T)
    dZ = (v.z_k - v.t_k) / len(v.x_i)
    Delta_k = dZ * network.f.derivative(v.net_k)
    dY = Delta_k @ network.W_kj
    Delta_j = dY * network.f.derivative(v.net_j)
    return Gradients(
        z_k=dZ,
        net_k=Delta_k,
        W_kj=Delta_k.T @ v.y_j,
        b_k=np.asarray(Delta_k.sum(axis=0)),
        y_j=dY,
        net_j=Delta_j,
        W_ji=Delta_j.T @ v.x_i,
        b_j=np.asarray(Delta_j.sum(axis=0)),
        x_i=Delta_j @ network.W_ji,
    )
