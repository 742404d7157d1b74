// A ticket in words: its number or its lack, why it stands where it stands, its further services, remarks of staff.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";

const REASONS = {
  guarded: () => _("has let enough others pass"),
  booked: (time) => _("booked for %(time)s", { time }),
  out_of_turn: () => _("out of turn"),
  near_limit: () => _("near the limit of waiting"),
  raised: () => _("raised by the administrator"),
  returned: () => _("came back to the queue"),
  transferred: () => _("sent from another desk"),
  head_start: () => _("priority: a head start"),
  arrival: () => _("in order of arrival"),
  early: (time) => _("booked for %(time)s, not yet time", { time }),
};

const KINDS = {
  note: () => _("Note"),
  call: () => _("Why called"),
  hold: () => _("Was put aside"),
  transfer: () => _("For the colleague"),
  annul: () => _("Annulled"),
};

/** The ticket's number; whoever was served without a ticket has none to show. */
export function ticketNumber(ticket) {
  return ticket.ticketless ? _("Without a ticket") : ticket.number;
}

/** Whom an act is about, to stand inside a question. */
export function whom(ticket) {
  return ticket.ticketless ? _("the visitor without a ticket") : ticket.number;
}

/**
 * Why the ticket stands at its place. @param {any} ticket TicketView
 * @param {{timeHere: (instant: string) => string, deskName: (code: string) => string}} names
 */
export function whyHere(ticket, { timeHere, deskName }) {
  if (ticket.reason === "transferred" && ticket.desk) return _("sent from: %(desk)s", { desk: deskName(ticket.desk) });
  return REASONS[ticket.reason]?.(ticket.booked_for ? timeHere(ticket.booked_for) : "") ?? ticket.reason ?? "";
}

/** "service no. 2" of the visit, or empty for the first one. */
export function legWords({ leg }) {
  return leg > 1 ? _("service no. %(n)s", { n: leg }) : "";
}

/** The services to follow, "Bills (Window 2), Payment"; empty when there are none. */
export function stepsWords(ticket, deskName) {
  const one = (step) => (step.desk ? `${name(step.service_name)} (${deskName(step.desk)})` : name(step.service_name));
  return ticket.then.map(one).join(", ");
}

/** Who alone may call the ticket, in words; empty when any desk of its service may. */
export function onlyFor(ticket, deskName) {
  const desk = ticket.to_desk && _("only to: %(desk)s", { desk: deskName(ticket.to_desk) });
  return [desk, ticket.to_operator && _("only to: %(desk)s", { desk: ticket.to_operator })].filter(Boolean).join(" · ");
}

/** The newest remark for a row of a list, cut by the row's width; the whole of all in its title. Null when there are none. */
export function remarkLine(ticket) {
  if (!ticket.remarks.length) return null;
  const [more, last] = [ticket.remarks.length - 1, ticket.remarks.at(-1)];
  const whole = ticket.remarks.map((remark) => `${remark.actor}: ${remark.text}`).join("\n");
  const words = more ? ngettext("and %(n)s more", "and %(n)s more", more) : "";
  return el(
    "span",
    { class: "remark-line", title: whole },
    el("span", { "aria-hidden": "true" }, "✎ "),
    el("span", { class: "visually-hidden" }, _("Note"), ": "),
    el("span", { class: "remark-text" }, last.text),
    words && el("span", { class: "remark-more" }, ` (${words})`),
  );
}

/** All remarks with who and when, the newest first. @param {any[]} remarks @param {(instant: string) => string} timeHere */
export function remarkList(remarks, timeHere) {
  const one = (remark) =>
    el(
      "li",
      {},
      el("p", { class: "remark-head" }, `${KINDS[remark.kind]?.() ?? remark.kind} · ${remark.actor} · ${timeHere(remark.at)}`),
      el("p", {}, remark.text),
    );
  return el("ul", { class: "remarks", tabindex: "0", "aria-label": _("Notes about the visitor") }, [...remarks].reverse().map(one));
}
