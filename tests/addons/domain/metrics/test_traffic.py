"""What a call counts as."""

from addons.domain.alerts.alert import Alert
from addons.domain.completion import Outcome
from addons.domain.events import Event, Level
from addons.domain.metrics.traffic import Traffic
from tests.conftest import MakeCompletion

KIMI = 'provider="kimi-code",model="kimi-for-coding"'


def test_a_call_counts_in_every_figure_that_is_known(make_completion: MakeCompletion) -> None:
    traffic = Traffic()
    traffic.see(
        make_completion(
            prompt_tokens=1000,
            cached_tokens=800,
            completion_tokens=50,
            masked_tokens_saved=300,
            cost_usd=0.5,
            ttfb_ms=120.0,
            overhead_ms=2.0,
            context_fill=0.85,
        )
    )
    text = traffic.text()
    for line in (
        f'kimi_requests_total{{{KIMI},kind="chat",outcome="ok"}} 1',
        f"kimi_prompt_tokens_total{{{KIMI}}} 1000",
        f"kimi_cached_tokens_total{{{KIMI}}} 800",
        f'kimi_saved_tokens_total{{{KIMI},by="masking"}} 300',
        f"kimi_cost_usd_total{{{KIMI}}} 0.5",
        f"kimi_ttfb_seconds_sum{{{KIMI}}} 0.12",
        f'kimi_overhead_seconds_bucket{{{KIMI},le="0.0025"}} 1',
        f'kimi_context_fill_ratio_bucket{{{KIMI},le="0.8"}} 0',
    ):
        assert f"{line}\n" in text
    assert "kimi_duration_seconds_count" not in text and "kimi_unpriced_requests_total{" not in text


def test_a_refusal_counts_by_its_class(make_completion: MakeCompletion) -> None:
    traffic = Traffic()
    traffic.see(make_completion(status=429, outcome=Outcome.ERROR, error_class="rate", routed_from="groq/x"))
    text = traffic.text()
    assert f'kimi_errors_total{{{KIMI},class="rate"}} 1' in text and f"kimi_rate_limited_total{{{KIMI}}} 1" in text
    assert f"kimi_routed_total{{{KIMI}}} 1" in text and f"kimi_unpriced_requests_total{{{KIMI}}} 1" in text


def test_alerts_and_events_count_by_rule_and_kind() -> None:
    traffic = Traffic()
    traffic.see(Alert(key="context:s-1", at_ms=1, level=Level.CRITICAL, message="secret text"))
    traffic.see(Event(at_ms=1, kind="epoch", message="secret text"))
    traffic.lost(3)
    traffic.lost(5)
    text = traffic.text()
    assert 'kimi_alerts_total{rule="context",level="critical"} 1' in text
    assert 'kimi_events_total{kind="epoch",level="info"} 1' in text
    assert "kimi_recorder_dropped_records_total 5\n" in text and "secret" not in text


def test_a_key_in_the_place_of_a_model_is_not_shown(make_completion: MakeCompletion) -> None:
    traffic = Traffic()
    traffic.see(make_completion(model="sk-kimi-abcdefghijklmnop1234567890"))
    assert "abcdefghijklmnop" not in traffic.text()
