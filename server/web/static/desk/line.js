// The queue: who waits, in the order of calling, why each stands there, and the call out of turn.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { minutes, secondsSince } from "./durations.js";
import { rowList } from "./rows.js";
import { legWords, onlyFor, remarkLine, stepsWords, whyHere } from "./ticket_words.js";

/**
 * @param {object} options
 * @param {any} options.choices see `officeChoices`
 * @param {(instant: string) => string} options.timeHere
 * @param {(act: string, ticket: any) => void} options.onAct
 * @param {() => void} options.onSettled
 */
export function waitingList({ choices, timeHere, onAct, onSettled }) {
  const empty = el("p", { class: "quiet empty-line" });
  const mine = el("button", { type: "button", class: "filter", "aria-pressed": "true" });
  const all = el("button", { type: "button", class: "filter", "aria-pressed": "false" });
  const services = el("select", { class: "filter", "aria-label": _("Service"), "aria-keyshortcuts": "F" });
  const list = rowList({
    kind: "waiting",
    heads: [_("Number"), _("Service, why here"), _("Waiting")],
    actsHead: _("Acts"),
    row: (ticket, view) => row(ticket, view, { ...choices, timeHere }),
    acts: ["callOutOfTurn"],
    quiet: true,
    onAct,
    onSettled,
  });
  let shown = "mine";
  let service = "";
  let last = null;
  let drawn = "";
  mine.addEventListener("click", () => filter("mine"));
  all.addEventListener("click", () => filter("all"));
  services.addEventListener("change", () => {
    service = services.value;
    if (last) draw(...last);
  });
  services.addEventListener("keydown", (event) => {
    if (event.code !== "Escape" && event.code !== "Enter") return;
    event.preventDefault();
    if (!list.focus()) services.blur();
  });

  function filter(wanted) {
    shown = wanted;
    mine.setAttribute("aria-pressed", String(shown === "mine"));
    all.setAttribute("aria-pressed", String(shown === "all"));
    if (last) draw(...last);
  }

  // This desk's own visitors stand in this desk's own order; all, in the order of the office.
  function chosen(view) {
    const byId = new Map(view.waiting.map((ticket) => [ticket.id, ticket]));
    const tickets = shown === "all" ? view.waiting : view.mine.map((id) => byId.get(id)).filter(Boolean);
    return tickets.filter((ticket) => !service || ticket.service === service);
  }

  function drawServices(view) {
    const names = new Map(view.waiting.map((ticket) => [ticket.service, name(ticket.service_name)]));
    if (service && !names.has(service)) names.set(service, services.selectedOptions[0]?.dataset.name ?? service);
    const count = (code) => view.waiting.filter((ticket) => !code || ticket.service === code).length;
    const options = [["", _("All services")], ...names].map(([code, words]) => [code, words, count(code)]);
    if (JSON.stringify(options) === drawn) return;
    drawn = JSON.stringify(options);
    services.replaceChildren(...options.map(([code, words, n]) => el("option", { value: code, "data-name": words }, `${words} (${n})`)));
    services.value = service;
  }

  function draw(view, ready) {
    last = [view, ready];
    const tickets = chosen(view);
    mine.textContent = _("For this desk: %(n)s", { n: view.mine.length });
    all.textContent = _("All: %(n)s", { n: view.waiting.length });
    drawServices(view);
    empty.textContent = tickets.length ? "" : _("Nobody is waiting.");
    list.draw(view, tickets, ready);
    tick(view);
  }

  function tick() {
    for (const cell of list.element.querySelectorAll("[data-since]")) {
      const seconds = secondsSince(cell.dataset.since);
      const over = seconds > Number(cell.dataset.limit);
      const text = over ? "▲ " + _("%(time)s, over the limit", { time: minutes(seconds) }) : minutes(seconds);
      if (cell.textContent !== text) cell.textContent = text;
      cell.classList.toggle("over", over);
    }
  }

  const key = (sign) => el("kbd", { "aria-hidden": "true" }, sign);
  return {
    elements: [list.element, empty],
    tools: [el("div", { role: "group", "aria-label": _("Whom to show") }, mine, all, key("M"), services, key("F"))],
    draw,
    tick,
    focus: list.focus,
    toggle: () => filter(shown === "mine" ? "all" : "mine"),
    chooseService: () => services.focus(),
  };
}

function row(ticket, view, names) {
  const mine = view.mine.includes(ticket.id);
  const { deskName } = names;
  const then = ticket.then.length && _("then: %(services)s", { services: stepsWords(ticket, deskName) });
  const why = [
    whyHere(ticket, names),
    ticket.category && `★ ${names.categoryName(ticket.category)}`,
    legWords(ticket),
    then,
    !mine && (onlyFor(ticket, deskName) || _("another desk")),
  ];
  const next = view.mine[0] === ticket.id && el("span", { class: "chip next" }, _("next"));
  const second = el("span", { class: "second" }, next, next && " ", why.filter(Boolean).join(" · "));
  return {
    kind: mine ? "" : "others",
    cells: [
      el("td", {}, name(ticket.service_name), second, remarkLine(ticket)),
      el("td", { "data-since": ticket.waiting_since, "data-limit": ticket.wait_limit_seconds }),
    ],
  };
}
