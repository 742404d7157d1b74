// Today's no-shows: when each was given up, and the act that puts the visitor back in the queue.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { rowList } from "./rows.js";
import { remarkLine } from "./ticket_words.js";

/** @param {{timeHere: (instant: string) => string, onAct: (act: string, ticket: any) => void, onSettled: () => void}} options */
export function missedList({ timeHere, onAct, onSettled }) {
  const empty = el("p", { class: "quiet empty-line" });
  const list = rowList({
    kind: "missed",
    heads: [_("Number"), _("Service"), _("When")],
    actsHead: _("Acts"),
    row: (ticket) => ({ cells: [el("td", {}, name(ticket.service_name), remarkLine(ticket)), el("td", { class: "number" }, when(ticket))] }),
    acts: ["restore"],
    onAct,
    onSettled,
  });

  function when({ finished_at: ended, called_at: called }) {
    return ended || called ? timeHere(ended ?? called) : "";
  }

  return {
    elements: [list.element, empty],
    tools: [],
    draw(view, ready) {
      empty.textContent = view.missed.length ? "" : _("Nobody has missed the call today.");
      list.draw(view, view.missed, ready);
    },
    tick() {},
    focus: list.focus,
  };
}
