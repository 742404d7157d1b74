// The visitor at the desk as facts: number, service, waits against limits, the timer against the norm, notes.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { isServed } from "./acts.js";
import { minutes, secondsSince, stopwatch } from "./durations.js";
import { legWords, remarkList, stepsWords, ticketNumber } from "./ticket_words.js";

const LANGUAGES = { ru: "Русский", kk: "Қазақша", en: "English" };

/** @param {any} view DeskView with a visitor @param {{choices: any, timeHere: (instant: string) => string}} names */
export function visitorCard(view, { choices, timeHere }) {
  const { current } = view;
  const signs = [
    current.category && el("span", { class: "chip sign" }, "★ ", choices.categoryName(current.category)),
    current.booked_for && el("span", { class: "chip" }, _("booked for %(time)s", { time: timeHere(current.booked_for) })),
    current.leg > 1 && el("span", { class: "chip" }, legWords(current)),
    !current.ticketless && el("span", { class: "chip" }, LANGUAGES[current.language] ?? current.language),
  ];
  return [
    el(
      "div",
      { class: "head" },
      el("p", { class: current.ticketless ? "huge ticketless" : "number huge", "data-state": current.state }, ticketNumber(current)),
      el(
        "div",
        { class: "beside" },
        el("p", { class: "quiet" }, current.state === "called" ? _("Called to the desk") : _("Being served")),
        el("div", { class: "timer", role: "timer" }, el("span", { class: "number" }), el("span", { class: "words" }), el("progress", { "aria-hidden": "true" })),
      ),
    ),
    el("p", { class: "service" }, name(current.service_name)),
    signs.some(Boolean) && el("p", { class: "signs" }, signs),
    ...waits(current),
    current.then.length ? el("p", { class: "fact-then" }, _("After this: %(services)s", { services: stepsWords(current, choices.deskName) })) : "",
    view.break_due ? el("p", { class: "note due" }, _("After this visitor: break (%(reason)s)", { reason: choices.reasonName("break_reasons", view.break_due) })) : "",
    current.remarks.length ? remarkList(current.remarks, timeHere) : "",
  ].filter(Boolean);
}

// Whoever came without a ticket has not waited in the queue.
function waits(current) {
  if (current.ticketless) return [];
  const first = current.leg === 1 ? current.wait_seconds : null;
  const waited = first ?? secondsSince(current.waiting_since, current.leg_started_at ?? current.called_at);
  const over = waited > current.wait_limit_seconds;
  return [
    el(
      "p",
      { class: over ? "fact over" : "fact" },
      over && el("span", { "aria-hidden": "true" }, "▲ "),
      _("Waited: %(time)s", { time: minutes(waited) }),
      over && el("span", {}, " — ", _("over the limit of %(time)s", { time: minutes(current.wait_limit_seconds) })),
      current.call_count > 1 && el("span", {}, " · ", _("calls: %(n)s", { n: current.call_count })),
    ),
  ];
}

/** Bring the timer of `visitorCard` in step: time since the call, or of service against the norm. */
export function showTimer(timer, view) {
  const [time, words, bar] = timer.children;
  const { current } = view;
  const served = isServed(view);
  const since = (current.state === "serving" && (current.leg_started_at ?? current.started_at)) || current.called_at;
  const seconds = Math.max(0, secondsSince(since) - (since === current.called_at ? 0 : current.held_seconds));
  const norm = current.norm_seconds;
  const over = served && seconds > norm;
  time.textContent = stopwatch(seconds);
  if (!served) words.textContent = _("since the call");
  else if (over) words.textContent = "▲ " + _("longer than the norm of %(time)s", { time: minutes(norm) });
  else words.textContent = _("of service; the norm is %(time)s", { time: minutes(norm) });
  timer.classList.toggle("over", over);
  bar.hidden = !served;
  bar.max = norm || 1;
  bar.value = Math.min(seconds, norm);
}
