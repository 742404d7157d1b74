// The booking in hand: what is known of the chosen row, and the acts its state allows, always in the same place.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { actButton, enable, rests } from "../desk/button.js";
import { ACTS, actsFor } from "./acts.js";
import { channelWords, conflictWords, dayAndTime, factList, spokenCode, who } from "./words.js";

const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" };

/** @param {{facts: any, mayManage: boolean, mayPrint: boolean, onAct: (act: string, booking: any) => void}} options */
export function bookingInHand({ facts, mayManage, mayPrint, onAct }) {
  const story = el("div", { class: "story" });
  const hint = el("p", { class: "quiet" }, mayManage ? _("Choose a booking: the acts are here.") : _("Choose a booking to see more of it."));
  const acts = el("div", { class: "hand-acts", role: "group" });
  const element = el("section", { class: "hand", "aria-label": _("Booking in hand") }, hint, story, acts);
  let booking = null;
  let drawn = "";
  let shown = "";
  let buttons = [];

  function show(names) {
    shown = names.join();
    buttons = names.map((act) => {
      const made = actButton("act", ACTS[act].words(), ACTS[act].sign, () => booking && onAct(act, booking));
      made.dataset.act = act;
      made.setAttribute("aria-keyshortcuts", ACTS[act].sign);
      return made;
    });
    acts.replaceChildren(...buttons);
  }

  function content() {
    const { timeHere, timezone } = facts;
    const counted = booking.count > 1 && _("matters: %(n)s", { n: booking.count });
    return [
      el("h2", {}, el("span", { class: "number" }, dayAndTime(booking.starts_at, timezone, timeHere)), " ", name(booking.service_name)),
      booking.conflict && el("p", { class: "bad" }, `▲ ${conflictWords(booking.conflict)}`),
      factList([
        [_("Who"), [who(booking), ...booking.contact].join(", ")],
        [_("Code"), booking.code && el("b", { class: "number" }, spokenCode(booking.code))],
        [_("Language"), LANGUAGES[booking.language]],
        [_("Booked"), `${channelWords(booking.channel)}, ${dayAndTime(booking.made_at, timezone, timeHere)}`],
        [_("Came"), booking.arrived_at && timeHere(booking.arrived_at)],
        [_("Told"), booking.noticed_at && dayAndTime(booking.noticed_at, timezone, timeHere)],
        [_("At once"), counted],
      ]),
    ].filter(Boolean);
  }

  return {
    element,
    /** @param {any} chosen StaffBooking or null @param {boolean} ready */
    draw(chosen, ready) {
      const held = acts.contains(document.activeElement);
      const lost = held && chosen?.id !== booking?.id;
      booking = chosen;
      const names = booking && mayManage ? actsFor(booking, { mayPrint, isToday: facts.isToday(booking) }) : [];
      if (names.join() !== shown) show(names);
      hint.hidden = Boolean(booking);
      acts.hidden = !names.length;
      const made = booking ? content() : [];
      const now = made.map((one) => one.outerHTML).join("");
      if (now !== drawn) story.replaceChildren(...made);
      drawn = now;
      for (const button of buttons) enable(button, ready);
      // The booking in hand has gone or stands otherwise: the next key must not act on another.
      if (lost || (held && !acts.contains(document.activeElement))) document.getElementById("list").focus({ preventScroll: true });
    },
    /** Go to the first act. @returns {boolean} false when there is none */
    focus() {
      buttons.find((made) => !rests(made))?.focus();
      return acts.contains(document.activeElement);
    },
    /** An act's key for this booking. @param {string} code @param {any} wanted @returns {boolean} whether it was one */
    press(code, wanted) {
      const made = wanted.id === booking?.id && buttons.find((button) => ACTS[button.dataset.act].code === code);
      if (!made) return false;
      if (!rests(made)) onAct(made.dataset.act, wanted);
      return true;
    },
  };
}
