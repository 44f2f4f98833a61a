"""``python -m tests.services.refusing``: a coordinator asks by API to randomize too early; prints what it was told."""

import json

import django


def main() -> None:
    from django.test import Client
    from django.test.utils import setup_test_environment

    from accounts import tokens
    from core import clock
    from tests import cast

    setup_test_environment()
    with clock.moved_to(cast.MONDAY):
        text = cast.STRONG_BACK.read_text(encoding="utf-8").replace("roles: [therapist]", "roles: [coordinator]")
        trial = cast.make_trial(text)
        people = cast.cast_of(trial)
        early = cast.screen_eligible(trial, people)
        key = tokens.issue(user=people.elise, purpose="tests", days=1, by=cast.actor(people.elise))[1]
        answer = Client().post(
            f"/api/v1/trials/{trial.code}/participants/{early.number}/allocation/",
            {"seen": early.revision},
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "request-1"},
        )
    print(json.dumps({"status": answer.status_code}))


if __name__ == "__main__":
    django.setup()
    main()
