"""What a recipe may not say beside the layers that it trains."""

from collections.abc import Sequence

from netviz.records import RecordError
from netviz.training.recipe import Recipe


def check_recipe(
    path: tuple[str, ...], recipe: Recipe, layers: Sequence[str], has_hidden: bool
) -> None:
    """Refuse settings of the `recipe` at `path` that have no meaning, or that teach nothing.

    `layers` are those of a network in words, if it has such; `has_hidden` says whether it has
    hidden units by another setting.

    Raises:
        RecordError: a setting has no meaning beside the others, or hidden units would all start
            from zero.
    """
    conflicts = dict(recipe.conflicts())
    if recipe.first_layer == "k-means" and not (layers and layers[0].startswith("conv")):
        conflicts["first_layer"] = "layers that begin with a convolution, such as 'conv 6x6x32'"
    for name, expected in conflicts.items():
        raise RecordError(f"{name!r} has no meaning here", (*path, name), expected=expected)
    if not recipe.init_scale and (has_hidden or _has_hidden(layers, recipe)):
        # None of them would ever differ from another, and no gradient reaches relu units at all.
        raise RecordError(
            "hidden units that all start from zero learn nothing",
            (*path, "init_scale"),
            expected="more than 0",
            got="0",
            remedy="Leave init_scale out; a start from zero suits networks of one layer.",
        )


def _has_hidden(layers: Sequence[str], recipe: Recipe) -> bool:
    """Say whether `layers` have weights before the last ones whose start `init_scale` scales."""
    hidden = layers[:-1] if layers and layers[-1] == "dense" else layers
    of_patches = 1 if recipe.first_layer == "k-means" else 0
    return any(one.startswith(("conv", "dense")) for one in hidden[of_patches:])
