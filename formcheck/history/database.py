"""Opening the history, and what a session may rely on.

* A session of ``writing`` is one transaction: all of it is kept, or nothing. It takes its turn before it reads
  (``BEGIN IMMEDIATE``), so two processes never undo each other's work; they wait for each other up to ``WAIT_S``.
* SQLite writes ahead (WAL) and waits for the disk at every commit (``synchronous=FULL``): a process that is killed,
  or a machine that loses power, loses what was being saved and nothing that was saved before.
* What is deleted is overwritten with zeros (``secure_delete``).
* An older database is brought up to ``HEAD`` when it is opened, in one transaction, by whoever opens it first.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect
from sqlalchemy import text as sql
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from formcheck.history.place import Place, place_of
from formcheck.records import InputError

HEAD = "r0002"
"""The newest revision in ``migrations/versions``."""
WAIT_S = 20.0
_EMPTY_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
_LOCK = 0x666F726D
"""Any number, always the same: PostgreSQL's lock for the one that migrates."""


class History:
    """An opened history; a context manager that closes it."""

    def __init__(self, engine: Engine, place: Place) -> None:
        self.engine, self.place = engine, place

    def __enter__(self) -> History:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to look things up in: one unchanging view of the history, whoever writes meanwhile."""
        with _told_as_input_errors(), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are kept together at its end, or not at all after an exception."""
        engine = self.engine.execution_options(takes_turn=True)
        with _told_as_input_errors(), Session(engine, expire_on_commit=False) as session, session.begin():
            yield session

    def scrub(self) -> None:
        """Leave no trace of deleted rows in the files: empties the write-ahead log and writes the file anew.

        A PostgreSQL server keeps its own house: there ``VACUUM`` frees the rows, its logs and backups are its owner's.
        """
        is_file = self.place.url is None
        options: dict[str, Any] = {"takes_turn": None} if is_file else {"isolation_level": "AUTOCOMMIT"}
        with _told_as_input_errors(), self.engine.execution_options(**options).connect() as connection:
            for step in (_EMPTY_LOG, "VACUUM", _EMPTY_LOG) if is_file else ("VACUUM",):
                connection.execute(sql(step))


def open_history(place: Place | None = None) -> History:
    """The history at ``place``, made if it is not there yet, and brought up to the newest revision.

    Raises InputError ``history_unreachable`` (no such server, no such folder, not a database, locked for too long),
    ``history_newer`` (made by a later version) or ``history_needs_driver`` (PostgreSQL's part is not installed).
    """
    place = place or place_of()
    with _told_as_input_errors():
        _make_private(place.folder)
        engine = _engine(place)
        try:
            _bring_up(engine)
        except BaseException:
            engine.dispose()
            raise
    return History(engine, place)


def _make_private(folder: Path) -> None:
    """A folder that only its owner can look into; one that was there before, or is made meanwhile, stays as it is."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _engine(place: Place) -> Engine:
    if place.url is not None:
        try:
            return create_engine(place.url, pool_pre_ping=True, isolation_level="READ COMMITTED")
        except (ImportError, NoSuchModuleError) as error:
            raise InputError("history_needs_driver") from error
    if not place.file.exists():
        os.close(os.open(place.file, os.O_CREAT | os.O_RDWR, 0o600))
    address = URL.create("sqlite", database=str(place.file))
    engine = create_engine(address, connect_args={"timeout": WAIT_S, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin where ``_begin`` says, not where the driver guesses
    _write_ahead(connection)
    for setting in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Switch a new file to WAL; of several processes that begin at once, SQLite turns some away without waiting."""
    until_s = time.monotonic() + WAIT_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL").close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until_s:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    """``takes_turn`` None: no transaction at all, as housekeeping wants it."""
    takes_turn = connection.get_execution_options().get("takes_turn", False)
    if takes_turn is not None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if takes_turn else "BEGIN")


# ---------------------------------------------------------------------------------------------------- revisions


def _bring_up(engine: Engine) -> None:
    """Bring the tables to ``HEAD``; Alembic is only loaded where there is something to do."""
    with engine.connect() as connection:
        if revision_of(connection) == HEAD:
            return
    with engine.execution_options(takes_turn=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sql("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        if revision_of(connection) != HEAD:  # somebody else may have done it meanwhile
            upgrade(connection, HEAD)


def revision_of(connection: Connection) -> str | None:
    """The revision of the tables; None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sql("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(connection: Connection, revision: str) -> None:
    """Bring the tables up to ``revision`` inside the transaction of ``connection``.

    Raises InputError ``history_newer`` where they are of a revision that this version does not know.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise InputError("history_newer") from error


@contextmanager
def _told_as_input_errors() -> Iterator[None]:
    """What a user can do something about becomes an InputError; the driver's own words are in its cause."""
    try:
        yield
    except (DBAPIError, OSError, sqlite3.Error) as error:
        raise InputError("history_unreachable", why=_first_line(error)) from error
    except SQLAlchemyError as error:
        if isinstance(error.__cause__, ImportError):
            raise InputError("history_needs_driver") from error
        raise


def _first_line(error: Exception) -> str:
    told = str(getattr(error, "orig", None) or getattr(error, "strerror", None) or error).strip()
    return told.splitlines()[0] if told else type(error).__name__
