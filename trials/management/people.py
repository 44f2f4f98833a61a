"""Who acts through a command, and problems as lines of text."""

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from audit.actors import Actor, ActorKind, Origin
from core.problems import Invalid, Problem
from instruments.problems import FileRefused


def person(email: str) -> Actor:
    """Somebody with an account, acting on the command line."""
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise CommandError(_("There is no account %(email)s. Make it first with add_person.") % {"email": email})
    return Actor(ActorKind.PERSON, str(user.pk), str(user), Origin.COMMAND)


def lines_of(problem: Problem) -> list[str]:
    """Every sentence of a refusal."""
    if isinstance(problem, FileRefused):
        return problem.sentences
    if isinstance(problem, Invalid):
        return [each.sentence for each in problem.problems]
    return [problem.sentence]
