"""Lists come in pages; a page beyond the last is the last."""

from rest_framework import serializers

from api.fields import Strict

MOST_PER_PAGE = 200


class PagedQuery(Strict):
    page = serializers.IntegerField(required=False, default=1, min_value=1, max_value=100_000)
    per_page = serializers.IntegerField(required=False, default=50, min_value=1, max_value=MOST_PER_PAGE)
