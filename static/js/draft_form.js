// A whole page saved as a draft while it is typed. The page works without this file: "Save draft" saves it too.
(function () {
  "use strict";

  const form = document.querySelector("form[data-draft]");
  if (!form || !window.fetch) return;
  const status = document.getElementById("saved");
  let dirty = false;
  let sending = false;
  let leaving = null; // the button that waits for a save under way
  let timer = 0;

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  async function save() {
    clearTimeout(timer);
    if (sending || !dirty || leaving) return;
    const body = new FormData(form);
    body.set("step", "save");
    dirty = false;
    sending = true;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: body,
        headers: { Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      });
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (!isJson) throw new Error("not saved");
      took(await answer.json());
    } catch (error) {
      dirty = true;
      say(form.dataset.unsaved);
      later(3000);
    }
    sending = false;
    if (leaving) return send(leaving);
    if (dirty) later(1000);
    return undefined;
  }

  // The address names the draft from its first save on, so that "Back" and a reload find it.
  function took(said) {
    if (said.revision) form.elements.revision.value = String(said.revision);
    const here = window.location.pathname + window.location.search;
    if (said.address && said.address !== here && !leaving) window.history.replaceState(null, "", said.address);
    say(said.saved || said.sentence || "");
  }

  function send(button) {
    leaving = null;
    dirty = false;
    form.requestSubmit(button === form ? undefined : button);
  }

  form.addEventListener("input", function () {
    dirty = true;
    later(1500);
  });

  form.addEventListener("change", function () {
    dirty = true;
    later(50);
  });

  // A save under way comes first: else the page would be sent with an old revision and told of itself.
  form.addEventListener("submit", function (event) {
    clearTimeout(timer);
    if (!sending) {
      dirty = false;
      return;
    }
    event.preventDefault();
    leaving = event.submitter || form;
  });

  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("online", save);
  window.addEventListener("pageshow", function () {
    leaving = null;
    save();
  });
})();
