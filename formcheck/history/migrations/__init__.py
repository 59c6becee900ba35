"""Every step of the tables from the first revision on, for Alembic."""
