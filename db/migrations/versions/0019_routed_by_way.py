"""Routed requests in the order in which they are counted: by where they came from and went, and by session."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    routed = sa.text("routed_from <> ''")
    op.drop_index("ix_completions_routed", "completions")
    op.create_index("ix_completions_routed", "completions",
                    ["routed_from", "provider", "model", "session_id", "started_at_ms"],
                    sqlite_where=routed, postgresql_where=routed)  # fmt: skip
