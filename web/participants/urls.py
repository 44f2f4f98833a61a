"""Addresses of the pages for participants: the token in the address is all they need."""

from django.urls import path

from web.participants import cards, copies, guesses, no_more, questions, starting

app_name = "participants"

urlpatterns = [
    path("<str:token>/", starting.start, name="open"),
    path("<str:token>/copy/", copies.consent_copy, name="consent_copy"),
    path("<str:token>/no-more/", no_more.no_more, name="no_more"),
    path("<str:token>/language/", starting.choose_language, name="language"),
    path("<str:token>/thanks/", starting.thank, name="thanks"),
    path("<str:token>/guess/", guesses.guess, name="guess"),
    path("<str:token>/<uuid:form>/", starting.introduce, name="form"),
    path("<str:token>/<uuid:form>/<int:place>/", questions.question, name="question"),
    path("<str:token>/<uuid:form>/cards/", cards.cards, name="cards"),
    path("<str:token>/<uuid:form>/check/", questions.check_answers, name="check"),
]
