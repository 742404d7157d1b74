// Draws the called rows: as many whole ones as find room, each in its own element; touches only what has changed.
import { el } from "/shared/draw.js";
import { spans } from "./board_words.js";
import { icon } from "./icons.js";

/**
 * @param {HTMLElement} list
 * @param {Awaited<ReturnType<typeof import("./board_words.js").loadBoardWords>>} words
 */
export function makeRows(list, words) {
  const elements = new Map();
  const drawn = new WeakMap();

  return {
    /**
     * Divide the list for at most `wanted` rows and say how many whole ones find room, at least one.
     * @param {number} wanted
     * @param {"one" | "two" | "half"} space a column, up to two of them where one is too short, half a screen
     */
    divide(wanted, space) {
      const style = getComputedStyle(list); // its least height is that of one whole row
      const [gap, least] = [parseFloat(style.rowGap), parseFloat(style.minHeight)];
      const fit = Math.max(1, Math.floor((list.parentElement.clientHeight + gap) / (least + gap)));
      const columns = space === "two" && wanted > fit ? 2 : 1;
      const rows = Math.min(wanted, fit * columns);
      list.classList.toggle("narrow", columns === 2 || space === "half");
      list.style.setProperty("--columns", String(columns));
      list.style.setProperty("--fit", String(Math.ceil(rows / columns)));
      return rows;
    },

    /** @param {any[]} rows newest first @param {import("./board_words.js").Tongue} tongue */
    draw(rows, tongue) {
      // Beside rows that say where to go, a plain arrow would say "to the right".
      const pointing = rows.some(({ direction }) => direction);
      const inOrder = rows.map((row) => {
        const known = elements.get(row.call_id);
        const element = known ?? el("li");
        element.className = row.fresh ? "fresh" : "";
        const facts = JSON.stringify([row, pointing, tongue]);
        if (drawn.get(element) !== facts) {
          drawn.set(element, facts);
          element.replaceChildren(...rowParts(row, pointing, words, tongue));
        }
        if (!known) markWhenPainted(element, row.call_id);
        return element;
      });
      elements.clear();
      for (const [index, row] of rows.entries()) elements.set(row.call_id, inOrder[index]);
      // Moving an element restarts its animation: leave the list alone while the order is the same.
      if (inOrder.length !== list.children.length || inOrder.some((element, i) => list.children[i] !== element)) {
        list.replaceChildren(...inOrder);
      }
    },
  };
}

function rowParts({ number, label, kind, direction, fresh }, pointing, words, tongue) {
  const sign = icon(direction ? "pointer" : pointing ? "dash" : "arrow");
  if (direction) sign.dataset.direction = direction;
  return [
    el("span", { class: "sign" }, fresh && icon("bell")),
    el("span", { class: "number ticket", dataset: { length: number.length } }, number),
    sign,
    el("span", { class: "kind" }, ...spans(words(tongue, kind))),
    el("span", { class: "number label", dataset: { length: label.length } }, label),
    direction && el("span", { class: "visually-hidden" }, ...spans(words(tongue, direction))),
  ].filter(Boolean);
}

/** `data-call-id` appears once the row has been painted: measurements wait for it. */
function markWhenPainted(element, callId) {
  requestAnimationFrame(() => setTimeout(() => (element.dataset.callId = callId)));
}
