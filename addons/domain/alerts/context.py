"""A session that fills its context window."""

from collections.abc import Iterator, Mapping

from addons.domain.alerts.alert import Alert
from addons.domain.alerts.crossings import Crossings
from addons.domain.completion import Completion
from addons.domain.events import Level
from addons.domain.provider_errors import ErrorClass
from addons.domain.settings import Settings


class ContextRule:
    def __init__(self) -> None:
        self._crossings = Crossings()

    def load(self, fills: Mapping[str, float]) -> None:
        """By session, as they were before."""
        self._crossings.load(fills)

    def alerts(self, completion: Completion, settings: Settings) -> Iterator[Alert]:
        thresholds, fill = settings.alerts.context, completion.context_fill
        if fill is not None and completion.session_id is not None and thresholds:
            highest = max(thresholds)
            reached = self._crossings.crossed(completion.session_id, fill, thresholds, each_time=highest)
            if reached is not None:
                yield _full(completion, fill, reached, Level.CRITICAL if reached == highest else Level.WARNING)
        if completion.error_class == ErrorClass.CONTEXT:
            yield Alert(
                key=f"refused:{completion.session_id or completion.provider}",
                at_ms=completion.started_at_ms,
                level=Level.CRITICAL,
                message=f"{completion.provider}/{completion.model}: a request was larger than the model takes",
                session_id=completion.session_id,
                provider=completion.provider,
                data={"model": completion.model, "context_window": completion.context_window},
            )


def _full(completion: Completion, fill: float, reached: float, level: Level) -> Alert:
    window = completion.context_window
    figures = f" ({round(fill * window):,} of {window:,} tokens)" if window else ""
    return Alert(
        key=f"context:{completion.session_id}:{reached * 100:g}",
        at_ms=completion.started_at_ms,
        level=level,
        message=f"{completion.provider}/{completion.model}: the context is {fill:.0%} full{figures}",
        session_id=completion.session_id,
        provider=completion.provider,
        data={"fill": round(fill, 4), "threshold": reached, "model": completion.model, "context_window": window},
    )
