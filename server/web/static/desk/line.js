// The right half of the console: who waits, in the order of calling, and why each stands there.
import { el } from "/shared/draw.js";
import { _, name, ngettext } from "/shared/words.js";
import { minutes, secondsSince } from "./durations.js";

const REASONS = {
  arrival: () => _("in order of arrival"),
  out_of_turn: () => _("out of turn"),
};

/**
 * Make the half's elements once and keep them in step with the state.
 * @param {HTMLElement} section
 * @param {{categoryName: (code: string) => string}} options
 */
export function linePanel(section, { categoryName }) {
  const title = el("h2");
  const body = el("tbody");
  const empty = el("p", { class: "quiet empty-line" });
  const mine = el("button", { type: "button", class: "tab", "aria-pressed": "true" });
  const all = el("button", { type: "button", class: "tab", "aria-pressed": "false" });
  const list = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": _("Queue") }, table(body), empty);
  section.replaceChildren(
    el("div", { class: "line-top" }, title, el("div", { role: "group", "aria-label": _("Whom to show") }, mine, all, el("kbd", { "aria-hidden": "true" }, "M"))),
    list,
  );
  let shown = "mine";
  let last = null;
  mine.addEventListener("click", () => filter("mine"));
  all.addEventListener("click", () => filter("all"));

  function filter(wanted) {
    shown = wanted;
    mine.setAttribute("aria-pressed", String(shown === "mine"));
    all.setAttribute("aria-pressed", String(shown === "all"));
    if (last) draw(last);
  }

  /** @param {any} view DeskView */
  function draw(view) {
    last = view;
    const served = new Set(view.mine);
    const rows = view.waiting.filter((ticket) => shown === "all" || served.has(ticket.id));
    title.textContent = ngettext("%(n)s person in the queue", "%(n)s people in the queue", view.waiting.length);
    mine.textContent = _("For this desk: %(n)s", { n: view.mine.length });
    all.textContent = _("All: %(n)s", { n: view.waiting.length });
    body.replaceChildren(...rows.map((ticket) => row(ticket, served.has(ticket.id), categoryName)));
    empty.textContent = rows.length ? "" : _("Nobody is waiting.");
    list.firstChild.hidden = !rows.length;
    tick(view);
  }

  function tick(view) {
    for (const cell of body.querySelectorAll("[data-since]")) {
      const seconds = secondsSince(cell.dataset.since);
      const over = seconds > view.wait_limit_seconds;
      const text = over ? _("%(time)s, over the limit", { time: minutes(seconds) }) : minutes(seconds);
      if (cell.textContent !== text) cell.textContent = text;
      cell.classList.toggle("over", over);
    }
  }

  return { draw, tick, toggle: () => filter(shown === "mine" ? "all" : "mine") };
}

function table(body) {
  const heads = [_("Number"), _("Service"), _("Waiting"), _("Why here")];
  return el("table", {}, el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col" }, text)))), body);
}

function row(ticket, mine, categoryName) {
  const reason = REASONS[ticket.reason]?.() ?? ticket.reason ?? "";
  const sign = ticket.category ? `★ ${categoryName(ticket.category)}` : "";
  return el(
    "tr",
    { class: mine ? "" : "others" },
    el("th", { scope: "row", class: "number" }, ticket.number),
    el("td", {}, name(ticket.service_name), !mine && el("span", { class: "second" }, _("another desk"))),
    el("td", { class: "wait", "data-since": ticket.joined_at }),
    el("td", { class: "why" }, reason, sign && el("span", { class: "second sign" }, sign)),
  );
}
