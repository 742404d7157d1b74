// When nobody touches the screen for a while: first a question, then back to the start for the next visitor.

import { el } from "/shared/draw.js";
import { _, ngettext } from "/shared/words.js";

/**
 * @param {object} options
 * @param {() => {idle: number, warning: number}} options.times seconds of quiet in all; the last ones with the question
 * @param {() => boolean} options.watched whether there is anything to go back from
 * @param {() => void} options.onIdle
 */
export function watchIdle({ times, watched, onIdle }) {
  const dialog = document.getElementById("idle");
  const text = el("p", {});
  let touched = performance.now();
  const touch = () => (touched = performance.now());
  for (const kind of ["pointerdown", "keydown", "wheel"]) addEventListener(kind, touch, { capture: true, passive: true });
  dialog.addEventListener("close", touch);

  function ask() {
    dialog.replaceChildren(
      el("h2", { id: "idle-title" }, _("Are you still here?")),
      text,
      el("button", { class: "primary act", onclick: () => dialog.close() }, _("Go on")),
    );
    dialog.showModal();
  }

  setInterval(() => {
    const { idle, warning } = times();
    const left = Math.ceil(idle - (performance.now() - touched) / 1000);
    if (!watched()) {
      if (dialog.open) dialog.close();
      touched = Math.max(touched, performance.now() - 500);
    } else if (left <= 0) {
      dialog.close();
      onIdle();
    } else if (left <= warning) {
      if (!dialog.open) ask();
      const words = ngettext(
        "The screen goes back to the start in %(n)s second",
        "The screen goes back to the start in %(n)s seconds",
        left,
      );
      if (text.textContent !== words) text.textContent = words;
    } else if (dialog.open) dialog.close();
  }, 250);
}
