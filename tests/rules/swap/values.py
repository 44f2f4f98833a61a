"""What stands in addresses: for every argument, values of the world, one of each kind that looks different."""

from collections.abc import Callable, Iterable, Iterator
from itertools import product
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model

from outcomes.models import CorrectionRequest, Form, Visit
from outcomes.queries import signings_of
from participants.models import Appointment, Consent, Participant, Task
from randomization.design import METHODS
from randomization.models import Sequence
from reminders.appointment_links import signed
from reminders.models import Message
from review.models import Query
from safety.models import AdverseEvent, Deviation
from tests.rules.swap.addresses import Address
from tests.rules.swap.worlds import World
from therapy.models import DeliveryDeviation
from trials.models import Membership, Trial
from trials.queries import protocol_of

R = TypeVar("R", bound=Model)
OF_A_KIND = 2
OF_THE_SECOND = 4
"""Records of one model in the trial that is there for what is different in it: the coordinator randomizes."""
PLACES = (1, 2, 999)
SESSIONS = (1, 4)


def numbers(trial: Trial) -> list[str]:
    """Study numbers: one of each state, and of the randomized one more, who may be in the other arm."""
    held = trial.participants.order_by("number")
    randomized = held.filter(state=Participant.State.RANDOMIZED)[:OF_A_KIND]
    return sorted({each.number for each in [*_some(held, lambda each: each.state), *randomized]})


def situations(trial: Trial) -> list[str]:
    """Study numbers: one for everything that can have happened to somebody, as far as blinded people know it."""
    held = trial.participants.order_by("number").prefetch_related("appointments", "unblindings", "withdrawals")
    return sorted({*numbers(trial), *(each.number for each in _some(held, _happened))})


def _happened(participant: Participant) -> tuple[Any, ...]:
    return (
        participant.state,
        frozenset((each.purpose, each.state) for each in participant.appointments.all()),
        frozenset(each.kind for each in participant.unblindings.all()),
        frozenset(scope for each in participant.withdrawals.all() for scope in each.scopes),
    )


def forms(trial: Trial) -> list[Any]:
    """Forms: some of each state and each who fills them; none of a kind stays away because it is concealed."""
    held = Form.objects.filter(trial=trial).order_by("participant__number", "visit__order", "order", "pk")
    return _keys(_some(held, lambda each: (each.filled_by, each.state, each.secrecy)))


def visits(trial: Trial) -> list[Any]:
    """One of each code, and one of each way in which the signatures of a visit can stand."""
    held = list(Visit.objects.filter(trial=trial).order_by("participant__number", "order", "pk"))
    signings = signings_of([each.pk for each in held])
    stand = {key: frozenset((each.holds, each.is_changed) for each in found) for key, found in signings.items()}
    return _keys(_some(held, lambda each: (each.code, stand[each.pk])))


def appointments(trial: Trial) -> list[Any]:
    held = Appointment.objects.filter(participant__trial=trial, participant__number__in=numbers(trial))
    return _keys(
        _some(held.order_by("starts_at", "participant__number", "pk"), lambda each: (each.purpose, each.state))
    )


def consents(trial: Trial) -> list[Any]:
    held = Consent.objects.filter(participant__trial=trial, participant__number__in=numbers(trial))
    return _keys(_some(held.order_by("signed_at", "participant__number", "pk"), lambda each: each.participant.state))


def tasks(trial: Trial) -> list[Any]:
    held = Task.objects.filter(participant__trial=trial).order_by("due_on", "participant__number", "pk")
    return _keys(_some(held, lambda each: (each.kind, each.done_at is None)))


def messages(trial: Trial) -> list[Any]:
    """One of each kind and what became of it."""
    held = Message.objects.filter(trial=trial).order_by("planned_for", "participant__number", "rule", "number", "pk")
    return _keys(_some(held, lambda each: (each.channel, each.state, each.reason, each.visit_id is None)))


def memberships(trial: Trial) -> list[Any]:
    held = Membership.objects.filter(trial=trial).order_by("granted_at", "user__email", "pk")
    return _keys(_some(held, lambda each: each.role))


def requests(trial: Trial) -> list[Any]:
    return _keys(CorrectionRequest.objects.filter(trial=trial).order_by("asked_at", "pk")[:OF_A_KIND])


def queries(trial: Trial) -> list[Any]:
    """One of each state, about forms of each kind of person who fills them."""
    held = list(Query.objects.filter(trial=trial).order_by("raised_at", "pk"))
    forms = Form.objects.in_bulk([each.subject_id for each in held])
    return _keys(_some(held, lambda each: (forms[each.subject_id].filled_by, each.state)))


def events(trial: Trial) -> list[Any]:
    """One of each way in which an event can stand."""
    held = AdverseEvent.objects.filter(participant__trial=trial).order_by("participant__number", "number", "pk")
    return _keys(_some(held, lambda each: (each.serious, each.outcome, bool(each.reported_by))))


def deviations(trial: Trial) -> list[Any]:
    held = Deviation.objects.filter(participant__trial=trial).order_by("participant__number", "recorded_at", "pk")
    return _keys(_some(held, lambda each: (each.importance, each.reviewed_at is None)))


def sequences(trial: Trial) -> list[Any]:
    return list(Sequence.objects.filter(trial=trial).order_by("pk").values_list("pk", flat=True))


KNOWN: dict[str, Callable[[Trial], list[Any]]] = {
    "number": numbers,
    "form": forms,
    "visit": visits,
    "appointment": appointments,
    "signed": lambda trial: [signed(Appointment.objects.get(pk=key)) for key in appointments(trial)],
    "feed": lambda _trial: [],
    "item": lambda _trial: ["report"],
    "consent": consents,
    "task": tasks,
    "membership": memberships,
    "message": messages,
    "asked": requests,
    "query": queries,
    "event": events,
    "deviation": deviations,
    "delivery": lambda _trial: list(DeliveryDeviation.objects.order_by("pk").values_list("pk", flat=True)),
    "draft": sequences,
    "instrument": lambda trial: sorted(protocol_of(trial).instruments)[:OF_A_KIND],
    "stage": lambda trial: [stage.code for stage in protocol_of(trial).eligibility.stages],
    "session": lambda _trial: list(SESSIONS),
    "method": lambda _trial: list(METHODS)[:OF_A_KIND],
    "place": lambda _trial: list(PLACES),
    "code": lambda trial: [trial.code],
    "language": lambda _trial: [code for code, _name in settings.LANGUAGES],
}
"""Where values come from, by the argument's name. A new name is added here, with where its values are."""

OWNED: dict[str, type[Appointment | Consent]] = {"appointment": Appointment, "consent": Consent}


class Values:
    """The values of one world, read once."""

    def __init__(self, world: World) -> None:
        trials = [world.trial, *([world.second] if world.second else [])]
        self._of = {trial.code: {name: find(trial) for name, find in KNOWN.items()} for trial in trials}
        if world.second:
            few = self._of[world.second.code]
            few.update({name: few[name][:OF_THE_SECOND] for name in few if name != "number"})
        self._of[world.trial.code]["feed"] = world.feeds
        self._read = {trial.code: situations(trial) for trial in trials}
        self._owners: dict[Any, str] = {}
        self._tokens, self._pairs = _links(world)
        self._own_tokens = {"participants:consent_copy": [world.copy], "participants:no_more": [world.no_more]}

    def fill(self, address: Address) -> Iterator[dict[str, Any]]:
        """Arguments for an address, every way this world can fill them; KeyError for an unknown argument."""
        names = [name for name in address.arguments if name != "trial"]
        tokens = self._own_tokens.get(address.name, self._tokens)
        for code, known in self._of.items():
            if "trial" in address.arguments or code == next(iter(self._of)):
                if {"token", "form"} <= {*names}:
                    yield from self._by_link(names, known)
                    continue
                known = known | ({"number": self._read[code]} if _only_reads(address) else {})
                values = [tokens if name == "token" else known[name] for name in names]
                for filled in product(*values):
                    given = dict(zip(names, filled, strict=True))
                    if self._belong_together(given):
                        yield {"trial": code, **given} if "trial" in address.arguments else given

    def _by_link(self, names: list[str], known: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
        """Links open the forms of whom they were sent to: all others are not there."""
        rest = [name for name in names if name not in ("token", "form")]
        for (token, form), *more in product(self._pairs, *(known[name] for name in rest)):
            yield {"token": token, "form": form, **dict(zip(rest, more, strict=True))}

    def _belong_together(self, given: dict[str, Any]) -> bool:
        """Of a participant and something of theirs only what belongs together: all others are not there."""
        if "number" not in given:
            return True
        return all(self._owner(model, given[name]) == given["number"] for name, model in OWNED.items() if name in given)

    def _owner(self, model: type[Appointment | Consent], key: Any) -> Any:
        if key not in self._owners:
            self._owners[key] = model.objects.values_list("participant__number", flat=True).get(pk=key)
        return self._owners[key]


def _links(world: World) -> tuple[list[str], list[tuple[str, Any]]]:
    """The first link and that of whoever has begun to answer, and the forms that they open, with one that is not."""
    begun = Form.objects.filter(trial=world.trial, state=Form.State.STARTED, participant__number__in=world.links)
    begun = begun.order_by("participant__number", "pk")
    first = next(iter(world.links), None)
    numbers = [each for each in dict.fromkeys([first, *begun.values_list("participant__number", flat=True)]) if each]
    asked = Form.objects.filter(trial=world.trial, filled_by="participant").order_by("visit__order", "order", "pk")
    pairs = []
    for number in numbers:
        own = _some(asked.filter(participant__number=number), lambda each: (each.state, each.secrecy))
        others = asked.exclude(participant__number=number)
        other = others.order_by("participant__number", "visit__order", "order", "pk")[:1]
        pairs += [(world.links[number], form.pk) for form in [*own, *other]]
    return [world.links[number] for number in numbers], pairs


def _only_reads(address: Address) -> bool:
    """Whether this is a page about one participant on which nothing is filled in."""
    reads = address.methods == ("GET",) and address.arguments == ("trial", "number")
    return reads and not address.name.startswith("api:")


def _some(rows: Iterable[R], kind: Callable[[R], Any]) -> list[R]:
    """The first of each kind, in the order of the rows."""
    held: dict[Any, R] = {}
    for row in rows:
        held.setdefault(kind(row), row)
    return list(held.values())


def _keys(rows: Iterable[Model]) -> list[Any]:
    return [row.pk for row in rows]
