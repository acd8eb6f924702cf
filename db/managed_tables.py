"""Tables of what people did to sessions, beside the sessions themselves: only those that were managed have rows."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from db.alert_tables import Base

__all__ = ["Base", "ManagedSession", "MergedRow"]
"""Base too: who takes it from here has all tables."""


class ManagedSession(Base):
    """What further records of a session must follow."""

    __tablename__ = "managed_sessions"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    continued_in: Mapped[str | None] = mapped_column(
        String(40), comment="merged into that session: its requests are that one's from now on"
    )
    client_project: Mapped[str | None] = mapped_column(
        String(200), comment="as the client names it, where the person set another; else NULL"
    )
    erased: Mapped[bool] = mapped_column(default=False, comment="deleted for good: nothing can be restored")
    __table_args__ = (Index("ix_managed_sessions_continued_in", "continued_in"),)


class MergedRow(Base):
    """A row that a merged session brought along: what takes the merge back. Kept for the undo time."""

    __tablename__ = "merged_rows"
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True, comment="the table it is in")
    row_id: Mapped[str] = mapped_column(String(40), primary_key=True, comment="its key there; bytes in hexadecimal")
