"""The builds of a preview: one after the other, in a process that remembers the last one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from netviz.build.apart import Answer, Say
from netviz.build.build import build
from netviz.build.options import Options
from netviz.build.progress import Progress, Volume
from netviz.engine.execute import Event
from netviz.engine.local import local_executor
from netviz.engine.memory import Memory, OneBuild
from netviz.errors import visible


@contextmanager
def previews(options: Options, jobs: int) -> Iterator[Answer]:
    """Yield what builds the site of `options` once each time it is called (see `apart.Apart`)."""
    memory = Memory()
    with local_executor(jobs) as executor:

        def rebuild(say: Say) -> None:
            with Progress(sys.stderr, Volume.NORMAL) as progress:

                def report(event: Event) -> None:
                    say(event)
                    progress(event)

                build(options, executor, report, _tell, OneBuild(memory))
            memory.end_build()

        yield rebuild


def _tell(sentence: str) -> None:
    print(visible(sentence), file=sys.stderr)
