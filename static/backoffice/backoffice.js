"use strict";

/* Charts of the home page, drawn by the Chart.js that comes with the admin. */
(() => {
  const tones = { good: "--so-good", warn: "--so-warn", bad: "--so-bad", info: "--so-info" };

  const draw = (canvas) => {
    const source = document.getElementById(canvas.dataset.chart);
    if (!source || typeof Chart === "undefined") return;
    const { labels, values, tones: names } = JSON.parse(source.textContent);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(tones[name] || "--color-primary-500").trim();
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, {
      type: "bar",
      data: {
        labels,
        datasets: [{
          data: values.map((value) => value || null),
          backgroundColor: names.map(colour),
          borderRadius: 4,
          barPercentage: 0.5,
          categoryPercentage: 1,
          minBarLength: 2,
        }],
      },
      options: {
        indexAxis: "y",
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        layout: { padding: 0 },
        plugins: { legend: { display: false } },
        // The legend beside the canvas names the bars, row by row.
        scales: { x: { display: false, beginAtZero: true }, y: { display: false } },
      },
    });
  };

  const drawAll = () => document.querySelectorAll("canvas[data-chart]").forEach(draw);

  window.addEventListener("load", () => {
    drawAll();
    // The theme switch only changes a class; the canvas keeps its colours until drawn again.
    new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["class"] });
  });
})();

/* Forms of our own: one press sends one request; a dialog asks before what cannot go unnoticed. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-once")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  form.querySelectorAll("button").forEach((button) => {
    button.disabled = true;
  });
});

// Coming back with the browser's Back button finds the buttons usable again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-once]").forEach((form) => {
    delete form.dataset.sent;
    form.querySelectorAll("button").forEach((button) => {
      button.disabled = false;
    });
  });
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog && typeof dialog.showModal === "function") {
      event.preventDefault();
      dialog.showModal();
      dialog.querySelector("textarea, [autofocus]")?.focus();
    }
  }
  const closer = event.target.closest?.("[data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
  }
});

// A dialog that was sent and refused comes back as it was; a link to a folded part unfolds it.
const unfoldNamed = () => {
  const named = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  if (named instanceof HTMLDetailsElement) named.open = true;
};
window.addEventListener("hashchange", unfoldNamed);
window.addEventListener("load", () => {
  unfoldNamed();
  const dialog = document.querySelector("dialog[data-open]");
  if (dialog && typeof dialog.showModal === "function") {
    dialog.showModal();
    dialog.querySelector("textarea, input:not([type=hidden])")?.focus();
  }
});
