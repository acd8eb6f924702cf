"""Pacing: the pacer's life inside the proxy, and what the pages get to see of it."""

import asyncio
import json
import logging
from collections.abc import Iterable

from addons.domain.errors import UserError
from addons.domain.events import Event, Level
from addons.domain.pacing.lane import Lane
from addons.domain.pacing.limit import Basis, LimitKind, LimitSeen
from addons.hooks.configuration import Configuration
from addons.hooks.store import Store, now_ms
from addons.services.pacing import counters
from addons.services.pacing.pacer import Pacer
from addons.services.pacing.passes import Observer

log = logging.getLogger(__name__)

REDIS_VARIABLE = "KIMI_REDIS_URL"
SHOWN_EVERY_MS = 1_000
"""How often one limit's level is written."""


class Pacing(Observer):
    def __init__(self, configuration: Configuration, store: Store) -> None:
        self.configuration = configuration
        self.store = store
        self.pacer: Pacer | None = None
        """None until the proxy runs, and where the counters cannot be used at all."""
        self._shown_ms: dict[tuple[str, LimitKind], int] = {}
        self._near: set[tuple[str, LimitKind]] = set()
        """Buckets past the warning's threshold."""

    def running(self) -> None:
        if not self.configuration.is_usable:
            return
        where = self.configuration.environ.get(REDIS_VARIABLE) or self.configuration.settings.pacing.storage
        try:
            self.pacer = Pacer(counters.counters(where), self)
        except UserError as error:
            log.error("%s", error)  # mitmdump ends with status 1 when an error is logged while it starts
        self.store.show_waiting(self.show_waiting)

    def done(self) -> None:
        """A Redis that is shared gets its places back; without a running loop they end by themselves."""
        pacer, self.pacer = self.pacer, None
        if pacer:
            try:
                asyncio.get_running_loop().create_task(pacer.close())
            except RuntimeError:
                log.debug("the loop has ended: places in a shared storage end by themselves")

    def show_waiting(self) -> str:
        """JSON for the heartbeat: who waits, for what and since when."""
        waiting = self.pacer.waiting() if self.pacer else []
        return json.dumps(
            [
                {
                    "provider": lane.provider,
                    "model": lane.model,
                    "session_id": ticket.session,
                    "since_ms": ticket.since_ms,
                    "until_ms": ticket.until_ms,
                }
                for lane, ticket in waiting[:100]
            ]
        )

    def took(self, lane: Lane, levels: Iterable[tuple[counters.Level, int]]) -> None:
        now = now_ms()
        warn = self.configuration.settings.pacing.warn
        for level, portions in levels:
            counted, key = level.bucket.window, (level.bucket.key, level.bucket.window.kind)
            used = (level.taken + portions) * counted.portion
            if (used >= warn * counted.limit) != (key in self._near):
                self._crossed(lane, key, used, counted.limit, now)
            if now - self._shown_ms.get(key, 0) >= SHOWN_EVERY_MS:
                self._shown_ms[key] = now
                model = lane.model if level.bucket.key == lane.own_key else ""
                self.store.submit(
                    LimitSeen(
                        provider=lane.provider,
                        model=model,
                        kind=counted.kind,
                        basis=Basis.COUNTED,
                        limit=counted.limit,
                        remaining=max(0, counted.limit - used),
                        reset_at_ms=round((level.free_at_s) * 1000),
                        seen_at_ms=now,
                    )
                )

    def _crossed(self, lane: Lane, key: tuple[str, LimitKind], used: int, limit: int, now: int) -> None:
        """Once upwards; downwards it is ready for the next time."""
        if key in self._near:
            self._near.discard(key)
            return
        self._near.add(key)
        kind = key[1]
        message = f"{lane.provider} {lane.model}: {used} of {limit} {kind.replace('_', ' ')} used".replace(" :", ":")
        data = {"provider": lane.provider, "model": lane.model, "kind": kind, "used": used, "limit": limit}
        self.store.submit(Event(at_ms=now, kind="rate_limit", level=Level.WARNING, message=message, data=data))

    def storage_failed(self, error: str) -> None:
        log.warning("rate limits: the storage does not answer (%s); requests go on without waiting", error)
        message = f"The storage of the rate limits does not answer ({error}); requests go on without waiting"
        self.store.submit(Event(at_ms=now_ms(), kind="failure", level=Level.WARNING, message=message))

    def storage_answers(self) -> None:
        log.info("rate limits: the storage answers again")
        message = "The storage of the rate limits answers again"
        self.store.submit(Event(at_ms=now_ms(), kind="recovered", message=message))
