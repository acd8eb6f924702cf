"""What the IDE's log says of a call, beside what was estimated here and what the provider reported."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "completions", sa.Column("logged_at_ms", sa.BigInteger(), comment="when the IDE's log told of the call")
    )
    op.add_column(
        "completions", sa.Column("logged_prompt_tokens", sa.Integer(), comment="the IDE's own estimate, without tools")
    )
    op.add_column("completions", sa.Column("logged_completion_tokens", sa.Integer(), comment="likewise"))
