"""What every request does first: who calls, in which trial, in which role; only then is a record sought."""

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role, roles_with
from api.authentication import TokenAuthentication
from api.bodies import OnlyJSON, StrictJSON
from api.fields import Strict
from api.operations import Operation
from api.problems import no_such_address
from audit.actors import Actor, ActorKind, Origin
from participants.models import Participant
from participants.policies import BEFORE_RANDOMIZATION, check_at_first_session
from participants.queries import participant_by_number
from trials.access import memberships_of, not_found, refused
from trials.models import Membership, Site, Trial


class Door(APIView):
    """A door for one person; ``self.asked`` holds the checked query, ``self.sent`` the checked body."""

    authentication_classes = [TokenAuthentication]
    parser_classes = [StrictJSON]
    content_negotiation_class = OnlyJSON
    http_method_names = ["get", "post", "head"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        method = (request.method or "").lower()
        handler = getattr(self, method, None) if method in self.http_method_names else None
        if handler is None:
            raise exceptions.MethodNotAllowed(request.method or "")
        super().initial(request, *args, **kwargs)
        operation: Operation = handler.operation
        self.actor = actor_of(request)
        self.enter(operation, **kwargs)
        self.asked = read_query(operation.query, request.query_params)
        self.sent = self._read_body(operation.body, request)

    def enter(self, operation: Operation, **kwargs: Any) -> None:
        """Check the role; a door without a trial is open to everybody with a token."""

    def _read_body(self, body: type[Strict] | None, request: Request) -> Any:
        if body is None:
            return None
        serializer = body(data=request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data


class TrialDoor(Door):
    """A door inside a trial: ``trial``, ``memberships``, the ``audience`` and the ``sites`` of the permission.

    A trial that the person does not work in is not there (404); a wrong role is refused before any record is
    sought, so that the answer is the same for every record.
    """

    trial: Trial
    memberships: list[Membership]
    sites: list[Site]

    def enter(self, operation: Operation, **kwargs: Any) -> None:
        trial = Trial.objects.filter(code=kwargs["trial"]).first()
        self.memberships = memberships_of(self.actor, trial) if trial else []
        if trial is None or not self.memberships:
            raise not_found()
        self.trial = trial
        self.sites = self._sites(operation.permissions)

    @property
    def audience(self) -> set[str]:
        """All roles held in the trial: whoever holds several reads only what all of them may."""
        return {membership.role for membership in self.memberships}

    def holds(self, permission: Permission) -> bool:
        """Whether any of the roles has a permission."""
        return any(Role(each.role) in roles_with(permission) for each in self.memberships)

    def participant(self, number: str) -> Participant:
        """A participant at one of the sites, or NotFound."""
        return participant_by_number(self.trial, number, self.sites)

    def participant_to_randomize(self, number: str) -> Participant:
        """The same; for therapists, as on their pages, nobody before the first session is booked."""
        participant = self.participant(number)
        if not self.holds(Permission.VIEW_PARTICIPANTS) and participant.state in BEFORE_RANDOMIZATION:
            check_at_first_session(participant)
        return participant

    def colleague(self, email: str, field: str) -> User:
        """Somebody who works in this trial now, by e-mail address."""
        held = User.objects.filter(memberships__trial=self.trial, memberships__ended_at=None)
        found = held.filter(email__iexact=email).first()
        if found is None:
            sentence = _("Nobody in this trial has this e-mail address. Check it.")
            raise exceptions.ValidationError({field: [sentence]}, "colleague")
        return found

    def _sites(self, permissions: tuple[Permission, ...]) -> list[Site]:
        roles = set(Role) if not permissions else set[Role]().union(*map(roles_with, permissions))
        held = [each for each in self.memberships if Role(each.role) in roles]
        if not held:
            raise refused()
        if any(each.site_id is None for each in held):
            return list(Site.objects.filter(trial=self.trial).order_by("code"))
        return [each.site for each in held if each.site is not None]


class NoDoor(Door):
    """Every address that the API does not have."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        APIView.initial(self, request, *args, **kwargs)
        raise no_such_address()

    def get(self, request: Request, **kwargs: Any) -> Response:
        raise no_such_address()

    post = get


def actor_of(request: Request) -> Actor:
    """The person of the token, as the verbs know them."""
    user: User = request.user  # type: ignore[assignment]
    return Actor(ActorKind.PERSON, str(user.pk), user.name, Origin.API)


def read_query(query: type[Strict] | None, given: QueryDict) -> dict[str, Any]:
    """The checked query. A misspelt filter is told, rather than answered with everything."""
    serializer = (query or Strict)(data=given.dict())
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
