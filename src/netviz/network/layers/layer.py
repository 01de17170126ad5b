"""What every layer is: it passes inputs forward, and the error of its outputs backward."""

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Shape: TypeAlias = tuple[int, ...]  # of what a layer takes or gives for one image


@dataclass(frozen=True)
class Backward:
    """The derivatives of the loss by the inputs of a layer and by its arrays.

    `error` has the shape of the inputs; `gradients` has one array for each array of the layer.
    """

    error: Array
    gradients: Mapping[str, Array] = field(default_factory=dict)


class Layer(ABC):
    """One layer of a network; each subclass is a frozen dataclass and a kind of layer.

    The fields of a subclass are the arrays that training changes, and plain settings such as a
    stride.

    Attributes:
        kind: the name of the subclass in files and in the page's script.
        weight_names: the fields with arrays that start from random numbers and are penalised.
        bias_names: the fields with arrays that start from zero and are not penalised.
        from_one: those of `bias_names` that start from one.
        only_in_training: whether a trained network must not keep the layer as it is, since what
            it makes of an image depends on the images beside it.
    """

    kind: ClassVar[str]
    weight_names: ClassVar[tuple[str, ...]] = ()
    bias_names: ClassVar[tuple[str, ...]] = ()
    from_one: ClassVar[tuple[str, ...]] = ()
    only_in_training: ClassVar[bool] = False

    @abstractmethod
    def output_shape(self, input_shape: Shape) -> Shape:
        """Return the shape of the outputs for one image.

        Raises:
            ValueError: the layer cannot take inputs of `input_shape`.
        """

    @abstractmethod
    def forward(self, inputs: Array) -> Array:
        """Return the outputs (n, *output shape) for `inputs` (n, *input shape)."""

    @abstractmethod
    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:
        """Return the derivatives for `error` (n, *output shape), the derivative by the outputs.

        `outputs` are what `forward` returned for `inputs`.
        """

    def multiply_adds(self, input_shape: Shape) -> int:  # noqa: ARG002 - those with weights need it
        """Return the multiplications with an addition that one image costs."""
        return 0

    @property
    def fan_in(self) -> int:
        """The number of inputs that one output is a weighted sum of; 0 without weights."""
        return 0

    @property
    def gain(self) -> float | None:
        """The variance that the weights below need, times their fan-in; None for any."""
        return None

    @property
    def arrays(self) -> dict[str, Array]:
        """The arrays that training changes, by their names."""
        return {name: getattr(self, name) for name in (*self.weight_names, *self.bias_names)}

    @property
    def settings(self) -> dict[str, Any]:
        """The fields that are no arrays: plain values, as they are stored."""
        fields = [one.name for one in dataclasses.fields(self) if one.name not in self.arrays]  # type: ignore[arg-type]  # every kind is a dataclass
        return {name: getattr(self, name) for name in fields}

    def with_arrays(self, arrays: Mapping[str, Array]) -> Self:
        """Return the same layer with other arrays."""
        return dataclasses.replace(self, **arrays)  # type: ignore[type-var]  # as above

    def filters(self, input_shape: Shape) -> Array | None:  # noqa: ARG002 - those with weights need it
        """Return a view of the weights as pictures: (height, width, channels, units).

        None for a layer whose weights are no pictures of its inputs, which are `input_shape`.
        """
        return None


def kinds() -> dict[str, type[Layer]]:
    """Return every kind of layer that has been defined, by its name."""
    return {one.kind: one for one in _all(Layer.__subclasses__()) if hasattr(one, "kind")}


def _all(classes: Iterable[type[Layer]]) -> Iterator[type[Layer]]:
    """Yield `classes` and all that build on them; one that several kinds share has no kind."""
    for one in classes:
        yield one
        yield from _all(one.__subclasses__())
