"""What `netviz.show` and `netviz.look` return: a page that a notebook shows, and a file holds."""

import html
from dataclasses import dataclass
from pathlib import Path

from netviz.engine.disk import disk_faults

# Scripts run, without an origin: nothing of the notebook is within reach. Links open in a new tab.
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


@dataclass(frozen=True)
class Shown:
    """A page of HTML that loads nothing; notebooks show it live.

    Attributes:
        title: what the page shows.
        html: the whole page.
        height: that of its frame in a notebook, in CSS pixels.
        notes: sentences about what was decided when the arrays were read; of a look, all that the
            command of that name tells.
    """

    title: str
    html: str
    height: int
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say in short what this is; the page itself would fill the screen."""
        return f"<{self.title}: a page of {len(self.html) / 1000:.0f} KB; .save(FILE) keeps it>"

    def _repr_html_(self) -> str:
        """Return a frame that holds the page, as notebooks ask for it."""
        return (
            f'<iframe title="{html.escape(self.title)}" sandbox="{SANDBOX}"'
            f' width="100%" height="{self.height}" frameborder="0"'
            f' srcdoc="{html.escape(self.html)}"></iframe>'
        )

    def save(self, file: str | Path) -> Path:
        """Write the page to `file`, which any browser opens; return its path.

        Raises:
            SiteError: the disk refuses.
        """
        path = Path(file)
        with disk_faults(path):
            path.write_text(self.html, encoding="utf-8", newline="\n")
        return path
