"""Alembic's environment: runs the migrations on the connection that `db.schema` hands over, inside its transaction."""

from alembic import context

from db.message_tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
