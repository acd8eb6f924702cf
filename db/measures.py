"""Tables of what is learned from requests: memory segments, and how models count tokens."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from db.limit_tables import Base

__all__ = ["Base", "Calibration", "MemorySegment"]
"""Base too: who takes it from here has all tables."""


class MemorySegment(Base):
    """A text of an MCP memory server in a session's requests: one row, however often it is sent."""

    __tablename__ = "memory_segments"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True, comment="hash of the text, 16 bytes")
    type: Mapped[str] = mapped_column(String(20), comment="the form of its marker, or tool result")
    server: Mapped[str] = mapped_column(String(200), default="", comment="MCP server, empty where nothing says so")
    tokens: Mapped[int] = mapped_column(comment="estimate")
    first_seen_ms: Mapped[int] = mapped_column(BigInteger)
    last_seen_ms: Mapped[int] = mapped_column(BigInteger)
    sent: Mapped[int] = mapped_column(default=1, comment="requests that had it; the first one included")
    __table_args__ = (
        # The sums by server and type are read from it alone, in their order.
        Index("ix_memory_segments_source", "server", "type", "last_seen_ms", "tokens", "sent"),
        Index("ix_memory_segments_tokens", "tokens"),
    )


class Calibration(Base):
    """How one model's own count of tokens compares with ours; the fields of `addons.domain.calibration.Calibration`."""

    __tablename__ = "calibrations"
    provider: Mapped[str] = mapped_column(String(60), primary_key=True)
    model: Mapped[str] = mapped_column(String(200), primary_key=True)
    ratio: Mapped[float] = mapped_column(comment="reported / estimated prompt tokens, running mean")
    observations: Mapped[int]
    error_before: Mapped[float] = mapped_column(comment="0..: |estimated - reported| / reported, running mean")
    error_after: Mapped[float] = mapped_column(comment="the same of the calibrated estimate")
    updated_at_ms: Mapped[int] = mapped_column(BigInteger)
