"""netviz: explorable essays about neural networks, trained, measured and drawn by one command.

What notebooks use is imported when it is first asked for, since the command line starts without it.
It is named by texts, not by imports: a step's key counts all that this module imports, and would
change with every line of netviz. `__init__.pyi` says the same to type checkers.
"""

from importlib import import_module
from typing import Any

__all__ = ["NetvizError", "__version__", "look", "show"]
__version__ = "1.0.0"

ASKED_FOR = {
    "NetvizError": "netviz.errors",
    "look": "netviz.commands.looked",
    "show": "netviz.commands.show",
}


def __dir__() -> list[str]:
    """Return what there is to use, which notebooks offer while one types."""
    return __all__


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has the name
    """Import what is `ASKED_FOR`.

    Raises:
        AttributeError: there is nothing of that name.
    """
    if name not in ASKED_FOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(ASKED_FOR[name]), name)
