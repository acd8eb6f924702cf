"""Sessions that people merged, filed under another project, or deleted for good."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "managed_sessions",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column(
            "continued_in",
            sa.String(40),
            comment="merged into that session: its requests are that one's from now on",
        ),
        sa.Column(
            "client_project",
            sa.String(200),
            comment="as the client names it, where the person set another; else NULL",
        ),
        sa.Column("erased", sa.Boolean(), nullable=False, comment="deleted for good: nothing can be restored"),
    )
    op.create_index("ix_managed_sessions_continued_in", "managed_sessions", ["continued_in"])
    op.create_table(
        "merged_rows",
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True, comment="the table it is in"),
        sa.Column("row_id", sa.String(40), primary_key=True, comment="its key there; bytes in hexadecimal"),
    )
    # A deleted session's requests were counted by the hour until now, and restoring will count them: the few that were
    # deleted in the last ten minutes are shown again, so that none is counted twice.
    op.execute("UPDATE sessions SET deleted_at_ms = NULL")
