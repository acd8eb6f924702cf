"""Holds events back for a moment: a repetition joins its first, and a call's own record gets there before its usage."""

from dataclasses import replace

from addons.domain.continue_log.event import LogEvent, LogKind

REPEATED_MS = 1_000
"""The IDE tells an error twice within this time, where it happened and where it was handled."""
HOLD_MS = 2_000
GRACE_MS = 5_000
"""A call's usage stands in the IDE's log when the IDE has read its last byte; the proxy may have to wait for more."""
MOST = 5_000
"""More are not held; the first go early."""
LOOK_BACK = 50
"""Among how many of the last ones a repetition is looked for."""

_REPEATABLE = frozenset({LogKind.ERROR, LogKind.CONTEXT, LogKind.REQUEST})


class Held:
    """For one thread. Times are milliseconds of any one clock that does not go back."""

    def __init__(self) -> None:
        self._held: list[tuple[int, LogEvent]] = []
        """When each may go."""

    def add(self, event: LogEvent, now_ms: int) -> None:
        if event.kind in _REPEATABLE:
            for index in range(len(self._held) - 1, max(0, len(self._held) - LOOK_BACK) - 1, -1):
                until_ms, other = self._held[index]
                if _is_same(other, event):
                    self._held[index] = until_ms, _joined(other, event)
                    return
        hold_ms = GRACE_MS if event.kind is LogKind.USAGE else HOLD_MS
        self._held.append((now_ms + hold_ms, event))

    def due(self, now_ms: int) -> list[LogEvent]:
        """Those whose time is over, in the order in which they came."""
        early = len(self._held) - MOST
        due, kept = [], []
        for index, (until_ms, event) in enumerate(self._held):
            if index < early or until_ms <= now_ms:
                due.append(event)
            else:
                kept.append((until_ms, event))
        self._held = kept
        return due

    def all(self) -> list[LogEvent]:
        """All that are left: nobody will wait any longer."""
        events, self._held = [event for _, event in self._held], []
        return events


def _is_same(first: LogEvent, second: LogEvent) -> bool:
    if first.log != second.log or abs(first.at_ms - second.at_ms) > REPEATED_MS:
        return False
    kinds = {first.kind, second.kind}
    if kinds == {LogKind.ERROR, LogKind.REQUEST}:
        # A refused request that is tried again has another id.
        return first.status == second.status and not all("request_id" in each.figures for each in (first, second))
    return kinds <= {LogKind.ERROR, LogKind.CONTEXT} and first.message == second.message


def _joined(first: LogEvent, second: LogEvent) -> LogEvent:
    """The error, with what the other line adds to it."""
    error, other = (second, first) if first.kind is LogKind.REQUEST else (first, second)
    return replace(
        error,
        operation=error.operation or other.operation,
        model=error.model or other.model,
        figures={**other.figures, **error.figures},
    )
