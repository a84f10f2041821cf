"""Text on its ground, lines on their ground, and the tones of visit types for eyes that see fewer colours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

import sprechzeit

CSS = Path(sprechzeit.__file__).parent / "static" / "css"
TEXT = 4.5  # WCAG 2.2, 1.4.3
LINE = 3.0  # WCAG 2.2, 1.4.11
APART = 12.0  # CIE 1976; 2.3 is the least that can be noticed, side by side
TONES = range(1, 9)

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]

# Machado, Oliveira and Fernandes 2009, severity 1.0, for linear RGB
SIGHTS: dict[str, Matrix] = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
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
TO_XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Colour = (0.95047, 1.0, 1.08883)  # D65

ON_GROUNDS = {
    "text": ("surface", "surface-sunken", "surface-raised", "accent-soft", "problem-soft", "success-soft",
             "attention-soft", "day-closed"),
    "text-muted": ("surface", "surface-sunken", "surface-raised", "accent-soft", "day-closed"),
    "accent": ("surface", "surface-sunken", "surface-raised", "accent-soft"),
    "accent-strong": ("surface", "surface-sunken", "surface-raised", "accent-soft"),
    "on-accent": ("accent", "accent-strong"),
    "problem": ("surface", "surface-sunken", "surface-raised", "problem-soft"),
    "on-problem": ("problem",),
    "success": ("surface", "surface-raised", "success-soft"),
    "attention": ("surface", "surface-raised", "attention-soft"),
    "ink": ("paper",),
}  # fmt: skip  # lines grouped by hand
LINES = {
    "line-strong": ("surface", "surface-sunken", "surface-raised"),
    "focus": ("surface", "surface-sunken", "surface-raised"),
    "now": ("surface", "day-closed"),
}


def tokens(scheme: str) -> dict[str, str]:
    """All colours of a scheme; the dark one overrides what differs."""
    light, _, dark = (CSS / "tokens.css").read_text().partition("@media (prefers-color-scheme: dark)")
    colour = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
    assert dark
    return dict(colour.findall(light)) | (dict(colour.findall(dark)) if scheme == "dark" else {})


def linear(colour: str) -> Colour:
    """sRGB as light (IEC 61966-2-1)."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red, green, blue))


def times(matrix: Matrix, colour: Colour) -> Colour:
    return tuple(sum(a * b for a, b in zip(row, colour, strict=True)) for row in matrix)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio."""
    lighter, darker = sorted((times(TO_XYZ, linear(colour))[1] for colour in (one, other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def lab(light: Colour) -> Colour:
    """CIE L*a*b* of linear RGB."""

    def root(value: float) -> float:
        return value ** (1 / 3) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    shown = tuple(min(1.0, max(0.0, c)) for c in light)
    x, y, z = (root(c / white) for c, white in zip(times(TO_XYZ, shown), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, sight: str) -> float:
    first, second = (lab(times(SIGHTS[sight], linear(colour))) for colour in (one, other))
    return sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5


def pairs_in_rules() -> Iterator[tuple[str, str, str]]:
    """Each rule of any file that sets text and ground together: where, text, ground."""
    for file in sorted(CSS.glob("*.css")):
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", file.read_text()):
            text = re.search(r"(?<![-\w])color: var\(--([a-z0-9-]+)\)", body)
            ground = re.search(r"background(?:-color)?: var\(--([a-z0-9-]+)\)", body)
            if text and ground:
                yield f"{file.name}: {selector.strip()}", text[1], ground[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_its_ground(scheme: str) -> None:
    colours = tokens(scheme)
    pairs = [(text, ground) for text, grounds in ON_GROUNDS.items() for ground in grounds]
    pairs += [(f"tone-{tone}-text", ground) for tone in TONES for ground in (f"tone-{tone}-soft", "surface")]

    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_wherever_a_rule_sets_it_with_its_ground(scheme: str) -> None:
    colours = tokens(scheme)
    found = [rule for rule in pairs_in_rules() if rule[1] in colours and rule[2] in colours]

    weak = {place: contrast(colours[text], colours[ground]) for place, text, ground in found}

    assert len(found) >= 5
    assert {place: ratio for place, ratio in weak.items() if ratio < TEXT} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_of_controls_and_tones_can_be_seen_on_their_ground(scheme: str) -> None:
    colours = tokens(scheme)
    pairs = [(line, ground) for line, grounds in LINES.items() for ground in grounds]
    pairs += [(f"tone-{tone}-line", "surface") for tone in TONES]

    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < LINE} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_lines_of_the_eight_tones_stay_apart(scheme: str, sight: str) -> None:
    colours = tokens(scheme)

    apart = {
        (one, other): distance(colours[f"tone-{one}-line"], colours[f"tone-{other}-line"], sight)
        for one, other in combinations(TONES, 2)
    }

    assert {pair: far for pair, far in apart.items() if far < APART} == {}


def test_no_other_file_names_a_colour() -> None:
    named = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(")

    found = {file.name: named.findall(file.read_text()) for file in CSS.glob("*.css") if file.name != "tokens.css"}

    assert {name: colours for name, colours in found.items() if colours} == {}


def test_the_measures_agree_with_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert distance("#000000", "#ffffff", "usual") == pytest.approx(100, abs=0.01)
    assert lab(linear("#ff0000")) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)
    assert distance("#ff0000", "#00ff00", "deuteranopia") < distance("#ff0000", "#00ff00", "usual") / 2
