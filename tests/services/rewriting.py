"""``python -m tests.services.rewriting``: what the owner of a database can do to the trail, and nobody can see in it.

Changes an entry and computes every hash after it again, with triggers and wall out of the way.
"""

import django


def rewrite(number: int) -> None:
    from audit import chain
    from audit.models import INSTALLATION, Change, Entry, Head

    previous = ""
    for entry in Entry.objects.filter(chain=INSTALLATION).order_by("number"):
        if entry.number == number:
            entry.actor_name = "Somebody Else"
        entry.previous_hash = previous
        entry.hash = previous = chain.digest(entry, list(Change.objects.filter(entry_id=entry.pk).order_by("order")))
        entry.save(force_update=True)
    Head.objects.filter(pk=INSTALLATION).update(hash=previous)


def main() -> None:
    from django.db import connection

    from core import blindfold

    def disarm() -> None:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER audit_entry_no_update")
            else:
                cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")

    blindfold.migrating(disarm)
    rewrite(2)
    print("rewritten")


if __name__ == "__main__":
    django.setup()
    main()
