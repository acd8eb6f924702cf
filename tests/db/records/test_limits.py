"""What is known of limits."""

from dataclasses import replace

from sqlalchemy import Engine

from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from db.records import limits
from tests.db.stores import NOW_MS, Ask

SEEN = LimitSeen(
    provider="groq",
    model="m",
    kind=LimitKind.TOKENS_PER_MINUTE,
    basis=Basis.REPORTED,
    limit=8000,
    remaining=7000,
    reset_at_ms=NOW_MS + 1000,
    seen_at_ms=NOW_MS,
)


def test_the_latest_of_each_limit_is_kept(engine: Engine, ask: Ask) -> None:
    later = replace(SEEN, remaining=None, seen_at_ms=NOW_MS + 5)
    with engine.begin() as tx:
        limits.write(tx, [SEEN, replace(SEEN, basis=Basis.COUNTED, remaining=1), replace(SEEN, remaining=3)], "p-1")
        limits.write(tx, [later], "p-2")
    assert ask("SELECT model, kind, basis, remaining, seen_at_ms, proxy_id FROM limits_seen ORDER BY basis") == [
        {
            "model": "m",
            "kind": "tokens_per_minute",
            "basis": "counted",
            "remaining": 1,
            "seen_at_ms": NOW_MS,
            "proxy_id": "p-1",
        },
        {
            "model": "m",
            "kind": "tokens_per_minute",
            "basis": "reported",
            "remaining": None,
            "seen_at_ms": NOW_MS + 5,
            "proxy_id": "p-2",
        },
    ]
