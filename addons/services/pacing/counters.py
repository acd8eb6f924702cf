"""Counters: what of the limits is taken, in windows of time and by requests under way.

They never hold a credential: an account is known by a keyed hash of it.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import StorageError

from addons.domain.pacing.limit import LimitKind
from addons.domain.pacing.windows import Window
from addons.services.pacing.memory import MovingWindows, Slots
from addons.services.pacing.shared import SharedSlots, open_redis, shared_salt

MEMORY = "memory://"
MOST_PORTIONS = 5_000
"""Of a window of tokens in Redis, where each is an entry of a list. A request takes whole ones, so that at most a
5000th of the limit is lost with each."""


class Unavailable(Exception):
    """The storage does not answer; seen by the pacer, which then lets everything pass."""


class HoldsSlots(Protocol):
    async def enter(self, key: str, lease: str, limit: int) -> bool: ...
    async def leave(self, key: str, lease: str) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Bucket:
    """One window of one account."""

    key: str
    """Account, provider and model."""
    window: Window
    item: "Portions"

    @classmethod
    def of(cls, key: str, window: Window) -> "Bucket":
        return cls(f"{key}/{window.kind}", window, Portions(window.portions, window.period_s))


@dataclass(frozen=True, slots=True)
class Level:
    """How full a bucket is."""

    bucket: Bucket
    taken: int
    """Portions."""
    free_at_s: float
    """When the oldest of them goes, since 1970."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What came of an attempt."""

    levels: Sequence[Level]
    full: Level | None
    """The bucket that has no room; then nothing was taken. None: all was."""


class Portions(RateLimitItemPerSecond):
    """Counted under one name whatever the amount is, so that a limit that is learned keeps what was counted."""

    def key_for(self, *identifiers: bytes | str | float) -> str:
        return f"{self.namespace}/{'/'.join(map(str, identifiers))}"


class Counters:
    def __init__(self, storage: MemoryStorage | RedisStorage, slots: HoldsSlots, salt: bytes | None) -> None:
        self._storage = storage
        self._limiter = MovingWindowRateLimiter(storage)
        self._slots = slots
        self.is_shared = isinstance(storage, RedisStorage)
        self.most_portions = MOST_PORTIONS if self.is_shared else None
        self._salt = salt
        """None: still to be asked for."""
        self._errors: tuple[type[Exception], ...] = (
            StorageError,
            OSError,
            TimeoutError,
            *_classes(storage.base_exceptions),
        )

    async def account(self, credential: str) -> str:
        """:raises Unavailable: if the salt is in a storage that does not answer."""
        if self._salt is None:
            assert isinstance(self._storage, RedisStorage)
            try:
                self._salt = await shared_salt(self._storage)
            except self._errors as error:
                raise Unavailable(type(error).__name__) from error
        return hashlib.blake2b(credential.encode(), key=self._salt[:64], digest_size=9).hexdigest()

    async def take(self, wanted: Sequence[tuple[Bucket, int]], known: Collection[LimitKind] = ()) -> Taking:
        """So many portions of each bucket, or of none.

        :param known: kinds that may be taken beyond what is there, because the provider itself says what is left.

        Two proxies may both find room and only one get it; what the other had taken of further buckets stays taken
        then: too little is sent, never too much.

        :raises Unavailable: if the storage does not answer.
        """
        levels = await self.levels([bucket for bucket, _ in wanted])
        for level, (bucket, portions) in zip(levels, wanted, strict=True):
            if level.taken + portions > bucket.window.portions and bucket.window.kind not in known:
                return Taking(levels, level)
        try:
            for level, (bucket, portions) in zip(levels, wanted, strict=True):
                taken = await self._limiter.hit(bucket.item, bucket.key, cost=portions)
                if not taken and bucket.window.kind not in known:
                    return Taking(levels, level)
        except self._errors as error:
            raise Unavailable(type(error).__name__) from error
        return Taking(levels, None)

    async def levels(self, buckets: Sequence[Bucket]) -> list[Level]:
        """:raises Unavailable: if the storage does not answer."""
        found = []
        try:
            for bucket in buckets:
                stats = await self._limiter.get_window_stats(bucket.item, bucket.key)
                found.append(Level(bucket, bucket.window.portions - stats.remaining, stats.reset_time))
        except self._errors as error:
            raise Unavailable(type(error).__name__) from error
        return found

    async def enter(self, key: str, lease: str, limit: int) -> bool:
        """:raises Unavailable: if the storage does not answer."""
        try:
            return await self._slots.enter(key, lease, limit)
        except self._errors as error:
            raise Unavailable(type(error).__name__) from error

    async def leave(self, key: str, lease: str) -> None:
        """:raises Unavailable: if the storage does not answer; the lease ends by itself then."""
        try:
            await self._slots.leave(key, lease)
        except self._errors as error:
            raise Unavailable(type(error).__name__) from error

    async def close(self) -> None:
        """:raises Unavailable: if the storage does not answer."""
        try:
            await self._slots.close()
        except self._errors as error:
            raise Unavailable(type(error).__name__) from error


def in_memory() -> Counters:
    return Counters(MovingWindows(), Slots(), secrets.token_bytes(32))


def in_redis(url: str) -> Counters:
    """:raises UserError: if the address is none, or the client for Redis is not installed."""
    storage = open_redis(url)
    return Counters(storage, SharedSlots(storage), None)


def counters(storage: str) -> Counters:
    """As the setting says.

    :raises UserError: see `in_redis`.
    """
    return in_memory() if storage == MEMORY else in_redis(storage)


def _classes(errors: type[Exception] | tuple[type[Exception], ...]) -> tuple[type[Exception], ...]:
    return errors if isinstance(errors, tuple) else (errors,)
