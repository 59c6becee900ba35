"""What is kept of people from one visit to the next, in one database on this machine.

Nothing is kept unless somebody asks for it. By default there is one SQLite file in the user's own data folder, and
beside it a folder of the clips that were kept on request; a practice may have a PostgreSQL server instead::

    place.py       where it lies: environment variables, folder, address of the server
    database.py    opening it, its revision, what a session may rely on
    tables.py      one class a table; ``migrations/`` has every step from the first revision to these
    people.py      people, each visible to their owner only; deleting one really deletes
    analyses.py    analyses, their numbers for the trends, their clips
    diary.py       pain and good days, exercises done, runs
    training.py    what follows from those: weeks and their limit, streaks, what a day's pain means
    trends.py      a number over the analyses, and whether it has changed beyond the error of measuring
    archive.py     backup and export as ZIP, and back

Whoever has a ``Person`` got it through ``people.find``, which asks for the owner: nothing else looks a person up.
"""
