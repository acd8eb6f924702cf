"""Several real proxies as a team runs them: one PostgreSQL holds their records, one Redis counts their limits."""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from addons.services.simulator.server import Simulator
from tests.e2e.harness import Product, Row
from tests.redis_server import RedisServer

LIMITS = "[pacing]\nmax_wait_s = 5\n[providers.nvidia.limits]\nrequests_per_minute = {rpm}\n"


class Member(Product):
    """One proxy of the team; it asks the shared store, where the others' rows are, too."""

    def __init__(self, folder: Path, simulator: Simulator, url: str, redis: RedisServer, rpm: int = 20) -> None:
        super().__init__(folder, simulator, {"KIMI_DATABASE_URL": url, "KIMI_REDIS_URL": redis.url})
        self._rpm = rpm
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def unlimited(self) -> str:
        return LIMITS.format(rpm=self._rpm)

    def query(self, sql: str, *values: object) -> list[Row]:
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.exec_driver_sql(sql.replace("?", "%s"), values).mappings()]

    def _records(self, began_ms: int) -> bool:
        """This one, by its port: the others' signs of life are there, too."""
        wanted = "SELECT 1 FROM heartbeat WHERE listen LIKE ? AND started_at_ms >= ?"
        try:
            return bool(self.query(wanted, f"%:{self.ports.proxy}%", began_ms))
        except DBAPIError:
            return False

    def stop(self, *arguments: Any, **named: Any) -> int:
        self._engine.dispose()
        return super().stop(*arguments, **named)
