"""A network with all that can be measured of it and drawn."""

from dataclasses import dataclass

from netviz.analysis.evaluation import Evaluation
from netviz.datasets.dataset import Dataset
from netviz.errors import EssayError
from netviz.training.trained import Trained


@dataclass(frozen=True)
class NetworkMaterial:
    """One network: its title, training, data, and answers to the test set.

    `training` is None where the answers are all that is known of the network.
    """

    name: str
    title: str
    training: Trained | None
    dataset: Dataset
    evaluation: Evaluation

    @property
    def trained(self) -> Trained:
        """The network with its weights and history.

        Raises:
            EssayError: the answers are all that is known; a figure that asks cannot be drawn.
        """
        if self.training is None:
            raise EssayError(
                f"this cannot be drawn of {self.name!r}, of which only its answers are known",
                expected="a network whose weights are known",
                remedy="Remove the figure, or name another network in it.",
            )
        return self.training
