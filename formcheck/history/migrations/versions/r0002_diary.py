"""The diary, the exercises done and the runs of each person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"


def upgrade() -> None:
    """Three tables more; nothing that was there changes."""
    op.create_table(
        "diary",
        *_of_a_person_on_a_day("diary"),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("before", "during", "after", "next_day")),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("condition", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.UniqueConstraint("person_id", "day", name="uq_diary_person_id"),
    )
    op.create_table(
        "exercises",
        *_of_a_person_on_a_day("exercises"),
        sa.Column("exercise", sa.String(80), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("sets", "reps", "seconds")),
        sa.Column("hurt", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "runs",
        *_of_a_person_on_a_day("runs"),
        sa.Column("km", sa.Double(), nullable=False),
        sa.Column("minutes", sa.Double(), nullable=True),
    )
    for table in ("diary", "exercises", "runs"):
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])


def _of_a_person_on_a_day(table: str) -> list[sa.Column[object] | sa.Constraint]:
    return [
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], f"fk_{table}_person_id_people", ondelete="CASCADE"),
    ]
