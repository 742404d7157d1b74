// What needs attention now: one button for each thing, in words, which leads to the visitor, the desk or the queue.
// A low mark has a second button: somebody in charge has seen it.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { send } from "../api.js";
import { minutes, secondsSince } from "../desk/durations.js";
import { ticketNumber } from "../desk/ticket_words.js";
import { deviceName, printerWords } from "./device_words.js";
import { deskName } from "./ticket_words.js";

/** From this many on, visitors over the limit are told together, the longest waiting by number. */
const TOGETHER = 3;

/**
 * @param {HTMLElement} place
 * @param {{facts: any, onGo: (where: {ticket?: string, service?: string, desk?: string}) => void, say: (text: string) => void}} options
 *   `say` speaks of an alert that was not there before
 */
export function alertsStrip(place, { facts, onGo, say }) {
  const title = el("h2", { id: "alerts-title" });
  const list = el("ul", { "aria-labelledby": "alerts-title" });
  place.replaceChildren(title, list);
  let rows = new Map();
  let known = null;

  function draw() {
    const view = facts.view();
    const now = grouped(view.alerts);
    title.textContent = now.length ? _("Needs attention: %(n)s", { n: view.alerts.length }) : _("Nothing in the hall needs attention.");
    place.dataset.calm = String(!now.length);
    const next = new Map();
    for (const alert of now) {
      const row = rows.get(alert.key) ?? made(alert.key);
      row.alert = alert;
      next.set(alert.key, row);
    }
    for (const [key, { item }] of rows) if (!next.has(key)) item.remove();
    rows = next;
    [...rows.values()].forEach(({ item }, index) => list.children[index] !== item && list.insertBefore(item, list.children[index] ?? null));
    tick();
    announce(view.alerts, now);
  }

  function made(key) {
    const button = el("button", { type: "button", class: "alert" });
    button.addEventListener("click", () => onGo(rows.get(key).alert.where));
    const seen = key.startsWith("low_mark ") && el("button", { type: "button", class: "alert", onclick: () => see(key, seen) }, _("Seen"));
    return { item: el("li", { class: seen ? "with-act" : false }, button, seen), button, alert: null };
  }

  /** The alert goes away with the next state of the hall. */
  async function see(key, button) {
    const { ticket } = rows.get(key).alert;
    button.disabled = true;
    const answer = await send(`offices/${facts.view().office}/low-mark-seen`, { ticket });
    button.disabled = answer.ok;
    if (!answer.ok) say(answer.detail);
  }

  function tick() {
    const view = facts.view();
    for (const { button, alert } of rows.values()) {
      const text = `▲ ${words(alert, view)}`;
      if (button.textContent !== text) button.textContent = text;
    }
  }

  function announce(all, now) {
    const keys = new Set(all.map(keyOf));
    const fresh = known && all.find((alert) => !known.has(keyOf(alert)));
    known = keys;
    if (fresh) say(words(now.find((alert) => alert.key === keyOf(fresh)) ?? { ...fresh, several: 1 }, facts.view()));
  }

  return { draw, tick, focus: () => list.querySelector("button")?.focus() };
}

function keyOf({ code, ticket, service, desk, terminal, fault }) {
  if (code === "nobody_serves") return `${code} ${service}`;
  if (terminal !== null && terminal !== undefined) return `${code} ${terminal} ${fault ?? ""}`;
  return `${code} ${desk ?? ""} ${ticket ?? ""}`;
}

function grouped(alerts) {
  const waits = alerts.filter((alert) => alert.code === "wait_over_limit");
  const rest = alerts.filter((alert) => waits.length < TOGETHER || alert.code !== "wait_over_limit" || alert === waits[0]);
  return rest.map((alert) => {
    const together = alert === waits[0] && waits.length >= TOGETHER;
    const longest = together ? waits.reduce((a, b) => ((b.seconds ?? 0) > (a.seconds ?? 0) ? b : a)) : alert;
    return { ...longest, key: together ? "waits" : keyOf(alert), several: together ? waits.length : 1, where: where(longest) };
  });
}

function where({ code, ticket, service, desk }) {
  if (code === "wait_over_limit" || code === "addressee_away") return { ticket };
  if (code === "nobody_serves") return { service };
  return desk ? { desk } : {};
}

function words(alert, view) {
  const time = minutes((alert.seconds ?? 0) + secondsSince(view.at));
  const { people: n } = alert;
  const atDesk = view.desks.find((desk) => desk.desk === alert.desk)?.current;
  const number = ticketNumber(atDesk && atDesk.id === alert.ticket ? atDesk : alert);
  const desk = alert.desk && deskName(view, alert.desk);
  const people = ngettext("%(n)s person", "%(n)s people", n ?? 0);
  switch (alert.code) {
    case "wait_over_limit":
      if (alert.several === 1) return _("%(number)s has waited %(time)s: over the limit", { number, time });
      return _("Over the limit wait: %(n)s; the longest is %(number)s, %(time)s", { n: alert.several, number, time });
    case "service_over_norm":
      return _("%(number)s has been served for %(time)s: longer than the norm (%(desk)s)", { desk, number, time });
    case "nobody_serves":
      return _("Nobody serves “%(service)s”: %(people)s wait", { service: name(alert.service_name), people });
    case "addressee_away":
      return _("Nobody can call %(number)s (only to: %(addressee)s)", { number, addressee: [desk, alert.operator].filter(Boolean).join(", ") });
    case "idle_desk":
      return _("Free for %(time)s while %(people)s wait: %(desk)s", { desk, time, people });
    case "long_queue":
      return _("Long queue: %(people)s", { people });
    case "terminal_fault":
      return terminalWords(alert);
    case "terminal_silent":
      return _("Terminal %(terminal)s has not been heard of for %(time)s", { terminal: alert.terminal, time });
    case "device_fault":
      return _("%(device)s: %(fault)s", { device: deviceName(alert.device, alert.terminal), fault: alert.fault });
    case "low_mark":
      return lowMark(alert, desk, time);
    case "device_silent":
      return _("%(device)s: not heard of for %(time)s", { device: deviceName(alert.device, alert.terminal), time });
    default:
      return alert.code;
  }
}

function lowMark({ number, score, reasons, comment }, desk, time) {
  const who = number ? `${number} · ` : "";
  const where = desk ? ` (${desk})` : "";
  const why = [...reasons.map(name), ...(comment ? [_("“%(words)s”", { words: comment })] : [])].join("; ");
  const mark = _("low mark %(score)s, %(time)s ago", { score, time });
  return `${who}${mark}${where}${why ? `: ${why}` : ""}`;
}

function terminalWords({ terminal, fault, number }) {
  const known = {
    unprinted: () => _("not on paper: %(number)s", { number }),
    help: () => _("a visitor asks for help"),
  };
  return _("Terminal %(terminal)s: %(fault)s", { terminal, fault: printerWords(fault) ?? known[fault]?.() ?? fault });
}
