"""What each page has to show over the staged store: its charts in their colours, and figures as the store has them."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from addons.domain.continue_log.event import EVENT_KIND
from dashboard import format
from dashboard.charts.cache_share import HUES
from dashboard.charts.headroom import COLOURS
from db.alert_tables import Alert
from db.models import Completion, Event, Heartbeat, RollupHour, Session, SessionOriginal, Summary


class Shown(NamedTuple):
    address: str
    charts: Mapping[str, tuple[str, ...]]
    """By key: the series, or colours, that have to be seen."""
    texts: Callable[[Connection], list[str]]
    """What stands on the page, made from the store's rows."""
    hostile: bool = True
    """Whether captured names and texts are on it."""


PARTS = ("system", "tools", "memory", "files", "tool_results", "assistant")
TIMES = ("first", "stream")
SIDES = {f"{what}-of-sides": ("left", "right") for what in ("parts", "fills", "sizes", "costs")}


def _count(query: Select[Any], words: str) -> Callable[[Connection], list[str]]:
    return lambda tx: [words.format(n=tx.scalar(query))]


def _session(tx: Connection, session_id: str = "s-0000") -> list[str]:
    row = tx.execute(select(Session).where(Session.id == session_id)).one()
    return [format.percent(row.context_fill), str(row.turns), format.percent(row.memory_ratio),
            *([] if row.unpriced else [format.usd(row.cost_usd)]), format.tokens(row.saved_tokens)]  # fmt: skip


def _both(tx: Connection) -> list[str]:
    return _session(tx, "s-0002") + _session(tx, "s-0003")


def _turn(tx: Connection) -> list[str]:
    row = tx.execute(select(Completion).where(Completion.id == 58)).one()
    return [format.percent(row.context_fill), format.tokens(row.prompt_tokens), format.usd(row.cost_usd),
            format.tokens(row.masked_tokens_saved + row.compressed_tokens_saved)]  # fmt: skip


def _usage(tx: Connection) -> list[str]:
    cost, requests = tx.execute(select(func.sum(RollupHour.cost_usd), func.sum(RollupHour.completions))).one()
    return [f"≥ {format.usd(cost)}", format.tokens(requests)]


def _savings(tx: Connection) -> list[str]:
    kept = func.sum(Completion.prompt_tokens_before - Completion.prompt_tokens_sent)
    return [format.tokens(tx.scalar(select(kept).where(Completion.outcome == "ok")))]


def _memory(tx: Connection) -> list[str]:
    held = select(func.sum(Completion.memory_tokens)).where(Completion.session_id == "s-0002")
    return [format.tokens(tx.scalar(held.where(Completion.outcome == "ok")))]


_OF_LOG = select(func.count()).select_from(Event).where(Event.kind == EVENT_KIND)
_SESSIONS = select(func.count()).select_from(Session).where(Session.deleted_at_ms.is_(None))
_REQUESTS = select(func.count()).select_from(Completion)
_MASKED = select(func.count()).select_from(SessionOriginal).where(SessionOriginal.session_id == "s-0002")
_SUMMARIES = select(func.count()).select_from(Summary)
_ALERTS = select(func.count()).select_from(Alert)

SHOWN = {
    "session.py": Shown("/?session=s-0000", {
        "context": PARTS, "input": ("cached", "fresh"), "output": ("output", "reasoning"),
        "fill": ("history", "memory"), "estimates": ("sent",)}, _session),
    "sessions.py": Shown("/sessions?period=all", {}, _count(_SESSIONS, "{n} sessions")),
    "compare.py": Shown("/compare?left=s-0002&right=s-0003", SIDES, _both),
    "requests.py": Shown("/requests?period=all", {}, _count(_REQUESTS, "{n} requests")),
    "turn.py": Shown("/turn?id=58", {"parts": PARTS, "timings": TIMES}, _turn),
    "usage.py": Shown("/usage?period=all", {"cost": HUES[1:4:2], "tokens": HUES[:4],
                      "compared": ("sent", "before", "fresh")}, _usage),
    "savings.py": Shown("/savings?period=all", {"waterfall": ("before", "masked", "sent"),
                        "cache": HUES[:1], "net": ("gain",)}, _savings),
    "memory.py": Shown("/memory?period=all&of=s-0002", {"memory": ("memory",), "sources": ("memory", "fresh")},
                       _memory),
    "masked.py": Shown("/masked?period=all&of=s-0002", {}, _count(_MASKED, "{n} masked")),
    "compression.py": Shown("/compression?period=all", {"compressions": ("before", "compressed", "sent")},
                            _count(_SUMMARIES, "{n}")),
    "ide_log.py": Shown("/ide_log?period=all", {"errors": ("sent", "fresh")}, _count(_OF_LOG, "{n} events")),
    "limits.py": Shown("/limits?period=all", {"headroom": tuple(COLOURS.values()), "first-byte": HUES[:4],
                       "duration": HUES[:4], "errors": HUES[:1]}, lambda _tx: ["3.3%", "2"]),
    "alerts.py": Shown("/alerts?period=all", {}, _count(_ALERTS, "{n} alerts")),
    "settings.py": Shown("/settings", {}, lambda _tx: ["keep_recent"], hostile=False),
    "set_up.py": Shown("/set_up", {}, _count(select(Heartbeat.listen).limit(1), "It listens on {n}"), hostile=False),
}  # fmt: skip
"""By the page's file."""
