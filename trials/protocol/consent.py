"""What participants agree to: documents by version and language, clauses one by one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StrictStr, StringConstraints

from .words import SHA256, Bool, Code, Count, Day, Language, Part, Text, Words


class ConsentDocument(Part):
    """One version in one language; `approved_on` is the ethics board's date."""

    version: Words
    language: Language
    approved_on: Day
    title: Words
    file: Words | None = None
    sha256: Annotated[StrictStr, StringConstraints(pattern=SHA256)] | None = None


class Clause(Part):
    """Optional clauses are answered one by one; a 'no' to them excludes nobody."""

    code: Code
    wording: Text
    optional: Bool = True


class DataSharing(Part):
    """What becomes of the data. `clause`: the clause that must be agreed to before data are shared."""

    statement: Text
    clause: Code | None = None
    years: Count | None = None


class Consent(Part):
    documents: tuple[ConsentDocument, ...] = Field(min_length=1)
    clauses: tuple[Clause, ...] = ()
    data_sharing: DataSharing

    @property
    def versions(self) -> tuple[str, ...]:
        """Versions, oldest approval first."""
        dated: dict[str, date] = {}
        for document in self.documents:
            known = dated.get(document.version)
            dated[document.version] = min(known, document.approved_on) if known else document.approved_on
        return tuple(sorted(dated, key=lambda version: dated[version]))

    def document_for(self, language: str) -> ConsentDocument | None:
        """The newest document in `language`, or None when the trial has none in it."""
        fitting = [document for document in self.documents if document.language == language]
        return max(fitting, key=lambda document: document.approved_on, default=None)
