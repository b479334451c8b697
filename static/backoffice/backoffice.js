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
    const ink = style.getPropertyValue("--so-quiet").trim();
    const line = style.getPropertyValue("--so-line").trim();
    Chart.getChart(canvas)?.destroy();
    new Chart(canvas, {
      type: "bar",
      data: {
        labels,
        datasets: [{ data: values, backgroundColor: names.map(colour), borderRadius: 4, maxBarThickness: 44 }],
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        plugins: { legend: { display: false } },
        scales: {
          x: { ticks: { display: labels.length <= 6, color: ink, maxRotation: 0, autoSkip: false, callback: (_v, i) => shorten(labels[i]) }, grid: { display: false }, border: { color: line } },
          y: { beginAtZero: true, ticks: { color: ink, precision: 0, maxTicksLimit: 4 }, grid: { color: line }, border: { display: false } },
        },
      },
    });
  };

  const shorten = (label) => (label.length > 12 ? `${label.slice(0, 11)}…` : label);

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
