"""Body mass index from the sociodemographic form: told, not measured, by the rule of anthropometry."""

from __future__ import annotations

from instruments.scoring.anthropometry import ITEMS, score
from instruments.scoring.inputs import Rule

RULE = Rule("sociodemographic-1", score, ITEMS, tuple(ITEMS), ("bmi",))
