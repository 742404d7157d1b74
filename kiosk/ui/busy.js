// How busy a service is, in words.

import { _, ngettext } from "/shared/words.js";

/** "3 people waiting, about 15 minutes". @param {{waiting: number, expected_wait_minutes: number|null}} service */
export function busyWords(service) {
  const parts = [
    service.waiting > 0
      ? ngettext("%(n)s person waiting", "%(n)s people waiting", service.waiting)
      : _("Nobody is waiting"),
  ];
  if (service.waiting > 0 && service.expected_wait_minutes) parts.push(minutesWords(service.expected_wait_minutes));
  return parts.join(", ");
}

/** "about 15 minutes" */
export function minutesWords(minutes) {
  return ngettext("about %(n)s minute", "about %(n)s minutes", minutes);
}
