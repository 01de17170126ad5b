"""The contenders of the training benchmark: one recipe, taught by netviz, PyTorch and scikit-learn.

Each is a function from a `Task` to a `Result`, run in a process of its own, so that threads and
memory of one do not get in another's way. Only the training is timed: for the peers, pictures
stand ready as prepared float32, while netviz starts from the bytes on disk.
"""

import time
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.analysis.evaluation import evaluate
from netviz.datasets.dataset import Dataset
from netviz.datasets.store import open_dataset
from netviz.network.network import Network
from netviz.network.parameters import fresh
from netviz.network.softmax import cross_entropy
from netviz.training.batches import Examples, batches, hold_out
from netviz.training.preparation import Preparation, preparation_for
from netviz.training.recipe import Recipe
from netviz.training.schedules import rate_factor
from netviz.training.trainer import fit


@dataclass(frozen=True)
class Task:
    """What to train: a network's layers and recipe, the folder of its data, a seed."""

    name: str
    dataset: Path
    start: Network
    recipe: Recipe
    seed: int


@dataclass(frozen=True)
class Result:
    """How long the training took, and what came of it: accuracy and loss on the test set."""

    seconds: float
    accuracy: float
    loss: float


@dataclass(frozen=True)
class _Ready:
    """Training data as a peer wants it: prepared float32 rows, and how they were prepared."""

    inputs: NDArray[np.float32]
    labels: NDArray[np.intp]
    examples: Examples
    preparation: Preparation


def netviz(task: Task) -> Result:
    """Train as a build does: from bytes on disk, mean image and folding included."""
    dataset = open_dataset(task.dataset)
    start = time.perf_counter()
    network = fit(task.start, task.recipe, dataset.train, task.seed)
    return _result(time.perf_counter() - start, network, dataset)


def torch(task: Task, threads: int) -> Result:
    """Train with PyTorch: same weights to start from, same batches in the same order.

    Automatic differentiation for the loss; the penalties' gradients are PyTorch's own weight
    decay and, for the smoothness, its formula added in place: quicker than to differentiate it.
    """
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    pt.set_num_threads(threads)
    ready = _ready(task)
    rng = np.random.default_rng(task.seed)
    start = fresh(task.start, rng, task.recipe.init_scale)
    layers: list[Any] = []
    for layer in start.network.dense:
        linear = pt.nn.Linear(*layer.weights.shape)
        linear.weight.data[:] = pt.from_numpy(np.ascontiguousarray(layer.weights.T))
        linear.bias.data[:] = pt.from_numpy(layer.biases)
        layers += [linear, pt.nn.ReLU()]
    model = pt.nn.Sequential(*layers[:-1])
    inputs, labels = pt.from_numpy(ready.inputs), pt.from_numpy(ready.labels)
    linears = layers[::2]
    optimiser = pt.optim.SGD(
        [
            {"params": [one.weight for one in linears], "weight_decay": task.recipe.weight_decay},
            {"params": [one.bias for one in linears]},
        ],
        lr=task.recipe.learning_rate,
        momentum=task.recipe.momentum,
        fused=True,
    )
    loss_of = pt.nn.CrossEntropyLoss()
    picture = linears[0].weight.view(-1, *task.start.image_shape)
    size = task.recipe.batch_size
    epochs = task.recipe.passes(len(inputs))
    steps = epochs * (len(inputs) // size)
    order = batches(np.arange(len(inputs)), size, epochs, rng)
    started = time.perf_counter()
    for step, batch in enumerate(order):
        rows = pt.from_numpy(batch)
        for group in optimiser.param_groups:
            group["lr"] = task.recipe.learning_rate * rate_factor(task.recipe.schedule, step, steps)
        optimiser.zero_grad()
        loss_of(model(inputs.index_select(0, rows)), labels[rows]).backward()
        if task.recipe.smoothness:
            with pt.no_grad():
                _smooth(picture, linears[0].weight.grad.view_as(picture), task.recipe.smoothness)
        optimiser.step()
    seconds = time.perf_counter() - started
    trained = fresh(task.start, rng)
    for linear, layer in zip(linears, trained.network.dense, strict=True):
        layer.weights[:] = linear.weight.detach().numpy().T
        layer.biases[:] = linear.bias.detach().numpy()
    network = ready.preparation.fold(trained)
    return _result(seconds, network, open_dataset(task.dataset))


def _smooth(picture: Any, gradient: Any, smoothness: float) -> None:  # noqa: ANN401 - tensors
    """Add λ·(w − w') for each neighbour w'; both are (units, height, width, channels)."""
    down = (picture[:, 1:] - picture[:, :-1]) * smoothness
    right = (picture[:, :, 1:] - picture[:, :, :-1]) * smoothness
    gradient[:, 1:] += down
    gradient[:, :-1] -= down
    gradient[:, :, 1:] += right
    gradient[:, :, :-1] -= right


def scikit_learn(task: Task) -> Result:
    """Train scikit-learn's MLPClassifier by what it can do of the recipe.

    It has weight decay and momentum, batches in an order of its own, a constant rate and its own
    initial weights; no smoothness penalty and no schedule.
    """
    from sklearn.neural_network import MLPClassifier  # noqa: PLC0415 - a peer may be missing

    ready = _ready(task)
    recipe = task.recipe
    epochs = recipe.passes(len(ready.inputs))
    model = MLPClassifier(
        task.start.hidden,
        solver="sgd",
        alpha=recipe.weight_decay * recipe.batch_size,  # it divides the penalty by the batch
        batch_size=recipe.batch_size,
        learning_rate_init=recipe.learning_rate / 4,  # of a constant rate less is borne
        max_iter=epochs,
        n_iter_no_change=epochs + 1,
        tol=0.0,
        momentum=recipe.momentum,
        nesterovs_momentum=False,
        random_state=task.seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the recipe ends before the network has converged
        started = time.perf_counter()
        model.fit(ready.inputs, ready.labels)
        seconds = time.perf_counter() - started
    trained = fresh(task.start, np.random.default_rng(0))
    for layer, weight, bias in zip(
        trained.network.dense, model.coefs_, model.intercepts_, strict=True
    ):
        layer.weights[:] = weight
        layer.biases[:] = bias
    return _result(seconds, ready.preparation.fold(trained), open_dataset(task.dataset))


def multiply_add_peak() -> float:
    """Return the multiply-adds a second of one thread in a large float32 product, at its best."""
    size = 1024
    factor = np.random.default_rng(0).random((size, size), np.float32)
    product = np.empty_like(factor)
    best = float("inf")
    for _ in range(20):
        start = time.perf_counter()
        np.matmul(factor, factor, out=product)
        best = min(best, time.perf_counter() - start)
    return size**3 / best


def multiply_adds(task: Task, examples: int) -> int:
    """Return the multiply-adds that training cannot do without.

    For each image: every layer forward and its weights' gradient, and the error carried down
    through every layer but the first.
    """
    start = task.start
    first = start.dense[0].weights.size
    size = task.recipe.batch_size
    images = task.recipe.passes(examples) * (examples // size) * size
    return images * (3 * start.multiply_adds - first)


@lru_cache(maxsize=1)
def _ready(task: Task) -> _Ready:
    examples, _ = hold_out(open_dataset(task.dataset).train, task.recipe.validation)
    preparation = preparation_for(task.recipe, examples, task.start)
    inputs = examples.pixels[examples.indices].astype(np.float32)
    inputs /= 255
    inputs -= preparation.centre.astype(np.float32)
    inputs *= np.float32(preparation.scale)
    return _Ready(inputs, examples.labels[examples.indices], examples, preparation)


def _result(seconds: float, network: Network, dataset: Dataset) -> Result:
    evaluation = evaluate(network, dataset.test)
    loss = cross_entropy(evaluation.logits, evaluation.labels)
    return Result(seconds, evaluation.accuracy, float(loss))
