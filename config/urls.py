"""Every address, by audience."""

from django.conf import settings
from django.urls import include, path, re_path

from config.closed import closed

handler400 = "web.middleware.refuse_request"

urlpatterns = [
    path("", include("web.shared.urls")),
    # An e-mail address is a login: whoever gives roles sets it, nobody their own.
    re_path(r"^accounts/(email|confirm-email|login/code|password/set)/", closed),
    path("accounts/", include("allauth.urls")),
    path("api/", include("api.urls")),
    path("q/", include("web.participants.urls")),
    path("trials/", include("web.public.urls")),
    path("t/<slug:trial>/", include("web.coordinators.urls")),
    path("t/<slug:trial>/assessments/", include("web.assessors.urls")),
    path("t/<slug:trial>/monitoring/", include("web.monitors.urls")),
    path("t/<slug:trial>/therapy/", include("web.therapists.urls")),
    path("t/<slug:trial>/sequence/", include("web.statisticians.urls")),
    path("t/<slug:trial>/unblinded/", include("web.unblinded.urls")),
]

if settings.MAIL_RECEIPTS:
    from web.public import receipts

    urlpatterns.append(path("receipts/", include(receipts.urls(settings.EMAIL_BACKEND))))

if settings.ARMSLENGTH_DEMO:
    urlpatterns.append(path("demo/", include("demo.urls")))
