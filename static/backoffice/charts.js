"use strict";

/* The charts of a unit's measurements. One panel for each unit of measure, one lane for each field
   of states; the page brings the first values along, a shorter or longer time is fetched, and the
   address always leads to what is shown. Without this script the page leads to the same values as
   a table. */
(() => {
  const root = document.querySelector("[data-charts]");
  const source = document.getElementById("measured");
  if (!root || !source || typeof uPlot === "undefined") return;

  const { words, told, number, percents, iso, length, element, ask, complain, reachOf, linePanel, lanePanel } = window.soCharts;
  const trouble = document.querySelector("[data-chart-trouble]");
  const side = root.classList.contains("so-measured-side");
  const SHORTEST = 60;
  const LONGEST = 730 * 86400;
  // Steps that follow each other so fast are one step back.
  const ONE_STEP = 1200;
  const KEPT = 12;

  const withTimes = (found) => {
    found.times = [];
    for (let at = found.start; at < found.end; at += found.interval) found.times.push(at);
    return found;
  };
  const first = withTimes(JSON.parse(source.textContent));
  const firstQuery = location.search;
  // What was shown, by its query: going back is at once.
  const seen = new Map([[firstQuery, first]]);
  let shown = first;
  let asking = null;
  let steppedAt = 0;

  // --- drawing ----------------------------------------------------------------------------------

  const keyOf = (line) => line.unit || line.field;

  /* Of each field the colour by its place among all, and how many others stand before it in its
     panel: {place, nth}. Lines of one panel have neighbouring colours. */
  const placed = () => {
    const places = new Map();
    const inPanel = new Map();
    shown.units.flatMap((unit) => unit.lines).forEach((line) => {
      if (places.has(line.field)) return;
      const key = keyOf(line);
      if (!inPanel.has(key)) inPanel.set(key, { first: places.size, count: 0 });
      const panel = inPanel.get(key);
      places.set(line.field, { place: panel.first + panel.count, nth: panel.count });
      panel.count += 1;
    });
    return places;
  };

  /* [[unit of measure, [{line, name, place, nth, second}]]] in the order of the fields. */
  const grouped = (units, places) => {
    const groups = new Map();
    units.forEach((unit) => unit.lines.forEach((line) => {
      const key = keyOf(line);
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push({
        line,
        name: nameOf(line, unit),
        ...places.get(line.field),
        second: !side && unit !== shown.units[0],
      });
    }));
    return [...groups.entries()];
  };
  const nameOf = (of, unit) => (!side && shown.units.length > 1 ? `${of.label}, ${unit.serial_number}` : of.label);

  const draw = (board) => {
    Object.assign(board.view, { from: shown.start, to: shown.end });
    const places = placed();
    const columnsOf = (items) => items.flatMap(({ line }) => [line.mean, line.least, line.most]);
    // Side by side both units have the same scale, or comparing them would mislead.
    const reaches = new Map(grouped(shown.units, places).map(([key, items]) => [key, reachOf(columnsOf(items))]));
    (side ? shown.units.map((unit) => [unit]) : [shown.units]).forEach((units) => {
      const column = element("div", "so-measured-column");
      if (side) column.append(element("h3", "so-measured-unit", units[0].serial_number));
      root.append(column);
      grouped(units, places).forEach(([key, items]) => {
        board.panels.push(linePanel(board, column, shown, units, items, reaches.get(key)));
      });
      units.forEach((unit) => unit.lanes.forEach((lane) => {
        board.panels.push(lanePanel(board, column, shown, [unit], { lane, name: nameOf(lane, unit) }));
      }));
    });
    document.querySelector("[data-chart-shown]").textContent =
      `${told(shown.start)} – ${told(shown.end)} · ${words.mean.replace("{length}", length(shown.interval))}`;
    document.querySelector("[data-chart-do=reset]").disabled = shown === first;
  };

  const tellAt = (place) => {
    const from = shown.times[place];
    const near = Math.max(shown.interval, (shown.end - shown.start) / 150);
    const what = shown.units.flatMap((unit) => [
      ...unit.marks.filter((mark) => Math.abs(mark.at - from - shown.interval / 2) <= near).map((mark) => `${mark.text}, ${told(mark.at)}`),
      ...(unit.contacts.includes(from) ? [words.contact] : []),
    ]);
    return [told(from, shown.interval < 86400 ? "moment" : "weekday"), ...new Set(what)];
  };

  // --- another time -----------------------------------------------------------------------------

  /* A time that can be asked for: not too short, not too long, not in the future. */
  const limits = (from, to) => {
    const now = Math.max(Math.ceil(Date.now() / 1000), first.end);
    const span = Math.min(Math.max(to - from, SHORTEST), LONGEST);
    const end = Math.min((from + to + span) / 2, now);
    return [Math.max(end - span, 0), end];
  };

  /* A value for each pixel beside the axis. */
  const pixels = () => Math.min(Math.max((board.panels[0]?.box.clientWidth || 652) - 52, 200), 1000);

  const show = (from, to) => {
    const [start, end] = limits(from, to).map(Math.round);
    const query = new URLSearchParams(location.search);
    query.set("start", iso(start));
    query.set("end", iso(end));
    open(`?${query}`, true);
  };

  /* Show what a query asks for; `step` makes it one that the browser's button leads back from. */
  const open = async (query, step) => {
    asking?.abort();
    asking = new AbortController();
    let found = seen.get(query);
    if (!found) {
      const asked = new URLSearchParams(query);
      asked.set("points", String(pixels()));
      root.setAttribute("aria-busy", "true");
      try {
        found = await ask(`${root.dataset.url}?${asked}`, asking.signal);
      } catch (error) {
        complain(trouble, error.message, () => open(query, step));
        root.removeAttribute("aria-busy");
        return;
      }
      if (!found) return;
      seen.set(query, withTimes(found));
      if (seen.size > KEPT) seen.delete([...seen.keys()].find((key) => key !== firstQuery));
    }
    root.removeAttribute("aria-busy");
    shown = found;
    if (step && query !== location.search) {
      const soon = Date.now() - steppedAt < ONE_STEP;
      steppedAt = Date.now();
      history[soon ? "replaceState" : "pushState"](null, "", `${location.pathname}${query}`);
    }
    complain(trouble, "");
    board.redraw();
    retell();
    dispatchEvent(new CustomEvent("so-measured-shown"));
  };
  addEventListener("popstate", () => {
    steppedAt = 0;
    open(location.search, false);
  });

  const home = () => open(firstQuery, true);

  /* The links, the form, the figures and the list of the page, for the time that is shown now. */
  const retell = () => {
    const query = new URLSearchParams(location.search);
    const file = new URLSearchParams(query);
    file.set("points", String(pixels()));
    const table = new URLSearchParams(query);
    table.set("view", "table");
    document.querySelectorAll("[data-follows]").forEach((link) => {
      link.href = link.dataset.follows === "table" ? `?${table}` : `${root.dataset.file}?${file}`;
    });
    ["start", "end"].forEach((name) => {
      const input = document.getElementById(`measured-${name}`);
      if (input) input.value = shown === first ? input.defaultValue : iso(shown[name]).slice(0, 16);
    });
    document.querySelectorAll("[data-chart-span]").forEach((link) => {
      const current = shown === first && link.dataset.chartSpan === "current";
      if (current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    retellFigures();
    retellMarks();
  };

  const extremes = (line) => {
    const known = (column) => column.filter((value) => value !== null);
    const low = known(line.least || line.mean);
    const high = known(line.most || line.mean);
    const last = known(line.mean).pop() ?? null;
    if (!low.length) return [null, null, null];
    return [low.reduce((a, b) => Math.min(a, b)), high.reduce((a, b) => Math.max(a, b)), last];
  };

  const shares = (lane) => {
    const lengths = new Map();
    let whole = 0;
    lane.runs.forEach(([from, to, held]) => (Array.isArray(held) ? held : [[held, 1]]).forEach(([state, share]) => {
      lengths.set(state, (lengths.get(state) || 0) + (to - from) * share);
      whole += (to - from) * share;
    }));
    return [...lengths.entries()].sort((a, b) => b[1] - a[1])
      .map(([state, seconds]) => `${lane.states[state]} ${percents.format(seconds / whole)}`).join(", ");
  };

  const retellFigures = () => shown.units.forEach((unit) => {
    const cells = (of) => document.querySelectorAll(`[data-figures="${unit.imei} ${CSS.escape(of.field)}"] td`);
    unit.lines.forEach((line) => {
      const values = extremes(line);
      cells(line).forEach((cell, place) => {
        cell.textContent = values[place] === null ? "–" : number(values[place]);
      });
    });
    unit.lanes.forEach((lane) => {
      const values = [shares(lane), lane.last];
      cells(lane).forEach((cell, place) => {
        cell.textContent = values[place] || "–";
      });
    });
  });

  const retellMarks = () => {
    const section = document.querySelector("[data-chart-happened]");
    const marks = shown.units.flatMap((unit) => unit.marks.map((mark) => ({ ...mark, unit })));
    marks.sort((a, b) => b.at - a.at);
    section.hidden = !marks.length;
    section.querySelector("ul").replaceChildren(...marks.map((mark) => {
      const line = element("li", "");
      line.append(
        element("strong", "", mark.text),
        shown.units.length > 1 ? ` ${mark.unit.serial_number} ` : " ",
        element("span", "so-quiet", told(mark.at)),
      );
      return line;
    }));
  };

  // --- buttons and keys -------------------------------------------------------------------------

  const half = () => (shown.end - shown.start) / 2;
  const steps = {
    earlier: () => show(shown.start - half(), shown.end - half()),
    later: () => show(shown.start + half(), shown.end + half()),
    closer: () => {
      const place = board.place();
      const middle = place === null ? shown.start + half() : shown.times[place] + shown.interval / 2;
      show(middle - half() / 2, middle + half() / 2);
    },
    wider: () => show(shown.start - half(), shown.end + half()),
    reset: home,
  };
  document.querySelectorAll("[data-chart-do]").forEach((button) => {
    button.addEventListener("click", steps[button.dataset.chartDo]);
  });

  const board = window.soCharts.board({
    root,
    read: document.querySelector("[data-chart-read]"),
    moves: true,
    draw,
    tellAt,
    done: show,
    home,
    limits,
    keys: {
      PageUp: steps.earlier,
      PageDown: steps.later,
      "+": steps.closer,
      "=": steps.closer,
      "-": steps.wider,
      Escape: home,
    },
  });
  Object.assign(board, { extremes, shares });
  board.redraw();

  window.soCharts.show = show;
  window.soCharts.shownEnd = () => shown.end;
})();
