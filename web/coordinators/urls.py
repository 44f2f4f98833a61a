"""Addresses of the pages for coordinators."""

from django.urls import URLPattern, path

from web.coordinators import (
    allocation_errors,
    appointments,
    clocks,
    consents,
    contact,
    copies,
    corrections,
    decisions,
    home,
    links,
    messages,
    missing,
    one_message,
    people,
    person_calendar,
    randomizing,
    results,
    screening,
    stopping,
    tasks,
    trial_page,
    wishes,
    withdrawals,
)

app_name = "coordinators"

PERSON = "participants/<slug:number>/"
APPOINTMENT = f"{PERSON}appointments/<uuid:appointment>/"

urlpatterns: list[URLPattern] = [
    path("trial/", trial_page.trial_page, name="trial"),
    path("randomization/stop/", stopping.stop, name="stop"),
    path("randomization/errors/new/", allocation_errors.record, name="allocation_error"),
    path("today/", home.home, name="home"),
    path("tasks/<uuid:task>/done/", tasks.done, name="task_done"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("results/", results.results, name="results"),
    path("results/<slug:instrument>/table/", results.table, name="results_table"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<uuid:message>/", one_message.one_message, name="message"),
    path("participants/", people.participants, name="participants"),
    path("screening/new/", screening.screen_new, name="screen_new"),
    path(f"{PERSON}screen/", screening.screen_again, name="screen_again"),
    path(f"{PERSON}decide/<slug:stage>/", decisions.decide, name="decide"),
    path(f"{PERSON}consent/", consents.consent, name="consent"),
    path(f"{PERSON}consent/<uuid:consent>/copy/", copies.consent_copy, name="consent_copy"),
    path(f"{PERSON}contact/", contact.contact, name="contact"),
    path(f"{PERSON}contact-log/", contact.contact_log, name="contact_log"),
    path(f"{PERSON}appointments/new/", appointments.new, name="appointment_new"),
    path(APPOINTMENT, appointments.appointment, name="appointment"),
    path(f"{APPOINTMENT}move/", appointments.move, name="appointment_move"),
    path(f"{APPOINTMENT}cancel/", appointments.cancel, name="appointment_cancel"),
    path(f"{APPOINTMENT}kept/", appointments.kept, name="appointment_kept"),
    path(f"{APPOINTMENT}no-show/", appointments.no_show, name="appointment_no_show"),
    path(f"{PERSON}withdraw/", withdrawals.withdraw, name="withdraw"),
    path(f"{PERSON}death/", withdrawals.death, name="death"),
    path(f"{PERSON}link/", links.send, name="link"),
    path(f"{PERSON}no-more/", wishes.wishes, name="wishes"),
    path(f"{PERSON}calendar/", person_calendar.person_calendar, name="person_calendar"),
    path(f"{PERSON}calendar/file/", person_calendar.person_calendar_file, name="person_calendar_file"),
    path(f"{PERSON}visit-missed/", missing.missed, name="visit_missed"),
    path(f"{PERSON}time-zone/", clocks.time_zone, name="time_zone"),
    path(f"{PERSON}randomize/", randomizing.randomize, name="randomize"),
    path(f"{PERSON}randomize/receipt/", randomizing.receipt, name="receipt"),
]
