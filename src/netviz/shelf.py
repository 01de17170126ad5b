"""An author's shelf: `netviz new`, `figures` and `docs`, to start from and to look things up.

Heavy modules are imported by the command that needs them, so that `--help` stays quick.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from netviz import __version__
from netviz.errors import visible
from netviz.site.arguments import pasted, site_folder

if TYPE_CHECKING:
    from netviz.site.build import Options

DEFAULT_ESSAY = Path("essay")
DEFAULT_BUILD = Path("build")
KINDS = {
    "figure": "a figure needs a word",
    "language": "a language needs its tag, such as de",
}

Commands = argparse._SubParsersAction
Tell = Callable[[str], None]


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


def add_figures(commands: "Commands[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add `netviz figures` without its options of data and jobs; return its parser."""
    command = commands.add_parser("figures", help="list the figures, or show them on your networks")
    command.add_argument("word", metavar="WORD", nargs="?", help="all of one figure, with its call")
    command.add_argument(
        "--essay", type=Path, metavar="FOLDER", help="whose figures and networks (essay)"
    )
    command.add_argument(
        "--gallery", action="store_true", help="build a page of every figure on those networks"
    )
    command.add_argument(
        "--out",
        type=site_folder,
        default=DEFAULT_BUILD / "figures",
        help="the gallery's folder (build/figures)",
    )
    return command


def add_docs(commands: "Commands[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add `netviz docs` without its options of data and jobs; return its parser."""
    command = commands.add_parser("docs", help="build the documentation of this version")
    command.add_argument(
        "--out", type=site_folder, default=DEFAULT_BUILD / "docs", help="its folder (build/docs)"
    )
    return command


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
    from netviz.site.start import start_essay  # noqa: PLC0415 - heavy

    start_essay(folder, title, date.today())
    print(visible(f"{folder} is there: its text is index.md, its networks stand in essay.toml."))
    print(visible(f"Show it, and every edit at once: netviz serve {pasted(folder)}"))
    return 0


def _new_figure(word: str, essay: Path) -> int:
    from netviz.site.start import start_figure  # noqa: PLC0415 - heavy

    call = start_figure(word, essay)
    figure = essay / "figures" / word
    print(visible(f"{figure} is there. Show it by a line of its own in the text:"))
    print(call)
    return 0


def _new_language(tag: str, essay: Path) -> int:
    from netviz.site.start import start_language  # noqa: PLC0415 - heavy

    file = start_language(tag, essay)
    print(visible(f"{file} is there. Fill in its texts; what stays empty is English."))
    print(f"The translation of index.md is index.{tag}.md.")
    return 0


def _new_template(name: str, essay: Path) -> int:
    from netviz.site.start import start_template  # noqa: PLC0415 - heavy

    print(visible(f"{start_template(name, essay)} is there, and takes the place of ours."))
    return 0


def _list_templates() -> int:
    from netviz.site.start import template_names  # noqa: PLC0415 - heavy

    print("\n".join(template_names()))
    return 0


def show_figures(word: str | None, essay: Path, *, given: bool) -> int:
    """Print all figures, or one; the `essay` may be missing unless it was `given`.

    Raises:
        EssayError: there is no essay, or no such figure.
    """
    from netviz.site.gallery import listed, told  # noqa: PLC0415 - heavy

    print(told(word, essay, given=given) if word else listed(essay, given=given))
    return 0


def show_gallery(settings: "Options", jobs: int, tell: Tell, today: date) -> int:
    """Build a page of all figures on the networks of an essay.

    Raises:
        NetvizError: as a build.
    """
    from netviz.site.execute import local_executor  # noqa: PLC0415 - heavy
    from netviz.site.gallery import build_gallery  # noqa: PLC0415 - heavy
    from netviz.site.progress import Progress, Volume  # noqa: PLC0415 - heavy

    with Progress(sys.stderr, Volume.NORMAL) as progress, local_executor(jobs) as executor:
        build_gallery(settings, executor, progress, tell, today)
    print(visible(f"every figure on {settings.essay}: {settings.out / 'index.html'}"))
    return 0


def docs_folder() -> Path:
    """Return the folder of netviz's documentation, an essay of its own."""
    from netviz.essay.templates import built_in  # noqa: PLC0415 - heavy

    return built_in("docs")


def build_docs(settings: "Options", jobs: int, tell: Tell) -> int:
    """Build the documentation.

    Raises:
        NetvizError: as a build.
    """
    from netviz.site.build import build  # noqa: PLC0415 - heavy
    from netviz.site.execute import local_executor  # noqa: PLC0415 - heavy
    from netviz.site.progress import Progress, Volume  # noqa: PLC0415 - heavy

    with Progress(sys.stderr, Volume.NORMAL) as progress, local_executor(jobs) as executor:
        build(settings, executor, progress, tell)
    print(visible(f"the documentation of netviz {__version__}: {settings.out / 'index.html'}"))
    return 0
