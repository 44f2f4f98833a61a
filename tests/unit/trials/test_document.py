"""A bad protocol is refused with one sentence for each mistake, all at once."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.trials.documents import checked, small, spoiled, text_of
from trials.protocol import ProtocolError, check_protocol, read_protocol


def test_the_small_protocol_is_clean() -> None:
    assert checked(small()).is_clean


def test_all_mistakes_are_told_at_once() -> None:
    data = small()
    data["visits"][0]["forms"][0]["instrument"] = "horoscope"
    data["strata"][0]["levels"][0] = {"code": "high", "above": 9, "label": {"en": "High"}}
    data["eligibility"]["criteria"][0]["rule"] = "size > 3"
    with pytest.raises(ProtocolError) as error:
        read_protocol(text_of(data))
    assert len(error.value.problems) >= 3
    together = error.value.sentence
    for word in ("horoscope", "score 9", '"size"'):
        assert word in together


FORM = {"instrument": "odi", "filled_by": "participant"}
VISIT = {"code": "extra", "label": {"en": "Extra"}, "anchor": {"milestone": "consent"}, "forms": [FORM]}

LIMIT = {"code": "much", "score": "score_pct", "at_least": 60, "wording": {"en": "Call"}}

REFUSED: list[tuple[str, Any, str]] = [
    # what is made of scores
    ("visits.0.forms.0.limits", [LIMIT | {"at_most": 3}], "limits[much]: give either at_least or at_most"),
    ("visits.0.forms.0.limits", [LIMIT | {"score": "pain"}], '"pain" is not known'),
    ("visits.0.forms.0.limits", [LIMIT, {**LIMIT, "wording": {"en": "Call"}}], "2 times"),
    ("visits.0.forms.0.shows_past", "pain", '"pain" is not known'),
    # what the schema refuses
    ("colour", "red", '"colour" is not known'),
    ("visits.0.windows", {}, 'visits[baseline].windows: the key "windows" is not known. Did you mean "window"?'),
    ("randomization.block_sizes", [2, 4], "sequence room"),
    ("randomization.seed", 7, "sequence room"),
    ("version", 1.0, "version: is 1.0"),
    ("target", "many", "target: is 'many'"),
    ("target", True, "target: is True"),
    ("dates.trial_end", "soon", "dates.trial_end: 'soon' is not a date"),
    ("title", "A trial", "Give the words by language"),
    ("title", {}, "has no language"),
    ("visits", "none", "Write a list"),
    ("visits", [], "Add at least one"),
    ("visits.1.anchor", {"milestone": "birthday"}, "visits[end].anchor.milestone"),
    ("eligibility.criteria.1.answer", {"kind": "maybe"}, "which kind of question"),
    ("eligibility.criteria.0.answer.maximum", 9, "eligibility.criteria[age].answer.maximum"),
    ("visits.0.code", "Base Line", "is not written as expected"),
    ("reminders.0.quiet_hours.start", "8pm", "is not written as expected"),
    # the design
    ("design.ratio", {"A": 1}, "design.ratio"),
    ("design.arms.1.programme", "running", '"running" is not known'),
    ("design.kind", "single_group", "has no arms"),
    ("time_zone", "Montreal", "no time zone"),
    ("dates.trial_end", "2026-02-01", "before the last enrolment"),
    ("dates.enrolment_end", "2025-12-01", "before the start"),
    # criteria that cannot be answered
    ("eligibility.criteria.0.rule", "weight > 3", '"weight" can never be answered'),
    ("eligibility.criteria.0.rule", "answer >", "Position 9"),
    ("eligibility.criteria.0.rule", "answer is yes", "is a number and cannot be compared"),
    ("eligibility.criteria.0.rule", "answer > 200", "met by no possible answer"),
    ("eligibility.criteria.1.rule", "answer in [yes, no]", "met by every possible answer"),
    ("eligibility.criteria.2.rule", "drivers.nociceptive == C", '"C" is no answer'),
    ("eligibility.criteria.2.rule", "drivers.nociceptive > 3", "cannot be ordered"),
    ("eligibility.criteria.2.rule", "answer is A", '"answer" cannot be read'),
    ("eligibility.criteria.0.rule", "finding is no", 'only asked at "later"'),
    ("eligibility.criteria.0.answer", {"kind": "age", "min": 90, "max": 80}, "no number lies between"),
    ("eligibility.criteria.0.answer", {"kind": "score", "instrument": "csi"}, "no visit has the form"),
    ("eligibility.criteria.1.stage", "never", '"never" is not known'),
    ("eligibility.criteria.1.reconfirm_at", ["screening"], "is not after"),
    ("eligibility.criteria.1.code", "age", 'the code "age" is given 2 times'),
    # visits
    ("visits.2", {**VISIT, "code": "end"}, 'the code "end" is given 2 times'),
    ("visits.0.forms.0.instrument", "horoscope", '"horoscope" is not known'),
    ("visits.0.forms.0.filled_by", "assessor", "this form is filled by: participant"),
    ("visits.2", {**VISIT, "offset_days": -10, "window": {"after": 3}}, "never opens"),
    ("visits.2", {**VISIT, "anchor": {"visit": "extra"}}, "in a circle"),
    ("visits.2", {**VISIT, "anchor": {"visit": "nowhere"}}, '"nowhere" is not known'),
    ("visits.2", {**VISIT, "anchor": {}}, "either a milestone or a visit"),
    ("visits.2", {**VISIT, "anchor": {"milestone": "session"}}, "a number belongs to the milestone session"),
    ("visits.2", {**VISIT, "anchor": {"milestone": "session", "number": 9}}, '"A" never reaches session 9'),
    ("visits.1.offset_days", 400, "the trial ends on 2027-01-31"),
    ("visits.1.forms.1", FORM, 'the code "odi" is given 2 times'),
    ("visits.1.forms.0.needs_clause", "interview", '"interview" is not known'),
    ("visits.1.forms.0.arms", ["A"], "breaks_blind"),
    ("visits.1.forms.0.arms", ["C"], '"C" is not known'),
    ("visits.0.forms.1.breaks_blind", True, 'breaks the blind of "assessor"'),
    ("visits.1.forms.0.hidden_from", ["participant"], "who fills it"),
    ("visits.1.forms.0.one_of", "either", "Give it an alternative"),
    # randomization
    ("randomization.roles", ["assessor"], "may never randomize"),
    ("randomization.before.forms", [{"visit": "end", "instrument": "odi"}], "only opens after randomization"),
    ("randomization.before.forms", [], "not required before randomization"),
    ("randomization.before.eligibility", ["soon"], '"soon" is not known'),
    ("randomization", None, "randomization: is missing"),
    ("randomization.roles", ["investigator"], '"investigator" may never randomize'),
    ("randomization.roles", ["coordinator", "statistician"], '"statistician" may never randomize'),
    # programmes
    ("programmes.0.alternation.pattern", ["walk", "swim"], '"swim" is not known'),
    ("programmes.0.minutes.at_least", 45, "at_least is greater than planned"),
    ("programmes.0.delivered_by", ["coach"], '"coach" is not known'),
    ("programmes.0.session_types.0.exercises.0.seconds", {"min": 9, "max": 3}, "min 9 is greater than max 3"),
    # people
    ("reminders.0.about", {"visits": ["end"], "instruments": ["sri"]}, '"sri" is not known'),
    ("reminders.0.send", [{}], "exactly one of"),
    ("reminders.0.send", [{"before_appointment": 1}], "does not fit"),
    ("reminders.0.about", {}, "either visits or appointments"),
    ("blinding.unblinded_roles", ["assessor", "safety_physician"], "both blind to the allocation and unblinded"),
    ("blinding.safety_reviewer", "investigator", "must be one of the unblinded roles"),
    ("blinding.blind_to", {"assessor": ["allocation"]}, "concealed_from"),
    ("consent.data_sharing.clause", "all", '"all" is not known'),
    # safety
    ("safety", {"asked_at": [{"visit": "end", "by": ["assessor"]}]}, "assessors measure nothing at end"),
    ("safety", {"asked_at": [{"visit": "end", "by": ["therapist"]}]}, "Use 'coordinator' or 'assessor'"),
    # lengths and languages
    ("title", {"en": "A" * 201}, "title.en: has 201 characters. Shorten it to 200."),
    ("sites.1.code", "ABCDEFGHI", "is not written as expected. Write it like MTL."),
    ("languages", ["en", "fr"], "title: has no text in fr"),
]


@pytest.mark.parametrize(("path", "value", "words"), REFUSED, ids=[f"{p}={v!s:.30}" for p, v, _w in REFUSED])
def test_each_mistake_has_its_sentence(path: str, value: Any, words: str) -> None:
    report = checked(spoiled(path, value))
    assert any(words in sentence for sentence in report.problems), report.problems


WARNED: list[tuple[str, Any, str]] = [
    ("visits.1.window.after", 300, "its window closes on"),
    ("visits.1.repeat", {"every_days": 2, "times": 3}, "open at the same time"),
    ("programmes.0.alternation.pattern", ["walk"], '"run" never comes up'),
    ("reminders.0.at_most", 5, "only 2 messages are planned"),
    ("eligibility.criteria.0.rule", "answer >= 0", "met by every possible answer"),
]


@pytest.mark.parametrize(("path", "value", "words"), WARNED, ids=[path for path, _v, _w in WARNED])
def test_what_is_only_odd_is_warned_of(path: str, value: Any, words: str) -> None:
    report = checked(spoiled(path, value))
    assert report.problems == ()
    assert any(words in sentence for sentence in report.warnings), report.warnings


SCORED = {
    "code": "unstable",
    "kind": "inclusion",
    "stage": "later",
    "wording": {"en": "Unstable enough"},
    "answer": {"kind": "score", "instrument": "lsiq"},
    "rule": "answer >= 3",
}


@pytest.mark.parametrize("source", [{"instrument": "lsiq", "score": "total"}, {"question": "unstable"}])
@pytest.mark.parametrize(("hidden", "warned"), [(["participant", "coordinator"], True), (["participant"], False)])
def test_a_criterion_that_tells_of_a_stratum_concealed_from_who_screens_is_warned_of(
    source: dict[str, str], hidden: list[str], warned: bool
) -> None:
    data = spoiled("eligibility.criteria.3", SCORED)
    data["strata"][0] |= {"source": source, "concealed_from": hidden}
    data["blinding"]["blind_to"] |= {role: ["stratum"] for role in hidden}
    report = checked(data)
    told = [each for each in report.warnings if 'makes the stratum "lsiq", which is concealed' in each]
    assert len(told) == warned, report
    assert all("eligibility.criteria[unstable]" in each and "(coordinator)" in each for each in told)
    assert not any("concealed" in each for each in report.problems), report.problems


@pytest.mark.parametrize("source", [{"instrument": "lsiq", "score": "total"}, {"question": "unstable"}])
def test_participants_are_shown_no_past_of_a_stratum_concealed_from_them(source: dict[str, str]) -> None:
    data = spoiled("eligibility.criteria.3", SCORED)
    data["strata"][0] |= {"source": source, "concealed_from": ["participant"]}
    form = next(each for visit in data["visits"] for each in visit["forms"] if each["instrument"] == "lsiq")
    form["shows_past"] = "total"
    told = [each for each in checked(data).problems if "participants are shown only what they" in each]
    assert len(told) == 1, told


ON_SESSIONS = {**VISIT, "anchor": {"milestone": "session", "number": 5}}
BY_INTERVIEWERS = [{"instrument": "interview_record", "filled_by": "interviewer"}]


def at_two_paces() -> dict[str, Any]:
    """The small protocol with a second programme, in which the fifth session comes after 9 days instead of 14."""
    data = small()
    data["programmes"].append({**deepcopy(data["programmes"][0]), "code": "running", "sessions_per_week": 3})
    data["design"]["arms"][1]["programme"] = "running"
    return data


@pytest.mark.parametrize("filler", [FORM, {"instrument": "medx_strength", "filled_by": "assessor"}])
def test_no_visit_that_blinded_people_see_is_counted_from_sessions_at_different_paces(filler: dict[str, Any]) -> None:
    data = at_two_paces()
    data["visits"].append({**ON_SESSIONS, "forms": [filler, *BY_INTERVIEWERS]})
    (sentence,) = checked(data).problems
    assert sentence == (
        "visits[extra].anchor: at the planned pace the session comes at another time in each arm (A on day 14, B on "
        "day 9 after the first), so blinded people who see the visit's day learn the arm. Count it from "
        "randomization, or let only interviewer, therapist fill its forms."
    )


def test_nor_is_one_that_hangs_on_such_a_visit() -> None:
    data = at_two_paces()
    data["visits"].append({**ON_SESSIONS, "code": "session_5", "forms": BY_INTERVIEWERS})
    data["visits"].append({**deepcopy(VISIT), "anchor": {"visit": "session_5"}, "offset_days": 7})
    (sentence,) = checked(data).problems
    assert sentence.startswith("visits[extra].anchor: at the planned pace")


def test_programmes_of_different_lengths_end_at_different_times() -> None:
    data = at_two_paces()
    data["programmes"][1].update(sessions_per_week=2, weeks=3)
    data["visits"].append({**VISIT, "anchor": {"milestone": "last_session"}})
    assert any("(A on day 24, B on day 17 after the first)" in sentence for sentence in checked(data).problems)
    data["visits"][-1] = {**ON_SESSIONS}
    assert checked(data).problems == ()


def test_what_only_roles_behind_the_wall_fill_may_be_counted_from_sessions() -> None:
    data = at_two_paces()
    data["visits"].append({**ON_SESSIONS, "forms": BY_INTERVIEWERS})
    assert checked(data).is_clean


def test_at_one_pace_attendance_may_still_differ() -> None:
    report = checked(spoiled("visits.2", ON_SESSIONS))
    assert report.problems == ()
    (sentence,) = report.warnings
    assert sentence.startswith("visits[extra].anchor: the visit's day follows from the sessions held")
    assert checked(spoiled("visits.2", {**ON_SESSIONS, "forms": BY_INTERVIEWERS})).is_clean


def test_an_arm_without_sessions_reaches_no_session_and_books_none() -> None:
    data = spoiled("visits.2", {**VISIT, "anchor": {"milestone": "last_session"}})
    del data["design"]["arms"][1]["programme"]
    problems = checked(data).problems
    assert any('"B" has no sessions and never reaches last_session' in sentence for sentence in problems)
    assert any("no first session can be booked" in sentence for sentence in problems)


def test_a_missing_key_is_named() -> None:
    data = small()
    del data["consent"]["documents"][0]["title"]
    [problem] = checked(data).problems
    assert problem == "consent.documents[0].title: is missing. Add it."


def test_yaml_words_stay_words() -> None:
    text = text_of(small()).replace("code: QUE", "code: NO").replace("code: run", "code: off")
    text = text.replace("- run", "- off")
    protocol = read_protocol(text)
    assert [site.code for site in protocol.sites] == ["MTL", "NO"]
    assert protocol.programmes[0].alternation.pattern == ("walk", "off")


def test_quiet_hours_are_no_number_even_without_quotes() -> None:
    text = text_of(small()).replace("'20:00'", "20:00")
    assert read_protocol(text).reminders[0].quiet_hours.start == "20:00"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x" * 10_000_000, "larger than 1 MB"),
        ("[" * 5000, "nested too deeply"),
        ("a: &a [1]\nb: *a", "alias"),
        ("code: A\ncode: B", "given twice"),
        ("- a\n- b", "holds no protocol"),
        ("", "holds no protocol"),
        ("code: [", "Line"),
        ("a: !!python/object/apply:os.system [ls]", "Line"),
    ],
    ids=["10 MB", "deep", "alias", "repeated key", "list", "empty", "broken", "code"],
)
def test_files_that_are_no_protocol_get_a_sentence(text: str, words: str) -> None:
    report = check_protocol(text)
    assert report.protocol is None
    assert len(report.problems) == 1
    assert words in report.problems[0]


SCRAPS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(small())), SCRAPS)
def test_no_content_of_a_section_breaks_the_check(section: str, scrap: Any) -> None:
    data = small()
    data[section] = scrap
    report = checked(data)
    assert all(isinstance(sentence, str) and sentence for sentence in report.problems)


def test_what_is_declared_as_not_collected_is_not_told_as_well() -> None:
    document = small()
    programme = document["programmes"][0]
    exercise = programme["session_types"][0]["exercises"][0]
    programme |= {"home": {"en": "A walk each day"}, "not_collected": ["home", "training"]}
    exercise |= {"tempo": "2-0-4-0", "rest": {"min": 90, "max": 60}, "not_collected": ["tempo", "angle"]}
    problems = "\n".join(checked(document).problems)
    assert ".not_collected: home is given, so it is collected." in problems
    assert ".not_collected: tempo is given, so it is collected." in problems
    assert ".rest: min 90 is greater than max 60." in problems
    assert "training" not in problems
