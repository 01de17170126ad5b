"""Draw one figure: its materials → drawing.json, pictures and late data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from netviz.datasets.store import open_dataset
from netviz.engine.graph import Artifact, Input, Step
from netviz.errors import EssayError, Place
from netviz.figures import drawings
from netviz.figures.drawings import as_json, checked
from netviz.figures.figure import Cell, Json, Materials
from netviz.figures.registry import FigureFolder, Registry
from netviz.pipeline.evaluate import load_evaluation
from netviz.pipeline.files import csv_text, json_text, write_json
from netviz.pipeline.material import load_material
from netviz.pipeline.sweep import load_sweep
from netviz.records import record
from netviz.rendering.animations import encode_animation
from netviz.rendering.pictures import LONGEST_SIDE, encode_webp

PICTURE, DATA, TABLE = ".webp", ".json", ".csv"


@dataclass(frozen=True)
class Drawn:
    """What a figure is drawn from: steps and artifacts by name.

    `networks` holds for each its material (see `material_inputs`), `sweeps` for each its `dataset`
    and `points`, `seeds` the evaluations of networks from all their seeds, `titles` those of the
    networks, `code` the digest of the figure's module.
    """

    networks: Mapping[str, Mapping[str, Input]]
    datasets: Mapping[str, Artifact]
    sweeps: Mapping[str, Mapping[str, Artifact | Sequence[Step]]]
    seeds: Mapping[str, Sequence[Step]]
    titles: Mapping[str, str]
    code: str


def draw_step(
    name: str, place: Place, figure: FigureFolder, arguments: Mapping[str, Any], drawn: Drawn
) -> Step:
    """Return the step that draws `figure` for a call at `place`."""
    inputs: dict[str, Any] = {
        "networks": drawn.networks,
        "datasets": drawn.datasets,
        "sweeps": drawn.sweeps,
        "seeds": drawn.seeds,
    }
    if figure.is_own:
        inputs["own_figures"] = Artifact(figure.folder.parent, drawn.code)
    return Step(
        name=f"draw {name}",
        function=f"{__name__}:draw",
        parameters={
            "word": figure.word,
            "arguments": dict(arguments),
            "module": drawn.code,
            "titles": drawn.titles,
        },
        inputs=inputs,
        weight=0.5,
        place=place,
    )


def draw(inputs: Mapping[str, Any], parameters: Mapping[str, Any], folder: Path) -> None:
    """Call the figure's `draw`, and keep its drawing with the identities of its networks."""
    figure = Registry(inputs.get("own_figures")).find(parameters["word"])
    arguments = record(figure.load().Arguments, parameters["arguments"])
    draw_into(folder, figure, arguments, _materials(inputs, parameters["titles"]))


def draw_into(folder: Path, figure: FigureFolder, arguments: object, materials: Materials) -> None:
    """Call the `draw` of `figure`, and keep in `folder` what it draws and writes.

    Raises:
        EssayError: the figure refuses its materials, or fails.
    """
    identities = {name: network.evaluation.identity for name, network in materials.networks.items()}
    with figure.faults_told():
        drawing = checked(figure.load().draw(arguments, materials, FolderOutput(folder)), figure)
        write_json(folder / drawings.FILE_NAME, as_json(drawing) | {"identities": identities})


def _materials(inputs: Mapping[str, Any], titles: Mapping[str, str]) -> Materials:
    networks = {
        name: load_material(name, title, inputs["networks"][name]) for name, title in titles.items()
    }
    return Materials(
        networks=networks,
        datasets={name: open_dataset(one) for name, one in inputs["datasets"].items()},
        sweeps={name: load_sweep(name, one) for name, one in inputs["sweeps"].items()},
        accuracies={
            name: tuple(load_evaluation(one, networks[name].dataset).accuracy for one in folders)
            for name, folders in inputs["seeds"].items()
        },
    )


class FolderOutput:
    """Where a figure's pictures, late data, tables and animations go until the page is composed.

    A name stands for one content. What is written again as it was is the same file.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def picture(self, name: str, image: Image.Image) -> str:
        """Write `image` losslessly as `<name>.webp`.

        Raises:
            EssayError: the image is too large for a WebP.
        """
        if max(image.size) > LONGEST_SIDE:
            raise EssayError(
                f"the figure draws a picture that is too large: {name}",
                expected=f"at most {LONGEST_SIDE:,} pixels a side",
                got="{:,} by {:,}".format(*image.size),
            )
        return self._write(name, PICTURE, encode_webp(image), unlike=DATA)

    def data(self, name: str, value: Json) -> str:
        """Write `value` as `<name>.json`; the page's copy becomes a script."""
        if name + DATA == drawings.FILE_NAME:
            raise ValueError(f"the name {name!r} is that of the drawing itself")
        return self._write(name, DATA, json_text(value).encode(), unlike=PICTURE)

    def table(self, name: str, rows: Iterable[Sequence[Cell]]) -> str:
        """Write `rows` as `<name>.csv`."""
        return self._write(name, TABLE, csv_text(rows).encode())

    def animation(self, name: str, frames: Sequence[Image.Image]) -> str:
        """Write `frames` losslessly as a file that is known by its ending."""
        return self._write(name, drawings.ANIMATED, encode_animation(frames))

    def _write(self, name: str, ending: str, content: bytes, unlike: str = "") -> str:
        """Write a file; none that the page knows by this name may have the ending `unlike`.

        Raises:
            ValueError: the name stands for something else already, which would be lost.
        """
        file = self.folder / f"{name}{ending}"
        is_taken = file.exists() and file.read_bytes() != content
        if is_taken or (unlike and (self.folder / f"{name}{unlike}").exists()):
            raise ValueError(f"two files of the figure have the name {name!r}")
        file.write_bytes(content)
        return name
