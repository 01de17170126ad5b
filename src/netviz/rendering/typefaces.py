"""Fonts that have the letters of a text: our own first, then those of the system.

Pillow draws an empty box for a letter that is missing in a font, without an error. So each letter
is compared with that box.
"""

import sys
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path

from PIL import ImageFont, features

PIXELS = 32  # at which letters are compared
NO_LETTER = "\U0010fffe"  # which no font has
NOT_DRAWN = ("Cc", "Cf", "Mn", "Me", "Zl", "Zp", "Zs")
MOST_FONTS = 3000
PREFERRED = ("dejavusans.", "notosans-regular", "notosans", "noto", "dejavu", "arialuni", "unicode")
# Scripts whose letters take other forms beside each other, which needs more than single glyphs.
SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x17FF), (0xFB1D, 0xFEFC))


def typefaces(text: str, own: Path) -> tuple[Path, ...]:
    """Return fonts that together have every letter of `text`, `own` first; none if there are none.

    Symbols, such as the pictures of emoji, are no letters: `runs` leaves out those in no font.
    A text of letters that take other forms beside each other has one font.
    """
    letters = frozenset(one for one in text if unicodedata.category(one) not in NOT_DRAWN)
    missing = letters - covered(own, letters)
    if not missing:
        return (own,)
    if _is_shaped(letters):
        return (
            _one_for_all(frozenset(filter(_is_letter, letters))) if features.check("raqm") else ()
        )
    return _several(missing, own)


def is_right_to_left(text: str) -> bool:
    """Say whether the first letter with a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in ("R", "AL") for kind in kinds if kind in ("L", "R", "AL")), False)


def covered(file: Path, letters: Collection[str]) -> frozenset[str]:
    """Return those of `letters` that the font in `file` has; of a file that is none, none."""
    try:
        font = ImageFont.truetype(file, PIXELS)
        box = _shape(font, NO_LETTER)
        return frozenset(one for one in letters if _shape(font, one) not in (box, None))
    except (OSError, ValueError):  # broken, or of a form that Pillow cannot read
        return frozenset()


def runs(text: str, fonts: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return `text` in pieces, each with the first of `fonts` that has its letters.

    What none of them has is left out.
    """
    letters = frozenset(text)
    have = {font: _covered(font, letters) for font in fonts}
    found: list[tuple[Path, str]] = []
    for letter in text:
        last = found[-1][0] if found else fonts[0]
        if unicodedata.category(letter) in NOT_DRAWN:
            font = last  # a space or a mark on the letter before
        else:
            known = next((one for one in fonts if letter in have[one]), None)
            if known is None:
                continue
            font = known
        if found and font == last:
            found[-1] = (font, found[-1][1] + letter)
        else:
            found.append((font, letter))
    return found


@lru_cache(maxsize=256)
def _covered(file: Path, letters: frozenset[str]) -> frozenset[str]:
    return covered(file, letters)


def _shape(font: ImageFont.FreeTypeFont, letter: str) -> tuple[object, bytes] | None:
    """Return how a letter looks; None where nothing of it is seen."""
    mask = font.getmask(letter)
    content = bytes(mask)
    return (mask.size, content) if any(content) else None


def _is_shaped(letters: Collection[str]) -> bool:
    return any(low <= ord(one) <= high for one in letters for low, high in SHAPED)


def _one_for_all(letters: frozenset[str]) -> tuple[Path, ...]:
    return next(((font,) for font in _system_fonts() if covered(font, letters) == letters), ())


def _several(missing: frozenset[str], own: Path) -> tuple[Path, ...]:
    fonts = [own]
    beside = sorted(own.parent.glob("*.woff2"))
    for font in (*beside, *_system_fonts()):
        if found := covered(font, missing):
            fonts.append(font)
            missing -= found
        if not missing:
            break
    return () if any(map(_is_letter, missing)) else tuple(fonts)


def _is_letter(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNMP"


def _system_fonts() -> Sequence[Path]:
    return _fonts_in(tuple(_folders()))


@lru_cache(maxsize=2)
def _fonts_in(folders: tuple[Path, ...]) -> Sequence[Path]:
    files = (file for folder in folders for file in folder.rglob("*.[otOT][tT][fcFC]"))
    return sorted(islice(files, MOST_FONTS), key=_preference)


def _preference(file: Path) -> tuple[int, int, str]:
    """Return a key that sorts fonts by name: upright ones of normal weight and width first."""
    name = file.name.lower()
    rank = next((place for place, one in enumerate(PREFERRED) if one in name), len(PREFERRED))
    is_special = any(word in name for word in ("italic", "oblique", "mono", "condensed", "light"))
    return (rank + 10 * is_special, len(name), str(file))


def _folders() -> Iterator[Path]:
    """Yield the folders in which systems keep fonts."""
    home = Path.home()
    match sys.platform:
        case "darwin":
            names = ["/System/Library/Fonts", "/Library/Fonts", f"{home}/Library/Fonts"]
        case "win32":
            names = ["C:/Windows/Fonts", f"{home}/AppData/Local/Microsoft/Windows/Fonts"]
        case _:
            names = ["/usr/share/fonts", "/usr/local/share/fonts", f"{home}/.local/share/fonts"]
    yield from (folder for name in names if (folder := Path(name)).is_dir())
