"""What is collected of a participant: visits, forms due, answers, requests to correct them, links, guesses."""

from outcomes.models.attachments import Attachment
from outcomes.models.guesses import Guess
from outcomes.models.links import Link
from outcomes.models.responses import CorrectionRequest, Draft, Response
from outcomes.models.visits import PENDING, Form, Visit

__all__ = ["PENDING", "Attachment", "CorrectionRequest", "Draft", "Form", "Guess", "Link", "Response", "Visit"]
