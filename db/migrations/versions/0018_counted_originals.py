"""Originals are counted from their indexes alone: beside its text, a row lies far from the next one."""

from alembic import op

revision = "0018"
down_revision = "0017"

INDEXES = {"ix_originals_created": ["created_at_ms"], "ix_originals_kind": ["kind", "created_at_ms"]}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, "originals")
        op.create_index(name, "originals", [*columns, "tag"])
