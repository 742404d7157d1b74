// What a visitor must know of a service beside its name: how busy it is, or why there is no ticket for it now.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { busyWords } from "./busy.js";

/** The services a visitor may see. */
export function shownServices(state) {
  return state.office.services.filter((service) => service.state !== "hidden");
}

/** The service with this code; undefined when it went away. */
export function findService(state, code) {
  return shownServices(state).find((service) => service.code === code);
}

/** The second line of a service's button. Without contact to the queue nobody knows how many wait. */
export function serviceWords(service, offline) {
  if (service.state === "closed") return [whyClosed(service), whenOpen(service)].filter(Boolean).join(". ");
  if (service.state === "booking_only") return _("By booking only");
  if (service.state === "information") return _("To read and to print");
  return offline ? name(service.hint) : busyWords(service);
}

/** Whom to ring; nothing where the office told no number. */
export function hotLine(office) {
  if (!office?.hotline) return null;
  // A number is not parted at the end of a line: after each hyphen stands a word joiner.
  const phone = office.hotline.replaceAll("-", "-\u2060");
  return el("p", { class: "sentence" }, _("Hot line: %(phone)s", { phone }));
}

/** Why a closed service is closed. */
export function whyClosed(service) {
  return name(service.closed_reason) || _("Not received now");
}

/** "Opens on 05.12"; empty when nobody told. */
export function whenOpen(service) {
  return service.opens_on ? _("Opens on %(date)s", { date: dayWords(service.opens_on) }) : "";
}

/** @param {string} day "2026-12-05" @returns "05.12": browsers know no Kazakh months */
function dayWords(day) {
  const [, month, date] = day.split("-");
  return `${date}.${month}`;
}
