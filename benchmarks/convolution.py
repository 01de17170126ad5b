"""Steps of training convolutional networks, next to PyTorch, and next to the processor's peak.

Contenders make the same steps: the same network, weights to start from, batches and recipe. Each
has a process of its own and they take turns. PyTorch gets its layout of channels last, and its
batches ready as float32; netviz starts from bytes, which it gathers, mirrors and converts in the
time that is measured.
"""

import importlib.util
import statistics
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import contenders
from benchmarks.training import ESSAY, SEED, process
from netviz.datasets.store import open_dataset, prepare
from netviz.essay.settings import read_settings
from netviz.folders import default_cache_dir
from netviz.network.gradients import Penalties
from netviz.network.layers import (
    Activation,
    BatchNormalisation,
    Convolution,
    Dense,
    Flatten,
    GlobalAverage,
    Layer,
    MaxPool,
    Shape,
)
from netviz.network.network import Network
from netviz.network.parameters import Parameters, fresh
from netviz.network.softmax import cross_entropy
from netviz.network.written import network_of_layers
from netviz.training.augmentation import Augmentation
from netviz.training.batches import Examples, Indices, batches, hold_out
from netviz.training.fast import FastGradient
from netviz.training.first_layer import begin_first_layer
from netviz.training.optimisers import optimiser_for
from netviz.training.preparation import preparation_for
from netviz.training.recipe import Recipe

NETWORKS = ("mnist-conv", "mnist-conv-average", "cifar-conv")
STEPS, QUICK_STEPS, WARM_UP = 200, 50, 5
ROUNDS, QUICK_ROUNDS = 5, 2


@dataclass(frozen=True)
class Task:
    """What to train, on which data, and for how many steps."""

    name: str
    dataset: Path
    start: Network
    recipe: Recipe
    steps: int


@dataclass(frozen=True)
class Result:
    """Microseconds an image, and the loss on the last batch after all steps, in nats."""

    microseconds: float
    loss: float


def measure(*, quick: bool) -> dict[str, Any]:
    """Return microseconds an image, ratios and shares of the peak for each network."""
    rivals: dict[str, tuple[Callable[[Task], Result], int]] = {"netviz": (netviz, 1)}
    has_torch = importlib.util.find_spec("torch") is not None
    if has_torch:
        for threads in (1, 2):
            name = f"PyTorch, {threads} thread{'s' * (threads > 1)}"
            rivals[name] = (partial(torch, threads=threads), threads)
    with ExitStack() as stack:
        pools = {
            name: stack.enter_context(process(threads)) for name, (_, threads) in rivals.items()
        }
        peak = pools["netviz"].submit(contenders.multiply_add_peak).result()
        networks = {}
        for task in _tasks(QUICK_STEPS if quick else STEPS):
            rounds: dict[str, list[Result]] = {name: [] for name in rivals}
            for _ in range(QUICK_ROUNDS if quick else ROUNDS):
                for name, (contender, _) in rivals.items():
                    rounds[name].append(pools[name].submit(contender, task).result())
            networks[task.name] = _compared(task, rounds, peak)
    missing = [] if has_torch else ["PyTorch"]
    return {"multiply_adds_a_second": peak, "missing": missing, "networks": networks}


def _tasks(steps: int) -> list[Task]:
    declared = read_settings(ESSAY).networks
    tasks = []
    for name in NETWORKS:
        settings = declared[name]
        folder = prepare(settings.dataset, default_cache_dir(), None)
        description = open_dataset(folder).description
        classes = len(description.class_names)
        start = network_of_layers(settings.layers, description.image_shape, classes)
        tasks.append(Task(name, folder, start, settings.recipe, steps))
    return tasks


def _compared(task: Task, rounds: dict[str, list[Result]], peak: float) -> dict[str, Any]:
    times = {
        name: statistics.median(one.microseconds for one in results)
        for name, results in rounds.items()
    }
    ours = times["netviz"]
    speed = multiply_adds(task.start, is_frozen=task.recipe.frozen_first_layer) / (ours * 1e-6)
    return {
        "contenders": {
            name: {
                "microseconds": times[name],
                "rounds": [one.microseconds for one in results],
                "loss": results[0].loss,
            }
            for name, results in rounds.items()
        },
        "share_of_peak": speed / peak,
        "netviz_over_pytorch": {
            name: ours / value for name, value in times.items() if name != "netviz"
        },
    }


def multiply_adds(network: Network, *, is_frozen: bool) -> int:
    """Return the multiply-adds of a step that are spent on one image.

    Each layer costs its forward pass, once more for the gradient of its weights, and once more
    for the error of what lies below it. Of a frozen first layer only the forward pass is made.
    """
    costs = [
        layer.multiply_adds(shape)
        for layer, shape in zip(network.layers, network.shapes[:-1], strict=True)
        if layer.weight_names
    ]
    if is_frozen:
        return costs[0] + 2 * costs[1] + 3 * sum(costs[2:])
    return 2 * costs[0] + 3 * sum(costs[1:])


# --- the contenders ----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Ready:
    """What all contenders start from: parameters, and the batches as they are drawn."""

    parameters: Parameters
    examples: Examples
    batches: list[Indices]
    augmented: Augmentation
    rng: np.random.Generator


def _ready(task: Task) -> _Ready:
    recipe = task.recipe
    rng = np.random.default_rng(SEED)
    examples, _ = hold_out(open_dataset(task.dataset).train, recipe.validation)
    parameters = fresh(task.start, rng, recipe.init_scale)
    preparation = preparation_for(recipe, examples, task.start)
    begin_first_layer(parameters, recipe, examples, preparation, rng)
    drawn = batches(examples.indices, recipe.batch_size, recipe.passes(len(examples)), rng)
    chosen = list(islice(drawn, task.steps))
    augmented = Augmentation(task.start.image_shape, recipe, recipe.batch_size)
    return _Ready(parameters, examples, chosen, augmented, rng)


def netviz(task: Task) -> Result:
    """Make the steps as a build does, from bytes on."""
    ready, recipe = _ready(task), task.recipe
    gradient_at = FastGradient(
        ready.parameters,
        recipe.batch_size,
        Penalties(recipe.weight_decay, recipe.smoothness),
        np.zeros(task.start.inputs),
        1 / 255,
        frozen_first_layer=recipe.frozen_first_layer,
    )
    optimiser = optimiser_for(recipe, ready.parameters.vector)
    shown: tuple[Examples, Indices] = (ready.examples, ready.batches[0])
    start = 0.0
    for step, batch in enumerate(ready.batches):
        if step == WARM_UP:
            start = time.perf_counter()
        shown = ready.augmented(ready.examples, batch, ready.rng)
        gradient = gradient_at(*shown)
        optimiser.step(ready.parameters.vector, gradient.vector, recipe.learning_rate / 10)
    seconds = time.perf_counter() - start
    examples, rows = shown
    pixels = examples.pixels[rows].astype(np.float32) / np.float32(255)
    loss = cross_entropy(ready.parameters.network.logits(pixels), examples.labels[rows])
    return _result(task, seconds, float(loss))


def torch(task: Task, threads: int) -> Result:
    """Make the same steps with PyTorch, from the same weights, its batches ready-made."""
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    pt.set_num_threads(threads)
    ready, recipe = _ready(task), task.recipe
    layers = zip(ready.parameters.layers, task.start.shapes[:-1], strict=True)
    model = pt.nn.Sequential(
        *(one for layer, shape in layers for one in _torch_layers(layer, shape))
    )
    model = model.to(memory_format=pt.channels_last)
    first = model[0].requires_grad_(not recipe.frozen_first_layer)
    decayed = [one for one in model.parameters() if one.requires_grad and one.ndim > 1]
    others = [one for one in model.parameters() if one.requires_grad and one.ndim == 1]
    optimiser = pt.optim.SGD(
        [{"params": decayed, "weight_decay": recipe.weight_decay}, {"params": others}],
        lr=recipe.learning_rate / 10,
        momentum=recipe.momentum,
        nesterov=recipe.nesterov,
        fused=True,
    )
    seen = [_torch_batch(ready, batch, task.start.image_shape) for batch in ready.batches]
    loss_of = pt.nn.CrossEntropyLoss()
    start = 0.0
    for step, (inputs, labels) in enumerate(seen):
        if step == WARM_UP:
            start = time.perf_counter()
        optimiser.zero_grad()
        loss_of(model(inputs), labels).backward()
        if recipe.smoothness:
            with pt.no_grad():
                _smooth(first.weight, first.weight.grad, recipe.smoothness)
        optimiser.step()
    seconds = time.perf_counter() - start
    with pt.no_grad():
        loss = float(loss_of(model(seen[-1][0]), seen[-1][1]))
    return _result(task, seconds, loss)


def _torch_batch(ready: _Ready, batch: Indices, image_shape: Shape) -> Any:  # noqa: ANN401 - tensors
    """Return one batch as a peer wants it: images (n, channels, height, width) and labels."""
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    examples, rows = ready.augmented(ready.examples, batch, ready.rng)
    images = examples.pixels[rows].reshape(-1, *image_shape).astype(np.float32) / np.float32(255)
    tensor = pt.from_numpy(images).permute(0, 3, 1, 2).to(memory_format=pt.channels_last)
    return tensor, pt.from_numpy(np.asarray(examples.labels[rows], np.int64))


def _torch_layers(layer: Layer, shape: Shape) -> list[Any]:
    """Return the modules that do what `layer` does, with its weights."""
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    match layer:
        case Convolution():
            made = [_torch_convolution(layer, shape)]
        case MaxPool():
            made = [pt.nn.MaxPool2d(layer.size, layer.stride)]
        case BatchNormalisation():
            made = [pt.nn.BatchNorm2d(len(layer.scale))]
        case Activation(function="relu"):
            made = [pt.nn.ReLU(inplace=True)]
        case GlobalAverage():
            made = [pt.nn.AdaptiveAvgPool2d(1), pt.nn.Flatten()]
        case Flatten():
            made = [_torch_rows()]
        case Dense():
            made = [_torch_dense(layer)]
        case _:
            raise ValueError(f"no module for a layer of kind {layer.kind!r}")
    return made


def _torch_convolution(layer: Convolution, shape: Shape) -> Any:  # noqa: ANN401 - a module
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    top, left, _, _ = layer.padding
    module = pt.nn.Conv2d(
        layer.weights.shape[2], layer.units, layer.size, stride=layer.stride, padding=(top, left)
    )
    expected = layer.output_shape(shape)[:2]
    found = tuple(module(pt.zeros(1, shape[2], *shape[:2])).shape[2:])
    if found != expected:
        raise ValueError(f"a padding of {layer.padding} is not to be had in PyTorch")
    module.weight.data[:] = pt.from_numpy(np.ascontiguousarray(layer.weights.transpose(3, 2, 0, 1)))
    module.bias.data[:] = pt.from_numpy(layer.biases.copy())
    return module


def _torch_rows() -> Any:  # noqa: ANN401 - a module
    """Return what flattens as `Flatten` does, channels last; they lie so in memory already."""
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    class Rows(pt.nn.Module):  # type: ignore[misc]  # PyTorch may be missing
        def forward(self, maps: Any) -> Any:  # noqa: ANN401 - tensors
            return maps.permute(0, 2, 3, 1).flatten(1)

    return Rows()


def _torch_dense(layer: Dense) -> Any:  # noqa: ANN401 - a module
    import torch as pt  # noqa: PLC0415 - a peer may be missing

    module = pt.nn.Linear(layer.fan_in, layer.units)
    module.weight.data[:] = pt.from_numpy(np.ascontiguousarray(layer.weights.T))
    module.bias.data[:] = pt.from_numpy(layer.biases.copy())
    return module


def _smooth(filters: Any, gradient: Any, smoothness: float) -> None:  # noqa: ANN401 - tensors
    """Add λ·(w − w') for each neighbour w'; both are (filters, channels, rows, columns)."""
    down = (filters[:, :, 1:] - filters[:, :, :-1]) * smoothness
    right = (filters[..., 1:] - filters[..., :-1]) * smoothness
    gradient[:, :, 1:] += down
    gradient[:, :, :-1] -= down
    gradient[..., 1:] += right
    gradient[..., :-1] -= right


def _result(task: Task, seconds: float, loss: float) -> Result:
    images = (task.steps - WARM_UP) * task.recipe.batch_size
    return Result(1e6 * seconds / images, loss)
