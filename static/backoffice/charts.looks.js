"use strict";

/* How charts look: colours and dashes, where lines break, and what is drawn around the values. */
(() => {
  const colours = (root) => {
    const style = getComputedStyle(root);
    const get = (name) => style.getPropertyValue(name).trim();
    return {
      text: get("--so-text"),
      axis: get("--so-quiet"),
      grid: get("--so-line"),
      gap: get("--so-chart-gap"),
      contact: get("--so-quiet"),
      switch: get("--so-warn"),
      life: get("--so-info"),
      lines: [1, 2, 3, 4, 5, 6].map((n) => get(`--so-chart-${n}`)),
    };
  };
  const veiled = (colour, share) => `${colour}${Math.round(share * 255).toString(16).padStart(2, "0")}`;
  const ratio = () => devicePixelRatio || 1;

  /* A line is told from others by its colour, and where colours run out by its dashes. */
  const strokeOf = (look, { place, nth = 0, second = false }) => ({
    colour: look.lines[place % look.lines.length],
    dash: second ? [7, 4] : nth >= look.lines.length ? [2, 3] : undefined,
  });

  /* uPlot breaks a line at null and passes over undefined: a value is only missing where the next
     is further away than the unit's own beat. */
  const joined = (column, gapAfter, interval) => {
    const found = column.slice();
    let last = -1;
    column.forEach((value, place) => {
      if (value === null) return;
      if (last >= 0 && (place - last) * interval <= gapAfter) found.fill(undefined, last + 1, place);
      last = place;
    });
    return found;
  };

  /* Where the value nearest to a place is, within the unit's own beat; -1 if there is none. */
  const nearest = (line, place, interval) => {
    const reach = Math.floor(line.gap_after / interval / 2);
    for (let away = 0; away <= reach; away += 1) {
      if ((line.mean[place - away] ?? null) !== null) return place - away;
      if ((line.mean[place + away] ?? null) !== null) return place + away;
    }
    return -1;
  };

  const reachOf = (columns) => {
    let low = Infinity;
    let high = -Infinity;
    columns.forEach((column) => (column || []).forEach((value) => {
      if (value === null) return;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }));
    return low > high ? [0, 1] : uPlot.rangeNum(low, high, 0.1, true);
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

  // --- what is drawn around the values ----------------------------------------------------------

  /* Stretches in which no column has anything, behind all else. */
  const drawGaps = (times, columns, interval, look) => (plot) => {
    const { ctx, bbox } = plot;
    const missing = (place) => columns.every((column) => column[place] === null);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = look.gap;
    let from = -1;
    for (let place = 0; place <= times.length; place += 1) {
      const gone = place < times.length && missing(place);
      if (gone && from < 0) from = place;
      if (!gone && from >= 0) {
        const left = plot.valToPos(times[from], "x", true);
        const right = plot.valToPos(times[place - 1] + interval, "x", true);
        ctx.fillRect(left, bbox.top, Math.max(right - left, 1), bbox.height);
        from = -1;
      }
    }
    ctx.restore();
  };

  /* Contacts as ticks under the axis; changes as lines, told apart by the shape at their head. */
  const drawMarks = (units, look) => (plot) => {
    const { ctx, bbox } = plot;
    const px = ratio();
    const bottom = bbox.top + bbox.height;
    const placed = (at, draw) => {
      const x = Math.round(plot.valToPos(at, "x", true));
      if (x >= bbox.left && x <= bbox.left + bbox.width) draw(x);
    };
    const line = (x, from, to) => {
      ctx.beginPath();
      ctx.moveTo(x, from);
      ctx.lineTo(x, to);
      ctx.stroke();
    };
    ctx.save();
    units.forEach((unit) => {
      ctx.lineWidth = px;
      ctx.strokeStyle = look.contact;
      ctx.setLineDash([]);
      unit.contacts.forEach((at) => placed(at, (x) => line(x, bottom + px, bottom + 6 * px)));
      unit.marks.forEach((mark) => placed(mark.at, (x) => {
        ctx.strokeStyle = look[mark.kind];
        ctx.fillStyle = look[mark.kind];
        ctx.lineWidth = 1.5 * px;
        ctx.setLineDash([4 * px, 3 * px]);
        line(x, bbox.top, bottom);
        const size = 4.5 * px;
        ctx.beginPath();
        if (mark.kind === "life") {
          ctx.moveTo(x - size, bbox.top);
          ctx.lineTo(x + size, bbox.top);
          ctx.lineTo(x, bbox.top + 1.6 * size);
        } else {
          ctx.rect(x - size, bbox.top, 2 * size, 1.6 * size);
        }
        ctx.fill();
      }));
    });
    ctx.restore();
  };

  Object.assign(window.soCharts, { colours, veiled, ratio, strokeOf, joined, nearest, reachOf, alone, drawGaps, drawMarks });
})();
