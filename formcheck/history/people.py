"""People, each visible to their owner only."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from formcheck.history.database import History
from formcheck.history.place import LOCAL as LOCAL
from formcheck.history.tables import NAME_LENGTH, KeptAnalysis, Person
from formcheck.records import InputError


def listed(session: Session, owner: str) -> list[Person]:
    """This owner's people, by name."""
    mine = select(Person).where(Person.owner == owner)
    return list(session.scalars(mine.order_by(func.lower(Person.name), Person.created_at)))


def add(session: Session, owner: str, name: str, note: str = "") -> Person:
    """A new person. Raises InputError ``person_name`` for a name that is empty, too long or taken."""
    person = Person(owner=owner, name=_free_name(session, owner, name), note=note)
    session.add(person)
    session.flush()
    return person


def find(session: Session, owner: str, name_or_id: str) -> Person:
    """One of this owner's people. Raises InputError ``no_such_person_kept``, also for somebody else's."""
    mine = select(Person).where(Person.owner == owner)
    found = session.scalar(mine.where(Person.id == name_or_id)) or session.scalar(mine.where(Person.name == name_or_id))
    if found is None:
        raise InputError("no_such_person_kept", name=name_or_id)
    return found


def rename(session: Session, person: Person, name: str) -> None:
    """Call a person something else. Raises InputError ``person_name`` as ``add`` does."""
    if " ".join(name.split()) != person.name:
        person.name = _free_name(session, person.owner, name)


def delete_person(history: History, owner: str, person_id: str) -> None:
    """Delete a person and everything that was kept: rows, clips, and what was left of them in the files.

    Raises InputError ``no_such_person_kept``. Exports that were taken before are out of reach.
    """
    from formcheck.history.analyses import remove_clips

    with history.writing() as session:
        person = find(session, owner, person_id)
        ids = list(session.scalars(select(KeptAnalysis.id).where(KeptAnalysis.person_id == person.id)))
        session.execute(delete(Person).where(Person.id == person.id))
    remove_clips(history.place, ids)
    history.scrub()


def _free_name(session: Session, owner: str, name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        raise InputError("person_name", longest=NAME_LENGTH)
    if session.scalar(select(Person.id).where(Person.owner == owner, Person.name == name)) is not None:
        raise InputError("person_exists", name=name)
    return name
