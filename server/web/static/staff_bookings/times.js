// Choosing a free time: the days of a service with how much is free, then the times of the day with their places.
import { el } from "/shared/draw.js";
import { _, ngettext } from "/shared/words.js";
import { ask } from "../api.js";
import { shortDay } from "./words.js";

/**
 * @param {object} options
 * @param {string} options.office
 * @param {(instant: string) => string} options.timeHere
 * @param {(at: string|null) => void} [options.onChange] another time is chosen, or none
 */
export function timePicker({ office, timeHere, onChange = () => {} }) {
  const days = el("div", { class: "day-choices" });
  const times = el("div", { class: "time-choices" });
  const hint = el("p", { class: "quiet", role: "status" }, _("Choose the service first."));
  const fault = el("p", { class: "problem", id: "time-fault", role: "alert", hidden: true });
  const nearest = el("div", { class: "nearest", role: "group", "aria-label": _("Nearest free times"), hidden: true });
  const element = el(
    "div",
    { class: "times" },
    el("fieldset", {}, el("legend", {}, _("Day")), days),
    el("fieldset", { "aria-describedby": "time-fault" }, el("legend", {}, _("Time and free places")), times),
    hint,
    fault,
    nearest,
  );
  /** @type {any[]} */
  let known = [];
  let chosen = null;
  let asked = 0;

  days.addEventListener("change", ({ target }) => {
    choose(null);
    drawTimes(target.value);
  });
  times.addEventListener("change", ({ target }) => choose(target.value));

  function choose(at) {
    chosen = at;
    if (at) say("");
    onChange(at);
  }

  function say(words, others = []) {
    fault.textContent = words;
    fault.hidden = !words;
    nearest.hidden = !others.length;
    nearest.replaceChildren(...others.map(({ day, at }) => el("button", { type: "button", onclick: () => go(day, at) }, `${shortDay(day)}, ${timeHere(at)}`)));
  }

  function draw(day) {
    days.replaceChildren(...known.map(dayChoice));
    const first = known.find((one) => one.day === day && one.slots.length) ?? known.find((one) => one.slots.length);
    hint.textContent = first ? "" : _("No time is free within the time that can be booked.");
    if (first) days.querySelector(`[value="${first.day}"]`).checked = true;
    drawTimes(first?.day);
  }

  function drawTimes(day) {
    const slots = known.find((one) => one.day === day)?.slots ?? [];
    times.replaceChildren(...slots.map(timeChoice));
    times.scrollTop = 0;
  }

  function dayChoice({ day, state, slots }) {
    const second = { free: _("free: %(n)s", { n: slots.length }), full: _("all taken"), closed: _("no reception") }[state];
    return el(
      "label",
      { class: "choice" },
      el("input", { type: "radio", name: "booking-day", value: day, disabled: !slots.length }),
      el("span", {}, shortDay(day), el("span", { class: "second" }, second)),
    );
  }

  function timeChoice({ at, time, left }) {
    const places = ngettext("%(n)s place", "%(n)s places", left ?? 0);
    return el("label", { class: "choice" }, el("input", { type: "radio", name: "booking-time", value: at }), el("span", { class: "number" }, time), el("span", { class: "second" }, places));
  }

  function go(day, at) {
    if (!known.some((one) => one.slots.some((slot) => slot.at === at))) return;
    draw(day);
    const radio = times.querySelector(`[value="${at}"]`);
    radio.checked = true;
    radio.focus();
    choose(at);
  }

  /** Learn the free times. @param {{service: string, count: number, day?: string}} wanted `day`: the one to show first */
  async function load({ service, count, day }) {
    const mine = ++asked;
    say("");
    choose(null);
    hint.textContent = service ? _("The free times are being fetched…") : _("Choose the service first.");
    known = [];
    days.replaceChildren();
    times.replaceChildren();
    if (!service) return;
    const answer = await ask(`offices/${office}/slots?${new URLSearchParams({ service, count: String(count) })}`);
    if (mine !== asked) return;
    if (!answer.ok) {
      hint.textContent = "";
      say(answer.detail);
      return;
    }
    known = answer.data.days;
    draw(day);
  }

  return {
    element,
    load,
    /** The chosen time; null, having said so, when none is chosen. @returns {string|null} */
    read() {
      if (chosen) return chosen;
      say(_("Choose a free time."));
      (times.querySelector("input") ?? days.querySelector("input:not(:disabled)"))?.focus();
      return null;
    },
    /** Say that the chosen time is gone, and offer the nearest. @param {string} words @param {string[]} instants @param {any} wanted see `load` */
    async offer(words, instants, wanted) {
      await load(wanted);
      const others = known.flatMap(({ day, slots }) => slots.filter(({ at }) => instants.includes(at)).map(({ at }) => ({ day, at })));
      say(words, others);
      nearest.querySelector("button")?.focus();
    },
  };
}
