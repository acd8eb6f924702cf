"""Alarms: all rules, with what they remember, and how often the same thing is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from addons.domain.alerts.alert import Alert
from addons.domain.alerts.budget import Spending, budget_alerts
from addons.domain.alerts.bursts import BurstRule
from addons.domain.alerts.context import ContextRule
from addons.domain.alerts.limits import LimitRule
from addons.domain.alerts.prefix import PrefixRule
from addons.domain.alerts.told import event_alerts, lost_alert
from addons.domain.completion import Completion
from addons.domain.events import Event
from addons.domain.pacing.limit import LimitSeen
from addons.domain.settings import Settings

Seen = Completion | Event | LimitSeen

EACH_TIME = frozenset({"context"})
"""Rules whose alerts are all kept, also those that are not told again so soon."""
ONCE = frozenset({"budget"})
"""Rules whose keys never come back: a budget's names its day or month."""
REMEMBERED_MS = 32 * 24 * 3600 * 1000
"""Longer than any month, so that a month's budget is told once."""
REMEMBERED = 10_000
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Raised:
    alert: Alert
    is_told: bool
    """False: the same was told a moment ago; it is only kept."""


class Alarms:
    """Not for several threads at once."""

    def __init__(self) -> None:
        self._context = ContextRule()
        self._limits = LimitRule()
        self._bursts = BurstRule()
        self._prefix = PrefixRule()
        self._told_ms: dict[str, int] = {}

    def load(self, told_ms: Mapping[str, int], fills: Mapping[str, float]) -> None:
        """As it was before a restart: when each key was told last, and the context fill of each session."""
        self._told_ms.update(told_ms)
        self._context.load(fills)

    def see(self, record: Seen, settings: Settings) -> list[Raised]:
        match record:
            case Completion():
                rules = (self._context, self._limits, self._bursts, self._prefix)
                found = chain.from_iterable(rule.alerts(record, settings) for rule in rules)
                return list(self._raised(found, settings))
            case LimitSeen():
                return list(self._raised(self._limits.seen(record), settings))
            case Event():
                return list(self._raised(event_alerts(record), settings))

    def spent(self, spending: Spending, settings: Settings, at_ms: int) -> list[Raised]:
        return list(self._raised(budget_alerts(spending, settings.alerts, at_ms), settings))

    def lost(self, records: int, settings: Settings, at_ms: int) -> list[Raised]:
        """That records were lost since the last time."""
        return list(self._raised([lost_alert(records, at_ms)], settings))

    def _raised(self, alerts: Iterable[Alert], settings: Settings) -> Iterator[Raised]:
        for alert in alerts:
            told_ms = self._told_ms.get(alert.key)
            quiet_ms = REMEMBERED_MS if alert.rule in ONCE else settings.alerts.quiet_minutes * MINUTE_MS
            is_told = told_ms is None or abs(alert.at_ms - told_ms) >= quiet_ms  # abs: the clock may have been set back
            if is_told:
                self._remember(alert)
            if is_told or alert.rule in EACH_TIME:
                yield Raised(alert, is_told)

    def _remember(self, alert: Alert) -> None:
        self._told_ms.pop(alert.key, None)
        self._told_ms[alert.key] = alert.at_ms
        if len(self._told_ms) > REMEMBERED:
            del self._told_ms[next(iter(self._told_ms))]
