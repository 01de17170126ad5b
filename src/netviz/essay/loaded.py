"""What a page loads, by the addresses that hold where the page stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from netviz.essay.style import Style


@dataclass(frozen=True)
class Loaded:
    """The style, the script and other assets of a page.

    `own_scripts` are the addresses of the scripts of the essay's own figures; `assets` are those
    of the files in templates/assets, by their names.
    """

    style: Style
    script: str
    own_scripts: tuple[str, ...]
    assets: Mapping[str, str]

    def seen_from(self, root: str) -> "Loaded":
        """Return the same for a page elsewhere, which finds the folder of this one at `root`.

        `root` is an address that ends in a slash, or is empty.
        """
        return Loaded(
            self.style.seen_from(root),
            root + self.script,
            tuple(root + address for address in self.own_scripts),
            {name: root + address for name, address in self.assets.items()},
        )

    @property
    def context(self) -> Mapping[str, Any]:
        """What every template knows of it."""
        return {
            "style": Markup(self.style.text),  # noqa: S704 - it cannot end its element
            "style_hash": self.style.hash,
            "script": self.script,
            "own_scripts": self.own_scripts,
            "assets": self.assets,
        }
