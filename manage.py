#!/usr/bin/env python
"""Armslength's command line."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError

    from core.missing_tables import sentence_of

    try:
        execute_from_command_line(sys.argv)
    except DatabaseError as error:
        if sentence := sentence_of(error):
            sys.exit(sentence)
        raise


if __name__ == "__main__":
    main()
