"""Altair charts as ready specs: authored once, drawn at every refresh for a tenth of the cost."""

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

from dashboard.catalogues import ENGLISH
from dashboard.charts.spelling import spelling
from dashboard.i18n import language

Spec = dict[str, Any]
READY: list[Callable[[], Spec]] = []
"""Every chart of the modules that are imported."""


def ready(author: Callable[[], Any]) -> Callable[[], Spec]:
    """A function that gives the author's chart as a Vega-Lite spec, to be drawn with rows as its only data.

    Every call gives an equal spec, one for each language, so that the browser updates the chart in place; and a copy,
    because Streamlit changes what it is given.
    """

    @cache
    def spec(language: str) -> Spec:
        made: Spec = author().to_dict()
        # Altair gives a chart without data an empty named one, under which Streamlit's rows would never be found: a
        # blank chart, and no error. Both the table of data sets and every reference to it have to go.
        made.pop("datasets", None)
        _drop_named_data(made)
        # Canvas: a sixth of SVG's DOM nodes.
        made["usermeta"] = {"embedOptions": {"renderer": "canvas", "actions": False}}
        config = made.setdefault("config", {})
        config["mark"] = {"tooltip": None}  # a mark that names no tip would show its fields, as programs call them
        if language != ENGLISH:
            config["locale"] = spelling(language)
        return made

    def drawn() -> Spec:
        return deepcopy(spec(language()))

    READY.append(drawn)
    return drawn


def _drop_named_data(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _drop_named_data(item)
    elif isinstance(node, dict):
        data = node.get("data")
        if isinstance(data, dict) and "name" in data:
            del data["name"]
            if not data:
                del node["data"]
        for item in node.values():
            _drop_named_data(item)
