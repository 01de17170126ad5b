"""The dense layer: every output is a weighted sum of all inputs, z = b + Σ w·x."""

from dataclasses import dataclass

from netviz.network.layers.layer import Array, Backward, Layer, Shape


@dataclass(frozen=True, eq=False)
class Dense(Layer):
    """`weights` is (inputs, units) and `biases` (units,)."""

    weights: Array
    biases: Array

    kind = "dense"
    weight_names = ("weights",)
    bias_names = ("biases",)

    def __post_init__(self) -> None:
        if self.weights.ndim != 2 or self.biases.shape != self.weights.shape[1:]:
            raise ValueError(
                f"weights {self.weights.shape} and biases {self.biases.shape} do not fit together"
            )

    @property
    def units(self) -> int:
        """The number of outputs."""
        return int(self.weights.shape[1])

    @property
    def fan_in(self) -> int:
        return len(self.weights)

    def output_shape(self, input_shape: Shape) -> Shape:
        if input_shape != (self.fan_in,):
            raise ValueError(f"a dense layer of {self.fan_in} inputs gets {input_shape}")
        return (self.units,)

    def multiply_adds(self, input_shape: Shape) -> int:  # noqa: ARG002 - the weights know it
        return int(self.weights.size)

    def forward(self, inputs: Array) -> Array:
        outputs: Array = inputs @ self.weights + self.biases
        return outputs

    def backward(self, inputs: Array, outputs: Array, error: Array) -> Backward:  # noqa: ARG002 - other kinds need the outputs
        gradients = {"weights": inputs.T @ error, "biases": error.sum(axis=0)}
        return Backward(error @ self.weights.T, gradients)

    def filters(self, image_shape: Shape) -> Array:
        """Return a view of the weights as (height, width, channels, units) of the images below."""
        return self.weights.reshape(*image_shape, self.units)
