"""Requests found by their model, their project and the proxy that wrote them: what the table of requests filters by.

A request has a project only where its client names one, so the others are not in that index.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_index("ix_completions_model", "completions", ["model", "started_at_ms"])
    op.create_index("ix_completions_proxy", "completions", ["proxy_id", "started_at_ms"])
    named = sa.text("project <> ''")
    op.create_index("ix_completions_project", "completions", ["project", "started_at_ms"], sqlite_where=named,
                    postgresql_where=named)  # fmt: skip
