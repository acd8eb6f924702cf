"""Many failed requests to one provider in a short time."""

from collections import deque
from collections.abc import Iterator

from addons.domain.alerts.alert import Alert
from addons.domain.completion import Completion, Outcome
from addons.domain.events import Level
from addons.domain.settings import Settings

FAILED = frozenset({Outcome.ERROR, Outcome.UPSTREAM_ABORT})
MINUTE_MS = 60_000


class BurstRule:
    def __init__(self) -> None:
        self._failed_at_ms: dict[str, deque[int]] = {}
        self._bursting: set[str] = set()

    def alerts(self, completion: Completion, settings: Settings) -> Iterator[Alert]:
        """Once, until there have been fewer in the time that is looked at."""
        provider, wanted = completion.provider, settings.alerts
        failures = self._failed_at_ms.setdefault(provider, deque(maxlen=1000))
        at_ms = completion.started_at_ms + round(completion.duration_ms or 0)
        if completion.outcome in FAILED:
            failures.append(at_ms)
        while failures and abs(at_ms - failures[0]) >= wanted.error_burst_minutes * MINUTE_MS:
            failures.popleft()
        if len(failures) < wanted.error_burst:
            self._bursting.discard(provider)
        elif provider not in self._bursting:
            self._bursting.add(provider)
            count, minutes, why = len(failures), wanted.error_burst_minutes, _why(completion)
            yield Alert(
                key=f"errors:{provider}",
                at_ms=at_ms,
                level=Level.WARNING,
                message=f"{provider}: {count} requests failed within {minutes} minutes, the latest by {why}",
                provider=provider,
                data={"failed": count, "minutes": minutes, "error_class": completion.error_class},
            )


def _why(completion: Completion) -> str:
    status = f" (HTTP {completion.status})" if completion.status else ""
    return f"{completion.error_class.replace('_', ' ') or 'no answer'}{status}"
