"""The API described on one page, drawn from its own schema: no script, nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from api.schema import document

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A parameter of an operation, or a field of a shape. ``shape`` names the shape it holds, if any."""

    name: str
    where: str
    kind: str
    shape: str
    required: bool
    words: str


@dataclass(frozen=True)
class Answer:
    """A status with what comes with it."""

    status: str
    kind: str
    shape: str
    words: str


@dataclass(frozen=True)
class Told:
    """One operation."""

    key: str
    method: str
    path: str
    summary: str
    words: str
    parameters: list[Row]
    body: str
    answers: list[Answer]


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """For everybody with a login; it holds no data of a trial."""
    found = document(get_language() or "en")
    shapes = {name: list(_fields(shape)) for name, shape in sorted(found["components"]["schemas"].items())}
    context = {"groups": _groups(found), "shapes": shapes, "version": found["info"]["version"]}
    return render(request, "api/documentation.html", context)


def _groups(found: Schema) -> dict[str, list[Told]]:
    titles = {
        "trials": _("Trials"),
        "due": _("What is due"),
        "participants": _("Participants"),
        "appointments": _("Appointments"),
        "forms": _("Forms and answers"),
        "events": _("Adverse events"),
        "deviations": _("Deviations"),
        "allocations": _("Randomization"),
        "therapy": _("Sessions"),
    }
    groups: dict[str, list[Told]] = {title: [] for title in titles.values()}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            groups[titles[operation["tags"][0]]].append(_told(path, method, operation))
    return groups


def _told(path: str, method: str, operation: Schema) -> Told:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    words = operation.get("description", "")
    return Told(
        key=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        words="" if words == operation["summary"] else words,
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        body=_reference(body),
        answers=[_answer(status, each) for status, each in operation["responses"].items()],
    )


def _parameter(parameter: Schema) -> Row:
    schema = parameter["schema"]
    required = bool(parameter.get("required"))
    return Row(parameter["name"], parameter["in"], _kind(schema), "", required, parameter.get("description", ""))


def _answer(status: str, response: Schema) -> Answer:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return Answer(status, _kind(schema), _reference(schema), response.get("description", ""))


def _fields(shape: Schema) -> Iterator[Row]:
    required = set(shape.get("required", []))
    for name, schema in shape.get("properties", {}).items():
        words = schema.get("description", "")
        yield Row(name, "", _kind(schema), _reference(schema), name in required, words)


def _reference(schema: Schema) -> str:
    """The name of the shape that a schema holds, alone, in a list or as one of several; "" for none."""
    for inner in (schema, schema.get("items", {}), *schema.get("allOf", []), *schema.get("oneOf", [])):
        if "$ref" in inner:
            return str(inner["$ref"]).rsplit("/", 1)[-1]
    return ""


def _kind(schema: Schema) -> str:
    if schema.get("type") == "array":
        return _("list of %(kind)s") % {"kind": _kind(schema.get("items", {}))}
    if "enum" in schema:
        return ", ".join(str(each) for each in schema["enum"] if each not in ("", None))
    if isinstance(schema.get("additionalProperties"), Mapping):
        return _("%(kind)s by name") % {"kind": _kind(schema["additionalProperties"])}
    kinds = schema.get("type", "")
    several = [kinds] if isinstance(kinds, str) else [each for each in kinds if each != "null"]
    if "integer" in several and "minimum" in schema and "maximum" in schema:
        return _("integer from %(low)s to %(high)s") % {"low": schema["minimum"], "high": schema["maximum"]}
    return " ".join([*several, *([schema["format"]] if "format" in schema else [])])
