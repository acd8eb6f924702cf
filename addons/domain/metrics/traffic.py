"""What is counted of the calls for Prometheus. Nothing here is a text of a conversation; sessions are no label."""

from addons.domain.alerts.alert import Alert
from addons.domain.completion import Completion
from addons.domain.events import Event
from addons.domain.metrics.families import Counter, Family, Gauge, Histogram
from addons.domain.scrub import scrub

MODEL = ("provider", "model")
SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""From an answer of a cache to the longest a client waits."""
OWN_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
FILLS = (0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
TOO_MANY = 429


class Traffic:
    """Fed with what is recorded, from one thread at a time; `text` is what Prometheus reads."""

    def __init__(self) -> None:
        self.requests = Counter("kimi_requests_total", "Calls that have ended.", (*MODEL, "kind", "outcome"))
        self.errors = Counter("kimi_errors_total", "Calls that failed, by the class of the error.", (*MODEL, "class"))
        self.limited = Counter("kimi_rate_limited_total", "Answers with status 429.", MODEL)
        self.routed = Counter("kimi_routed_total", "Calls that went to another model than asked for.", MODEL)
        self.prompt = Counter("kimi_prompt_tokens_total", "Prompt tokens, the cached ones included.", MODEL)
        self.cached = Counter("kimi_cached_tokens_total", "Prompt tokens served from the prefix cache.", MODEL)
        self.completion = Counter("kimi_completion_tokens_total", "Tokens generated, reasoning included.", MODEL)
        self.saved = Counter("kimi_saved_tokens_total", "Tokens kept out of requests, estimated.", (*MODEL, "by"))
        self.cost = Counter("kimi_cost_usd_total", "US dollars, where the price is known.", MODEL)
        self.unmodified = Counter("kimi_cost_unmodified_usd_total", "US dollars that it would have cost.", MODEL)
        self.unpriced = Counter("kimi_unpriced_requests_total", "Calls whose price is not known.", MODEL)
        self.ttfb = Histogram("kimi_ttfb_seconds", "To the answer's first byte.", MODEL, SECONDS)
        self.duration = Histogram("kimi_duration_seconds", "To the answer's end.", MODEL, SECONDS)
        self.waits = Histogram("kimi_rate_wait_seconds", "Waited for a rate limit.", MODEL, SECONDS)
        self.overhead = Histogram("kimi_overhead_seconds", "Our own share before forwarding.", MODEL, OWN_SECONDS)
        self.fill = Histogram("kimi_context_fill_ratio", "Share of the context window in use.", MODEL, FILLS)
        self.alerts = Counter("kimi_alerts_total", "Alerts, by their rule.", ("rule", "level"))
        self.events = Counter("kimi_events_total", "Events, by their kind.", ("kind", "level"))
        self.queued = Gauge("kimi_recorder_queue_records", "Records that wait to be written.")
        self.dropped = Counter("kimi_recorder_dropped_records_total", "Records that will never be written.")
        self.in_flight = Gauge("kimi_in_flight_requests", "Calls under way.")
        self.waiting = Gauge("kimi_waiting_requests", "Calls that wait for a rate limit.")
        self.started = Gauge("kimi_start_time_seconds", "When the proxy started, since 1970.")
        self.build = Gauge("kimi_build_info", "What runs.", ("schema", "mitmproxy", "python"))
        self._dropped_before = 0

    def see(self, record: object) -> None:
        if isinstance(record, Completion):
            self._call(record)
        elif isinstance(record, Alert):
            self.alerts.add(1, record.rule, record.level)
        elif isinstance(record, Event):
            self.events.add(1, record.kind, record.level)

    def lost(self, records: int) -> None:
        """So many since the start."""
        self.dropped.add(max(0, records - self._dropped_before))
        self._dropped_before = records

    def text(self) -> str:
        families = (family for family in vars(self).values() if isinstance(family, Family))
        return "\n".join(line for family in families for line in family.lines()) + "\n"

    def _call(self, call: Completion) -> None:
        of = (call.provider, scrub(call.model))
        self.requests.add(1, *of, call.kind, call.outcome)
        if call.error_class:
            self.errors.add(1, *of, call.error_class)
        if call.status == TOO_MANY:
            self.limited.add(1, *of)
        if call.routed_from:
            self.routed.add(1, *of)
        self.prompt.add(call.prompt_tokens, *of)
        self.cached.add(call.cached_tokens, *of)
        self.completion.add(call.completion_tokens, *of)
        self.saved.add(call.masked_tokens_saved or None, *of, "masking")
        self.saved.add(call.compressed_tokens_saved or None, *of, "compression")
        self.cost.add(call.cost_usd, *of)
        self.unmodified.add(call.cost_unmodified_usd, *of)
        self.unpriced.add(1 if call.cost_usd is None else None, *of)
        self.ttfb.observe(_seconds(call.ttfb_ms), *of)
        self.duration.observe(_seconds(call.duration_ms), *of)
        self.waits.observe(_seconds(call.rate_wait_ms), *of)
        self.overhead.observe(_seconds(call.overhead_ms), *of)
        self.fill.observe(call.context_fill, *of)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000
