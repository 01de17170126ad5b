"""netviz: explorable essays about neural networks, trained, measured and drawn by one command."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netviz.commands.looked import look
    from netviz.commands.show import show
    from netviz.errors import NetvizError

__all__ = ["NetvizError", "__version__", "look", "show"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever has the name
    """Import what notebooks use when it is first asked for: the command line starts without it."""
    if name == "show":
        from netviz.commands import show  # noqa: PLC0415 - as said above

        return show.show
    if name == "look":
        from netviz.commands import looked  # noqa: PLC0415 - likewise

        return looked.look
    if name == "NetvizError":
        from netviz.errors import NetvizError  # noqa: PLC0415 - likewise

        return NetvizError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
