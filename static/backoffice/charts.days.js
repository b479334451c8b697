"use strict";

/* What each day came to, under the charts: fetched when somebody gets there. */
(() => {
  const root = document.querySelector("[data-days]");
  if (!root || typeof uPlot === "undefined") return;

  const { words, told, withUnit, element, ask, complain, reachOf, barPanel } = window.soCharts;
  const section = root.closest("section");
  const trouble = section.querySelector("[data-days-trouble]");
  const note = section.querySelector("[data-days-note]");
  const lengths = [...section.querySelectorAll("[data-days-length]")];
  let shown = null;
  let length = new URLSearchParams(location.search).get("days") || "";
  let asking = null;
  let asked = null;

  // Each panel: what stands up, what hangs down, what is only told.
  const PANELS = [
    [["energy_in"], ["energy_out"], []],
    [["discharge_wh"], [], []],
    [["state_of_charge"], [], []],
    [["gap_longest"], [], ["gaps"]],
  ];

  const draw = (board) => {
    Object.assign(board.view, { from: shown.start, to: shown.end });
    // A bar stands in the middle of its day.
    const times = [];
    for (let at = shown.start; at < shown.end; at += 86400) times.push(at + 43200);
    const figures = new Map(shown.figures.map((figure, place) => [figure.field, { ...figure, place }]));
    const several = shown.units.length > 1;
    shown.units.forEach((unit) => {
      const column = element("div", "so-measured-column");
      if (several) column.append(element("h3", "so-measured-unit", unit.serial_number));
      root.append(column);
      PANELS.forEach(([up, down, told]) => {
        const item = (field, more) => {
          const figure = figures.get(field);
          return {
            column: unit.columns[field], name: figure.label, unit: figure.unit, place: figure.place,
            whole: unit.wholes[field], ...more,
          };
        };
        const items = [
          ...up.map((field) => item(field, {})),
          ...down.map((field) => item(field, { down: true })),
          ...told.map((field) => item(field, { toldOnly: true })),
        ];
        if (items.every(({ column: values }) => values.every((value) => value === null))) return;
        const columns = (fields, sign) => shown.units.flatMap((one) => fields.map((field) => one.columns[field].map((value) => (value === null ? null : sign * value))));
        const reach = up[0] === "state_of_charge" ? [0, 100] : reachOf([[0], ...columns(up, 1), ...columns(down, -1)]);
        board.panels.push(barPanel(board, column, { times }, items, reach));
      });
    });
  };

  const dayAt = (place) => shown.start + place * 86400;
  const look = (place) => {
    if (place === null || !window.soCharts.show) return;
    window.soCharts.show(dayAt(place), dayAt(place) + 86400);
    document.querySelector("[data-charts]").scrollIntoView({ block: "center" });
  };

  const tellAt = (place) => {
    const day = told(dayAt(place), "weekday");
    if (!window.soCharts.show) return [day];
    const button = element("button", "text-link so-measured-look", words.look);
    button.type = "button";
    button.addEventListener("click", () => look(place));
    return [day, button];
  };

  const board = window.soCharts.board({
    root,
    read: section.querySelector("[data-days-read]"),
    moves: false,
    draw,
    tellAt,
    done: () => {},
    home: () => look(board.place()),
    limits: (from, to) => [from, to],
    keys: { Enter: look },
  });

  const tellNote = () => {
    const sums = shown.units.map((unit) => {
      const parts = shown.figures.filter(({ field }) => ["energy_in", "energy_out", "discharge_wh"].includes(field) && unit.wholes[field] !== null)
        .map(({ field, label, unit: measure }) => `${label} ${withUnit(Math.round(unit.wholes[field]), measure)}`);
      return parts.length ? `${shown.units.length > 1 ? `${unit.serial_number}: ` : ""}${words.together.replace("{n}", shown.days)}: ${parts.join(", ")}` : "";
    });
    const waiting = shown.units.reduce((sum, unit) => sum + unit.waiting, 0);
    note.textContent = [...sums, waiting ? words.waiting.replace("{n}", waiting) : ""].filter(Boolean).join(". ");
  };

  const queryNow = () => {
    const query = new URLSearchParams(location.search);
    if (length) query.set("days", length);
    else query.delete("days");
    return query;
  };

  const load = async () => {
    const query = queryNow();
    if (asked === String(query)) return;
    asked = String(query);
    asking?.abort();
    asking = new AbortController();
    root.setAttribute("aria-busy", "true");
    try {
      const found = await ask(`${root.dataset.url}?${query}`, asking.signal);
      if (!found) return;
      shown = found;
    } catch (error) {
      asked = null;
      root.removeAttribute("aria-busy");
      complain(trouble, error.message, load);
      return;
    }
    root.removeAttribute("aria-busy");
    complain(trouble, "");
    section.querySelector("[data-days-file]").href = `${root.dataset.file}?${query}`;
    lengths.forEach((link) => {
      if (Number(link.dataset.daysLength) === shown.days) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    // What is hidden has no width to draw in.
    root.hidden = false;
    board.redraw();
    tellNote();
    const none = !board.panels.length;
    section.querySelector("[data-days-none]").hidden = !none;
    [root, ...section.querySelectorAll("[data-days-legend], [data-days-read]")].forEach((part) => {
      part.hidden = none;
    });
  };

  lengths.forEach((link) => link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    length = link.dataset.daysLength;
    history.pushState(null, "", `?${queryNow()}`);
    load();
  }));
  // Another time above has other days, unless these are out of sight: then when they are seen.
  let near = false;
  const follow = () => {
    length = new URLSearchParams(location.search).get("days") || "";
    if (near) load();
  };
  addEventListener("so-measured-shown", follow);
  addEventListener("popstate", follow);
  new IntersectionObserver((entries) => {
    near = entries.some((entry) => entry.isIntersecting);
    if (near) load();
  }, { rootMargin: "300px" }).observe(section);
})();
