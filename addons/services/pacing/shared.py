"""Counters in Redis, for several proxies that share a key.

Windows are those of the `limits` library. Requests under way are leases in a sorted set: a proxy that dies without
giving them back loses them after `LEASE_S`. All proxies count under the same names, because the salt that hides the
credentials lies in Redis, too.
"""

import asyncio
import secrets
import time
from importlib.util import find_spec
from typing import Any

from limits.aio.storage import RedisStorage
from limits.errors import ConfigurationError

from addons.domain.errors import UserError

PREFIX = "kimi"
TIMEOUT_S = 1.0
"""For one question to Redis; traffic goes on without an answer."""
LEASE_S = 120
RENEW_S = 30
SALT_BYTES = 32

_ENTER = """
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', tonumber(ARGV[1]) - tonumber(ARGV[4]))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1
"""


def open_redis(url: str) -> RedisStorage:
    """Makes no connection yet.

    :raises UserError: if the address is none, or the client for Redis is not installed.
    """
    try:
        return RedisStorage(
            f"async+{url}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=PREFIX,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
        )
    except ConfigurationError as error:
        if find_spec("redis"):
            raise UserError("[pacing] storage is no address of a Redis; expected redis://host:port/0") from error
        raise UserError(
            "[pacing] storage is in Redis, and its client is not installed; .venv/bin/pip install 'redis>=5.2'"
        ) from error


async def shared_salt(storage: RedisStorage) -> bytes:
    """The same for all who use this Redis."""
    client = client_of(storage)
    await client.set(f"{PREFIX}:salt", secrets.token_hex(SALT_BYTES), nx=True)
    found: bytes | str = await client.get(f"{PREFIX}:salt")
    return found if isinstance(found, bytes) else found.encode()


def client_of(storage: RedisStorage) -> Any:
    """redis.asyncio.Redis, of an optional package that may not be there to be named."""
    return storage.bridge.get_connection()  # type: ignore[attr-defined]  # only its subclasses have it


class SharedSlots:
    """Requests under way at the same time, of all proxies."""

    def __init__(self, storage: RedisStorage) -> None:
        self._client = client_of(storage)
        self._enter = self._client.register_script(_ENTER)
        self._held: dict[str, str] = {}
        """Lease -> key."""
        self._renewing: asyncio.Task[None] | None = None

    async def enter(self, key: str, lease: str, limit: int) -> bool:
        name = f"{PREFIX}:slots:{key}"
        if not await self._enter([name], [time.time(), lease, limit, LEASE_S]):
            return False
        self._held[lease] = name
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())
        return True

    async def leave(self, key: str, lease: str) -> None:
        if name := self._held.pop(lease, None):
            await self._client.zrem(name, lease)

    async def close(self) -> None:
        if self._renewing:
            self._renewing.cancel()
        for lease in list(self._held):
            await self.leave("", lease)
        await self._client.aclose()

    async def _renew(self) -> None:
        """While there are leases."""
        while self._held:
            await asyncio.sleep(RENEW_S)
            for lease, name in list(self._held.items()):
                await self._client.zadd(name, {lease: time.time()}, xx=True)
                await self._client.expire(name, LEASE_S)
