"""A network of any depth L, forward and backward: the two loops of the page on any depth.

a⁽⁰⁾ = x, net⁽ˡ⁾ = W⁽ˡ⁾ a⁽ˡ⁻¹⁾ + b⁽ˡ⁾, a⁽ˡ⁾ = f(net⁽ˡ⁾) for l = 1, …, L, and J = ½ ‖t − a⁽ᴸ⁾‖².

What has one array a layer is a dictionary from the layer's number, so that ``W[l]`` is W⁽ˡ⁾ and ``a[0]`` is the input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bpdocs.nn.activations import Activation, Array, activation, sigmoid

Layers = Mapping[int, Array]


@dataclass(frozen=True, eq=False)
class DeepNetwork:
    """A network with weights ``W[l]`` (n_l × n_{l−1}) and biases ``b[l]`` (n_l) for l = 1, …, L, and one activation f for all layers.

    Raises ValueError if the layers are not numbered 1, …, L or the shapes do not fit. Source: page 1.7.

    >>> DeepNetwork({1: np.ones((3, 4)), 2: np.ones((2, 3))}, {1: np.ones(3), 2: np.ones(2)}).widths
    (4, 3, 2)
    >>> DeepNetwork({1: np.ones((3, 4)), 2: np.ones((2, 5))}, {1: np.ones(3), 2: np.ones(2)})
    Traceback (most recent call last):
    ValueError: W[2] is 2×5, but layer 1 has 3 units
    """

    W: Layers
    b: Layers
    f: Activation = sigmoid

    def __post_init__(self) -> None:
        numbers = list(range(1, len(self.W) + 1))
        if not numbers or sorted(self.W) != numbers or sorted(self.b) != numbers:
            raise ValueError(f"layers are numbered 1, …, L; W has {sorted(self.W)} and b has {sorted(self.b)}")
        for layer in numbers:
            units, before = self.W[layer].shape
            if layer > 1 and before != len(self.W[layer - 1]):
                raise ValueError(f"W[{layer}] is {units}×{before}, but layer {layer - 1} has {len(self.W[layer - 1])} units")
            if np.shape(self.b[layer]) != (units,):
                raise ValueError(f"b[{layer}] has shape {np.shape(self.b[layer])}, expected ({units},)")
        object.__setattr__(self, "f", activation(self.f))

    @property
    def L(self) -> int:
        """The number of layers that have weights."""
        return len(self.W)

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths n_0, n_1, …, n_L."""
        return (self.W[1].shape[1], *(len(self.W[layer]) for layer in range(1, self.L + 1)))


@dataclass(frozen=True, eq=False)
class DeepValues:
    """What a forward pass keeps: ``a[0]``, …, ``a[L]``, ``net[1]``, …, ``net[L]``, and the objective J, a number."""

    a: Layers
    net: Layers
    J: Array


@dataclass(frozen=True, eq=False)
class DeepGradients:
    """The derivatives of J: ``delta[l]`` = ∂J/∂net⁽ˡ⁾, ``W[l]`` and ``b[l]`` for l = 1, …, L, and x; each has the shape of what it is by."""

    delta: Layers
    W: Layers
    b: Layers
    x: Array


def random_deep_network(widths: Sequence[int], f: str | Activation = sigmoid, *, gain: float = 1.0, seed: int = 0) -> tuple[DeepNetwork, Array, Array]:
    """A network of these widths, an input x (n_0) and a target t (n_L), all drawn from one seed.

    Weights and biases are normal; those of a layer have the standard deviation ``gain`` / √n_{l−1}. Raises ValueError for
    fewer than two widths.

    >>> network, x, t = random_deep_network((4, 5, 3, 2), "tanh", seed=7)
    >>> network.L, x.shape, t.shape
    (3, (4,), (2,))
    """
    if len(widths) < 2:
        raise ValueError(f"widths = {tuple(widths)}, expected at least those of the input and one layer")
    draw = np.random.default_rng(seed)
    W = {layer: draw.normal(0, gain / np.sqrt(widths[layer - 1]), (widths[layer], widths[layer - 1])) for layer in range(1, len(widths))}
    b = {layer: draw.normal(0, gain / np.sqrt(widths[layer - 1]), widths[layer]) for layer in range(1, len(widths))}
    return DeepNetwork(W, b, activation(f)), draw.uniform(-1, 1, widths[0]), draw.uniform(0.2, 0.8, widths[-1])


def forward_deep(network: DeepNetwork, x: Array, t: Array) -> DeepValues:
    """The forward pass of one example, layer by layer, with all that the backward pass will need.

    ``x`` has shape (n_0,), ``t`` has shape (n_L,). Raises ValueError if a shape does not fit. Source: page 1.7.

    >>> network = DeepNetwork({1: np.array([[0.4]]), 2: np.array([[0.7]])}, {1: np.zeros(1), 2: np.zeros(1)})
    >>> f"{forward_deep(network, np.array([0.5]), np.array([0.9])).J:.6f}"
    '0.046497'
    """
    if np.shape(x) != network.widths[:1] or np.shape(t) != network.widths[-1:]:
        raise ValueError(f"x has shape {np.shape(x)} and t {np.shape(t)}, expected {network.widths[:1]} and {network.widths[-1:]}")
    a, net = {0: np.asarray(x)}, {}
    for layer in range(1, network.L + 1):
        net[layer] = network.W[layer] @ a[layer - 1] + network.b[layer]
        a[layer] = network.f(net[layer])
    return DeepValues(a, net, np.asarray(0.5 * np.sum((np.asarray(t) - a[network.L]) ** 2)))


def backward_deep(network: DeepNetwork, x: Array, t: Array) -> DeepGradients:
    """The gradients of J for one example: one forward pass, then the sensitivities from the last layer to the first.

    ``x`` has shape (n_0,), ``t`` has shape (n_L,). Raises ValueError if a shape does not fit. Source: page 1.7.

    >>> network = DeepNetwork({1: np.array([[0.4]]), 2: np.array([[0.7]])}, {1: np.zeros(1), 2: np.zeros(1)})
    >>> gradients = backward_deep(network, np.array([0.5]), np.array([0.9]))
    >>> f"{gradients.W[2][0, 0]:.6f} {gradients.W[1][0, 0]:.6f}"
    '-0.040403 -0.006366'
    """
    v, L, slope = forward_deep(network, x, t), network.L, network.f.derivative
    delta = {L: (v.a[L] - np.asarray(t)) * slope(v.net[L])}
    for layer in range(L - 1, 0, -1):
        delta[layer] = (network.W[layer + 1].T @ delta[layer + 1]) * slope(v.net[layer])
    W = {layer: np.outer(delta[layer], v.a[layer - 1]) for layer in range(1, L + 1)}
    return DeepGradients(delta, W, dict(delta), network.W[1].T @ delta[1])


def complex_step_deep(network: DeepNetwork, x: Array, t: Array, array: Array, epsilon: float = 1e-20) -> Array:
    """∂J/∂array by Im J(q + iε) / ε, entry by entry, of the array's shape, without any formula.

    ``array`` is one of the network's own, ``network.W[l]`` or ``network.b[l]``, or ``x``. Raises ValueError for another.

    >>> network, x, t = random_deep_network((3, 4, 2), "tanh", seed=1)
    >>> bool(np.allclose(complex_step_deep(network, x, t, network.W[1]), backward_deep(network, x, t).W[1], rtol=1e-12))
    True
    """

    def replaced(moved: Array) -> Array:
        def swap(layers: Layers) -> Layers:
            return {layer: moved if one is array else one for layer, one in layers.items()}

        return forward_deep(DeepNetwork(swap(network.W), swap(network.b), network.f), moved if x is array else x, t).J

    if not any(one is array for one in (x, *network.W.values(), *network.b.values())):
        raise ValueError("the array to differentiate by must be x or one of the network's own")
    return _each_entry(array, lambda moved: np.imag(replaced(moved)) / epsilon, 1j * epsilon)


def _each_entry(array: Array, slope: Callable[[Array], Array], shift: complex) -> Array:
    found = np.zeros(array.shape)
    for entry in np.ndindex(array.shape):
        moved = array.astype(complex)
        moved[entry] += shift
        found[entry] = slope(moved)
    return found
