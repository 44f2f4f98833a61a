"""The design of an uploaded table: where it came from, and the list itself. See ``randomization.table``."""

import re
from collections.abc import Iterator
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import StrictInt, StrictStr, model_validator

from core.problems import Problem
from randomization.design_common import LONGEST_LIST, CommonDesign, problem


class UploadedTable(CommonDesign):
    """A list that was made elsewhere, in the order of its file.

    `sha256`: of the file, byte for byte. `table`: for each stratum, in the order of `strata`, the arms of its
    slots as their index in `arms`, from 0. `slots_per_stratum` is the length of the shortest list.
    """

    method: Literal["uploaded_table"] = "uploaded_table"
    sha256: StrictStr
    table: tuple[tuple[StrictInt, ...], ...]

    @model_validator(mode="before")
    @classmethod
    def _fill_length(cls, data: Any) -> Any:
        table = data.get("table") if isinstance(data, dict) else None
        if not isinstance(table, list | tuple) or "slots_per_stratum" in data:
            return data
        lengths = [len(arms) for arms in table if isinstance(arms, list | tuple)]
        return {**data, "slots_per_stratum": min(lengths, default=0)}

    def _own_problems(self) -> Iterator[Problem]:
        if not re.fullmatch(r"[0-9a-f]{64}", self.sha256):
            yield problem("sha256", _("The SHA-256 of the file has 64 hexadecimal digits in lower case."))
        if len(self.table) != len(self.strata):
            yield problem("table", _("The table needs one list for each stratum."))
        elif self.slots_per_stratum != min(len(arms) for arms in self.table):
            yield problem(
                "slots_per_stratum", _("The slots of a stratum are those of the table. Leave the number out.")
            )
        if any(len(arms) > LONGEST_LIST for arms in self.table):
            yield problem("table", _("The list of a stratum has 1 to %(most)d slots."), most=LONGEST_LIST)
        if any(not 0 <= arm < len(self.arms) for arms in self.table for arm in arms):
            yield problem("table", _("The table names an arm that the design does not have."))

    def arms_of(self, stratum: str) -> tuple[int, ...]:
        """The list of a stratum as arm indexes."""
        return self.table[self.strata.index(stratum)]
