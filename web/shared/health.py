"""Whether the app is ready."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from core import guards


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 once the database answers; in production 503 to a database role for which the blind is no wall."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if settings.PRODUCTION and guards.is_open_by_default(connection):
        sentence = "This database role reads sealed columns at all times. Connect as the web role."
        return HttpResponse(sentence, status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
