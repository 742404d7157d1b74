// Buttons that a digit of a keypad presses too, and the way back.

import { el } from "/shared/draw.js";
import { _ } from "/shared/words.js";
import { icon } from "./frame.js";

/** @param {string} kind its classes @param {number} digit the key that presses it @param {() => void} onclick */
export function numbered(kind, digit, onclick, ...content) {
  return el(
    "button",
    { class: kind, "data-digit": digit, "aria-keyshortcuts": String(digit), onclick },
    ...content.filter(Boolean),
  );
}

/** The one primary button of a screen. */
export function mainButton(text, onclick) {
  return numbered("primary act", 1, onclick, text);
}

/** Back, also by zero on a keypad. @param {() => void} onclick */
export function backButton(onclick) {
  return numbered("second back", 0, onclick, icon("back"), _("Back"));
}

/** Everything in the screen rests while an answer is awaited; the pressed button says so. */
export function awaitAnswer(pressed) {
  const main = document.querySelector("main");
  main.setAttribute("aria-busy", "true");
  for (const button of main.querySelectorAll("button")) button.disabled = true;
  if (pressed.matches("button")) pressed.textContent = _("One moment…");
}

/** Whether an answer is awaited: nothing else may be begun. */
export function isAwaiting() {
  return document.querySelector("main").getAttribute("aria-busy") === "true";
}
