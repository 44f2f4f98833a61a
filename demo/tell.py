"""``python -m demo.tell``: build the demo's world in the database of DATABASE_URL, showing how far it is."""

import gc
import sys

import django


def main() -> None:
    """Migrate an empty database and tell both stories into it."""
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from core import clock
    from demo import building

    print("Preparing the database", flush=True)
    call_command("migrate", verbosity=0)
    # What is loaded by now stays to the end: the collector need not look through it again and again.
    gc.freeze()
    building.build(clock.now(), Progress())
    connections.close_all()
    print("\nThe trial is half-way." if sys.stdout.isatty() else "The trial is half-way.", flush=True)


class Progress:
    """A line that fills on a terminal, a line a month elsewhere."""

    WIDTH = 30

    def __init__(self) -> None:
        self.said = ""

    def __call__(self, share: float, month: str) -> None:
        if sys.stdout.isatty():
            done = round(self.WIDTH * share)
            bar = "#" * done + "." * (self.WIDTH - done)
            line = f"\rTelling the story  [{bar}] {share:4.0%}  {month:<16}"
            if line != self.said:
                print(line, end="", flush=True)
                self.said = line
        elif month != self.said:
            print(f"Telling the story  {share:4.0%}  {month}", flush=True)
            self.said = month


if __name__ == "__main__":
    main()
