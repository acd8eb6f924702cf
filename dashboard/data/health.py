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
)
from db.queries.routings import Rerouted, Routing

limits_seen = asks(limits.limits)
latencies = asks(provider_health.latencies)
latency_distribution = asks(provider_health.distribution)
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
    "errors_over_time",
    "latencies",
    "latency_distribution",
    "limits_seen",
    "provider_outcomes",
    "rerouted",
    "routing_decisions",
]
