"""Every verb that a reader of the trail may meet has a name in words."""

import re
from pathlib import Path

from web.monitors.trail import VERBS

ROOT = Path(__file__).parents[2]
BLIND_ROOMS = "trials review participants outcomes safety reminders".split()
VERB = re.compile(r'(?:act\(\s*|State\.[A-Z_]+, )"([a-z_]+\.[a-z_]+)"')


def test_every_verb_has_its_words() -> None:
    used = {
        verb
        for room in BLIND_ROOMS
        for path in (ROOT / room).rglob("*.py")
        for verb in VERB.findall(path.read_text(encoding="utf-8"))
    }
    assert len(used) > 20
    assert used <= set(VERBS)
