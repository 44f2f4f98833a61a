"""What to say where a command meets a database in which nobody migrated, or another than was meant."""

from django.db import DatabaseError, connection

_NO_TABLE = ("no such table", "UndefinedTable")


def sentence_of(error: DatabaseError) -> str:
    """What to do about a table that is not there, and which database was asked; empty for every other error."""
    told = f"{error} {type(error.__cause__).__name__}"
    if not any(sign in told for sign in _NO_TABLE):
        return ""
    return (
        f"The database {connection.settings_dict['NAME']} has no tables of Armslength. For the demo put "
        "ARMSLENGTH_DEMO=1 before the command; for another database set DATABASE_URL. A new one is made by: "
        "manage.py migrate"
    )
