import tomllib
from pathlib import Path

import pytest

from dashboard.charts.series import PARTS, SERIES, colour, lookup

CONFIG = Path(__file__).parents[3] / "dashboard" / ".streamlit" / "config.toml"


def luminance(colour: str) -> float:
    """WCAG 2 relative luminance of #rrggbb."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_series_has_a_colour_that_stands_out(mode: str) -> None:
    """WCAG 2 asks 4.5:1 of text; 3:1 of graphics, which here are told by their place and the legend too."""
    theme = tomllib.loads(CONFIG.read_text())["theme"][mode]
    colours = theme["chartCategoricalColors"]
    assert len(colours) == len(set(colours)) == len(SERIES)
    for hue in colours:
        assert contrast(hue, theme["backgroundColor"]) >= 2.5, hue
    for name in ("textColor", "linkColor", "primaryColor", "redColor", "orangeColor", "greenColor", "grayColor"):
        assert contrast(theme[name], theme["backgroundColor"]) >= 4.5, name


def test_a_series_keeps_its_place_in_the_palette() -> None:
    encoded = colour("part", PARTS).to_dict()
    assert encoded["scale"]["domain"] == list(SERIES)
    assert encoded["legend"]["values"] == list(PARTS)


def test_a_name_with_an_apostrophe_stays_one_name() -> None:
    assert lookup(["new"], {"new": "L'échange"}) == '{"new": "L\'échange"}'
