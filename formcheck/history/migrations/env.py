"""Run by Alembic at every step: works inside the transaction of the connection it is given."""

from __future__ import annotations

from alembic import context

from formcheck.history.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True
)
context.run_migrations()
