"""Arms, groups, sites, dates: does the design say one thing?"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from ..design import Arm, Group
from ..schema import Protocol
from .finding import Finding, problem, twice, unknown, warning


def findings(protocol: Protocol) -> Iterator[Finding]:
    yield from _kind(protocol)
    yield from _matching(protocol)
    yield from _programmes_given(protocol)
    yield from _sites(protocol)
    yield from _dates(protocol)
    yield from twice("design.arms", (arm.code for arm in protocol.design.arms))
    yield from twice("design.groups", (group.code for group in protocol.design.groups))
    yield from twice("languages", protocol.languages)
    yield from _safety(protocol)
    for name in ("appointments", "qualifications", "outcomes", "questions", "expected_events", "assumptions"):
        yield from twice(name, (part.code for part in getattr(protocol, name)))


def _safety(protocol: Protocol) -> Iterator[Finding]:
    """Time limits have one name each; people are asked at visits that there are."""
    yield from twice("safety.clocks", (clock.code for clock in protocol.safety.clocks))
    codes = [visit.code for visit in protocol.visits]
    for place, asked in enumerate(protocol.safety.asked_at):
        if asked.visit not in codes:
            yield unknown(f"safety.asked_at[{place}].visit", asked.visit, codes)
        elif asked.numbers and max(asked.numbers) > protocol.visit(asked.visit).occurrences:
            yield problem(
                _("safety.asked_at: %(visit)s happens %(times)s times only. Take away the later numbers."),
                visit=asked.visit,
                times=protocol.visit(asked.visit).occurrences,
            )
        elif "assessor" in asked.by and not any(
            form.filled_by == "assessor" for form in protocol.visit(asked.visit).forms
        ):
            yield problem(
                _("safety.asked_at: assessors measure nothing at %(visit)s, so they cannot ask there. Take them away."),
                visit=asked.visit,
            )


def _kind(protocol: Protocol) -> Iterator[Finding]:
    design = protocol.design
    if design.kind == "randomized":
        yield from _randomized(protocol)
        return
    if design.arms or design.ratio:
        yield problem(
            _("design: a %(kind)s trial has no arms. Use groups, or make the kind randomized."),
            kind=design.kind,
        )
    if protocol.randomization or protocol.strata:
        yield problem(
            _("design: a %(kind)s trial randomizes nobody. Remove randomization and strata."),
            kind=design.kind,
        )
    if design.kind == "single_group" and len(design.groups) != 1:
        yield problem(_("design.groups: a single_group trial has exactly one group. Give one."))
    if design.kind == "groups" and len(design.groups) < 2:
        yield problem(_("design.groups: give at least two groups, or make the kind single_group."))
    targets = [group.target for group in design.groups if group.target]
    if targets and len(targets) == len(design.groups) and sum(targets) != protocol.target:
        yield warning(
            _("target: is %(target)s, but the groups add up to %(sum)s. Make them agree."),
            target=protocol.target,
            sum=sum(targets),
        )


def _randomized(protocol: Protocol) -> Iterator[Finding]:
    design = protocol.design
    if len(design.arms) < 2:
        yield problem(_("design.arms: a randomized trial has at least two arms. Add the missing one."))
    if design.groups:
        yield problem(_("design.groups: a randomized trial has arms, not groups. Remove the groups."))
    if set(design.ratio) != {arm.code for arm in design.arms}:
        yield problem(
            _("design.ratio: must give a number for each of %(arms)s and for nothing else."),
            arms=", ".join(arm.code for arm in design.arms),
        )
    if protocol.randomization is None:
        yield problem(_("randomization: is missing. Say when, by whom, and what must be complete first."))


def _matching(protocol: Protocol) -> Iterator[Finding]:
    matching = protocol.design.matching
    if matching is None:
        return
    known = [group.code for group in protocol.design.groups]
    for key, code in (("group", matching.group), ("to", matching.to)):
        if code not in known:
            yield unknown(f"design.matching.{key}", code, known)
    if matching.group == matching.to:
        yield problem(_("design.matching: a group cannot be matched to itself. Name two groups."))
    for trait in matching.on:
        if trait.question not in protocol.questions_asked:
            yield unknown("design.matching.on", trait.question, protocol.questions_asked)


def _programmes_given(protocol: Protocol) -> Iterator[Finding]:
    known = [programme.code for programme in protocol.programmes]
    owners: list[Arm | Group] = [*protocol.design.arms, *protocol.design.groups]
    for owner in owners:
        if owner.programme is not None and owner.programme not in known:
            yield unknown(f"design[{owner.code}].programme", owner.programme, known)
    for code in known:
        if code not in {owner.programme for owner in owners}:
            yield warning(
                _('programmes[%(code)s]: no arm or group is given this programme. Name it in "design".'),
                code=code,
            )


def _sites(protocol: Protocol) -> Iterator[Finding]:
    yield from twice("sites", (site.code for site in protocol.sites))
    zones = available_timezones()
    named = {"time_zone": protocol.time_zone}
    named.update({f"sites[{site.code}].time_zone": protocol.time_zone_of(site.code) for site in protocol.sites})
    for path, zone in named.items():
        if zone not in zones:
            yield problem(
                _('%(path)s: "%(zone)s" is no time zone. Write for example America/Toronto.'),
                path=path,
                zone=zone,
            )
    purposes = [purpose.code for purpose in protocol.appointments]
    for site in protocol.sites:
        for language in site.languages:
            if language not in protocol.languages:
                yield unknown(f"sites[{site.code}].languages", language, protocol.languages)
        yield from twice(f"sites[{site.code}].places", (place.code for place in site.places))
        for place in site.places:
            for purpose in place.purposes:
                if purpose not in purposes:
                    yield unknown(f"sites[{site.code}].places[{place.code}].purposes", purpose, purposes)


def _dates(protocol: Protocol) -> Iterator[Finding]:
    dates = protocol.dates
    if dates.enrolment_end < dates.enrolment_start:
        yield problem(
            _("dates.enrolment_end: %(end)s lies before the start, %(start)s. Exchange them."),
            end=dates.enrolment_end,
            start=dates.enrolment_start,
        )
    if dates.trial_end < dates.enrolment_end:
        yield problem(
            _("dates.trial_end: %(end)s lies before the last enrolment, %(last)s. Correct one."),
            end=dates.trial_end,
            last=dates.enrolment_end,
        )
