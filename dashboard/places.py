"""Files of the dashboard's own."""

from pathlib import Path

DASHBOARD = Path(__file__).resolve().parent
ICON = DASHBOARD / "assets" / "icon.png"
"""The favicon: a local PNG, because anything else is fetched from another host."""
LOGO = DASHBOARD / "assets" / "logo.svg"
LOCALE = DASHBOARD / "locale"
"""The template of all texts, and a catalogue for each language but English."""
