"""A small valid protocol, and ways to spoil it."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import yaml

from instruments.files import load_yaml
from trials.protocol import Protocol, Report, check_protocol, read_protocol

SMALL = load_yaml("""
format: 1
code: SMALL
version: "1"
title: {en: A small trial}
public_title: {en: A small trial}
summary: {en: Two programmes are compared.}
languages: [en]
time_zone: America/Toronto
target: 20
dates: {enrolment_start: 2026-01-01, enrolment_end: 2026-06-30, trial_end: 2027-01-31}
design:
  kind: randomized
  arms:
    - {code: A, public_name: {en: First}, registry_name: First, programme: walking}
    - {code: B, public_name: {en: Second}, registry_name: Second, programme: walking}
  ratio: {A: 1, B: 1}
sites:
  - {code: MTL, name: {en: Montreal}}
  - {code: QUE, name: {en: Quebec}}
eligibility:
  stages:
    - {code: screening, label: {en: Screening}}
    - {code: later, label: {en: Later}}
  criteria:
    - code: age
      kind: inclusion
      wording: {en: Adult}
      answer: {kind: age}
      rule: answer between 18 and 60
    - {code: pregnant, kind: exclusion, wording: {en: Pregnant}, reconfirm_at: [later], answer: {kind: yes_no}}
    - code: drivers
      kind: inclusion
      wording: {en: Profile}
      answer:
        kind: profile
        domains: [{code: nociceptive, label: {en: N}}, {code: contextual, label: {en: C}}]
        categories: [{code: none, label: {en: "0"}}, {code: A, label: {en: A}}, {code: B, label: {en: B}}]
      rule: drivers.nociceptive == A and drivers.contextual in [none, A]
    - {code: finding, kind: exclusion, stage: later, wording: {en: Finding}, answer: {kind: yes_no}}
strata:
  - code: lsiq
    label: {en: Instability}
    source: {instrument: lsiq, score: total}
    levels:
      - {code: high, at_least: 9, label: {en: High}}
      - {code: low, below: 9, label: {en: Low}}
    concealed_from: [participant]
randomization:
  anchor: first_session_booked
  roles: [coordinator]
  before: {eligibility: [screening, later], forms: [{visit: baseline, instrument: lsiq}]}
visits:
  - code: baseline
    label: {en: Baseline}
    anchor: {milestone: consent}
    window: {after: 14}
    forms:
      - {instrument: lsiq, filled_by: participant}
      - {instrument: medx_strength, filled_by: assessor}
  - code: end
    label: {en: End}
    anchor: {milestone: randomized}
    offset_days: 28
    window: {before: 3, after: 3}
    forms: [{instrument: odi, filled_by: participant}]
programmes:
  - code: walking
    label: {en: Walking}
    sessions_per_week: 2
    weeks: 4
    minutes: {planned: 30, at_least: 20}
    supervision: group
    setting: {en: Park}
    session_types:
      - code: walk
        label: {en: Walk}
        exercises: [{code: walk, label: {en: Walk}, resistance: none, seconds: {min: 60, max: 600}}]
      - code: run
        label: {en: Run}
        exercises: [{code: run, label: {en: Run}, resistance: none, seconds: {min: 60, max: 600}}]
    alternation: {by: sequence, pattern: [walk, run]}
    progression: {code: therapist_judgement, wording: {en: As the therapist decides.}}
reminders:
  - code: forms
    to: participant
    about: {visits: [end]}
    send: [{after_opening: 0}, {before_closing: 1}]
    channels: [email, sms]
    at_most: 2
    quiet_hours: {start: "20:00", end: "08:00"}
blinding:
  label: {en: Single blind}
  blind_to: {assessor: [allocation], participant: [stratum]}
  unblinded_roles: [therapist, safety_physician]
  safety_reviewer: safety_physician
consent:
  documents: [{version: "1", language: en, approved_on: 2025-12-01, title: Consent}]
  clauses: [{code: sharing, wording: {en: Data may be shared.}}]
  data_sharing: {statement: {en: On request.}, clause: sharing}
""")


def small() -> dict[str, Any]:
    return deepcopy(SMALL)


def text_of(data: Any) -> str:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def checked(data: Any) -> Report:
    return check_protocol(text_of(data))


def protocol(data: Any = None) -> Protocol:
    return read_protocol(text_of(data if data is not None else SMALL))


def at(data: Any, path: str) -> Any:
    """What stands at `visits.0.forms.1`."""
    for step in path.split("."):
        data = data[int(step) if isinstance(data, list) else step]
    return data


def spoiled(path: str, value: Any) -> dict[str, Any]:
    """The small protocol with one value put at `path` (a new key is made, a list entry appended at its end)."""
    data = small()
    *above, last = path.split(".")
    place = at(data, ".".join(above)) if above else data
    if isinstance(place, list):
        place[int(last) : int(last) + 1] = [value]
    else:
        place[last] = value
    return data
