// The pages work without this file: it moves focus to the error summary, stops a second press of the same button, and
// enters today into a date where asked to.
(function () {
  "use strict";

  function focusErrors() {
    const summary = document.querySelector("[data-error-summary], [data-kept]");
    if (summary) summary.focus();
  }

  // A link in the summary puts the cursor into the field instead of only scrolling to it.
  function focusLinkedField(event) {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const group = field.closest(".field") || field;
    group.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  }

  // A button beside three fields of a date enters the day it names; without script there is no such button.
  function offerDays() {
    for (const button of document.querySelectorAll("[data-fill]")) button.hidden = false;
  }

  function fillDay(event) {
    const button = event.target.closest("[data-fill]");
    if (!button) return;
    const parts = button.dataset.fill.split(" ");
    button.closest(".split-date").querySelectorAll("input").forEach(function (box, place) {
      box.value = parts[place];
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  function markSending(event) {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sending) {
      event.preventDefault();
      return;
    }
    form.dataset.sending = "1";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    // The page stays when a file is sent, and nothing tells when: a double press is stopped, a later one is not.
    if ("download" in form.dataset) window.setTimeout(clearSending, 2000);
  }

  // The browser may show a stored copy of this page after "Back": it must be usable again.
  function clearSending() {
    for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
    for (const button of document.querySelectorAll("[aria-busy='true']")) button.removeAttribute("aria-busy");
  }

  document.addEventListener("click", focusLinkedField);
  document.addEventListener("click", fillDay);
  document.addEventListener("submit", markSending);
  window.addEventListener("pageshow", clearSending);
  document.addEventListener("htmx:afterRequest", clearSending);
  offerDays();
  focusErrors();
})();
