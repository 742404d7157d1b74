// The left half: tabs for the lists, search by number, filter by service, and the visitor in hand below.
import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { listTabs } from "../desk/list_tabs.js";
import { ACTS_OF_LIST } from "./acts.js";
import { inHand } from "./in_hand.js";
import { tickList, visitorLists } from "./lists.js";

/**
 * @param {HTMLElement} section
 * @param {object} options
 * @param {{view: () => any, choices: () => any, categoryName: (code: string) => string, timeHere: (at: string) => string}} options.facts
 * @param {boolean} options.mayManage
 * @param {(act: string, ticket: any) => void} options.onAct
 */
export function visitorsPanel(section, { facts, mayManage, onAct }) {
  const lists = visitorLists(facts, { onChoose: choose, onKey });
  const hand = inHand({ facts, mayManage, onAct });
  const search = el("input", { type: "text", id: "search", "aria-keyshortcuts": "F", placeholder: _("Number"), "aria-label": _("Find a number"), autocomplete: "off" });
  const filter = el("select", { id: "filter", "aria-keyshortcuts": "S", "aria-label": _("Service") });
  const empty = el("p", { class: "quiet empty-line" });
  const tabs = listTabs(lists, { label: _("Lists of visitors"), elements: ({ list }) => [list.element, empty], onShow });
  const tools = el(
    "div",
    { class: "tools" },
    el("label", { class: "find-field" }, el("kbd", { "aria-hidden": "true" }, "F"), search),
    el("label", { class: "find-field" }, el("kbd", { "aria-hidden": "true" }, "S"), filter),
  );
  section.replaceChildren(el("div", { class: "head" }, tabs.bar, tools), tabs.panel, hand.element);
  let shown = null;
  let chosen = null;
  let ready = false;
  let options = "";
  tabs.show(lists[0]);

  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.code === "Escape" && search.value) search.value = "";
    else if (event.code === "Escape") tabs.panel.focus();
    else if (!["Enter", "NumpadEnter", "ArrowDown"].includes(event.code)) return;
    else shown.list.focus();
    event.preventDefault();
    draw();
  });
  filter.addEventListener("change", draw);

  function onShow(tab) {
    shown = tab;
    chosen = null;
    draw();
  }

  function choose(id) {
    if (chosen === id) return;
    chosen = id;
    drawHand();
  }

  function onKey(event, id) {
    if (["Enter", "NumpadEnter"].includes(event.code)) return hand.focus();
    return actByKey(event, id);
  }

  function actByKey(event, id) {
    const ticket = facts.view()[shown.code].find((one) => one.id === id);
    return Boolean(ticket) && hand.press(event.code, ticket);
  }

  function draw() {
    const view = facts.view();
    if (!view) return;
    drawFilter(view);
    tabs.count(view);
    const wanted = search.value.trim().toLocaleUpperCase();
    const tickets = view[shown.code].filter(
      (ticket) => (!filter.value || ticket.service === filter.value) && alike(ticket.number).includes(alike(wanted)),
    );
    empty.textContent = tickets.length ? "" : view[shown.code].length ? _("Nobody fits the search.") : shown.empty();
    shown.list.draw(tickets);
    if (!tickets.some((ticket) => ticket.id === chosen)) chosen = null;
    drawHand();
    tickList(tabs.panel);
  }

  function drawHand() {
    const ticket = facts.view()?.[shown.code].find((one) => one.id === chosen) ?? null;
    shown.list.mark(ticket?.id ?? null);
    hand.draw(ticket, ACTS_OF_LIST[shown.code], ready);
  }

  function drawFilter(view) {
    const now = JSON.stringify(view.services.map((service) => [service.code, name(service.name)]));
    if (now === options) return;
    options = now;
    const kept = filter.value;
    filter.replaceChildren(el("option", { value: "" }, _("All services")), ...view.services.map((one) => el("option", { value: one.code }, name(one.name))));
    filter.value = kept;
  }

  return {
    /** @param {boolean} mayAct false while a command is under way or contact is lost */
    draw(mayAct) {
      ready = mayAct;
      draw();
    },
    /** Move the times on without drawing anything anew. */
    tick: () => tickList(tabs.panel),
    /** A key of this half: 1, 2, 3 show a list, F and S find and filter, an act's key is for the visitor in hand. */
    press(event) {
      if (tabs.press(event)) return true;
      if (event.code === "KeyF") {
        search.focus();
        search.select();
      } else if (event.code === "KeyS") filter.focus();
      else return hand.element.contains(event.target) && actByKey(event, chosen);
      return true;
    },
    /** Go to a waiting visitor, or to the queue of a service, whatever was filtered. @param {{ticket?: string, service?: string}} where */
    go({ ticket, service = "" }) {
      search.value = "";
      filter.value = service;
      tabs.enter(lists[0], ticket);
    },
  };
}

// A Latin letter typed for the Cyrillic one that looks the same must find the ticket, and the other way round.
const TWINS = { А: "A", В: "B", Е: "E", К: "K", М: "M", Н: "H", О: "O", Р: "P", С: "C", Т: "T", У: "Y", Х: "X" };

function alike(text) {
  return [...text].map((letter) => TWINS[letter] ?? letter).join("");
}
