"""What is left of the providers' limits, as the store has it."""

import os

from addons.domain.pacing.limit import Basis, LimitKind
from db.queries.limits import limits
from tests import filled

NOW_MS = 1_790_000_000_000


def test_the_latest_of_each_limit_is_there_by_provider_model_and_kind() -> None:
    made = filled.empty(os.environ["KIMI_DATABASE_URL"], NOW_MS)
    made.limit("mistral", LimitKind.REQUESTS_PER_MINUTE, 5, 60)
    made.limit("mistral", LimitKind.REQUESTS_PER_MINUTE, 4, 60)
    made.limit("mistral", LimitKind.REQUESTS_PER_MINUTE, 9, 60, basis=Basis.COUNTED)
    made.limit("kimi-code", LimitKind.QUOTA_WEEK, None, None, reset_at_ms=None)
    with made.engine.connect() as tx:
        found = [(row.provider, row.kind, row.basis, row.remaining, row.reset_at_ms) for row in limits(tx)]
    made.engine.dispose()
    reset_ms = NOW_MS + filled.HOUR_MS // 2
    assert found == [
        ("kimi-code", "quota_week", "reported", None, None),
        ("mistral", "requests_per_minute", "counted", 9, reset_ms),
        ("mistral", "requests_per_minute", "reported", 4, reset_ms),
    ]
