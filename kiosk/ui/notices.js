// Screens that say why there is no ticket now, and what to do: never a dead end.

import { el, localTime } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { mainButton, numbered } from "./buttons.js";
import { bigSign, emblem } from "./frame.js";
import { hotLine } from "./service_words.js";

/** Out of hours: when the office opens next. */
export function closedScreen(page) {
  const lines = el("div", { class: "lines" });
  function draw() {
    const office = page.state.office;
    const reason = name(office.closed_reason);
    lines.replaceChildren(
      ...[
        reason && el("p", { class: "sentence" }, reason),
        office.opens_at &&
          el("p", { class: "opens" }, el("span", {}, _("Opens:")), " ", el("strong", {}, when(office, page.language))),
        week(office),
        hotLine(office),
      ].filter(Boolean),
    );
  }
  draw();
  return {
    elements: [el("h1", { tabindex: "-1" }, _("The office is closed now")), lines],
    update: draw,
  };
}

/** The terminal cannot reach the queue: it mends itself, people need not wait for that. */
export function pauseScreen(page) {
  return {
    elements: [
      bigSign("tools"),
      el("h1", { tabindex: "-1" }, _("The terminal pauses for a moment")),
      el("p", { class: "sentence" }, _("Please ask the staff for a ticket. The terminal comes back by itself.")),
      hotLine(page.state?.office),
    ].filter(Boolean),
  };
}

/**
 * `text` came with the answer, in the visitor's language of then; `title` and `words` are our own, asked at each
 * drawing. `again` tries once more.
 * @param {{kind: string, text?: string, title?: () => string, words?: () => string, again?: () => void}} details
 */
export function problemScreen(page, details) {
  const refused = details.kind === "refused";
  const text = details.words?.() || details.text || _("The terminal did not get an answer. Try again, or ask the staff.");
  const title = details.title?.() ?? (refused ? _("No ticket now") : _("The ticket is delayed"));
  const retry = details.again && (details.kind === "unreachable" || details.title);
  return {
    elements: [
      emblem("attention"),
      el("h1", { tabindex: "-1" }, title),
      el("p", { class: "sentence" }, text),
      retry && mainButton(_("Try again"), details.again),
      retry ? numbered("second", 0, page.home, _("To the start")) : mainButton(_("To the start"), page.home),
    ].filter(Boolean),
    say: text,
  };
}

function weekday(number) {
  return [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
  ][number - 1];
}

/** "today at 13:00", "tomorrow at 08:00", "Monday 24.11 at 08:00", by the office's own day. */
function when(office, language) {
  const day = (instant) => new Intl.DateTimeFormat("en-CA", { timeZone: office.timezone }).format(instant);
  const opens = new Date(office.opens_at);
  const time = localTime(opens, office.timezone, language);
  const now = Date.now();
  if (day(opens) === day(now)) return _("today at %(time)s", { time });
  if (day(opens) === day(now + 24 * 3600 * 1000)) return _("tomorrow at %(time)s", { time });
  const [year, month, date] = day(opens).split("-").map(Number);
  const number = new Date(Date.UTC(year, month - 1, date)).getUTCDay() || 7;
  const shown = `${String(date).padStart(2, "0")}.${String(month).padStart(2, "0")}`;
  // Only English writes days of the week with a capital inside a sentence.
  const dayName = language === "en" ? weekday(number) : weekday(number).toLocaleLowerCase(language);
  return _("%(weekday)s %(date)s at %(time)s", { weekday: dayName, date: shown, time });
}

/** The week's hours as a table; nothing when the office told none. */
function week(office) {
  if (office.hours.length === 0) return "";
  return el(
    "table",
    { class: "week" },
    el("caption", {}, _("Opening hours")),
    el(
      "tbody",
      {},
      office.hours.map((day) =>
        el(
          "tr",
          {},
          el("th", { scope: "row" }, weekday(day.weekday)),
          el("td", {}, day.intervals.map(([from, to]) => `${from}–${to}`).join(", ") || _("closed")),
        ),
      ),
    ),
  );
}
