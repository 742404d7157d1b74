// The queue: who waits, in the order of calling, why each stands there, and the call out of turn.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { minutes, secondsSince } from "./durations.js";
import { rowList } from "./rows.js";

const REASONS = {
  arrival: () => _("in order of arrival"),
  out_of_turn: () => _("out of turn"),
  returned: () => _("was put aside, came back"),
};

/** @param {{categoryName: (code: string) => string, onAct: (act: string, ticket: any) => void, onSettled: () => void}} options */
export function waitingList({ categoryName, onAct, onSettled }) {
  const empty = el("p", { class: "quiet empty-line" });
  const mine = el("button", { type: "button", class: "filter", "aria-pressed": "true" });
  const all = el("button", { type: "button", class: "filter", "aria-pressed": "false" });
  const list = rowList({
    kind: "waiting",
    heads: [_("Number"), _("Service, why here"), _("Waiting")],
    actsHead: _("Acts"),
    row: (ticket, view) => row(ticket, view.mine.includes(ticket.id), categoryName),
    acts: ["callOutOfTurn"],
    quiet: true,
    onAct,
    onSettled,
  });
  let shown = "mine";
  let last = null;
  mine.addEventListener("click", () => filter("mine"));
  all.addEventListener("click", () => filter("all"));

  function filter(wanted) {
    shown = wanted;
    mine.setAttribute("aria-pressed", String(shown === "mine"));
    all.setAttribute("aria-pressed", String(shown === "all"));
    if (last) draw(...last);
  }

  function draw(view, ready) {
    last = [view, ready];
    const served = new Set(view.mine);
    const tickets = view.waiting.filter((ticket) => shown === "all" || served.has(ticket.id));
    mine.textContent = _("For this desk: %(n)s", { n: view.mine.length });
    all.textContent = _("All: %(n)s", { n: view.waiting.length });
    empty.textContent = tickets.length ? "" : _("Nobody is waiting.");
    list.draw(view, tickets, ready);
    tick(view);
  }

  function tick(view) {
    for (const cell of list.element.querySelectorAll("[data-since]")) {
      const seconds = secondsSince(cell.dataset.since);
      const over = seconds > view.wait_limit_seconds;
      const text = over ? _("%(time)s, over the limit", { time: minutes(seconds) }) : minutes(seconds);
      if (cell.textContent !== text) cell.textContent = text;
      cell.classList.toggle("over", over);
    }
  }

  return {
    elements: [list.element, empty],
    tools: [el("div", { role: "group", "aria-label": _("Whom to show") }, mine, all, el("kbd", { "aria-hidden": "true" }, "M"))],
    draw,
    tick,
    focus: list.focus,
    toggle: () => filter(shown === "mine" ? "all" : "mine"),
  };
}

function row(ticket, mine, categoryName) {
  const reason = REASONS[ticket.reason]?.() ?? ticket.reason ?? "";
  const why = [reason, ticket.category && `★ ${categoryName(ticket.category)}`, !mine && _("another desk")];
  return {
    kind: mine ? "" : "others",
    cells: [
      el("td", {}, name(ticket.service_name), el("span", { class: "second" }, why.filter(Boolean).join(" · "))),
      el("td", { "data-since": ticket.joined_at }),
    ],
  };
}
