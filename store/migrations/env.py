"""Alembic's entrance: runs the migrations on the connection that store.migrate holds under its lock."""

from alembic import context
from sqlmodel import SQLModel

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
context.run_migrations()
