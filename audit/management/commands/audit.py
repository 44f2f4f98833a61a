"""``manage.py audit verify``: recompute every chain; ``audit heads``: print chain ends for safe-keeping elsewhere."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import chain
from audit.models import Entry, Head


class Command(BaseCommand):
    help = "Check the audit trail: verify recomputes every chain, heads prints where each one ends."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify", "heads"])

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        heads = list(Head.objects.order_by("chain"))
        if action == "heads":
            for head in heads:
                self.stdout.write(json.dumps({"chain": head.chain, "number": head.number, "hash": head.hash}))
            return
        # A chain whose end was taken away is still known by its entries.
        chains = {head.chain for head in heads} | set(Entry.objects.values_list("chain", flat=True).distinct())
        findings = [finding for each in sorted(chains) if (finding := chain.verify(each))]
        for finding in findings:
            self.stderr.write(f"{finding.chain}: {finding.sentence}")
        if findings:
            raise CommandError("The audit trail does not verify.")
        entries = sum(head.number for head in heads)
        self.stdout.write(f"The audit trail verifies: {entries} entries in {len(heads)} chains.")
