"""Problems: what a person did that cannot be done, in a sentence that says what to do instead.

The same sentence is the form error, the API body and the tooltip of a disabled button.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.utils.functional import Promise

Sentence = str | Promise


class Problem(Exception):
    """A refusal with a stable code, a sentence for people, and the field it belongs to.

    ``of_state``: the state of things refuses, and not something typed. So it is unless the problem belongs to a
    field; who raises it may know better. The audit trail notes such refusals.
    """

    status = 400
    OF_STATE: ClassVar[bool | None] = None

    def __init__(
        self,
        code: str,
        sentence: Sentence,
        *,
        field: str | None = None,
        params: Mapping[str, Any] | None = None,
        of_state: bool | None = None,
    ) -> None:
        self.code = code
        self._sentence = sentence
        self.field = field
        known = self.OF_STATE if of_state is None else of_state
        self.of_state = field is None if known is None else known
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
    OF_STATE = False


class NotFound(Problem):
    """There is no such record for this person."""

    status = 404
    OF_STATE = False


class Conflict(Problem):
    """The record moved on meanwhile: a second submit, or somebody else's save."""

    status = 409
    OF_STATE = True


class Invalid(Problem):
    """Several problems at once, so that all can be mended in one go."""

    status = 422

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        of_state = any(problem.of_state for problem in self.problems)
        super().__init__(first.code, first._sentence, field=first.field, params=first.params, of_state=of_state)

    @property
    def sentence(self) -> str:
        return " ".join(problem.sentence for problem in self.problems)
