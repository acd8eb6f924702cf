"""A prefix that the provider had in its cache and does not find any more, though nothing here has changed it."""

from collections import OrderedDict
from collections.abc import Iterator

from addons.domain.alerts.alert import Alert
from addons.domain.completion import Completion
from addons.domain.events import Level
from addons.domain.kinds import Kind
from addons.domain.settings import Settings
from addons.domain.usage import UsageSource

WORKED = 0.3
"""Cached share of a prompt from which the cache is known to work for a session."""
BROKEN = 0.02
"""Cached share that is as good as none."""
LEAST_TOKENS = 2_000
"""A shorter prompt is not worth being told of; the longest minimum of a provider's cache is about half of it."""
REMEMBERED = 2_000
"""Sessions."""


class PrefixRule:
    def __init__(self) -> None:
        self._before: OrderedDict[str, Completion] = OrderedDict()

    def alerts(self, completion: Completion, settings: Settings) -> Iterator[Alert]:
        session_id = completion.session_id
        if session_id is None or completion.kind is not Kind.CHAT or _share(completion) is None:
            return
        before = self._before.pop(session_id, None)
        self._before[session_id] = completion
        if len(self._before) > REMEMBERED:
            self._before.popitem(last=False)
        if before and _is_broken(before, completion, settings):
            yield Alert(
                key=f"prefix:{session_id}",
                at_ms=completion.started_at_ms,
                level=Level.WARNING,
                message=f"{completion.provider}/{completion.model}: the prefix cache was missed by a prompt of "
                f"{completion.prompt_tokens:,} tokens; the request before had {before.cached_tokens:,} from it",
                session_id=session_id,
                provider=completion.provider,
                data={
                    "model": completion.model,
                    "prompt_tokens": completion.prompt_tokens,
                    "cached_tokens": completion.cached_tokens,
                    "cached_tokens_before": before.cached_tokens,
                },
            )


def _is_broken(before: Completion, now: Completion, settings: Settings) -> bool:
    provider = settings.providers.get(now.provider)
    if provider is None or (before.provider, before.model) != (now.provider, now.model) or now.epoch:
        return False
    cold_at_ms = before.started_at_ms + (before.duration_ms or 0) + provider.cache.lifetime_s * 1000
    grew = (now.message_count or 0) >= (before.message_count or 0)  # else the client has taken messages out
    long = (now.prompt_tokens or 0) >= max(LEAST_TOKENS, provider.cache.minimum_tokens)
    broke = (_share(before) or 0) >= WORKED and (_share(now) or 0) <= BROKEN
    return grew and long and broke and now.started_at_ms < cold_at_ms


def _share(completion: Completion) -> float | None:
    """Cached share of the prompt; None where the provider did not report it."""
    if completion.usage_source is not UsageSource.REPORTED or completion.cached_tokens is None:
        return None
    return completion.cached_tokens / completion.prompt_tokens if completion.prompt_tokens else None
