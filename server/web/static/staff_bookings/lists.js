// The two lists of the page: the bookings of a day in order of time, and those that cannot stand any more.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { rowList } from "../hall/rows.js";
import { channelWords, conflictWords, dayAndTime, shortDay, dayOf, spokenCode, stateWords, who } from "./words.js";

/**
 * @param {any} facts `timeHere`, `timezone`
 * @param {{onChoose: (id: string) => void, onKey: (event: KeyboardEvent, id: string) => boolean}} handlers
 */
export function bookingLists(facts, handlers) {
  const { timeHere, timezone } = facts;
  const day = rowList({
    kind: "bookings",
    caption: _("Bookings of the day"),
    heads: [_("Time"), _("Who"), _("Service, where booked"), _("Code"), _("State")],
    cells: (booking) => [
      el("th", { scope: "row", class: "number" }, timeHere(booking.starts_at), second(_("until %(time)s", { time: timeHere(booking.ends_at) }))),
      person(booking),
      el("td", {}, name(booking.service_name), second(channelWords(booking.channel))),
      el("td", { class: "number" }, booking.code ? spokenCode(booking.code) : ""),
      el("td", {}, state(booking), booking.conflict && el("span", { class: "second bad" }, "▲ ", _("cannot stand"))),
    ],
    ...handlers,
  });
  const conflicts = rowList({
    kind: "bookings conflicts",
    caption: _("Bookings that cannot stand"),
    heads: [_("Time"), _("Who"), _("Service"), _("Why it cannot stand"), _("Told")],
    cells: (booking) => [
      el("th", { scope: "row", class: "number" }, timeHere(booking.starts_at), second(shortDay(dayOf(booking.starts_at, timezone)))),
      person(booking),
      el("td", {}, name(booking.service_name)),
      el("td", {}, `▲ ${conflictWords(booking.conflict)}`),
      el("td", {}, told(booking)),
    ],
    ...handlers,
  });

  function told({ noticed_at: at, tell_by: by }) {
    if (at) return ["✓ ", _("Told"), second(dayAndTime(at, timezone, timeHere))];
    return by ? ["○ ", _("Not told yet")] : ["✕ ", _("No contact")];
  }

  return [
    { code: "day", list: day, words: (n) => _("Day (%(n)s)", { n }), empty: () => _("Nobody has booked this day.") },
    { code: "conflicts", list: conflicts, words: (n) => _("Conflicts (%(n)s)", { n }), empty: () => _("Every booking to come can stand.") },
  ];
}

function person(booking) {
  return el("td", {}, who(booking), second(booking.contact.join(" · ")));
}

function state({ state: now, number }) {
  const [sign, words] = stateWords(now);
  return el("span", { class: "booking-state", dataset: { state: now } }, el("span", { "aria-hidden": "true" }, sign), ` ${words}`, number ? el("b", { class: "number" }, ` ${number}`) : null);
}

function second(text) {
  return el("span", { class: "second" }, text);
}
