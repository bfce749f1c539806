"""Sight: contrast, and colours as people see them whose eyes lack one of three cones.

Contrast is that of WCAG 2; colour vision deficiency is simulated by the matrices of Machado,
Oliveira and Fernandes (2009), severity 1; differences are CIE76 in L*a*b* under D65.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EYES = ("normal", "protan", "deutan", "tritan")
_SIMULATED = {
    "normal": np.eye(3),
    "protan": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deutan": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritan": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE = _TO_XYZ.sum(axis=1)
_LINEAR, _CUBE = 0.04045, (6 / 29) ** 3


def contrast(ink: str, ground: str) -> float:
    """How much two colours (#rrggbb) stand out from each other, from 1 to 21."""
    light, dark = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def difference(one: str, other: str, eyes: str = "normal") -> float:
    """How far two colours are apart to some `EYES`; about 2 can just be told."""
    return float(np.linalg.norm(_lab(one, eyes) - _lab(other, eyes)))


def _linear(colour: str) -> Floats:
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float64) / 255
    return np.where(parts <= _LINEAR, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_TO_XYZ[1] @ _linear(colour))


def _lab(colour: str, eyes: str) -> Floats:
    seen = np.clip(_SIMULATED[eyes] @ _linear(colour), 0, 1)
    share = _TO_XYZ @ seen / _WHITE
    f = np.where(share > _CUBE, np.cbrt(share), share / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
