"""Providers: limits, speed, errors, routing."""

from dashboard.data.asking import asks
from db.queries import limits, provider_health, routings
from db.queries.limits import LimitRow
from db.queries.provider_health import (
    DURATION,
    EDGES_MS,
    FIRST_BYTE,
    HealthFilter,
    Latency,
    LatencyStep,
    PeriodErrors,
    ProviderOutcomes,
    Times,
)
from db.queries.routings import Rerouted, Routing

limits_seen = asks(limits.limits)
answer_times = asks(provider_health.times)
provider_outcomes = asks(provider_health.outcomes)
errors_over_time = asks(provider_health.errors_over_time)
routing_decisions = asks(routings.routings)
rerouted = asks(routings.rerouted)

__all__ = [
    "DURATION",
    "EDGES_MS",
    "FIRST_BYTE",
    "HealthFilter",
    "Latency",
    "LatencyStep",
    "LimitRow",
    "PeriodErrors",
    "ProviderOutcomes",
    "Rerouted",
    "Routing",
    "Times",
    "answer_times",
    "errors_over_time",
    "limits_seen",
    "provider_outcomes",
    "rerouted",
    "routing_decisions",
]
