"use strict";

/* What a chart is drawn of: panels of lines, lanes of states and bars, on uPlot. All panels of a
   board show the same time, and their cursors move together. */
(() => {
  const {
    words, number, states, withUnit, axisTexts, element,
    veiled, ratio, strokeOf, joined, nearest, alone, drawGaps, drawMarks,
  } = window.soCharts;

  /* As wide as its numbers, and the same for all panels of ordinary ones: they stay in line. */
  const widthOf = (_plot, values) => Math.max(52, 12 + 7 * Math.max(0, ...(values || []).map((value) => String(value ?? "").length)));

  /* The head of a panel; returns its keys: [{…item, value}], `value` shows what the cursor is at. */
  const headOf = (box, items) => {
    const head = element("div", "so-measured-keys");
    const keys = items.map((item) => {
      const key = element("span", "so-measured-key");
      if (item.colour) {
        const dash = element("span", `so-measured-dash${item.dash ? " so-measured-dashed" : ""}${item.dash?.[0] === 2 ? " so-measured-dotted" : ""}`);
        dash.style.color = item.colour;
        key.append(dash);
      }
      const value = element("strong", "");
      key.append(`${item.name}${item.unit ? ` (${item.unit})` : ""} `, value);
      head.append(key);
      return { ...item, value };
    });
    box.append(head);
    return keys;
  };

  /* A plot in a box that shows what the board shows. */
  const plotIn = (board, box, { height, reach, series, data, bands = [], axes, padding, before = [], after = [], label }) => {
    const { look } = board;
    const axis = { stroke: look.axis, grid: { stroke: look.grid, width: 1 }, ticks: { show: false } };
    const plot = new uPlot(
      {
        width: Math.max(box.clientWidth, 200),
        height,
        padding: padding || [10, null, null, null],
        tzDate: (at) => uPlot.tzDate(new Date(at * 1000), "UTC"),
        legend: { show: false },
        scales: { x: { range: () => [board.view.from, board.view.to] }, y: { range: reach } },
        axes: [{ ...axis, values: axisTexts, space: 64, size: 30, gap: 10 }, { ...axis, size: widthOf, values: (_plot, splits) => splits.map(number), ...axes }],
        series,
        bands,
        cursor: {
          y: false,
          points: { size: 7 },
          drag: { x: board.selects, y: false, setScale: false },
          bind: board.hands,
        },
        hooks: { drawAxes: before, draw: after, setCursor: [board.follow], setSelect: [board.choose] },
      },
      data,
      box,
    );
    plot.root.setAttribute("role", "img");
    plot.root.setAttribute("aria-label", label);
    board.grip?.(plot);
    return plot;
  };

  const boxIn = (column) => {
    const box = element("div", "so-measured-panel");
    column.append(box);
    return box;
  };

  /* The lines of one unit of measure: [{line, name, place, nth, second}]. */
  const linePanel = (board, column, shown, units, items, reach) => {
    const box = boxIn(column);
    const look = board.look;
    const keys = headOf(box, items.map((item) => ({ ...item, ...strokeOf(look, item), unit: item.line.unit })));
    const data = [shown.times];
    const series = [{}];
    const bands = [];
    const means = [];
    keys.forEach(({ line, colour, dash }) => {
      if (line.least) {
        const hidden = { stroke: "transparent", width: 0, points: { show: false } };
        series.push({ ...hidden }, { ...hidden });
        data.push(joined(line.most, line.gap_after, shown.interval), joined(line.least, line.gap_after, shown.interval));
        bands.push({ series: [series.length - 2, series.length - 1], fill: veiled(colour, 0.22) });
      }
      const sparse = line.mean.filter((value) => value !== null).length < 100;
      const mean = joined(line.mean, line.gap_after, shown.interval);
      means.push(mean);
      series.push({
        stroke: colour,
        width: 1.75,
        dash,
        // A value alone between two gaps has no line that would show it.
        points: { show: true, size: 5, fill: colour, filter: (plot, at) => alone(plot.data[at], sparse) },
      });
      data.push(mean);
    });
    const label = keys.map(({ line, name }) => {
      const [low, high] = board.extremes(line);
      return low === null ? `${name}: ${words.none}` : `${name}: ${words.band.replace("{low}", withUnit(low, line.unit)).replace("{high}", withUnit(high, line.unit))}`;
    }).join("; ");
    const plot = plotIn(board, box, {
      height: innerWidth < 640 ? 150 : 180,
      reach, series, data, bands, label,
      before: [drawGaps(shown.times, means, shown.interval, look)],
      after: [drawMarks(units, look)],
    });
    const tell = (place) => keys.map(({ line, name, value }) => {
      const at = place === null ? -1 : nearest(line, place, shown.interval);
      let text = place === null ? "" : words.none;
      if (at >= 0) {
        text = withUnit(line.mean[at], line.unit);
        if (line.least && line.least[at] !== null && line.least[at] !== line.most[at]) {
          text += ` (${words.band.replace("{low}", number(line.least[at])).replace("{high}", number(line.most[at]))})`;
        }
      }
      value.textContent = text;
      return `${name} ${text}`;
    });
    return { plot, box, tell };
  };

  /* One field of states: what held from when to when. Several states in one stretch share its height. */
  const lanePanel = (board, column, shown, units, { lane, name }) => {
    const box = boxIn(column);
    const look = board.look;
    const [key] = headOf(box, [{ name }]);
    const truth = lane.kind === "truth";
    const fillOf = (state) => {
      if (truth) return state ? veiled(look.lines[0], 0.55) : veiled(look.lines[0], 0.08);
      return veiled(look.lines[state % look.lines.length], state >= look.lines.length ? 0.2 : 0.45);
    };
    const seen = new Set(lane.runs.flatMap(([, , held]) => (Array.isArray(held) ? held.map(([state]) => state) : [held])));
    lane.states.forEach((state, place) => {
      if (!seen.has(place)) return;
      const swatch = element("span", "so-measured-swatch");
      swatch.style.background = fillOf(place);
      const text = element("span", "so-measured-state");
      text.append(swatch, state);
      box.lastElementChild.append(text);
    });
    const drawRuns = (plot) => {
      const { ctx, bbox } = plot;
      const px = ratio();
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      ctx.font = `${11 * px}px Inter, system-ui, sans-serif`;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      lane.runs.forEach(([from, to, held]) => {
        const left = plot.valToPos(from, "x", true);
        const width = Math.max(plot.valToPos(to, "x", true) - left, px);
        if (left + width < bbox.left || left > bbox.left + bbox.width) return;
        let bottom = bbox.top + bbox.height;
        // What is on stands on the ground, as in a gauge.
        const shares = Array.isArray(held) ? held.slice().sort((a, b) => b[0] - a[0]) : [[held, 1]];
        shares.forEach(([state, share]) => {
          const height = bbox.height * share;
          ctx.fillStyle = fillOf(state);
          ctx.fillRect(left, bottom - height, width, height);
          bottom -= height;
        });
        if (Array.isArray(held)) return;
        ctx.strokeStyle = look.axis;
        ctx.lineWidth = px / 2;
        ctx.strokeRect(left, bbox.top + px / 2, width, bbox.height - px);
        const text = lane.states[held];
        const start = Math.max(left, bbox.left);
        if (ctx.measureText(text).width + 10 * px > Math.min(left + width, bbox.left + bbox.width) - start) return;
        ctx.fillStyle = look.text;
        ctx.fillText(text, start + 5 * px, bbox.top + bbox.height / 2);
      });
      ctx.restore();
    };
    const shares = board.shares(lane);
    const plot = plotIn(board, box, {
      height: 24 + 30,
      padding: [0, null, 0, null],
      reach: [0, 1],
      series: [{}, { stroke: "transparent", points: { show: false } }],
      data: [shown.times, shown.times.map(() => null)],
      axes: { values: () => [], grid: { show: false } },
      label: `${name}: ${shares || words.none}`,
      after: [drawRuns, drawMarks(units, look)],
    });
    const tell = (place) => {
      const at = place === null ? null : shown.times[place];
      // In the middle of the interval that the cursor is at.
      const middle = at + shown.interval / 2;
      const run = at === null ? null : lane.runs.find(([from, to]) => from <= middle && middle < to);
      const text = at === null ? "" : run ? states(lane, run[2]) : words.none;
      key.value.textContent = text;
      return [`${name} ${text}`];
    };
    return { plot, box, tell };
  };

  /* The bars of days: [{column, name, unit, place, down}]; `down` hangs from the line of zero. */
  const barPanel = (board, column, shown, items, reach) => {
    const box = boxIn(column);
    const look = board.look;
    const keys = headOf(box, items.map((item) => ({ ...item, ...strokeOf(look, item) })));
    const drawn = keys.filter((key) => !key.toldOnly);
    const plot = plotIn(board, box, {
      height: innerWidth < 640 ? 130 : 150,
      reach,
      axes: { values: (_plot, splits) => splits.map((value) => number(Math.abs(value))) },
      series: [{}, ...drawn.map(({ colour }) => ({
        stroke: colour,
        fill: veiled(colour, 0.7),
        width: 0,
        paths: uPlot.paths.bars({ size: [0.8, 40] }),
        points: { show: false },
      }))],
      data: [shown.times, ...drawn.map(({ column: values, down }) => (down ? values.map((value) => (value === null ? null : -value)) : values))],
      before: [drawGaps(shown.times.map((at) => at - 43200), keys.map(({ column: values }) => values), 86400, look)],
      label: keys.map(({ name, unit, whole }) => `${name}: ${whole === null ? words.none : withUnit(whole, unit)}`).join("; "),
    });
    const tell = (place) => keys.map(({ column: values, name, unit, value }) => {
      const at = place === null ? null : values[place];
      const text = place === null ? "" : at === null ? words.none : withUnit(at, unit);
      value.textContent = text;
      return `${name} ${text}`;
    });
    return { plot, box, tell };
  };

  Object.assign(window.soCharts, { linePanel, lanePanel, barPanel });
})();
