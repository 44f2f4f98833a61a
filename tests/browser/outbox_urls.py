"""All addresses, and the page of the demo's post."""

from django.urls import include, path

from config.urls import urlpatterns as all_others

urlpatterns = [*all_others, path("demo/", include("demo.urls"))]
