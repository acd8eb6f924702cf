"""The settings: typed, frozen, read from TOML documents laid one over the other.

`parse` is pure; `services.settings_files` reads the files. What can be set, its unit and its default stand in `schema`.
"""

from addons.domain.settings.changes import overlay
from addons.domain.settings.documents import Document, SettingsError
from addons.domain.settings.pacing import Pacing
from addons.domain.settings.parsing import parse
from addons.domain.settings.quirks import Quirks
from addons.domain.settings.routing import Routing, Weights
from addons.domain.settings.schema import (
    Cache,
    Compression,
    Limits,
    Masking,
    Model,
    Policy,
    Price,
    Provider,
    Sessions,
    Settings,
)

__all__ = [
    "Cache",
    "Compression",
    "Document",
    "Limits",
    "Masking",
    "Model",
    "Pacing",
    "Policy",
    "Price",
    "Provider",
    "Quirks",
    "Routing",
    "Sessions",
    "Settings",
    "SettingsError",
    "Weights",
    "overlay",
    "parse",
]
