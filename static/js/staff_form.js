// A form of the staff: every changed item is saved as a draft, and items that do not apply are folded away.
// The page works without this file: "Save draft" saves all, and the server says which items do not apply.
(function () {
  "use strict";

  const form = document.querySelector("form[data-staff-form]");
  if (!form) return;
  const status = document.getElementById("saved");
  const rows = Array.from(form.querySelectorAll("[data-item]"));
  const unsaved = new Set();
  let sending = false;
  let leaving = false; // the page is being sent: what is on it needs no draft any more
  let timer = 0;

  function rowOf(code) {
    return rows.find(function (row) { return row.dataset.item === code; });
  }

  function controls(row) {
    return Array.from(row.querySelectorAll("input, select, textarea"));
  }

  // What an item holds, as text: chosen codes, or what was typed.
  function values(code) {
    return controls(rowOf(code))
      .filter(function (each) { return each.name === code && !each.disabled; })
      .filter(function (each) { return !["radio", "checkbox"].includes(each.type) || each.checked; })
      .map(function (each) { return each.value.trim(); })
      .filter(Boolean);
  }

  function applies(rule) {
    const given = values(rule.item);
    if (rule.at_least !== undefined) return given.some(function (each) { return Number(each.replace(",", ".")) >= rule.at_least; });
    const wanted = (rule.in || [rule.equals]).map(String);
    return given.some(function (each) { return wanted.includes(each); });
  }

  // An unlikely value is asked about at once, beside it; the answer is given when the form is submitted.
  function ask(code, question) {
    const row = rowOf(code);
    let note = row.querySelector("[data-unusual]");
    if (!note) {
      note = document.createElement("p");
      note.className = "hint";
      note.dataset.unusual = "";
      note.setAttribute("role", "status");
      row.querySelector(".field").append(note);
    }
    note.textContent = question;
  }

  function fold() {
    for (const words of form.querySelectorAll("[data-condition]")) words.hidden = true;
    for (const row of rows) {
      if (!row.dataset.showIf) continue;
      const shown = applies(JSON.parse(row.dataset.showIf));
      row.hidden = !shown;
      for (const each of controls(row)) each.disabled = !shown;
    }
    for (const section of form.querySelectorAll("section")) {
      const items = Array.from(section.querySelectorAll("[data-item]"));
      if (items.length) section.hidden = items.every(function (row) { return row.hidden; });
    }
  }

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function bodyOf(code) {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.set("item", code);
    for (const each of controls(rowOf(code))) {
      if (each.disabled || each.type === "file" || (["radio", "checkbox"].includes(each.type) && !each.checked)) continue;
      body.append(each.name, each.value);
    }
    return body;
  }

  async function save() {
    clearTimeout(timer);
    if (leaving || sending || !unsaved.size) return;
    const code = unsaved.values().next().value;
    unsaved.delete(code);
    sending = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: bodyOf(code), headers: { Accept: "application/json" } });
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (!isJson) throw new Error("not saved");
      const said = await answer.json();
      // Signed out meanwhile: the button sends the whole page, which is kept over the sign-in.
      say(said.saved || said.sentence || "");
      ask(code, said.unusual || "");
    } catch (error) {
      unsaved.add(code);
      say(form.dataset.unsaved);
      timer = setTimeout(save, 3000);
    }
    sending = false;
    if (unsaved.size && !timer) save();
    timer = 0;
  }

  form.addEventListener("change", function (event) {
    const row = event.target.closest("[data-item]");
    if (!row || event.target.type === "file") return; // A file is kept when the page is sent.
    fold();
    unsaved.add(row.dataset.item);
    save();
  });

  form.addEventListener("submit", function () {
    leaving = true;
  });

  // After "Back", or when sending failed, what was not saved is saved as a draft again.
  window.addEventListener("online", save);
  window.addEventListener("pageshow", function () {
    leaving = false;
    fold();
    save();
  });
  fold();
})();
