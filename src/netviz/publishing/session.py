"""What builds that follow each other share, so that an edit costs what it changed.

Steps are kept on disk, in the cache. Texts are quick to read and figures quick to compose, but
there are many of them: a session keeps in memory what the last build made of each, by all that
went into it.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from netviz.engine.cache import Cache
from netviz.engine.seal import private_name, user_folder, user_key
from netviz.essay.templates import Compiled
from netviz.publishing.writer import Standing

T = TypeVar("T")


class Session:
    """The cache of steps, the site as it was last seen, and results of the last build.

    `compiled` keeps what Jinja makes of templates, where only this user writes.
    """

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self.compiled = Compiled(user_folder() / private_name("templates"), user_key())
        self.standing: Standing = {}
        self._results: dict[Hashable, Any] = {}
        self._used: set[Hashable] = set()

    def recall(
        self, key: Hashable, make: Callable[[], T], stands: Callable[[T], bool] = lambda _: True
    ) -> T:
        """Return what `make` made for this `key` before, else make it; the key says all it reads.

        What no longer `stands`, as a result whose folder was removed, is made again. What a
        build did not ask for is forgotten when it ends.
        """
        if key not in self._results or not stands(self._results[key]):
            self._results[key] = make()
        self._used.add(key)
        return cast("T", self._results[key])

    def end_build(self) -> None:
        """Forget what the build that ends here did not ask for."""
        self._results = {key: self._results[key] for key in self._used}
        self._used = set()
