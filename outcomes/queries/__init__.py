"""Reads of what is due and what was answered. Answers leave only through an audience that may read them."""

from outcomes.queries.concealed import concealed_value
from outcomes.queries.guesses import guess_waits, guesses_waiting
from outcomes.queries.queries import Asked, asked_at, asked_by_key, asked_of, to_answer
from outcomes.queries.records import Cell, CellState, Matrix, MatrixRow, cell_state, completeness, matrix_of
from outcomes.queries.responses import (
    draft_of,
    due_forms_of,
    first_submissions,
    form_at,
    is_complete,
    open_requests,
    response_of,
    scores_of,
    submitted_at,
)
from outcomes.queries.signing import Signing, signature_waits, signatures_waiting, signings_of
from outcomes.queries.worklists import Bucket, Row, Worklist, forms_due

__all__ = [
    "Asked",
    "Bucket",
    "Cell",
    "CellState",
    "Matrix",
    "MatrixRow",
    "Row",
    "Signing",
    "Worklist",
    "asked_at",
    "asked_by_key",
    "asked_of",
    "cell_state",
    "completeness",
    "concealed_value",
    "draft_of",
    "due_forms_of",
    "first_submissions",
    "form_at",
    "forms_due",
    "guess_waits",
    "guesses_waiting",
    "is_complete",
    "matrix_of",
    "open_requests",
    "response_of",
    "scores_of",
    "signature_waits",
    "signatures_waiting",
    "signings_of",
    "submitted_at",
    "to_answer",
]
