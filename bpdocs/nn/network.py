"""The network of the seed: n inputs, one hidden layer of d units, c outputs, half the sum of squared errors.

net_j = Σ_i w_ji x_i + b_j, y_j = f(net_j), net_k = Σ_j w_kj y_j + b_k, z_k = f(net_k), J = ½ Σ_k (t_k − z_k)².

Names are those of the pages: the index says which quantity it is, so ``net_j`` is the array of all net_j. Weights are
W_{to, from}: row "to", column "from". Quantities have no units. One example is a column, stored as a 1-d array.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bpdocs.nn.activations import Activation, Array, activation, sigmoid


@dataclass(frozen=True, eq=False)
class Network:
    """A network with weights W_ji (d × n) and W_kj (c × d), activation f and, if given, biases b_j (d) and b_k (c).

    ``f`` may be an `Activation` or its name. Without biases, as on the first pages, none are learnt. Raises ValueError if
    the shapes do not fit. Source: page 0.2, notation.

    >>> network = Network([[0.4]], [[0.7]], "sigmoid")
    >>> network.n, network.d, network.c
    (1, 1, 1)
    >>> Network(np.ones((3, 4)), np.ones((2, 5)))
    Traceback (most recent call last):
    ValueError: W_ji is 3×4 and W_kj is 2×5: the hidden widths 3 and 5 differ
    """

    W_ji: Array
    W_kj: Array
    f: Activation = sigmoid
    b_j: Array | None = None
    b_k: Array | None = None

    def __post_init__(self) -> None:
        W_ji, W_kj = np.asarray(self.W_ji), np.asarray(self.W_kj)
        if W_ji.ndim != 2 or W_kj.ndim != 2:
            raise ValueError(f"weights are matrices; W_ji has shape {W_ji.shape}, W_kj has shape {W_kj.shape}")
        if W_ji.shape[0] != W_kj.shape[1]:
            sizes = f"W_ji is {W_ji.shape[0]}×{W_ji.shape[1]} and W_kj is {W_kj.shape[0]}×{W_kj.shape[1]}"
            raise ValueError(f"{sizes}: the hidden widths {W_ji.shape[0]} and {W_kj.shape[1]} differ")
        for name, bias, width in (("b_j", self.b_j, W_ji.shape[0]), ("b_k", self.b_k, W_kj.shape[0])):
            if bias is not None and np.shape(bias) != (width,):
                raise ValueError(f"{name} has shape {np.shape(bias)}, expected ({width},)")
            object.__setattr__(self, name, None if bias is None else np.asarray(bias))
        for attribute, value in (("W_ji", W_ji), ("W_kj", W_kj), ("f", activation(self.f))):
            object.__setattr__(self, attribute, value)

    @property
    def n(self) -> int:
        """The number of inputs."""
        return int(self.W_ji.shape[1])

    @property
    def d(self) -> int:
        """The number of hidden units."""
        return int(self.W_ji.shape[0])

    @property
    def c(self) -> int:
        """The number of outputs."""
        return int(self.W_kj.shape[0])


@dataclass(frozen=True, eq=False)
class Values:
    """What a forward pass computes: x_i (n), net_j and y_j (d), net_k and z_k (c), t_k (c), and the objective J, a number."""

    x_i: Array
    net_j: Array
    y_j: Array
    net_k: Array
    z_k: Array
    t_k: Array
    J: Array


def random_network(n: int, d: int, c: int, f: str | Activation = sigmoid, *, seed: int = 0) -> tuple[Network, Array, Array]:
    """A network with biases, an input x (n) and a target t (c), all drawn from one seed: numbers without accidental symmetry.

    >>> network, x, t = random_network(4, 3, 2, "tanh", seed=7)
    >>> network.W_ji.shape, network.W_kj.shape, x.shape, t.shape
    ((3, 4), (2, 3), (4,), (2,))
    """
    draw = np.random.default_rng(seed)

    def values(*shape: int) -> Array:
        # away from 0 and from ±1: there a missing factor or a lost sum would not show
        return np.asarray(draw.uniform(0.2, 0.9, shape) * draw.choice([-1.0, 1.0], shape))

    network = Network(values(d, n), values(c, d), activation(f), values(d), values(c))
    return network, values(n), np.abs(values(c))


def forward(network: Network, x: Array, t: Array, override: Mapping[str, Array] = MappingProxyType({})) -> Values:
    """The forward pass: every quantity of one example, in the order in which the network computes them.

    ``x`` has shape (n,), ``t`` has shape (c,). ``override`` replaces a quantity (``net_j``, ``y_j``, ``net_k``, ``z_k``, or a
    parameter) by a value of ours, and all that lies downstream is computed from it: that is what ∂a/∂b asks for.
    Raises ValueError if a shape does not fit. Source: page 0.2; the seed's formulas 1_6, 1_7, 1_8.

    >>> values = forward(Network([[0.4]], [[0.7]]), [0.5], [0.9])
    >>> f"{values.y_j[0]:.6f} {values.z_k[0]:.6f} {values.J:.6f}"
    '0.549834 0.595050 0.046497'
    >>> float(forward(Network([[0.4]], [[0.7]]), [0.5], [0.9], {"z_k": np.array([0.9])}).J)
    0.0
    """
    x_i, t_k = np.asarray(override.get("x_i", x)), np.asarray(t)
    if x_i.shape != (network.n,) or t_k.shape != (network.c,):
        raise ValueError(f"x has shape {x_i.shape} and t {t_k.shape}, expected ({network.n},) and ({network.c},)")
    W_ji, W_kj = override.get("W_ji", network.W_ji), override.get("W_kj", network.W_kj)
    b_j, b_k = override.get("b_j", network.b_j), override.get("b_k", network.b_k)
    net_j = override.get("net_j", plus(W_ji @ x_i, b_j))
    y_j = override.get("y_j", network.f(net_j))
    net_k = override.get("net_k", plus(W_kj @ y_j, b_k))
    z_k = override.get("z_k", network.f(net_k))
    # a plain square, not abs(...)**2: the complex step passes through it
    J = np.asarray(0.5 * np.sum((t_k - z_k) ** 2))
    return Values(x_i, net_j, y_j, net_k, z_k, t_k, J)


def plus(net: Array, bias: Array | None) -> Array:
    """``net`` with the bias added to it, row by row for a batch; ``net`` itself for a network without biases.

    >>> plus(np.array([1.0, 2.0]), np.array([0.5, 0.5])), plus(np.array([1.0]), None)
    (array([1.5, 2.5]), array([1.]))
    """
    return net if bias is None else np.asarray(net + bias)
