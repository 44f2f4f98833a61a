"""The protocol of a trial: one YAML document, read and checked; no database.

    from trials.protocol import Protocol, read_protocol, check_protocol, ProtocolError

    read_protocol(text) -> Protocol                 raises ProtocolError(problems=[sentence, ...])
    check_protocol(text) -> Report(problems, warnings, protocol)

    trials.protocol.eligibility   criteria_at, assess, validate_answers, age_on
    trials.protocol.strata        level_of, attainable_values
    trials.protocol.programmes    session_type_for(programme, number)
    trials.protocol.diff          describe_changes(a, b)

Map of a Protocol (every part is immutable; lists are tuples; `Text` has `.in_language("fr")`):

    code version title public_title summary conditions registrations[registry,id]
    ethics[board,reference,approved_on] sponsor funder languages time_zone target
    dates.{enrolment_start, enrolment_end, trial_end}
    design.{kind: randomized|single_group|groups, arms[code, public_name, registry_name, programme],
            ratio{arm: n}, groups[code, label, target, programme],
            matching.{group, to, on[question, within], per_person}}
    sites[code, name, time_zone, languages, contact.{name,email,phone},
          places[code, label, address, purposes]]
    eligibility.stages[code, label, after_form]
    eligibility.criteria[code, kind: inclusion|exclusion, wording, section, help, groups, answer|asks,
          rule, stage, reconfirm_at, fast_check; .questions -> ((name, question), ...)]
          question.kind: yes_no | number(unit,min,max,whole) | age(counts_on,min,max) | date(future)
                 | choice(options[code,label]) | profile(domains[code,label], categories[code,label],
                 rated_by) | score(instrument, score)
    strata[code, label, source.{instrument+score | instrument+field | question | site}, levels[code,
          label, at_least|above|at_most|below|values], concealed_from, why]
    randomization.{anchor: first_session_booked|baseline_complete, roles,
          before.{consent, eligibility[stage], forms[visit, instrument], baseline_at_most_days_old}}
    visits[code, label, anchor.{milestone[+number] | visit}, offset_days, window.{before, after},
          repeat.{every_days, times}, groups, appointment, forms[instrument, filled_by, required,
          minutes, one_of, needs_clause, arms, breaks_blind, hidden_from, not_done[code, label]];
          .occurrences, .offset_of(n), .days_of(anchor_day, n) -> (opens_on, target_on, closes_on)]
          milestones: screening consent randomized first_session_booked session(number) last_session
    programmes[code, label, sessions_per_week, weeks, .sessions, minutes.{planned, at_least},
          supervision, setting, delivered_by[qualification], session_types[code, label, exercises],
          alternation.{by: sequence|calendar, pattern}, progression.{code, wording, step,
          step_percent}, goals.{wording, at_least, at_most}, activity_outside]
          exercise: code label phase kind equipment resistance sets reps.{min,max} seconds.{min,max}
                 load load_unit effort_scale effort.{min,max} each_side
    qualifications[code, label]     appointments[code, label, minutes]
    reminders[code, to, about.{visits, instruments, appointments}, send[after_opening|before_closing|
          after_closing|before_appointment, channel], channels, at_most, quiet_hours.{start, end},
          then_task.{role, days_after_last, wording}; .channel_of(n)]
    blinding.{label, blind_to{role: (allocation|stratum|sessions)}, unblinded_roles, safety_reviewer,
          guesses[by: assessor|participant, visits], note; .hides(role, what), .asks(guesser, visit)}
    consent.{documents[version, language, approved_on, title, file, sha256], clauses[code, wording,
          optional], data_sharing.{statement, clause, years}; .versions, .document_for(language)}
    outcomes[code, label, role, instrument, score]  questions[code, wording]
    expected_events[code, label, since]    assumptions[code, about, wording]
    safety.{clocks[code, label, hours, met_by: review|report, for_danger], asked_at[visit, numbers,
          by: coordinator|assessor],
          deviation_hours}

    Protocol look-ups (KeyError when unknown): arm, group, site, criterion, factor, visit, programme,
    programme_of(arm), visits_for(group), forms_of(visit), time_zone_of(site), instruments,
    questions_asked, is_randomized.
"""

from .document import ProtocolError, Report, check_protocol, read_protocol
from .schema import Protocol

__all__ = ["Protocol", "ProtocolError", "Report", "check_protocol", "read_protocol"]
