"""The OpenAPI document of this API, built once for each language."""

from functools import cache
from threading import Lock
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import patched_settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from api.authentication import TokenAuthentication
from api.doors import Door
from api.fields import Strict
from api.operations import operation

PREFIX = "/api/v1/"
SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": PREFIX,
    "POSTPROCESSING_HOOKS": [],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATIONS": False,
}
PATHS = {
    "trial": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 40},
    "number": {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 40},
}
_building = Lock()


def document(language: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document, its sentences in a language. Not to be changed by the caller."""
    with _building:
        return _document(language)


@cache
def _document(language: str) -> dict[str, Any]:
    with override(language), patched_settings(SETTINGS):
        found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
        _close(found["components"]["schemas"])
        _describe_paths(found)
        return found


def _close(schemas: dict[str, Any]) -> None:
    """Say that nothing else is sent or taken; what is said of all shapes alike is said of none."""
    for schema in schemas.values():
        if schema.get("type") == "object" and "properties" in schema:
            schema["additionalProperties"] = False
        if schema.get("description") == Strict.__doc__:
            del schema["description"]


def _describe_paths(found: dict[str, Any]) -> None:
    """Say what stands in an address."""
    words = {
        "trial": _("The code of the trial."),
        "number": _("The study number."),
        "form": _("The form."),
        "session": _("The number of the session."),
        "appointment": _("The appointment."),
    }
    for path in found["paths"].values():
        for about in path.values():
            for parameter in about.get("parameters", []):
                if parameter["in"] == "path":
                    parameter["description"] = words.get(parameter["name"], "")
                    parameter["schema"] = PATHS.get(parameter["name"], parameter["schema"])


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the token is described in the schema."""

    target_class = "api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SchemaDoor(Door):
    """The document, for programs with a token and people with a login. It holds no data."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]

    @extend_schema(exclude=True)
    @operation("schema", gettext_lazy("This document"), answer=OpenApiTypes.OBJECT)
    def get(self, request: Request) -> Response:
        language = request.LANGUAGE_CODE  # type: ignore[attr-defined]
        return Response(document(language))
