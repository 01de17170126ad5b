"""Commands for authors: `netviz new`, `figures`, `look`, `docs` and `data --export`.

Heavy modules are imported by the command that needs them, so that `--help` stays quick.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from netviz import __version__
from netviz.commands.arguments import pasted, site_folder
from netviz.errors import visible

if TYPE_CHECKING:
    from netviz.build.options import Options

DEFAULT_ESSAY = Path("essay")
KINDS = {
    "figure": "a figure needs a word",
    "language": "a language needs its tag, such as de",
}

Commands = argparse._SubParsersAction
Run = Callable[[argparse.Namespace], int]
Shared = Callable[[argparse.ArgumentParser], None]  # adds options that commands share


def add_new(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add `netviz new`."""
    command = commands.add_parser(
        "new",
        help="start an essay, or a figure, language or template of your own",
        usage="netviz new FOLDER [--title TITLE]\n"
        "       netviz new figure WORD [--essay FOLDER]\n"
        "       netviz new language TAG [--essay FOLDER]\n"
        "       netviz new template [NAME] [--essay FOLDER]",
    )
    command.add_argument(
        "what", metavar="FOLDER | KIND NAME", nargs="+", help="the new essay's folder, or as above"
    )
    command.add_argument("--title", help="the essay's title (from its folder's name)")
    command.add_argument(
        "--essay", type=Path, metavar="FOLDER", help="the essay that gets it (essay)"
    )
    command.set_defaults(run=_new, wrong_usage=command.error)


def add_figures(
    commands: "Commands[argparse.ArgumentParser]", shared: Iterable[Shared], run: Run
) -> None:
    """Add `netviz figures`, with the options that `shared` add, carried out by `run`."""
    command = commands.add_parser("figures", help="list the figures, or show them on your networks")
    command.add_argument("word", metavar="WORD", nargs="?", help="all of one figure, with its call")
    command.add_argument(
        "--essay", type=Path, metavar="FOLDER", help="whose figures and networks (essay)"
    )
    command.add_argument(
        "--gallery", action="store_true", help="build a page of every figure on those networks"
    )
    _add_out(command, "figures")
    _finish(command, shared, run)


def add_look(
    commands: "Commands[argparse.ArgumentParser]", shared: Iterable[Shared], run: Run
) -> None:
    """Add `netviz look`, likewise."""
    command = commands.add_parser("look", help="a whole site of one network and its images")
    command.add_argument(
        "network",
        metavar="NETWORK",
        type=Path,
        help="its file: .onnx, .safetensors or .npz of weights, or .npz of answers",
    )
    command.add_argument(
        "--data",
        required=True,
        help="mnist, cifar10, or a folder of class folders, an .npz, a .csv, a folder of IDX files",
    )
    command.add_argument(
        "--essay", type=Path, metavar="FOLDER", help="the essay to be made (look-NETWORK)"
    )
    _add_out(command, "look")
    _finish(command, shared, run)


def add_docs(
    commands: "Commands[argparse.ArgumentParser]", shared: Iterable[Shared], run: Run
) -> None:
    """Add `netviz docs`, likewise."""
    command = commands.add_parser("docs", help="build the documentation of this version")
    _add_out(command, "docs")
    command.set_defaults(data_dir=None, offline=True, sample=True)  # as its settings say too
    _finish(command, shared, run)


def _add_out(command: argparse.ArgumentParser, name: str) -> None:
    folder = Path("build", name)
    command.add_argument("--out", type=site_folder, default=folder, help=f"its folder ({folder})")


def _finish(command: argparse.ArgumentParser, shared: Iterable[Shared], run: Run) -> None:
    for add in shared:
        add(command)
    command.set_defaults(run=run)


def _new(options: argparse.Namespace) -> int:
    essay = options.essay or DEFAULT_ESSAY
    match options.what:
        case ["template"]:
            return _list_templates()
        case [kind] if kind in KINDS:
            options.wrong_usage(f"{KINDS[kind]}; a folder of that name is ./{kind}")
        case ["figure", word] if options.title is None:
            return _new_figure(word, essay)
        case ["language", tag] if options.title is None:
            return _new_language(tag, essay)
        case ["template", name] if options.title is None:
            return _new_template(name, essay)
        case [folder] if options.essay is None:
            return _new_essay(Path(folder), options.title)
    return _refuse(options)


def _refuse(options: argparse.Namespace) -> NoReturn:
    options.wrong_usage("expected a folder, or a kind of thing and its name")
    raise SystemExit(2)


def _new_essay(folder: Path, title: str | None) -> int:
    from netviz.commands.start import start_essay

    start_essay(folder, title, date.today())
    print(visible(f"{folder} is there: its text is index.md, its networks are in essay.toml."))
    print(visible(f"Show it, and every edit at once: netviz serve {pasted(folder)}"))
    return 0


def _new_figure(word: str, essay: Path) -> int:
    from netviz.commands.start import start_figure

    call = start_figure(word, essay)
    figure = essay / "figures" / word
    print(visible(f"{figure} is there. Show it by a line of its own in the text:"))
    print(call)
    return 0


def _new_language(tag: str, essay: Path) -> int:
    from netviz.commands.start import start_language

    file = start_language(tag, essay)
    print(visible(f"{file} is there. Fill in its texts; what stays empty is English."))
    print(f"The translation of index.md is index.{tag}.md.")
    return 0


def _new_template(name: str, essay: Path) -> int:
    from netviz.commands.start import start_template

    print(visible(f"{start_template(name, essay)} is there, and takes the place of ours."))
    return 0


def _list_templates() -> int:
    from netviz.commands.start import template_names

    print("\n".join(template_names()))
    return 0


def show_figures(settings: "Options", options: argparse.Namespace, *, given: bool) -> int:
    """Print all figures or one, or build the gallery; the essay may be missing unless `given`.

    Raises:
        NetvizError: there is no essay or no such figure; or as a build.
    """
    from netviz.build.apart import apart

    if options.gallery:
        apart(_build_gallery, settings, options.jobs)
        print(visible(f"every figure on {settings.essay}: {settings.out / 'index.html'}"))
    else:
        print(apart(_told, settings, options.word, given))
    return 0


def _told(settings: "Options", word: str | None, given: bool) -> str:
    from netviz.build.own_code import say_own_code
    from netviz.commands.gallery import described, listed

    say_own_code(settings.essay, own_code=settings.own_code)
    return described(word, settings, given=given) if word else listed(settings, given=given)


def _build_gallery(settings: "Options", jobs: int) -> None:
    from netviz.build.own_code import say_own_code
    from netviz.build.progress import Progress, Volume
    from netviz.commands.gallery import build_gallery
    from netviz.engine.local import local_executor

    say_own_code(settings.essay, own_code=settings.own_code)
    with Progress(sys.stderr, Volume.NORMAL) as progress, local_executor(jobs) as executor:
        build_gallery(settings, executor, progress, _tell, date.today())


def show_look(settings: "Options", options: argparse.Namespace) -> int:
    """Make an essay on a network and a site of it, and say where they are and what is false.

    Raises:
        NetvizError: there is no such network or data; or as a build.
    """
    from netviz.build.apart import apart

    false, _ = apart(looked, settings, options.network, options.data, options.jobs)
    for text in false:
        print(visible(f"not so of {options.network.name}: {text}"))
    print(visible(f"the site: {settings.out / 'index.html'}"))
    print(visible(f"its essay, to be edited: {settings.essay}"))
    return 0


def looked(settings: "Options", network: Path, data: str, jobs: int) -> tuple[list[str], list[str]]:
    """Make an essay on a network and a site of it.

    Returns the statements that are false of the network, and all that was told meanwhile.

    Raises:
        NetvizError: there is no such network or data; or as a build.
    """
    from netviz.build.progress import Progress, Volume
    from netviz.commands.look import Asked, look
    from netviz.engine.local import local_executor

    told: list[str] = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        _tell(sentence)

    with Progress(sys.stderr, Volume.NORMAL) as progress, local_executor(jobs) as executor:
        asked = Asked(network, data, date.today())
        return look(asked, settings, executor, progress, tell), told


def export(settings: "Options", name: str, file: str, given: bool) -> int:
    """Write the split of a data set to a file; the essay may be missing unless `given`.

    Raises:
        NetvizError: there is no such data set, or it cannot be had or written.
    """
    from netviz.build.apart import apart

    print(visible(apart(_exported, settings, name, Path(file), given)))
    return 0


def _exported(settings: "Options", name: str, file: Path, given: bool) -> str:
    from netviz.commands.export import export_split

    return export_split(name, file, settings, _tell, given=given)


def docs_folder() -> Path:
    """Return the folder of netviz's documentation, an essay of its own."""
    from netviz.essay.templates import built_in

    return built_in("docs")


def build_docs(settings: "Options", jobs: int) -> int:
    """Build the documentation.

    Raises:
        NetvizError: as a build.
    """
    from netviz.build.build import build
    from netviz.build.progress import Progress, Volume
    from netviz.engine.local import local_executor

    with Progress(sys.stderr, Volume.NORMAL) as progress, local_executor(jobs) as executor:
        build(settings, executor, progress, _tell)
    print(visible(f"the documentation of netviz {__version__}: {settings.out / 'index.html'}"))
    return 0


def _tell(sentence: str) -> None:
    print(visible(sentence), file=sys.stderr)
