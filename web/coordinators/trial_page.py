"""The page of the trial, for every member: what it is, and the commitments that its list is held to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from core.dates import date_format
from randomization import door
from review.policies import is_locked
from review.queries import opened_trials
from trials.models import Trial
from trials.protocol import Protocol
from trials.queries import protocol_of, protocol_version
from web.components import SummaryRow
from web.pages import TrialRequest, page
from web.shared.commitments import moment_in_words, texts_for_registry
from web.shared.record_words import registered_as, say


@page(*Permission)
def trial_page(request: TrialRequest) -> HttpResponse:
    """Read about the trial; every role may."""
    protocol = protocol_of(request.trial)
    published = door.commitments(request.trial)
    stopped = door.frozen_since(request.trial)
    context = {
        "title": say(protocol.title),
        "rows": rows_of(request.trial, protocol),
        "is_public": opened_trials().filter(pk=request.trial.pk).exists(),
        "randomized": protocol.is_randomized,
        "stopped": moment_in_words(stopped) if stopped else "",
        "published": [(each, moment_in_words(each.activated_at)) for each in published],
        "registry_texts": texts_for_registry(request.trial, published),
    }
    return render(request, "coordinators/trial.html", context)


def rows_of(trial: Trial, protocol: Protocol) -> list[SummaryRow]:
    """What is registered and in force."""
    version = protocol_version(trial)
    facts = {"version": version.number, "day": date_format(version.loaded_at, "j F Y")}
    return [
        SummaryRow(_("Registered as"), registered_as(protocol.registrations) or _("not registered")),
        SummaryRow(_("Protocol in force"), _("version %(version)d, loaded %(day)s") % facts),
        SummaryRow(_("Sites"), ", ".join(site.name for site in trial.sites.order_by("code"))),
        SummaryRow(_("Target"), str(protocol.target)),
        SummaryRow(_("Data"), _("locked") if is_locked(trial) else _("open")),
    ]
