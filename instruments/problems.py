"""What can be wrong with a file, an answer or a set of answers handed to a scorer."""

from __future__ import annotations

from collections.abc import Sequence

from core.problems import Problem


class FileRefused(Problem):
    """A file that cannot be used; `sentences` holds every mistake, each with its place and cure."""

    status = 422

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("instruments.file", "\n".join(self.sentences))


class UnknownInstrument(Problem):
    """No instrument, or no score, of that name."""

    status = 404


class ScoreInputError(Problem):
    """Answers that no scorer may take: an unknown item, a code out of range, a wrong type."""

    status = 422

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("instruments.score_input", "\n".join(self.sentences))
