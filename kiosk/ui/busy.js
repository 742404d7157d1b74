// How busy a service is, in words.

import { _, ngettext } from "/shared/words.js";

/** @typedef {{from_minutes: number, to_minutes: number}} ExpectedWait */

/** "3 people waiting, wait 10–25 minutes". @param {{waiting: number, expected_wait: ExpectedWait | null}} service */
export function busyWords(service) {
  const people =
    service.waiting > 0
      ? ngettext("%(n)s person waiting", "%(n)s people waiting", service.waiting)
      : _("Nobody is waiting");
  return [people, waitWords(service.expected_wait)].filter(Boolean).join(", ");
}

/**
 * The expected wait in the middle of a sentence; the last number rules the plural.
 * @param {ExpectedWait | null} [wait] null: it cannot be known, so nothing is said
 */
export function waitWords(wait) {
  if (!wait) return "";
  const { from_minutes: from, to_minutes: to } = wait;
  if (from === to) return ngettext("wait about %(n)s minute", "wait about %(n)s minutes", to);
  if (from === 0) return ngettext("wait up to %(n)s minute", "wait up to %(n)s minutes", to);
  return ngettext("wait %(from)s–%(n)s minute", "wait %(from)s–%(n)s minutes", to, { from });
}

/**
 * "3 people before you, wait 10–25 minutes".
 * @param {number} ahead @param {ExpectedWait | null} [wait]
 */
export function placeWords(ahead, wait) {
  const people =
    ahead > 0 ? ngettext("%(n)s person before you", "%(n)s people before you", ahead) : _("You are next");
  return [people, waitWords(wait)].filter(Boolean).join(", ");
}
