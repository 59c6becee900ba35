"""Where the history lies.

``FORMCHECK_DATA``          a folder instead of the one that the system has for the data of programs
``FORMCHECK_DATABASE_URL``  a PostgreSQL database instead of the file in that folder; kept clips stay in the folder
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from formcheck.records import InputError

LOCAL = "local"
"""The owner where nobody signs in: whoever may use this machine's account."""
FILE = "history.sqlite3"
CLIPS = "clips"
DATA_VARIABLE, URL_VARIABLE = "FORMCHECK_DATA", "FORMCHECK_DATABASE_URL"
_POSTGRES = ("postgres://", "postgresql://", "postgresql+psycopg://")


@dataclass(frozen=True)
class Place:
    """A folder, and the address of a database server where the database is not a file in it."""

    folder: Path
    url: str | None = None

    @property
    def file(self) -> Path:
        """The SQLite file; of no use where there is a server."""
        return self.folder / FILE

    @property
    def clips(self) -> Path:
        """The clips that were kept on request, a folder for each analysis."""
        return self.folder / CLIPS

    @property
    def is_begun(self) -> bool:
        """Whether anything may have been kept here; always so for a server."""
        return self.url is not None or self.file.is_file()


def place_of(folder: Path | None = None, environment: Mapping[str, str] = os.environ) -> Place:
    """Where to keep things: ``folder`` if given, else what the environment says, else the user's data folder.

    A folder that was asked for by name holds its own SQLite file, whatever the environment says about a server.
    Raises InputError ``history_bad_url`` for an address that is no PostgreSQL database's.
    """
    if folder is not None:
        return Place(folder.absolute())
    said = environment.get(DATA_VARIABLE)
    place = Path(said).expanduser().absolute() if said else _users_folder()
    url = environment.get(URL_VARIABLE) or None
    return Place(place, None if url is None else _with_driver(url))


def _users_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("formcheck", appauthor=False)


def _with_driver(url: str) -> str:
    for prefix in _POSTGRES:
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    raise InputError("history_bad_url", variable=URL_VARIABLE)
