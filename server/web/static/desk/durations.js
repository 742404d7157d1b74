// Lengths of time in words and against a norm: seconds of the server's clock, whatever the PC's clock says.
import { _, ngettext } from "/shared/words.js";

let ahead = 0;

/** Learn the server's clock from a state's `at`. */
export function setClock(at) {
  ahead = Date.parse(at) - Date.now();
}

/** Whole seconds since an instant, by the server's clock; never negative. */
export function secondsSince(instant, until) {
  const end = until ? Date.parse(until) : Date.now() + ahead;
  return Math.max(0, Math.floor((end - Date.parse(instant)) / 1000));
}

/** Whole seconds to an instant, by the server's clock; never negative. */
export function secondsUntil(instant) {
  return Math.max(0, Math.ceil((Date.parse(instant) - Date.now() - ahead) / 1000));
}

/** "4:07", "1:02:09". */
export function stopwatch(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

/** "less than a minute", "12 min". */
export function minutes(seconds) {
  const whole = Math.floor(seconds / 60);
  return whole ? ngettext("%(n)s min", "%(n)s min", whole) : _("less than a minute");
}
