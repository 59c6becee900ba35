"""One class a table. Days are the user's own calendar days; moments are UTC.

Every step that changes a table here is a file in ``migrations/versions``; a test holds the two against each other.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import JSON, Double, ForeignKey, LargeBinary, MetaData, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

KEY_LENGTH, OWNER_LENGTH, NAME_LENGTH = 32, 512, 120


def new_key() -> str:
    """A key nobody can guess and no other database has: rows of two archives never meet by accident."""
    return uuid4().hex


def now() -> datetime:
    """UTC without its mark: SQLite has no time zones."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Table(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """What all tables share: names of constraints that a migration can rely on."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Person(Table):
    """A runner or a client, visible to ``owner`` only."""

    __tablename__ = "people"

    owner: Mapped[str] = mapped_column(String(OWNER_LENGTH), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(default_factory=now)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True, default_factory=new_key)


class KeptAnalysis(Table):
    """One analysis: the content of its ``analysis.json``, and the pose from which everything else follows."""

    __tablename__ = "analyses"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    """The clip's."""
    filmed_on: Mapped[date]
    activity: Mapped[str] = mapped_column(String(60))
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None, deferred=True)
    """What the person said in the safety check; None where none was made."""
    pose: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, deferred=True)
    """The bytes of ``pose.npz``: points and outline, no picture."""
    has_clip: Mapped[bool] = mapped_column(default=False)
    kept_at: Mapped[datetime] = mapped_column(default_factory=now)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True, default_factory=new_key)


class Number(Table):
    """A measurement of an analysis, once more and by itself: what a trend is made of."""

    __tablename__ = "numbers"

    analysis_id: Mapped[str] = mapped_column(ForeignKey("analyses.id", ondelete="CASCADE"), primary_key=True)
    metric: Mapped[str] = mapped_column(String(80), primary_key=True)
    side: Mapped[str] = mapped_column(String(5), primary_key=True)
    """left, right, or nothing."""
    unit: Mapped[str] = mapped_column(String(20))
    value: Mapped[float] = mapped_column(Double)
    uncertainty: Mapped[float | None] = mapped_column(Double)
    """Half-width of the 95 % interval."""
    status: Mapped[str] = mapped_column(String(20))
    n: Mapped[int]


class DiaryDay(Table):
    """How a day was: pain around the run, from 0 (none) to 10 (the worst there is), and how good the day felt."""

    __tablename__ = "diary"
    __table_args__ = (UniqueConstraint("person_id", "day", name="uq_diary_person_id"),)

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    before: Mapped[int | None] = mapped_column(default=None)
    during: Mapped[int | None] = mapped_column(default=None)
    after: Mapped[int | None] = mapped_column(default=None)
    next_day: Mapped[int | None] = mapped_column(default=None)
    places: Mapped[list[str]] = mapped_column(JSON, default_factory=list)
    """Where it hurts: the words of guidance/questions.toml."""
    condition: Mapped[int | None] = mapped_column(default=None)
    """From 1 (bad) to 5 (good)."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What went well, or badly."""
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True, default_factory=new_key)


class ExerciseDone(Table):
    """An exercise of one day: done, or meant to be and not done."""

    __tablename__ = "exercises"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    exercise: Mapped[str] = mapped_column(String(80))
    """The id of guidance/exercises.toml."""
    done: Mapped[bool] = mapped_column(default=True)
    sets: Mapped[int | None] = mapped_column(default=None)
    reps: Mapped[int | None] = mapped_column(default=None)
    seconds: Mapped[int | None] = mapped_column(default=None)
    """How long it was held, or took."""
    hurt: Mapped[bool] = mapped_column(default=False)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True, default_factory=new_key)


class Run(Table):
    """One run."""

    __tablename__ = "runs"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    day: Mapped[date]
    km: Mapped[float] = mapped_column(Double)
    minutes: Mapped[float | None] = mapped_column(Double, default=None)
    id: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True, default_factory=new_key)
