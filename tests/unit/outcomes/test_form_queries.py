"""Queries about forms: who may raise, answer, close and reopen them, and for whom they are not there."""

import pytest

from accounts.permissions import Permission
from accounts.roles import ROLES, Role, roles_with
from audit.models import Change, Entry
from audit.queries import Audience, entries_for, shown
from core.problems import Conflict, NotFound, Problem, Refused
from outcomes.actions import queries, responses
from outcomes.models import Form, Response
from outcomes.queries import asked_at, asked_by_key, asked_of, to_answer
from participants.actions import unblinding
from participants.models import Participant
from review.actions.locks import lock_trial
from review.models import Query
from tests import cast as people
from tests.unit.outcomes.test_guesses import measure
from tests.unit.outcomes.world import START, World, answered, form_of, other_site, participant_actor
from trials.queries import protocol_of

TEXT = "19 degrees on the left, 110 on the right?"


@pytest.fixture
def form(world: World, participant: Participant) -> Form:
    """What the assessor measured."""
    return measure(world, participant, "hip_rom").form


@pytest.fixture
def query(world: World, form: Form) -> Query:
    return queries.raise_about(form=form, kind="unlikely", text=TEXT, by=world.monitor)


def own_form(participant: Participant, instrument: str) -> Form:
    """What the participant answered."""
    form = form_of(participant, "baseline", instrument)
    responses.submit(form=form, answers=answered(instrument), by=participant_actor(participant))
    return form_of(participant, "baseline", instrument)


def steps(query: Query) -> list[tuple[str, str, str]]:
    return [(each.kind, each.name, each.text) for each in query.steps.all()]


def waiting(world: World, audience: set[str], blind: str = "") -> list[Query]:
    """What these roles have to answer."""
    return [each.query for each in to_answer([world.site], audience, protocol_of(world.trial), blind=blind)]


def test_neither_side_is_a_role_that_learns_arms() -> None:
    both = roles_with(Permission.RAISE_QUERY) | roles_with(Permission.ANSWER_QUERY)
    assert {role for role in both if ROLES[role].unblinding} == set()
    assert both == roles_with(Permission.VIEW_QUERIES)


def test_it_is_raised_answered_and_closed_step_by_step(world: World, query: Query) -> None:
    assert (query.state, query.raised_by) == ("open", world.monitor.id)
    query = queries.answer(query=query, text="Measured twice: right.", by=world.assessor)
    assert query.state == "answered"
    query = queries.close(query=query, by=world.monitor)
    assert query.state == "closed"
    assert steps(query) == [
        ("raised", "Tomás Silva", TEXT),
        ("answered", "Amélie Gagnon", "Measured twice: right."),
        ("closed", "Tomás Silva", ""),
    ]


def test_a_colleague_of_the_raising_side_closes_or_reopens(world: World, query: Query) -> None:
    queries.answer(query=query, text="Right.", by=world.assessor)
    query = queries.reopen(query=query, text="On which device?", by=world.manager)
    assert query.state == "open"
    queries.answer(query=query, text="The inclinometer.", by=world.assessor)
    assert queries.close(query=query, by=world.coordinator).state == "closed"
    assert queries.reopen(query=query, text="It broke that week.", by=world.monitor).state == "open"


def test_each_act_is_in_the_trail_of_the_participant(world: World, participant: Participant, query: Query) -> None:
    queries.answer(query=query, text="Right.", by=world.assessor)
    queries.reopen(query=query, text="Sure?", by=world.monitor)
    queries.close(query=query, by=world.monitor)
    readable = entries_for(Audience(frozenset()), world.trial.pk, subject_id=participant.pk)
    found = readable.filter(verb__startswith="query.").order_by("number")
    assert [entry.verb for entry in found] == ["query.raise", "query.answer", "query.reopen", "query.close"]
    assert {(entry.facts["visit"], entry.facts["instrument"]) for entry in found} == {("baseline", "hip_rom")}


@pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
def test_it_says_something_and_not_too_much(world: World, form: Form, text: str) -> None:
    with pytest.raises(Problem) as raised:
        queries.raise_about(form=form, kind="unlikely", text=text, by=world.monitor)
    assert raised.value.field == "text"
    with pytest.raises(Problem, match="Choose what"):
        queries.raise_about(form=form, kind="rumour", text=TEXT, by=world.monitor)
    assert not Query.objects.exists()


def test_done_twice_is_told(world: World, form: Form, query: Query) -> None:
    with pytest.raises(Conflict, match="not closed yet"):
        queries.raise_about(form=form, kind="unlikely", text="Again?", by=world.manager)
    with pytest.raises(Conflict, match="waits for an answer"):
        queries.reopen(query=query, text="Again?", by=world.monitor)
    queries.answer(query=query, text="Right.", by=world.assessor)
    with pytest.raises(Conflict, match="not open any more"):
        queries.answer(query=query, text="Right.", by=world.assessor)
    queries.close(query=query, by=world.monitor)
    with pytest.raises(Conflict, match="closed already"):
        queries.close(query=query, by=world.monitor)
    queries.raise_about(form=form, kind="unlikely", text="And today?", by=world.monitor)
    with pytest.raises(Conflict, match="not closed yet"):
        queries.reopen(query=query, text="Again?", by=world.monitor)


def test_nobody_answers_their_own_question_or_closes_their_own_answer(world: World, participant: Participant) -> None:
    form = own_form(participant, "odi")
    mine = queries.raise_about(form=form, kind="missing", text="Item 8?", by=world.coordinator)
    with pytest.raises(Problem, match="Another person answers"):
        queries.answer(query=mine, text="Left out.", by=world.coordinator)
    theirs = queries.raise_about(form=form, kind="source", text="On paper?", by=world.monitor)
    queries.answer(query=theirs, text="By phone.", by=world.coordinator)
    with pytest.raises(Problem, match="Another person closes"):
        queries.close(query=theirs, by=world.coordinator)
    assert queries.close(query=mine, by=world.coordinator).state == "closed", "a question is taken back"


def test_those_answer_who_fill_such_forms(world: World, participant: Participant, query: Query) -> None:
    about_answers = queries.raise_about(
        form=own_form(participant, "odi"), kind="missing", text="Item 8?", by=world.monitor
    )
    with pytest.raises(Refused):
        queries.answer(query=query, text="Right.", by=world.coordinator)
    with pytest.raises(Refused):
        queries.answer(query=about_answers, text="Right.", by=world.assessor)
    audiences = {"assessor": query, "coordinator": about_answers}
    for role, waits in audiences.items():
        assert waiting(world, {role}) == [waits]
    assert waiting(world, {"monitor"}) == []


def test_others_are_refused(world: World, form: Form, query: Query) -> None:
    for by in (world.assessor, world.therapist, world.interviewer):
        with pytest.raises(Refused):
            queries.raise_about(form=form, kind="other", text=TEXT, by=by)
        with pytest.raises(Refused):
            queries.close(query=query, by=by)
        with pytest.raises(Refused):
            queries.reopen(query=query, text=TEXT, by=by)
    for by in (world.monitor, world.therapist, world.interviewer):
        with pytest.raises(Refused):
            queries.answer(query=query, text=TEXT, by=by)


def test_at_another_site_it_is_not_there(world: World, form: Form, query: Query) -> None:
    site = other_site(world)
    assessor, coordinator = (world.another(role, f"{role}.abroad", site) for role in (Role.ASSESSOR, Role.COORDINATOR))
    for refused in (
        lambda: queries.raise_about(form=form, kind="other", text=TEXT, by=coordinator),
        lambda: queries.answer(query=query, text=TEXT, by=assessor),
        lambda: queries.close(query=query, by=coordinator),
        lambda: asked_by_key([site], query.pk, {"monitor"}, protocol_of(world.trial)),
    ):
        with pytest.raises(NotFound):
            refused()


def test_about_a_form_that_is_not_submitted_nothing_is_asked(world: World, participant: Participant) -> None:
    with pytest.raises(Conflict, match="not submitted yet"):
        queries.raise_about(form=form_of(participant, "baseline", "hip_rom"), kind="other", text=TEXT, by=world.monitor)


def test_what_is_asked_about_a_concealed_form_is_concealed(world: World, participant: Participant) -> None:
    form = own_form(participant, "lsiq")
    assert form.secrecy == Form.Secrecy.CONCEALED
    query = queries.raise_about(form=form, kind="missing", text="Item 3?", by=world.monitor)
    protocol = protocol_of(world.trial)
    assert [each.query for each in asked_of([form.pk], {"monitor"}, protocol)] == [query]
    for role in ("therapist", "participant"):
        assert asked_of([form.pk], {role}, protocol) == []
        assert asked_at([world.site], {role}, protocol) == []
        with pytest.raises(NotFound):
            asked_by_key([world.site], query.pk, {role}, protocol)
    texts = Change.objects.filter(table="review_querystep", field="text")
    assert {change.field_class for change in texts} == {"concealed"}
    told = shown(list(Entry.objects.filter(verb="query.raise")), Audience(frozenset()))
    assert "Item 3?" not in str(told)


def test_about_what_unblinded_roles_fill_there_is_no_query(world: World, participant: Participant) -> None:
    world.reach(participant, "last_session", START.date())
    form = form_of(participant, "interview_after", "interview_record")
    for by in (world.monitor, world.coordinator, world.manager):
        with pytest.raises(NotFound):
            queries.raise_about(form=form, kind="other", text=TEXT, by=by)


def test_who_may_know_the_arm_writes_nothing(world: World, participant: Participant, form: Form, query: Query) -> None:
    people.hand_down_randomized(participant)
    for by in (world.assessor, world.monitor):
        unblinding.record(participant=participant, how="participant", by=by)
    for refused in (
        lambda: queries.answer(query=query, text="In the strength group.", by=world.assessor),
        lambda: queries.raise_about(form=form, kind="other", text="Of the strength group?", by=world.monitor),
        lambda: queries.reopen(query=query, text="The strength group?", by=world.monitor),
    ):
        with pytest.raises(Conflict, match="you may know"):
            refused()
    assert (waiting(world, {"assessor"}, world.assessor.id), waiting(world, {"assessor"})) == ([], [query])
    assert queries.close(query=query, by=world.monitor).state == "closed"


def test_in_a_locked_trial_nothing_is_asked_or_answered(world: World, form: Form, query: Query) -> None:
    lock_trial(trial=world.trial, reason="The end", by=world.manager)
    verbs = (
        lambda: queries.raise_about(form=form, kind="other", text=TEXT, by=world.monitor),
        lambda: queries.answer(query=query, text=TEXT, by=world.assessor),
        lambda: queries.close(query=query, by=world.monitor),
        lambda: queries.reopen(query=query, text=TEXT, by=world.monitor),
    )
    for verb in verbs:
        with pytest.raises(Conflict, match="locked"):
            verb()


def test_a_query_changes_no_answer(world: World, query: Query) -> None:
    queries.answer(query=query, text="Right.", by=world.assessor)
    assert Response.objects.get(form=query.subject_id).corrections == 0
