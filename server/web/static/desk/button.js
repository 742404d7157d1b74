// A button of the console: its words, its key's sign, and rest instead of disabling.
import { el } from "/shared/draw.js";

/**
 * @param {string} kind its classes
 * @param {string} words
 * @param {string} sign the key as it is shown
 * @param {(event: Event) => void} onPress not called while the button rests
 */
export function actButton(kind, words, sign, onPress) {
  const made = el("button", { type: "button", class: kind }, el("span", {}, words), el("kbd", { "aria-hidden": "true" }, sign));
  made.addEventListener("click", (event) => rests(made) || onPress(event));
  return made;
}

/** Let a button work or rest: aria-disabled and not disabled, so that the focus stays where the operator left it. */
export function enable(button, on) {
  button.setAttribute("aria-disabled", String(!on));
}

/** Whether a press means nothing now. */
export function rests(button) {
  return button.getAttribute("aria-disabled") === "true";
}
