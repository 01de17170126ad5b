"""What eyes make of colours: contrast, distance, and the three kinds of colour blindness.

Colours are sRGB in 0..1, as arrays (..., 3) or triples.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Colour = NDArray[np.float64]

# Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
# Deficiency", IEEE TVCG 15(6), 2009, table 1 for severity 1.0; they act on linear sRGB.
COLOUR_BLINDNESS = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}

# From linear sRGB to CIE XYZ under D65, and the white of D65 (IEC 61966-2-1).
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
WHITE = XYZ.sum(axis=1)


def linear(colour: Sequence[float] | Colour) -> Colour:
    """Return sRGB without its transfer curve."""
    values = np.asarray(colour, float)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def encoded(light: Colour) -> Colour:
    """Return linear light (clipped to 0..1) as sRGB: the inverse of `linear`."""
    values = np.clip(light, 0, 1)
    return np.where(values <= 0.0031308, 12.92 * values, 1.055 * values ** (1 / 2.4) - 0.055)


def luminance(colour: Sequence[float] | Colour) -> Colour:
    """Return the relative luminance of WCAG 2.2, 0 for black to 1 for white."""
    light: Colour = linear(colour) @ np.array([0.2126, 0.7152, 0.0722])
    return light


def contrast(one: Sequence[float] | Colour, other: Sequence[float] | Colour) -> Colour:
    """Return the contrast ratio of WCAG 2.2, from 1 to 21, whichever is the lighter."""
    lights = luminance(one) + 0.05, luminance(other) + 0.05
    return np.maximum(*lights) / np.minimum(*lights)


def lab(colour: Sequence[float] | Colour) -> Colour:
    """Return CIELAB (CIE 15:2004) under D65."""
    share = linear(colour) @ XYZ.T / WHITE
    cut = (6 / 29) ** 3
    f = np.where(share > cut, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def distance(one: Sequence[float] | Colour, other: Sequence[float] | Colour) -> float:
    """Return ΔE*ab, the Euclidean distance in CIELAB. About 2.3 is just noticeable."""
    return float(np.linalg.norm(lab(one) - lab(other)))


def seen_with(kind: str, colour: Sequence[float] | Colour) -> Colour:
    """Return `colour` as someone with that colour blindness sees it, by Machado et al. 2009."""
    return encoded(linear(colour) @ np.array(COLOUR_BLINDNESS[kind]).T)


def over(top: Sequence[float], ground: Sequence[float]) -> tuple[float, ...]:
    """Return what shows where `top` (red, green, blue, opacity) lies on an opaque `ground`."""
    *colour, opacity = top
    return tuple(opacity * a + (1 - opacity) * b for a, b in zip(colour, ground[:3], strict=True))


def parsed(text: str) -> tuple[float, float, float, float]:
    """Return red, green, blue and opacity (0..1) of a colour that a browser computed.

    Raises:
        ValueError: it is in neither of the forms `rgb(…)`, `rgba(…)` and `color(srgb …)`.
    """
    numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+(?:e-?\d+)?", text)]
    if text.startswith("rgb") and len(numbers) in {3, 4}:
        red, green, blue, *opacity = numbers
        return red / 255, green / 255, blue / 255, opacity[0] if opacity else 1.0
    if text.startswith("color(srgb ") and len(numbers) in {3, 4}:
        red, green, blue, *opacity = numbers
        return red, green, blue, opacity[0] if opacity else 1.0
    raise ValueError(f"not a computed colour: {text!r}")
