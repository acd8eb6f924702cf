"""What a filled store also has where sessions were compressed, and where the IDE's logs are followed."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from addons.domain.compression.summary import HEURISTIC, Summary, Trigger
from addons.domain.continue_log.event import LogEvent, LogKind, as_event
from addons.domain.events import Event, Level
from db import writing
from db.models import Completion
from tests.filled import HOSTILE, MINUTE_MS, WINDOW, Filler

WRITERS = ((HEURISTIC, Trigger.PRESSURE), ("kimi-for-coding", Trigger.BY_HAND), ("kimi-for-coding", Trigger.COLD))
COST_USD = 0.0214
"""Of each summary that a model wrote."""
LINES: tuple[tuple[str, LogKind, str, str, int | None, dict[str, float | str]], ...] = (
    ("core.log", LogKind.ERROR, "Error: 429 Rate limit reached", "rate", 429, {}),
    ("core.log", LogKind.CONTEXT, "", "context", None, {"context_length": 262144.0, "tools": 9800.0, "system": 5200.0}),
    ("core.log", LogKind.WARNING, HOSTILE, "", None, {"quoted": HOSTILE}),
    ("cn.log", LogKind.ERROR, "Error: fetch failed \ud800", "network", None, {}),
    ("core.log", LogKind.RETRY, "", "rate", None, {"wait_s": 2.0}),
    ("core.log", LogKind.STARTED, "", "", None, {}),
)
"""Log, kind, what it says, class of the error, status, other figures; all but the last two lines in five minutes."""


def compressed(store: Filler, session_id: str, count: int = 3, **fields: Any) -> list[Summary]:
    """A session compressed so many times, 45 minutes apart, the last time by its latest request but two."""
    latest = select(Completion.started_at_ms).where(Completion.session_id == session_id)
    with store.engine.connect() as tx:
        last_ms = tx.scalars(latest.order_by(Completion.id.desc()).limit(3)).all()[-1]
    made = [
        replace(_summary(session_id, place, last_ms - (count - 1 - place) * 45 * MINUTE_MS, place == count - 1),
                **fields)
        for place in range(count)
    ]  # fmt: skip
    steps = [
        Event(at_ms=one.created_at_ms, kind="compression", session_id=session_id,
              message=f"{one.messages} messages are now a summary ({one.trigger})", data={"step": "made"})
        for one in made
    ]  # fmt: skip
    failed = Event(at_ms=last_ms + MINUTE_MS, kind="compression", level=Level.WARNING, session_id=session_id,
                   message=f"no model wrote the summary: {HOSTILE}", data={"step": "failed"})  # fmt: skip
    with store.engine.begin() as tx:
        writing.write(tx, [*made, *steps, failed], "p-1")
    for one in made:
        if one.writer != HEURISTIC:
            store.request(session_id, kind="compression", started_at_ms=one.created_at_ms + 1_500, cost_usd=COST_USD)
    return made


def _summary(session_id: str, place: int, at_ms: int, active: bool) -> Summary:
    writer, trigger = WRITERS[place % len(WRITERS)]
    return Summary(
        session_id=session_id, created_at_ms=at_ms, keys=bytes(16) * 20, text=summary_text(place), writer=writer,
        trigger=trigger, kept_exchanges=5, messages=20 + 14 * place, tokens_before=150_000 + 9_000 * place,
        tokens_after=480, prompt_tokens_before=215_000 + 6_000 * place, context_window=WINDOW,
        cost_usd=None if writer == HEURISTIC else COST_USD, active=active,
    )  # fmt: skip


def summary_text(place: int) -> str:
    """Some lines such as a summary has, one of which a browser must not fetch."""
    steps = [f"- changed src/orders/part_{number}.py: paging by cursor" for number in range(8 + 4 * place)]
    return "\n".join(["Goal: the orders endpoint answers in pages.", *steps, HOSTILE, "Open: a test of the last page"])


def logs(store: Filler, session_id: str) -> None:
    """The lines of the IDE's logs, and its counts of a session's requests and of one that went elsewhere."""
    lines = [
        LogEvent(log=log, kind=kind, at_ms=store.now_ms - place * MINUTE_MS, message=message, model="kimi-for-coding",
                 error_class=error, status=status, operation="llm/streamChat", figures=figures)
        for place, (log, kind, message, error, status, figures) in enumerate(LINES)
    ]  # fmt: skip
    store.request(session_id, status=429, outcome="error", error_class="rate", usage_source="estimated",
                  started_at_ms=store.now_ms - 2_000, duration_ms=1_500.0)  # fmt: skip
    counted = {
        "logged_prompt_tokens": Completion.prompt_tokens_before * 10 // 9 + Completion.id % 7 * 900,
        "prompt_tokens_sent": Completion.prompt_tokens_sent - Completion.id % 5 * 700,
        "logged_completion_tokens": Completion.completion_tokens, "logged_at_ms": store.now_ms,
    }  # fmt: skip
    answered = update(Completion).where(Completion.session_id == session_id, Completion.outcome == "ok",
                                       Completion.kind == "chat")  # fmt: skip
    with store.engine.begin() as tx:
        writing.write(tx, [as_event(line) for line in lines], "p-1")
        tx.execute(answered.values(counted))
    store.request(None, source="logs", usage_source="logged", prompt_tokens=None, prompt_tokens_before=None,
                  prompt_tokens_sent=None, logged_prompt_tokens=8_400, logged_completion_tokens=210,
                  logged_at_ms=store.now_ms, model=HOSTILE)  # fmt: skip
