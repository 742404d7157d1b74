// What needs a person in the hall: the most urgent in one line, the rest in a list; spoken once and never in the way.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { actButton } from "./button.js";
import { minutes, secondsSince } from "./durations.js";

/** The more urgent first: people whom nobody will call, then those who wait too long, then the rest. */
const URGENCY = ["nobody_serves", "addressee_away", "wait_over_limit", "idle_desk", "long_queue", "service_over_norm"];

/**
 * @param {HTMLElement} place
 * @param {{deskName: (code: string) => string, onList: () => void}} options `onList`: show them all
 */
export function alertLine(place, { deskName, onList }) {
  const line = el("p", { class: "alert-line" });
  const spoken = el("p", { class: "visually-hidden", role: "status" });
  const all = actButton("slim", "", "L", onList);
  all.setAttribute("aria-keyshortcuts", "L");
  place.replaceChildren(line, all, spoken);
  let known = "";
  let view = null;

  const sorted = () => [...(view?.alerts ?? [])].sort(moreUrgent);

  return {
    /** @param {any} state DeskView */
    draw(state) {
      view = state;
      const alerts = sorted();
      all.hidden = !alerts.length;
      const words = _("All alerts: %(n)s", { n: alerts.length });
      if (all.firstChild.textContent !== words) all.firstChild.textContent = words;
      place.classList.toggle("calm", !alerts.length);
      this.tick();
      // Said when what needs a person changes, and not at every minute that passes.
      const keys = alerts.map((alert) => [alert.code, alert.ticket, alert.desk, alert.service].join()).join(";");
      if (keys === known) return;
      known = keys;
      spoken.textContent = alerts.length ? alertWords(alerts[0], view, deskName) : "";
    },
    tick() {
      const [first] = sorted();
      const text = first ? `▲ ${alertWords(first, view, deskName)}` : _("Nothing in the hall needs attention.");
      if (line.textContent !== text) line.textContent = text;
    },
    /** The question box's list of all of them, kept in step while it is open. */
    list() {
      const items = el("ol", { class: "alert-list" });
      let drawn = null;
      const draw = () => {
        const words = sorted().map((alert) => alertWords(alert, view, deskName));
        if (JSON.stringify(words) === drawn) return;
        drawn = JSON.stringify(words);
        items.replaceChildren(...words.map((text) => el("li", {}, text)));
        items.hidden = !words.length;
        none.hidden = Boolean(words.length);
      };
      const none = el("p", { class: "quiet" }, _("Nothing in the hall needs attention."));
      draw();
      return { title: _("What needs attention"), content: [items, none], code: "KeyL", onDraw: draw };
    },
  };
}

/** An alert as a sentence. @param {any} alert AlertView @param {any} view DeskView @param {(code: string) => string} deskName */
function alertWords(alert, view, deskName) {
  const time = alert.seconds === null ? "" : minutes(alert.seconds + secondsSince(view.at));
  const desk = alert.desk === view.desk ? _("your desk") : (alert.desk && deskName(alert.desk)) || (alert.label ?? "");
  const people = alert.people === null ? "" : ngettext("%(n)s person", "%(n)s people", alert.people);
  const facts = { number: alert.number ?? _("Without a ticket"), service: name(alert.service_name), time, desk, people };
  const addressee = [desk, alert.operator].filter(Boolean).join(", ");
  const words = {
    addressee_away: () => _("Nobody can call %(number)s (only to: %(addressee)s)", { ...facts, addressee }),
    wait_over_limit: () => _("%(number)s has waited %(time)s: over the limit. %(service)s", facts),
    service_over_norm: () => _("%(number)s has been served for %(time)s: longer than the norm (%(desk)s)", facts),
    long_queue: () => _("Long queue: %(people)s", facts),
    idle_desk: () => _("Free for %(time)s, waiting for it: %(people)s (%(desk)s)", facts),
    nobody_serves: () => _("No desk serves “%(service)s”, waiting for it: %(people)s", facts),
  };
  return words[alert.code]?.() ?? alert.code;
}

function moreUrgent(one, other) {
  return URGENCY.indexOf(one.code) - URGENCY.indexOf(other.code) || (other.seconds ?? 0) - (one.seconds ?? 0);
}
