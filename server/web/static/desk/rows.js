// A list of visitors with acts on its rows: the focus stays with the visitor while the list changes around.
import { el } from "/shared/draw.js";
import { ACTS, allowedOnRow, chorded } from "./acts.js";
import { actButton, enable, rests } from "./button.js";
import { ticketNumber } from "./ticket_words.js";

/** When a row has moved, the acts on rows rest this long: the press was meant for another visitor. */
const REST_MS = 350;
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

/**
 * @param {object} options
 * @param {"waiting"|"held"|"missed"} options.kind
 * @param {string[]} options.heads of the columns
 * @param {string} options.actsHead of the column of acts
 * @param {(ticket: any, view: any) => {kind?: string, cells: Node[]}} options.row
 * @param {string[]} options.acts
 * @param {boolean} [options.quiet] acts are there only where they are allowed, and seen at the row in hand
 * @param {(act: string, ticket: any) => void} options.onAct
 * @param {() => void} options.onSettled the rows stand still again: draw anew
 */
export function rowList({ kind, heads, actsHead, row, acts, quiet = false, onAct, onSettled }) {
  const body = el("tbody");
  const columns = [...heads.map((text) => el("th", { scope: "col" }, text)), el("th", { scope: "col" }, el("span", { class: "visually-hidden" }, actsHead))];
  const element = el("table", { class: `rows ${kind}` }, el("thead", {}, el("tr", {}, columns)), body);
  let rows = new Map();
  let current = null;
  let restUntil = 0;
  element.addEventListener("focusin", ({ target }) => rove(target.closest("tr")?.dataset.id ?? current));
  element.addEventListener("keydown", onKey);

  /** @param {any} view DeskView @param {any[]} tickets @param {boolean} ready */
  function draw(view, tickets, ready) {
    const focused = document.activeElement?.closest?.("tr");
    const [held, act] = [body.contains(focused) ? focused.dataset.id : null, document.activeElement?.dataset?.act];
    const before = [...rows.keys()];
    const next = new Map(tickets.map((ticket) => [ticket.id, kept(ticket, view)]));
    if (before.some((id, index) => tickets[index]?.id !== id)) {
      restUntil = Date.now() + REST_MS;
      setTimeout(onSettled, REST_MS + 10);
    }
    for (const [id, { line }] of rows) if (next.get(id)?.line !== line) line.remove();
    rows = next;
    let place = body.firstElementChild;
    for (const { line } of rows.values()) {
      if (line === place) place = place.nextElementSibling;
      else body.insertBefore(line, place);
    }
    element.hidden = !rows.size;
    rest(view, ready);
    rove(rows.has(current) ? current : (tickets[Math.min(Math.max(before.indexOf(current), 0), tickets.length - 1)]?.id ?? null));
    if (held && !body.contains(document.activeElement)) refocus(held, act);
  }

  /** Let the acts work or rest. */
  function rest(view, ready) {
    for (const { ticket, buttons } of rows.values()) {
      for (const made of buttons) {
        const allowed = allowedOnRow(made.dataset.act, view, ticket);
        made.hidden = quiet && !allowed;
        enable(made, ready && allowed && Date.now() >= restUntil);
      }
    }
  }

  function kept(ticket, view) {
    const { kind: rowKind, cells } = row(ticket, view);
    const facts = JSON.stringify([ticket.number, rowKind, cells.map((cell) => cell.outerHTML)]);
    const old = rows.get(ticket.id);
    if (old?.facts === facts) return { ...old, ticket };
    const buttons = acts.map((act) => {
      const made = actButton("row-act", ACTS[act].words(), ACTS[act].sign, () => onAct(act, rows.get(ticket.id).ticket));
      made.dataset.act = act;
      made.firstChild.append(el("span", { class: "visually-hidden" }, ` ${ticketNumber(ticket)}`));
      return made;
    });
    const head = el("th", { scope: "row", class: ticket.ticketless ? "ticketless" : "number" }, ticketNumber(ticket));
    const line = el("tr", { class: rowKind, "data-id": ticket.id, tabindex: "-1" }, head, ...cells, el("td", { class: "row-acts" }, el("div", {}, buttons)));
    return { ticket, facts, line, buttons };
  }

  // A visitor who has left takes the focus to the list and never to the neighbour: the next key must not call another.
  function refocus(id, act) {
    const { line, buttons } = rows.get(id) ?? {};
    const button = buttons?.find((made) => made.dataset.act === act && !made.hidden);
    (button ?? line ?? element.closest("[role=tabpanel]"))?.focus({ preventScroll: true });
  }

  function rove(id) {
    current = id;
    for (const [key, { line }] of rows) line.tabIndex = key === id ? 0 : -1;
  }

  function onKey(event) {
    if (event.repeat && !(event.code in STEPS)) return;
    const id = event.target.closest("tr")?.dataset.id;
    if (!id || chorded(event)) return;
    if (event.code in STEPS) {
      event.preventDefault();
      step(STEPS[event.code]);
      return;
    }
    const onButton = event.target.closest("button");
    const code = event.code === "NumpadEnter" ? "Enter" : event.code;
    const wanted = rows.get(id)?.buttons.find((made) => ACTS[made.dataset.act].code === code && !made.hidden);
    if (!wanted || (code === "Enter" && onButton)) return;
    event.preventDefault();
    if (!rests(wanted)) wanted.click();
  }

  function step(by) {
    const ids = [...rows.keys()];
    const to = Math.min(Math.max(ids.indexOf(current) + by, 0), ids.length - 1);
    rows.get(ids[to])?.line.focus();
  }

  return {
    element,
    draw,
    rest,
    /** Go to the row where the operator was last. @returns {boolean} false when there are no rows */
    focus() {
      rows.get(current)?.line.focus();
      return rows.has(current);
    },
  };
}
