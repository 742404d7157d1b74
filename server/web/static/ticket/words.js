// What the visitor's page says in each state of the ticket: headline, one large line, one detail. No drawing.
import { _, ngettext } from "/shared/words.js";

/** "Window 5", "Room 205", "Counter 1". @param {any} status TicketStatus */
export function pointName({ kind, label }) {
  if (kind === "room") return _("Room %(label)s", { label });
  if (kind === "counter") return _("Counter %(label)s", { label });
  return _("Window %(label)s", { label });
}

/**
 * @param {any} status TicketStatus
 * @returns {{headline: string, big: string, detail: string}}
 */
export function wordsFor(status) {
  switch (status.state) {
    case "waiting":
      return { headline: _("You are in the queue"), big: ahead(status.ahead), detail: expected(status.expected_wait) };
    case "called":
      return { headline: _("You are called"), big: pointName(status), detail: _("Please come now.") };
    case "serving":
      return { headline: _("You are being served"), big: pointName(status), detail: "" };
    case "held":
      return { headline: _("Your ticket is put aside"), big: "", detail: _("You will be called again. When you are ready, tell the operator.") };
    case "served":
      return { headline: _("Your visit is over"), big: _("Thank you!"), detail: "" };
    case "no_show":
      return { headline: _("You were called but did not come"), big: "", detail: _("Ask the hall administrator, or take a new ticket.") };
    case "annulled":
      return { headline: _("The office annulled this ticket"), big: "", detail: _("Ask the hall administrator, or take a new ticket.") };
    case "closed_unserved":
      return { headline: _("The office closed before your turn"), big: "", detail: _("We are sorry. Please take a new ticket on another day.") };
    default:
      return { headline: _("You left the queue"), big: "", detail: _("This ticket no longer counts. To come back, take a new one.") };
  }
}

function ahead(people) {
  if (people === null || people === undefined) return "";
  return people ? ngettext("%(n)s person ahead of you", "%(n)s people ahead of you", people) : _("You are next");
}

/** A range of minutes, or nothing where it cannot be known; the last number rules the plural. */
function expected(wait) {
  if (!wait) return "";
  const { from_minutes: from, to_minutes: to } = wait;
  if (from === to) return ngettext("Wait about %(n)s minute", "Wait about %(n)s minutes", to);
  if (from === 0) return ngettext("Wait up to %(n)s minute", "Wait up to %(n)s minutes", to);
  return ngettext("Wait %(from)s–%(n)s minute", "Wait %(from)s–%(n)s minutes", to, { from });
}
