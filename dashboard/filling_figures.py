"""What fills the context window, part by part: same composition, same figures. No Streamlit, no clock."""

from typing import Any

from addons.domain.composition import Composition, Large
from addons.domain.shares import PARTS, TOOL_RESULTS
from dashboard.charts.series import SERIES
from dashboard.data import LiveRow
from dashboard.excerpts import sendable
from dashboard.i18n import _

TOOLS_SHOWN = 8
"""Tools named under the tool results; what others returned is summed up."""
BAND = (0.0, 0.68)
"""From top to bottom, in shares of the bar's height: what the tokens are."""
NEW_BAND = (0.8, 1.0)
"""Below it: which of them are new in this request."""


def bars(found: Composition, fill: float | None) -> list[dict[str, Any]]:
    """Rows of the context bar; empty where the fill is not known.

    The parts are estimates and the fill may be reported, so shares of the estimate are spread over the fill.
    """
    total = sum(found.parts.values())
    if fill is None or not total:
        return []
    rows, start = [], 0.0
    for part in PARTS:
        if count := found.parts.get(part, 0):
            rows.append(_bar(part, start, count, count / total * fill, BAND))
            start += count / total * fill
    new = found.overview.get("new", 0)
    width = new / total * fill
    return [*rows, _bar("new", start - width, new, width, NEW_BAND)]


def coarse_bars(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of `figures.composition`, for a request whose parts are not recorded."""
    return [row | {"top": BAND[0], "bottom": BAND[1]} for row in rows]


def _bar(part: str, start: float, count: int, share: float, band: tuple[float, float]) -> dict[str, Any]:
    return {"part": part, "name": _(SERIES[part]), "start": start, "end": start + share, "tokens": count,
            "share": share, "top": band[0], "bottom": band[1]}  # fmt: skip


def table(found: Composition, row: LiveRow) -> list[dict[str, Any]]:
    """Each part with its tokens and its shares of the prompt and of the window (per cent); results by tool below
    their sum, and at the end the total.
    """
    total = sum(found.parts.values())
    lines = []
    for part in PARTS:
        if count := found.parts.get(part, 0):
            lines.append((_(SERIES[part]), count))
            lines += _by_tool(found) if part == TOOL_RESULTS else []
    lines.append((_("Total"), total))
    window = row.context_window
    scale = (row.context_fill or 0) / total if window and total and row.context_fill is not None else None
    return [
        {"part": name, "tokens": count, "share": 100 * count / total if total else None,
         "window": None if scale is None else 100 * count * scale}
        for name, count in lines
    ]  # fmt: skip


def _by_tool(found: Composition) -> list[tuple[str, int]]:
    """The tools that returned most, the others together, and what the chat template puts around all of them."""
    tools = list(found.tools.items())
    named = [(sendable(name) or _("tool not named"), count) for name, count in tools[:TOOLS_SHOWN]]
    others, around = sum(count for _name, count in tools[TOOLS_SHOWN:]), found.parts[TOOL_RESULTS]
    around -= sum(found.tools.values())
    if others:
        named.append((_("{n} other tools").format(n=len(tools) - TOOLS_SHOWN), others))
    if around > 0 and named:
        named.append((_("around the results"), around))
    return [("      " + name, count) for name, count in named]


def place(index: int) -> str:
    """Of a message in its request, counted from 1."""
    return _("system instruction") if index < 0 else _("message {n}").format(n=index + 1)


def large(message: Large, total: int) -> dict[str, Any]:
    """One of the largest messages as a row of a table; `total`: tokens of the whole prompt."""
    return {
        "place": place(message.index),
        "what": _(SERIES.get(message.what, "")),
        "tool": sendable(message.tool),
        "tokens": message.tokens,
        "share": 100 * message.tokens / total if total else None,
    }
