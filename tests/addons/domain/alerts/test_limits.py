"""Rate limits and quotas."""

from typing import Any

import pytest

from addons.domain.alerts.limits import LimitRule, near
from addons.domain.completion import Outcome
from addons.domain.events import Event, Level
from addons.domain.kinds import Kind
from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from addons.domain.settings import Settings
from tests.db.stores import MakeCompletion

CASES: dict[str, tuple[dict[str, Any], list[tuple[str, Level]]]] = {
    "fine": ({}, []),
    "refused": (
        {"status": 429, "outcome": Outcome.ERROR, "error_class": "rate"},
        [("rate:kimi-code", Level.WARNING)],
    ),
    "too long a wait": (
        {"outcome": Outcome.BLOCKED, "error_class": "rate"},
        [("wait:kimi-code", Level.WARNING)],
    ),
    "an autocomplete that gave way": (
        {"outcome": Outcome.BLOCKED, "error_class": "rate", "kind": Kind.AUTOCOMPLETE},
        [],
    ),
    "a long wait": ({"rate_wait_ms": 30_000.0}, [("wait:kimi-code", Level.WARNING)]),
    "a short wait": ({"rate_wait_ms": 29_000.0}, []),
    "quota": (
        {"status": 403, "outcome": Outcome.ERROR, "error_class": "quota"},
        [("quota:kimi-code", Level.CRITICAL)],
    ),
    "another error": ({"status": 500, "outcome": Outcome.ERROR, "error_class": "overload"}, []),
}


@pytest.mark.parametrize(("fields", "alerts"), CASES.values(), ids=CASES.keys())
def test_completions(
    fields: dict[str, Any], alerts: list[tuple[str, Level]], settings: Settings, make_completion: MakeCompletion
) -> None:
    found = LimitRule().alerts(make_completion(**fields), settings)
    assert [(alert.key, alert.level) for alert in found] == alerts


def seen(remaining: int | None, kind: LimitKind = LimitKind.QUOTA_WEEK, limit: int | None = 100) -> LimitSeen:
    return LimitSeen(
        provider="kimi-code",
        model="",
        kind=kind,
        basis=Basis.REPORTED,
        limit=limit,
        remaining=remaining,
        reset_at_ms=None,
        seen_at_ms=5,
    )


def test_a_quota_is_told_when_it_is_nearly_used_up_and_when_it_is() -> None:
    rule = LimitRule()
    remaining = [50, 9, 5, 0, 0, 100, 8]
    found = [alert for each in remaining for alert in rule.seen(seen(each))]
    assert [(alert.key.removeprefix("quota:kimi-code:"), alert.level) for alert in found] == [
        ("quota_week:90", Level.WARNING),
        ("quota_week:100", Level.CRITICAL),
        ("quota_week:90", Level.WARNING),
    ]
    assert found[0].message == "kimi-code: 91% of quota week used"


@pytest.mark.parametrize(
    "limit",
    [seen(0, LimitKind.REQUESTS_PER_MINUTE), seen(None), seen(0, limit=None), seen(0, limit=0)],
    ids=["a minute's", "not told what is left", "nor of what", "of nothing"],
)
def test_other_limits_are_not(limit: LimitSeen) -> None:
    assert list(LimitRule().seen(limit)) == []


def test_a_limit_that_is_near_is_information() -> None:
    data = {"provider": "groq", "model": "m", "kind": "requests_per_minute", "used": 27, "limit": 30}
    (alert,) = near(Event(at_ms=5, kind="rate_limit", message="other words", data=data))
    assert (alert.key, alert.level) == ("near:groq:requests_per_minute", Level.INFO)
    assert alert.message == "groq: 27 of 30 requests per minute used"
