// Which day is shown: back, forth, today, or any date; and the day's counts in the top line.
import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { actButton } from "../desk/button.js";
import { dayAfter, shortDay } from "./words.js";

/**
 * @param {HTMLElement} place
 * @param {{load: HTMLElement, onGo: (day: string) => void}} options `onGo` with an empty day: today
 */
export function dayBar(place, { load, onGo }) {
  const back = actButton("slim", "◀", "[", () => step(-1));
  const forth = actButton("slim", "▶", "]", () => step(1));
  back.setAttribute("aria-label", _("The day before"));
  forth.setAttribute("aria-label", _("The day after"));
  const date = el("input", { type: "date", "aria-label": _("Day") });
  const words = el("strong", { class: "day-words", role: "status" });
  const today = actButton("slim", _("Today"), "0", () => go(now));
  place.replaceChildren(back, date, forth, today, words);
  let shown = "";
  let now = "";
  /** The day that was asked for and is not shown yet: two steps in a row are two days. */
  let coming = "";
  date.addEventListener("change", () => date.value && go(date.value));

  function step(days) {
    if (shown) go(dayAfter(coming || shown, days));
  }

  function go(day) {
    coming = day;
    onGo(day === now ? "" : day);
  }

  return {
    step,
    /** Go to today. */
    today: () => go(now),
    /** @param {any} list BookingList */
    draw(list) {
      ({ day: shown, today: now } = list);
      if (shown === coming) coming = "";
      if (date.value !== shown && document.activeElement !== date) date.value = shown;
      const text = shown === now ? _("Today, %(day)s", { day: shortDay(shown) }) : shortDay(shown);
      if (words.textContent !== text) words.textContent = text;
      today.hidden = shown === now;
      const count = (state) => list.bookings.filter((booking) => booking.state === state).length;
      const counts = [
        [_("Booked"), list.bookings.length - count("cancelled")],
        [_("Came"), count("arrived")],
        [_("No-shows"), count("missed")],
        [_("Places left"), list.places_left],
      ];
      load.replaceChildren(...counts.map(([term, value]) => el("div", {}, el("dt", {}, term), el("dd", {}, String(value)))));
    },
  };
}
