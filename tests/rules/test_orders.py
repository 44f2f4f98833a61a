"""Orders in blind code leave no ties: which of two equals the database puts first may follow from the arm.

PostgreSQL moves a row when it is written, and how often the rows of a participant are written can follow from the arm.
"""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps

from tests.rules.test_blind_code import ROOT, blind_files

KEYS = {"pk", "id"}
ORDERING = {"order_by", "latest", "earliest"}
SEALED = {"randomization", "therapy"}
EVERYWHERE = {
    ("code",): "Trials, and sites of a trial.",
    ("chain",): "Heads of the chains.",
}
UNIQUE = {
    ("audit/chain.py", ("number",)): "Entries of a chain.",
    ("audit/chain.py", ("order",)): "Changes, told apart by their entry.",
    ("audit/queries.py", ("order",)): "Changes, told apart by their entry.",
    ("audit/queries.py", ("-at", "-number")): "Entries of a chain.",
    ("exports/scope.py", ("number",)): "Participants of a trial.",
    ("participants/queries.py", ("number",)): "Participants of a trial.",
    ("participants/queries.py", ("day", "kind", "number")): "Milestones of a participant.",
    ("participants/identifiers.py", ("number",)): "Participants of a trial.",
    ("participants/actions/withdrawal.py", ("day",)): "Only the day is read.",
    ("trials/queries.py", ("-number",)): "Versions of a protocol.",
    ("trials/actions/protocols.py", ("-number",)): "Versions of a protocol.",
    ("trials/wordings.py", ("number",)): "Packs of a trial.",
    ("outcomes/queries/records.py", ("visit__order", "visit__code", "instrument", "state")): "Counted by these.",
    ("outcomes/queries/worklists.py", ("rank",)): "Counted by it.",
    ("web/coordinators/due_forms.py", ("first", "participant__number", "visit__code")): "Grouped by these.",
}
"""Orders that end with no key of the row, and why they leave no ties all the same."""

Order = tuple[str, ...]


def orders_in(source: str) -> Iterator[Order]:
    """Every order that is asked for; what is no text is written as it stands."""
    tree = ast.parse(source)
    constants = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ORDERING:
            fields = [each for argument in node.args for each in _unpacked(argument, constants)]
            if fields:
                yield tuple(each.value if isinstance(each, ast.Constant) else ast.unparse(each) for each in fields)


def _unpacked(argument: ast.expr, constants: dict[str, ast.expr]) -> list[ast.expr]:
    if isinstance(argument, ast.Starred):
        held = constants.get(ast.unparse(argument.value))
        return held.elts if isinstance(held, ast.Tuple) else [argument]
    return [argument]


def leaves_ties(order: Order) -> bool:
    """Whether the last field is no key of the row."""
    return order[-1].lstrip("-").rpartition("__")[2] not in KEYS


def asked_for() -> Iterator[tuple[str, Order]]:
    for path in blind_files():
        name = path.relative_to(ROOT).as_posix()
        yield from ((name, order) for order in orders_in(path.read_text()))


def test_every_order_is_to_the_last_tie() -> None:
    found = [each for each in asked_for() if leaves_ties(each[1])]
    assert [each for each in found if each not in UNIQUE and each[1] not in EVERYWHERE] == []


def test_no_exception_is_left_over() -> None:
    found = list(asked_for())
    assert len(found) > 60
    assert [each for each in UNIQUE if each not in found] == []
    assert [each for each in EVERYWHERE if each not in {order for _name, order in found}] == []


def test_every_default_order_is_to_the_last_tie() -> None:
    models = [each for each in apps.get_models() if each._meta.ordering and each._meta.app_label not in SEALED]
    own = [each for each in models if (ROOT / each._meta.app_label).is_dir()]
    assert own
    assert [each.__name__ for each in own if leaves_ties(tuple(each._meta.ordering))] == []


@pytest.mark.parametrize(
    ("source", "orders", "ties"),
    [
        ('rows.order_by("at")', [("at",)], True),
        ('rows.order_by("-at", "participant__pk").first()', [("-at", "participant__pk")], False),
        ('rows.latest("at")', [("at",)], True),
        ('rows.order_by(scope.order, "-id")', [("scope.order", "-id")], False),
        ('rows.order_by("pk", F("at"))', [("pk", "F('at')")], True),
        ('ALL = ("at", "pk")\nrows.order_by(*ALL)', [("at", "pk")], False),
        ("rows.order_by(*fields)", [("*fields",)], True),
        ("rows.order_by()", [], False),
    ],
)
def test_the_search_reads_an_order(source: str, orders: list[Order], ties: bool) -> None:
    assert list(orders_in(source)) == orders
    assert any(map(leaves_ties, orders)) is ties
