"use strict";

/* A board: panels under one another that show the same time and whose cursors move together, by
   mouse, finger or arrow keys. What is drawn on it and asked for is its owner's:

   root, read     where panels go, and where is told what the cursor is at
   moves          whether the time can be moved and stretched by hand
   draw(board)    fill `root` and `board.panels`
   tellAt(place)  [text, …] of what the cursor is at besides values
   done(from, to) another time was chosen; home() back to the first one
   keys           {key: function(place)}, besides those of the cursor */
(() => {
  const { colours, element, hands } = window.soCharts;

  window.soCharts.board = ({ root, read, moves, draw, tellAt, done, home, limits, keys = {} }) => {
    let moving = false;
    let place = null;
    const board = { view: { from: 0, to: 1 }, panels: [], moves, selects: moves, look: null, done, home, limits };

    const tell = (aloud) => {
      const spoken = board.panels.flatMap((panel) => panel.tell(place));
      read.textContent = "\u00a0";
      if (place === null) return;
      read.replaceChildren(...tellAt(place).flatMap((part, n) => (n ? [" · ", part] : [part])));
      if (aloud) read.append(element("span", "so-hidden", ` ${spoken.join(", ")}`));
    };

    board.follow = (plot) => {
      if (moving) return;
      moving = true;
      place = plot.cursor.left < 0 || plot.cursor.idx === null || plot.cursor.idx === undefined ? null : plot.cursor.idx;
      const left = place === null ? -10 : plot.valToPos(plot.data[0][place], "x");
      board.panels.forEach((other) => {
        if (other.plot !== plot) other.plot.setCursor({ left, top: place === null ? -10 : 1 }, false);
      });
      moving = false;
      tell(false);
    };

    board.choose = (plot) => {
      const { left, width } = plot.select;
      if (width < 8) return;
      const from = plot.posToVal(left, "x");
      const to = plot.posToVal(left + width, "x");
      plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
      done(from, to);
    };

    board.seek = (plot, left) => plot.setCursor({ left, top: 1 });

    const moveTo = (to) => {
      const plot = board.panels[0]?.plot;
      if (!plot) return;
      place = Math.min(Math.max(to, 0), plot.data[0].length - 1);
      moving = true;
      const left = plot.valToPos(plot.data[0][place], "x");
      board.panels.forEach((other) => other.plot.setCursor({ left, top: 1 }, false));
      moving = false;
      tell(true);
    };

    board.place = () => place;
    const { bind, grip } = hands(board);
    board.hands = bind;
    board.grip = grip;

    board.redraw = () => {
      // The page keeps its place while the panels are made anew.
      root.style.minHeight = `${root.offsetHeight}px`;
      board.panels.forEach(({ plot }) => plot.destroy());
      board.panels = [];
      place = null;
      root.replaceChildren();
      board.look = colours(root);
      draw(board);
      root.style.minHeight = "";
      tell(false);
    };

    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target !== root) return;
      const many = event.shiftKey ? 10 : 1;
      const last = (board.panels[0]?.plot.data[0].length || 1) - 1;
      const known = {
        ArrowLeft: () => moveTo(place === null ? last : place - many),
        ArrowRight: () => moveTo(place === null ? 0 : place + many),
        Home: () => moveTo(0),
        End: () => moveTo(last),
        ...keys,
      };
      if (!known[event.key]) return;
      event.preventDefault();
      known[event.key](place);
    });

    let width = root.clientWidth;
    new ResizeObserver(() => {
      if (root.clientWidth === width) return;
      width = root.clientWidth;
      requestAnimationFrame(() => board.panels.forEach(({ plot, box }) => {
        plot.setSize({ width: Math.max(box.clientWidth, 200), height: plot.height });
      }));
    }).observe(root);
    // The theme switch only changes a class; canvases keep their colours until drawn again.
    new MutationObserver(() => {
      if (board.panels.length) board.redraw();
    }).observe(document.documentElement, { attributeFilter: ["class"] });

    return board;
  };
})();
