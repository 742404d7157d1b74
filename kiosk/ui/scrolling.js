// Large buttons to go up and down a text that is longer than its place: nobody need know how to drag a page.

import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { icon } from "./frame.js";

/** How much of the place one press goes on: a line or two stay in sight. */
const STEP = 0.8;

/**
 * Draw the two buttons into `place`, which is hidden where everything fits.
 * @param {HTMLElement} place @param {HTMLElement} text what scrolls
 * @returns {() => void} call it when the text or its place changed
 */
export function scrollButtons(place, text) {
  const turn = (by) => () => {
    text.scrollTop += by * STEP * text.clientHeight;
    draw();
  };
  const up = el("button", { class: "second", onclick: turn(-1) });
  const down = el("button", { class: "second", onclick: turn(1) });
  place.replaceChildren(up, down);

  function draw() {
    up.replaceChildren(icon("up"), _("Up"));
    down.replaceChildren(icon("down"), _("Down"));
    place.hidden = true; // its own height must not make the text longer than its place
    place.hidden = text.scrollHeight <= text.clientHeight + 1;
    up.disabled = text.scrollTop <= 0;
    down.disabled = text.scrollTop + text.clientHeight >= text.scrollHeight - 1;
  }
  return draw;
}
