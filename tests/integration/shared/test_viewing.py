"""Viewing as a blinded role: chosen, said on every page, nothing sent meanwhile, stopped; never an arm."""

from dataclasses import replace

import pytest
from django.test import Client

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import ROLES, Role
from audit.actors import Actor
from audit.acts import act
from audit.models import Entry
from core import ids
from core.problems import Problem, Refused
from participants.models import Participant
from randomization.blindfold import Purpose, unblinded
from tests import cast as people
from tests.integration.coordinators.world import World
from trials import access, viewing
from trials.actions import memberships, views
from trials.models import Site

pytestmark = pytest.mark.django_db
PAGE = "/t/STRONG-BACK/view-as/"
STOP = "/view-as/stop/"
ASSESSOR = {"role": "assessor", "site": "MTL"}
HOME = "/t/STRONG-BACK/assessments/"
BANNER = "You view as Assessor, Montreal. Nothing can be changed."


@pytest.fixture
def noor(world: World) -> Client:
    return world.browser("noor")


def unblinded_coordinator(world: World, site: Site | None = None) -> User:
    user = User.objects.create_user("ulla@example.org", "Ulla Unblinded")
    by = people.actor(world.cast.noor)
    memberships.grant(user=user, trial=world.trial, role=Role.UNBLINDED_COORDINATOR, site=site, by=by)
    return user


def roles_offered(world: World, user: User) -> set[str]:
    held = access.memberships_of(people.actor(user), world.trial)
    return {each.role for each in viewing.offered(held, world.trial)}


def test_a_role_is_chosen_said_and_stopped(world: World, noor: Client) -> None:
    assert noor.get(HOME).status_code == 403
    assert noor.post(PAGE, ASSESSOR).status_code == 302
    first = noor.get("/", follow=True)
    assert first.redirect_chain[-1][0] == HOME
    assert BANNER in first.content.decode()
    assert "Montreal" in first.content.decode()
    assert BANNER in noor.get("/gallery/").content.decode()
    assert BANNER in noor.get("/t/STRONG-BACK/monitoring/people/").content.decode()
    assert noor.get("/t/STRONG-BACK/monitoring/people/").status_code == 403
    assert noor.post(STOP).status_code == 302
    assert noor.get(HOME).status_code == 403
    assert BANNER not in noor.get("/t/STRONG-BACK/monitoring/people/").content.decode()


def test_the_beginning_is_in_the_trail_once(world: World, noor: Client) -> None:
    noor.post(PAGE, ASSESSOR)
    noor.get(HOME)
    noor.get("/t/STRONG-BACK/monitoring/lock/")
    entry = Entry.objects.get(verb="view.begin")
    assert (entry.role, entry.actor_name, entry.facts) == (
        "data_manager",
        "Noor Haddad",
        {"role": "assessor", "site": "MTL"},
    )
    assert not Entry.objects.filter(verb="refusal.role").exists()


def test_nothing_can_be_sent_meanwhile(world: World, noor: Client) -> None:
    participant = world.consented()
    form = world.form(participant, "baseline", "medx_strength")
    noor.post(PAGE, ASSESSOR)
    before = Entry.objects.count()
    url = world.url("form", form=form.pk)
    refused = noor.post(url, {"step": "submit"})
    assert refused.status_code == 403
    assert "You view as another role, so nothing can be changed." in refused.content.decode()
    told = noor.post(url, {}, headers={"Accept": "application/json"})
    assert told.status_code == 403
    assert "nothing can be changed" in told.json()["sentence"]
    for page in (PAGE, "/accounts/password/change/", "/", "/t/STRONG-BACK/monitoring/exports/"):
        assert noor.post(page).status_code == 403
    for method in (noor.put, noor.patch, noor.delete):
        assert method(url).status_code == 403
    assert Entry.objects.count() == before


def test_signing_out_ends_it(world: World, noor: Client) -> None:
    noor.post(PAGE, ASSESSOR)
    assert noor.post("/accounts/logout/").status_code == 302
    noor.force_login(world.cast.noor)
    assert noor.get(HOME).status_code == 403


def test_the_language_may_be_switched(world: World, noor: Client) -> None:
    noor.post(PAGE, ASSESSOR)
    assert noor.post("/language/", {"language": "fr", "next": HOME}).status_code == 302
    assert "Rien ne peut être modifié." in noor.get(HOME).content.decode()


def test_only_blinded_roles_that_show_nothing_more_are_offered(world: World) -> None:
    assert roles_offered(world, world.cast.noor) == {"assessor", "investigator", "monitor"}
    ulla = unblinded_coordinator(world)
    assert roles_offered(world, ulla) == {role.value for role in Role if not ROLES[role].unblinding}
    for user in (world.cast.elise, world.cast.amelie, world.cast.marc, world.cast.samuel, world.cast.tomas):
        assert roles_offered(world, user) == set()


def test_no_role_that_learns_arms_and_no_contact_details_by_hand(world: World, noor: Client) -> None:
    assert noor.post(PAGE, {"role": "nobody", "site": "MTL"}).status_code == 422
    for role in (*(each for each in Role if ROLES[each].unblinding), Role.COORDINATOR, Role.DATA_MANAGER):
        assert noor.post(PAGE, {"role": role, "site": "MTL"}).status_code == 422
        with pytest.raises(Problem):
            views.begin(trial=world.trial, role=role, site=world.site, by=people.actor(world.cast.noor))
    assert not Entry.objects.filter(verb="view.begin").exists()


def test_somebody_of_one_site_views_at_that_site_only(world: World) -> None:
    other = world.elsewhere().site
    client = Client()
    client.force_login(unblinded_coordinator(world, other))
    assert client.post(PAGE, ASSESSOR).status_code == 422
    assert client.post(PAGE, {"role": "assessor", "site": "all"}).status_code == 422
    assert client.post(PAGE, {"role": "assessor", "site": "QC"}).status_code == 302
    participant = world.consented()
    assert client.get(world.url("record", number=participant.number)).status_code == 404


def test_whoever_loses_the_right_sees_nothing(world: World, noor: Client) -> None:
    ulla = unblinded_coordinator(world)
    client = Client()
    client.force_login(ulla)
    client.post(PAGE, ASSESSOR)
    assert client.get(HOME).status_code == 200
    held = ulla.memberships.get()
    memberships.end(membership=held, reason="Left.", by=people.actor(world.cast.noor))
    assert client.get(HOME).status_code == 404


def viewer(world: World, role: Role) -> Actor:
    """The actor of an unblinded coordinator who views as a role."""
    by = people.actor(unblinded_coordinator(world))
    return replace(by, viewing=views.begin(trial=world.trial, role=role, site=world.site, by=by))


def test_nothing_is_opened_and_nothing_written_by_any_door(world: World) -> None:
    by = viewer(world, Role.COORDINATOR)
    for purpose in Purpose:
        with pytest.raises(Refused), unblinded(by=by, trial=world.trial, purpose=purpose, reason="Look."):
            raise AssertionError("opened")
    participant = world.consented()
    grant = access.authorize(by, Permission.SCREEN, trial=world.trial, site=world.site)
    with pytest.raises(Refused), act("site.open", grant=grant) as a:
        a.create(Site(trial=world.trial, code="LAV", name="Laval", time_zone="America/Toronto"))
    with pytest.raises(Refused), act("participants.complete", grant=grant) as a:
        a.change(participant, state=Participant.State.COMPLETED)


def test_what_a_look_leaves_in_the_trail_is_of_their_own_role(world: World) -> None:
    participant = world.consented()
    client = Client()
    client.force_login(unblinded_coordinator(world))
    client.post(PAGE, {"role": "coordinator", "site": "MTL"})
    assert client.get(world.url("coordinators:contact", number=participant.number)).status_code == 200
    entry = Entry.objects.get(verb="contact.read")
    assert (entry.role, entry.actor_name) == ("unblinded_coordinator", "Ulla Unblinded")


def test_another_trial_is_not_there_meanwhile(world: World, noor: Client) -> None:
    balance = people.STRONG_BACK.with_name("balance.yaml").read_text(encoding="utf-8")
    other = people.protocols.load(text=balance, by=people.actor(world.cast.noor)).trial
    assert noor.get(f"/t/{other.code}/", follow=True).status_code == 200
    noor.post(PAGE, ASSESSOR)
    assert noor.get(f"/t/{other.code}/").status_code == 404


def test_wrong_role_logged_out_bad_site_and_wrong_method(world: World, noor: Client) -> None:
    for name in ("elise", "amelie", "marc", "samuel", "tomas", "helen", "ingrid"):
        browser = world.browser(name)
        assert browser.get(PAGE).status_code == browser.post(PAGE, ASSESSOR).status_code == 403
    assert noor.get(PAGE).status_code == 200
    assert noor.post(PAGE, {}).status_code == 422
    assert noor.post(PAGE, {"role": "assessor", "site": str(ids.new_id())}).status_code == 422
    assert noor.delete(PAGE).status_code == 405
    assert noor.get(STOP).status_code == 405
    assert noor.get("/t/OTHER/view-as/").status_code == 404
    assert Client().get(PAGE).status_code == Client().post(STOP).status_code == 302
