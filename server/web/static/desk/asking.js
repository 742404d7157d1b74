// Which question an act asks first, and how long the question makes sense; null where an act is done at once.
import { _ } from "/shared/words.js";
import { allowedSmaller, mainAct } from "./acts.js";
import { breakQuestion, holdQuestion, noShowQuestion, noteQuestion, outOfTurnQuestion, resultQuestion } from "./questions.js";
import { ticketNumber } from "./ticket_words.js";
import { transferQuestion, withoutTicketQuestion } from "./transfer.js";

/**
 * @param {string} act on the desk or on the visitor at it
 * @param {{now: () => any, choices: any, timeHere: (instant: string) => string}} options `now` answers the DeskView
 * @returns {import("./question.js").Question | null}
 */
export function actQuestion(act, { now, choices, timeHere }) {
  const { current, desk } = now();
  const known = choices.now;
  const made = {
    noShow: () => noShowQuestion(current),
    hold: () => holdQuestion(current, known.hold_reasons),
    transfer: () => transferQuestion(current, desk, () => choices.now),
    note: () => noteQuestion(current, timeHere),
    finish: () => (known.results.length ? resultQuestion(current, known.results, known.result_required) : null),
    break: () => breakQuestion(known.break_reasons, false),
    breakAfter: () => breakQuestion(known.break_reasons, true),
    withoutTicket: () => withoutTicketQuestion(desk, () => choices.now),
  }[act]?.();
  if (!made) return null;
  const allowed = () => (act === "finish" ? mainAct(now()).act === act : allowedSmaller(now()).has(act));
  return {
    ...made,
    stands: () => now().current?.id === current?.id && allowed(),
    gone: current
      ? _("%(number)s is no longer at this step. Nothing was done.", { number: ticketNumber(current) })
      : _("The desk is in another state now. Nothing was done."),
  };
}

/**
 * @param {string} act on a visitor of a list
 * @param {any} ticket
 * @param {{now: () => any, choices: any}} options
 * @returns {import("./question.js").Question | null}
 */
export function rowQuestion(act, ticket, { now, choices }) {
  if (act !== "callOutOfTurn") return null;
  return {
    ...outOfTurnQuestion(ticket, choices.now.call_reasons, choices.deskName),
    stands: () => now().state === "open" && !now().current && now().waiting.some(({ id }) => id === ticket.id),
    gone: _("%(number)s is no longer waiting, or the desk is not free. Nothing was done.", { number: ticketNumber(ticket) }),
  };
}
