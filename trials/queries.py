"""Reads of trials and their protocols."""

from functools import lru_cache

from trials.models import ProtocolVersion, Site, Trial
from trials.protocol.document import read_protocol
from trials.protocol.schema import Protocol
from trials.refusals import not_found


def trial_by_code(code: str) -> Trial:
    """The trial of a code, or NotFound."""
    trial = Trial.objects.filter(code=code).first()
    if trial is None:
        raise not_found()
    return trial


def protocol_version(trial: Trial) -> ProtocolVersion:
    """The version in force: the newest loaded."""
    version = trial.versions.order_by("-number").first()
    if version is None:
        raise not_found()
    return version


def protocol_of(trial: Trial) -> Protocol:
    """The protocol in force, parsed."""
    newest = trial.versions.order_by("-number").values_list("sha256", flat=True).first()
    if newest is None:
        raise not_found()
    return _parsed(newest)


def protocol_in(version: ProtocolVersion) -> Protocol:
    """The protocol as it was in one version, parsed."""
    return _parsed(version.sha256)


def protocol_at(trial: Trial, number: int) -> Protocol:
    """An earlier version of the protocol, parsed."""
    held = trial.versions.filter(number=number).values_list("sha256", flat=True).first()
    if held is None:
        raise not_found()
    return _parsed(held)


@lru_cache(maxsize=64)
def _parsed(sha256: str) -> Protocol:
    # A version's text never changes and its hash names it, so this cache cannot go stale.
    text = ProtocolVersion.objects.filter(sha256=sha256).values_list("text", flat=True)[0]
    return read_protocol(text)


def site_by_code(trial: Trial, code: str) -> Site:
    """A site of a trial, or NotFound."""
    site = Site.objects.filter(trial=trial, code=code).first()
    if site is None:
        raise not_found()
    return site
