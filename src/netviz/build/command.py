"""`netviz build` without its command line: a build only where something has changed.

Heavy modules are imported where they are needed, so that a build with nothing to do ends at once.
"""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netviz.build.options import Options
from netviz.build.paths import memory_of, note_of, own_paths, timings_of
from netviz.build.unchanged import Circumstances, is_unchanged, leave_note
from netviz.errors import visible
from netviz.publishing.writer import single_folder

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True)
class Request:
    """A build that is asked for, what it prints and where its steps run.

    `scheduler` is the address of a Dask cluster; without one, `jobs` processes run the steps here.
    With `single_file` each page is written as one file too.
    """

    options: Options
    jobs: int = os.cpu_count() or 1
    scheduler: str | None = None
    single_file: bool = False
    quiet: bool = False
    verbose: bool = False
    explain: bool = False
    color: bool = True


def build_where_changed(request: Request) -> None:
    """Build what is asked for, unless the last build did the same.

    Raises:
        NetvizError: the essay, the data or the machine is at fault.
    """
    out, circumstances = request.options.out, _circumstances(request.options)
    shows_steps = request.verbose or request.explain
    if not shows_steps and is_unchanged(note_of(out, out), out, circumstances):
        _Printer(request.quiet)(f"{out / 'index.html'}: nothing has changed")
    else:
        _apart(_build, request)
    if request.single_file:
        _apart(_export, request)


def _apart(work: Callable[[Request], None], request: Request) -> None:
    """Read strangers' files in a process apart, with a watch over it."""
    from netviz.build.apart import apart

    apart(work, request)


def _build(request: Request) -> None:
    from netviz.build.build import build, sources
    from netviz.build.own_code import say_own_code
    from netviz.build.progress import Progress, Volume
    from netviz.build.remembered import leave_memory, read_memory
    from netviz.engine.memory import OneBuild

    options, color = request.options, request.color
    volume = Volume.of(quiet=request.quiet, verbose=request.verbose)
    circumstances, read = _circumstances(options), sources(options)
    before, code = circumstances.digest(read), _code(options, circumstances)
    memory = read_memory(memory_of(options.out), code)
    tell = _Printer(request.quiet)
    if not request.quiet:
        say_own_code(options.essay, own_code=options.own_code)
    with (
        Progress(sys.stderr, volume, color=color, explain=request.explain) as progress,
        _executor(request) as executor,
    ):
        build(options, executor, progress, tell, OneBuild(memory))
    memory.end_build()
    progress.finish(options.out / "index.html", timings_of(options.out))
    if before is not None and circumstances.digest(read) == before:  # nothing was edited meanwhile
        leave_memory(memory_of(options.out), code, memory)
    if not tell.has_printed:  # or the next build would not print it again
        leave_note(note_of(options.out, options.out), options.out, circumstances, read, before)


def _code(options: Options, circumstances: Circumstances) -> str | None:
    """Return a digest of all code that makes pages, the essay's own too; None if unreadable."""
    own = options.essay / "figures"
    return circumstances.digest([own] if own.is_dir() else [])


def _executor(request: Request) -> "AbstractContextManager[Executor]":
    if request.scheduler is not None:
        from netviz.engine.cluster import dask_executor

        return dask_executor(request.scheduler)
    from netviz.engine.local import local_executor

    return local_executor(request.jobs)


def _export(request: Request) -> None:
    """Write the published site as single files, unless that was done."""
    options, tell = request.options, _Printer(request.quiet)
    folder = single_folder(options.out)
    note, circumstances = note_of(options.out, folder), _circumstances(options)
    if is_unchanged(note, folder, circumstances):
        tell(f"{folder}: nothing has changed")
        return
    from netviz.essay.settings import SETTINGS_NAME, read_settings
    from netviz.publishing.single import export

    sources = [options.out, options.essay]
    before = circumstances.digest(sources)
    export(options.out, read_settings(options.essay / SETTINGS_NAME).site_url, tell)
    leave_note(note, folder, circumstances, sources, before)


def _circumstances(options: Options) -> Circumstances:
    settings = {
        "essay": str(options.essay),
        "sample": str(options.sample),
        "data": str(options.data_dir),
        "own code": str(options.own_code),
        "embeds": str(options.embeds),
    }
    # The essay may be in the folder that the site is in.
    return Circumstances(settings, own_paths(options.out))


class _Printer:
    """Prints sentences unless `quiet`, and remembers whether there were any."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self.has_printed = False

    def __call__(self, sentence: str) -> None:
        self.has_printed = True
        if not self._quiet:
            print(visible(sentence), file=sys.stderr)
