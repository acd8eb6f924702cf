"""Tables of what was taken over from a predecessor's sessions.db."""

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import Base

__all__ = ["Base", "LegacyRow", "OriginalAlias"]
"""Base too: who takes it from here has all tables before."""


class LegacyRow(Base):
    """A row of a predecessor's sessions.db that has been taken over; what makes it known when it comes again."""

    __tablename__ = "legacy_rows"
    key: Mapped[str] = mapped_column(
        String(40), primary_key=True, comment="of the old row, in whatever copy of the file"
    )
    table_name: Mapped[str] = mapped_column(String(60), comment="in the predecessor's file")
    old_id: Mapped[str] = mapped_column(String(80))
    session_id: Mapped[str | None] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    data: Mapped[str] = mapped_column(Text, comment="JSON: the old row, unless it is an event; scrubbed")
    imported_at_ms: Mapped[int] = mapped_column(BigInteger)
    __table_args__ = (Index("ix_legacy_rows_session", "session_id"),)


class OriginalAlias(Base):
    """Another name by which people may ask for an original."""

    __tablename__ = "original_aliases"
    alias: Mapped[str] = mapped_column(
        String(128), primary_key=True, comment="another name of it: a predecessor's hash"
    )
    tag: Mapped[str] = mapped_column(ForeignKey("originals.tag", ondelete="CASCADE"))
    __table_args__ = (Index("ix_original_aliases_tag", "tag"),)
