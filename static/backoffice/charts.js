"use strict";

/* The charts of a unit's measurements, drawn by uPlot. One panel for each unit of measure; the page
   brings the first values along, a shorter or longer time is fetched. Without this script the page
   leads to the same values as a table. */
(() => {
  const root = document.querySelector("[data-charts]");
  const source = document.getElementById("measured");
  if (!root || !source || typeof uPlot === "undefined") return;

  const words = document.querySelector("[data-chart-words]").dataset;
  const read = document.querySelector("[data-chart-read]");
  const trouble = document.querySelector("[data-chart-trouble]");
  // Days before months, as on all other pages.
  const language = (document.documentElement.lang || "en").replace(/^en$/, "en-GB");
  const side = root.classList.contains("so-measured-side");
  const shortest = 60;
  const longest = 730 * 86400;
  const first = JSON.parse(source.textContent);
  const firstQuery = location.search;
  let shown = first;
  let panels = [];
  let asked = null;
  let moving = false;

  // --- words ------------------------------------------------------------------------------------

  const format = (options) => new Intl.DateTimeFormat(language, { timeZone: "UTC", ...options });
  const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const clockSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const day = format({ day: "numeric", month: "short" });
  const month = format({ month: "short", year: "numeric" });
  const moment = format({ day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const date = format({ day: "numeric", month: "short", year: "numeric" });
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
  const told = (seconds, as) => as.format(seconds * 1000);
  const toldAt = (seconds) => told(seconds, shown.interval < 86400 ? moment : date);
  const length = (seconds) => {
    if (seconds < 60) return `${seconds} s`;
    if (seconds < 3600) return `${seconds / 60} min`;
    return seconds < 86400 ? `${seconds / 3600} h` : `${seconds / 86400} d`;
  };
  const iso = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
  const withUnit = (value, unit) => `${number.format(value)}${unit ? `\u00a0${unit}` : ""}`;

  // --- data -------------------------------------------------------------------------------------

  const times = () => {
    const found = [];
    for (let at = shown.start; at < shown.end; at += shown.interval) found.push(at);
    return found;
  };

  /* uPlot breaks a line at null and passes over undefined: a value is only missing where the next
     is further away than the unit's own beat. */
  const joined = (column, gapAfter) => {
    const found = column.slice();
    let last = -1;
    column.forEach((value, place) => {
      if (value === null) return;
      if (last >= 0 && (place - last) * shown.interval <= gapAfter) found.fill(undefined, last + 1, place);
      last = place;
    });
    return found;
  };

  /* Where the value nearest to a place is, within the unit's own beat; -1 if there is none. */
  const nearest = (line, place) => {
    const reach = Math.floor(line.gap_after / shown.interval / 2);
    for (let away = 0; away <= reach; away += 1) {
      if ((line.mean[place - away] ?? null) !== null) return place - away;
      if ((line.mean[place + away] ?? null) !== null) return place + away;
    }
    return -1;
  };

  /* [{key, unit, lines: [{line, owner, second}]}] for some units, in the order of their fields. */
  const grouped = (units) => {
    const groups = new Map();
    units.forEach((unit) => {
      unit.lines.forEach((line) => {
        const key = line.unit || line.field;
        if (!groups.has(key)) groups.set(key, []);
        groups.get(key).push({ line, owner: unit, second: !side && unit !== shown.units[0] });
      });
    });
    return [...groups.entries()].map(([key, lines]) => ({ key, lines }));
  };

  // --- looks ------------------------------------------------------------------------------------

  const colours = () => {
    const style = getComputedStyle(root);
    const get = (name) => style.getPropertyValue(name).trim();
    return {
      axis: get("--so-quiet"),
      grid: get("--so-line"),
      contact: get("--so-quiet"),
      switch: get("--so-warn"),
      life: get("--so-info"),
      lines: [1, 2, 3, 4, 5, 6].map((n) => get(`--so-chart-${n}`)),
    };
  };
  const faint = (colour) => `${colour}38`;

  const axisTexts = (_plot, splits, _axis, _space, step) => splits.map((at) => {
    if (step >= 28 * 86400) return told(at, month);
    if (step >= 86400 || at % 86400 === 0) return told(at, day);
    return told(at, step < 60 ? clockSeconds : clock);
  });

  const drawMarks = (units, look) => (plot) => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio || 1;
    const line = (at, from, colour, dash) => {
      const x = Math.round(plot.valToPos(at, "x", true));
      if (x < bbox.left || x > bbox.left + bbox.width) return;
      ctx.strokeStyle = colour;
      ctx.setLineDash(dash);
      ctx.beginPath();
      ctx.moveTo(x, from);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    };
    ctx.save();
    units.forEach((unit) => {
      ctx.lineWidth = ratio;
      unit.contacts.forEach((at) => line(at, bbox.top + bbox.height - 6 * ratio, look.contact, []));
      ctx.lineWidth = 1.5 * ratio;
      unit.marks.forEach((mark) => line(mark.at, bbox.top, look[mark.kind], [4 * ratio, 3 * ratio]));
    });
    ctx.restore();
  };

  // --- drawing ----------------------------------------------------------------------------------

  const element = (tag, name, text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };

  const reachOf = (lines) => {
    let low = Infinity;
    let high = -Infinity;
    lines.forEach(({ line }) => {
      [line.mean, line.least || [], line.most || []].forEach((column) => column.forEach((value) => {
        if (value === null) return;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }));
    });
    return low > high ? [0, 1] : uPlot.rangeNum(low, high, 0.1, true);
  };

  const panel = (column, units, { lines }, reach, look, places) => {
    const box = element("div", "so-measured-panel");
    const head = element("div", "so-measured-keys");
    const keys = lines.map(({ line, owner, second }) => {
      const colour = look.lines[places.get(line.field) % look.lines.length];
      const key = element("span", "so-measured-key");
      const dash = element("span", second ? "so-measured-dash so-measured-dashed" : "so-measured-dash");
      dash.style.color = colour;
      const value = element("strong", "");
      const name = !side && shown.units.length > 1 ? `${line.label}, ${owner.serial_number}` : line.label;
      key.append(dash, `${name}${line.unit ? ` (${line.unit})` : ""} `, value);
      head.append(key);
      return { line, owner, value, name };
    });
    box.append(head);
    column.append(box);

    const data = [times()];
    const series = [{}];
    const bands = [];
    lines.forEach(({ line, second }) => {
      const colour = look.lines[places.get(line.field) % look.lines.length];
      if (line.least) {
        const hidden = { stroke: "transparent", width: 0, points: { show: false } };
        series.push({ ...hidden }, { ...hidden });
        data.push(joined(line.most, line.gap_after), joined(line.least, line.gap_after));
        bands.push({ series: [series.length - 2, series.length - 1], fill: faint(colour) });
      }
      const sparse = line.mean.filter((value) => value !== null).length < 100;
      series.push({
        stroke: colour,
        width: 1.75,
        dash: second ? [6, 4] : undefined,
        // A value alone between two gaps has no line that would show it.
        points: { show: true, size: 5, fill: colour, filter: (plot, at) => alone(plot.data[at], sparse) },
      });
      data.push(joined(line.mean, line.gap_after));
    });
    const axis = { stroke: look.axis, grid: { stroke: look.grid, width: 1 }, ticks: { show: false } };
    const plot = new uPlot(
      {
        width: Math.max(box.clientWidth, 200),
        height: innerWidth < 640 ? 160 : 190,
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
        legend: { show: false },
        scales: { x: { range: [shown.start, shown.end] }, y: { range: reach } },
        axes: [{ ...axis, values: axisTexts, space: 64, size: 30, gap: 8 }, { ...axis, size: 52 }],
        series,
        bands,
        cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, setScale: false } },
        hooks: {
          draw: [drawMarks(units, look)],
          setCursor: [(self) => follow(self)],
          setSelect: [(self) => choose(self)],
        },
      },
      data,
      box,
    );
    scrub(plot);
    return { plot, keys, box, units };
  };

  const alone = (column, sparse) => {
    const found = [];
    const there = (place) => column[place] !== null && column[place] !== undefined;
    const gap = (place) => place < 0 || place >= column.length || column[place] === null;
    column.forEach((_value, place) => {
      if (there(place) && (sparse || (gap(place - 1) && gap(place + 1)))) found.push(place);
    });
    return found;
  };

  const draw = () => {
    panels.forEach(({ plot }) => plot.destroy());
    panels = [];
    root.replaceChildren();
    const look = colours();
    const names = [...new Set(shown.units.flatMap((unit) => unit.lines.map((line) => line.field)))];
    const places = new Map(names.map((name, place) => [name, place]));
    // Side by side both units have the same scale, or comparing them would mislead.
    const reaches = new Map(grouped(shown.units).map(({ key, lines }) => [key, reachOf(lines)]));
    (side ? shown.units.map((unit) => [unit]) : [shown.units]).forEach((units) => {
      const column = element("div", "so-measured-column");
      if (side) column.append(element("h3", "so-measured-unit", units[0].serial_number));
      root.append(column);
      grouped(units).forEach((group) => {
        panels.push(panel(column, units, group, reaches.get(group.key), look, places));
      });
    });
    document.querySelector("[data-chart-shown]").textContent =
      `${told(shown.start, moment)} – ${told(shown.end, moment)} · ${words.mean.replace("{length}", length(shown.interval))}`;
    document.querySelector("[data-chart-do=reset]").disabled = shown === first;
    tell(null, false);
  };

  // --- cursor -----------------------------------------------------------------------------------

  const follow = (plot) => {
    if (moving) return;
    moving = true;
    const place = plot.cursor.left < 0 ? null : plot.cursor.idx;
    panels.forEach((other) => {
      if (other.plot === plot) return;
      const left = place === null ? -10 : other.plot.valToPos(other.plot.data[0][place], "x");
      other.plot.setCursor({ left, top: place === null ? -10 : 1 }, false);
    });
    moving = false;
    tell(place, false);
  };

  const tell = (place, aloud) => {
    const spoken = [];
    panels.forEach(({ keys }) => keys.forEach(({ line, value, name }) => {
      const at = place === null || place === undefined ? -1 : nearest(line, place);
      let text = "";
      if (at >= 0) {
        text = withUnit(line.mean[at], line.unit);
        if (line.least && line.least[at] !== null && line.least[at] !== line.most[at]) {
          text += ` (${words.band.replace("{low}", number.format(line.least[at])).replace("{high}", number.format(line.most[at]))})`;
        }
      } else if (place !== null && place !== undefined) {
        text = words.none;
      }
      value.textContent = text;
      spoken.push(`${name} ${text}`);
    }));
    if (place === null || place === undefined) {
      read.textContent = "\u00a0";
      return;
    }
    const from = shown.start + place * shown.interval;
    const near = Math.max(shown.interval, (shown.end - shown.start) / 150);
    const what = shown.units.flatMap((unit) => [
      ...unit.marks.filter((mark) => Math.abs(mark.at - from - shown.interval / 2) <= near).map((mark) => `${mark.text}, ${told(mark.at, moment)}`),
      ...(unit.contacts.includes(from) ? [words.contact] : []),
    ]);
    read.textContent = [toldAt(from), ...new Set(what)].join(" · ");
    if (aloud) read.append(element("span", "so-hidden", ` ${spoken.join(", ")}`));
  };

  const moveTo = (place) => {
    const plot = panels[0]?.plot;
    if (!plot) return;
    const last = plot.data[0].length - 1;
    const to = Math.min(Math.max(place, 0), last);
    moving = true;
    panels.forEach((other) => other.plot.setCursor({ left: other.plot.valToPos(other.plot.data[0][to], "x"), top: 1 }, false));
    moving = false;
    tell(to, true);
  };

  /* A finger moves the cursor; up and down it scrolls the page. */
  const scrub = (plot) => {
    plot.over.addEventListener("pointermove", (event) => {
      if (event.pointerType !== "touch") return;
      const left = event.clientX - plot.over.getBoundingClientRect().left;
      plot.setCursor({ left, top: 1 });
    });
  };

  // --- another time -----------------------------------------------------------------------------

  const choose = (plot) => {
    const { left, width } = plot.select;
    if (width < 8) return;
    const start = plot.posToVal(left, "x");
    const end = plot.posToVal(left + width, "x");
    plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    show(start, end);
  };

  const queryFor = (start, end) => {
    const query = new URLSearchParams(firstQuery);
    ["start", "end"].forEach((name) => query.delete(name));
    query.set("start", iso(start));
    query.set("end", iso(end));
    return query;
  };

  /* How many values have a place: a phone has two or three pixels where it counts one. */
  const pixels = () => {
    const width = panels[0]?.plot.over.clientWidth || 600;
    return Math.round(Math.min(Math.max(width * Math.min(devicePixelRatio || 1, 2), 300), 1000));
  };

  const show = async (from, to) => {
    const now = Math.ceil(Date.now() / 1000);
    const span = Math.min(Math.max(Math.round(to - from), shortest), longest);
    // Longer than up to now: what is missing is added before.
    const end = Math.min(Math.round((from + to + span) / 2), Math.max(now, first.end));
    const query = queryFor(Math.max(end - span, 0), end);
    const asking = new URLSearchParams(query);
    asking.set("points", String(pixels()));
    asked?.abort();
    asked = new AbortController();
    root.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${root.dataset.url}?${asking}`, { credentials: "same-origin", signal: asked.signal });
      // Signed out: a reload says so better than this script could.
      if (answer.redirected) {
        location.reload();
        return;
      }
      const found = await answer.json();
      if (!answer.ok) throw new Error(found.message);
      shown = found;
      arrived(query, asking);
    } catch (error) {
      if (error.name === "AbortError") return;
      const said = error instanceof TypeError || error instanceof SyntaxError ? "" : error.message;
      trouble.textContent = said || words.trouble;
      trouble.hidden = false;
    }
    root.removeAttribute("aria-busy");
  };

  const arrived = (query, asking) => {
    trouble.hidden = true;
    history.replaceState(null, "", `${location.pathname}${String(query) ? `?${query}` : ""}`);
    const table = new URLSearchParams(query);
    table.set("view", "table");
    document.querySelectorAll("[data-follows]").forEach((link) => {
      link.href = link.dataset.follows === "table" ? `?${table}` : `${root.dataset.file}?${asking}`;
    });
    const field = (name, at) => {
      const input = document.getElementById(name);
      if (input) input.value = at ? iso(at).slice(0, 16) : input.defaultValue;
    };
    field("measured-start", shown === first ? 0 : shown.start);
    field("measured-end", shown === first ? 0 : shown.end);
    draw();
    retell();
  };

  /* The figures and the list below the charts, for the time that is shown now. */
  const retell = () => {
    shown.units.forEach((unit) => unit.lines.forEach((line) => {
      const row = document.querySelector(`[data-figures="${unit.imei} ${CSS.escape(line.field)}"]`);
      const mean = line.mean.filter((value) => value !== null);
      const low = (line.least || mean).filter((value) => value !== null);
      const high = (line.most || mean).filter((value) => value !== null);
      const least = (a, b) => Math.min(a, b);
      const most = (a, b) => Math.max(a, b);
      const values = mean.length ? [low.reduce(least), high.reduce(most), mean[mean.length - 1]] : [null, null, null];
      row?.querySelectorAll("td").forEach((cell, place) => {
        cell.textContent = values[place] === null ? "–" : number.format(values[place]);
      });
    }));
    const section = document.querySelector("[data-chart-happened]");
    const marks = shown.units.flatMap((unit) => unit.marks.map((mark) => ({ ...mark, unit })));
    marks.sort((a, b) => b.at - a.at);
    section.hidden = !marks.length;
    section.querySelector("ul").replaceChildren(...marks.map((mark) => {
      const line = element("li", "");
      line.append(
        element("strong", "", mark.text),
        shown.units.length > 1 ? ` ${mark.unit.serial_number} ` : " ",
        element("span", "so-quiet", told(mark.at, moment)),
      );
      return line;
    }));
  };

  const back = () => {
    asked?.abort();
    root.removeAttribute("aria-busy");
    if (shown === first) return;
    shown = first;
    const query = new URLSearchParams(firstQuery);
    arrived(query, query);
  };

  const steps = {
    earlier: () => show(shown.start - (shown.end - shown.start) / 2, shown.end - (shown.end - shown.start) / 2),
    later: () => show(shown.start + (shown.end - shown.start) / 2, shown.end + (shown.end - shown.start) / 2),
    closer: () => {
      const place = panels[0]?.plot.cursor.idx;
      const seen = panels[0]?.plot.cursor.left >= 0 && place !== null && place !== undefined;
      const middle = seen ? shown.start + place * shown.interval : (shown.start + shown.end) / 2;
      const quarter = (shown.end - shown.start) / 4;
      show(middle - quarter, middle + quarter);
    },
    wider: () => {
      const half = (shown.end - shown.start) / 2;
      show(shown.start - half, shown.end + half);
    },
    reset: back,
  };
  document.querySelectorAll("[data-chart-do]").forEach((button) => {
    button.addEventListener("click", steps[button.dataset.chartDo]);
  });

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = panels[0]?.plot.cursor;
    const place = at && at.left >= 0 && at.idx !== null && at.idx !== undefined ? at.idx : -1;
    const many = event.shiftKey ? 10 : 1;
    const last = (panels[0]?.plot.data[0].length || 1) - 1;
    const keys = {
      ArrowLeft: () => moveTo(place < 0 ? last : place - many),
      ArrowRight: () => moveTo(place < 0 ? 0 : place + many),
      Home: () => moveTo(0),
      End: () => moveTo(last),
      PageUp: steps.earlier,
      PageDown: steps.later,
      "+": steps.closer,
      "=": steps.closer,
      "-": steps.wider,
      Escape: back,
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });

  draw();
  let width = root.clientWidth;
  new ResizeObserver(() => {
    if (root.clientWidth === width) return;
    width = root.clientWidth;
    requestAnimationFrame(() => panels.forEach(({ plot, box }) => {
      plot.setSize({ width: Math.max(box.clientWidth, 200), height: plot.height });
    }));
  }).observe(root);
  // The theme switch only changes a class; canvases keep their colours until drawn again.
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["class"] });
})();
