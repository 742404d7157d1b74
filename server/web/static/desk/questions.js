// What the console asks before an act: did not come, put aside (why and until when), call out of turn (why).
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { reasonChoice } from "./reason_choice.js";

/** After how many minutes a visitor who was put aside may return by itself; null: the operator returns the visitor. */
const RETURNS = [null, 5, 10, 15, 30];

/**
 * Ask before a visitor loses the place. @param {any} ticket the visitor at the desk
 * @returns {Omit<import("./question.js").Question, "stands" | "gone">} whose answer is a request's body
 */
export function noShowQuestion({ number }) {
  return {
    title: _("%(number)s did not come?", { number }),
    content: [el("p", {}, _("The visitor leaves the queue, and the desk becomes free."))],
    words: _("Did not come"),
    sign: "N",
    code: "KeyN",
    read: () => ({}),
  };
}

/** Ask why the visitor is put aside and when to return. @param {any} ticket the visitor at the desk */
export function holdQuestion({ number }) {
  const reason = reasonChoice([_("Waits for documents"), _("Fills in a form"), _("Stepped out for a moment")]);
  const radios = RETURNS.map((minutes) => el("input", { type: "radio", name: "return", value: minutes ?? "", checked: minutes === null }));
  const words = (minutes) => (minutes === null ? _("by hand") : ngettext("%(n)s min", "%(n)s min", minutes));
  const labels = radios.map((radio, index) => el("label", { class: "choice" }, radio, el("span", {}, words(RETURNS[index]))));
  const back = el("fieldset", {}, el("legend", {}, _("When to return to the queue")), el("div", { class: "choices" }, labels));
  return {
    title: _("Put %(number)s aside?", { number }),
    content: [reason.element, back],
    words: _("Put aside"),
    onKey: reason.onKey,
    read() {
      const why = reason.read();
      return why && { reason: why, return_in_minutes: RETURNS[radios.findIndex((radio) => radio.checked)] };
    },
  };
}

/** Ask why this visitor goes before the others. @param {any} ticket a waiting visitor */
export function outOfTurnQuestion(ticket) {
  const reason = reasonChoice([_("Came back with documents"), _("Decided by the administrator"), _("A short question")]);
  return {
    title: _("Call %(number)s out of turn?", ticket),
    content: [el("p", {}, name(ticket.service_name)), el("p", { class: "quiet" }, _("The reason is kept in the log.")), reason.element],
    words: _("Call"),
    onKey: reason.onKey,
    read() {
      const why = reason.read();
      return why && { ticket: ticket.id, reason: why };
    },
  };
}
