"""What the penalties cost and what they buy: the tables of docs/recipes.md.

Each network of the essay is trained by its own recipe and by others that differ from it in one
thing, over several seeds. Accuracy is that of the validation split, never of the test set; how
easily a picture can be read is measured as the correlation of a weight with its neighbours.
Prints one markdown table for each network.
"""

import statistics
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.datasets.store import open_dataset, prepare
from netviz.essay.settings import NetworkSettings, read_settings
from netviz.folders import default_cache_dir
from netviz.network.network import dense_network
from netviz.training.recipe import Recipe
from netviz.training.trainer import train

ESSAY = Path(__file__).parents[1] / "essay" / "essay.toml"
SEEDS = (1, 2, 3)
HEADER = "| recipe | validation accuracy | lowest and highest | neighbours' correlation |"
RULE = "|---|---:|---:|---:|"


def variations(recipe: Recipe) -> Iterator[tuple[str, Recipe]]:
    """Yield the recipe itself and its neighbours, each with what is different."""
    yield "**as in the essay**", recipe
    for factor in (0, 0.25, 4):
        value = factor * recipe.smoothness
        yield f"smoothness {value:g}", replace(recipe, smoothness=value)
    for factor in (0, 4):
        value = factor * recipe.weight_decay
        yield f"weight decay {value:g}", replace(recipe, weight_decay=value)
    yield "neither", replace(recipe, smoothness=0.0, weight_decay=0.0)


def neighbours_correlation(filters: NDArray[Any]) -> float:
    """Return how like a weight is to the one on its right, over all `filters` (n, h, w, c)."""
    centred = filters - filters.mean(axis=(1, 2), keepdims=True)
    left, right = centred[:, :, :-1].ravel(), centred[:, :, 1:].ravel()
    return float(np.corrcoef(left, right)[0, 1])


def outcome(folder: Path, settings: NetworkSettings, recipe: Recipe, seed: int) -> Any:  # noqa: ANN401 - two floats
    """Train once; return validation accuracy and the correlation of neighbours."""
    dataset = open_dataset(folder)
    shape = dense_network(
        dataset.description.image_shape,
        settings.hidden,
        len(dataset.description.class_names),
        settings.activation or "relu",
    )
    trained = train(shape, replace(recipe, frames=1), dataset.train, seed)
    return trained.validation_accuracy, neighbours_correlation(trained.network.filters())


def main() -> None:
    """Print the tables."""
    with ProcessPoolExecutor() as pool:
        for name, settings in read_settings(ESSAY).networks.items():
            if settings.shuffled_labels or settings.layers:
                continue
            folder = prepare(settings.dataset, default_cache_dir(), None)
            print(f"\n### {name}\n\n{HEADER}\n{RULE}")
            tried = [
                (text, [pool.submit(outcome, folder, settings, recipe, seed) for seed in SEEDS])
                for text, recipe in variations(settings.recipe)
            ]
            for text, runs in tried:
                accuracies, likeness = zip(*(run.result() for run in runs), strict=True)
                mean, low, high = statistics.mean(accuracies), min(accuracies), max(accuracies)
                print(
                    f"| {text} | {mean:.2%} | {low:.2%}–{high:.2%} "
                    f"| {statistics.mean(likeness):.2f} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
