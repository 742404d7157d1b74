// The first screen: "What do you need?" and the services, as many as fit, the rest on further pages.

import { el } from "/shared/draw.js";
import { _, name } from "/shared/words.js";
import { busyWords } from "./busy.js";
import { icon } from "./frame.js";
import { newTap } from "./kiosk_program.js";

const MOST = 8;

export function homeScreen(page) {
  const list = el("div", { class: "services" });
  const pager = el("nav", { class: "pager" });
  let perPage = MOST;
  let first = 0;
  let drawn = "";
  /** @type {Map<string, HTMLElement>} second lines by service */
  let hints = new Map();

  const services = () => page.state.office.services.filter((service) => service.state !== "hidden");
  /** What the buttons themselves depend on; the second lines change without drawing anew. */
  const facts = () => JSON.stringify(services().map(({ code, name: names, state }) => [code, names, state]));

  function button(service) {
    const open = service.state === "open";
    const hint = el("span", { class: "service-hint" }, open ? busyWords(service) : _("Not received now"));
    hints.set(service.code, hint);
    return el(
      "button",
      {
        class: "service",
        disabled: !open,
        "data-service": service.code,
        onclick: () => page.go("confirm", { service: service.code, tap: newTap() }),
      },
      el("span", { class: "service-words" }, el("span", { class: "service-name" }, name(service.name)), hint),
      open && icon("next"),
    );
  }

  function draw() {
    const all = services();
    if (first >= all.length) first = 0;
    hints = new Map();
    list.replaceChildren(...all.slice(first, first + perPage).map(button));
    list.classList.toggle("two-columns", all.length > 4);
    const pages = Math.ceil(all.length / perPage);
    pager.hidden = pages < 2;
    const turn = (by) => () => {
      first = Math.max(0, first + by * perPage);
      draw();
    };
    const last = first + perPage >= all.length;
    pager.replaceChildren(
      el("button", { disabled: first === 0, onclick: turn(-1) }, icon("back"), _("Back")),
      el("span", {}, _("Page %(n)s of %(m)s", { n: Math.floor(first / perPage) + 1, m: pages })),
      el("button", { disabled: last, onclick: turn(1) }, _("More services"), icon("next")),
    );
    drawn = facts();
  }

  /** Fewer buttons a page until nothing is cut: long names, larger text and small screens all fit. */
  function fit() {
    const main = list.parentElement;
    if (!main) return;
    first = 0;
    perPage = MOST;
    draw();
    while (perPage > 1 && main.scrollHeight > main.clientHeight + 1) {
      perPage -= 1;
      draw();
    }
  }

  return {
    elements: [el("h1", { tabindex: "-1" }, _("What do you need?")), list, pager],
    shown: fit,
    update() {
      if (drawn !== facts()) return fit();
      for (const service of services()) {
        const hint = hints.get(service.code);
        if (hint && service.state === "open") hint.textContent = busyWords(service);
      }
    },
  };
}
