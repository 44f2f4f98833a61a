"""Problems: what a person did that cannot be done, in a sentence that says what to do instead.

The same sentence is the form error, the API body and the tooltip of a disabled button.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise

Sentence = str | Promise


class Problem(Exception):
    """A refusal with a stable code, a sentence for people, and the field it belongs to."""

    status = 400

    def __init__(
        self,
        code: str,
        sentence: Sentence,
        *,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code
        self._sentence = sentence
        self.field = field
        self.params = dict(params or {})
        super().__init__(code)

    @property
    def sentence(self) -> str:
        """The sentence in the active language, its placeholders filled."""
        text = str(self._sentence)
        return text % self.params if self.params else text

    def __str__(self) -> str:
        return self.sentence


class Refused(Problem):
    """The person's role may not do this. Says the same whatever the record."""

    status = 403


class NotFound(Problem):
    """There is no such record for this person."""

    status = 404


class Conflict(Problem):
    """The record moved on meanwhile: a second submit, or somebody else's save."""

    status = 409


class Invalid(Problem):
    """Several problems at once, so that all can be mended in one go."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        super().__init__(first.code, first._sentence, field=first.field, params=first.params)

    @property
    def sentence(self) -> str:
        return " ".join(problem.sentence for problem in self.problems)
