"""What each proxy says of itself besides its sign of life."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from db.message_tables import Base

__all__ = ["Base", "LastBatch", "ProxyProcess"]
"""Base too: who takes it from here has all tables."""


class ProxyProcess(Base):
    """Where a proxy of `heartbeat` runs, so that another one can find out whether it was killed."""

    __tablename__ = "proxy_processes"
    proxy_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    told_at_ms: Mapped[int | None] = mapped_column(BigInteger, comment="when its end without a word was told")


class LastBatch(Base):
    """Written with each batch of records, in the same transaction."""

    __tablename__ = "last_batches"
    proxy_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token: Mapped[str] = mapped_column(String(32), comment="random")
