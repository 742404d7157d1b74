// What the page asks before an act on a booking, and what it shows after: whom a change concerns, and who is told.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { dayAndTime, dayOf, factList, tellWords, who } from "./words.js";
import { timePicker } from "./times.js";

/** @param {any} booking StaffBooking @param {any} facts @returns {string} "Tue 03.03, 08:15 · Contract" */
export function whichBooking(booking, { timezone, timeHere }) {
  return `${dayAndTime(booking.starts_at, timezone, timeHere)} · ${name(booking.service_name)} · ${who(booking)}`;
}

/** @returns {import("../desk/question.js").Question} */
export function cancelQuestion(booking, facts) {
  return {
    title: _("Call this booking off?"),
    content: [el("p", {}, whichBooking(booking, facts)), el("p", {}, tellWords(booking)), el("p", { class: "quiet" }, _("The place is free for others at once."))],
    words: _("Call off"),
    read: () => ({}),
  };
}

/** Another time. @returns {import("../desk/question.js").Question & {offer: (answer: any, at: string) => void}} */
export function moveQuestion(booking, facts) {
  const { office, timezone, timeHere } = facts;
  const wanted = { service: booking.service, count: booking.count, day: dayOf(booking.starts_at, timezone) };
  const times = timePicker({ office, timeHere });
  times.load(wanted);
  return {
    title: _("Move to another time"),
    wide: true,
    content: [el("p", {}, whichBooking(booking, facts)), times.element, el("p", { class: "quiet" }, tellWords(booking))],
    words: _("Move the booking"),
    read() {
      const at = times.read();
      return at && { at };
    },
    /** The time is gone: the nearest stand beside it. */
    offer: (answer, at) => times.offer(answer.detail, answer.nearest, { ...wanted, day: dayOf(at, timezone) }),
  };
}

/** @returns {import("../desk/question.js").Question} */
export function contactQuestion(booking, facts) {
  return {
    title: _("Show the contact?"),
    content: [
      el("p", {}, whichBooking(booking, facts)),
      el("p", {}, _("It is personal data: look only to reach this visitor. Every look is kept in the log: who, when, whose booking.")),
    ],
    words: _("Show the contact"),
    read: () => ({}),
  };
}

/** The contact itself. @param {any} contact ContactView @returns {import("../desk/question.js").Question} */
export function contactShown(booking, contact, facts) {
  const known = contact.name || contact.phone || contact.email;
  return {
    title: _("Contact of the visitor"),
    content: [
      el("p", {}, whichBooking(booking, facts)),
      known
        ? factList([
            [_("Name"), contact.name],
            [_("Phone"), contact.phone && el("a", { href: `tel:${contact.phone}` }, contact.phone)],
            [_("E-mail"), contact.email && el("a", { href: `mailto:${contact.email}` }, contact.email)],
          ])
        : el("p", {}, _("It is kept no longer.")),
      el("p", { class: "quiet" }, _("This look is in the log.")),
    ],
  };
}

/** The ticket of a visitor who has just been checked in. @param {any} ticket IssuedTicket @returns {import("../desk/question.js").Question} */
export function checkedIn(ticket, serviceName, { timeHere, mayPrint }) {
  const turn = ticket.booked_for
    ? _("The visitor is called for the booked time: %(time)s.", { time: timeHere(ticket.booked_for) })
    : _("The visitor came too late for the booked turn and waits like everybody else.");
  return {
    title: _("The visitor is checked in"),
    content: [el("p", { class: "big-code number" }, ticket.number), serviceName && el("p", { class: "big-time" }, serviceName), el("p", {}, turn)].filter(Boolean),
    words: mayPrint ? _("Print the slip") : undefined,
    sign: "P",
    code: mayPrint ? "KeyP" : "Enter",
    read: () => ({}),
  };
}

/** Tell all who were not told. @param {any[]} conflicts StaffBookings @returns {import("../desk/question.js").Question} */
export function tellAllQuestion(conflicts, facts) {
  const open = conflicts.filter((booking) => !booking.noticed_at);
  const by = (way) => open.filter((booking) => booking.tell_by === way);
  const [letters, texts, silent] = [by("email"), by("sms"), by(null)];
  const told = letters.length + texts.length;
  return {
    title: _("Tell all who were not told?"),
    wide: silent.length > 0,
    content: [
      el("p", {}, ngettext("%(n)s visitor is told that the booking cannot stand.", "%(n)s visitors are told that their bookings cannot stand.", told), " ", _("By e-mail: %(letters)s, by SMS: %(texts)s.", { letters: letters.length, texts: texts.length })),
      silent.length > 0 && el("p", { class: "bad" }, _("Nobody can tell these, they left no contact: speak to them when they come.")),
      silent.length > 0 && el("ul", { class: "silent" }, silent.map((booking) => el("li", {}, whichBooking(booking, facts)))),
    ].filter(Boolean),
    words: told ? _("Tell them") : undefined,
    read: () => ({ bookings: [...letters, ...texts].map(({ id }) => id) }),
  };
}

/** Tell one visitor. @returns {import("../desk/question.js").Question} */
export function tellQuestion(booking, facts) {
  return {
    title: _("Tell the visitor that the booking cannot stand?"),
    content: [el("p", {}, whichBooking(booking, facts)), el("p", {}, tellWords(booking)), booking.noticed_at && el("p", {}, _("It was told once already."))].filter(Boolean),
    words: _("Tell the visitor"),
    read: () => ({ bookings: [booking.id] }),
  };
}
