// What the console asks before an act: why, until when, with which result, in which words.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { digitChoice } from "./choice.js";
import { reasonChoice } from "./reason_choice.js";
import { onlyFor, remarkList, whom } from "./ticket_words.js";
import { LONGEST_NOTE } from "./transfer.js";

/** After how many minutes a visitor who was put aside may return by itself; null: the operator returns the visitor. */
const RETURNS = [null, 5, 10, 15, 30];

/** The longest own words for a break, in characters. */
const LONGEST_BREAK = 60;

/**
 * Ask before a visitor loses the place. @param {any} ticket the visitor at the desk
 * @returns {import("./question.js").Question}
 */
export function noShowQuestion(ticket) {
  return {
    title: _("%(number)s did not come?", { number: whom(ticket) }),
    content: [el("p", {}, _("The visitor leaves the queue, and the desk becomes free."))],
    words: _("Did not come"),
    sign: "N",
    code: "KeyN",
    read: () => ({ ticket: ticket.id }),
  };
}

/** Ask why the visitor is put aside and when to return. @param {any} ticket the visitor at the desk @param {any[]} reasons */
export function holdQuestion(ticket, reasons) {
  const reason = reasonChoice(reasons);
  const radios = RETURNS.map((minutes) => el("input", { type: "radio", name: "return", value: minutes ?? "", checked: minutes === null }));
  const words = (minutes) => (minutes === null ? _("by hand") : ngettext("%(n)s min", "%(n)s min", minutes));
  const labels = radios.map((radio, index) => el("label", { class: "choice" }, radio, el("span", {}, words(RETURNS[index]))));
  const back = el("fieldset", {}, el("legend", {}, _("When to return to the queue")), el("div", { class: "choices" }, labels));
  return {
    title: _("Put %(number)s aside?", { number: whom(ticket) }),
    content: [reason.element, back],
    words: _("Put aside"),
    onKey: reason.onKey,
    read() {
      const why = reason.read();
      return why && { ticket: ticket.id, reason: why, return_in_minutes: RETURNS[radios.findIndex((radio) => radio.checked)] };
    },
  };
}

/** Ask why this visitor goes before the others, or not to whom it was sent. @param {any} ticket a waiting visitor @param {any[]} reasons */
export function outOfTurnQuestion(ticket, reasons, deskName) {
  const reason = reasonChoice(reasons);
  return {
    title: _("Call %(number)s out of turn?", { number: whom(ticket) }),
    content: [el("p", {}, [name(ticket.service_name), onlyFor(ticket, deskName)].filter(Boolean).join(" · ")), el("p", { class: "quiet" }, _("The reason is kept in the log.")), reason.element],
    words: _("Call"),
    onKey: reason.onKey,
    read() {
      const why = reason.read();
      return why && { ticket: ticket.id, reason: why };
    },
  };
}

/** Ask why the operator leaves: at once, or after the visitor at the desk. @param {any[]} reasons */
export function breakQuestion(reasons, afterVisitor) {
  const reason = reasonChoice(reasons, LONGEST_BREAK);
  const words = afterVisitor
    ? _("The break begins by itself when the visitor at the desk is done. It can be taken back until then.")
    : _("Visitors are not called to this desk during the break.");
  return {
    title: afterVisitor ? _("Break after this visitor?") : _("Take a break?"),
    content: [el("p", { class: "quiet" }, words), reason.element],
    words: afterVisitor ? _("Break after this") : _("Break"),
    onKey: reason.onKey,
    read() {
      const why = reason.read();
      return why && { reason: why, after_visitor: afterVisitor };
    },
  };
}

/** Ask how the service ended. @param {any} ticket the visitor at the desk @param {any[]} results @param {boolean} required */
export function resultQuestion(ticket, results, required) {
  const choices = results.map((result) => ({ value: result.code, words: name(result.name) }));
  if (!required) choices.push({ value: "", words: _("Without a result"), sign: "0" });
  const choice = digitChoice({ legend: _("Result of the service"), choices, missing: _("Choose the result.") });
  return {
    title: _("Finish with %(number)s", { number: whom(ticket) }),
    content: [choice.element],
    words: _("Finish service"),
    onKey: (event) => choice.onKey(event),
    read() {
      const result = choice.read();
      return result === null ? null : { ticket: ticket.id, ...(result && { result }) };
    },
  };
}

/** Ask for a note that colleagues will see with the visitor. @param {any} ticket @param {(instant: string) => string} timeHere */
export function noteQuestion(ticket, timeHere) {
  const hint = _("Colleagues see the note with this visitor. It is erased after a few days.");
  const text = el("textarea", { maxlength: LONGEST_NOTE, rows: "4", "aria-label": _("Note"), "aria-describedby": "note-hint", autofocus: true });
  const fault = el("p", { class: "problem", role: "alert", hidden: true }, _("Write the note."));
  text.addEventListener("input", () => (fault.hidden = true));
  return {
    title: _("Note about %(number)s", { number: whom(ticket) }),
    content: [ticket.remarks.length ? remarkList(ticket.remarks, timeHere) : "", text, el("p", { class: "quiet", id: "note-hint" }, hint), fault],
    words: _("Save the note"),
    read() {
      const words = text.value.trim();
      fault.hidden = Boolean(words);
      if (!words) text.focus();
      return words ? { ticket: ticket.id, text: words } : null;
    },
  };
}
