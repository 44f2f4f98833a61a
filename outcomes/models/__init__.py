"""What is collected of a participant: visits, forms due, answers, requests to correct them, links to answer by."""

from outcomes.models.links import Link
from outcomes.models.responses import CorrectionRequest, Draft, Response
from outcomes.models.visits import PENDING, Form, Visit

__all__ = ["PENDING", "CorrectionRequest", "Draft", "Form", "Link", "Response", "Visit"]
