"""Tables of where sessions go on, and of the context windows that providers told."""

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.measures import Base

__all__ = ["Base", "SessionRoute", "TrueWindow"]
"""Base too: who takes it from here has all tables."""


class SessionRoute(Base):
    """Where a session goes on; the fields of `addons.domain.routes.SessionRoute`."""

    __tablename__ = "session_routes"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    asked: Mapped[str] = mapped_column(String(261), comment="provider/model, as the client asks")
    provider: Mapped[str] = mapped_column(String(60))
    model: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    decided_at_ms: Mapped[int] = mapped_column(BigInteger)
    signatures: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: thought signatures by call id")


class TrueWindow(Base):
    """A context window as the provider told it; the fields of `addons.domain.true_windows.TrueWindow`."""

    __tablename__ = "true_windows"
    provider: Mapped[str] = mapped_column(String(60), primary_key=True)
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    tokens: Mapped[int] = mapped_column(BigInteger)
    learned_at_ms: Mapped[int] = mapped_column(BigInteger)
