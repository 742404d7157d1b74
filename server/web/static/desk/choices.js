// What the staff of the office choose from: reasons, results, services, desks; fetched anew when a dialog shows them.
import { _, name } from "/shared/words.js";
import { ask } from "../api.js";

const NONE = {
  call_reasons: [],
  hold_reasons: [],
  break_reasons: [],
  results: [],
  result_required: false,
  services: [],
  desks: [],
  categories: [],
};

/** Follow the choices of an office. @param {string} office @param {() => void} onNews they have come: draw anew */
export function officeChoices(office, onNews) {
  let now = NONE;

  return {
    /** What was learnt last; empty lists before the first answer. */
    get now() {
      return now;
    },
    /** Ask the server again; without an answer what is known stays. */
    async refresh() {
      const answer = await ask(`offices/${office}/choices`);
      if (!answer.ok) return;
      now = { ...NONE, ...answer.data };
      onNews();
    },
    /** A reason's name; own words stand in the remarks and are called "other" here. @param {"hold_reasons"|"break_reasons"} list */
    reasonName(list, code) {
      if (!code) return "";
      return name(now[list].find((choice) => choice.code === code)?.name) || (code === "other" ? _("other reason") : code);
    },
    /** Why a visitor was put aside: the reason's name, or the own words. @param {any} ticket TicketView */
    heldReason(ticket) {
      const own = ticket.held_reason === "other" && ticket.remarks.findLast((remark) => remark.kind === "hold");
      return own ? own.text : this.reasonName("hold_reasons", ticket.held_reason);
    },
    categoryName: (code) => name(now.categories.find((category) => category.code === code)?.name) || _("priority"),
    /** "Window 3" of a desk's code; the code itself while the desk is not known. */
    deskName(code) {
      const desk = now.desks.find((known) => known.desk === code);
      return desk ? pointName(desk) : code;
    },
  };
}

/** "Window 3", "Room 12", "Counter 1". @param {{kind: string, label: string}} point */
export function pointName(point) {
  return { window: _("Window %(label)s", point), room: _("Room %(label)s", point), counter: _("Counter %(label)s", point) }[point.kind];
}
