"""Rate limits and quotas: refused by one, long waits for one, and one that is nearly used up."""

from collections.abc import Iterator

from addons.domain.alerts.alert import Alert
from addons.domain.alerts.crossings import Crossings
from addons.domain.completion import Completion, Outcome
from addons.domain.events import Event, Level
from addons.domain.kinds import Kind
from addons.domain.pacing.limit import LimitKind, LimitSeen
from addons.domain.provider_errors import ErrorClass
from addons.domain.settings import Settings

LASTING = frozenset({LimitKind.QUOTA_5_HOURS, LimitKind.QUOTA_WEEK, LimitKind.TOKENS_PER_MONTH})
"""Limits that end the work when they are used up; a minute's or a day's is waited for and told by `rate_limit`."""
NEARLY, FULL = 0.9, 1.0
NEAR_KIND = "rate_limit"
"""The kind of the event that a limit's use has crossed `pacing.warn`."""


class LimitRule:
    def __init__(self) -> None:
        self._crossings = Crossings()

    def alerts(self, completion: Completion, settings: Settings) -> Iterator[Alert]:
        waited_s = (completion.rate_wait_ms or 0) / 1000
        if completion.error_class == ErrorClass.QUOTA:
            yield _of(completion, "quota", Level.CRITICAL, "the quota is used up")
        elif completion.error_class == ErrorClass.RATE and completion.kind is not Kind.AUTOCOMPLETE:
            blocked = completion.outcome is Outcome.BLOCKED
            what = "a request would have waited too long for" if blocked else "a request was refused for"
            yield _of(completion, "wait" if blocked else "rate", Level.WARNING, f"{what} the rate limit")
        elif waited_s >= settings.alerts.wait_s:
            yield _of(completion, "wait", Level.WARNING, f"a request waited {waited_s:.0f} s for the rate limit")

    def seen(self, limit: LimitSeen) -> Iterator[Alert]:
        if limit.kind not in LASTING or not limit.limit or limit.remaining is None:
            return
        share = 1 - limit.remaining / limit.limit
        name = f"{limit.provider}:{limit.kind}"
        if (reached := self._crossings.crossed(name, share, (NEARLY, FULL))) is None:
            return
        yield Alert(
            key=f"quota:{name}:{reached * 100:g}",
            at_ms=limit.seen_at_ms,
            level=Level.CRITICAL if reached == FULL else Level.WARNING,
            message=f"{limit.provider}: {share:.0%} of {limit.kind.replace('_', ' ')} used",
            provider=limit.provider,
            data={
                "kind": limit.kind,
                "limit": limit.limit,
                "remaining": limit.remaining,
                "reset_at_ms": limit.reset_at_ms,
            },
        )


def near(event: Event) -> Iterator[Alert]:
    """What pacing says of a limit whose use has crossed `pacing.warn`; it does so once per crossing."""
    provider, kind = str(event.data.get("provider", "")), str(event.data.get("kind", ""))
    used, limit = event.data.get("used", 0), event.data.get("limit", 0)
    yield Alert(
        key=f"near:{provider}:{kind}",
        at_ms=event.at_ms,
        level=Level.INFO,
        message=f"{provider}: {used:,} of {limit:,} {kind.replace('_', ' ')} used",
        provider=provider,
        data=event.data,
    )


def _of(completion: Completion, rule: str, level: Level, what: str) -> Alert:
    return Alert(
        key=f"{rule}:{completion.provider}",
        at_ms=completion.started_at_ms,
        level=level,
        message=f"{completion.provider}: {what}",
        session_id=completion.session_id,
        provider=completion.provider,
        data={
            "model": completion.model,
            "status": completion.status,
            "waited_ms": completion.rate_wait_ms,
            "is_blocked": completion.outcome is Outcome.BLOCKED,
        },
    )
