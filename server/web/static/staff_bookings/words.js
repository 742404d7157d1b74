// What staff call the states, channels and conflicts of bookings; days as figures with their weekday.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";

/** A state as a sign and a word: never by colour alone. @param {string} state @returns {[string, string]} */
export function stateWords(state) {
  const words = {
    booked: ["○", _("Expected")],
    arrived: ["✓", _("Has come")],
    missed: ["✕", _("Did not come")],
    cancelled: ["—", _("Called off")],
  };
  return words[state] ?? ["", state];
}

/** The states a day's list can hold, in the order of the filter. */
export const STATES = ["booked", "arrived", "missed", "cancelled"];

/** Where a booking was made. */
export function channelWords(channel) {
  const words = {
    site: () => _("on the site"),
    widget: () => _("on the site"),
    account: () => _("in the personal account"),
    bot: () => _("by the chat bot"),
    kiosk: () => _("at the terminal"),
    phone: () => _("by phone"),
    reception: () => _("at the reception"),
  };
  return words[channel]?.() ?? channel;
}

/** Why a booking cannot stand any more. */
export function conflictWords(reason) {
  const words = {
    closed: () => _("The office does not receive at this time any more"),
    service: () => _("The service is not given on this day any more"),
    capacity: () => _("There are more bookings than places at this time"),
  };
  return words[reason]?.() ?? reason;
}

/** "Tue 03.03". @param {string} day as YYYY-MM-DD */
export function shortDay(day) {
  const [, month, date] = day.split("-");
  return `${weekday(day)} ${date}.${month}`;
}

/** "Tue 03.03, 08:15" of an instant in the office's zone. */
export function dayAndTime(instant, timezone, timeHere) {
  return `${shortDay(dayOf(instant, timezone))}, ${timeHere(instant)}`;
}

/** The office's day of an instant, as YYYY-MM-DD. */
export function dayOf(instant, timezone) {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timezone }).format(new Date(instant));
}

/** The day so many days after another. @param {string} day @param {number} days */
export function dayAfter(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The six digits in two groups, as they are read out. */
export function spokenCode(code) {
  return `${code.slice(0, 3)} ${code.slice(3)}`;
}

/** Who booked, as far as lists may tell. @param {any} booking StaffBooking */
export function who(booking) {
  return booking.name || _("no name is kept");
}

/** How a visitor can be told, in words. @param {any} booking StaffBooking */
export function tellWords({ tell_by: by, contact }) {
  const address = contact.find((one) => one.includes("@") === (by === "email"));
  if (by === "email") return _("A letter goes to %(address)s.", { address });
  if (by === "sms") return _("An SMS goes to %(address)s.", { address });
  return _("No phone and no e-mail is known: nobody can tell this visitor.");
}

/** A few facts as a list of terms. @param {[string, string|Node|null][]} facts those without a value are left out */
export function factList(facts) {
  const known = facts.filter(([, value]) => value);
  return el("dl", { class: "facts" }, known.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, value))));
}

// Browsers often know no Kazakh names of days.
function weekday(day) {
  const words = [_("Sun"), _("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat")];
  return words[new Date(`${day}T00:00:00Z`).getUTCDay()];
}
