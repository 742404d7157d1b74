// The band over a page of staff while the server cannot be reached: what is on the screen is old, and from when.
import { _ } from "/shared/words.js";

/**
 * Show or take away the band.
 * @param {HTMLElement} band
 * @param {boolean} online
 * @param {string} seen local time at which the screen was last right
 */
export function contactBand(band, online, seen) {
  band.hidden = online;
  band.textContent = online
    ? ""
    : _("No contact with the server. The screen shows how it was at %(time)s; the buttons will work when contact is back.", { time: seen });
}
