"""Ways of reading: the screens, settings and habits that every page must serve."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reader:
    """One way of reading, as the browser is told of it. Sizes in CSS pixels."""

    width: int = 1280
    height: int = 800
    dark: bool = False
    script: bool = True
    still: bool = False  # asks for reduced motion
    touch: bool = False  # a finger, which cannot hover
    forced_colours: bool = False
    density: float = 1.0  # device pixels to a CSS pixel
    leaps: bool = True  # has all of a page laid out at once, as for a reader who follows a link

    def context_options(self) -> dict[str, Any]:
        """Return the arguments of Playwright's `Browser.new_context`."""
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": "dark" if self.dark else "light",
            "java_script_enabled": self.script,
            "reduced_motion": "reduce" if self.still else "no-preference",
            "has_touch": self.touch,
            "is_mobile": self.touch,
            "forced_colors": "active" if self.forced_colours else "none",
            "device_scale_factor": self.density,
        }


# What lays out all of a page that has loaded (templates/js/parts/laid_out.js).
LEAP = "dispatchEvent(new Event('hashchange'))"

READERS = {
    "desk": Reader(),
    "desk-dark": Reader(dark=True),
    "tablet": Reader(width=768, height=1024, touch=True),
    "phone": Reader(width=360, height=740, touch=True, density=2.0),
    "phone-dark": Reader(width=360, height=740, touch=True, density=2.0, dark=True),
    "scriptless": Reader(script=False),
    "still": Reader(still=True),
    "forced-colours": Reader(forced_colours=True),
}
