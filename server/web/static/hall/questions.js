// What the page asks before a small act: why to annul a ticket, whether to close a desk for a colleague.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { pointName } from "../desk/choices.js";
import { reasonChoice } from "../desk/reason_choice.js";
import { whom } from "../desk/ticket_words.js";

/**
 * Ask why a ticket is annulled. @param {any} ticket waiting or put aside @param {() => any} choices Choices as they are now
 * @returns {import("../desk/question.js").Question} whose answer is a request's body
 */
export function annulQuestion(ticket, choices) {
  const reason = reasonChoice(choices().annul_reasons.filter(({ code }) => code !== "other"));
  return {
    title: _("Annul %(number)s?", ticket),
    content: [el("p", {}, _("The ticket leaves the queue and no longer counts. The reason is kept in the log.")), reason.element],
    words: _("Annul"),
    onKey: reason.onKey,
    read() {
      const why = reason.read();
      return why && { ticket: ticket.id, reason: why };
    },
  };
}

/** Ask before a desk is closed for a colleague who left. @param {any} desk HallDesk */
export function closeQuestion(desk) {
  const number = desk.current && whom(desk.current);
  const visitor = {
    called: () => _("Called there: %(number)s. The visitor goes back to the own place in the queue.", { number }),
    serving: () => _("Being served there: %(number)s. The service ends now and is marked as incomplete.", { number }),
  };
  return {
    title: _("Close for a colleague: %(desk)s?", { desk: pointName(desk) }),
    content: [
      desk.operator && el("p", {}, _("Operator %(operator)s works at this desk.", desk)),
      el("p", {}, visitor[desk.current?.state]?.() ?? _("No visitor is at this desk.")),
      el("p", { class: "quiet" }, _("The colleague can open the desk again.")),
    ].filter(Boolean),
    words: _("Close the desk"),
    read: () => ({}),
  };
}
