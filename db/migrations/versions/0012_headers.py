"""The headers of a call that say something about it, for its page."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    comment = "JSON: request and response, those on the list of addons.domain.headers; scrubbed"
    op.add_column("completions", sa.Column("headers", sa.Text(), comment=comment))
