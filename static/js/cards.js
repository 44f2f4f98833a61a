// Cards of questions: what stands on one, and which of them apply. Used by questionnaire.js.
(function () {
  "use strict";

  function code(of) {
    return of.dataset.card;
  }

  function controls(of) {
    return Array.from(of.querySelectorAll("input:not([type=hidden]), select, textarea")).filter(function (each) {
      return each.name && !each.name.endsWith("-confirmed");
    });
  }

  function values(of) {
    return controls(of)
      .filter(function (each) { return !["radio", "checkbox"].includes(each.type) || each.checked; })
      .map(function (each) { return each.value.trim(); })
      .filter(Boolean);
  }

  function isSettled(of) {
    return "settled" in of.dataset || values(of).length > 0;
  }

  // One tap on one of several buttons is always an answer; whatever else was entered, the server looks at.
  function isCertain(of) {
    return controls(of).every(function (each) { return each.type === "radio"; });
  }

  // A number within its range; asked where the server cannot be. Everything else may be possible.
  function isPossible(of) {
    if (of.dataset.low === undefined || !values(of).length) return true;
    const number = Number(values(of)[0].replace(",", "."));
    return number >= Number(of.dataset.low) && number <= Number(of.dataset.high);
  }

  function applies(rule, given) {
    if (rule.at_least !== undefined) {
      return given.some(function (each) { return Number(each.replace(",", ".")) >= rule.at_least; });
    }
    const wanted = (rule.in || [rule.equals]).map(String);
    return given.some(function (each) { return wanted.includes(each); });
  }

  // The cards that apply after the answers on them, in order.
  function shown(cards) {
    const given = {};
    return cards.filter(function (each) {
      const rule = each.dataset.showIf && JSON.parse(each.dataset.showIf);
      if (rule && !applies(rule, given[rule.item] || [])) return false;
      given[code(each)] = values(each);
      return true;
    });
  }

  function clear(of) {
    for (const each of controls(of)) {
      if (["radio", "checkbox"].includes(each.type)) each.checked = false;
      else each.value = "";
    }
  }

  // How often the server had saved the question when it was shown.
  function revision(of) {
    return of.querySelector("[name=revision]");
  }

  window.cardsOfQuestions = { clear, code, controls, isCertain, isPossible, isSettled, revision, shown, values };
})();
