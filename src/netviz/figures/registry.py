"""Finding figures: every folder that holds a module of its own name is one.

Authors put figures of their own in `essay/figures/<word>/`; one of theirs takes the place of
ours of the same word.
"""

import errno
import importlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

from netviz.engine.stamps import stamp
from netviz.errors import EssayError, NetvizError, Place, nearest_name
from netviz.figures.figure import FigureModule

BUILT_IN = Path(__file__).parent
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class FigureFolder:
    """A figure's folder and the word it is called by; `runs` says whether its code may run."""

    word: str
    folder: Path
    runs: bool = True

    @property
    def is_own(self) -> bool:
        """Whether it is the essay's own."""
        return self.folder.parent != BUILT_IN

    @property
    def module_file(self) -> Path:
        return self.folder / f"{self.word}.py"

    @property
    def fragment_file(self) -> Path:
        return self.folder / f"{self.word}.html"

    @property
    def script_file(self) -> Path:
        return self.folder / f"{self.word}.js"

    @property
    def style_file(self) -> Path:
        return self.folder / f"{self.word}.css"

    @property
    def stamp(self) -> Hashable:
        """What changes when the figure's module or template is saved."""
        return stamp([self.module_file, self.fragment_file])

    @property
    def tag(self) -> str:
        """The figure's element: `confusion_matrix` is <nv-confusion-matrix>."""
        return "nv-" + self.word.replace("_", "-")

    def load(self) -> FigureModule:
        """Import the figure's module.

        Raises:
            EssayError: the module may not run, cannot be imported or misses a part of the contract.
        """
        if not self.runs:
            raise EssayError(
                f"the figure {self.word!r} is the essay's own code, which does not run here",
                expected="a figure of netviz's own",
                got=str(self.module_file),
                remedy="Read it, then leave out --no-own-code.",
            )
        module = self._import()
        for part in ("Arguments", "draw"):
            if not hasattr(module, part):
                raise EssayError(
                    f"the figure {self.word!r} is incomplete",
                    place=Place(self.module_file),
                    expected=f"a top-level {part}",
                )
        return cast("FigureModule", module)

    @contextmanager
    def faults_told(self) -> Iterator[None]:
        """Report an exception in the figure's code as a fault at a line of its file."""
        try:
            yield
        except NetvizError:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in OF_THE_DISK:
                raise  # which is no fault of the figure
            problem = f"the figure {self.word!r} failed: {type(error).__name__}: {error}"
            raise EssayError(problem, place=self._place_of(error)) from error

    def _import(self) -> object:
        if not self.is_own:
            return importlib.import_module(f"netviz.figures.{self.word}.{self.word}")
        name = f"netviz_essay_figures.{self.word}"
        spec = importlib.util.spec_from_file_location(name, self.module_file)
        assert spec is not None  # noqa: S101 - a .py file always has one
        assert spec.loader is not None  # noqa: S101 - as above
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module  # dataclasses look their module up by name
        try:
            with _no_bytecode():
                spec.loader.exec_module(module)
        except SyntaxError as error:
            is_own = Path(error.filename or "").resolve() == self.module_file.resolve()
            file = self.module_file if is_own else str(error.filename)
            place = Place(file, error.lineno, error.offset)
            problem = f"the figure {self.word!r} cannot be imported: {error.msg}"
            raise EssayError(problem, place=place) from error
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
            problem = f"the figure {self.word!r} cannot be imported: {said}"
            raise EssayError(problem, place=self._place_of(error)) from error
        return module

    def _place_of(self, error: Exception) -> Place:
        """Return the innermost line of the figure's module that `error` came through."""
        frames = traceback.extract_tb(error.__traceback__)
        module = self.module_file.resolve()
        inside = [one.lineno for one in frames if Path(one.filename).resolve() == module]
        return Place(self.module_file, inside[-1] if inside else None)


@contextmanager
def _no_bytecode() -> Iterator[None]:
    """Let Python keep no bytecode of what is imported.

    It takes that of a file for valid which was edited within the same second, to the same size.
    """
    before = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    try:
        yield
    finally:
        sys.dont_write_bytecode = before


@dataclass(frozen=True)
class Registry:
    """The figures that an essay can call: ours, and those in `own` (a folder, or None).

    Unless `runs_own`, the code of the latter is not run.
    """

    own: Path | None = None
    runs_own: bool = True

    @cached_property
    def figures(self) -> dict[str, FigureFolder]:
        """Every figure by its word."""
        found: dict[str, FigureFolder] = {}
        for parent in (BUILT_IN, self.own):
            if parent is None or not parent.is_dir():
                continue
            for folder in sorted(parent.iterdir()):
                if WORD.fullmatch(folder.name) and (folder / f"{folder.name}.py").is_file():
                    runs = self.runs_own or parent == BUILT_IN
                    found[folder.name] = FigureFolder(folder.name, folder, runs)
        return found

    @property
    def stamp(self) -> Hashable:
        """What changes when a figure's module is saved, comes or goes."""
        return stamp(figure.module_file for figure in self.figures.values())

    @property
    def own_figures(self) -> list[FigureFolder]:
        """The figures of the folder `own`."""
        return [one for one in self.figures.values() if one.folder.parent == self.own]

    def find(self, word: str) -> FigureFolder:
        """Return the figure called `word`.

        Raises:
            EssayError: there is none; the nearest word is given.
        """
        if word not in self.figures:
            raise EssayError(
                f"unknown figure {word!r}",
                expected="one of " + ", ".join(self.figures),
                nearest=nearest_name(word, self.figures),
            )
        return self.figures[word]
