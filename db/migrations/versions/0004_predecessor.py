"""What came from a predecessor's sessions.db, and the names it had given to originals."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "legacy_rows",
        sa.Column("key", sa.String(40), primary_key=True, comment="of the old row, in whatever copy of the file"),
        sa.Column("table_name", sa.String(60), nullable=False, comment="in the predecessor's file"),
        sa.Column("old_id", sa.String(80), nullable=False),
        sa.Column("session_id", sa.String(40), sa.ForeignKey("sessions.id", ondelete="CASCADE")),
        sa.Column("data", sa.Text(), nullable=False, comment="JSON: the old row, unless it is an event; scrubbed"),
        sa.Column("imported_at_ms", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_legacy_rows_session", "legacy_rows", ["session_id"])
    op.create_table(
        "original_aliases",
        sa.Column("alias", sa.String(128), primary_key=True, comment="another name of it: a predecessor's hash"),
        sa.Column("tag", sa.String(40), sa.ForeignKey("originals.tag", ondelete="CASCADE"), nullable=False),
    )
    op.create_index("ix_original_aliases_tag", "original_aliases", ["tag"])
