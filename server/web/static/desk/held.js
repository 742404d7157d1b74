// Those put aside: why, when each returns to the queue by itself, and the acts that bring them back now.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { secondsUntil, stopwatch } from "./durations.js";
import { rowList } from "./rows.js";
import { legWords, remarkLine } from "./ticket_words.js";

/** @param {{choices: any, timeHere: (instant: string) => string, onAct: (act: string, ticket: any) => void, onSettled: () => void}} options */
export function heldList({ choices, timeHere, onAct, onSettled }) {
  const empty = el("p", { class: "quiet empty-line" });
  const list = rowList({
    kind: "held",
    heads: [_("Number"), _("Why, service"), _("Returns")],
    actsHead: _("Acts"),
    row: (ticket) => ({ cells: [why(ticket), returns(ticket)] }),
    acts: ["callHeld", "returnHeld"],
    onAct,
    onSettled,
  });

  function why(ticket) {
    const service = [name(ticket.service_name), legWords(ticket)].filter(Boolean).join(" · ");
    const notes = { ...ticket, remarks: ticket.remarks.filter((remark) => remark.kind !== "hold") };
    return el("td", {}, choices.heldReason(ticket), el("span", { class: "second" }, service), remarkLine(notes));
  }

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
