"""The reference network in plain numpy: what the figures draw, what the labs are compared with, what the pages must agree with.

>>> network, x, t = random_network(n=4, d=3, c=2, f="tanh", seed=0)
>>> gradients = backward_matrix(network, x, t)
>>> relative_error(gradients.W_ji, complex_step(network, x, t, "W_ji")) < 1e-13
True
"""

from bpdocs.nn.activations import ACTIVATIONS, Activation, Array, activation, identity, relu, sigmoid, softplus, tanh
from bpdocs.nn.backward import Gradients, backward_index, backward_matrix, step
from bpdocs.nn.batch import backward_batch, forward_batch
from bpdocs.nn.deep import (
    DeepGradients,
    DeepNetwork,
    DeepValues,
    backward_deep,
    complex_step_deep,
    forward_deep,
    random_deep_network,
)
from bpdocs.nn.descent import descend
from bpdocs.nn.network import Network, Values, forward, random_network
from bpdocs.nn.numerical import Quantity, central_difference, complex_step, forward_difference, relative_error
from bpdocs.nn.softmax import cross_entropy, cross_entropy_gradient, log_softmax, log_softmax_vjp, softmax, softmax_jacobian, softmax_vjp

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "Array",
    "DeepGradients",
    "DeepNetwork",
    "DeepValues",
    "Gradients",
    "Network",
    "Quantity",
    "Values",
    "activation",
    "backward_batch",
    "backward_deep",
    "backward_index",
    "backward_matrix",
    "central_difference",
    "complex_step",
    "complex_step_deep",
    "cross_entropy",
    "cross_entropy_gradient",
    "descend",
    "forward",
    "forward_batch",
    "forward_deep",
    "forward_difference",
    "identity",
    "log_softmax",
    "log_softmax_vjp",
    "random_deep_network",
    "random_network",
    "relative_error",
    "relu",
    "sigmoid",
    "softmax",
    "softmax_jacobian",
    "softmax_vjp",
    "softplus",
    "step",
    "tanh",
]
