"""``manage.py audit``: recompute every chain, compare with the anchors, anchor by hand, print where chains end."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import anchors, chain
from audit.models import Entry, Head


class Command(BaseCommand):
    help = (
        "The audit trail: verify recomputes every chain, anchor writes down outside the database where each one ends, "
        "heads prints the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify", "anchor", "heads"])
        parser.add_argument(
            "--anchors",
            metavar="FILE",
            nargs="?",
            const="",
            help="With verify: every anchored end must still be in the trail. Without FILE the one that anchor writes.",
        )

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        file = options["anchors"]
        if file is not None and action != "verify":
            raise CommandError("--anchors belongs to verify.")
        {"verify": lambda: self._verify(file), "anchor": self._anchor, "heads": self._heads}[action]()

    def _heads(self) -> None:
        for head in Head.objects.order_by("chain"):
            self.stdout.write(json.dumps({"chain": head.chain, "number": head.number, "hash": head.hash}))

    def _anchor(self) -> None:
        self.stdout.write(anchors.anchor(anchors.default_path()))

    def _verify(self, file: str | None) -> None:
        heads = list(Head.objects.all())
        # A chain whose end was taken away is still known by its entries.
        chains = {head.chain for head in heads} | set(Entry.objects.values_list("chain", flat=True).distinct())
        findings = [finding for each in sorted(chains) if (finding := chain.verify(each))]
        sentences = [f"{finding.chain}: {finding.sentence}" for finding in findings]
        sentences += self._compare(Path(file) if file else anchors.default_path()) if file is not None else []
        for sentence in sentences:
            self.stderr.write(sentence)
        if sentences:
            raise CommandError("The audit trail does not verify.")
        entries = sum(head.number for head in heads)
        self.stdout.write(f"The audit trail verifies: {entries} entries in {len(heads)} chains.")

    def _compare(self, path: Path) -> list[str]:
        try:
            finding = anchors.verify(path)
        except OSError as error:
            raise CommandError(f"The anchors cannot be read: {error}.") from error
        if finding is None:
            self.stdout.write(f"Every end that was anchored in {path} is in the trail.")
        return [finding] if finding else []
