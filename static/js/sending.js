// A form whose sending survives a dead network: what is typed stays on the page, and goes through when the network is
// back. Nothing is stored on the device, which others may pick up after a sign-out. The page works without this file.
(function () {
  "use strict";

  const form = document.querySelector("form[data-sending]");
  if (!form || !window.fetch) return;
  const words = form.dataset;
  const status = document.getElementById("saved");
  const waits = [1000, 2000, 4000, 8000];
  const patience = 20000; // ms: a request that takes longer is tried again
  let typed = false;
  let waiting = false; // the save button was pressed, and what was typed has not arrived
  let sending = false;
  let failures = 0;
  let timer = 0;

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function go(how) {
    waiting = false;
    typed = false;
    how();
  }

  async function send() {
    clearTimeout(timer);
    if (sending || !waiting) return;
    const body = new FormData(form);
    body.set("step", "save");
    sending = true;
    let answer = null;
    let told = null;
    try {
      const abort = new AbortController();
      const late = setTimeout(function () { abort.abort(); }, patience);
      const request = { method: "POST", body: body, headers: { Accept: "application/json" }, signal: abort.signal };
      answer = await fetch(window.location.href, request);
      if (answer.status >= 500 || answer.status === 429) throw new Error("not saved");
      if (answer.status === 201) told = await answer.json();
      clearTimeout(late);
    } catch (error) {
      sending = false;
      failures += 1;
      say(words.kept);
      timer = setTimeout(send, waits[Math.min(failures, waits.length) - 1]);
      return;
    }
    sending = false;
    if (told) go(function () { window.location.assign(told.next); });
    // What is wrong, and the sign-in after a login that ran out, are said by the server's own pages.
    else go(function () { form.submit(); });
  }

  form.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.value !== "save") return;
    event.preventDefault();
    waiting = true;
    failures = 0;
    say(words.saving);
    send();
  });

  form.addEventListener("input", function () { typed = true; });

  function wouldLose() {
    return waiting || (typed && !navigator.onLine);
  }

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href]");
    if (!link || link.hash || !wouldLose()) return;
    event.preventDefault();
    say(words.kept);
  });

  window.addEventListener("beforeunload", function (event) {
    if (wouldLose()) event.preventDefault();
  });
  window.addEventListener("offline", function () {
    if (typed) say(words.offline);
  });
  window.addEventListener("online", function () {
    if (waiting) send();
    else say("");
  });
})();
