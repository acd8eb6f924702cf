"""The table of what is known of the providers' limits."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from db.legacy_tables import Base

__all__ = ["Base", "LimitSeen"]
"""Base too: who takes it from here has all tables before."""


class LimitSeen(Base):
    """The latest about a limit of a provider; the fields of `addons.domain.pacing.limit.LimitSeen`."""

    __tablename__ = "limits_seen"
    provider: Mapped[str] = mapped_column(String(60), primary_key=True)
    model: Mapped[str] = mapped_column(
        String(200), primary_key=True, comment="empty: shared by all models of the account"
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    basis: Mapped[str] = mapped_column(String(10), primary_key=True, comment="reported | counted")
    limit: Mapped[int | None] = mapped_column(BigInteger)
    remaining: Mapped[int | None] = mapped_column(BigInteger)
    reset_at_ms: Mapped[int | None] = mapped_column(BigInteger, comment="when more of it is there again")
    full_at_ms: Mapped[int | None] = mapped_column(
        BigInteger, comment="forecast: when it is used up, if before the reset"
    )
    seen_at_ms: Mapped[int] = mapped_column(BigInteger)
    proxy_id: Mapped[str] = mapped_column(String(40))
