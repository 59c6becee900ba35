"""The same history on a real PostgreSQL server, started for the test on this machine alone.

Whatever the SQLite tests ask of people, analyses, diary and archive is asked here once more, by the same functions.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy import text as sql
from test_history import SAVER, TestKeeping, TestPeople, analysis, person_in
from test_history_archive import (
    test_everything_comes_back_elsewhere,
    test_nobody_who_is_there_is_changed,
    test_spreadsheets_can_read_it_and_run_nothing_of_it,
    whole_person,
)
from test_history_diary import TestDiary, TestTrends, aoi

from formcheck.cli import run
from formcheck.history import people
from formcheck.history.database import HEAD, History, open_history, revision_of, upgrade
from formcheck.history.place import Place
from formcheck.history.tables import Table
from formcheck.records import Analysis, InputError

__all__ = [
    "TestDiary",
    "TestKeeping",
    "TestPeople",
    "TestTrends",
    "analysis",
    "aoi",
    "test_everything_comes_back_elsewhere",
    "test_nobody_who_is_there_is_changed",
    "test_spreadsheets_can_read_it_and_run_nothing_of_it",
    "whole_person",
]
pytestmark = pytest.mark.slow
LOCAL = people.LOCAL
_NUMBERS = count()


def binaries() -> Path:
    """Where the server's programs are: Debian keeps them out of the path."""
    found = [shutil.which("initdb"), *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")))]
    for path in reversed([path for path in found if path]):
        return Path(path).parent
    pytest.skip("no PostgreSQL here (Debian: apt-get install postgresql)")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server of our own, without the database's name; it and its data go afterwards."""
    programs, options = binaries(), _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="formcheck-postgres-"))
    password = folder / "password"
    password.write_text(secrets.token_hex(16))
    for path in (folder, password):
        shutil.chown(path, options.get("user"), None) if options else None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    initdb = ["initdb", "-D", data, "-U", "formcheck", "-A", "scram-sha-256", "--pwfile", password, "-E", "UTF8"]
    start = ["pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", f"-p {port} -h 127.0.0.1 -k '' -F", "start"]
    try:
        for command in (initdb, start):
            subprocess.run(
                [programs / command[0], *command[1:]], check=True, cwd=folder, stdout=subprocess.DEVNULL, **options
            )
        yield f"postgresql://formcheck:{password.read_text()}@127.0.0.1:{port}"
    finally:
        stop = [programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, check=False, cwd=folder, stdout=subprocess.DEVNULL, **options)
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged() -> dict[str, Any]:
    """The server refuses to run as root."""
    if not hasattr(os, "getuid") or os.getuid() != 0:
        return {}
    import pwd

    try:
        pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("root may not run a PostgreSQL server, and there is no user postgres")
    return {"user": "postgres"}


@pytest.fixture
def place(server: str, tmp_path: Path) -> Place:
    """A new, empty database."""
    name = f"test_{next(_NUMBERS)}"
    engine = create_engine(server.replace("postgresql:", "postgresql+psycopg:") + "/postgres")
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sql(f"CREATE DATABASE {name}"))
    engine.dispose()
    address = server.replace("postgresql:", "postgresql+psycopg:")
    return Place(tmp_path / "data", f"{address}/{name}")


@pytest.fixture
def history(place: Place) -> Iterator[History]:
    with open_history(place) as opened:
        yield opened


def test_it_really_is_a_server_and_no_file_is_made(history: History, place: Place) -> None:
    with history.reading() as session:
        assert "PostgreSQL" in session.execute(sql("SELECT version()")).scalar_one()
    assert not place.file.exists()


def test_a_person_is_really_gone_from_every_table(history: History, whole_person: str) -> None:
    people.delete_person(history, LOCAL, whole_person)
    with history.reading() as session:
        for table in ("analyses", "numbers", "diary", "exercises", "runs"):
            assert session.execute(sql(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    assert list(history.place.clips.iterdir()) == []


def test_from_the_first_revision_up_with_people_in_it(place: Place) -> None:
    assert place.url is not None
    engine = create_engine(place.url)
    with engine.begin() as connection:
        upgrade(connection, "r0001")
        connection.execute(sql("INSERT INTO people VALUES ('local', '青井', '', '2026-05-04 10:00:00', 'p1')"))
    engine.dispose()
    with open_history(place) as history, history.reading() as session:
        assert revision_of(session.connection()) == HEAD
        assert people.find(session, LOCAL, "青井").id == "p1"


def test_the_steps_lead_to_the_tables(history: History) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with history.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Table.metadata) == []


def test_several_processes_at_once_and_one_that_is_killed(place: Place, tmp_path: Path) -> None:
    """All begin on an empty database; the last one is killed between the two rows of a save."""
    assert place.url is not None
    code = SAVER.replace("Place(Path(sys.argv[1]))", f"Place(Path(sys.argv[1]), {place.url!r})")
    arguments = [[str(place.folder), str(number), "6"] for number in range(3)]
    savers = [subprocess.Popen([sys.executable, "-c", code, *words], stdout=subprocess.PIPE) for words in arguments]
    killed = subprocess.Popen(
        [sys.executable, "-c", code, str(place.folder), "k", "0"], stdout=subprocess.PIPE, text=True
    )
    assert killed.stdout is not None
    for line in killed.stdout:
        if line.startswith("4a"):
            os.kill(killed.pid, signal.SIGKILL)
            break
    killed.communicate()
    assert [saver.communicate(timeout=120) and saver.returncode for saver in savers] == [0] * 3
    with open_history(place) as history, history.reading() as session:
        names = [person.name for person in people.listed(session, LOCAL)]
    of_killed = [name for name in names if name.startswith("k")]
    assert len(names) - len(of_killed) == 3 * 6 * 2
    assert len(of_killed) >= 4 * 2
    assert len(of_killed) % 2 == 0


def test_a_wrong_password_is_one_sentence_that_does_not_tell_it(place: Place) -> None:
    assert place.url is not None
    wrong = place.url.replace("formcheck:", "formcheck:not-the-password-", 1)
    with pytest.raises(InputError, match="history_unreachable") as told:
        open_history(Place(place.folder, wrong))
    assert "not-the-password" not in str(told.value.details)


def test_the_command_line_uses_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.url is not None
    monkeypatch.setenv("FORMCHECK_DATABASE_URL", place.url.replace("postgresql+psycopg:", "postgres:"))
    assert run(["people", "add", "Aoi"]) == 0
    assert run(["people", "list"]) == 0
    assert "Aoi" in capsys.readouterr().out
    with open_history(place) as history, history.reading() as session:
        assert [person.name for person in people.listed(session, LOCAL)] == ["Aoi"]


def test_each_owner_sees_their_own_only(history: History, analysis: Analysis) -> None:
    mine = person_in(history, "Aoi", "https://issuer.example 1")
    with history.reading() as session, pytest.raises(InputError, match="no_such_person_kept"):
        people.find(session, "https://issuer.example 2", mine)
