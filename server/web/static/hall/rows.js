// A list whose rows are walked by arrows: the row in hand stays in hand while the list changes around it.
import { el } from "/shared/draw.js";
import { chorded } from "./acts.js";

const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

/**
 * @param {object} options
 * @param {string} options.kind the table's class
 * @param {string} options.caption what the list is, for a screen reader
 * @param {(string|Node)[]} options.heads of the columns
 * @param {(item: any) => Node[]} options.cells of a row, the first one its heading
 * @param {(id: string) => void} [options.onChoose] a row was taken in hand
 * @param {(event: KeyboardEvent, id: string) => boolean} [options.onKey] a key at a row that is no step
 */
export function rowList({ kind, caption, heads, cells, onChoose, onKey }) {
  const body = el("tbody");
  const element = el(
    "table",
    { class: `rows ${kind}` },
    el("caption", { class: "visually-hidden" }, caption),
    el("thead", {}, el("tr", {}, heads.map((text) => el("th", { scope: "col" }, text)))),
    body,
  );
  /** @type {Map<string, {line: HTMLElement, facts: string}>} */
  let rows = new Map();
  let stop = null;
  element.addEventListener("focusin", ({ target }) => take(target));
  element.addEventListener("click", ({ target }) => take(target));
  element.addEventListener("keydown", onKeydown);

  function take(target) {
    const id = target.closest("tbody tr")?.dataset.id;
    if (!id) return;
    rove(id);
    onChoose?.(id);
  }

  /** @param {{id: string}[]} items */
  function draw(items) {
    const focused = document.activeElement;
    const held = body.contains(focused) ? focused.closest("tr").dataset.id : null;
    const onButton = focused?.tagName === "BUTTON";
    const before = [...rows.keys()];
    const next = new Map(items.map((item) => [item.id, kept(item)]));
    for (const [id, { line }] of rows) if (next.get(id)?.line !== line) line.remove();
    rows = next;
    let place = body.firstElementChild;
    for (const { line } of rows.values()) {
      if (line === place) place = place.nextElementSibling;
      else body.insertBefore(line, place);
    }
    element.hidden = !rows.size;
    rove(rows.has(stop) ? stop : (items[Math.min(Math.max(before.indexOf(stop), 0), items.length - 1)]?.id ?? null));
    if (!held || body.contains(document.activeElement)) return;
    // Who has left takes the focus to the list and never to the neighbour: the next key must not act on another.
    const line = rows.get(held)?.line;
    ((onButton && line?.querySelector("button:not([hidden])")) || line || element.closest("[tabindex]"))?.focus({ preventScroll: true });
  }

  function kept(item) {
    const made = cells(item);
    const facts = made.map((cell) => cell.outerHTML).join("");
    const old = rows.get(item.id);
    if (old?.facts === facts) return old;
    return { facts, line: el("tr", { "data-id": item.id, tabindex: "-1", "aria-current": old?.line.getAttribute("aria-current") }, made) };
  }

  function rove(id) {
    stop = id;
    for (const [key, { line }] of rows) line.tabIndex = key === id ? 0 : -1;
  }

  function onKeydown(event) {
    const id = event.target.closest("tbody tr")?.dataset.id;
    if (!id || chorded(event)) return;
    if (event.code in STEPS) {
      const ids = [...rows.keys()];
      focus(ids[Math.min(Math.max(ids.indexOf(id) + STEPS[event.code], 0), ids.length - 1)]);
    } else if (event.repeat || !onKey?.(event, id)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Go to a row, or to the one where the focus was last. @returns {boolean} false when there is no such row */
  function focus(id = stop) {
    const line = rows.get(id)?.line;
    line?.focus({ preventScroll: true });
    line?.scrollIntoView({ block: "nearest" });
    return Boolean(line);
  }

  return {
    element,
    draw,
    focus,
    /** Show which row is in hand. @param {string|null} id */
    mark(id) {
      for (const [key, { line }] of rows) {
        if (key === id) line.setAttribute("aria-current", "true");
        else line.removeAttribute("aria-current");
      }
    },
  };
}
