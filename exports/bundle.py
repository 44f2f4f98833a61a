"""The archive that is handed over: tables, codebook and manifest. Same data, same bytes."""

import hashlib
import io
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings

from exports import codebook
from exports.cells import as_text
from exports.scope import Scope
from exports.tables import Table, write

_BEGINNING = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Bundle:
    """A finished archive: an open file that vanishes when closed, its name, and what is in it."""

    name: str
    file: IO[bytes]
    manifest: dict[str, Any]


class _Digest(io.RawIOBase):
    """Passes bytes on to an archive member and hashes them on the way."""

    def __init__(self, to: IO[bytes]) -> None:
        self._to = to
        self._hash = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._hash.update(data)
        return self._to.write(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def bundle(scope: Scope, tables: Sequence[Table], *, kind: str, facts: dict[str, Any]) -> Bundle:
    """Write every table into one archive, row by row, in a temporary file. The caller closes it, by sending it."""
    if scope.for_sharing:
        tables = [table.for_sharing() for table in tables]
    file = tempfile.TemporaryFile(prefix="armslength-export-")  # noqa: SIM115 -- handed over open
    try:
        manifest = _fill(file, scope, tables, kind, facts)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    shared = "-shared" if scope.for_sharing else ""
    name = f"{scope.trial.code.lower()}-{kind}{shared}-{scope.cut:%Y-%m-%d}.zip"
    return Bundle(name, file, manifest)


def _fill(file: IO[bytes], scope: Scope, tables: Sequence[Table], kind: str, facts: dict[str, Any]) -> dict[str, Any]:
    columns = list(codebook.entries(tables))
    document = {"notes": codebook.NOTES, "columns": columns}
    with ZipFile(file, "w") as archive:
        files = [_member(archive, f"{table.name}.csv", partial(_write_table, table)) for table in tables]
        files.append(_member(archive, "codebook.csv", lambda to: write(codebook.HEAD, codebook.lines(columns), to)))
        files.append(_member(archive, "codebook.json", partial(_write_json, document)))
        manifest = _manifest(scope, kind, files) | facts
        _member(archive, "manifest.json", partial(_write_json, manifest))
    return manifest


def _write_table(table: Table, to: Any) -> int:
    return write(table.head, table.lines(), to)


def _member(archive: ZipFile, name: str, fill: Callable[[Any], int]) -> dict[str, Any]:
    info = ZipInfo(name, _BEGINNING)
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        digest = _Digest(member)
        text = io.TextIOWrapper(io.BufferedWriter(digest, 1 << 16), encoding="utf-8", newline="")
        rows = fill(text)
        text.flush()
        text.detach()
    return {"file": name, "rows": rows, "sha256": digest.hexdigest()}


def _write_json(document: Any, to: Any) -> int:
    json.dump(document, to, ensure_ascii=False, indent=1, sort_keys=True)
    to.write("\n")
    return len(document)


def _manifest(scope: Scope, kind: str, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "trial": scope.trial.code,
        "title": scope.trial.title,
        "dataset": kind,
        "for_sharing": scope.for_sharing,
        "sites": [] if scope.for_sharing else [site.code for site in scope.sites],
        "protocol_version": scope.protocol_number,
        "protocol_label": scope.protocol.version,
        "cut_at": as_text(scope.cut),
        "software": f"Armslength {settings.SPECTACULAR_SETTINGS['VERSION']}",
        "files": list(files),
    }
