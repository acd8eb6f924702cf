"""A session that fills its context window."""

from addons.domain.alerts.context import ContextRule
from addons.domain.completion import Outcome
from addons.domain.events import Level
from addons.domain.settings import Settings
from tests.db.stores import MakeCompletion


def keys(rule: ContextRule, settings: Settings, make: MakeCompletion, fills: list[float | None]) -> list[str]:
    return [
        alert.key for fill in fills for alert in rule.alerts(make(context_fill=fill, context_window=1000), settings)
    ]


def test_each_crossing_is_told_once_and_the_critical_one_each_time(
    settings: Settings, make_completion: MakeCompletion
) -> None:
    fills = [0.5, 0.81, 0.82, None, 0.91, 0.3, 0.81, 0.95, 0.99]
    assert keys(ContextRule(), settings, make_completion, fills) == [
        *("context:s-1:80", "context:s-1:90", "context:s-1:80", "context:s-1:95", "context:s-1:95")
    ]


def test_the_message_has_the_figures_and_the_level_that_of_the_threshold(
    settings: Settings, make_completion: MakeCompletion
) -> None:
    rule = ContextRule()
    fields = {"context_window": 200_000, "session_name": "secret words"}
    (warning,) = rule.alerts(make_completion(context_fill=0.91, **fields), settings)
    (critical,) = rule.alerts(make_completion(context_fill=0.97, **fields), settings)
    assert warning.message == "kimi-code/kimi-for-coding: the context is 91% full (182,000 of 200,000 tokens)"
    assert (warning.level, warning.session_id, warning.provider) == (Level.WARNING, "s-1", "kimi-code")
    assert critical.level is Level.CRITICAL
    assert "secret" not in repr(critical)


def test_sessions_do_not_disarm_each_other(settings: Settings, make_completion: MakeCompletion) -> None:
    rule = ContextRule()
    first = list(rule.alerts(make_completion(context_fill=0.85), settings))
    second = list(rule.alerts(make_completion(context_fill=0.85, session_id="s-2"), settings))
    assert [alert.key for alert in first + second] == ["context:s-1:80", "context:s-2:80"]


def test_a_restart_tells_nothing_again_and_arms_what_was_below(
    settings: Settings, make_completion: MakeCompletion
) -> None:
    rule = ContextRule()
    rule.load({"s-1": 0.85})
    assert keys(rule, settings, make_completion, [0.86, 0.7, 0.86]) == ["context:s-1:80"]


def test_a_request_that_is_larger_than_the_model_takes_is_critical(
    settings: Settings, make_completion: MakeCompletion
) -> None:
    refused = make_completion(outcome=Outcome.ERROR, error_class="context", error_message="the person's words")
    (alert,) = ContextRule().alerts(refused, settings)
    assert (alert.key, alert.level) == ("refused:s-1", Level.CRITICAL)
    assert "words" not in repr(alert)
