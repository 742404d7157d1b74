// Those put aside: why, when each returns to the queue by itself, and the acts that bring them back now.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { secondsUntil, stopwatch } from "./durations.js";
import { rowList } from "./rows.js";

/** @param {{timeHere: (instant: string) => string, onAct: (act: string, ticket: any) => void, onSettled: () => void}} options */
export function heldList({ timeHere, onAct, onSettled }) {
  const empty = el("p", { class: "quiet empty-line" });
  const list = rowList({
    kind: "held",
    heads: [_("Number"), _("Why, service"), _("Returns")],
    actsHead: _("Acts"),
    row: (ticket) => ({ cells: [el("td", {}, ticket.held_reason ?? "", el("span", { class: "second" }, name(ticket.service_name))), returns(ticket)] }),
    acts: ["callHeld", "giveBack"],
    onAct,
    onSettled,
  });

  function returns({ held_until: until }) {
    if (!until) return el("td", {}, _("by hand"));
    return el("td", {}, el("span", { class: "until number", "data-until": until }), el("span", { class: "second" }, _("at %(time)s", { time: timeHere(until) })));
  }

  return {
    elements: [list.element, empty],
    tools: [],
    draw(view, ready) {
      empty.textContent = view.held.length ? "" : _("Nobody is put aside.");
      list.draw(view, view.held, ready);
    },
    tick() {
      for (const cell of list.element.querySelectorAll("[data-until]")) {
        const seconds = secondsUntil(cell.dataset.until);
        const text = seconds ? stopwatch(seconds) : _("now");
        if (cell.textContent !== text) cell.textContent = text;
      }
    },
    focus: list.focus,
  };
}
