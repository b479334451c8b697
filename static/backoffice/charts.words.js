"use strict";

/* How charts speak: numbers, times in UTC, and elements with text in them. */
window.soCharts = (() => {
  const words = document.querySelector("[data-chart-words]")?.dataset || {};
  // Days before months, as on all other pages.
  const language = (document.documentElement.lang || "en").replace(/^en$/, "en-GB");
  const format = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
  const formats = {
    clock: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    seconds: format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }),
    day: format({ day: "numeric", month: "short" }),
    weekday: format({ weekday: "short", day: "numeric", month: "short", year: "numeric" }),
    month: format({ month: "short", year: "numeric" }),
    moment: format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  };
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const percents = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 0 });

  const told = (seconds, as = "moment") => formats[as].format(seconds * 1000);
  const number = (value) => numbers.format(value);
  const withUnit = (value, unit) => `${number(value)}${unit ? `\u00a0${unit}` : ""}`;
  const iso = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  const length = (seconds) => {
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${seconds / 60} min`;
    return seconds < 86400 ? `${seconds / 3600} h` : `${seconds / 86400} d`;
  };

  /* The states of a stretch: a place, or [[place, share], …]. */
  const states = (lane, held) => (Array.isArray(held)
    ? held.map(([place, share]) => `${lane.states[place]} ${percents.format(share)}`).join(", ")
    : lane.states[held]);

  const axisTexts = (_plot, splits, _axis, _space, step) => splits.map((at) => {
    if (step >= 28 * 86400) return told(at, "month");
    if (step >= 86400 || at % 86400 === 0) return told(at, "day");
    return told(at, step < 60 ? "seconds" : "clock");
  });

  const element = (tag, name, text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };

  /* Fetch JSON; throws an Error whose message is a sentence, or null if a newer question came. */
  const ask = async (url, signal) => {
    try {
      const answer = await fetch(url, { credentials: "same-origin", signal });
      // Signed out: a reload says so better than this script could.
      if (answer.redirected) {
        location.reload();
        return null;
      }
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.message || words.trouble);
      return found;
    } catch (error) {
      if (error.name === "AbortError") return null;
      const unheard = error instanceof TypeError || error instanceof SyntaxError;
      throw unheard ? new Error(words.trouble) : error;
    }
  };

  /* A sentence with a button that tries again; without a sentence it goes. */
  const complain = (box, sentence, again) => {
    box.hidden = !sentence;
    box.replaceChildren();
    if (!sentence) return;
    const button = element("button", "so-button", words.again);
    button.type = "button";
    button.addEventListener("click", again);
    box.append(element("span", "", sentence), button);
  };

  return { words, told, number, percents, withUnit, iso, length, states, axisTexts, element, ask, complain };
})();
