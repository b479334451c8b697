"use strict";

/* Hands on a board of charts: the mouse selects a time or, with Shift, moves it; one finger moves
   it, two stretch it, a finger held down reads values, a double tap goes back. What happens under
   the fingers is drawn from the values that are there; finer ones are asked for at the end. */
(() => {
  const HELD = 300;
  const TAPPED_TWICE = 350;
  const MOVED = 8;
  // A browser tells of every touch once more as of a mouse.
  const ECHO = 900;

  /* `board` has view {from, to}, panels, limits(from, to), seek(plot, left) and done(from, to), home(). */
  window.soCharts.hands = (board) => {
    let touchedAt = 0;
    let tappedAt = 0;
    let wheeled = 0;
    const echo = () => Date.now() - touchedAt < ECHO;

    const preview = (from, to) => {
      [board.view.from, board.view.to] = board.limits(from, to);
      board.panels.forEach(({ plot }) => plot.setScale("x", { min: board.view.from, max: board.view.to }));
    };
    const finish = () => board.done(board.view.from, board.view.to);

    /* While a mouse with Shift is down. */
    const haul = (plot, event) => {
      const { from, to } = board.view;
      const perPixel = (to - from) / plot.over.clientWidth;
      const move = (next) => {
        const by = (event.clientX - next.clientX) * perPixel;
        preview(from + by, to + by);
      };
      const drop = () => {
        removeEventListener("mousemove", move);
        removeEventListener("mouseup", drop);
        if (board.view.from !== from) finish();
      };
      addEventListener("mousemove", move);
      addEventListener("mouseup", drop);
    };

    const quiet = (_plot, _target, handler) => (event) => (echo() ? null : handler(event));
    const bind = {
      mousemove: quiet,
      mouseenter: quiet,
      mouseleave: quiet,
      mousedown: (plot, _target, handler) => (event) => {
        if (echo()) return null;
        if (event.shiftKey && event.button === 0) {
          event.preventDefault();
          return haul(plot, event);
        }
        return handler(event);
      },
      dblclick: () => () => {
        if (!echo()) board.home();
      },
    };

    const grip = (plot) => {
      const { over } = plot;
      const fingers = new Map();
      let mode = "";
      let start = null;
      let holding = 0;
      const left = (x) => x - over.getBoundingClientRect().left;
      const timeAt = (x) => board.view.from + (left(x) / over.clientWidth) * (board.view.to - board.view.from);
      const begin = () => {
        const xs = [...fingers.values()].map(({ x }) => x);
        start = { xs, times: xs.map(timeAt), from: board.view.from, to: board.view.to };
      };

      const stretch = () => {
        const [a, b] = [...fingers.values()].map(({ x }) => left(x));
        const [s, t] = start.times;
        if (Math.abs(b - a) < 10) return;
        const perPixel = (t - s) / (b - a);
        // Fingers that cross would turn the time around.
        if (perPixel > 0) preview(s - a * perPixel, s + (over.clientWidth - a) * perPixel);
      };

      over.addEventListener("pointerdown", (event) => {
        if (event.pointerType !== "touch") return;
        touchedAt = Date.now();
        fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, at: touchedAt });
        // A finger that leaves the chart still moves it.
        over.setPointerCapture(event.pointerId);
        clearTimeout(holding);
        if (fingers.size === 2) {
          mode = "stretch";
        } else if (fingers.size === 1) {
          mode = "";
          holding = setTimeout(() => {
            if (fingers.size === 1 && mode === "") {
              mode = "read";
              board.seek(plot, left(event.clientX));
            }
          }, HELD);
        }
        begin();
      });
      over.addEventListener("pointermove", (event) => {
        if (!fingers.has(event.pointerId)) return;
        touchedAt = Date.now();
        fingers.get(event.pointerId).x = event.clientX;
        if (mode === "" && Math.abs(event.clientX - start.xs[0]) > MOVED) {
          clearTimeout(holding);
          mode = board.moves ? "move" : "read";
        }
        if (mode === "read") board.seek(plot, left(event.clientX));
        if (mode === "stretch" && board.moves && fingers.size === 2) stretch();
        if (mode === "move") {
          const by = ((start.xs[0] - event.clientX) / over.clientWidth) * (start.to - start.from);
          preview(start.from + by, start.to + by);
        }
      });
      const lift = (event) => {
        const finger = fingers.get(event.pointerId);
        if (!finger) return;
        touchedAt = Date.now();
        clearTimeout(holding);
        fingers.delete(event.pointerId);
        if (fingers.size) {
          // The finger that is left goes on as if it had just come, and is no tap.
          mode = mode === "stretch" && board.moves ? "move" : mode;
          begin();
          return;
        }
        const tap = mode === "" && event.type === "pointerup";
        if (mode === "move" || mode === "stretch") {
          if (board.moves) finish();
        } else if (tap && touchedAt - tappedAt < TAPPED_TWICE) {
          tappedAt = 0;
          board.home();
        } else if (tap) {
          tappedAt = touchedAt;
          board.seek(plot, left(event.clientX));
        }
        mode = "";
      };
      over.addEventListener("pointerup", lift);
      over.addEventListener("pointercancel", lift);

      // Two fingers on a touchpad come as a wheel with Ctrl.
      over.addEventListener("wheel", (event) => {
        const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
        if (!board.moves || !(event.ctrlKey || sideways)) return;
        event.preventDefault();
        const { from, to } = board.view;
        if (sideways) {
          const by = (event.deltaX / over.clientWidth) * (to - from);
          preview(from + by, to + by);
        } else {
          const at = timeAt(event.clientX);
          const by = Math.exp(Math.max(-50, Math.min(50, event.deltaY)) / 100);
          preview(at - (at - from) * by, at + (to - at) * by);
        }
        clearTimeout(wheeled);
        wheeled = setTimeout(finish, 250);
      }, { passive: false });
    };

    return { bind, grip };
  };
})();
