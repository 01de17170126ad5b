"""The command line: `netviz build`, `serve`, `check`, `data`, `clean`, and those of `shelf`.

Heavy modules are imported by the command that needs them, so that `--help` stays quick.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netviz import __version__
from netviz.commands import shelf
from netviz.commands.arguments import port, positive, site_folder
from netviz.errors import NetvizError, first_few, visible

if TYPE_CHECKING:
    from netviz.build.options import Options

DEFAULT_ESSAY = Path("essay")
DEFAULT_BUILD = Path("build")
EXIT_FAULT = 1
SHOWN_FILES = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code: 0 done, 1 a fault to mend, 2 wrong usage."""
    options = parser().parse_args(arguments)
    # Several networks train side by side, each in a process of its own; BLAS threads on top of
    # that only get in each other's way, and change the last bits. Set before numpy is loaded.
    for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
    from netviz.build import ending

    ending.open_streams()
    try:
        with ending.ended_like_ctrl_c():
            code = int(options.run(options))
            sys.stdout.flush()  # what its reader no longer takes is found out here
        return code
    except KeyboardInterrupt:
        if options.run is _serve:  # which ends in no other way
            return 0
        print("netviz: interrupted; what was finished is kept", file=sys.stderr)
        return EXIT_FAULT
    except BrokenPipeError:
        return EXIT_FAULT
    except Exception as error:
        fault = ending.as_fault(error)
        # Editors jump to a message that begins with its place.
        print(fault if fault.place else f"netviz: {fault}", file=sys.stderr)
        return EXIT_FAULT
    finally:
        ending.hang_up()


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="netviz", description="Explorable essays about neural networks, built from real data."
    )
    top.add_argument("--version", action="version", version=f"netviz {__version__}")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")
    shelf.add_new(commands)
    _add_build(commands)
    _add_serve(commands)
    _add_check(commands)
    _add_data(commands)
    shelf.add_look(commands, (_add_data_options, _add_jobs), _look)
    shelf.add_figures(commands, (_add_own_code, _add_data_options, _add_jobs), _figures)
    shelf.add_docs(commands, (_add_jobs,), _docs)
    _add_clean(commands)
    return top


Commands = argparse._SubParsersAction


def _add_build(commands: "Commands[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("build", help="build an essay into a static site")
    _add_folders(command)
    _add_data_options(command)
    _add_jobs(command)
    command.add_argument(
        "--executor", choices=("local", "dask"), default="local", help="where steps run (local)"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="of the Dask cluster, as in tcp://127.0.0.1:8786"
    )
    command.add_argument(
        "--single-file",
        action="store_true",
        help="write each page as one file too, to be mailed, beside the site (build/site-single)",
    )
    command.add_argument(
        "--embeds", action="store_true", help="make a page of each figure too, to show elsewhere"
    )
    command.add_argument("--explain", action="store_true", help="say why each step ran again")
    volume = command.add_mutually_exclusive_group()
    volume.add_argument("-q", "--quiet", action="store_true", help="print only faults")
    volume.add_argument("-v", "--verbose", action="store_true", help="print every step")
    command.add_argument("--no-color", action="store_true", help="plain text (also: NO_COLOR)")
    command.set_defaults(run=_build, wrong_usage=command.error)


def _add_serve(commands: "Commands[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("serve", help="build, show, and build again at every edit")
    _add_folders(command)
    _add_data_options(command)
    _add_jobs(command)
    command.add_argument("--port", type=port, default=8000, help="the first port to try (8000)")
    command.set_defaults(run=_serve)


def _add_folders(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "essay", nargs="?", type=Path, default=DEFAULT_ESSAY, help="the essay's folder (essay)"
    )
    command.add_argument(
        "--out",
        type=site_folder,
        default=DEFAULT_BUILD / "site",
        help="the site's folder (build/site)",
    )
    _add_own_code(command)


def _add_own_code(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--no-own-code",
        dest="own_code",
        action="store_false",
        help="run no figure of the essay's own, and use none of its templates and scripts",
    )


def _add_jobs(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--jobs", type=positive, default=os.cpu_count() or 1, metavar="N", help="processes at once"
    )


def _add_data_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--data-dir", type=Path, metavar="DIR", help="data files you already have")
    command.add_argument("--offline", action="store_true", help="download nothing")
    command.add_argument(
        "--sample", action="store_true", help="use the few hundred images that come with netviz"
    )


def _add_check(commands: "Commands[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("check", help="look over an essay and its built site")
    _add_folders(command)
    command.set_defaults(run=_check)


def _add_data(commands: "Commands[argparse.ArgumentParser]") -> None:
    command = commands.add_parser("data", help="list the data sets, verify or export them")
    command.add_argument("--verify", action="store_true", help="read and hash every array")
    command.add_argument(
        "--export", nargs=2, metavar=("NAME", "FILE"), help="write a data set's split to an .npz"
    )
    command.add_argument("--essay", type=Path, metavar="FOLDER", help="whose, to export (essay)")
    _add_data_options(command)
    command.set_defaults(
        run=_data, out=DEFAULT_BUILD / "site", own_code=False, wrong_usage=command.error
    )


def _add_clean(commands: "Commands[argparse.ArgumentParser]") -> None:
    command = commands.add_parser(
        "clean", help="remove what builds wrote to build/, never the downloads"
    )
    command.set_defaults(run=_clean)


def _build(options: argparse.Namespace) -> int:
    if (options.executor == "dask") != (options.scheduler is not None):
        options.wrong_usage("--executor dask and --scheduler ADDRESS belong together")
    from netviz.build.command import Request, build_where_changed

    build_where_changed(
        Request(
            _build_options(
                options, bars=sys.stderr.isatty() and not options.quiet, embeds=options.embeds
            ),
            jobs=options.jobs,
            scheduler=options.scheduler,
            single_file=options.single_file,
            quiet=options.quiet,
            verbose=options.verbose,
            explain=options.explain,
            color=not options.no_color,
        )
    )
    return 0


def _build_options(
    options: argparse.Namespace, *, bars: bool, drafts: bool = False, embeds: bool = False
) -> "Options":
    from netviz.build.options import Options
    from netviz.build.paths import cache_of

    return Options(
        essay=options.essay,
        out=options.out,
        step_cache=cache_of(options.out),
        data_cache=_data_cache(),
        data_dir=_data_dir(options),
        sample=options.sample,
        offline=options.offline,
        bars=bars,
        own_code=options.own_code,
        drafts=drafts,
        embeds=embeds,
    )


def _serve(options: argparse.Namespace) -> int:
    from netviz.build.apart import Apart
    from netviz.build.build import sources
    from netviz.build.own_code import say_own_code
    from netviz.build.paths import own_paths
    from netviz.essay.templates import PACKAGE
    from netviz.preview.builder import previews
    from netviz.preview.server import Live, Server
    from netviz.preview.watch import Report, Watched, watch_and_rebuild

    settings = _build_options(options, bars=sys.stderr.isatty(), drafts=True)
    say_own_code(options.essay, own_code=options.own_code)
    live = Live()
    with (
        Apart(partial(previews, settings, options.jobs)) as builder,
        Server(options.out, live, options.port) as server,
    ):
        shown = visible(f"showing {options.essay} at {server.address} (Ctrl-C to end)")
        print(shown, file=sys.stderr)

        def rebuild(superseding: Report) -> None:
            builder.call(heard=superseding)

        watched = Watched(
            [*sources(settings), PACKAGE], ignored=own_paths(options.out), code=PACKAGE
        )
        code_changed = watch_and_rebuild(watched, rebuild, live)
    if code_changed:
        print("the code of netviz has changed: starting again", file=sys.stderr)
        os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - our own command, as it was called
    return 0


def _check(options: argparse.Namespace) -> int:
    from netviz.build.apart import apart

    faults = apart(_faults, options.essay, options.out, options.own_code)
    for fault in faults:
        print(fault)
    if not (options.out / "index.html").is_file():
        unseen = f"{options.out}: no site is there, so that only the text was looked over"
        print(visible(unseen), file=sys.stderr)
    print(f"{len(faults)} faults" if faults else "nothing to mend", file=sys.stderr)
    return EXIT_FAULT if faults else 0


def _faults(essay: Path, out: Path, own_code: bool) -> list[NetvizError]:
    from netviz.build.own_code import say_own_code
    from netviz.publishing.check_essay import check_all

    say_own_code(essay, own_code=own_code)
    return check_all(essay, out, own_code=own_code)


def _data(options: argparse.Namespace) -> int:
    if options.export:
        given, options.essay = options.essay is not None, options.essay or DEFAULT_ESSAY
        name, file = options.export
        return shelf.export(_build_options(options, bars=False), name, file, given)
    if options.essay:
        options.wrong_usage("--essay belongs to --export")
    from netviz.datasets.store import states

    for state in states(_data_cache(), _data_dir(options), verified=options.verify):
        print(state)
    return 0


def _figures(options: argparse.Namespace) -> int:
    given, options.essay = options.essay is not None, options.essay or DEFAULT_ESSAY
    settings = _build_options(options, bars=sys.stderr.isatty())
    return shelf.show_figures(settings, options, given=given)


def _look(options: argparse.Namespace) -> int:
    options.essay = options.essay or Path(f"look-{options.network.stem}")
    options.own_code = True
    settings = _build_options(options, bars=sys.stderr.isatty())
    return shelf.show_look(settings, options)


def _docs(options: argparse.Namespace) -> int:
    options.essay, options.own_code = shelf.docs_folder(), True
    return shelf.build_docs(_build_options(options, bars=False), options.jobs)


def _clean(options: argparse.Namespace) -> int:  # noqa: ARG001 - every command has the same form
    from netviz.build.places import clean

    if left := clean(DEFAULT_BUILD):
        shown = first_few(left, SHOWN_FILES)
        print(f"{DEFAULT_BUILD}: netviz did not write {shown}, which stays", file=sys.stderr)
    return 0


def _data_cache() -> Path:
    from netviz.folders import default_cache_dir

    return default_cache_dir()


def _data_dir(options: argparse.Namespace) -> Path | None:
    named = options.data_dir or os.environ.get("NETVIZ_DATA_DIR")
    return Path(named) if named else None
