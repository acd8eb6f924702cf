"""The table of what each request's list of messages adds to the one before."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import BigId
from db.tally_tables import Base

__all__ = ["Base", "MessageStep"]
"""Base too: who takes it from here has all tables."""


class MessageStep(Base):
    """A completion's messages without their text; the fields of `addons.domain.message_list.MessageStep`.

    It goes with its completion, whatever session that is moved to: a chain is not a session's.
    """

    __tablename__ = "message_steps"
    completion_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("completions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    chain: Mapped[str] = mapped_column(String(20))
    number: Mapped[int] = mapped_column(comment="in the chain, from 0")
    kept: Mapped[str] = mapped_column(Text, default="[]", comment="JSON: what of the list before it begins with")
    added: Mapped[str] = mapped_column(Text, default="[]", comment="JSON: and with which messages it goes on")
    masked: Mapped[str] = mapped_column(Text, default="{}", comment="JSON: index -> tokens saved, where that changed")
    new: Mapped[int] = mapped_column(comment="messages at the end that the request before did not have")
    covered_start: Mapped[int] = mapped_column(comment="messages that a summary stands for: the first")
    covered_stop: Mapped[int] = mapped_column(comment="and the one after the last")
    summary_tokens: Mapped[int] = mapped_column(comment="estimate, of the summary")
    tools_tokens: Mapped[int] = mapped_column(comment="estimate, of the definitions")
    prompt_tokens: Mapped[int] = mapped_column(comment="estimate, of a legacy prompt's text")
    system: Mapped[str | None] = mapped_column(Text, comment="JSON: Gemini's systemInstruction, as a message")
    __table_args__ = (Index("ix_message_steps_chain", "chain", "number"),)
