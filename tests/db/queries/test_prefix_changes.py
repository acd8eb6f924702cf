"""How often a session changed what it had sent before."""

import os

from addons.domain.compression.summary import Summary, Trigger
from db import writing
from db.queries.prefix_changes import PrefixChanges, prefix_changes
from tests import filled

NOW_MS = 1_790_000_000_000


def test_changes_of_the_sessions_own_are_counted() -> None:
    filler = filled.empty(os.environ["KIMI_DATABASE_URL"], NOW_MS)
    for number in (0, 1):
        session_id = filler.session(number, requests=5, age_ms=0)
        filler.epoch(session_id, NOW_MS - 60_000)
    filler.epoch("s-0000", NOW_MS)
    filler.epoch(None, NOW_MS)
    summary = Summary(
        session_id="s-0001", created_at_ms=NOW_MS, keys=b"", text="", request="", writer="heuristic",
        trigger=Trigger.PRESSURE, kept_exchanges=5, messages=9, tokens_before=9, tokens_after=1,
        prompt_tokens_before=9, context_window=None, cost_usd=None, active=True,
    )  # fmt: skip
    with filler.engine.begin() as tx:
        writing.write(tx, [summary], "p-1")
    with filler.engine.connect() as tx:
        assert prefix_changes(tx, "s-0000") == PrefixChanges(epochs=2, summaries=0)
        assert prefix_changes(tx, "s-0001") == PrefixChanges(epochs=1, summaries=1)
        assert prefix_changes(tx, "none") == PrefixChanges(epochs=0, summaries=0)
    filler.engine.dispose()
