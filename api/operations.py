"""Saying of one method of a door who may, what it takes and what it answers: for the door and for the schema alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from accounts.permissions import Permission
from api.fields import Strict
from api.problems import ProblemSerializer
from core.problems import Sentence

Handler = TypeVar("Handler", bound=Callable[..., Any])

READ_REFUSALS: dict[int, Sentence] = {
    401: _("No valid token."),
    403: _("The role does not include this; the same for every record."),
    404: _("There is no such record for this person."),
    422: _("An entry cannot be accepted; each is named."),
}
WRITE_REFUSALS: dict[int, Sentence] = {
    400: _("The request cannot be read, or what it asks for cannot be done as it is."),
    409: _("The record moved on meanwhile, or is in another state."),
    413: _("The request is too large."),
    415: _("The body is not sent as application/json."),
}


@dataclass(frozen=True)
class Operation:
    """What one method of a door asks for. No permission: any role in the trial."""

    permissions: tuple[Permission, ...] = ()
    query: type[Strict] | None = None
    body: type[Strict] | None = None


def operation(
    name: str,
    summary: Sentence,
    *permissions: Permission,
    answer: Any,
    status: int = 200,
    query: type[Strict] | None = None,
    body: type[Strict] | None = None,
    headers: tuple[OpenApiParameter, ...] = (),
    also: tuple[int, ...] = (),
    more: Sentence = "",
) -> Callable[[Handler], Handler]:
    """Declare a method of a door. ``name`` is the operation's id; ``also`` are further statuses of its answer;
    ``more`` is said of it besides the summary."""
    refusals = {**READ_REFUSALS, **(WRITE_REFUSALS if body else {})}
    done = OpenApiResponse(answer, description=_("Done."))  # type: ignore[arg-type]
    responses: dict[Any, Any] = dict.fromkeys((status, *also), done)
    responses.update(
        {code: OpenApiResponse(ProblemSerializer, description=said) for code, said in sorted(refusals.items())}  # type: ignore[arg-type]
    )
    describe = extend_schema(
        operation_id=name,
        summary=summary,  # type: ignore[arg-type]
        description=more or summary,  # type: ignore[arg-type]
        tags=[name.split("_")[0]],
        request=body,
        parameters=[*headers, *([query] if query else [])],
        responses=responses,
    )

    def declare(handler: Handler) -> Handler:
        handler.operation = Operation(permissions, query, body)  # type: ignore[attr-defined]
        return describe(handler)

    return declare
