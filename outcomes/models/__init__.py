"""What is collected of a participant: visits, forms due, answers, requests to correct them, links to answer by."""

from outcomes.models.links import Link
from outcomes.models.responses import CorrectionRequest, Draft, Response
from outcomes.models.visits import Form, Visit

__all__ = ["CorrectionRequest", "Draft", "Form", "Link", "Response", "Visit"]
