"""An amendment is told in words, change by change."""

from __future__ import annotations

from tests.unit.trials.documents import protocol, small, spoiled
from trials.protocol.diff import describe_changes


def test_the_same_protocol_has_no_changes() -> None:
    assert describe_changes(protocol(), protocol()) == []


def test_a_changed_value_tells_both() -> None:
    after = protocol(spoiled("target", 30))
    assert describe_changes(protocol(), after) == ["target: is now 30; it was 20."]


def test_parts_are_followed_by_their_code_not_their_place() -> None:
    data = small()
    data["visits"].insert(
        1,
        {
            "code": "middle",
            "label": {"en": "Middle"},
            "anchor": {"milestone": "randomized"},
            "offset_days": 14,
            "forms": [{"instrument": "nprs", "filled_by": "participant"}],
        },
    )
    data["visits"][2]["window"]["after"] = 9
    assert describe_changes(protocol(), protocol(data)) == [
        "visits[end].window.after: is now 9; it was 3.",
        "visits[middle]: added.",
    ]
    assert "visits[middle]: removed." in describe_changes(protocol(data), protocol())


def test_words_change_by_language() -> None:
    after = protocol(spoiled("title", {"en": "A smaller trial"}))
    assert describe_changes(protocol(), after) == ['title.en: is now "A smaller trial"; it was "A small trial".']


def test_another_order_is_a_change() -> None:
    data = small()
    data["sites"].reverse()
    assert describe_changes(protocol(), protocol(data)) == ["sites: in another order: QUE, MTL."]
