"""A prefix cache that is missed without a reason of ours."""

from typing import Any

import pytest

from addons.domain.alerts import prefix
from addons.domain.alerts.prefix import PrefixRule
from addons.domain.kinds import Kind
from addons.domain.settings import Settings
from addons.domain.usage import UsageSource
from tests.db.stores import NOW_MS, MakeCompletion

WARM = {"prompt_tokens": 10_000, "cached_tokens": 9_000, "message_count": 10, "usage_source": UsageSource.REPORTED}
MISSED = WARM | {"started_at_ms": NOW_MS + 60_000, "cached_tokens": 0, "message_count": 12}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any], bool]] = {
    "missed": (WARM, MISSED, True),
    "found": (WARM, MISSED | {"cached_tokens": 9_500}, False),
    "an epoch": (WARM, MISSED | {"epoch": True}, False),
    "cold by now": (WARM, MISSED | {"started_at_ms": NOW_MS + 301_000}, False),
    "still warm, counted from the answer's end": (
        WARM | {"duration_ms": 5_000.0},
        MISSED | {"started_at_ms": NOW_MS + 301_000},
        True,
    ),
    "never worked": (WARM | {"cached_tokens": 0}, MISSED, False),
    "another model": (WARM, MISSED | {"model": "other"}, False),
    "another provider": (WARM, MISSED | {"provider": "elsewhere"}, False),
    "messages taken out": (WARM, MISSED | {"message_count": 4}, False),
    "short": (WARM, MISSED | {"prompt_tokens": 1_999}, False),
    "not reported": (WARM, MISSED | {"cached_tokens": None}, False),
    "estimated": (WARM, MISSED | {"usage_source": UsageSource.ESTIMATED}, False),
    "empty": (WARM, MISSED | {"prompt_tokens": 0}, False),
    "another session": (WARM, MISSED | {"session_id": "s-2"}, False),
    "no session": (WARM, MISSED | {"session_id": None}, False),
    "no chat": (WARM, MISSED | {"kind": Kind.COMPACTION}, False),
}


@pytest.mark.parametrize(("before", "now", "broken"), CASES.values(), ids=CASES.keys())
def test_when_a_prefix_is_broken(
    before: dict[str, Any], now: dict[str, Any], broken: bool, settings: Settings, make_completion: MakeCompletion
) -> None:
    rule = PrefixRule()
    assert list(rule.alerts(make_completion(**before), settings)) == []
    found = list(rule.alerts(make_completion(**now), settings))
    assert [alert.key for alert in found] == (["prefix:s-1"] if broken else [])


def test_it_is_told_again_only_after_the_cache_worked_again(
    settings: Settings, make_completion: MakeCompletion
) -> None:
    rule = PrefixRule()
    cached = [9_000, 0, 0, 9_000, 0]
    found = [len(list(rule.alerts(make_completion(**WARM | {"cached_tokens": each}), settings))) for each in cached]
    assert found == [0, 1, 0, 0, 1]


def test_sessions_of_long_ago_are_forgotten(
    settings: Settings, make_completion: MakeCompletion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prefix, "REMEMBERED", 1)
    rule = PrefixRule()
    for fields in (WARM, WARM | {"session_id": "s-2"}, MISSED):
        assert list(rule.alerts(make_completion(**fields), settings)) == []
