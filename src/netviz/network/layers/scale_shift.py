"""Scale and shift: what remains of a batch normalisation once its training is over."""

from dataclasses import dataclass

from netviz.network.layers.layer import Array, Backward, Layer, Shape


@dataclass(frozen=True, eq=False)
class ScaleShift(Layer):
    """Every number of channel c becomes scale(c) · x + shift(c); both are (channels,)."""

    scale: Array
    shift: Array

    kind = "scale_shift"
    bias_names = ("scale", "shift")
    from_one = ("scale",)

    def __post_init__(self) -> None:
        check_channels(self.scale, self.shift)

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape[-1] != len(self.scale):
            raise ValueError(f"a scale of {len(self.scale)} channels gets {input_shape}")
        return input_shape

    def forward(self, inputs: Array) -> Array:
        scaled: Array = inputs * self.scale + self.shift
        return scaled

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        axes = all_but_channels(inputs)
        gradients = {"scale": (error * inputs).sum(axis=axes), "shift": error.sum(axis=axes)}
        return Backward(error * self.scale, gradients)


def check_channels(scale: Array, shift: Array) -> None:
    """Refuse arrays that are not one number a channel each.

    Raises:
        ValueError: `scale` and `shift` are not two rows of one length.
    """
    if scale.ndim != 1 or scale.shape != shift.shape:
        raise ValueError(f"scale {scale.shape} and shift {shift.shape} do not fit together")


def all_but_channels(inputs: Array) -> tuple[int, ...]:
    """Return the axes of `inputs` but the last, which is that of the channels."""
    return tuple(range(inputs.ndim - 1))
