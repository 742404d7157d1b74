// The console's top line: which desk, its state, the load of the hall; also the title of the browser's tab.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { minutes, secondsSince } from "./durations.js";

/** @param {{label: HTMLElement, state: HTMLElement, load: HTMLElement}} places */
export function topLine({ label, state, load }) {
  return {
    /** @param {any} view DeskView */
    draw(view) {
      const point = { window: _("Window %(label)s", view), room: _("Room %(label)s", view), counter: _("Counter %(label)s", view) };
      label.textContent = point[view.kind];
      document.title = view.current ? `${view.current.number} — ${point[view.kind]}` : point[view.kind];
      state.textContent = { open: _("At work"), break: _("On a break"), closed: _("Closed") }[view.state];
      state.dataset.state = view.state;
      this.tick(view);
    },
    /** Move the longest wait on. */
    tick(view) {
      const longest = Math.max(0, ...view.waiting.map((ticket) => secondsSince(ticket.joined_at)));
      const facts = [
        [_("In the hall"), view.waiting.length],
        [_("Longest wait"), view.waiting.length ? minutes(longest) : "—"],
        [_("Served today"), view.served_today],
      ];
      load.replaceChildren(...facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, String(value)))));
    },
  };
}
