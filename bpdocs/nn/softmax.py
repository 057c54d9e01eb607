"""Softmax, its logarithm and the cross-entropy, each with what it sends back; classes along the last axis.

A single example is a 1-d array of c numbers; a batch has an example in each row. Complex arrays pass through.
"""

from __future__ import annotations

import numpy as np

from bpdocs.nn.activations import Array


def softmax(net: Array) -> Array:
    """The shares z of net's shape, positive and with the sum 1 along the last axis: z_k = e^{net_k} / Σ_m e^{net_m}.

    The largest net input is taken off first, so that no exponential overflows. Source: page 1.10.

    >>> print(softmax([0.0, np.log(2.0), np.log(5.0)]))
    [0.125 0.25  0.625]
    >>> print(softmax([1000.0, 1000.0]))
    [0.5 0.5]
    """
    shares = np.exp(_lowered(net))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True))


def log_softmax(net: Array) -> Array:
    """The logarithms of the shares, of net's shape: q_k = net_k − log Σ_m e^{net_m}; finite where the share itself is 0.

    Source: page 1.10.

    >>> print(log_softmax([0.0, -1000.0]))
    [    0. -1000.]
    """
    lowered = _lowered(net)
    return np.asarray(lowered - np.log(np.exp(lowered).sum(axis=-1, keepdims=True)))


def softmax_jacobian(net: Array) -> Array:
    """The c × c Jacobian ∂z/∂net = diag(z) − z zᵀ of one example, row k for z_k and column m for net_m.

    Raises ValueError unless net is one example. Source: page 1.10.

    >>> print(softmax_jacobian([0.0, 0.0]))
    [[ 0.25 -0.25]
     [-0.25  0.25]]
    """
    z = softmax(net)
    if z.ndim != 1:
        raise ValueError(f"net has shape {z.shape}, expected one example, (c,)")
    return np.asarray(np.diag(z) - np.outer(z, z))


def softmax_vjp(net: Array, v: Array) -> Array:
    """The gradient by net if v is the one by the shares: (∂z/∂net)ᵀ v = z ⊙ (v − zᵀv), of net's shape.

    Raises ValueError if the shapes differ. Source: page 1.10.

    >>> print(softmax_vjp([0.0, 0.0], [1.0, 3.0]))
    [-0.5  0.5]
    """
    z, v = softmax(net), _same_shape(net, v, "v")
    return np.asarray(z * (v - (z * v).sum(axis=-1, keepdims=True)))


def log_softmax_vjp(net: Array, v: Array) -> Array:
    """The gradient by net if v is the one by the logarithms of the shares: v − z Σ_k v_k, of net's shape.

    Raises ValueError if the shapes differ. Source: page 1.10.

    >>> print(log_softmax_vjp([0.0, 0.0], [1.0, 3.0]))
    [-1.  1.]
    """
    v = _same_shape(net, v, "v")
    return np.asarray(v - softmax(net) * v.sum(axis=-1, keepdims=True))


def cross_entropy(net: Array, t: Array) -> Array:
    """The objective −Σ_k t_k log z_k as a number; for a batch the mean over its examples.

    Raises ValueError if the shapes differ. Source: page 1.10.

    >>> f"{cross_entropy([2.0, 1.0, -1.0], [0.0, 1.0, 0.0]):.6f}"
    '1.349012'
    """
    t = _same_shape(net, t, "t")
    return np.asarray(-(t * log_softmax(net)).sum(axis=-1).mean())


def cross_entropy_gradient(net: Array, t: Array) -> Array:
    """The gradient of `cross_entropy` by the net inputs, of net's shape: (Σ_m t_m) z − t, which is z − t if the targets sum to 1.

    For a batch each row is divided by the number of examples. Raises ValueError if the shapes differ. Source: page 1.10.

    >>> print(cross_entropy_gradient([0.0, 0.0], [0.0, 1.0]))
    [ 0.5 -0.5]
    """
    t = _same_shape(net, t, "t")
    examples = t.size // t.shape[-1]
    return np.asarray((t.sum(axis=-1, keepdims=True) * softmax(net) - t) / examples)


def _lowered(net: Array) -> Array:
    net = np.asarray(net)
    # a constant, not differentiated: the shares are the same for every number in its place
    return np.asarray(net - np.real(net).max(axis=-1, keepdims=True))


def _same_shape(net: Array, other: Array, name: str) -> Array:
    if np.shape(net) != np.shape(other):
        raise ValueError(f"net has shape {np.shape(net)} and {name} {np.shape(other)}")
    return np.asarray(other)
