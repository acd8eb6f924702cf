"""Which proxy applied a setting: it was guessed from those that run."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("settings", sa.Column("applied_by", sa.String(40), comment="the proxy that did last"))
