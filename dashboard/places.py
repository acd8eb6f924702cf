"""Files of the dashboard's own."""

from pathlib import Path

DASHBOARD = Path(__file__).resolve().parent
ICON = DASHBOARD / "assets" / "icon.png"
"""The favicon: a local PNG, because anything else is fetched from another host."""
LOGO = DASHBOARD / "assets" / "logo.svg"
