// Large buttons in a list: as many as fit and never more than eight, the rest on further pages.

import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { numbered } from "./buttons.js";
import { icon, sign } from "./frame.js";

const MOST = 8;

/**
 * @typedef {object} Tile
 * @property {string} key names it in the page
 * @property {string} name
 * @property {string} [second] a second line
 * @property {string | null} [picture] name of a picture in icons/
 * @property {boolean} [resting] there is no ticket for it now; its second line says why
 * @property {() => void} onPress
 */

/**
 * A list of tiles that is drawn anew only when its buttons change; second lines change in place.
 * The element must stand in the page before `fit` is called.
 * @param {() => Tile[]} tiles asked at each drawing
 * @param {number} [least] where fewer fit on a page, the screen scrolls rather than turns
 */
export function tileList(tiles, least = 1) {
  const list = el("div", { class: "services" });
  const pager = el("nav", { class: "pager", "aria-label": _("Pages") });
  /** @type {number[]} where each page begins */
  let starts = [0];
  let pageNumber = 0;
  let drawn = "";
  /** @type {Map<string, HTMLElement>} */
  let seconds = new Map();

  const facts = (all) => JSON.stringify(all.map((tile) => [tile.key, tile.name, tile.picture, tile.resting]));

  function button(tile, index) {
    const second = el("span", { class: "service-hint" }, tile.second ?? "");
    second.hidden = !tile.second;
    seconds.set(tile.key, second);
    const made = numbered(
      tile.resting ? "service resting" : "service",
      index + 1,
      tile.onPress,
      tile.picture && sign(tile.picture),
      el("span", { class: "service-words" }, el("span", { class: "service-name" }, tile.name), second),
      icon("next"),
    );
    made.dataset.key = tile.key;
    return made;
  }

  function put(all, first, count) {
    seconds = new Map();
    list.replaceChildren(...all.slice(first, first + count).map(button));
    const columns = getComputedStyle(list).gridTemplateColumns.split(" ").length;
    list.style.setProperty("--rows", String(Math.ceil(count / columns)));
  }

  const overflows = () => {
    const main = list.closest("main");
    return Boolean(main) && (main.scrollHeight > main.clientHeight + 1 || main.scrollWidth > main.clientWidth + 1);
  };

  /** How many tiles from `first` on fit on one page. */
  function fitting(all, first) {
    const most = Math.min(MOST, all.length - first);
    let count = most;
    put(all, first, count);
    while (count > 1 && overflows()) put(all, first, (count -= 1));
    return count < least ? most : count;
  }

  function turn(by) {
    pageNumber += by;
    draw(tiles());
    (list.querySelector("button") ?? list).focus({ preventScroll: true });
  }

  function draw(all) {
    put(all, starts[pageNumber], (starts[pageNumber + 1] ?? all.length) - starts[pageNumber]);
    const last = starts.length - 1;
    const earlier = el("button", { disabled: pageNumber === 0, onclick: () => turn(-1) }, icon("back"), _("Earlier"));
    const more = numbered("", 9, () => turn(1), _("More"), icon("next"));
    more.disabled = pageNumber === last;
    const words = _("Page %(n)s of %(m)s", { n: pageNumber + 1, m: last + 1 });
    const place = el("span", { role: "img", "aria-label": words }, `${pageNumber + 1} / ${last + 1}`);
    pager.replaceChildren(earlier, place, more);
  }

  /** Part the tiles into pages so that nothing is cut: long names, larger text and small screens all fit. */
  function fit() {
    const all = tiles();
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const firstShown = list.querySelector("button")?.dataset.key;
    drawn = facts(all);
    list.classList.toggle("two-columns", all.length > 4);
    list.classList.toggle("few", all.length < 6);
    pager.hidden = true;
    starts = [0];
    if (fitting(all, 0) < all.length) {
      pager.hidden = false;
      draw(all);
      for (let next = fitting(all, 0); next < all.length; next += fitting(all, next)) starts.push(next);
    }
    // Stay on the page the visitor was looking at.
    const shown = all.findIndex((tile) => tile.key === firstShown);
    pageNumber = Math.max(0, starts.findLastIndex((start) => start <= Math.max(0, shown)));
    draw(all);
    if (focused) list.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  return {
    elements: [list, pager],
    fit,
    update() {
      const all = tiles();
      if (drawn !== facts(all)) return fit();
      for (const tile of all) {
        const second = seconds.get(tile.key);
        if (!second || second.textContent === (tile.second ?? "")) continue;
        second.textContent = tile.second ?? "";
        second.hidden = !tile.second;
      }
    },
  };
}
