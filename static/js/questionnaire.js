// One question a screen, for participants. The pages work without this file. With it every tap is saved at once, the
// next question needs no network, and a dead network loses nothing: answers wait in the page until they have arrived.
(function () {
  "use strict";

  const form = document.querySelector("form[data-questionnaire]");
  if (!form || !window.fetch) return;
  const { clear, code, isCertain, isPossible, isSettled, revision, shown, values } = window.cardsOfQuestions;
  const words = form.dataset;
  const status = document.getElementById("saved");
  const skip = document.getElementById("skip");
  const back = document.getElementById("back");
  const bar = document.querySelector("progress");
  const waits = [1000, 2000, 4000, 8000];
  const patience = 20000; // ms: a request that takes longer is tried again
  const queue = new Map(); // by item: what was entered and is not saved yet
  const refused = new Map(); // by item: what the server asks about; shown by its own page at the end
  const saved = new Set();
  const suffix = document.title.slice(document.title.lastIndexOf(" – "));
  let card = form.querySelector("[data-card]");
  let cards = null; // all questions in order, once they have come
  let asked = form.elements.asked ? card : null; // which question the notice about skipping is for
  let waiting = null; // what was sent whose answer decides where to go
  let goal = null; // what to do once all is saved
  let sending = false;
  let failures = 0;
  let timer = 0;

  function say(text) {
    if (status.textContent !== text) status.textContent = text;
  }

  function sayKept() {
    say(queue.size > 1 ? words.keptMany.replace("NUMBER", String(queue.size)) : words.kept);
  }

  function leave(address) {
    window.removeEventListener("beforeunload", warn);
    window.location.assign(address);
  }

  // The server's own page says what is to be said about what was entered: an error, or a question.
  function ask(entry) {
    const page = document.createElement("form");
    entry.body.set("waited", String(Math.round(performance.now() - entry.at)));
    page.method = "post";
    page.action = entry.url;
    page.hidden = true;
    for (const [name, value] of entry.body) {
      const hidden = document.createElement("input");
      hidden.type = "hidden";
      hidden.name = name;
      hidden.value = name === "step" && value === "save" ? "next" : value;
      page.append(hidden);
    }
    document.body.append(page);
    window.removeEventListener("beforeunload", warn);
    page.submit();
  }

  function keep(step) {
    const body = new FormData(form);
    body.set("step", step);
    const before = queue.get(code(card));
    const entry = {
      card: card, step: step, body: body, at: performance.now(), unsure: Boolean(before && before.unsure),
      url: words.changing === undefined ? card.dataset.url : card.dataset.url + "?change=1",
    };
    refused.delete(code(card));
    queue.set(code(card), entry);
    failures = 0;
    send();
    return entry;
  }

  async function send() {
    if (sending || !queue.size) return;
    clearTimeout(timer);
    sending = true;
    const entry = queue.values().next().value;
    entry.body.set("waited", String(Math.round(performance.now() - entry.at)));
    // Where what was sent may have arrived all the same, the stored answer may be our own and not another device's.
    if (entry.unsure) entry.body.delete("revision");
    else entry.body.set("revision", revision(entry.card).value);
    let answer = null;
    let told = null;
    try {
      const abort = new AbortController();
      const late = setTimeout(function () { abort.abort(); }, patience);
      const request = { method: "POST", body: entry.body, headers: { Accept: "application/json" }, signal: abort.signal };
      answer = await fetch(entry.url, request);
      const isJson = (answer.headers.get("Content-Type") || "").startsWith("application/json");
      if (answer.status >= 500 || answer.status === 429) throw new Error("not saved");
      told = isJson ? await answer.json() : { sentence: words.refused };
      clearTimeout(late);
    } catch (error) {
      sending = false;
      return failed(entry);
    }
    sending = false;
    failures = 0;
    if (queue.get(code(entry.card)) === entry) queue.delete(code(entry.card));
    return took(entry, answer, told);
  }

  function failed(entry) {
    if (navigator.onLine) entry.unsure = true;
    failures += 1;
    sayKept();
    timer = setTimeout(send, waits[Math.min(failures, waits.length) - 1]);
    if (waiting !== entry || !cards) return;
    waiting = null;
    moveOn();
  }

  function took(entry, answer, told) {
    const isWaitedFor = waiting === entry;
    if (isWaitedFor) waiting = null;
    if (answer.status === 409 && (told.sent || !cards)) {
      queue.clear();
      return leave(told.next);
    }
    if (told.revisions) learn(entry, told);
    if (told.show || (answer.status === 422 && (entry.step !== "save" || entry.card !== card))) {
      if (isWaitedFor) return ask(entry);
      if (!queue.has(code(entry.card))) refused.set(code(entry.card), entry);
    } else if (answer.status === 409) {
      // After an earlier answer it does not apply; should that change, it is asked again.
      if (isWaitedFor) moveOn();
    } else if (!answer.ok) {
      say(told.sentence || words.refused);
      if (answer.status !== 422) goal = null;
      return send();
    } else {
      saved.add(code(entry.card));
      if (isWaitedFor && !cards) return leave(told.next);
      if (isWaitedFor) moveOn();
    }
    if (queue.size) return send();
    if (told.saved) say([told.saved, told.told].filter(Boolean).join(". "));
    return arrive();
  }

  // Another device may have answered other questions, or this one later: then all cards come anew.
  function learn(entry, told) {
    if (!told.told) revision(entry.card).value = String(told.revisions[code(entry.card)] || 0);
    const isBehind = (cards || []).some(function (each) {
      return !queue.has(code(each)) && Number(revision(each).value) !== (told.revisions[code(each)] || 0);
    });
    if (isBehind) load(told.told ? "" : words.elsewhere);
  }

  async function load(why) {
    if (!words.cards) return;
    try {
      const answer = await fetch(words.cards);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const come = Array.from(page.querySelectorAll("[data-card]"), function (each) { return document.adoptNode(each); });
      if (cards) come.forEach(renew);
      else cards = come.map(function (each) { return code(each) === code(card) ? card : each; });
      form.dataset.ready = "";
      if (why) say(why);
    } catch (error) {
      // Without the cards the server leads from question to question, as before.
    }
  }

  function renew(fresh, place) {
    const old = cards[place];
    if (queue.has(code(old)) || refused.has(code(old)) || revision(old).value === revision(fresh).value) return;
    cards[place] = fresh;
    if (old !== card) return;
    card.replaceWith(fresh);
    card = fresh;
  }

  function show(next, isBack) {
    card.replaceWith(next);
    card = next;
    asked = null;
    skip.hidden = true;
    for (const summary of document.querySelectorAll("[data-error-summary]")) summary.remove();
    mark();
    if (!isBack) window.history.pushState(null, "", card.dataset.url + (words.changing === undefined ? "" : "?change=1"));
    const title = card.querySelector("h1");
    title.tabIndex = -1;
    title.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  function mark() {
    const all = shown(cards || [card]);
    const place = words.place.replace("NUMBER", String(all.indexOf(card) + 1)).replace("TOTAL", String(all.length));
    bar.max = all.length;
    bar.value = all.indexOf(card) + 1;
    document.getElementById("progress-text").textContent = place;
    document.title = place + ", " + words.title + suffix;
    const before = all[all.indexOf(card) - 1];
    if (words.changing === undefined) back.href = before ? before.dataset.url : words.start;
  }

  function moveOn() {
    const all = shown(cards || [card]);
    const next = words.changing === undefined ? all[all.indexOf(card) + 1] : undefined;
    const open = next || all.find(function (each) { return !isSettled(each); });
    if (open) return show(open);
    return finish(function () { leave(words.check); });
  }

  function finish(how) {
    goal = how;
    if (!queue.size) return arrive();
    if (!navigator.onLine) sayKept();
    return send();
  }

  function arrive() {
    if (!goal) return;
    if (refused.size) ask(refused.values().next().value);
    else goal();
  }

  function leaveOpen(step) {
    clear(card);
    card.dataset.settled = "";
    const reason = card.querySelector("[data-reason]");
    reason.textContent = step === "skip" ? words.skip : words.decline;
    reason.hidden = false;
    keep(step);
    moveOn();
  }

  function press(step) {
    goal = null;
    if (!cards) {
      waiting = keep(step);
      return say(words.saving);
    }
    if (step !== "next") return leaveOpen(step);
    if (values(card).length) {
      if (isCertain(card) && (queue.has(code(card)) || saved.has(code(card)))) return moveOn();
      if (!navigator.onLine && !isPossible(card)) return say(words.impossible);
      const entry = keep(step);
      if (isCertain(card) || !navigator.onLine) return moveOn();
      waiting = entry;
      return say(words.saving);
    }
    if ("settled" in card.dataset) return moveOn();
    if (asked === card || "optional" in card.dataset) return leaveOpen("skip");
    asked = card;
    skip.hidden = false;
    skip.scrollIntoView({ block: "nearest" });
    return undefined;
  }

  // With an answer unsaved, leaving the page would lose it.
  function warn(event) {
    if (queue.size) event.preventDefault();
  }

  form.addEventListener("change", function (event) {
    if (!event.target.name) return undefined;
    delete card.dataset.settled;
    card.querySelector("[data-reason]").hidden = true;
    if (cards) mark();
    if (!navigator.onLine && !isPossible(card)) return say(words.impossible);
    say(words.saving);
    keep("save");
    return undefined;
  });

  form.addEventListener("submit", function (event) {
    const button = event.submitter;
    if (button && button.name === "language") {
      if (!queue.size && navigator.onLine) return;
      event.preventDefault();
      if (queue.size) finish(function () { form.requestSubmit(button); });
      else say(words.offline);
      return;
    }
    event.preventDefault();
    press(button ? button.value : "next");
  });

  document.addEventListener("click", function (event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.hash) return;
    const all = shown(cards || [card]);
    const before = link === back && cards && words.changing === undefined ? all[all.indexOf(card) - 1] : null;
    if (!before && !queue.size && navigator.onLine) return;
    event.preventDefault();
    goal = null;
    if (before) show(before);
    else if (queue.size) finish(function () { leave(link.href); });
    else say(words.offline);
  });

  window.addEventListener("popstate", function () {
    const there = (cards || []).find(function (each) { return each.dataset.url === window.location.pathname; });
    if (there) show(there, true);
    else if (!queue.size) window.location.reload();
  });
  window.addEventListener("online", function () {
    if (!cards) load();
    send();
  });
  window.addEventListener("beforeunload", warn);
  load();
})();
