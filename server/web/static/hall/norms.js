// Time against its norm: in time, near the limit, over it; always a word, the colour only repeats it.
import { el } from "/shared/draw.js";
import { _, ngettext } from "/shared/words.js";
import { minutes, secondsSince, stopwatch } from "../desk/durations.js";

/** From this share of the norm on, a time is near its limit. */
const NEAR = 0.8;

/** @param {number} seconds @param {number} norm in seconds @returns {"good"|"near"|"over"} */
export function level(seconds, norm) {
  if (seconds > norm) return "over";
  return seconds >= norm * NEAR ? "near" : "good";
}

const WAIT = { good: () => _("in time"), near: () => _("near the limit"), over: () => _("over the limit") };
const SERVICE = { good: () => _("within the norm"), near: () => _("near the norm"), over: () => _("over the norm") };

/** When the wait that the norm judges began: the first wait counts from joining, a later one from its own start. */
export function waitsSince(ticket) {
  return ticket.started_at ? ticket.waiting_since : ticket.joined_at;
}

/** A wait and its word, moved on by `tick`. */
export function waitMark(ticket) {
  return mark({ "data-kind": "wait", "data-since": waitsSince(ticket), "data-norm": ticket.wait_limit_seconds });
}

/** The wait of a service's longest waiting visitor. */
export function longestMark(seconds, at, norm) {
  return mark({ "data-kind": "wait", "data-since": new Date(Date.parse(at) - seconds * 1000).toISOString(), "data-norm": norm });
}

/** A service under way and its word; the time the visitor was put aside is no service. */
export function serviceMark(ticket) {
  const began = Date.parse(ticket.leg_started_at ?? ticket.started_at) + (ticket.held_seconds ?? 0) * 1000;
  return mark({ "data-kind": "service", "data-since": new Date(began).toISOString(), "data-norm": ticket.norm_seconds });
}

function mark(attributes) {
  return el("span", { class: "mark", ...attributes }, el("b", { class: "number" }), el("span", { class: "word" }));
}

/** Move all marks within an element on. @param {HTMLElement} element */
export function tickMarks(element) {
  for (const made of element.querySelectorAll(".mark")) {
    const { since, norm, kind } = made.dataset;
    const seconds = secondsSince(since);
    const now = level(seconds, Number(norm));
    show(made.firstChild, kind === "service" ? stopwatch(seconds) : shortMinutes(seconds));
    show(made.lastChild, (kind === "service" ? SERVICE : WAIT)[now]());
    if (made.dataset.level !== now) made.dataset.level = now;
  }
  for (const made of element.querySelectorAll("[data-lasts]")) show(made, minutes(secondsSince(made.dataset.lasts)));
}

/** "0 min", "12 min": short enough for a column. */
export function shortMinutes(seconds) {
  return ngettext("%(n)s min", "%(n)s min", Math.floor(seconds / 60));
}

function show(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
