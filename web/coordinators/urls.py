"""Addresses of the pages for coordinators."""

from django.urls import URLPattern, path

from web.coordinators import home, people, tasks

app_name = "coordinators"

urlpatterns: list[URLPattern] = [
    path("today/", home.home, name="home"),
    path("participants/", people.participants, name="participants"),
    path("tasks/<uuid:task>/done/", tasks.done, name="task_done"),
]
