"""One shape for every refusal: a code for programs, a sentence for people, and the fields it is about."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response

from audit.refusals import met
from core.problems import Invalid, NotFound, Problem
from trials.access import not_found, refused


class TooLarge(Problem):
    """More than a request may hold."""

    status = 413


class FieldProblemSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(help_text="Empty where it belongs to no single field.", allow_blank=True)
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong. `code` is stable; `message` is a sentence in the language of the request."""

    code = serializers.CharField()
    message = serializers.CharField()
    fields = FieldProblemSerializer(many=True)  # type: ignore[assignment]


Body = dict[str, Any]


def answer(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """The response to whatever was raised; None leaves a fault of ours to Django."""
    if isinstance(error, Http404):
        error = not_found()
    elif isinstance(error, PermissionDenied):
        error = refused()
    if isinstance(error, Problem):
        met(error)
        return Response(body_of(error), status=error.status)
    if isinstance(error, exceptions.ValidationError):
        return Response(_body_of_validation(error), status=Invalid.status)
    if isinstance(error, exceptions.APIException):
        return Response(_body_of_request(error), status=error.status_code, headers=_headers(error))
    return None


def body_of(problem: Problem) -> Body:
    """A problem of the house, with each of its parts where it is several."""
    parts = problem.problems if isinstance(problem, Invalid) else [problem] if problem.field else []
    fields = [_field(part.field or "", part.code, part.sentence) for part in parts]
    code = "request.invalid" if isinstance(problem, Invalid) else problem.code
    message = several(len(parts)) if len(parts) > 1 else problem.sentence
    return {"code": code, "message": message, "fields": fields}


def several(count: int) -> str:
    """The sentence above a list of problems."""
    return _("%(count)s entries cannot be accepted as they are. Correct them and send it again.") % {"count": count}


def no_such_address() -> NotFound:
    """The answer to an address that the API does not have."""
    return not_found()


def _body_of_validation(error: exceptions.ValidationError) -> Body:
    fields = list(_flat(error.detail))
    message = several(len(fields)) if len(fields) != 1 else fields[0]["message"]
    return {"code": "request.invalid", "message": message, "fields": fields}


def _flat(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)[:80]
            yield from _flat(inner, ".".join(part for part in (path, own) if part))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _flat(inner, f"{path}.{place}" if nested and path else path)
    else:
        yield _field(path, f"field.{getattr(detail, 'code', 'invalid')}", str(detail))


def _field(field: str, code: str, message: str) -> dict[str, str]:
    return {"field": field, "code": code, "message": message}


def _body_of_request(error: exceptions.APIException) -> Body:
    detail: Any = error.detail
    code = getattr(detail, "code", "invalid")
    return {"code": f"request.{code}", "message": str(detail), "fields": []}


def _headers(error: exceptions.APIException) -> dict[str, str]:
    challenge = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": challenge} if challenge else {}
