"""Loading protocols: a document becomes an immutable version of a trial."""

import hashlib

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from audit.actors import Actor, Grant
from audit.acts import Act, act
from core import clock
from core.problems import Conflict
from trials.access import authorize
from trials.models import Membership, ProtocolVersion, Site, Trial
from trials.policies import check_amendment, check_list_kept
from trials.protocol import Protocol
from trials.protocol.document import read_protocol


def load(*, text: str, by: Actor) -> ProtocolVersion:
    """A new version of the trial the document names; the first makes the trial, with its loader as data manager.

    Raises ProtocolError with every mistake, Conflict if this very text is in force already, Invalid if the trial
    recruits and lacks the licensed words of a form or a language that this version adds, or if a list is active and
    this version moves the arms, the ratio or the strata it was drawn from.
    """
    protocol = read_protocol(text)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    trial = Trial.objects.filter(code=protocol.code).first()
    grant = authorize(by, Permission.LOAD_PROTOCOL, trial=trial) if trial else Grant(by, "operator")
    with act("protocol.load", grant=grant) as a:
        # Held while this version is checked: a list that is activated meanwhile waits, and is refused then.
        trial = Trial.objects.select_for_update().filter(code=protocol.code).first()
        if trial is None:
            trial = _open_trial(a, protocol, by)
        elif trial.versions.order_by("-number").values_list("sha256", flat=True).first() == sha256:
            raise Conflict("protocol.same", _("This is the version in force already; nothing was loaded."))
        else:
            check_amendment(trial, protocol)
            check_list_kept(trial, protocol)
        _open_sites(a, trial, protocol)
        return a.create(
            ProtocolVersion(
                trial=trial,
                number=(trial.versions.aggregate(newest=Max("number"))["newest"] or 0) + 1,
                text=text,
                sha256=sha256,
                loaded_at=clock.now(),
                loaded_by=by.id,
            )
        )


def _open_trial(a: Act, protocol: Protocol, by: Actor) -> Trial:
    trial = a.create(Trial(code=protocol.code, title=protocol.title.in_language("en"), time_zone=protocol.time_zone))
    manager = Membership(user=User.objects.get(pk=by.id), trial=trial, role=Role.DATA_MANAGER, granted_by=by.id)
    manager.granted_at = clock.now()
    a.create(manager)
    return trial


def _open_sites(a: Act, trial: Trial, protocol: Protocol) -> None:
    open_already = set(trial.sites.values_list("code", flat=True))
    for site in protocol.sites:
        if site.code not in open_already:
            name, zone = site.name.in_language("en"), protocol.time_zone_of(site.code)
            a.create(Site(trial=trial, code=site.code, name=name, time_zone=zone))
