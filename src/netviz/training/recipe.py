"""A recipe: everything that decides what a network becomes, apart from its data and shape."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from netviz.records import BelowOne, Count, NotNegative, Positive, Within

OptimiserName = Literal["sgd", "adam"]
ScheduleName = Literal["constant", "cosine", "linear"]
FirstLayerName = Literal["random", "k-means"]

EPOCHS = 5  # unless a recipe gives its own
LEAST_STEPS = 200
# Beyond these a build takes days, or all memory.
MOST_EPOCHS = 10_000
MOST_FRAMES = 1_000
MOST_SHIFT = 32  # pixels


@dataclass(frozen=True)
class Recipe:
    """How to train.

    Attributes:
        optimiser: "sgd" (with momentum) or "adam".
        learning_rate: the first step size; `schedule` takes it from there.
        batch_size: images a step.
        epochs: passes over the training split; unless given, 5, or as many more as it takes to
            make a few hundred steps of a small data set.
        momentum: SGD only; 0 turns it off.
        nesterov: whether the momentum looks a step ahead; SGD only.
        schedule: "constant", "cosine" (to 0) or "linear" (to 0).
        warm_up: the share of the steps, below 1, in which the step size rises to
            `learning_rate` before the schedule begins.
        flips: whether to show every other image, drawn at random, mirrored from left to right;
            for digits and letters this makes no sense.
        shifts: by how many pixels at most to move an image up or down, and left or right, each
            time it is shown; what comes in from outside is the pixel at the edge.
        weight_decay: λ of the penalty λ/2 · Σ w², added to the loss (biases excepted).
        smoothness: λ of the penalty λ/2 · Σ (w − w')² over neighbouring pixels' weights, per
            colour channel, in the first layer: what makes weight pictures readable.
        centred: subtract the mean training image while training (folded into the bias after); of
            a convolution the mean colour, and nothing where it is padded.
        input_scale: factor on the pixels (0..1) while training (folded into the weights after).
        init_scale: factor on the random weights to start from; 0 starts from zero, which suits
            networks of one layer.
        first_layer: what the first layer starts from: "random", or "k-means", filters that are
            found in patches of the training images without labels, for a convolution.
        frozen_first_layer: whether it stays as it starts. Its filters are then scaled and
            shifted, as those of patches are, so that what each gives to the first activation has
            mean 0 and deviation 1.
        validation: images kept out of the training split to choose recipes by, but at most a
            fifth of it.
        frames: checkpoints kept for the training film, the first and last step included; one
            alone is the last.
    """

    optimiser: OptimiserName = "sgd"
    learning_rate: Positive = 0.1
    batch_size: Count = 100
    epochs: Annotated[int, Within(1, MOST_EPOCHS)] | None = None
    momentum: BelowOne = 0.9
    nesterov: bool = False
    schedule: ScheduleName = "cosine"
    warm_up: BelowOne = 0.0
    flips: bool = False
    shifts: Annotated[int, Within(0, MOST_SHIFT)] = 0
    weight_decay: NotNegative = 0.0
    smoothness: NotNegative = 0.0
    centred: bool = True
    input_scale: Positive = 1.0
    init_scale: NotNegative = 1.0
    first_layer: FirstLayerName = "random"
    frozen_first_layer: bool = False
    validation: Count = 5000
    frames: Annotated[int, Within(1, MOST_FRAMES)] = 24

    def passes(self, examples: int) -> int:
        """Return how many times to go over a training split of so many examples."""
        if self.epochs is not None:
            return self.epochs
        steps = examples // min(self.batch_size, examples)
        return max(EPOCHS, -(-LEAST_STEPS // steps))

    def conflicts(self) -> Iterator[tuple[str, str]]:
        """Yield each setting that has no meaning beside the others, with what it takes."""
        if self.nesterov and (self.optimiser != "sgd" or not self.momentum):
            yield "nesterov", "the optimiser sgd, with a momentum"
        if self.frozen_first_layer and self.smoothness:
            yield "smoothness", "a first layer that learns, not a frozen one"
        if self.frozen_first_layer and self.first_layer == "random" and not self.init_scale:
            yield "frozen_first_layer", "weights to start from other than zero"
