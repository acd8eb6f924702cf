"""The table of alerts."""

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import BigId
from db.route_tables import Base

__all__ = ["Alert", "Base"]
"""Base too: who takes it from here has all tables."""


class Alert(Base):
    """What the person should know of; the fields of `addons.domain.alerts.alert.Alert`, and what became of it."""

    __tablename__ = "alerts"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    rev: Mapped[int] = mapped_column(BigInteger)
    key: Mapped[str] = mapped_column(String(200), comment="rule:what it is about; the same for each repetition")
    level: Mapped[str] = mapped_column(String(10), comment="info | warning | critical")
    at_ms: Mapped[int] = mapped_column(BigInteger)
    session_id: Mapped[str | None] = mapped_column(String(40))
    provider: Mapped[str] = mapped_column(String(60), default="")
    message: Mapped[str] = mapped_column(String(500), comment="without captured text")
    data: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: the figures")
    acknowledged_at_ms: Mapped[int | None] = mapped_column(BigInteger)
    sent_at_ms: Mapped[int | None] = mapped_column(BigInteger, comment="when the first channel took it")
    send_error: Mapped[str] = mapped_column(String(500), default="", comment="why a channel did not; no addresses")
    __table_args__ = (
        Index("ix_alerts_at", "at_ms"),
        Index("ix_alerts_rev", "rev"),
        Index("ix_alerts_key", "key", "at_ms"),
    )
