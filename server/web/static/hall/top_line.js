// The page's top line: whether the office is open and by whose word, the load of the hall; also the tab's title.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { minutes } from "../desk/durations.js";

/** @param {{state: HTMLElement, load: HTMLElement, officeName: string}} places */
export function topLine({ state, load, officeName }) {
  return {
    /** @param {any} view HallView */
    draw(view) {
      const { is_open: open, reception } = view;
      const words = {
        by_schedule: open ? _("Open") : _("Closed"),
        always_open: _("Opened by hand"),
        closed: _("Closed by hand"),
      };
      state.textContent = words[reception];
      state.dataset.state = open ? "open" : "closed";
      const facts = [
        [_("In the hall"), view.waiting.length],
        [_("Wait now"), view.live_wait_seconds === null ? "—" : minutes(view.live_wait_seconds)],
        [_("Desks at work"), view.desks.filter((desk) => desk.state === "open").length],
      ];
      load.replaceChildren(...facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, String(value)))));
      document.title = view.alerts.length ? `(${view.alerts.length}) ${officeName}` : officeName;
    },
    tick() {},
  };
}
