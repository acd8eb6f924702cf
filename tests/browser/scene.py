"""What the browser's tests look at: a store in which every page has something of every kind, hostile texts included."""

from addons.domain.events import Event
from addons.domain.pacing.limit import Basis, LimitKind
from db import writing
from tests import filled, told
from tests.filled import HOSTILE, HOUR_MS, Filler

WORSE = f"{HOSTILE} [a](javascript:alert(1)) <a href=http://evil.example/c>d</a> http://evil.example/e"
AS_LONG_MS = 24 * HOUR_MS
"""As tests may take, on whatever machine."""
TOLD = "s-0008"
"""The session that was compressed, and that the IDE's log tells of."""


def stage(url: str, now_ms: int) -> Filler:
    """The filled store; after it what other pages show. A proxy stays alive, and limits are not reset."""
    store = filled.fill(url, now_ms)
    told.compressed(store, TOLD)
    told.compressed(store, "s-0002", count=1, writer=WORSE)
    told.logs(store, TOLD)
    store.request("s-0002", model=WORSE, kind="chat", routed_from="mistral/ministral-8b-latest", project=WORSE,
                  outcome="error", error_class="server", error_message=WORSE, status=500)  # fmt: skip
    moved = Event(at_ms=now_ms, kind="routing", session_id="s-0002", message=WORSE)
    with store.engine.begin() as tx:
        writing.write(tx, [moved], "p-1")
    lasting = {"reset_at_ms": now_ms + AS_LONG_MS}
    store.limit("mistral", LimitKind.TOKENS_PER_MINUTE, 450_000, 500_000, basis=Basis.COUNTED, **lasting)
    store.limit("kimi-code", LimitKind.QUOTA_5_HOURS, 22, 100, **lasting)
    store.limit("groq", LimitKind.REQUESTS_PER_MINUTE, 1, 30, model=WORSE, **lasting)
    store.alert("The context window of a session is 91 % full", level="critical", session_id="s-0003")
    store.alert(WORSE, key=WORSE, provider=WORSE[:60], send_error=WORSE, at_ms=now_ms - HOUR_MS)
    store.heartbeat(now_ms + AS_LONG_MS, proxy_id="p-2")
    return store
