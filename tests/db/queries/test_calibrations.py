"""How far off estimates are; that calibrations are read as written is in records/test_calibrations."""

from typing import Any

from sqlalchemy import Engine

from addons.domain.completion import Completion, Outcome
from addons.domain.kinds import Kind
from addons.domain.usage import UsageSource
from db.queries.calibrations import EstimateError, estimate_errors
from db.writing import write
from tests.db.stores import NOW_MS


def completion(sent: int | None, calibrated: int | None, reported: int | None, **fields: Any) -> Completion:
    usual: dict[str, Any] = {
        "session_id": None,
        "started_at_ms": NOW_MS,
        "provider": "acme",
        "model": "large",
        "kind": Kind.CHAT,
        "stream": True,
        "outcome": Outcome.OK,
        "prompt_tokens_sent": sent,
        "prompt_tokens_calibrated": calibrated,
        "prompt_tokens": reported,
        "usage_source": UsageSource.REPORTED,
    }
    return Completion(**(usual | fields))


def test_errors_are_of_what_was_reported_before_and_after_calibration(engine: Engine) -> None:
    records = [
        completion(900, 1_000, 1_000),
        completion(1_300, 1_200, 1_000),
        completion(900, 990, 900, model="small"),
        completion(1, 1, 1_000, usage_source=UsageSource.ESTIMATED),
        completion(1, 1, 1_000, kind=Kind.TITLE),
        completion(1, 1, 1_000, outcome=Outcome.ERROR),
        completion(1, 1, 1_000, started_at_ms=NOW_MS - 1),
        completion(1, None, 1_000),
        completion(1, 1, 0),
    ]
    with engine.begin() as tx:
        write(tx, records, "p-1")
    with engine.connect() as tx:
        large, small = estimate_errors(tx, NOW_MS)
    assert large == EstimateError(provider="acme", model="large", requests=2, before=0.2, after=0.1)
    assert (small.model, small.before, round(small.after, 9)) == ("small", 0.0, 0.1)
