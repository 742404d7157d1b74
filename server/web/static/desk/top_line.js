// The console's top line: which desk, its state, the load of the hall; also the title of the browser's tab.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { pointName } from "./choices.js";
import { minutes, secondsSince } from "./durations.js";
import { ticketNumber } from "./ticket_words.js";

/**
 * @param {{label: HTMLElement, state: HTMLElement, load: HTMLElement}} places
 * @param {{reasonName: (list: "break_reasons", code: string) => string}} choices
 */
export function topLine({ label, state, load }, choices) {
  return {
    /** @param {any} view DeskView */
    draw(view) {
      label.textContent = pointName(view);
      document.title = title(view);
      const why = choices.reasonName("break_reasons", view.break_reason);
      const pause = why ? _("Break: %(reason)s", { reason: why }) : _("On a break");
      state.textContent = { open: _("At work"), break: pause, closed: _("Closed") }[view.state];
      state.title = state.textContent;
      state.dataset.state = view.state;
      this.tick(view);
    },
    /** Move the longest wait on. */
    tick(view) {
      const longest = Math.max(0, ...view.waiting.map((ticket) => secondsSince(ticket.waiting_since)));
      const facts = [
        [_("In the hall"), view.waiting.length],
        [_("Longest wait"), view.waiting.length ? minutes(longest) : "—"],
        [_("Served today"), view.served_today],
      ];
      load.replaceChildren(...facts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, String(value)))));
    },
  };
}

// The visitor now; at an idle desk, how many wait, so that the tab tells it from behind other windows.
function title(view) {
  if (view.current) return `${ticketNumber(view.current)} — ${pointName(view)}`;
  if (view.state !== "open" || !view.mine.length) return pointName(view);
  const people = _("waiting: %(n)s", { n: view.mine.length });
  return `● ${people} — ${pointName(view)}`;
}
