"""People, their analyses, and the numbers of these."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None


def upgrade() -> None:
    """From nothing."""
    _people()
    _analyses()
    _numbers()


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("owner", sa.String(512), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_owner", "people", ["owner"])


def _analyses() -> None:
    op.create_table(
        "analyses",
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("filmed_on", sa.Date(), nullable=False),
        sa.Column("activity", sa.String(60), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("pose", sa.LargeBinary(), nullable=True),
        sa.Column("has_clip", sa.Boolean(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_analyses"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], "fk_analyses_person_id_people", ondelete="CASCADE"),
    )
    op.create_index("ix_analyses_person_id", "analyses", ["person_id"])


def _numbers() -> None:
    op.create_table(
        "numbers",
        sa.Column("analysis_id", sa.String(32), nullable=False),
        sa.Column("metric", sa.String(80), nullable=False),
        sa.Column("side", sa.String(5), nullable=False),
        sa.Column("unit", sa.String(20), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("uncertainty", sa.Double(), nullable=True),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("analysis_id", "metric", "side", name="pk_numbers"),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analyses.id"], "fk_numbers_analysis_id_analyses", ondelete="CASCADE"
        ),
    )
