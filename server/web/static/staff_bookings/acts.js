// What staff may do with a booking in each of its states, and each act's key. No drawing.
import { _ } from "/shared/words.js";

/** Every act on a booking: its key by place on the keyboard, the key's sign, its words. */
export const ACTS = {
  checkIn: { code: "KeyI", sign: "I", words: () => _("Check in by hand") },
  move: { code: "KeyM", sign: "M", words: () => _("Move to another time") },
  cancel: { code: "KeyX", sign: "X", words: () => _("Call off") },
  tell: { code: "KeyT", sign: "T", words: () => _("Tell the visitor") },
  contact: { code: "KeyO", sign: "O", words: () => _("Show the contact") },
  slip: { code: "KeyP", sign: "P", words: () => _("Print the slip") },
};

/**
 * The acts that make sense for a booking, the likeliest first.
 * @param {any} booking StaffBooking @param {{mayPrint: boolean, isToday: boolean}} options
 */
export function actsFor(booking, { mayPrint, isToday }) {
  const expected = booking.state === "booked";
  const acts = [
    expected && isToday && "checkIn",
    expected && booking.conflict && booking.tell_by && "tell",
    expected && "move",
    expected && "cancel",
    booking.name && "contact",
    booking.ticket && mayPrint && isToday && "slip",
  ];
  return acts.filter(Boolean);
}
