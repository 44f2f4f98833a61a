// The session log on a phone: one tap fills in what the server would otherwise fill in on a page of its own.
// The page works without this file: every button here also submits, and comes back with its values.
(function () {
  "use strict";

  const form = document.querySelector("form[data-session]");
  if (!form) return;
  const opened = Date.now();
  const cards = Array.from(form.querySelectorAll("[data-exercise]"));

  function radios(card) {
    return Array.from(card.querySelectorAll("input[type='radio']"));
  }

  function choose(card, status) {
    for (const each of radios(card)) each.checked = each.value === status;
  }

  function values(card) {
    return Array.from(card.querySelectorAll(".as-done .set-value"));
  }

  function isPlanned(input) {
    return input.value.trim().replace(",", ".") === (input.dataset.planned || "");
  }

  // A value that differs from the plan is marked, and the exercise counts as changed. An empty value of a
  // set that is wholly as planned otherwise is no change: nothing was planned there.
  function mark(card) {
    for (const each of values(card)) each.classList.toggle("changed", !isPlanned(each));
  }

  function edited(card) {
    mark(card);
    choose(card, values(card).every(isPlanned) ? "as_planned" : "changed");
  }

  function allAsPlanned() {
    for (const card of cards) {
      if (!radios(card).some(function (each) { return each.checked; })) choose(card, values(card).every(isPlanned) ? "as_planned" : "changed");
    }
  }

  // The server's clock at the site when the page came, and the time since.
  function now() {
    const [day, time] = form.dataset.now.split(" ");
    const [year, month, date] = day.split("-").map(Number);
    const [hour, minute] = time.split(":").map(Number);
    return new Date(Date.UTC(year, month - 1, date, hour, minute) + (Date.now() - opened));
  }

  function fillNow() {
    const moment = now();
    form.elements.held_on_day.value = String(moment.getUTCDate());
    form.elements.held_on_month.value = String(moment.getUTCMonth() + 1);
    form.elements.held_on_year.value = String(moment.getUTCFullYear());
    form.elements.held_time.value = moment.toISOString().slice(11, 16);
  }

  function useLoad(card, load) {
    for (const each of values(card)) if (each.dataset.key === "load") each.value = load;
    edited(card);
  }

  function sameLoad(card) {
    useLoad(card, values(card).find(function (each) { return each.dataset.key === "load"; }).value);
  }

  function addSet(card) {
    const count = card.querySelector("input[name$='-sets']");
    const [row] = Array.from(card.querySelectorAll(".as-done tbody"), addRow);
    count.value = String(Number(count.value) + 1);
    edited(card);
    row.querySelector("input").select();
  }

  // The dose of the set above is the likeliest; what was observed of that one was not observed of this one.
  function addRow(body) {
    const row = body.lastElementChild.cloneNode(true);
    const last = body.children.length;
    const next = last + 1;
    row.querySelector("th").textContent = row.querySelector("th").textContent.replace(/\d+/, String(next));
    const above = body.lastElementChild.querySelectorAll("input");
    for (const [place, each] of row.querySelectorAll("input").entries()) {
      each.value = each.matches(".set-value") ? above[place].value : "";
      each.name = each.name.replace(/-set-\d+-/, "-set-" + next + "-");
      each.id = "id_" + each.name;
      each.setAttribute("aria-label", each.getAttribute("aria-label").replace(" " + last + ",", " " + next + ","));
      delete each.dataset.planned;
    }
    body.append(row);
    return row;
  }

  // A session that was not held has no exercises and no ratings: what was typed stays, but is not sent.
  function foldAway() {
    const chosen = form.querySelector("input[name='status']:checked");
    const status = chosen ? chosen.value : "";
    const held = form.querySelector("[data-held]");
    held.hidden = status === "missed" || status === "cancelled";
    for (const each of held.querySelectorAll("input, select, button")) each.disabled = held.hidden;
    const why = form.querySelector("[data-why]");
    why.hidden = !status || status === "done";
    for (const each of why.querySelectorAll("select")) each.disabled = why.hidden;
  }

  form.addEventListener("click", function (event) {
    const button = event.target.closest("button[name='step']");
    if (!button || button.value === "save") return;
    event.preventDefault();
    const card = button.closest("[data-exercise]");
    if (button.value === "now") fillNow();
    else if (button.value === "all") allAsPlanned();
    else if (button.dataset.use !== undefined) useLoad(card, button.dataset.use);
    else if (button.dataset.same !== undefined) sameLoad(card);
    else addSet(card);
  });

  form.addEventListener("input", function (event) {
    if (event.target.matches(".as-done .set-value")) edited(event.target.closest("[data-exercise]"));
  });

  form.addEventListener("change", function (event) {
    if (event.target.name === "status") foldAway();
  });

  window.addEventListener("pageshow", foldAway);
  cards.forEach(mark);
  foldAway();
})();
