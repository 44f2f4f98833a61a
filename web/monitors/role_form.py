"""The form a role is given with."""

from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import ROLES, Role
from audit.actors import Actor
from core.problems import Problem
from trials.actions import memberships
from trials.models import Membership, Trial
from trials.queries import protocol_of
from web.forms import ChoiceField, Form


class RoleForm(Form):
    """Who, which role, where. Somebody without an account gets one, and chooses a password by e-mail."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Only for somebody who has no account yet. They set a password with “Forgot password”."),
        max_length=120,
        required=False,
    )

    def __init__(self, trial: Trial, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.trial = trial
        self.sites = {site.code: site for site in trial.sites.order_by("code")}
        sites = [("all", _("All sites")), *((code, site.name) for code, site in self.sites.items())]
        roles = [(role.value, definition.label) for role, definition in ROLES.items()]
        self.fields["role"] = ChoiceField(label=_("Role"), choices=roles, as_list=True)
        self.fields["site"] = ChoiceField(label=_("Site"), choices=sites, as_list=True)
        self.fields["qualification"] = ChoiceField(
            label=_("Qualification"),
            help_text=_("For therapists: it decides whom they may treat."),
            choices=qualifications(trial),
            as_list=True,
            required=False,
        )

    def give(self, *, by: Actor) -> Membership:
        """Give the role; raises Problem when a wall forbids it, Conflict when it is held already."""
        entered = self.cleaned_data
        with transaction.atomic():
            return self._give(entered, by)

    def _give(self, entered: dict[str, Any], by: Actor) -> Membership:
        user = User.objects.filter(email__iexact=entered["email"]).first()
        if user is None:
            user = new_account(entered["email"], entered["name"])
        return memberships.grant(
            user=user,
            trial=self.trial,
            role=Role(entered["role"]),
            site=self.sites.get(entered["site"]),
            qualification=entered["qualification"],
            by=by,
        )


def new_account(email: str, name: str) -> User:
    """An account without a password, for a person with a name."""
    if not name.strip():
        sentence = _("Nobody has an account with this e-mail. Check it, or enter the name to make one.")
        raise Problem("account.unknown", sentence, field="name")
    return User.objects.create_user(email, name.strip())


def qualifications(trial: Trial) -> list[tuple[str, str]]:
    """The qualifications the protocol knows."""
    language = get_language() or "en"
    return [(each.code, each.label.in_language(language)) for each in protocol_of(trial).qualifications]
