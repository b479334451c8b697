"use strict";

/* The progress of a command to many units: asked for every two seconds until the command is over.
   Without this script the page shows the same after a reload. */
(() => {
  const every = 2000;
  const patience = 30000;
  const section = document.querySelector("[data-fleet-progress]");
  if (!section) return;
  const bar = section.querySelector("[role=progressbar]");
  let wait = every;

  const show = (progress) => {
    document.querySelectorAll("[data-progress]").forEach((place) => {
      const text = String(progress[place.dataset.progress] ?? "");
      if (place.textContent !== text) place.textContent = text;
      if (place.dataset.progress === "trouble") place.hidden = !text;
      if (place.dataset.progress === "status_text") {
        place.className = `so-badge so-badge-${progress.tone}`;
      }
    });
    bar.setAttribute("aria-valuenow", progress.percent);
    bar.firstElementChild.style.width = `${progress.percent}%`;
    section.querySelectorAll("[data-fleet-when]").forEach((form) => {
      form.hidden = form.dataset.fleetWhen === "retry" ? !progress.can_retry : progress.over;
    });
  };

  const ask = async () => {
    try {
      const answer = await fetch(section.dataset.fleetProgress, { credentials: "same-origin" });
      // Signed out, or gone: a reload says what is the matter better than this script could.
      if (answer.redirected || answer.status === 403 || answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const progress = await answer.json();
      show(progress);
      if (progress.over) return;
      wait = every;
    } catch {
      wait = Math.min(wait * 2, patience);
    }
    setTimeout(ask, wait);
  };
  setTimeout(ask, every);
})();
