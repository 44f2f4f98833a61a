// One question a screen, for participants. The pages work without this file. With it every tap is saved at once,
// and a dead network loses nothing: the answer stays on the page and is sent again until it has arrived.
(function () {
  "use strict";

  const form = document.querySelector("form[data-questionnaire]");
  if (!form || !window.fetch) return;
  const status = document.getElementById("saved");
  const waits = [1000, 2000, 4000, 8000];
  let typed = null; // what was entered and not yet saved: {body, at}
  let goal = null; // what was pressed while something was unsaved: a button's value, or a link's address
  let sending = false;
  let failures = 0;
  let timer = 0;

  function entered(step) {
    const body = new FormData(form);
    body.set("step", step);
    return { body: body, at: performance.now() };
  }

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function leave(address) {
    window.removeEventListener("beforeunload", warn);
    window.location.assign(address);
  }

  // The server's own page says what is to be said: an error, a question, or that all is sent.
  function showPage(step) {
    const hidden = document.createElement("input");
    hidden.type = "hidden";
    hidden.name = "step";
    hidden.value = step;
    form.append(hidden);
    window.removeEventListener("beforeunload", warn);
    form.submit();
  }

  async function send() {
    if (sending || !typed) return;
    clearTimeout(timer);
    sending = true;
    const now = typed;
    const step = now.body.get("step");
    now.body.set("waited", String(Math.round(performance.now() - now.at)));
    let answer = null;
    try {
      answer = await fetch(form.action, { method: "POST", body: now.body, headers: { Accept: "application/json" } });
      if (answer.status >= 500 || answer.status === 429) throw new Error("not saved");
    } catch (error) {
      sending = false;
      failures += 1;
      say(form.dataset.kept);
      timer = setTimeout(send, waits[Math.min(failures, waits.length) - 1]);
      return;
    }
    failures = 0;
    sending = false;
    const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
    const said = isJson ? await answer.json() : { sentence: form.dataset.refused };
    if (typed === now) typed = null;
    after(step, said);
  }

  function after(step, said) {
    if (typed) return send(); // something newer was entered meanwhile
    if (said.saved) say(said.saved);
    if (step !== "save") return said.next ? leave(said.next) : showPage(step);
    if (said.next) return leave(said.next);
    if (said.sentence) return say(said.sentence);
    if (goal) leave(goal);
    return undefined;
  }

  function keep(step) {
    typed = entered(step);
    failures = 0;
    if (step !== "save") say(form.dataset.saving);
    send();
  }

  // With an answer unsaved, leaving the page would lose it.
  function warn(event) {
    if (typed) event.preventDefault();
  }

  form.addEventListener("change", function (event) {
    if (event.target.name) keep("save");
  });

  form.addEventListener("submit", function (event) {
    const button = event.submitter;
    if (button && button.name === "language" && navigator.onLine) return;
    event.preventDefault();
    if (button && button.name === "language") return say(form.dataset.offline);
    goal = null;
    keep(button ? button.value : "next");
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || (!typed && navigator.onLine)) return;
    event.preventDefault();
    goal = typed ? link.href : null;
    if (typed) send();
    else say(form.dataset.offline);
  });

  window.addEventListener("online", send);
  window.addEventListener("beforeunload", warn);
})();
