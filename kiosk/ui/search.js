// Finding a service by typing a few letters, when there are many.

import { el } from "/shared/draw.js";
import { _, ngettext } from "/shared/words.js";
import { backButton } from "./buttons.js";
import { serviceTile } from "./home.js";
import { letterKeys, typed } from "./keyboard.js";
import { matching } from "./matching.js";
import { shownServices } from "./service_words.js";
import { tileList } from "./tiles.js";

const LONGEST = 40;

/** @param {{text: string}} details what was typed stays when the visitor comes back */
export function searchScreen(page, details) {
  const back = () => page.go("search", details);
  const found = () => matching(shownServices(page.state), details.text);
  const list = tileList(() => found().map((service) => serviceTile(page, service, back, true)));
  // inputmode: the tablet's own keyboard must not come; readonly: keys come from the page alone.
  const field = el("input", {
    class: "field",
    type: "text",
    inputmode: "none",
    readonly: true,
    tabindex: "-1",
    autocomplete: "off",
    "aria-label": _("Name of the service"),
    placeholder: _("Type the first letters"),
  });
  const count = el("p", { class: "found", role: "status" });

  function show() {
    field.value = details.text;
    const n = found().length;
    count.textContent = n
      ? ngettext("%(n)s service found", "%(n)s services found", n)
      : _("Nothing was found. Try other words, or call the administrator.");
    count.classList.toggle("visually-hidden", n > 0);
    list.fit();
  }

  function type(key) {
    if (key.length === 1 && (details.text.length >= LONGEST || (key === " " && !details.text))) return;
    details.text = typed(details.text, key);
    show();
  }

  return {
    elements: [
      el("h1", { tabindex: "-1" }, _("Find a service")),
      el("div", { class: "typing" }, field, backButton(page.home)),
      count,
      ...list.elements,
      letterKeys(page.language, type),
    ],
    shown: show,
    update: list.update,
    type,
  };
}
