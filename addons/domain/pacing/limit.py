"""What a provider limits, and what is known about one limit."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from addons.domain.settings import Limits


class LimitKind(StrEnum):
    """The first four are settings of the same name."""

    REQUESTS_PER_MINUTE = "requests_per_minute"
    REQUESTS_PER_DAY = "requests_per_day"
    TOKENS_PER_MINUTE = "tokens_per_minute"
    CONCURRENCY = "concurrency"
    TOKENS_PER_DAY = "tokens_per_day"
    TOKENS_PER_MONTH = "tokens_per_month"
    QUOTA_5_HOURS = "quota_5_hours"
    """Kimi Code's rolling windows; what they count is the provider's secret."""
    QUOTA_WEEK = "quota_week"
    QUOTA_MONTH = "quota_month"
    QUOTA_MONTH_CODE = "quota_month_code"


MINUTE_S, DAY_S = 60, 86_400

PERIOD_S: Mapping[LimitKind, int] = MappingProxyType(
    {
        LimitKind.REQUESTS_PER_MINUTE: MINUTE_S,
        LimitKind.REQUESTS_PER_DAY: DAY_S,
        LimitKind.TOKENS_PER_MINUTE: MINUTE_S,
        LimitKind.TOKENS_PER_DAY: DAY_S,
    }
)
"""Seconds over which a kind is counted; the others are not counted here."""

TOKENS = frozenset({LimitKind.TOKENS_PER_MINUTE, LimitKind.TOKENS_PER_DAY, LimitKind.TOKENS_PER_MONTH})


class Basis(StrEnum):
    """Whose number it is."""

    REPORTED = "reported"
    """By the provider, in a header, an error or an answer about quotas."""
    COUNTED = "counted"
    """Here, against the limit in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a provider said about one limit of the one who asked; None where it did not say."""

    kind: LimitKind
    limit: int | None = None
    remaining: int | None = None
    reset_at_ms: int | None = None
    """When `remaining` is `limit` again, in milliseconds since 1970-01-01 UTC."""
    refills: bool = False
    """Whether it fills up steadily until then; else all at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSeen:
    """The latest about one limit, as it is kept for the pages: of whichever key was used last.

    What is kept to is each key's own (`lane.Lane`); a row for each would have to name the keys in the store.
    """

    provider: str
    model: str
    """"" where all models of the account share the limit."""
    kind: LimitKind
    basis: Basis
    limit: int | None
    remaining: int | None
    reset_at_ms: int | None
    full_at_ms: int | None = None
    """When the limit will be reached, should it go on like this; None: not before it is reset."""
    seen_at_ms: int


def limits_of(limits: Limits) -> dict[LimitKind, int]:
    """The settings that are set."""
    found = {
        LimitKind.REQUESTS_PER_MINUTE: limits.requests_per_minute,
        LimitKind.REQUESTS_PER_DAY: limits.requests_per_day,
        LimitKind.TOKENS_PER_MINUTE: limits.tokens_per_minute,
        LimitKind.CONCURRENCY: limits.concurrency,
    }
    return {kind: limit for kind, limit in found.items() if limit is not None}
